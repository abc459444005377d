"""What the words of a cell mean: dates, amounts, years, codes, persons."""
