"""Headline numbers and small tables agree with the workspace."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from geo.errors import Problem
from geo.text import Text
from layers import ISSUES, Workspace, open_workspace
from reports.overview_table import grid_facts, headline, layer_table, type_bars
from reports.problem_table import SEVERITY_WORDS, TITLES, problem_table, severities, with_names


@pytest.fixture(scope="module", params=["huolong", "boston", "cambridge"])
def ws(request: pytest.FixtureRequest, workspaces: Mapping[str, Path]) -> Workspace:
    return open_workspace(workspaces[request.param])


def test_headline_starts_with_the_grids_of_each_level(ws: Workspace) -> None:
    facts = headline(ws)
    assert facts[0].value == " / ".join(f"{len(ws.grids(level)):,}" for level in ws.levels)
    assert len(facts) == 5
    reported = {fact.title.en: fact.value for fact in facts}.get("Issues reported")
    assert reported == (f"{len(ws[ISSUES]):,}" if ISSUES in ws else None)


def test_layers_are_counted(ws: Workspace) -> None:
    table = layer_table(ws, "en").set_index("title")
    assert table.loc["Grids", "rows"] == sum(len(ws.grids(level)) for level in ws.levels)
    assert (table["outside"] <= table["rows"]).all()


def test_bars_of_a_type_add_up(ws: Workspace) -> None:
    if ISSUES not in ws:
        return
    bars = type_bars(ws, "zh", most=5)
    sums = bars.groupby("type")["issues"].sum()
    assert (sums == bars.groupby("type")["total"].first()).all()
    assert (bars["issues"] >= 0).all()


def test_facts_of_a_grid_have_titles_in_the_language(ws: Workspace) -> None:
    grid_id = str(ws.grids().index[0])
    zh, en = (grid_facts(ws, grid_id, ws.finest, lang) for lang in ("zh", "en"))
    assert list(zh.values()) == list(en.values())
    assert set(zh) != set(en)


def test_problems_keep_their_remedies() -> None:
    problems = [
        Problem(
            "c", severity, "f", None, "col", Text("<b>项</b>", "<b>x</b>"), Text("应", "should"), Text("改", "mend")
        )
        for severity in SEVERITY_WORDS
    ]
    table = problem_table(problems, "en")
    assert list(table.columns) == list(TITLES)
    assert list(table["found"]) == ["<b>x</b>"] * 3
    assert list(table["remedy"]) == ["mend"] * 3
    assert list(problem_table(problems, "zh")["found"]) == ["<b>项</b>"] * 3
    assert severities(problems) == dict.fromkeys(SEVERITY_WORDS, 1)
    assert problem_table([], "zh").empty


def test_rows_with_a_name_show_it_beside_their_id(sample: Workspace) -> None:
    def problem(file: str, row: str | None) -> Problem:
        return Problem("c", "warning", file, row, None, Text("项", "x"), Text("应", "should"), Text("改", "mend"))

    grids = sample.grids()
    one, other = grids.index[:2]
    grid = "layers.gpkg:grids"
    given = [problem(grid, one), problem(grid, f"{one} / {other}"), problem(grid, "gone"), problem(grid, None)]
    given += [problem("rasters/a.tif", one), problem("layers.gpkg:issues", str(sample[ISSUES].index[0]))]
    rows = [told.row for told in with_names(given, sample)]
    first = f"{one} {grids['name'][one]}"
    assert rows[:4] == [first, f"{first} / {other} {grids['name'][other]}", "gone", None]
    assert rows[4:] == [told.row for told in given[4:]]
    assert problem_table(with_names(given[:1], sample), "zh")["row"].tolist() == [first]
