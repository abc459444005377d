"""Migrations: how the tables of the ledger came to be, step by step, for ledgers that older versions wrote."""
