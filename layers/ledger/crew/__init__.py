"""The crew: people, their duties and their accounts, as the ledger keeps them."""
