"""Gaps and spellings are told, not mended."""

import pandas as pd

from layers.intake.quality import spellings


def test_one_thing_in_several_spellings() -> None:
    cells = pd.Series(["Ward 5", "05", "5", "Ward 21", None, "21", "３"], dtype="str")
    told = spellings(cells, "ward")
    assert told is not None
    assert told.en == "3 values written in 6 ways, such as “Ward 5”, “05”, “5”"
    assert told.zh.startswith("3 个值有 6 种写法")


def test_free_text_numbers_and_clean_words_say_nothing() -> None:
    assert spellings(pd.Series(["a", "b"], dtype="str"), "kind") is None
    assert spellings(pd.Series([1, 2, 3]), "ward") is None
    assert spellings(pd.Series(["1.0", "10.0", "100"], dtype="str"), "district") is None
    assert spellings(pd.Series([f"text {n}" for n in range(2_000)], dtype="str"), "note") is None
    assert spellings(pd.Series(["100", "0100"], dtype="str"), "zip") is not None
