"""The log: what happened, as events, and what follows from them."""
