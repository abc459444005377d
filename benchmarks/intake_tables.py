"""Text tables and workbooks beside pandas: ratios of CPU seconds, rounds interleaved in one process, and memory.

python -m benchmarks.intake_tables [ROUNDS]

Both sides give the same table of text (CSV) or of typed cells (XLSX); ours has its limits and checks on.
Memory is the most that a fresh process holds above what it held before reading, over the table's own size.
"""

import random
import subprocess
import sys
import tempfile
from pathlib import Path

import openpyxl
import pandas as pd

from benchmarks.main_job import interleaved
from layers.intake.tables.delimited import read_delimited
from layers.intake.tables.sheets import read_sheets

CSV_ROWS, BOOK_ROWS = 1_000_000, 100_000
HEADING = [
    "编号",
    "问题类别",
    "问题描述",
    "地址",
    "大网格",
    "小网格",
    "上报时间",
    "状态",
    "经度",
    "纬度",
    "金额",
    "备注",
]
KINDS, STATES = ["道路破损", "下水道堵塞", "垃圾堆放", "路灯不亮"], ["已办结", "处理中"]


def ledger(rows: int) -> list[list[object]]:
    """Rows of an invented ledger."""
    pick = random.Random(1)  # noqa: S311 (no secret)
    return [
        [
            f"G{n:07d}", pick.choice(KINDS), f"{n % 17 + 1}号楼{n % 6 + 1}单元门口{pick.choice(KINDS)}{n}", f"幸福路{n % 300}号",
            pick.randrange(1, 18), pick.randrange(1, 99), f"2021-08-{n % 28 + 1:02d} {n % 24:02d}:15:00", pick.choice(STATES),
            round(pick.uniform(112.1, 112.2), 6), round(pick.uniform(32, 32.1), 6), pick.randrange(99999), pick.choice([None, "无"]),
        ]
        for n in range(rows)
    ]  # fmt: skip


def plain_csv(path: Path) -> pd.DataFrame:
    """Read text as text with pandas."""
    return pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""])


def plain_book(path: Path) -> pd.DataFrame:
    """Read a workbook with pandas and openpyxl."""
    return pd.read_excel(path, dtype=object, engine="openpyxl", keep_default_na=False, na_values=[""])


def most_held() -> int:
    """KB that this process has held at most; getrusage would count the process that started it too."""
    return next(int(line.split()[1]) for line in Path("/proc/self/status").open() if line.startswith("VmHWM"))


def memory(path: Path) -> tuple[float, float]:
    """Read once in this process: MB held at most above the start, and MB of the table itself."""
    small = path.with_name(f"small{path.suffix}")
    read = read_delimited if path.suffix == ".csv" else read_sheets
    read(small)  # what the libraries take by themselves
    before = most_held()
    found = read(path)
    after = most_held()
    table = (found if not isinstance(found, list) else found[0]).cells
    size = table.memory_usage(index=False, deep=True).sum()
    if isinstance(found, list):  # pandas counts the places of objects and their own size, not the list overhead
        size = sum(8 * len(table) + sum(map(sys.getsizeof, table[name])) for name in table)
    return (after - before) / 1024, size / 1e6


def make(folder: Path) -> tuple[Path, Path]:
    """Write the files: large ones, and small ones to warm up with."""
    for name, rows in (("large", CSV_ROWS), ("small", 10)):
        pd.DataFrame(ledger(rows), columns=HEADING).to_csv(folder / f"{name}.csv", index=False)
    for name, rows in (("large", BOOK_ROWS), ("small", 10)):
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("台账")
        for row in [HEADING, *ledger(rows)]:
            sheet.append(row)
        book.save(folder / f"{name}.xlsx")
    return folder / "large.csv", folder / "large.xlsx"


def main(rounds: int) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as name:
        text, book = make(Path(name))
        assert plain_csv(text).equals(read_delimited(text).cells)
        ours, theirs, ratio = interleaved(lambda: read_delimited(text), lambda: plain_csv(text), rounds)
        print(f"CSV {CSV_ROWS:,} rows: {ours:.2f} s, pandas {theirs:.2f} s, {ratio:.1f} times")
        ours, theirs, ratio = interleaved(lambda: read_sheets(book), lambda: plain_book(book), rounds)
        print(f"XLSX {BOOK_ROWS:,} rows: {ours:.2f} s, pandas with openpyxl {theirs:.2f} s, {ratio:.1f} times")
        for path in (text, book):
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.intake_tables", "--memory", str(path)],
                capture_output=True,
                text=True,
                check=True,
            )
            print(f"memory {path.suffix}: {done.stdout.strip()}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--memory"]:
        held, size = memory(Path(sys.argv[2]))
        print(f"{held:.0f} MB over a table of {size:.0f} MB, {held / size:.2f} times")
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 3)
