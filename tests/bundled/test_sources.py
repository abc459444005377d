from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from data.answers import answered
from data.areas import apportioned, best_parents
from data.sources import pack, source_layer, source_table


def _strips(edges: list[float]) -> gpd.GeoSeries:
    return gpd.GeoSeries(
        [shapely.box(a, 0, b, 10) for a, b in pairwise(edges)], index=[f"G{n}" for n in range(len(edges) - 1)]
    )


def test_packing_keeps_every_coordinate_and_gives_the_same_bytes(tmp_path: Path) -> None:
    crooked = shapely.Polygon([(0, 0), (1.1, 1.3), (1, 0), (0, 1)])
    table = gpd.GeoDataFrame({"n": [2, 1], "t": ["b", None]}, geometry=[crooked, None], crs="EPSG:26986")
    pack(table, tmp_path / "one.parquet")
    pack(table, tmp_path / "two.parquet")
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()
    again = gpd.read_parquet(tmp_path / "one.parquet")
    assert again.crs == table.crs
    assert again.geometry[0].equals_exact(crooked, 0)
    assert again.geometry[1] is None
    assert list(again["n"]) == [2, 1]


def test_compact_sources_have_all_rows_of_the_originals() -> None:
    assert len(source_table("data.boston", "issues")) == 121_145
    assert len(source_table("data.boston", "toilets")) == 282
    assert len(source_layer("data.boston", "buildings")) == 22_188
    assert len(source_layer("data.boston", "open_space")) == 638
    assert source_layer("data.boston", "streets").crs == "EPSG:26919"
    assert len(source_layer("data.cambridge", "metered_parking_spaces")) == 3_320


def test_no_telephone_number_or_mail_address_is_in_the_requests() -> None:
    words = source_table("data.boston", "issues")[["CASE_TITLE", "Location"]].fillna("")
    for column in words:
        assert not words[column].str.contains(r"\b\d{3}[-. ]\d{3}[-. ]\d{4}\b|\w@\w+\.\w", regex=True).any()


@settings(deadline=None)
@given(
    counts=st.lists(st.integers(0, 5000), min_size=1, max_size=6),
    cuts=st.lists(st.floats(0.01, 0.99), min_size=1, max_size=5, unique=True),
)
def test_spread_counts_keep_their_sum(counts: list[int], cuts: list[float]) -> None:
    parts = _strips([float(n) for n in range(len(counts) + 1)])
    wholes = _strips([0.0, *(len(counts) * cut for cut in sorted(cuts)), float(len(counts))])
    spread = apportioned(counts, parts, wholes)
    assert spread.sum() == sum(counts)
    assert (spread >= 0).all()
    assert list(spread.index) == list(wholes.index)


def test_counts_go_by_shared_ground_and_nobody_is_lost_at_the_rim() -> None:
    assert list(apportioned([100], _strips([0, 4]), _strips([0, 1, 4]))) == [25, 75]
    assert list(apportioned([100], _strips([0, 8]), _strips([0, 1, 4]))) == [25, 75]
    with pytest.raises(ValueError, match="no ground"):
        apportioned([100, 10], _strips([0, 4, 5]), _strips([0, 1, 4]))


def test_the_parent_is_where_most_of_the_child_lies() -> None:
    parents = best_parents(_strips([0, 2, 5, 6]), _strips([0, 3, 5]))
    assert list(parents.iloc[:2]) == ["G0", "G1"]
    assert pd.isna(parents.iloc[2])


def test_an_answer_is_yes_no_or_unknown() -> None:
    said = answered(yes=np.array([True, True, False]), no=np.array([False, True, False]))
    assert said[0] == np.True_
    assert said[1] == np.False_
    assert said[2] is pd.NA
    assert pd.isna(answered(no=[False])).all()


def test_an_unknown_source_is_refused() -> None:
    with pytest.raises(FileNotFoundError):
        source_table("data.boston", "nothing")
