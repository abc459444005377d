"""Timing: working time, deadlines of stages, and how often somebody may ask."""
