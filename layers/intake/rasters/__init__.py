"""A GeoTIFF becomes a raster of the workspace: looked at, placed, stored with its values unchanged, undone."""
