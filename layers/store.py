"""A columnar copy of an opened workspace, so that opening it again reads and checks nothing twice.

A copy lies in ``.cache`` inside the folder, in a folder of its own for each state of the files, the shipped
standards and Guatu's own format; a damaged one is made anew. The copy before stays, so that whoever has it
open can go on. All may be deleted at any time.
"""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from geo.errors import DataError, Problem
from geo.files import digest, whole_file
from geo.text import Text
from layers.columnar import checksum, read_table, write_table
from layers.problems import problem
from layers.standards import shipped_digests


class Opened(NamedTuple):
    """What opening a folder yields: tables and places by layer key, problems, hash of the files."""

    tables: Mapping[str, pd.DataFrame]
    places: Mapping[str, pd.DataFrame]
    problems: list[Problem]
    digest: str


FOLDER = ".cache"
FORMAT = 6
INDEX = "index.json"


class LazyTables(Mapping[str, pd.DataFrame]):
    """Tables by key, each read when it is first asked for."""

    def __init__(self, loaders: Mapping[str, Callable[[], pd.DataFrame]]) -> None:
        self._loaders = dict(loaders)
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, key: str) -> pd.DataFrame:
        if key not in self._read:
            self._read[key] = self._loaders[key]()
        return self._read[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaders)

    def __len__(self) -> int:
        return len(self._loaders)

    def __contains__(self, key: object) -> bool:
        return key in self._loaders


def files_of(folder: Path) -> list[Path]:
    """Every file that a workspace consists of, sorted."""
    patterns = ("*.toml", "*.gpkg", "rasters/*", "standards/*")
    return sorted(p for pattern in patterns for p in folder.glob(pattern) if p.is_file())


def stamp(folder: Path) -> str:
    """Size and time of change of every file that a workspace consists of, and the shipped standards."""
    marks = [f"{p.relative_to(folder)}:{p.stat().st_size}:{p.stat().st_mtime_ns}" for p in files_of(folder)]
    return "|".join([f"format {FORMAT}", _hash(*shipped_digests().items()), *marks])


def inputs(folder: Path) -> str:
    """SHA-256 of all that results come from: the files of the workspace and the shipped standards."""
    return _hash(digest(files_of(folder)), *shipped_digests().items())


def copy_folder(folder: Path) -> Path:
    """Where the copy of the present state lies, if there is one."""
    return folder / FOLDER / _hash(stamp(folder))[:16]


def _hash(*parts: object) -> str:
    return sha256(repr(parts).encode()).hexdigest()


def stored(folder: Path) -> Opened | None:
    """Give the stored copy, or None if there is no current and undamaged one."""
    home = copy_folder(folder)
    try:
        index = json.loads((home / INDEX).read_text(encoding="utf-8"))
        if index["stamp"] != stamp(folder) or _sums(home, index["sums"]) != index["sums"]:
            return None
        return _opened(home, index)
    except (OSError, ValueError, TypeError, KeyError):  # whatever is wrong with a copy, the originals are there
        return None


def _sums(home: Path, names: Iterable[str]) -> dict[str, str]:
    """Checksum of each file of the copy."""
    return {name: checksum(home / name) for name in names}


def _opened(home: Path, index: Mapping[str, Any]) -> Opened:
    tables = LazyTables({k: _reader(home / f"{k}.arrow") for k in index["tables"]})
    places = LazyTables({k: _reader(home / f"{k}.places.arrow") for k in index["places"]})
    problems = [_problem(row) for row in index["problems"]]
    return Opened(tables, places, problems, index["digest"])


def _problem(row: list[Any]) -> Problem:
    code, severity, file, where, column, found, expected, remedy = row
    return Problem(code, severity, file, where, column, Text(*found), Text(*expected), Text(*remedy))


def _reader(path: Path) -> Callable[[], pd.DataFrame]:
    def read() -> pd.DataFrame:
        try:
            return read_table(path)
        except OSError as error:
            place = "/".join(path.parts[-3:])
            raise DataError([problem("copy_gone", place, found=Text("没有此文件", "no such file"))]) from error

    return read


def store(folder: Path, opened: Opened) -> None:
    """Write the copy; a folder that cannot be written to, or a full disk, stays without one."""
    try:
        _store(folder, copy_folder(folder), opened)
    except OSError:  # the copy only saves time
        return


def adopt(folder: Path, other: Path) -> None:
    """Take over the copy of another folder, which has the same files as this one will have.

    Raises:
        OSError: there is none, or it cannot be moved.
    """
    copy = copy_folder(other)
    place = folder / FOLDER / copy.name
    place.parent.mkdir(exist_ok=True)
    shutil.rmtree(place, ignore_errors=True)
    copy.replace(place)
    _tidy(place)


def _store(folder: Path, home: Path, opened: Opened) -> None:
    home.mkdir(parents=True, exist_ok=True)
    (home / INDEX).unlink(missing_ok=True)
    written = {f"{key}.arrow": table for key, table in opened.tables.items()}
    written |= {f"{key}.places.arrow": where for key, where in opened.places.items()}
    index = {
        "stamp": stamp(folder),
        "sums": {name: _write(table, home / name) for name, table in written.items()},
        "digest": opened.digest,
        "tables": list(opened.tables),
        "places": list(opened.places),
        "problems": opened.problems,
    }
    with whole_file(home / INDEX) as path:
        path.write_text(json.dumps(index, ensure_ascii=False), encoding="utf-8")
    _tidy(home)


def _tidy(home: Path) -> None:
    """Remove what lies beside a copy, but for the newest other one: somebody may have it open."""
    others = [(one.is_dir(), one.stat().st_mtime_ns, one) for one in home.parent.iterdir() if one != home]
    for is_copy, _, old in sorted(others)[: -1 if any(is_copy for is_copy, _, _ in others) else None]:
        if is_copy:
            shutil.rmtree(old)
        else:
            old.unlink()


def _write(table: pd.DataFrame, path: Path) -> str:
    """Write one file and give its checksum, by which a half-written one is found out: it need not reach the disk yet."""
    write_table(table, path)
    return checksum(path)
