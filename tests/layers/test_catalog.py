"""Columns are declared once, with words in both languages and a unit that the name repeats."""

import re
from collections.abc import Mapping

import pandas as pd
import pytest

from layers import CATALOG, GRIDS
from layers.catalog import DERIVED

SHAPES = {"point", "line", "area", "any", "none"}
UNITS = {"_m2": "m²", "_m": "m", "_mm": "mm", "_yuan": "元"}


@pytest.mark.parametrize("key", CATALOG)
def test_a_layer_says_what_it_is(key: str) -> None:
    spec = CATALOG[key]
    assert spec.key == key
    assert spec.shape in SHAPES
    assert spec.sensitivity in {"public", "internal", "secret"}
    assert spec.title.zh
    assert spec.title.en
    assert re.search("[\u4e00-\u9fff]", spec.one.zh)
    assert spec.shape == "none" or re.fullmatch("#[0-9a-f]{6}", spec.colour)
    assert spec.id_column.endswith("_id")
    assert spec.columns


@pytest.mark.parametrize("key", CATALOG)
def test_a_column_has_words_and_a_unit_that_its_name_repeats(key: str) -> None:
    for name, column in CATALOG[key].columns.items():
        assert column["title"].zh, name
        assert column["title"].en, name
        assert CATALOG[key].title_of(name) == column["title"]
        for ending, unit in UNITS.items():
            if name.endswith(ending):
                assert column["unit"].zh == unit, name
        codes: Mapping[str, object] = column["codes"] or {}
        assert all(code and words for code, words in codes.items())


def test_a_column_that_is_not_declared_speaks_for_itself() -> None:
    assert str(GRIDS.title_of("paint")) == "paint"
    assert all(title.zh and title.en for title, _ in DERIVED.values())


@pytest.mark.parametrize("key", CATALOG)
def test_absent_columns_are_added_empty_but_never_required_ones(key: str) -> None:
    spec = CATALOG[key]
    required = [name for name, column in spec.columns.items() if column["required"]]
    table = pd.DataFrame(index=pd.Index([], name=spec.id_column, dtype="str"))
    schema = spec.schema.to_schema().remove_columns(required)
    assert set(schema.validate(table).columns) == set(spec.columns) - set(required)
