import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.likeness import features, likeness, pair_likeness

texts = st.text(alphabet="路灯不亮坏了第三栋 street light 12，,é", max_size=20)


@given(texts, texts)
def test_likeness_is_the_same_both_ways_and_between_zero_and_one(one: str, other: str) -> None:
    found, back = likeness(one, other), likeness(other, one)
    assert found == back or (math.isnan(found) and math.isnan(back))
    assert math.isnan(found) or 0 <= found <= 1
    if any(features(one)):
        assert likeness(one, one) == 1
    else:
        assert math.isnan(likeness(one, one))


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ("三栋门口路灯不亮", "３栋 门口路灯不亮", 0.6, 0.95),
        ("三栋门口路灯不亮", "路灯不亮，三栋门口", 0.9, 1.0),
        ("三栋门口路灯不亮", "下水道堵塞污水横流", 0.0, 0.01),
        ("Street light OUT", "street light out", 1.0, 1.0),
        ("ＡＢＣ１２", "abc12", 1.0, 1.0),
        ("pothole in the road", "road with a pothole", 0.5, 0.8),
        ("垃圾", "垃圾满溢", 0.4, 0.7),
    ],
)
def test_alike_in_chinese_and_in_english(one: str, other: str, low: float, high: float) -> None:
    assert low <= likeness(one, other) <= high


def test_words_and_pairs() -> None:
    words, pairs = features("3栋 Light！")
    assert words == {"3", "栋", "light"}
    assert pairs == {"3栋", "li", "ig", "gh", "ht"}


def test_silence_tells_nothing() -> None:
    assert math.isnan(likeness("", "路灯"))
    assert math.isnan(likeness("！？", "路灯"))


def test_pairs_out_of_a_list() -> None:
    found = pair_likeness(["路灯不亮", "路灯不亮", "", "垃圾"], [0, 0, 1], [1, 2, 3])
    assert found == pytest.approx([1, float("nan"), 0], nan_ok=True)
    assert len(pair_likeness([], [], [])) == 0
