"""Files as a browser hands them in, and those of them that belong together."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

BESIDE: Mapping[str, tuple[str, ...]] = {
    ".shp": (".shx", ".dbf", ".prj", ".cpg"),
    ".tab": (".dat", ".map", ".id", ".ind"),
    ".mif": (".mid",),
}
"""Files that belong to another one of the same name."""
_SUFFIX = re.compile(r"\.[a-z0-9]{1,10}")


class Upload(NamedTuple):
    """A file as a browser hands it in: a key of its own, the user's name for it, and how to get its bytes."""

    key: str
    name: str
    content: Callable[[], Any]


class Handed(NamedTuple):
    """One thing to import: its key, the user's name for it, and our copy (its parts lie beside it).

    ``member``: the file of an archive that is meant, "" for all of it.
    """

    key: str
    name: str
    path: Path
    member: str = ""


def stored(group: Sequence[Upload], home: Path) -> Handed:
    """Write the parts of one thing to import under names of ours."""
    for one in group:
        (home / f"upload{suffix(one.name)}").write_bytes(one.content())
    first = group[0]
    return Handed(first.key, first.name, home / f"upload{suffix(first.name)}")


def parted(file: Handed, members: Sequence[str]) -> tuple[Handed, ...]:
    """Give each file of an archive as a thing to import by itself; no members: the archive as it is."""
    each = [Handed(f"{file.key}#{at}", f"{file.name}/{one}", file.path, one) for at, one in enumerate(members)]
    return tuple(each) or (file,)


def upload_key(key: str) -> str:
    """Give the key of what was handed in, of which the thing with this key is a part or all."""
    return key.partition("#")[0]


def suffix(name: str) -> str:
    """Give the ending of a user's file name if it is a plain one."""
    found = Path(name).suffix.lower()
    return found if _SUFFIX.fullmatch(found) else ".dat"


def grouped(uploads: Sequence[Upload]) -> list[list[Upload]]:
    """Put the parts of a dataset (a shapefile and its .dbf, .prj ...) together, the main one first."""
    names = {one.key: (Path(one.name).stem.casefold(), suffix(one.name)) for one in uploads}
    heads = {(name, end): key for key, (name, end) in names.items() if end in BESIDE}
    groups: dict[str, list[Upload]] = {}
    for one in sorted(uploads, key=lambda one: names[one.key][1] not in BESIDE):
        name, end = names[one.key]
        head = next((key for (other, main), key in heads.items() if other == name and end in BESIDE[main]), one.key)
        groups.setdefault(head, []).append(one)
    order = {one.key: at for at, one in enumerate(uploads)}
    return [groups[key] for key in sorted(groups, key=order.__getitem__)]
