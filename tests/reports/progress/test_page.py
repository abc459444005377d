"""The page on statistics names every figure in the words that the tables use."""

import re
from pathlib import Path

from reports.progress import RATES
from reports.progress.duration import TIME_TITLES
from reports.progress.marks import TITLES as COUNTS
from reports.progress.standing import STATUS_WORDS

PAGE = (Path(__file__).parents[3] / "docs" / "statistics.md").read_text(encoding="utf-8")


def test_every_figure_has_its_row() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", PAGE, re.MULTILINE))
    named = {**COUNTS, **{key: one.title for key, one in RATES.items()}}
    # "deferred" is a count and a standing; the later row of the page is the standing.
    named |= STATUS_WORDS
    assert rows == {key: f"{words.zh} {words.en}" for key, words in named.items()}
    assert f"| `deferred` | {COUNTS['deferred'].zh} {COUNTS['deferred'].en} |" in PAGE
    assert all(f"`{key}`" in PAGE for key in TIME_TITLES)
