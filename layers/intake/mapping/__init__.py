"""Which heading of a file is which column of a layer."""
