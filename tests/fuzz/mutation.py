"""Changes to files, by a fixed seed: bits, bytes, pieces, tokens of the format, parts of an archive."""

import io
import random
import sqlite3
import zipfile
from collections.abc import Callable, Sequence
from contextlib import closing, suppress

INTERESTING = (b"\0", b"\xff", b"\x7f", b"\x80", b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f",
               b"\0\0\xf0\x7f", b"\0\0\xf8\x7f", b"-1", b"1e308", b"NaN", b"999999999999999999999", b"\xed\xa0\x80", b"\xc4\xe3")  # fmt: skip
MOST_CHANGES = 6
PIECE = 64


def changed(content: bytes, others: Sequence[bytes], tokens: Sequence[bytes], rng: random.Random) -> bytes:
    """Change a file in a few places."""
    made = bytearray(content)
    for _ in range(rng.randint(1, MOST_CHANGES)):
        rng.choice(CHANGES)(made, others, tokens, rng)
    return bytes(made)


def changed_archive(content: bytes, others: Sequence[bytes], tokens: Sequence[bytes], rng: random.Random) -> bytes:
    """Change one part of a zip, or now and then the zip itself."""
    if rng.random() < 0.25:
        return changed(content, others, tokens, rng)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = rng.choice(sorted(parts))
    parts[name] = changed(parts[name], [*parts.values()], tokens, rng)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part)
    return out.getvalue()


def changed_geopackage(content: bytes, others: Sequence[bytes], tokens: Sequence[bytes], rng: random.Random) -> bytes:
    """Change one value of a GeoPackage and keep its pages sound, or now and then any of its bytes."""
    if rng.random() < 0.3:
        return changed(content, others, tokens, rng)
    with closing(sqlite3.connect(":memory:")) as store:
        store.deserialize(content)
        for _ in range(rng.randint(1, 3)):
            table = rng.choice(TABLES)
            columns = [str(row[1]) for row in store.execute(f"PRAGMA table_info({table})")]
            column, row = rng.choice(columns), rng.randint(1, 4)
            old = store.execute(f'SELECT "{column}" FROM {table} WHERE rowid = {row}').fetchone()  # noqa: S608
            value = old[0] if old else None
            raw = value if isinstance(value, bytes) else str(value).encode()
            new = changed(raw, [raw, *tokens], tokens, rng)
            with suppress(sqlite3.IntegrityError):
                loose = new if isinstance(value, bytes) else new.decode("utf-8", "replace")
                store.execute(f'UPDATE {table} SET "{column}" = ? WHERE rowid = {row}', (loose,))  # noqa: S608
        store.commit()
        return store.serialize()


TABLES = ("a", "a", "a", "gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys", "gpkg_extensions")


def _place(made: bytearray, rng: random.Random) -> int:
    """Choose a place, the head of the file more often than the rest."""
    size = max(len(made), 1)
    return rng.randrange(min(size, 512)) if rng.random() < 0.4 else rng.randrange(size)


def _flip(made: bytearray, _others: Sequence[bytes], _tokens: Sequence[bytes], rng: random.Random) -> None:
    if made:
        made[_place(made, rng)] ^= 1 << rng.randrange(8)


def _set(made: bytearray, _others: Sequence[bytes], _tokens: Sequence[bytes], rng: random.Random) -> None:
    at, value = _place(made, rng), rng.choice(INTERESTING)
    made[at : at + len(value)] = value


def _remove(made: bytearray, _others: Sequence[bytes], _tokens: Sequence[bytes], rng: random.Random) -> None:
    at = _place(made, rng)
    del made[at : at + rng.randint(1, PIECE)]


def _repeat(made: bytearray, _others: Sequence[bytes], _tokens: Sequence[bytes], rng: random.Random) -> None:
    at = _place(made, rng)
    made[at:at] = made[at : at + rng.randint(1, PIECE)] * rng.randint(1, 4)


def _splice(made: bytearray, others: Sequence[bytes], _tokens: Sequence[bytes], rng: random.Random) -> None:
    other = rng.choice(others)
    start, at = rng.randrange(max(len(other), 1)), _place(made, rng)
    piece = other[start : start + rng.randint(1, 4 * PIECE)]
    made[at : at + (len(piece) if rng.random() < 0.5 else 0)] = piece


def _token(made: bytearray, _others: Sequence[bytes], tokens: Sequence[bytes], rng: random.Random) -> None:
    if tokens:
        at = _place(made, rng)
        made[at : at + rng.randint(0, 8)] = rng.choice(tokens)


def _swap(made: bytearray, _others: Sequence[bytes], tokens: Sequence[bytes], rng: random.Random) -> None:
    """Put one token in the place of another."""
    present = [token for token in tokens if token in made]
    if present:
        old = rng.choice(present)
        at = made.find(old, _place(made, rng))
        at = at if at >= 0 else made.find(old)
        made[at : at + len(old)] = rng.choice(tokens)


def _cut(made: bytearray, _others: Sequence[bytes], _tokens: Sequence[bytes], rng: random.Random) -> None:
    if rng.random() < 0.3:
        del made[_place(made, rng) :]


Change = Callable[[bytearray, Sequence[bytes], Sequence[bytes], random.Random], None]
CHANGES: tuple[Change, ...] = (_flip, _set, _remove, _repeat, _splice, _token, _swap, _cut)
