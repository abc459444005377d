"""The very files that tables were read from, also if they came in an archive, and copies packed together again."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from geo import archive
from geo.archive_entries import archive_fault
from geo.findings import names_found
from geo.text import Text
from layers.intake.source import SHEET, Source, member_of


@contextmanager
def originals_of(upload: Path, sources: Sequence[Source]) -> Iterator[Mapping[str, Path]]:
    """Give the files that tables were read from while the block lasts, by ``member_of``.

    Args:
        upload: what the user handed in, an archive or a file by itself.
        sources: the tables.

    Raises:
        DataError: the archive is not what it was when the tables were read.
    """
    if not any(map(member_of, sources)):
        yield {"": upload}
        return
    with tempfile.TemporaryDirectory(prefix="guatu-") as folder:
        members = archive.unpack(upload, Path(folder) / "parts", file=upload.name, documents=True)
        found = {one.name: one.path for one in members}
        gone = sorted(set(map(member_of, sources)) - found.keys())
        if gone:
            raise archive_fault(
                upload.name, "archive_damaged", Text("缺少 {names}", "no {names}").format(names=names_found(gone))
            )
        yield found


def as_in_file(source: Source) -> Source:
    """Give a table under the name that its sheet has in its own file."""
    return source._replace(part=source.facts.get(SHEET, source.part))


def copy_name(member: str, suffix: str, taken: Sequence[str]) -> str:
    """Name the copy of a file of an archive, unlike those that are taken."""
    stem = f"{PurePosixPath(member).stem}-rejected"
    names = [f"{stem}{suffix}", *(f"{stem}_{n}{suffix}" for n in range(2, len(taken) + 3))]
    used = {one.casefold() for one in taken}
    return next(name for name in names if name.casefold() not in used)
