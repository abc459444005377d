"""Huolong: a synthetic old community that reproduces published figures to the digit."""
