"""The certificate has its page, and the how-to leads to it."""

from pathlib import Path

DOCS = Path(__file__).resolve().parents[3] / "docs"


def test_page_is_whole_and_named_in_the_how_to() -> None:
    text = (DOCS / "methods" / "rank-robustness.md").read_text(encoding="utf-8")
    for part in ("**Question.**", "中文小结", "## Doubtful data", "## By hand", "## Limits", "**Source.**"):
        assert part in text
    assert "methods/rank-robustness.md" in (DOCS / "howto-priorities.md").read_text(encoding="utf-8")
