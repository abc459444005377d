"""Rows that were not taken in, given back as the user's own file."""
