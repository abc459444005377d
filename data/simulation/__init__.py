"""A simulated month of work on the issues of a community: made-up persons, made-up acts, true rules."""
