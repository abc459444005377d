"""What is refused without decoding, each with one problem, and what the decoder gets of the rest."""

import io
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from geo.errors import DataError
from layers.photos.faults import FAULTS
from layers.photos.heads import MOST_BYTES, head_of
from tests.layers.photos.pictures import chunk, exif, jpeg, png, scene, segment, webp, with_chunks, with_segments

ATTACKS = Path(__file__).parents[2] / "data" / "intake" / "attacks"
PHOTO = jpeg(scene(1, (64, 48)))
ICON = png(scene(1, (64, 48)))
WEB = webp(scene(1, (64, 48)))
HTML = b"<html><script>window.__xss=1</script></html>"


def refusal(data: bytes) -> str:
    with pytest.raises(DataError) as told:
        head_of(data, "a.jpg")
    (problem,) = told.value.problems
    assert problem.severity == "error"
    assert problem.file == "a.jpg"
    for words in (problem.found, problem.expected, problem.remedy):
        assert words.zh
        assert words.en
    return problem.code


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("a.txt", "a")
    return out.getvalue()


def moving(kind: str) -> bytes:
    out = io.BytesIO()
    frames = [scene(n, (32, 32)) for n in range(3)]
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


def png_head(wide: int, high: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", wide, high, 1, 0, 0, 0, 0))


def jpeg_size(wide: int, high: int) -> bytes:
    at = PHOTO.index(b"\xff\xc0")
    return PHOTO[: at + 5] + struct.pack(">HH", high, wide) + PHOTO[at + 9 :]


REFUSED = {
    "empty": (b"", "photo_kind"),
    "text": (b"hello", "photo_kind"),
    "html": (HTML, "photo_kind"),
    "svg": (b'<?xml version="1.0"?><svg onload="x()"/>', "photo_kind"),
    "gif": (b"GIF89a" + bytes(40), "photo_kind"),
    "tiff": (b"II*\0" + bytes(40), "photo_kind"),
    "pickle": (b"\x80\x04\x95" + bytes(40), "photo_kind"),
    "heic": (b"\0\0\0\x18ftypheic" + bytes(40), "photo_heic"),
    "heif": (b"\0\0\0\x18ftypmif1" + bytes(40), "photo_heic"),
    "film": (b"\0\0\0\x18ftypisom" + bytes(40), "photo_kind"),
    "bytes": (PHOTO + bytes(MOST_BYTES), "photo_bytes"),
    "jpeg pixels": (jpeg_size(60_000, 60_000), "photo_pixels"),
    "jpeg edge": (jpeg_size(60_000, 1), "photo_pixels"),
    "jpeg without pixels": (jpeg_size(0, 48), "photo_damaged"),
    "png bomb": ((ATTACKS / "photo_png_bomb.png").read_bytes(), "photo_pixels"),
    "page called jpg": ((ATTACKS / "photo_html_polyglot.jpg").read_bytes(), "photo_kind"),
    "html after jpeg": (PHOTO + HTML, "photo_disguised"),
    "html after png": (ICON + HTML, "photo_disguised"),
    "html after webp": (WEB + HTML, "photo_disguised"),
    "script in a comment": (with_segments(PHOTO, segment(0xFE, b"*/<SCRIPT>x()</script>")), "photo_disguised"),
    "script in exif": (jpeg(scene(1, (64, 48)), exif=exif(main={270: "<script>x()</script>"})), "photo_disguised"),
    "svg in a text of png": (with_chunks(ICON, chunk(b"tEXt", b"a\0<svg onload=x()>")), "photo_disguised"),
    "php after jpeg": (PHOTO + b"<?php system('id');", "photo_disguised"),
    "zip after jpeg": (PHOTO + archive(), "photo_disguised"),
    "zip in a comment of png": (with_chunks(ICON, chunk(b"zTXt", b"a")) + b"\0" * 9 + archive(), "photo_disguised"),
    "pdf in a comment": (with_segments(PHOTO, segment(0xFE, b"%PDF-1.4")), "photo_disguised"),
    "program after jpeg": (PHOTO + b"MZ" + bytes(60), "photo_disguised"),
    "moving png": (moving("PNG"), "photo_animated"),
    "moving webp": (moving("WEBP"), "photo_animated"),
    "two pictures in one jpeg": (PHOTO[:-2] + PHOTO[2:], "photo_damaged"),
    "png with a wrong sum": (ICON[:40] + bytes([ICON[40] ^ 1]) + ICON[41:], "photo_damaged"),
    "png without pixels": (png_head(8, 8) + chunk(b"IEND", b""), "photo_damaged"),
    "png with two heads": (with_chunks(ICON, ICON[8:33]), "photo_damaged"),
    "webp with two pictures": (WEB[:4] + struct.pack("<I", 2 * len(WEB) - 20) + WEB[8:] + WEB[12:], "photo_damaged"),
    "many scans": (PHOTO[:-2] + PHOTO[PHOTO.index(b"\xff\xda") : -2] * 201 + b"\xff\xd9", "photo_damaged"),
    "a scan of nothing but filling": (PHOTO[:-2] + b"\xff" * 8_000_000 + b"\0", "photo_truncated"),
    "nothing but filling": (PHOTO[:2] + b"\xff" * 8_000_000, "photo_truncated"),
    "markup after much filling": (PHOTO + b" " * 8_000_000 + HTML, "photo_disguised"),
    "many parts": (PHOTO[:2] + b"\xff\x01" * 70_000 + PHOTO[2:], "photo_damaged"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_plain_photo_is_refused_with_one_problem(name: str) -> None:
    data, code = REFUSED[name]
    assert refusal(data) == code


@pytest.mark.parametrize("data", [PHOTO, ICON, WEB], ids=["jpeg", "png", "webp"])
def test_a_photo_cut_anywhere_is_refused(data: bytes) -> None:
    step = max(1, len(data) // 200)
    codes = {refusal(data[:at]) for at in range(16, len(data) - 1, step)}
    assert codes <= {"photo_truncated", "photo_damaged"}
    assert "photo_truncated" in codes


def test_refusing_a_bomb_takes_no_memory() -> None:
    bomb = (ATTACKS / "photo_png_bomb.png").read_bytes()
    tracemalloc.start()
    refusal(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000  # 900 million pixels


@pytest.mark.parametrize(
    "rest",
    [b"\0" * 100, b"\r\n", b"\0\0\0\x18ftypmp42" + bytes(500), b'vivo{"a":1}', PHOTO, b"SEFH" + bytes(30) + b"SEFT"],
)
def test_what_phones_write_behind_a_photo_is_let_through_and_not_decoded(rest: bytes) -> None:
    head = head_of(PHOTO + rest, "a")
    assert head.parts.end == len(PHOTO)
    assert head.parts.clean == head_of(PHOTO, "a").parts.clean
    assert head.extra == (len(rest) if rest.strip(b"\0\r\n") else 0)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P"])
def test_the_decoder_gets_the_same_pixels(kind: str, mode: str) -> None:
    picture = scene(3, (61, 47)).convert(mode)
    if kind == "JPEG" and mode in {"RGBA", "P"}:
        picture = picture.convert("CMYK")
    out = io.BytesIO()
    picture.save(out, kind, exif=exif(main={0x10F: "PhoneMaker"}), quality=80)
    head = head_of(out.getvalue(), "a")
    assert (head.kind, head.parts.width, head.parts.height) == (kind, 61, 47)
    assert b"PhoneMaker" in head.parts.exif
    assert b"PhoneMaker" not in head.parts.clean
    with Image.open(out) as whole, Image.open(io.BytesIO(head.parts.clean)) as clean:
        assert clean.mode == whole.mode
        assert clean.tobytes() == whole.tobytes()


def test_progressive_and_restarted_jpegs_are_taken_apart_too() -> None:
    for options in ({"progressive": True}, {"restart_marker_blocks": 3}, {"optimize": True, "subsampling": 0}):
        data = jpeg(scene(2, (200, 150)), **options)
        assert head_of(data, "a").parts.end == len(data)


def test_every_fault_is_said_in_both_languages() -> None:
    for code, fault in FAULTS.items():
        assert code.startswith("photo_")
        assert fault.severity in {"error", "warning"}
        assert all((fault.expected.zh, fault.expected.en, fault.remedy.zh, fault.remedy.en))
