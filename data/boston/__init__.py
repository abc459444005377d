"""Boston, Massachusetts: a real ledger of service requests, buildings, green and population."""
