"""The briefing: what it says, in which order, and the page that shows it without asking anybody."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from geo.errors import DataError
from geo.text import Text
from layers import Workspace, open_workspace
from reports import Report, brief, explain, rank, save
from reports.document import Bars, Facts, Paragraph, Section, Table
from reports.render import html
from tests import samples
from tests.faults import FAULTS
from tests.reports.test_priority import THREE, ranked
from tests.samples import community

ATTACK = "<script>alert(1)</script>{{ 7 * 7 }}<img src=x onerror=alert(2)>"


class Page(HTMLParser):
    """Tags and visible text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not any(name.startswith("on") for name, _ in attrs), attrs
        if tag not in {"meta", "br", "link", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in {"style", "script"}:
            self.text += data


def blocks(report: Report, kind: type) -> list:
    return [b for section in report.sections for b in section.blocks if isinstance(b, kind)]


def section(report: Report, title: str) -> Section:
    return next(s for s in report.sections if s.title.en == title)


def test_the_dangerous_comes_before_the_ranking(sample: Workspace) -> None:
    report = brief(sample, ranked(sample))
    titles = [s.title.en for s in report.sections]
    assert titles == [
        "Situation", "Immediate list", "Priorities", "Why", "Definitions and method", "Doubts in the data",
    ]  # fmt: skip
    assert (report.title.zh, report.as_of) == ("样例社区改造优先级简报", samples.AS_OF)


def test_it_says_what_was_worked_out(sample: Workspace) -> None:
    ranking = ranked(sample)
    report = brief(sample, ranking)
    facts = {f.title.en: f.value for one in blocks(report, Facts) for f in one.items}
    assert facts == {
        "large grid, small grid": "2 / 4", "issues reported": "12", "open": "9", "overdue": "2",
        "open without a deadline": "1",
    }  # fmt: skip
    said = [p.text for p in section(report, "Priorities").blocks if isinstance(p, Paragraph)]
    assert said == [explain(ranking, i).sentence for i in ("E2", "W1", "E1", "W2")]
    (bars,) = blocks(report, Bars)
    assert bars.labels == ("NE", "SW", "SE", "NW")
    assert bars.parts.sum(axis=1).tolist() == pytest.approx(ranking.ordered()["score"].tolist())
    table = next(t for t in section(report, "Priorities").blocks if isinstance(t, Table))
    assert table.frame["rank"].tolist() == [1, 2, 3, 4]
    why = section(report, "Why")
    assert [t.caption.en for t in why.blocks if isinstance(t, Table)] == ["NE", "SW", "SE", "NW"]
    doubts = next(t for t in section(report, "Doubts in the data").blocks if isinstance(t, Table))
    assert len(doubts.frame) == len(sample.problems)


def test_every_table_has_the_columns_that_it_shows(sample: Workspace) -> None:
    for table in blocks(brief(sample, ranked(sample)), Table):
        for column in table.columns:
            for lang in ("zh", "en"):
                key = column.key.in_(lang) if isinstance(column.key, Text) else column.key
                assert key in table.frame.columns, (table.caption, key)
        assert table.source.zh


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_shows_all_of_it(lang: str, sample: Workspace, tmp_path: Path) -> None:
    ranking = ranked(sample)
    report = brief(sample, ranking)
    save(report, tmp_path / "a" / "briefing.html", lang=lang)
    page = Page((tmp_path / "a" / "briefing.html").read_text("utf-8"))
    assert page.open == []
    for wanted in [report.title, report.footer, *(s.title for s in report.sections)]:
        assert wanted.in_(lang) in page.text
    for paragraph in blocks(report, Paragraph):
        assert paragraph.text.in_(lang) in page.text
    assert page.tags.count("table") == len(blocks(report, Table))
    assert page.tags.count("section") == len(report.sections)
    assert not {"script", "iframe", "form", "link"} & set(page.tags)
    save(brief(sample, ranking), tmp_path / "b.html", lang=lang)
    assert (tmp_path / "b.html").read_bytes() == (tmp_path / "a" / "briefing.html").read_bytes()


def test_no_number_is_shown_for_what_is_unknown(sample: Workspace) -> None:
    page = Page(html(brief(sample, ranked(sample)), lang="en"))
    assert not re.search(r"\b(nan|NaN|None|NaT|<NA>|inf)\b", page.text)


def test_words_of_residents_stay_words(tmp_path: Path) -> None:
    grids = samples.grids()
    grids.loc["W1", "name"] = ATTACK
    buildings = samples.buildings().rename(index={"b2": ATTACK})
    issues = samples.issues()
    issues.loc["i07", ["issue_type", "source_type"]] = [None, ATTACK]
    ws = open_workspace(community(tmp_path / "x", {"grids": grids, "buildings": buildings, "issues": issues}))
    page = Page(html(brief(ws, ranked(ws)), lang="zh"))
    assert page.text.count(ATTACK) >= 4
    assert not {"script", "img"} & set(page.tags)


def test_a_community_without_issues_still_has_a_briefing(tmp_path: Path) -> None:
    ws = open_workspace(community(tmp_path / "x", {"issues": None}))
    report = brief(ws, ranked(ws, draws=5))
    assert any("no issues layer" in p.text.en for p in blocks(report, Paragraph))
    only = {"issues": None, "buildings": None, "toilets": None, "parks": None}
    ws = open_workspace(community(tmp_path / "y", only))
    page = Page(html(brief(ws), lang="en"))
    assert "There are none at present." in page.text
    assert "None were found." in page.text


def test_rows_set_aside_are_told_as_doubts_and_break_nothing(tmp_path: Path) -> None:
    FAULTS["unknown issue type"].break_at(tmp_path / "x")
    ws = open_workspace(tmp_path / "x", set_aside=True)
    page = Page(html(brief(ws, ranked(ws)), lang="en"))
    assert "MANHOLES" in page.text


def test_the_level_that_was_ranked_is_the_level_of_the_briefing(huolong: Workspace) -> None:
    report = brief(huolong, rank(huolong, level=1, draws=5))
    assert "large grid" in report.subtitle.en
    assert "synthetic" in report.subtitle.en
    assert len(blocks(report, Bars)[0].labels) == 6


def test_other_endings_are_refused(sample: Workspace, tmp_path: Path) -> None:
    report = brief(sample, ranked(sample, THREE, draws=5))
    for name in ("a.docx", "a"):
        with pytest.raises(DataError) as error:
            save(report, tmp_path / name)
        assert ".html" in error.value.problems[0].expected.en
    assert list(tmp_path.iterdir()) == []
