import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.angle_pairs import PAIR_FAULTS, in_order, pairs_of, read_pair
from geo.angles import AngleFault, degrees_of


@pytest.mark.parametrize(
    "text",
    [
        "111.61,26.43", "111.61， 26.43", "（111.61、26.43）", "[111.61, 26.43]", "111.61 26.43", "111.61;26.43", "111.61/26.43",
        "111,61;26,43", "111,61 26,43", "111,61,26,43", "POINT(111.61 26.43)", "POINT Z (111.61 26.43 5)",
        "SRID=4326;POINT(111.61 26.43)", '{"lng":111.61,"lat":26.43}', "{'lat': 26.43, 'lon': 111.61}",
        "经度111.61 纬度26.43", "经度：111.61，纬度：26.43", "E111.61 N26.43", "N26.43,E111.61", "111.61E26.43N",
        "北纬26.43° 东经111.61°", "111°36′36″ 26°25′48″", "E111°36′36″N26°25′48″", "111°36′36″E,26°25′48″N",
        "东经111度36分36秒，北纬26度25分48秒", "111-36-36,26-25-48", "111-36-36 26-25-48", "111 36 36 26 25 48",
        "111 36.6 26 25.8", "111.36.36, 26.25.48", "１１１．６１，２６．４３", "lon=111.61&lat=26.43", "111.61,26.43,0",
        "12 Main St, Boston (111.61, 26.43)", "111.61\n26.43",
    ],
)  # fmt: skip
def test_both_coordinates_in_all_spellings(text: str) -> None:
    assert read_pair(text) == pytest.approx((111.61, 26.43))


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("(42.3594, -71.0587)", (42.3594, -71.0587)), ("26.43,111.61", (26.43, 111.61)),
        ("516950,2926835", (516_950, 2_926_835)), ("3,350,000.5,516,950.3", (3_350_000.5, 516_950.3)),
        ("11°36'12\"S, 26°25'12\"E", (26.42, -11.603333333)), ("  ", None), ("", None),
    ],
)  # fmt: skip
def test_the_order_of_the_cell_stays_unless_letters_tell(text: str, pair: tuple[float, float] | None) -> None:
    found = read_pair(text)
    assert found is None if pair is None else found == pytest.approx(pair)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("111.61", "pair_unreadable"), ("111,61", "pair_unreadable"), ("不详", "pair_unreadable"),
        ("111.61,26.43,12.5", "pair_unreadable"), ("111°61′00″,26°25′00″", "angle_minutes"),
        ("E111.61,E26.43", "pair_axes"), ("N91,E111", "angle_beyond"), ("111.61,nan", "pair_unreadable"),
    ],
)  # fmt: skip
def test_what_cannot_be_parted_is_a_fault(text: str, code: str) -> None:
    found = read_pair(text)
    assert isinstance(found, AngleFault)
    assert (found.code, found.found.zh) == (code, text)
    assert found.expected == PAIR_FAULTS.get(code, found.expected)


def test_a_column_keeps_its_rows() -> None:
    cells = pd.Series(["111.61,26.43", "E111°36′36″ N26°25′48″", None, "", "不详", "(111.61, 26.43)"], dtype="str")
    found = pairs_of(cells)
    assert found.first[[0, 1, 5]].tolist() == pytest.approx([111.61] * 3)
    assert found.second[[0, 1, 5]].tolist() == pytest.approx([26.43] * 3)
    assert np.isnan(found.first[2:5]).all()
    assert found.repaired.tolist() == [False, True, False, False, False, False]
    assert sorted(found.faults) == [4]
    points = pairs_of(pd.Series(["POINT(111.61 26.43)", "POINT (111.62 26.44)", "26.43"], dtype=object))
    assert points.second[:2].tolist() == [26.43, 26.44]
    assert sorted(points.faults) == [2]


def test_letters_put_two_columns_in_order() -> None:
    first, second = in_order(
        degrees_of(pd.Series(["N26.43", "111.61", "E111.61"])), degrees_of(pd.Series(["E111.61", "26.43", "26.43"]))
    )
    assert first.numbers.tolist() == [111.61] * 3
    assert second.numbers.tolist() == [26.43] * 3
    assert first.axis.tolist() == ["lon", "", "lon"]
    assert second.repaired.tolist() == [True, False, False]


@settings(deadline=None)
@given(st.text(st.sampled_from("0123456789.,-+°′″ EWNS;/()度分"), max_size=24))
def test_any_text_gives_two_numbers_or_a_fault(text: str) -> None:
    found = pairs_of(pd.Series([text], dtype="str"))
    both = np.isfinite(found.first[0]) and np.isfinite(found.second[0])
    assert both or 0 in found.faults or (np.isnan(found.first[0]) and np.isnan(found.second[0]))
    assert not (both and found.faults)
