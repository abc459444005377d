"""Text tables and workbooks: where the heading is, what is data, and every line accounted for."""
