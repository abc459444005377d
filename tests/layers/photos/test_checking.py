"""What a photo says of itself against its issue: times and places, told and never refused."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from layers.photos.checking import Spot, Subject, checked, local_time, metres
from layers.photos.photo import Photo
from layers.photos.roles import REACH_WORDS, ROLE_WORDS, Reach, Role

REPORTED = datetime.fromisoformat("2025-06-01T09:00")
FIXED = datetime.fromisoformat("2025-06-03T16:00")
NOW = datetime.fromisoformat("2025-06-04T12:00")
ISSUE = Subject("I001", REPORTED, FIXED, 500_000.0, 3_500_000.0, "G1")
HERE = Spot(500_010.0, 3_500_000.0, "G1")


def photo(taken: datetime | None = REPORTED, **changes: Any) -> Photo:
    facts: dict[str, Any] = {
        "folder": Path(), "sha256": "a" * 64, "kind": "JPEG", "size_bytes": 1, "extra_bytes": 0, "width": 1, "height": 1,
        "lon": 112.0, "lat": 32.0, "accuracy_m": None, "direction_deg": None, "taken_at": taken, "offset_minutes": None,
        "bits": (1,) * 8, "findings": (), "drawn": {},
    }  # fmt: skip
    return Photo(**facts | changes)


def codes(one: Photo, role: Role, *, issue: Subject = ISSUE, spot: Spot | None = HERE, **more: Any) -> list[str]:
    found = checked(one, issue, role=role, as_of=NOW, spot=spot, **more)
    assert all((p.severity, p.row, p.column, p.file) == ("warning", "I001", role, "a" * 12) for p in found)
    assert all(p.found.zh and p.found.en for p in found)
    return [p.code for p in found]


BEFORE, DURING, AFTER = Role.BEFORE, Role.DURING, Role.AFTER
DAYS, MINUTES = timedelta(days=1), timedelta(minutes=1)
TIMES = [
    (REPORTED, BEFORE, []),
    (REPORTED - 30 * DAYS, BEFORE, []),
    (REPORTED - 30 * DAYS - MINUTES, BEFORE, ["photo_old"]),
    (REPORTED + DAYS, BEFORE, []),
    (FIXED + 10 * MINUTES, BEFORE, []),
    (FIXED + 11 * MINUTES, BEFORE, ["photo_after_fix"]),
    (REPORTED - 11 * MINUTES, AFTER, ["photo_before_report"]),
    (REPORTED - 10 * MINUTES, AFTER, []),
    (REPORTED - DAYS, DURING, ["photo_before_report"]),
    (FIXED, AFTER, []),
    (NOW + 10 * MINUTES, AFTER, []),
    (NOW + 11 * MINUTES, AFTER, ["photo_future"]),
    (NOW + 400 * DAYS, BEFORE, ["photo_future"]),
]


@pytest.mark.parametrize(("taken", "role", "expected"), TIMES)
def test_times(taken: datetime, role: Role, expected: list[str]) -> None:
    assert codes(photo(taken), role) == expected


def test_an_issue_that_is_not_fixed_yet() -> None:
    assert codes(photo(FIXED + DAYS / 4), BEFORE, issue=ISSUE._replace(fixed_at=None)) == []


def test_a_phone_on_the_time_of_another_country() -> None:
    abroad = photo(REPORTED - timedelta(hours=8), offset_minutes=0)
    assert codes(abroad, AFTER) == ["photo_before_report"]
    assert codes(abroad, AFTER, zone_minutes=480) == []
    assert local_time(abroad, 480) == REPORTED
    assert local_time(photo(offset_minutes=None), 480) == REPORTED
    assert local_time(photo(None), 480) is None


PLACES = [
    (Spot(500_100.0, 3_500_000.0, "G1"), None, []),
    (Spot(500_101.0, 3_500_000.0, "G1"), None, ["photo_far"]),
    (Spot(500_101.0, 3_500_000.0, "G1"), 5.0, []),
    (Spot(500_106.0, 3_500_000.0, "G1"), 5.0, ["photo_far"]),
    (Spot(500_050.0, 3_500_000.0, "G2"), None, ["photo_other_grid"]),
    (Spot(500_050.0, 3_500_000.0, None), None, ["photo_other_grid"]),
    (Spot(510_000.0, 3_500_000.0, None), None, ["photo_far", "photo_other_grid"]),
]


@pytest.mark.parametrize(("spot", "accuracy", "expected"), PLACES)
def test_places(spot: Spot, accuracy: float | None, expected: list[str]) -> None:
    assert codes(photo(accuracy_m=accuracy), BEFORE, spot=spot) == expected


def test_an_issue_without_a_place_is_compared_by_nothing() -> None:
    nowhere = Subject("I001", REPORTED)
    assert codes(photo(), BEFORE, issue=nowhere, spot=PLACES[-1][0]) == []


def test_what_a_photo_does_not_say_is_told() -> None:
    without_place: dict[str, Any] = {"lon": None, "lat": None}
    assert codes(photo(None, **without_place), BEFORE, spot=None) == ["photo_no_exif"]
    assert codes(photo(**without_place), BEFORE, spot=None) == ["photo_no_place"]
    assert codes(photo(None), BEFORE) == ["photo_no_time"]


def test_what_was_broken_in_the_file_is_told_once() -> None:
    without: dict[str, Any] = {"lon": None, "lat": None}
    assert codes(photo(None, findings=("photo_exif_broken",), **without), BEFORE, spot=None) == ["photo_exif_broken"]
    place = photo(findings=("photo_place_broken", "photo_extra"), extra_bytes=1234, **without)
    assert codes(place, BEFORE, spot=None) == ["photo_place_broken", "photo_extra"]
    assert codes(photo(None, findings=("photo_time_broken", "photo_flat")), BEFORE) == [
        "photo_time_broken",
        "photo_flat",
    ]
    assert "1,234" in place.problems()[1].found.zh


def test_limits_are_those_of_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "standards").mkdir()
    rows = "key,value,source,confidence\nphoto_far_m,5,trial,P\nphoto_old_days,0,trial,P\n"
    (tmp_path / "standards" / "policy.csv").write_text(rows, encoding="utf-8")
    one = photo(REPORTED - DAYS)
    assert codes(one, BEFORE) == []
    assert codes(one, BEFORE, folder=tmp_path) == ["photo_old", "photo_far"]


def test_places_come_in_metres_of_the_workspace() -> None:
    east, north = metres(photo(lon=111.0, lat=32.0), "EPSG:4546") or (0, 0)  # on its central meridian
    assert east == pytest.approx(500_000, abs=0.01)
    assert north == pytest.approx(3_541_852.4, abs=0.2)  # 111132.953 x 32 - 16038.509 sin 64 + 16.833 sin 128, by hand
    assert metres(photo(lon=None, lat=None), "EPSG:4546") is None


def test_roles_have_words() -> None:
    assert set(ROLE_WORDS) == set(Role)
    assert set(REACH_WORDS) == set(Reach)
    assert ROLE_WORDS[Role("after")].zh == "整改后"
