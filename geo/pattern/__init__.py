"""Patterns that survive scrutiny: neighbours, rates of small numbers, hot spots, density, groups, trends.

Functions on arrays in metres; each result tells in ``meta`` how it was made (``geo.pattern.told``). Nothing here
knows what is counted.
"""
