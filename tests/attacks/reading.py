"""What came of reading a file, in a form that a table of expectations can hold."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from geo.errors import DataError, Problem
from layers.intake.source import Source
from layers.intake.upload.opening import open_upload

WORKERS = 2


class Outcome(NamedTuple):
    """The sources of a file, or the problems for which it was refused."""

    sources: Sequence[Source] = ()
    problems: Sequence[Problem] = ()

    def summary(self) -> dict[str, Any]:
        """Say it in short: the code of the refusal, or what each table holds."""
        if self.problems:
            return {"refused": self.problems[0].code}
        return {"tables": [_table(source) for source in self.sources]}

    def bytes(self) -> bytes:
        """Give all that a user of the outcome could see."""
        texts = [repr(source._replace(cells=None)) + source.cells.to_csv() for source in self.sources]  # type: ignore[arg-type]
        return "\n".join([*texts, *map(repr, self.problems)]).encode("utf-8", "replace")


def _table(source: Source) -> dict[str, Any]:
    short: dict[str, Any] = {"kind": source.kind, "rows": len(source.rows), "crs": source.crs}
    if source.part:
        short["part"] = source.part
    if source.lost:
        short["lost"] = [[row.row, row.code] for row in source.lost]
    notes = [note.code for note in source.notes]
    return short | ({"notes": notes} if notes else {})


def read(path: Path) -> Outcome:
    """Read a file as an upload."""
    try:
        return Outcome(sources=open_upload(path))
    except DataError as error:
        return Outcome(problems=error.problems)


def read_all(paths: Mapping[str, Path]) -> dict[str, Outcome]:
    """Read many, two at a time, as two users would."""
    with ThreadPoolExecutor(WORKERS) as pool:
        return dict(zip(paths, pool.map(read, paths.values()), strict=True))
