"""Who is served and what is missing: coverage, and supply against demand."""
