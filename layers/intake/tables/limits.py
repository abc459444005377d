"""How large a text table or a workbook may be; beyond it a file is refused with the limit named."""

MOST_BYTES = 512 * 1024 * 1024
"""Bytes of a text table."""
MOST_ROWS = 2_000_000
"""Rows of a text table, the heading too."""
MOST_COLUMNS = 200
"""Columns of any table."""
LONGEST_CELL = 100_000
"""Characters of one cell; a longer one costs its row."""
MOST_BROKEN_QUOTES = 10_000
"""Quotes without an end that are listed one by one; a file with more has none that can be trusted."""

MOST_BOOK_BYTES = 256 * 1024 * 1024
"""Bytes of a workbook as it lies on the disk, with its pictures."""
MOST_ENTRIES = 20_000
"""Parts that are packed in a workbook, each picture one."""
MOST_UNPACKED = 400 * 1024 * 1024
"""Bytes of all parts that are read, counted while unpacking."""
MOST_SMALL_PART = 32 * 1024 * 1024
"""Bytes of a part that is no sheet and no list of texts: styles, the list of sheets."""
MOST_SHEET_ROWS = 200_000
"""Number of the last row of a sheet that holds something."""
MOST_SHEETS = 200
"""Sheets of a workbook."""
MOST_CELLS = 6_000_000
"""Cells of the rectangle around all that a sheet holds: the reader keeps room for each."""
MOST_TEXT = 600 * 1024 * 1024
"""Bytes of all texts of a sheet: a text that is stored once may stand in every cell."""
MOST_MERGED = 200_000
"""Merged ranges of a sheet."""
