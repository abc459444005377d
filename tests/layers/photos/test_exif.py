"""The notes of a camera: place, direction and time; broken ones become findings and never stop anything."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.photos.exif import read_exif
from tests.layers.photos.pictures import exif, gps_of

TAKEN = 0x9003
NOTES = exif(
    main={0x0112: 6, 0x010F: "PhoneMaker", 315: "Owner"},
    part={TAKEN: "2025:06:01 08:30:15", 0x9011: "+08:00"},
    gps={**gps_of(112.1405, 32.0412), 16: "T", 17: 271.5, 31: 4.2},
)


def test_place_direction_and_time_are_read_and_the_camera_is_not() -> None:
    facts, findings = read_exif(NOTES)
    assert not findings
    assert facts.pop("lon") == pytest.approx(112.1405, abs=1e-6)
    assert facts.pop("lat") == pytest.approx(32.0412, abs=1e-6)
    assert facts == {
        "orientation": 6,
        "accuracy_m": 4.2,
        "direction_deg": 271.5,
        "taken_at": "2025-06-01T08:30:15",
        "offset_minutes": 480,
    }


def test_nothing_said_is_nothing_found() -> None:
    for block in (b"", exif(main={0x010F: "PhoneMaker"})):
        facts, findings = read_exif(block)
        assert not findings
        assert facts.pop("orientation") == 1
        assert set(facts.values()) == {None}


@pytest.mark.parametrize(("lon", "lat"), [(-71.06, 42.36), (151.2, -33.87), (-43.2, -22.9), (112.14, 32.04)])
def test_the_four_quarters_of_the_earth(lon: float, lat: float) -> None:
    facts, _ = read_exif(exif(gps=gps_of(lon, lat)))
    assert (facts["lon"], facts["lat"]) == (pytest.approx(lon, abs=1e-6), pytest.approx(lat, abs=1e-6))


@pytest.mark.parametrize(
    "gps",
    [
        {**gps_of(112, 32), 2: (95.0, 0.0, 0.0)},
        {**gps_of(112, 32), 2: (32.0, 75.0, 0.0)},
        {**gps_of(112, 32), 1: "Q"},
        {**gps_of(112, 32), 1: ""},
        {1: "N", 2: (32.0, 0.0, 0.0)},
        {2: (32.0, 0.0, 0.0), 4: (112.0, 0.0, 0.0)},
        gps_of(0, 0),
        {**gps_of(112, 32), 4: (112.0, 1.0)},
        {**gps_of(112, 32), 4: 112.0},
    ],
)
def test_a_place_that_cannot_be_is_no_place_and_is_told(gps: dict[int, Any]) -> None:
    facts, findings = read_exif(exif(gps=gps))
    assert facts["lon"] is facts["lat"] is None
    assert findings == ["photo_place_broken"]


TIMES = {
    "2025:06:01 08:30:15": ("2025-06-01T08:30:15", []),
    "2025-06-01T08:30:15.123": ("2025-06-01T08:30:15", []),
    "    :  :     :  :  ": (None, []),
    "0000:00:00 00:00:00": (None, []),
    "2025:02:30 08:00:00": (None, ["photo_time_broken"]),
    "2025:06:01 25:00:00": (None, ["photo_time_broken"]),
    "1904:01:01 00:00:00": (None, ["photo_time_broken"]),
    "yesterday at 5": (None, ["photo_time_broken"]),
}


@pytest.mark.parametrize("text", TIMES)
def test_times(text: str) -> None:
    facts, findings = read_exif(exif(part={TAKEN: text}))
    assert (facts["taken_at"], findings) == TIMES[text]


@pytest.mark.parametrize(
    ("text", "minutes", "told"),
    [
        ("+08:00", 480, 0),
        ("-05:30", -330, 0),
        ("Z", 0, 0),
        ("+0800", 480, 0),
        ("   :  ", None, 0),
        ("east", None, 1),
        ("+99:00", None, 1),
    ],
)
def test_offsets(text: str, minutes: int | None, told: int) -> None:
    facts, findings = read_exif(exif(part={TAKEN: "2025:06:01 08:30:15", 0x9010: text}))
    assert facts["offset_minutes"] == minutes
    assert facts["taken_at"] == "2025-06-01T08:30:15"
    assert findings == ["photo_time_broken"] * told


@pytest.mark.parametrize("value", [0, 9, 200])
def test_an_orientation_that_is_none_leaves_the_picture_as_it_is(value: int) -> None:
    assert read_exif(exif(main={0x0112: value}))[0]["orientation"] == 1


def test_ten_thousand_broken_notes_never_raise() -> None:
    rng = random.Random(1)  # noqa: S311 (no secret)
    found = set()
    for _ in range(10_000):
        block = bytearray(NOTES)
        for _ in range(rng.randint(1, 5)):
            block[rng.randrange(len(block))] = rng.randrange(256)
        found.update(read_exif(bytes(block[: rng.randint(4, len(block))]))[1])
    assert found == {"photo_exif_broken", "photo_place_broken", "photo_time_broken"}


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_any_bytes_are_read_or_told(block: bytes) -> None:
    facts, findings = read_exif(b"Exif\0\0" + block)
    assert facts["orientation"] in range(1, 9)
    assert set(findings) <= {"photo_exif_broken", "photo_place_broken", "photo_time_broken"}
