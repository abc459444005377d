"""Migrations: how the tables of the ledger came to be, step by step, for ledgers that older versions wrote."""

STEPS = ("0001", "0002")
"""The steps that this version knows, in order; a test holds them equal to the files in ``versions``."""
HEAD = STEPS[-1]
