"""Keeping: proof of every record, copies, and ledgers of several machines put together."""
