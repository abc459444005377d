"""Bad input: one error that lists every problem with place, what was found, what is expected and what to do."""

import re
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.errors import DataError, ManifestError, Problem
from geo.text import Text
from layers import BUILDINGS, ISSUES, open_workspace
from layers.problems import FAULTS as KINDS
from tests import samples
from tests.faults import FAULTS, NO_YEAR, Fault, changed, moved, twice, with_parent

CHINESE = re.compile(r"[\u3400-\u9fff]")


def told(problems: tuple[Problem, ...], fault: Fault) -> list[Problem]:
    return [
        p
        for p in problems
        if (p.code, p.row, p.severity) == (fault.code, fault.row, fault.severity)
        and p.file.endswith(fault.file)
        and (fault.column is None or p.column == fault.column)
        and fault.found in p.found.en
    ]


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_place_and_next_step(name: str, tmp_path: Path) -> None:
    fault = FAULTS[name]
    fault.break_at(tmp_path / "broken")
    with pytest.raises(DataError) as error:
        open_workspace(tmp_path / "broken")
    assert isinstance(error.value, ManifestError) == (fault.code == "manifest")
    found = told(error.value.problems, fault)
    assert len(found) == 1, error.value
    for one in error.value.problems:
        for words in (one.found, one.expected, one.remedy):
            assert words.zh
            assert words.en
            assert not CHINESE.search(words.en)
            assert CHINESE.search(words.zh) or words.zh == words.en or " " not in words.zh, "a phrase in English"
    for lang in ("zh", "en"):
        assert found[0].line(lang) in error.value.message.in_(lang)
    assert not (tmp_path / "broken" / ".cache" / "index.json").exists() or fault.severity == "row"


@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if fault.severity == "row"])
def test_bad_rows_can_be_set_aside_and_stay_known(name: str, tmp_path: Path) -> None:
    fault = FAULTS[name]
    fault.break_at(tmp_path / "broken")
    key = fault.file.partition(":")[2]
    whole = len(samples.tables()[key])
    for _ in range(2):  # read from the files, then from the stored copy
        ws = open_workspace(tmp_path / "broken", set_aside=True)
        assert len(told(ws.problems, fault)) == 1
        assert len(ws[key]) == (whole if fault.code == "duplicate_id" else whole - 1)
        assert (fault.row in ws[key].index) == (fault.code == "duplicate_id")
        with pytest.raises(DataError):
            open_workspace(tmp_path / "broken")


def test_a_fault_of_the_whole_cannot_be_set_aside(tmp_path: Path) -> None:
    FAULTS["orphan"].break_at(tmp_path / "broken")
    with pytest.raises(DataError):
        open_workspace(tmp_path / "broken", set_aside=True)


def everything_wrong(folder: Path) -> None:
    """Faults of the grid tree, of ids, values, geometries and of one layer's CRS at once."""
    buildings = twice(moved(NO_YEAR, "b4", None), "b1")
    changed(grids=with_parent("W1", "X"), buildings=buildings)(folder)
    samples.unclosed(folder, "buildings", "building_id", "b2")
    tables = ("gpkg_contents", "gpkg_geometry_columns")
    none = ((f"UPDATE {t} SET srs_id = 0 WHERE table_name = 'toilets'", ()) for t in tables)  # noqa: S608
    samples.patched(folder, *none)


def test_all_faults_are_listed_at_once_errors_first(tmp_path: Path) -> None:
    everything_wrong(tmp_path / "broken")
    with pytest.raises(DataError) as error:
        open_workspace(tmp_path / "broken")
    found = {(p.code, p.row) for p in error.value.problems if p.severity != "warning"}
    assert found == {
        ("grid_orphan", "W1"),
        ("no_crs", None),
        ("unreadable_geometry", "b2"),
        ("no_geometry", "b4"),
        ("duplicate_id", "b1"),
        ("bad_value", "b3"),
    }
    order = [["error", "row", "warning"].index(p.severity) for p in error.value.problems]
    assert order == sorted(order)


def test_one_bad_ring_does_not_lose_the_layer(folder: Path) -> None:
    samples.unclosed(folder, "buildings", "building_id", "b2")
    ws = open_workspace(folder, set_aside=True)
    assert list(ws[BUILDINGS].index) == ["b1", "b3", "b4", "b5"]
    assert list(ws.owner(BUILDINGS)) == ["W1", "W2", "W2", "E1"]


def test_an_issue_without_a_place_is_no_fault(folder: Path) -> None:
    ws = open_workspace(folder)
    assert "i11" in ws[ISSUES].index
    assert {p.severity for p in ws.problems} == {"warning"}


def test_an_empty_point_is_no_place(tmp_path: Path) -> None:
    issues = samples.issues()
    issues.loc["i01", "geometry"] = shapely.Point()
    samples.community(tmp_path, {"issues": issues})
    for _ in range(2):  # the second time from the copy
        ws = open_workspace(tmp_path)
        assert ws.place(ISSUES)["i01"] == "no_geometry"
        assert ws[ISSUES].geometry["i01"] is None


def test_many_bad_rows_are_counted(tmp_path: Path) -> None:
    one = samples.buildings().iloc[[0]].assign(storeys=-1.0)
    many = pd.concat([one.rename(index={"b1": f"x{n:02}"}) for n in range(25)])
    with pytest.raises(DataError) as error:
        open_workspace(samples.community(tmp_path / "many", {"buildings": many}))
    rows = [p for p in error.value.problems if p.code == "bad_value"]
    assert [p.row for p in rows] == [*(f"x{n:02}" for n in range(20)), None]
    assert rows[-1].found == Text("另有 5 行", "5 more rows")


def test_a_column_of_the_wrong_kind_and_a_bad_row_together(tmp_path: Path) -> None:
    """Everything that is wrong is told even when a whole column cannot be read as its type."""
    dates = NO_YEAR.assign(households=pd.to_datetime(["2024-01-01"] * 5))
    with pytest.raises(DataError) as error:
        open_workspace(samples.community(tmp_path / "x", {"buildings": dates}))
    assert {p.column for p in error.value.problems if p.code == "bad_value"} == {"storeys", "households"}


def test_unknown_layers_and_columns_do_not_hurt(folder: Path, tmp_path: Path) -> None:
    """A layer outside the catalogue is named and not used; a further column is kept."""
    more = samples.toilets().assign(paint="green")
    ws = open_workspace(samples.community(tmp_path / "more", {"toilets": more}))
    assert ws["toilets"]["paint"].tolist() == ["green"]
    gpd.GeoDataFrame(geometry=[samples.point(1, 1)], crs=samples.CRS).to_file(
        folder / "layers.gpkg", layer="ufos", driver="GPKG"
    )
    ws = open_workspace(folder)
    assert [p.found for p in ws.problems if p.code == "unknown_layer"] == [Text.same("ufos")]
    assert "ufos" not in ws


def test_every_kind_of_fault_has_words_in_both_languages() -> None:
    for code, kind in KINDS.items():
        assert kind.severity in {"error", "row", "warning"}, code
        assert all([kind.expected.zh, kind.expected.en, kind.remedy.zh, kind.remedy.en]), code


def test_text_and_a_wrong_number_in_one_column_lose_two_rows_not_all(tmp_path: Path) -> None:
    mixed = samples.buildings().assign(storeys=["six", "6", "-1", "5", None])
    folder = samples.community(tmp_path / "x", {"buildings": mixed})
    with pytest.raises(DataError) as error:
        open_workspace(folder)
    rows = [(p.row, p.found) for p in error.value.problems if p.code == "bad_value"]
    assert rows == [("b1", Text.same("six")), ("b3", Text.same("-1"))]
    assert open_workspace(folder, set_aside=True)[BUILDINGS]["storeys"].dropna().to_dict() == {"b2": 6.0, "b4": 5.0}
