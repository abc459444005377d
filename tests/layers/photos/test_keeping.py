"""Photos in a workspace: kept once and whole, proven by their sums, drawn anew where that is gone."""

import errno
import hashlib
import io
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
import zlib
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from geo import sandbox
from geo.errors import DataError
from layers.photos import keeping, shelf, work
from layers.photos.exif import read_exif
from layers.photos.heads import head_of
from layers.photos.keeping import keep, photo_of, stripped, thumbnail, view
from layers.photos.photo import Photo, from_json, made
from tests.layers.photos.pictures import exif, gps_of, jpeg, png, scene, webp

ATTACKS = Path(__file__).parents[2] / "data" / "intake" / "attacks"
ROOT = Path(__file__).parents[3]
NOTES = exif(main={0x0112: 6}, part={0x9003: "2025:06:01 08:30:15", 0x9011: "+08:00"}, gps=gps_of(112.14, 32.04))
DATA = jpeg(scene(1, (1600, 1200)), exif=NOTES)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Photo:
    return keep(tmp_path_factory.mktemp("workspace"), DATA, name="IMG_0001.JPG")


@pytest.fixture
def here(first: Photo, tmp_path: Path) -> Photo:
    """A copy of a workspace with one photo, to be spoiled."""
    subprocess.run(["cp", "-r", f"{first.folder}/.", str(tmp_path)], check=True)
    return photo_of(tmp_path, first.sha256)


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def refusal(call: object, *args: object) -> str:
    with pytest.raises(DataError) as told:
        call(*args)  # type: ignore[operator]
    (problem,) = told.value.problems
    return problem.code


def test_a_photo_lies_under_the_sum_of_its_bytes(first: Photo) -> None:
    sha256 = hashlib.sha256(DATA).hexdigest()
    home = f"photos/{sha256[:2]}/{sha256[2:4]}/{sha256}"
    found = files(first.folder)
    assert set(found) == {f"{home}{end}" for end in (".jpg", ".json", ".320.jpg", ".1280.jpg")}
    assert found[f"{home}.jpg"] == DATA
    assert first.sha256 == sha256
    assert (first.kind, first.width, first.height, first.size_bytes) == ("JPEG", 1200, 1600, len(DATA))
    assert first.taken_at == datetime.fromisoformat("2025-06-01T08:30:15")
    assert first.offset_minutes == 480
    assert first.lon == pytest.approx(112.14)
    assert first.findings == ()
    assert list(shelf.sums(first.folder)) == [sha256]
    assert not shelf.verified(first.folder)


def test_the_same_bytes_twice_are_kept_once(first: Photo) -> None:
    before = {p: p.stat().st_mtime_ns for p in first.folder.rglob("*")}
    assert keep(first.folder, DATA, name="another.jpg") == first
    assert {p: p.stat().st_mtime_ns for p in first.folder.rglob("*")} == before


def test_the_same_photo_gives_the_same_bytes_everywhere(first: Photo, tmp_path: Path) -> None:
    keep(tmp_path, DATA)
    assert files(tmp_path) == files(first.folder)


def test_views_are_upright_small_and_bare(first: Photo) -> None:
    for content, size in ((thumbnail(first), (240, 320)), (view(first), (960, 1280))):
        with Image.open(io.BytesIO(content)) as picture:
            assert picture.format == "JPEG"
            assert picture.size == size
            assert not picture.getexif()
            assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}


def test_what_was_drawn_is_drawn_again_if_it_is_gone_or_changed(here: Photo) -> None:
    whole = files(here.folder)
    for end in (".json", ".320.jpg", ".1280.jpg"):
        path = shelf.place(here.folder, here.sha256, end)
        path.unlink()
        assert photo_of(here.folder, here.sha256) == here
        thumbnail(here)
        view(here)
        assert files(here.folder) == whole
    path.write_bytes(whole[path.relative_to(here.folder).as_posix()][:-1] + b"x")
    assert view(here) == whole[path.relative_to(here.folder).as_posix()]
    assert files(here.folder) == whole


def test_bit_flips_are_never_used_in_silence(here: Photo) -> None:
    rng = np.random.default_rng(1)
    path = shelf.original_path(here.folder, here.sha256)
    for at in rng.integers(0, len(DATA), 100):
        spoiled = bytearray(DATA)
        spoiled[at] ^= 1 << int(rng.integers(8))
        path.write_bytes(spoiled)
        assert refusal(shelf.original, here.folder, here.sha256) == "photo_changed"
    assert refusal(stripped, here) == "photo_changed"
    (problem,) = shelf.verified(here.folder)
    assert (problem.code, problem.file) == ("photo_changed", path.name)
    facts = shelf.place(here.folder, here.sha256, ".json")
    whole = facts.read_bytes()
    for at in range(len(whole)):
        spoiled = bytearray(whole)
        spoiled[at] ^= 1 << int(rng.integers(8))
        assert from_json(bytes(spoiled), here.folder, here.sha256) in (None, here)
    assert keep(here.folder, DATA) == here  # handing it in again mends it
    assert not shelf.verified(here.folder)


def test_a_photo_that_is_gone_is_told(here: Photo) -> None:
    shelf.original_path(here.folder, here.sha256).unlink()
    assert refusal(stripped, here) == "photo_gone"
    assert refusal(photo_of, here.folder, here.sha256) == "photo_gone"
    assert refusal(photo_of, here.folder, "0" * 64) == "photo_gone"


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63 + "/", f"{'0' * 64}\n"])
def test_no_name_leads_out_of_the_folder(here: Photo, name: str) -> None:
    assert refusal(photo_of, here.folder, name) == "photo_gone"


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_kinds_are_kept_as_they_are_and_shown_as_jpeg(tmp_path: Path, kind: str) -> None:
    picture = scene(4, (300, 200)).convert("RGBA")
    picture.putalpha(0)
    data = png(picture) if kind == "PNG" else webp(picture, lossless=True)
    photo = keep(tmp_path, data)
    assert shelf.original(tmp_path, photo.sha256) == data
    with Image.open(io.BytesIO(thumbnail(photo))) as shown:
        assert (shown.format, shown.size) == ("JPEG", (300, 200))
        assert shown.getpixel((150, 100)) == (255, 255, 255)  # what is transparent is white
    assert photo.findings == ("photo_flat",)


def test_deep_greys_keep_their_shades(tmp_path: Path) -> None:
    ramp = np.tile(np.linspace(0, 65535, 256).astype(np.uint16), (64, 1))
    photo = keep(tmp_path, png(Image.fromarray(ramp)))
    with Image.open(io.BytesIO(stripped(photo))) as shown:
        assert np.abs(np.asarray(shown)[32, :, 0].astype(int) - np.arange(256)).max() <= 2


def test_the_attack_files(tmp_path: Path) -> None:
    photo = keep(tmp_path, (ATTACKS / "photo_exif_gps_owner.jpg").read_bytes())
    assert photo.lon == pytest.approx(112.1405)
    assert not any(word in stripped(photo) for word in (b"PhoneMaker", b"2025:06:01", b"Exif"))
    for name in ("photo_png_bomb.png", "photo_html_polyglot.jpg"):
        with pytest.raises(DataError):
            keep(tmp_path / "none", (ATTACKS / name).read_bytes())
    assert not (tmp_path / "none").exists()


def test_a_picture_that_only_decoding_shows_broken_is_refused_and_not_kept(tmp_path: Path) -> None:
    data = png(scene(1, (64, 48)))
    at = data.index(b"IDAT")
    short = zlib.compress(bytes(100))
    size = int.from_bytes(data[at - 4 : at])
    body = len(short).to_bytes(4) + b"IDAT" + short
    spoiled = data[: at - 4] + body + zlib.crc32(body[4:]).to_bytes(4) + data[at + 8 + size :]
    assert refusal(keep, tmp_path, spoiled) == "photo_damaged"
    assert not files(tmp_path)


def test_limits_of_the_worker_are_told(tmp_path: Path) -> None:
    for limits in (sandbox.Limits(seconds=0.01), sandbox.Limits(answer_bytes=100)):
        with pytest.raises(DataError) as told:
            keep(tmp_path, DATA, name="a.jpg", limits=limits)
        (problem,) = told.value.problems
        assert (problem.code, problem.file) == ("photo_heavy", "a.jpg")
        assert not files(tmp_path)


def test_a_worker_that_crashes_is_a_damaged_photo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def crashed(*_: object, **__: object) -> sandbox.Answer:
        failure = sandbox._failure("a.jpg", "crash")
        raise failure

    monkeypatch.setattr(sandbox, "run", crashed)
    assert refusal(keep, tmp_path, DATA) == "photo_damaged"
    assert not files(tmp_path)


@pytest.mark.parametrize("spoil", ["html", "edge", "notes", "base64", "type", "bits", "lon", "size"])
def test_a_worker_that_was_taken_over_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, spoil: str
) -> None:
    with_file = keep(tmp_path / "good", DATA)
    sound = {"lon": 1.0, "lat": 2.0, "accuracy_m": None, "direction_deg": None, "taken_at": None, "offset_minutes": None,
             "width": 1, "height": 1, "bits": ["0" * 16] * 8, "findings": [],
             "view": b64encode(view(with_file)).decode(), "thumbnail": b64encode(thumbnail(with_file)).decode()}  # fmt: skip
    changes: dict[str, object] = {
        "html": {"view": b64encode(b"<html>").decode()},
        "edge": {"thumbnail": sound["view"]},
        "notes": {"view": b64encode(jpeg(scene(1, (64, 48)), exif=NOTES)).decode()},
        "base64": {"view": "?"},
        "bits": {"bits": ["0" * 16] * 7},
        "lon": {"lon": float("nan")},
        "size": {"width": -1},
    }
    head: object = [] if spoil == "type" else {**sound, **changes[spoil]}  # type: ignore[dict-item]
    monkeypatch.setattr(sandbox, "run", lambda *_, **__: sandbox.Answer(head, (), 0.0, 0))
    with pytest.raises(DataError):
        keep(tmp_path / "bad", DATA)
    assert not (tmp_path / "bad").exists()


def test_facts_of_strangers_are_not_believed(first: Photo) -> None:
    facts = json.loads(shelf.place(first.folder, first.sha256, ".json").read_text())["facts"]
    assert made(first.folder, facts) == first
    for name, value in {"kind": "SVG", "lat": None, "findings": ["x"], "size_bytes": True, "sha256": "../x"}.items():
        with pytest.raises(ValueError, match=r"^$"):
            made(first.folder, {**facts, name: value})


def _failing_at(monkeypatch: pytest.MonkeyPatch, at: int, number: int) -> None:
    """Have the k-th call that changes the disk fail."""
    calls = iter(range(1, 10_000))

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def counting(*args: Any, **options: Any) -> Any:
            if next(calls) == at:
                raise OSError(number, os.strerror(number))
            return call(*args, **options)

        return counting

    for name in ("open", "fsync", "mkdir", "replace"):
        monkeypatch.setattr(os, name, counted(getattr(os, name)))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_a_disk_that_fails_at_any_step_gives_one_clear_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, first: Photo, number: int
) -> None:
    answer = keeping._asked("derive", head_of(DATA, "a"), "a", None)
    monkeypatch.setattr(keeping, "_asked", lambda *_: answer)
    whole, codes = files(first.folder), []
    for at in range(1, 50):
        folder = tmp_path / str(at)
        folder.mkdir()
        with monkeypatch.context() as patch:
            _failing_at(patch, at, number)
            try:
                keep(folder, DATA)
            except DataError as error:
                codes.append([one.code for one in error.problems])
            else:
                break
        assert set(files(folder).items()) <= set(whole.items())  # nothing half, nothing left behind
        keep(folder, DATA)
        assert files(folder) == whole
    assert len(codes) == at - 1 > 15
    assert all(one == ["photo_unwritable"] for one in codes)


WRITER = """
import sys
from pathlib import Path
from typing import Any
from layers.photos import keeping, shelf
from layers.photos.heads import head_of
from tests.layers.photos.pictures import jpeg, scene
answer = keeping._asked("derive", head_of(jpeg(scene(0, (64, 48))), "a"), "a", None)
keeping._asked = lambda *_: answer
for number in range(10_000):
    photo = keeping.keep(Path(sys.argv[1]), jpeg(scene(number, (64, 48))))
    print(photo.sha256, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_kills_at_random_moments_leave_whole_photos(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    acknowledged: set[str] = set()
    for number in range(4):
        folder = tmp_path / str(number)
        command = [sys.executable, "-c", WRITER, str(folder)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout
            acknowledged = {writer.stdout.readline().strip()}
            time.sleep(float(rng.uniform(0, 0.2)))
            writer.send_signal(signal.SIGKILL)
            acknowledged |= {line.strip() for line in writer.stdout if line.endswith("\n")}
        assert acknowledged <= set(shelf.sums(folder))
        assert not shelf.verified(folder)
        for sha256 in list(shelf.sums(folder))[-2:]:
            assert thumbnail(photo_of(folder, sha256))


@pytest.mark.skipif(os.name != "posix", reason="forks")
def test_many_at_once_keep_the_same_photo(tmp_path: Path, first: Photo) -> None:
    fork = multiprocessing.get_context("spawn")
    with fork.Pool(3) as pool:
        photos = pool.starmap(keep, [(tmp_path, DATA)] * 3)
    assert {one.sha256 for one in photos} == {first.sha256}
    assert files(tmp_path) == files(first.folder)


PLACES = {1: "top left", 2: "top right", 3: "bottom right", 4: "bottom left", 5: "left top", 6: "right top",
          7: "right bottom", 8: "left bottom"}  # fmt: skip
"""Where the first row and the first column of a file are seen, as the standard says it."""


def seen_at(side: str, number: int, high: int, wide: int) -> tuple[str, int]:
    match side:
        case "top":
            return "row", number
        case "bottom":
            return "row", high - 1 - number
        case "left":
            return "column", number
        case _:
            return "column", wide - 1 - number


@pytest.mark.parametrize("orientation", PLACES)
def test_each_orientation_is_turned_to_the_pixel(tmp_path: Path, orientation: int) -> None:
    upright = np.arange(5 * 7 * 3, dtype=np.uint8).reshape(5, 7, 3) * 2
    high, wide = upright.shape[:2]
    turned = orientation >= 5
    stored = np.zeros((wide, high, 3) if turned else (high, wide, 3), dtype=np.uint8)
    of_row, of_column = PLACES[orientation].split()
    for row in range(stored.shape[0]):
        for column in range(stored.shape[1]):
            where = dict([seen_at(of_row, row, high, wide), seen_at(of_column, column, high, wide)])
            stored[row, column] = upright[where["row"], where["column"]]
    head = head_of(png(Image.fromarray(stored), exif=exif(main={0x0112: orientation})), "a")
    (tmp_path / work.PICTURE).write_bytes(head.parts.clean)
    read = read_exif(head.parts.exif)[0]["orientation"]
    assert np.array_equal(np.asarray(work._upright(tmp_path, "PNG", "a", read)), upright)


@pytest.mark.parametrize("orientation", [3, 6])
def test_a_turned_photo_is_shown_upright(tmp_path: Path, orientation: int) -> None:
    picture = Image.new("RGB", (64, 64), "white")
    picture.paste("red", (0, 0, 64, 16))
    back = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90}[orientation]
    photo = keep(tmp_path, jpeg(picture.transpose(back), exif=exif(main={0x0112: orientation})))
    for content in (thumbnail(photo), stripped(photo)):
        with Image.open(io.BytesIO(content)) as shown:
            assert np.abs(np.asarray(shown).astype(int)[4, 32] - (255, 0, 0)).max() < 40
