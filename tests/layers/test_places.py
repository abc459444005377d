"""Each thing lies in exactly one grid or for a stated reason in none, whatever the order of the rows."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers import BUILDINGS, ISSUES, Level, Workspace, open_workspace
from layers.catalog import CATALOG
from layers.manifest import Manifest
from layers.places import PLACES, levels_of, places_of, representative_xy
from layers.standards import policy
from tests import samples
from tests.samples import CRS, X0, Y0, community, manifest, point

NEAR = st.sampled_from([-1.0, 0.0, 25.0, 50.0, 75.0, 100.0, 101.0]) | st.floats(-10, 110)
SPOTS = st.lists(st.none() | st.tuples(NEAR, NEAR), min_size=1, max_size=40)


def tree(side: int, *, nests: bool) -> tuple[gpd.GeoDataFrame, Manifest]:
    """Four large grids and side by side small ones on 100 m by 100 m; without nesting these are turned off line."""
    step = 100 / side
    rows = [(f"L{r}{c}", None, 1, samples.box(50 * c, 50 * r, 50, 50)) for r in range(2) for c in range(2)]
    rows += [
        (f"S{r}{c}", f"L{int(2 * r / side)}{int(2 * c / side)}", 2, samples.box(step * c, step * r, step, step))
        for r in range(side)
        for c in range(side)
    ]
    ids, parents, levels, shapes = zip(*rows, strict=True)
    table = samples.frame(
        {"name": list(ids), "parent_id": list(parents), "level": list(levels)}, list(ids), "grid_id", list(shapes)
    )
    words = (Level(level=1, zh="大", en="large"), Level(level=2, zh="小", en="small", nests=nests))
    return table, manifest(levels=words)


@settings(deadline=None, max_examples=80)
@given(spots=SPOTS, side=st.sampled_from([2, 3, 4]), order=st.randoms(use_true_random=False))
def test_grids_and_the_rest_add_up_and_order_does_not_matter(spots: list, side: int, order: object) -> None:
    table, said = tree(side, nests=side != 3)
    levels = levels_of(table, said)
    shapes = [None if s is None else point(*s) for s in spots]
    frame = gpd.GeoDataFrame(geometry=gpd.GeoSeries(shapes, crs=CRS))
    rules = {**policy(), "default_point_min_rows": 3, "default_point_min_share": 0.2}
    found = places_of(frame, ISSUES, levels, rules)
    reasons = dict(enumerate(PLACES))
    for level in levels:
        code = found[f"level_{level.level}"].to_numpy()
        counts = np.bincount(code[code >= 0], minlength=len(level.grids))
        unowned = found["place"][code < 0].map(reasons).value_counts().drop("grid", errors="ignore")
        assert counts.sum() + unowned.sum() == len(spots)
        if level == levels[-1] or side == 3:  # located by itself: the first that holds the point
            for at, one in zip(code[code >= 0], frame.geometry[code >= 0], strict=True):
                holders = np.flatnonzero(shapely.dwithin(level.grids.geometry.to_numpy(), one, 1e-6))
                assert at in holders
                inside = np.flatnonzero(shapely.intersects(level.grids.geometry.to_numpy(), one))
                assert at == (inside if len(inside) else holders)[0]
        else:
            small = levels[-1].grids["parent_id"].to_numpy()[found["level_2"]]
            assert (level.grids.index.to_numpy()[code][code >= 0] == small[code >= 0]).all()
    assert ((found["place"] == PLACES.index("no_geometry")) == [s is None for s in shapes]).all()
    shuffled = list(range(len(spots)))
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    again = places_of(frame.iloc[shuffled], ISSUES, levels, rules).sort_index()
    pd.testing.assert_frame_equal(found, again)


def test_a_border_point_belongs_to_the_smallest_id_and_its_parent_follows(sample: Workspace) -> None:
    small, large = sample.owner(ISSUES), sample.owner(ISSUES, 1)
    assert small["i08"] == "E1"  # the corner of all four
    assert large["i08"] == "E"
    assert small["i09"] == "E1"  # between E1 and E2
    assert large["i09"] == "E"
    assert small[["i10", "i11"]].isna().all()


def test_where_levels_do_not_nest_each_is_located_by_itself(tmp_path: Path) -> None:
    table, said = tree(3, nests=False)
    issues = samples.issues().iloc[[0, 1]].set_geometry([point(40, 40), point(60, 40)], crs=CRS)
    ws = open_workspace(
        community(tmp_path / "x", {"grids": table, "issues": issues, "buildings": None}, levels=said.levels)
    )
    assert list(ws.owner(ISSUES)) == ["S11", "S11"]
    assert list(ws.owner(ISSUES, 1)) == ["L00", "L01"]


def test_a_building_across_a_border_belongs_whole_to_one_grid(tmp_path: Path) -> None:
    across = samples.buildings().iloc[[0]].set_geometry([samples.box(80, 10, 50, 10)], crs=CRS)
    ws = open_workspace(community(tmp_path / "x", {"buildings": across}))
    assert list(ws.owner(BUILDINGS)) == ["E1"]  # 30 of its 50 metres lie there
    x, y = ws.xy(BUILDINGS)
    assert across.geometry.iloc[0].contains(shapely.Point(x[0], y[0]))
    assert ws[BUILDINGS]["grid_id"].tolist() == ["E1"]
    assert ws[BUILDINGS]["measured_area_m2"].tolist() == [500.0]


def test_the_representative_point_of_a_crescent_lies_in_it() -> None:
    crescent = shapely.Point(X0, Y0).buffer(10).difference(shapely.Point(X0 + 3, Y0).buffer(10))
    x, y = representative_xy(gpd.GeoDataFrame(geometry=[crescent, None], crs=CRS))
    assert crescent.contains(shapely.Point(x[0], y[0]))
    assert np.isnan([x[1], y[1]]).all()


@pytest.mark.parametrize("city", ["huolong", "boston"])
def test_real_workspaces_add_up_at_each_level(city: str, request: pytest.FixtureRequest) -> None:
    ws: Workspace = request.getfixturevalue(city)
    assert ws.levels == (1, 2)
    for key in ws.places:
        for level in ws.levels:
            owner, place = ws.owner(key, level), ws.place(key, level)
            assert ((place == "grid") == owner.notna()).all()
            assert owner.dropna().isin(ws.grids(level).index).all()
            in_grids = owner.value_counts().reindex(ws.grids(level).index, fill_value=0)
            assert in_grids.sum() + (place != "grid").sum() == len(ws[key]), (key, level)
        assert CATALOG[key].located
