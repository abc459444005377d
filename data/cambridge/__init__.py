"""Cambridge, Massachusetts: real parks, parking, murals, lights and facilities; no issue ledger."""
