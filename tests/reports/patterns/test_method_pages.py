"""Every method has its page: question, formula, conventions, source, limits, and a case by hand."""

from pathlib import Path

import pytest

METHODS = Path(__file__).resolve().parents[3] / "docs" / "methods"
PAGES = (
    "classes", "contiguity", "dbscan", "emerging-hot-spots", "empirical-bayes", "exact-intervals", "false-discovery",
    "getis-ord", "kernel-density", "knox", "local-moran", "mann-kendall", "moran-geary",
)  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_page_is_whole_and_named_in_the_how_to(name: str) -> None:
    text = (METHODS / f"{name}.md").read_text(encoding="utf-8")
    assert text.startswith("# ")
    for part in (
        "**Question.**",
        "**中文小结**",
        "## Formula",
        "## Conventions",
        "## Source",
        "## Limits",
        "## By hand",
    ):
        assert part in text
    assert f"methods/{name}.md" in (METHODS.parent / "howto-hotspots.md").read_text(encoding="utf-8")
