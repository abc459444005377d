"""Each method of rasters has its page: question, formula, conventions, source, limits."""

from pathlib import Path

import pytest

PAGES = Path(__file__).resolve().parents[3] / "docs" / "methods"


@pytest.mark.parametrize("name", ["zonal-statistics", "slope", "ponding", "flow", "greenness", "surface-heat"])
def test_the_page_says_what_a_reader_asks(name: str) -> None:
    text = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    for part in ("**Question.**", "**Formula.**", "**Conventions.**", "**Source.**", "**Limits"):
        assert part in text
