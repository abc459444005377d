"""Scenarios: what would be if assets, streets, grids, weights or money were others, and who gains and who loses by it."""
