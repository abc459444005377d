"""Addresses found among what the workspace knows."""
