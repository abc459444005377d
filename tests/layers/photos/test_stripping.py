"""What leaves the workspace has pixels only: strings planted everywhere in a photo are in nothing that is shown."""

import io
import struct
import subprocess
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from layers.photos import shelf
from layers.photos.heads import head_of
from layers.photos.keeping import keep, stripped, thumbnail, view
from tests.layers.photos.pictures import (
    chunk,
    exif,
    gps_of,
    jpeg,
    png,
    scene,
    segment,
    webp,
    with_chunks,
    with_segments,
)

SECRET = b"Wang-Xiaoming-13800001111"
WORDS = SECRET.decode()
PICTURE = scene(5, (400, 300))


def notes() -> bytes:
    """Notes of a camera with the secret in the owner, a comment, a place, and a thumbnail's own comment."""
    inside = jpeg(scene(6, (64, 48)), comment=SECRET)
    parts = {0x9286: b"ASCII\0\0\0" + SECRET, 0x927C: SECRET, 0xA430: WORDS, 0x9003: "2025:06:01 08:00:00"}
    block = exif(
        main={315: WORDS, 270: WORDS, 0x9C9C: WORDS.encode("utf-16-le")},
        part=parts,
        gps={**gps_of(112.1, 32.1), 27: SECRET},
    )
    tiff = bytearray(block[6:] + bytes(len(block) % 2))
    order = ">" if tiff.startswith(b"MM") else "<"
    first = struct.unpack_from(f"{order}I", tiff, 4)[0]
    count = struct.unpack_from(f"{order}H", tiff, first)[0]
    struct.pack_into(f"{order}I", tiff, first + 2 + 12 * count, len(tiff))  # where the part with the thumbnail is
    where = len(tiff) + 2 + 24 + 4
    tiff += struct.pack(f"{order}HHHIIHHIII", 2, 0x0201, 4, 1, where, 0x0202, 4, 1, len(inside), 0)
    return b"Exif\0\0" + bytes(tiff + inside)


XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><dc:creator>' + SECRET + b"</dc:creator></rdf:RDF></x:xmpmeta>"
IPTC = (
    b"Photoshop 3.0\0"
    b"8BIM\x04\x04\0\0" + struct.pack(">I", 5 + len(SECRET)) + b"\x1c\x02\x50" + struct.pack(">H", len(SECRET)) + SECRET
)
PROFILE = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())


def planted_jpeg() -> bytes:
    data = with_segments(
        jpeg(PICTURE, exif=notes(), icc_profile=bytes(PROFILE) + SECRET),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP),
        segment(0xED, IPTC),
        segment(0xE5, SECRET),
        segment(0xE2, b"MPF\0" + SECRET),
        segment(0xFE, SECRET),
    )
    film = b"\0\0\0\x18ftypmp42" + SECRET
    return data + jpeg(scene(7, (64, 48)), comment=SECRET) + film


def planted_png() -> bytes:
    return (
        with_chunks(
            png(PICTURE, exif=notes(), icc_profile=bytes(PROFILE) + SECRET),
            chunk(b"tEXt", b"Author\0" + SECRET),
            chunk(b"zTXt", b"Comment\0\0" + zlib.compress(SECRET)),
            chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP),
            chunk(b"prVt", SECRET),
        )
        + SECRET
    )


def planted_webp() -> bytes:
    return webp(PICTURE, exif=notes(), xmp=XMP, icc_profile=bytes(PROFILE) + SECRET) + SECRET


@pytest.mark.parametrize("plant", [planted_jpeg, planted_png, planted_webp])
def test_nothing_planted_is_in_anything_shown(tmp_path: Path, plant: object) -> None:
    data = plant()  # type: ignore[operator]
    assert data.count(SECRET) >= 5
    photo = keep(tmp_path, data, name=f"{WORDS}.jpg")
    assert photo.lon == pytest.approx(112.1)
    assert photo.findings == ("photo_extra",)
    for content in (stripped(photo), view(photo), thumbnail(photo)):
        for secret in (
            SECRET,
            WORDS.encode("utf-16-le"),
            b"138",
            b"Exif",
            b"xmpmeta",
            b"ICC_PROFILE",
            b"8BIM",
            b"2025:",
        ):
            assert secret not in content
        head = head_of(content, "a")
        assert head.parts.end == len(content)
        assert all(one.startswith(b"JFIF\0") for one in head.parts.notes)
    facts = shelf.place(tmp_path, photo.sha256, ".json").read_bytes()
    assert SECRET not in facts
    assert shelf.original(tmp_path, photo.sha256) == data


def test_the_pixels_stay(tmp_path: Path) -> None:
    photo = keep(tmp_path, planted_png())
    with Image.open(io.BytesIO(stripped(photo))) as shown:
        assert shown.size == PICTURE.size
        away = np.asarray(shown).astype(int) - np.asarray(PICTURE)
    assert np.abs(away).mean() < 3
    assert stripped(photo) == stripped(photo)


def test_colours_of_another_profile_are_converted_to_srgb(tmp_path: Path) -> None:
    grey = Image.new("RGB", (64, 64), (128, 128, 128))
    linear = bytes(PROFILE)  # the same profile changes nothing
    photo = keep(tmp_path, png(grey, icc_profile=linear))
    with Image.open(io.BytesIO(stripped(photo))) as shown:
        assert max(abs(c - 128) for c in shown.getpixel((32, 32))) <= 1  # type: ignore[union-attr]
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    other = keep(tmp_path, png(grey, icc_profile=lab))  # does not fit: the pixels are taken as they are
    with Image.open(io.BytesIO(stripped(other))) as shown:
        assert max(abs(c - 128) for c in shown.getpixel((32, 32))) <= 1  # type: ignore[union-attr]


def test_no_file_of_the_workspace_but_the_original_tells_who(tmp_path: Path) -> None:
    photo = keep(tmp_path, planted_jpeg(), name=f"{WORDS}.jpg")
    found = subprocess.run(["grep", "-rl", WORDS, str(tmp_path)], capture_output=True, text=True, check=True)
    assert found.stdout.split() == [str(shelf.original_path(tmp_path, photo.sha256))]
