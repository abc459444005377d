"""Mutated files thrown at every reader: no exception but our own, no hang, no crash."""
