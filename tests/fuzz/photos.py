"""Photos to be fuzzed: small ones of each kind, and changes that get past the sums of a PNG."""

import random
import zlib
from collections.abc import Sequence
from pathlib import Path

from tests.fuzz.mutation import changed

TOKENS = [b"\xff\xd8", b"\xff\xd9", b"\xff\xda", b"\xff\xe1", b"\xff\xc2", b"Exif\0\0", b"II*\0", b"MM\0*", b"IHDR", b"IDAT", b"IEND", b"eXIf", b"iCCP", b"VP8X", b"VP8L", b"ALPH", b"\x88\x25", b"\x25\x88", b"\x69\x87", b"\x87\x69"]  # fmt: skip
_START = 8


def read(path: Path) -> object:
    """Look at a photo as it is handed in, then as the worker does, in this process."""
    from layers.photos.heads import head_of  # noqa: PLC0415 (heavy)
    from layers.photos.photo import made  # noqa: PLC0415 (heavy)
    from layers.photos.work import NOTES, PICTURE, looked_at  # noqa: PLC0415 (heavy)

    head = head_of(path.read_bytes(), path.name)
    (path.parent / PICTURE).write_bytes(head.parts.clean)
    (path.parent / NOTES).write_bytes(head.parts.exif)
    found = looked_at(path.parent, head.kind, path.name)
    own = {"sha256": "0" * 64, "kind": head.kind, "size_bytes": 1, "extra_bytes": head.extra, "drawn": {}}
    return made(Path(), {**found, **own})  # what is read must be fit to be kept


def seeds() -> list[bytes]:
    """Give small photos with what a phone adds to them."""
    from PIL import ImageCms  # noqa: PLC0415 (heavy)

    from tests.layers.photos.pictures import exif, gps_of, jpeg, png, scene, webp  # noqa: PLC0415 (heavy)

    notes = exif(main={0x0112: 6}, part={0x9003: "2025:06:01 08:30:15", 0x9011: "+08:00"}, gps=gps_of(112.1, 32.0))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    made = [write(scene(1, (24, 18)), exif=notes) for write in (jpeg, png, webp)]
    made += [write(scene(2, (24, 18)), icc_profile=profile) for write in (jpeg, png, webp)]
    see_through = scene(4, (24, 18)).convert("RGBA")
    see_through.putalpha(100)
    return [*made, jpeg(scene(2, (24, 18)), progressive=True), png(scene(3, (24, 18)).convert("P")),
            png(see_through), webp(see_through), webp(see_through, lossless=True),
            jpeg(scene(5, (24, 18)).convert("CMYK")), jpeg(scene(5, (24, 18)).convert("L"))]  # fmt: skip


def changed_photo(content: bytes, others: Sequence[bytes], tokens: Sequence[bytes], rng: random.Random) -> bytes:
    """Change a photo; the chunks of a PNG mostly get the sums of what they hold now."""
    made = changed(content, others, tokens, rng)
    return _summed(made) if made.startswith(b"\x89PNG") and rng.random() < 0.9 else made


def _summed(content: bytes) -> bytes:
    made, at = bytearray(content), _START
    while at + 12 <= len(made):
        stop = at + 8 + int.from_bytes(made[at : at + 4])
        if stop + 4 > len(made):
            break
        made[stop : stop + 4] = zlib.crc32(made[at + 4 : stop]).to_bytes(4)
        at = stop + 4
    return bytes(made)
