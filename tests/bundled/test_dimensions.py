import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.cambridge.dimensions import FOOT_M, INCH_M, mural_area_m2

SQUARE_INCH = INCH_M**2


@pytest.mark.parametrize(
    ("text", "accession", "square_inches"),
    [
        ("156”(h) x 900”(w)", "CAC.80.09", 156 * 900),
        ('69""(h) x 83.5""(w) x 2.5""(d)', "CAC.82.03a", 69 * 83.5),
        ("35.75”(h) 71.25”(w) x 40”(d)", "", 35.75 * 71.25),
        ('288”(h) x 432”(w) x 3/4""(d)', "CAC.09.01", 288 * 432),
        ("12.5”(dia.)", "CAC.1979.05r", math.pi / 4 * 12.5**2),
        ("50''(h) x 20''(w)", "", 50 * 20),
        ("16” (h) X 40' (w)", "", 16 * 480),
        ("108' (w) x 5.5' (h)", "", 1296 * 66),
        ("31.75”(h) x 26.25(w) x 28”(d)", "", 31.75 * 26.25),
        ('97""(h) x 49""(w) and 97""(h) x 50""(w)', "CAC.04.01c", 97 * 99),
        ("62”(h) x 59”(w) (each)", "CAC.11.01h", 62 * 59),
        ('44""(h) x 96”(w) (each)', "CAC.84.03a-b", 2 * 44 * 96),
        ('48"" x 96"" (each)', "CAC83.05a-b", 2 * 48 * 96),
        ('48”(h) x 40.5”(w) each; 48""(h) x 162”(w) overall', "CAC.99.07a-d", 48 * 162),
        ('a) 36"(h) x 29"(w) x 2"(d), b) 43"(h) x 27"(w) x 1"(d), c) 44"(h) x 32"(w) x 1"(d)', "CAC.95.06b", 43 * 27),
        ("a) 52”(h) x 28”(w), b) 65”(h) x 36”(w)", "CAC.86.01", 52 * 28 + 65 * 36),
        ("20”(h) x 29.5”(w) x 9”(d); 67”(h) with pole", "", 20 * 29.5),
    ],
)  # fmt: skip
def test_sizes_of_the_register_are_read(text: str, accession: str, square_inches: float) -> None:
    assert mural_area_m2(text, accession) == pytest.approx(square_inches * SQUARE_INCH)


@pytest.mark.parametrize(
    "text",
    [
        None, "", "Various", "(throughout park)", "5”-6.5”(h) x 3”-5”(w)", "36”(w) x 36”(d)", "420”(h) x 96”(dia.)",
        "18”(h) x 1662”'(w)", "a) 84”(h) x 240”(w), b) 60”(h) x 92”'(w)", "48”(h) x 1044” (running fence)",
        "Various sizes ranging from : 16”(h) x 25.5”(w) and up to 15”(dia.)",
    ],
)  # fmt: skip
def test_doubtful_sizes_are_refused(text: str | None) -> None:
    assert mural_area_m2(text, "CAC.00.01") is None


@settings(deadline=None)
@given(
    height=st.decimals(min_value=1, max_value=2000, places=2),
    width=st.decimals(min_value=1, max_value=2000, places=2),
    mark=st.sampled_from([("”", INCH_M), ('""', INCH_M), ('"', INCH_M), ("''", INCH_M), ("’", FOOT_M), ("'", FOOT_M)]),
    cross=st.sampled_from([" x ", "x ", " X ", " "]),
    turned=st.booleans(),
)
def test_any_style_gives_height_times_width(
    height: float, width: float, mark: tuple[str, float], cross: str, *, turned: bool
) -> None:
    sides = [f"{height}{mark[0]}(h)", f"{width}{mark[0]}(w)"]
    text = cross.join(reversed(sides) if turned else sides)
    assert mural_area_m2(text) == pytest.approx(float(height) * float(width) * mark[1] ** 2)
