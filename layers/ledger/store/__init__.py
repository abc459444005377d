"""The store: events in a database, opened, written in turn, read a page at a time."""
