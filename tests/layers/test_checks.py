"""Doubts that do not stop the work: dates, references, slivers, places outside."""

from pathlib import Path

import pandas as pd
import pytest

from geo.errors import DataError, Problem
from geo.text import Text
from layers import Level, Workspace, open_workspace
from tests import samples
from tests.faults import NO_YEAR, moved
from tests.samples import box, community, point


def only(ws: Workspace, code: str) -> Problem:
    found = [p for p in ws.problems if p.code == code]
    assert len(found) == 1, ws.problems
    return found[0]


def test_the_sample_has_three_doubts(sample: Workspace) -> None:
    assert [p.code for p in sample.problems] == ["reported_in_future", "unmapped_type", "outside"]
    assert only(sample, "reported_in_future").found == Text("1 行：i06", "1 row: i06")
    assert only(sample, "unmapped_type").found == Text(
        "1 行，1 类：Something else 1 行", "1 row of 1 type: Something else (1)"
    )
    assert only(sample, "outside").found == Text("1 行，共 13 行", "1 row of 13")
    assert [p.row for p in sample.problems] == [None] * 3


def test_closed_before_reported(tmp_path: Path) -> None:
    table = samples.issues()
    table.loc["i01", "closed_at"] = pd.Timestamp("2024-04-30")
    ws = open_workspace(community(tmp_path / "x", {"issues": table}))
    assert only(ws, "closed_before_reported").found == Text("1 行：i01", "1 row: i01")


def test_a_sliver_is_a_doubt_and_a_dispute_is_an_error(tmp_path: Path) -> None:
    sliver = moved(samples.grids(), "E1", box(99.99, 0, 100.01, 100))
    ws = open_workspace(community(tmp_path / "x", {"grids": sliver}))
    assert only(ws, "grid_sliver").row == "E1 / W1"
    assert only(ws, "grid_sliver").found == Text("重叠 1.00 m²", "an overlap of 1.00 m²")


def test_a_gap_is_a_doubt(tmp_path: Path) -> None:
    gap = moved(samples.grids(), "E1", box(100.05, 0, 99.95, 100))
    ws = open_workspace(community(tmp_path / "x", {"grids": gap}))
    assert ("E1 / W1", "a gap of 5.00 m²") in {(p.row, p.found.en) for p in ws.problems if p.code == "grid_sliver"}


def test_levels_that_do_not_nest_say_so_once(tmp_path: Path) -> None:
    levels = (Level(level=1, zh="区", en="ward"), Level(level=2, zh="片", en="tract", nests=False))
    table = moved(samples.grids(), "W", box(0, 0, 110, 200))
    table = moved(table, "E", box(110, 0, 90, 200))
    ws = open_workspace(community(tmp_path / "x", {"grids": table}, levels=levels))
    said = only(ws, "levels_do_not_nest")
    assert (said.severity, said.row) == ("warning", None)
    assert said.found.en == (
        "2 of the 4 grids of level 2 cross a border of the level above; "
        "the part in the best parent is 95.0% on average and 90.0% at least"
    )
    assert said.found.zh.startswith("第 2 级 4 个网格中有 2 个跨越上级边界")
    assert not ws.nests(1)
    assert ws.nests(2)


def test_a_duty_for_a_thing_that_is_not_there(tmp_path: Path) -> None:
    ids = pd.Index(["d1", "d2", "d3"], name="duty_id", dtype="str")
    rows = {
        "person_id": "p1",
        "role": "grid_officer",
        "layer": ["grids", "grids", "lights"],
        "thing_id": ["W1", "W9", "l1"],
    }
    ws = open_workspace(community(tmp_path / "x", {"duties": pd.DataFrame(rows, index=ids)}))
    assert {(p.row, p.found.en) for p in ws.problems if p.code == "unknown_reference"} == {
        ("d2", "grids W9"),
        ("d3", "lights l1"),
    }


def test_a_duty_for_a_row_that_was_set_aside_is_no_second_fault(tmp_path: Path) -> None:
    ids = pd.Index(["d1", "d2"], name="duty_id", dtype="str")
    rows = {"person_id": "p1", "role": "building_chief", "layer": ["buildings", "grids"], "thing_id": ["b3", "W9"]}
    changed = {"duties": pd.DataFrame(rows, index=ids), "buildings": NO_YEAR}
    ws = open_workspace(community(tmp_path / "x", changed), set_aside=True)
    assert [(p.code, p.row) for p in ws.problems if p.severity == "row"] == [("bad_value", "b3")]
    assert only(ws, "unknown_reference").row == "d2"


@pytest.mark.parametrize(("types", "more"), [(8, None), (49, "41")])
def test_many_types_without_a_match_are_counted(types: int, more: str | None, tmp_path: Path) -> None:
    one = samples.issues().loc[["i10"]]
    table = pd.concat([one.rename(index={"i10": f"n{n:02}"}).assign(source_type=f"T{n:02}") for n in range(types)])
    found = only(open_workspace(community(tmp_path / "x", {"issues": table})), "unmapped_type").found
    assert found.en.startswith(f"{types} rows of {types} types: T00 (1), T01 (1)")
    assert found.zh.startswith(f"{types} 行，{types} 类：T00 1 行、T01 1 行")
    assert found.en.endswith(f"and {more} more" if more else "and T07 (1)")
    assert found.zh.endswith(f"另有 {more} 类" if more else "T07 1 行")


def test_counted_rows_name_the_first_and_no_row(tmp_path: Path) -> None:
    table = samples.issues().assign(reported_at=pd.Timestamp("2025-01-01"), closed_at=pd.NaT, due_at=pd.NaT)
    said = only(open_workspace(community(tmp_path / "x", {"issues": table})), "reported_in_future")
    assert said.row is None
    assert said.found == Text("13 行：i01、i02、i03 等", "13 rows: i01, i02, i03, …")


def test_levels_with_different_counts_outside_are_named(tmp_path: Path) -> None:
    levels = (Level(level=1, zh="区", en="ward"), Level(level=2, zh="片", en="tract", nests=False))
    table = samples.grids().drop(index="E1")
    said = only(
        open_workspace(community(tmp_path / "x", {"grids": table, "buildings": None}, levels=levels)), "outside"
    )
    assert said.found.en == "1 row at level 1 and 3 rows at level 2, of 13 in all"
    assert said.found.zh == "第 1 级 1 行、第 2 级 3 行，共 13 行"


def test_a_file_that_is_no_standard_is_a_doubt(folder: Path) -> None:
    own = folder / "standards"
    own.mkdir()
    for name in ("polcy.csv", "policy.txt", "criteria.toml", "README.md", ".hidden"):
        (own / name).write_text("", "utf-8")
    (own / "porto_types.csv").write_text("source_type,valid_from,issue_type\nBuraco,,ROAD_PATCH\n", "utf-8")
    said = [p for p in open_workspace(folder).problems if p.code == "unknown_standard"]
    assert [(p.file, p.severity) for p in said] == [
        ("standards/polcy.csv", "warning"),
        ("standards/policy.txt", "warning"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "column"),
    [
        ("deadlines", "type,stage,limit\nGAS,reply,soon\n", "limit"),
        ("porto_types", "source_type,valid_from,issue_type\nBuraco,,HOLE\n", "issue_type"),
    ],
)
def test_a_table_of_its_own_is_read_whether_used_or_not(name: str, text: str, column: str, folder: Path) -> None:
    (folder / "standards").mkdir()
    (folder / "standards" / f"{name}.csv").write_text(text, "utf-8")
    with pytest.raises(DataError) as error:
        open_workspace(folder)
    (found,) = [p for p in error.value.problems if p.column == column]
    assert (found.severity, found.file) == ("error", f"standards/{name}.csv")


def test_a_fault_of_the_types_is_told_once(folder: Path) -> None:
    (folder / "standards").mkdir()
    (folder / "standards" / "issue_types.csv").write_text("code,severity\nGAS,9\n", "utf-8")
    (folder / "standards" / "deadlines.csv").write_text("type,stage\n", "utf-8")
    with pytest.raises(DataError) as error:
        open_workspace(folder)
    assert [p.column for p in error.value.problems if p.severity == "error"] == ["severity"]


def many_at_one_point(rows: int, elsewhere: int) -> pd.DataFrame:
    one = samples.issues().iloc[[0]]
    table = pd.concat([one.rename(index={"i01": f"n{n:03}"}) for n in range(rows + elsewhere)])
    spots = [point(55, 55)] * rows + [point(n % 97 + 0.5, n % 89 + 0.5) for n in range(elsewhere)]
    return table.set_geometry(spots, crs=samples.CRS)


@pytest.mark.parametrize(("rows", "found"), [(49, False), (50, True)])
def test_a_default_point_is_named_and_kept_out_of_the_grids(rows: int, found: bool, tmp_path: Path) -> None:  # noqa: FBT001
    ws = open_workspace(community(tmp_path / "x", {"issues": many_at_one_point(rows, 10)}))
    places = ws.place("issues").value_counts()
    assert places.get("default_point", 0) == (rows if found else 0)
    assert ws.owner("issues").notna().sum() == (10 if found else 59)
    if found:
        assert (
            only(ws, "default_point").found.en
            == f"50 rows of 60 (83.3%) at ({point(55, 55).x:.1f}, {point(55, 55).y:.1f})"
        )
        assert only(ws, "default_point").row is None
