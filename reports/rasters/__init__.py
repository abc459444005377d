"""Rasters of a workspace: what each holds, what it says of every grid, terrain against water issues, pictures for the map."""
