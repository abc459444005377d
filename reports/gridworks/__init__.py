"""The workshop of grids."""
