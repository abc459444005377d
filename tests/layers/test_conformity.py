"""The quick test of a table and pandera agree: the same table, or the quick one leaves the word to pandera."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pandera.errors
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.catalog import CATALOG, LayerSpec
from layers.conformity import as_declared, rising

MOMENTS = [None, "2024-02-29 10:20:30", "1700-01-01", "9999-12-31"]  # nanoseconds end in 2262
SPECS = st.sampled_from(sorted(CATALOG)).map(CATALOG.__getitem__)


def kind_of(declared: Any) -> str:
    return str(declared.dtype.type)


def edges(declared: Any) -> list[float]:
    """Numbers at, inside and beyond each limit of a column."""
    posts = [
        one.statistics[end] for one in declared.checks for end in ("min_value", "max_value") if end in one.statistics
    ]
    return sorted({post + step for post in posts or [5] for step in (-1, 0, 1)})


def cells(draw: st.DrawFn, declared: Any, rows: int) -> pd.Series:
    """A column of a table that is as declared, nearly so, or not at all."""

    def some(values: list[Any]) -> list[Any]:
        return draw(st.lists(st.sampled_from(values), min_size=rows, max_size=rows))

    if kind_of(declared) == "str":
        among = [v for one in declared.checks if one.name == "isin" for v in one.statistics["allowed_values"]]
        return pd.Series(
            some([*(among or ["甲", "x"]), *draw(st.sampled_from([[], [None], ["surely not", ""]]))]),
            dtype=draw(st.sampled_from(["str", "string"])),
        )
    if kind_of(declared) == "boolean":
        gaps = draw(st.booleans())
        return pd.Series(some([True, False, None] if gaps else [True, False]), dtype="boolean" if gaps else "bool")
    if kind_of(declared) == "datetime64[ns]":
        unit = draw(st.sampled_from(["s", "ms", "ns"]))
        zone = draw(st.sampled_from(["", ", UTC"]))
        last = draw(st.sampled_from([2, 3] if unit == "ns" else [2, 3, 4]))
        return pd.Series(some(MOMENTS[:last])).astype(f"datetime64[{unit}{zone}]")
    dtype = draw(st.sampled_from(["int64", "Int64", "float64", "int32"]))
    gaps = [None] if dtype in {"Int64", "float64"} and draw(st.booleans()) else []
    fit = edges(declared)[1:-1] if draw(st.booleans()) else edges(declared)
    halves = [5.5] if dtype == "float64" and draw(st.booleans()) else []
    return pd.Series(
        [np.nan if v is None and dtype == "float64" else v for v in some([*fit, *gaps, *halves])], dtype=dtype
    )


@st.composite
def tables(draw: st.DrawFn, spec: LayerSpec) -> pd.DataFrame:
    rows = draw(st.integers(0, 4))
    schema = spec.schema.to_schema()
    names = [n for n in schema.columns if draw(st.integers(0, 3)) or schema.columns[n].nullable is False]
    if draw(st.booleans()):
        names = draw(st.permutations(names))
    columns = {name: cells(draw, schema.columns[name], rows) for name in names}
    if draw(st.booleans()):
        columns["remark"] = pd.Series(["r"] * rows, dtype="str")
    ids = [f"x{k}" for k in range(rows)]
    if rows > 1 and draw(st.integers(0, 4)) == 0:
        ids[0] = draw(st.sampled_from(["", ids[1], "zz"]))
    table = pd.DataFrame(columns).set_axis(pd.Index(ids, dtype="str", name=spec.id_column), axis=0)
    if spec.shape == "none":
        return table
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries([shapely.Point(1, 2)] * rows, index=table.index), crs=4548)


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_what_is_taken_for_good_is_what_pandera_gives(data: st.DataObject) -> None:
    spec = data.draw(SPECS)
    table = data.draw(tables(spec))
    schema = spec.schema.to_schema()
    before = table.copy()
    quick = as_declared(table, schema)
    pd.testing.assert_frame_equal(table, before)
    try:
        wanted = schema.validate(table, lazy=True)
    except pandera.errors.SchemaErrors:
        assert quick is None
        return
    if quick is not None:
        pd.testing.assert_frame_equal(quick, wanted, check_exact=True)
        assert type(quick) is type(wanted)


def good(spec: LayerSpec) -> pd.DataFrame:
    """Two rows with every column, each value within its limits."""
    columns = {}
    for name, declared in spec.schema.to_schema().columns.items():
        among = [v for one in declared.checks if one.name == "isin" for v in one.statistics["allowed_values"]]
        kind = kind_of(declared)
        value = {"str": (among or ["x"])[0], "boolean": True, "datetime64[ns]": pd.Timestamp("2024-01-01")}.get(kind)
        columns[name] = pd.Series([edges(declared)[1] + 1 if value is None else value] * 2, dtype=kind)
    return pd.DataFrame(columns).set_axis(pd.Index(["a", "b"], dtype="str", name=spec.id_column), axis=0)


@pytest.mark.parametrize("key", CATALOG)
def test_a_good_table_of_every_layer_needs_no_pandera(key: str) -> None:
    spec = CATALOG[key]
    table = good(spec)
    found = as_declared(table, spec.schema.to_schema())
    assert found is not None
    pd.testing.assert_frame_equal(found, spec.schema.to_schema().validate(table))


@pytest.mark.parametrize("key", CATALOG)
def test_one_value_beyond_a_limit_is_left_to_pandera(key: str) -> None:
    spec = CATALOG[key]
    schema = spec.schema.to_schema()
    for name, declared in schema.columns.items():
        for check in declared.checks:
            limits = check.statistics
            wrong = (
                "surely not"
                if check.name == "isin"
                else limits["min_value"] - 1
                if "min_value" in limits
                else limits["max_value"] + 1
            )
            table = good(spec)
            table.loc["b", name] = wrong
            assert as_declared(table, schema) is None, (name, check.name)
        if not declared.nullable:
            table = good(spec)
            table.loc["b", name] = None
            assert as_declared(table, schema) is None, name


@given(st.lists(st.one_of(st.none(), st.text(max_size=3)), max_size=6))
def test_rising_means_sorted_filled_and_each_once(texts: list[str | None]) -> None:
    filled = [t for t in texts if t is not None]
    wanted = len(filled) == len(texts) and filled == sorted(set(filled))
    assert rising(pd.Series(texts, dtype="str")) == wanted
