"""Lanes and streets as lines: corridors kept free, dead ends, gaps, segments; pure functions in metres."""
