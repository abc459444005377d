"""Photos that were used before are found, however they were copied; different ones are not."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageEnhance

from layers.photos.likeness import bits_apart, reuse_problems, reused
from layers.photos.photo import Photo
from layers.photos.work import hashes
from layers.standards import policy
from tests.layers.photos.pictures import scene

MANY = 120
SCENES = [scene(n) for n in range(MANY)]
HASHES = [hashes(one) for one in SCENES]
SAME = int(policy()["photo_same_bits"])


def photo(bits: list[int], sha256: str = "f" * 64) -> Photo:
    return Photo(
        folder=Path(), sha256=sha256, kind="JPEG", size_bytes=1, extra_bytes=0, width=1, height=1, lon=None, lat=None,
        accuracy_m=None, direction_deg=None, taken_at=None, offset_minutes=None, bits=tuple(bits),
        findings=(), drawn={},
    )  # fmt: skip


def known() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "sha256": [f"{n:064x}" for n in range(MANY)],
            "issue_id": [f"I{n:03}" for n in range(MANY)],
            "role": "before",
            "bits": np.array([one[0] for one in HASHES], dtype=np.uint64),
        }
    )


def compressed(picture: Image.Image, quality: int) -> Image.Image:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return Image.open(out)


COPIES = {
    "the same": lambda one: one,
    "grey": lambda one: one.convert("L"),
    "compressed hard": lambda one: compressed(one, 20),
    "small": lambda one: one.resize((160, 120)),
    "large": lambda one: one.resize((1920, 1440), Image.Resampling.BICUBIC),
    "stretched": lambda one: one.resize((480, 480)),
    "turned left": lambda one: one.transpose(Image.Transpose.ROTATE_90),
    "turned over": lambda one: one.transpose(Image.Transpose.ROTATE_180),
    "turned right": lambda one: one.transpose(Image.Transpose.ROTATE_270),
    "mirrored": lambda one: one.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "mirrored and turned": lambda one: one.transpose(Image.Transpose.TRANSVERSE),
}
HARD = {
    "brighter": lambda one: ImageEnhance.Brightness(one).enhance(1.15),
    "small, turned and compressed": lambda one: compressed(one.resize((200, 150)).transpose(Image.Transpose.ROTATE_90), 40),
}  # fmt: skip


def counted(change: Callable[[Image.Image], Image.Image]) -> tuple[int, int]:
    """Count the copies that are found, and all that are called alike."""
    table, found, right = known(), 0, 0
    for number in range(0, MANY, 2):
        alike = reused(photo(hashes(change(SCENES[number]))), table, issue_id="new", role="after")
        found += len(alike)
        right += any(each.issue_id == f"I{number:03}" for each in alike)
    return right, found


@pytest.mark.parametrize("name", COPIES)
def test_copies_are_found_and_only_their_originals(name: str) -> None:
    assert counted(COPIES[name]) == (MANY // 2, MANY // 2)


@pytest.mark.parametrize("name", HARD)
def test_most_copies_that_were_changed_in_several_ways_are_found(name: str) -> None:
    right, found = counted(HARD[name])
    assert right == found >= 0.95 * MANY // 2


def test_different_pictures_are_far_apart() -> None:
    stored = known()["bits"].to_numpy()
    apart = np.array([bits_apart(one, stored) for one in HASHES])
    others = apart[~np.eye(MANY, dtype=bool)]
    assert others.min() > SAME
    assert np.diag(apart).max() == 0


def test_views_of_one_place_count_only_for_other_issues() -> None:
    table = known()
    one = photo(HASHES[4])
    assert not reused(one, table, issue_id="I004", role="after")
    (alike,) = reused(one, table, issue_id="I007", role="after")
    assert (alike.issue_id, alike.apart, alike.exact) == ("I004", 0, False)


def test_the_very_file_is_told_apart_from_one_like_it() -> None:
    table = known()
    same = photo(HASHES[4], sha256=f"{4:064x}")
    (other,) = reused(same, table, issue_id="I007", role="after")
    (twice,) = reused(same, table, issue_id="I004", role="after")
    assert other.exact
    assert twice.exact
    assert not reused(same, table, issue_id="I004", role="before")
    (alike,) = reused(photo(HASHES[4]), table, issue_id="I007", role="after")
    problems = [
        *reuse_problems(same, [other, alike], issue_id="I007", role="after"),
        *reuse_problems(same, [twice], issue_id="I004", role="after"),
    ]
    assert [one.code for one in problems] == ["photo_reused", "photo_alike", "photo_twice"]
    assert [(one.row, one.column) for one in problems] == [("I007", "after"), ("I007", "after"), ("I004", "after")]
    assert "I004" in problems[0].found.zh
    assert "100%" in problems[1].found.en


def test_pictures_that_show_nothing_are_like_no_other() -> None:
    ramp = Image.linear_gradient("L")
    for flat in (Image.new("RGB", (99, 99), "white"), Image.effect_noise((640, 480), 4), ramp):
        assert not any(hashes(flat))
    table = known()
    table.loc[0, "bits"] = 0
    assert not reused(photo([0] * 8), table, issue_id="new", role="before")
    table["bits"] = table["bits"].astype("UInt64")
    table.loc[1, "bits"] = pd.NA
    assert not reused(photo(HASHES[1]), table, issue_id="new", role="before")
    assert reused(photo(HASHES[2]), table, issue_id="new", role="before")
    assert reused(photo(HASHES[2]), table.iloc[:0], issue_id="new", role="before") == ()


def test_a_workspace_has_its_own_limit(tmp_path: Path) -> None:
    (tmp_path / "standards").mkdir()
    rows = "key,value,source,confidence\nphoto_same_bits,0,trial,P\n"
    (tmp_path / "standards" / "policy.csv").write_text(rows, encoding="utf-8")
    near = [HASHES[2][0] ^ 1, *HASHES[2][1:]]
    assert reused(photo(near), known(), issue_id="new", role="before")
    assert not reused(photo(near), known(), issue_id="new", role="before", folder=tmp_path)


def test_a_hundred_thousand_photos_are_compared() -> None:
    rng = np.random.default_rng(3)
    bits = rng.integers(1, 2**63, 100_000, dtype=np.uint64)
    table = pd.DataFrame(
        {"sha256": [f"{n:064x}" for n in range(len(bits))], "issue_id": "old", "role": "before", "bits": bits}
    )
    (found,) = reused(photo([int(bits[777]) ^ 0b101, *HASHES[0][1:]]), table, issue_id="new", role="after")
    assert (found.sha256, found.apart) == (f"{777:064x}", 2)


@given(st.integers(1, 2**64 - 1), st.lists(st.integers(1, 2**64 - 1), min_size=1, max_size=20))
@settings(deadline=None)
def test_bits_are_counted(one: int, stored: list[int]) -> None:
    apart = bits_apart([one, 0], np.array(stored, dtype=np.uint64))
    assert apart.tolist() == [(one ^ other).bit_count() for other in stored]


@given(st.integers(0, 10_000))
@settings(deadline=None, max_examples=25)
def test_positions_are_those_of_the_turned_picture(seed: int) -> None:
    """Turning changes which position comes first and nothing else."""
    square = scene(seed, (72, 72))
    for way in Image.Transpose:
        assert set(hashes(square.transpose(way))) == set(hashes(square))
