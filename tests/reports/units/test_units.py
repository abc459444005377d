"""The same ranking for estates, buildings, streets and any polygons: located by hand, what makes no sense left out."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.errors import DataError
from layers import Workspace, open_workspace
from reports import explain, rank
from reports.criteria import Criteria, Criterion
from reports.units import rank_units, unit_choices, units_of
from tests.samples import X0, Y0, box, community, frame, tables
from tests.test_cli import Run, document, run  # noqa: F401 (the fixture)

THREE = Criteria(
    (
        Criterion("severity_per_100_households", 1, 0, 60),
        Criterion("open_issues_per_ha", 1, 0, 10),
        Criterion("old_building_share_pct", 1, 0, 100),
    )
)


def estates() -> gpd.GeoDataFrame:
    """One estate in the south west with all its houses on record, one in the east without."""
    rows = {"name": ["南院", None], "households": [100, None]}
    return frame(rows, ["e1", "e2"], "estate_id", [box(0, 0, 100, 90), box(105, 0, 90, 90)])


def streets() -> gpd.GeoDataFrame:
    rows = {"name": ["南街", "北街", "铁路"], "kind": ["street", "street", "railway"], "walkable": [True, None, None]}
    shapes = [
        shapely.LineString([(X0 + a, Y0 + y), (X0 + b, Y0 + y)])
        for a, b, y in ((0, 200, 25), (0, 200, 150), (0, 200, 75))
    ]
    return frame(rows, ["s1", "s2", "s3"], "street_id", shapes)


@pytest.fixture
def town(tmp_path: Path) -> Workspace:
    return open_workspace(community(tmp_path / "town", {"housing_estates": estates(), "streets": streets()}))


def test_grids_as_a_layer_of_areas_give_the_grids_ranking(tmp_path: Path) -> None:
    """The same polygons by another door: every measure that is asked has the same value."""
    grids = tables()["grids"]
    small = grids[grids["level"] == 2]
    path = tmp_path / "grids.geojson"
    small.reset_index()[["grid_id", "name", "households", "geometry"]].rename(columns={"grid_id": "id"}).to_file(path)
    ws = open_workspace(community(tmp_path / "x"))
    found = rank_units(ws, path, criteria=THREE, draws=20)
    base = rank(ws, criteria=THREE, draws=20)
    assert found.units.kind == "areas"
    moved = {"open_issues_per_ha", "severity_per_100_households"}  # a reach of 10 m takes nobody from its grid
    for key in moved | {"old_building_share_pct"}:
        one, other = (r.measures.by_key[key].by_grid for r in (found.ranking, base))
        assert one.tolist() == pytest.approx(other.tolist(), rel=1e-4, nan_ok=True), key
    assert found.ranking.grids["rank"].tolist() == base.grids["rank"].tolist()


def test_estates_by_hand(town: Workspace) -> None:
    found = rank_units(town, "estates", criteria=THREE, draws=20)
    assert found.ranking.grids["name"].to_dict() == {"e1": "南院", "e2": "e2"}
    open_ha = found.ranking.measures.by_key["open_issues_per_ha"]
    # e1 has i03 i04 i05 on 0.9 ha; e2 has i07, i12 (closed later) and, 10 m north of it, i09
    assert open_ha.by_grid.to_dict() == pytest.approx({"e1": 3 / 0.9, "e2": 3 / 0.81})
    assert open_ha.denominator.en == "area of the unit"
    assert found.left_out == {}
    homes = found.ranking.measures.households
    assert homes["e1"] == 100
    assert np.isnan(homes["e2"])  # its own is not known, and its layer has others on record
    assert found.outside == 3  # i08 in the middle, i10 far off, i13 in the north east


def test_buildings_own_themselves_and_leave_out_what_makes_no_sense(town: Workspace) -> None:
    found = rank_units(town, "buildings", criteria=THREE, draws=20)
    table = found.ranking.measures.table
    assert table["old_building_share_pct"].dropna().to_dict() == {"b1": 100, "b2": 0, "b3": 100, "b4": 0}
    # i03, i04 and i05 lie in b1 (10..30 m): 4 + 2 + 3 points of severity on 60 households
    assert table["severity_per_100_households"]["b1"] == pytest.approx(100 * 9 / 60)
    assert set(found.left_out) == {
        "open_issues_per_ha", "open_space_share_pct", "parking_gap_per_100_households", "unlit_street_share_pct",
    }  # fmt: skip
    assert [c.key for c in found.ranking.left_out] == ["open_issues_per_ha"]
    assert "makes no sense for a building" in str(found.ranking.measures.by_key["open_issues_per_ha"].missing)
    immediate = found.ranking.immediate
    assert immediate[immediate["layer"] == "buildings"]["grid_id"].tolist() == ["b2"]


def test_streets_take_the_nearest_and_railways_are_not_ranked(town: Workspace) -> None:
    found = rank_units(town, "streets", criteria=THREE, draws=20)
    assert list(found.ranking.grids.index) == ["s1", "s2"]
    assert [one.en.split()[0] for one in found.notices] == ["1"]
    per_ha = found.ranking.measures.by_key["open_issues_per_ha"]
    # within 30 m of s1: i03 i04 i05 i07 i12; of s2: i13; i09 is 50 m from s2 and 75 m from s1
    assert per_ha.by_grid.to_dict() == pytest.approx({"s1": 5 / 1.2, "s2": 1 / 1.2})
    assert "30 m" in per_ha.denominator.en
    said = explain(found.ranking, "s1")
    assert "(street)" in said.sentence.en
    assert "个街巷" in said.sentence.zh


def test_nothing_is_counted_twice_and_the_workspace_stays_as_it_is(town: Workspace) -> None:
    before = {key: where.columns.tolist() for key, where in town.places.items()}
    found = rank_units(town, "streets", draws=5)
    codes = found.ranking.ws.codes("issues", found.ranking.level)
    assert len(codes) == len(town["issues"])
    assert found.outside == int((codes < 0)[town.standing["is_known"].to_numpy()].sum())
    assert {key: where.columns.tolist() for key, where in town.places.items()} == before
    assert town.levels == (1, 2)
    assert found.ranking.ws.levels == (1, 2, 9)


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    one = open_workspace(community(tmp_path / "a", {"streets": streets()}))
    other = open_workspace(community(tmp_path / "b", {"streets": streets().iloc[::-1]}))
    a, b = (rank_units(ws, "streets", draws=20).ranking for ws in (one, other))
    assert a.grids.equals(b.grids)


def test_what_cannot_be_ranked_is_said_with_what_can(town: Workspace) -> None:
    assert [spec.key for spec in unit_choices(town)] == ["housing_estates", "buildings", "streets", "parks"]
    for wrong in ("nothing", "issues", "toilets"):
        with pytest.raises(DataError):
            units_of(town, wrong)
    with pytest.raises(DataError, match="estates"):
        units_of(town, "nothing")


def test_the_command_line_ranks_and_explains_units(town: Workspace, run: Run) -> None:  # noqa: F811
    code, out, _ = run("rank", town.folder, "--of", "buildings", "--json", "--draws", 10)
    answer = document(out)
    assert (code, answer["of"], answer["unit"]["en"]) == (0, "buildings", "building")
    assert {one["grid_id"] for one in answer["grids"]} == {"b1", "b2", "b3", "b4", "b5"}
    assert "parking_gap_per_100_households" in answer["left_out"]
    code, out, _ = run("rank", town.folder, "--of", "buildings", "--method", "vikor", "--json", "--draws", 10)
    assert code == 0
    by_vikor = document(out)
    assert (by_vikor["method"], by_vikor["of"]) == ("vikor", "buildings")
    assert {"methods", "certificate"} <= set(by_vikor)
    code, out, _ = run("explain", town.folder, "b1", "--of", "buildings", "--json")
    assert (code, document(out)["grid_id"]) == (0, "b1")
    code, out, _ = run("rank", town.folder, "--of", "streets", "--lang", "en")
    assert code == 0
    assert "nobody walks on" in out
    with pytest.raises(SystemExit, match="2"):
        run("rank", town.folder, "--of", "streets", "--level", 1)
