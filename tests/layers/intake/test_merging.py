"""New rows meet old ones: nothing twice, nothing lost, changes told."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.intake.merging import content_ids, merged, not_worse, repeats


def table(rows: dict[str, tuple[str | None, float]]) -> gpd.GeoDataFrame:
    """Rows by id: a word and the east of a point."""
    data = {"word": pd.Series([w for w, _ in rows.values()], dtype="str")}
    points = gpd.points_from_xy([x for _, x in rows.values()], [0.0] * len(rows))
    frame = gpd.GeoDataFrame(data, geometry=points, crs="EPSG:4546")
    return frame.set_axis(pd.Index(list(rows), name="thing_id", dtype="str"))


def test_new_ids_are_added_known_ones_updated_and_the_rest_kept() -> None:
    old = table({"a": ("x", 1), "b": ("y", 2), "c": ("z", 3)})
    found = merged(old, table({"b": ("y", 2), "c": ("w", 3), "d": (None, 4)}))
    assert (found.added, found.updated, found.unchanged) == (("d",), ("c",), ("b",))
    assert found.table["word"].fillna("-").to_dict() == {"a": "x", "b": "y", "c": "w", "d": "-"}
    assert found.changes.to_dict("records") == [{"id": "c", "column": "word", "before": "z", "after": "w"}]
    assert found.table.crs == old.crs
    assert found.table.index.name == "thing_id"


def test_a_moved_point_is_a_change_and_a_tenth_of_a_millimetre_is_none() -> None:
    old = table({"a": ("x", 1), "b": ("x", 1)})
    found = merged(old, table({"a": ("x", 1.00001), "b": ("x", 9)}))
    assert found.updated == ("b",)
    assert found.changes["column"].tolist() == ["geometry"]


def test_a_column_that_the_new_rows_lack_keeps_its_values() -> None:
    old = table({"a": ("x", 1)}).assign(note="kept")
    found = merged(old, table({"a": ("y", 1), "b": ("z", 2)}))
    assert found.table.loc["a", "note"] == "kept"
    assert pd.isna(found.table.loc["b", "note"])


def test_the_first_rows_of_a_layer_are_all_added() -> None:
    assert merged(None, table({"b": ("x", 1), "a": ("y", 2)})).added == ("b", "a")


def test_ids_must_be_unique() -> None:
    twice = pd.concat([table({"a": ("x", 1)}), table({"a": ("y", 1)})])
    with pytest.raises(ValueError, match="once"):
        merged(None, twice)


def test_repeats_are_told_from_contradictions() -> None:
    rows = pd.concat([table({"a": ("x", 1)}), table({"a": ("x", 1)}), table({"a": ("y", 1)}), table({"b": (None, 1)})])
    same, other = repeats(rows)
    assert same.tolist() == [False, True, False, False]
    assert other.tolist() == [False, False, True, False]


def test_content_ids_are_the_same_again_and_number_equal_rows() -> None:
    first, second = pd.Series(["a", "a", None, "b"], dtype="str"), pd.Series([1, 1, 2, 2])
    ids = content_ids([first, second], "issue-")
    assert ids.is_unique
    assert ids[1] == f"{ids[0]}-2"
    turned = content_ids([first[::-1], second[::-1]], "issue-")
    assert sorted(turned) == sorted(ids)
    assert content_ids([pd.Series(["x", "y"]), pd.Series([1.5, None])], "").tolist() == IDS


IDS = ["976532ff687008bd", "41f42648796db873"]
"""Ids must stay the same for ever, or old rows would come again under new ones."""

words = st.one_of(st.none(), st.text("abc", max_size=2))
tables = st.dictionaries(st.sampled_from("abcdef"), st.tuples(words, st.integers(0, 3)), min_size=1)


@settings(deadline=None, max_examples=60)
@given(old=tables, new=tables)
def test_merging_is_complete_and_happens_once(old: dict, new: dict) -> None:
    found = merged(table(old), table(new))
    assert set(found.table.index) == set(old) | set(new)
    assert sorted([*found.added, *found.updated, *found.unchanged]) == sorted(new)
    again = merged(found.table, table(new))
    assert again.added == again.updated == ()
    assert again.table.equals(found.table)


def test_a_column_of_whole_numbers_or_flags_that_only_the_new_rows_have_is_empty_for_the_old() -> None:
    new = table({"b": ("y", 2)}).assign(storey=pd.array([3], dtype="int32"), lit=[True])
    found = merged(table({"a": ("x", 1)}), new)
    assert found.table["storey"].tolist() == [pd.NA, 3]
    assert found.table["lit"].tolist() == [pd.NA, True]


def test_own_columns_of_another_kind_lose_nothing() -> None:
    def table(values: list[object], ids: list[str]) -> pd.DataFrame:
        return pd.DataFrame({"grid": values}, index=pd.Index(ids, name="issue_id"))

    codes = merged(table([1, 2], ["a", "b"]), table(["01", "x"], ["b", "c"]))
    assert codes.table["grid"].tolist() == ["1", "01", "x"]
    assert codes.updated == ("b",)
    halves = merged(table([1, 2], ["a", "b"]), table([2.0, 2.5], ["b", "c"]))
    assert halves.table["grid"].tolist() == [1.0, 2.0, 2.5]
    assert halves.unchanged == ("b",)
    flags = merged(table([1, 2], ["a", "b"]), table([True, False], ["b", "c"]))
    assert flags.table["grid"].tolist() == ["1", "True", "False"]


def test_a_column_that_the_layer_lacks_has_gaps_in_the_other_rows() -> None:
    old = pd.DataFrame({"name": ["x"]}, index=pd.Index(["a"], name="issue_id"))
    new = pd.DataFrame({"name": ["y"], "n": [3], "f": [True]}, index=pd.Index(["b"], name="issue_id"))
    table = merged(old, new).table
    assert table["n"].isna().tolist() == [True, False]
    assert table.loc["b", "n"] == 3
    assert bool(table.loc["b", "f"])


def test_a_shape_that_a_format_rounds_or_wraps_is_the_same() -> None:
    old = gpd.GeoDataFrame(
        geometry=[shapely.MultiPolygon([shapely.box(0, 0, 9, 9)]), shapely.box(0, 0, 9, 9), None],
        index=pd.Index(["a", "b", "c"], dtype="str"),
        crs="EPSG:4546",
    )
    new = old.set_geometry([shapely.box(0.005, 0, 9, 9), shapely.box(0.02, 0, 9, 9), None], crs="EPSG:4546")
    found = merged(old, new)
    assert (found.updated, found.unchanged) == (("b",), ("a", "c"))


def test_a_place_that_differs_by_less_than_its_rounding_is_the_old_one() -> None:
    old = table({"a": ("x", 1.0), "b": ("x", 1.0)}).assign(place_source="coordinates")
    new = table({"a": ("x", 1.4), "b": ("x", 2.0)}).assign(place_source="coordinates")
    assert merged(old, not_worse(new, old, error_m=0.5)).updated == ("b",)
    assert merged(old, not_worse(new, old)).updated == ("a", "b")
    bare = old.drop(columns="place_source")
    assert merged(bare, not_worse(new.assign(geometry=old.geometry), bare)).unchanged == ("a", "b")
