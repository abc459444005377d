"""Acting: what a person may do to an issue, by rules that are tables, and the event that it makes."""
