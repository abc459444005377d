"""Change of counts, tables and patterns, against published answers, five things by hand, and what must always hold."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.change import count_ratio, pattern_change, stock_ratio, table_change

counts = st.integers(0, 60)


def test_ratio_of_two_counts_has_the_interval_of_r() -> None:
    """R: poisson.test(c(11, 6+8+7), c(800, 1083+1050+878))."""
    found = count_ratio([11], [21], exposure_after=800, exposure_before=3011)
    assert found.ratio == pytest.approx(1.971488, abs=1e-6)
    assert (found.low[0], found.high[0]) == pytest.approx((0.8584264, 4.2772659), abs=1e-6)


def test_ratio_from_nothing() -> None:
    found = count_ratio([0, 3, 3], [0, 0, 3])
    assert np.isnan([found.ratio[0], found.low[0], found.p[0]]).all()
    assert (found.ratio[1], found.high[1]) == (np.inf, np.inf)
    assert found.p[1] == 0.25  # three heads in a row, or three tails
    assert found.p[2] == 1.0


@given(counts, counts, st.floats(0.5, 4))
def test_a_ratio_turned_round_is_its_inverse(after: int, before: int, exposure: float) -> None:
    one = count_ratio([after], [before], exposure_after=exposure)
    other = count_ratio([before], [after], exposure_before=exposure)
    if after + before:
        with np.errstate(divide="ignore"):
            assert 1 / other.high[0] == pytest.approx(one.low[0])
        assert one.p[0] == pytest.approx(other.p[0])
        assert one.low[0] <= one.ratio[0] <= one.high[0]
        assert (one.p[0] < 0.05) == (not one.low[0] <= 1 <= one.high[0])


@given(counts, counts, counts)
def test_a_stock_changes_by_what_came_less_what_left(stayed: int, came: int, left: int) -> None:
    found = stock_ratio([stayed], [came], [left])
    if stayed + left:
        assert found.ratio[0] == pytest.approx((stayed + came) / (stayed + left))
        assert found.low[0] - 1e-12 <= found.ratio[0] <= found.high[0] + 1e-12
    if stayed and not came + left:
        assert (found.low[0], found.high[0], found.p[0]) == (1, 1, 1)


def test_what_stayed_makes_a_stock_surer() -> None:
    narrow, wide = stock_ratio([1000], [20], [10]), count_ratio([1020], [1010])
    assert narrow.high[0] - narrow.low[0] < (wide.high[0] - wide.low[0]) / 3


def five() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Five things: one stays, one moves by 5 m, one changes a value, one goes, one comes."""
    before = {"stays": (0, 0), "moves": (10, 0), "differs": (20, 0), "goes": (30, 0)}
    after = {"comes": (40, 0), "differs": (20, 0), "moves": (13, 4), "stays": (0, 0)}
    tables = []
    for spots, value in ((before, 7), (after, 8)):
        shapes = [shapely.box(x, y, x + 2, y + 2) for x, y in spots.values()]
        kinds = pd.array([value if name == "differs" else None for name in spots], dtype="Int64")
        tables.append(gpd.GeoDataFrame({"kind": kinds}, index=list(spots), geometry=shapes, crs="EPSG:4546"))
    return tables[0], tables[1]


def test_five_things_by_hand() -> None:
    found = table_change(*five())
    assert found.rows["kind"].to_dict() == {
        "stays": "same", "moves": "changed", "differs": "changed", "goes": "removed", "comes": "added"
    }  # fmt: skip
    assert found.rows.loc["moves", "moved_m"] == pytest.approx(5.0)
    assert found.rows.loc["moves", "area_m2"] == 0
    assert found.rows.loc["differs", "columns"] == "kind"
    assert found.counts == {"added": 1, "removed": 1, "changed": 2, "same": 1}
    assert table_change(*five(), tolerance_m=5.0).counts["changed"] == 1
    assert table_change(*five(), columns=[]).counts["changed"] == 0


def test_area_gained_and_shapes_that_come() -> None:
    before, after = five()
    after.loc["stays", "geometry"] = shapely.box(0, 0, 3, 2)
    before.loc["moves", "geometry"] = None
    found = table_change(before, after).rows
    assert found.loc["stays", ["area_m2", "moved_m"]].tolist() == [2.0, 1.0]
    assert found.loc["moves", "kind"] == "changed"
    assert np.isnan(found.loc["moves", "moved_m"])


def test_ids_must_be_unique() -> None:
    table = pd.DataFrame({"v": [1, 2]}, index=["a", "a"])
    with pytest.raises(ValueError, match="a twice"):
        table_change(table, table)


cells = st.dictionaries(st.sampled_from("abcdefgh"), st.one_of(st.none(), st.integers(0, 3)))


@given(cells, cells)
def test_numbers_add_up_and_order_does_not_matter(one: dict[str, int], other: dict[str, int]) -> None:
    before, after = (pd.DataFrame({"v": pd.Series(part, dtype="Int64")}) for part in (one, other))
    found = table_change(before, after)
    counts = found.counts
    assert counts["added"] - counts["removed"] == len(after) - len(before)
    assert sum(counts.values()) == len(set(one) | set(other))
    turned = table_change(before.iloc[::-1], after.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(found.rows, turned.rows)
    back = table_change(after, before).counts
    assert (back["added"], back["removed"], back["changed"]) == (counts["removed"], counts["added"], counts["changed"])


def test_a_pattern_that_only_grew_is_the_same_pattern() -> None:
    x, y, cell = np.array([0.0, 10, 20]), np.array([0.0, 0, 0]), np.array([0, 1, -1])
    found = pattern_change((x, y, cell), (np.tile(x, 3), np.tile(y, 3), np.tile(cell, 3)), 3)
    assert found.shift_m == 0
    assert found.similarity == 1
    assert found.cells["ratio"].dropna().tolist() == [1, 1]
    assert found.spread_before_m == pytest.approx(found.spread_after_m)
    assert np.isnan(found.cells["ratio"][2])


def test_a_pattern_that_moved() -> None:
    x, y = np.arange(40.0), np.zeros(40)
    found = pattern_change((x, y, np.zeros(40)), (x + 3, y + 4, np.ones(40)), 2)
    assert (found.shift_m, found.bearing_deg) == pytest.approx((5.0, np.degrees(np.arctan2(3, 4))))
    assert found.similarity == 0
    assert found.cells["after"].sum() - found.cells["before"].sum() == 0
