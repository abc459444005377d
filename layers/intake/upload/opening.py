"""Any uploaded file to its tables: the one door for files of strangers.

The file is copied under a name of ours into a folder of its own, where a worker (``geo.sandbox``) looks at its
content, unpacks it if need be, gives up writing, and reads it. Nothing of it is opened in this process.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from geo import sandbox
from geo.errors import DataError, GuatuError, Problem
from geo.findings import names_found, shown
from geo.text import Text
from geo.worker import Answer, Job
from layers.intake.rejects.own_columns import is_own_column
from layers.intake.source import Source
from layers.intake.spatial.faults import vector_problem
from layers.intake.upload.kinds import refusal
from layers.intake.upload.transit import packed, unpacked
from layers.intake.upload.unpacking import Dataset, datasets, told_apart

MOST_BYTES = 500_000_000
_SUFFIX = re.compile(r"\.[a-z0-9]{1,10}")
_PARTS = {
    ".shp": (".shx", ".dbf", ".prj", ".cpg"),
    ".tab": (".dat", ".map", ".id", ".ind"),
    ".mif": (".mid",),
}
_WITHOUT_TABLE = {"table_empty", "sheet_left_out"}
_JOURNALS = ("-journal", "-wal")
_NO_FILE = Text("没有此文件", "no such file")
_OURS = Text("本机上的数据文件", "a data file on this computer")


def open_upload(
    path: Path, *, name: str = "", limits: sandbox.Limits | None = None, options: Mapping[str, str] | None = None
) -> list[Source]:
    """Read all tables of a file that somebody hands in.

    Args:
        path: the file; the parts of a shapefile or MapInfo table and the journal of a GeoPackage may lie beside
            it; the folder of a file geodatabase.
        name: what the user calls it, for messages only.
        limits: what reading may use; by its size if not said.
        options: answers of the user: "encoding", "separator" (text), "sheet" (workbooks), "unit" (drawings).

    Returns:
        The tables. More than one means that the user must be asked which; each says so in its notes.

    Raises:
        DataError: the file is refused; it says why and what to do.
    """
    file = shown(name or Path(path).name) or "?"
    with _job_folder() as folder:
        own = _copied(Path(path), folder, file)
        size = sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())
        told = {"path": own.name, "file": file, "options": dict(options or {})}
        answer = sandbox.run(
            "layers.intake.upload.opening:work", folder, told, file=file, limits=limits or sandbox.limits_for(size)
        )
    return unpacked(answer.head, answer.tables)


def work(job: Job) -> Answer:
    """Read the tables of the file in a job's folder; runs in the worker."""
    file = str(job.told["file"])
    sets, notes = datasets(job.folder / str(job.told["path"]), job.folder / "parts", file=file)
    job.settle()
    sources, empty = _read(sets, job.told["options"])
    if empty:
        notes = [*notes, vector_problem("left_out_of_archive", file, found=names_found(empty))]
    sources = told_apart(sources)
    parts = [source.part or source.file for source in sources]
    if len(sources) > 1:
        notes = [*notes, vector_problem("several_layers", file, found=names_found(parts))]
    return packed([source._replace(notes=(*notes, *source.notes)) for source in sources])


def _read(sets: Sequence[Dataset], options: Mapping[str, str]) -> tuple[list[Source], list[str]]:
    """Read all tables; an archive may also hold workbooks without a table, which are named, but not only such."""
    sources: list[Source] = []
    empty: list[str] = []
    for one in sets:
        try:
            with _under_name(one.path.name, one.file):
                sources += [_named(source, one.path.name, one.file) for source in one.read(options)]
        except DataError as error:
            last = one is sets[-1] and not sources
            if last or not one.member or {fault.code for fault in error.problems} - _WITHOUT_TABLE:
                raise
            empty.append(one.member)
    return sources, empty


@contextmanager
def _job_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="guatu-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copied(path: Path, folder: Path, file: str) -> Path:
    """Copy a file and what belongs to it under our own names; give the copy."""
    if path.is_dir() and path.suffix.lower() == ".gdb":
        return _copied_gdb(path, folder / "upload.gdb", file)
    if not path.is_file():
        raise refusal(file, "no_file", _NO_FILE, Text("检查路径", "check the path"), expected=_OURS)
    suffix = path.suffix.lower() if _SUFFIX.fullmatch(path.suffix.lower()) else ".dat"
    own = folder / f"upload{suffix}"
    _copy(path, own, file)
    for end in _PARTS.get(suffix, ()):
        found = next((p for one in (end, end.upper()) if (p := path.with_suffix(one)).is_file()), None)
        if found:
            _copy(found, own.with_suffix(end), file)
    for end in _JOURNALS if suffix in {".gpkg", ".dat"} else ():
        beside = path.with_name(path.name + end)
        if beside.is_file():
            _copy(beside, own.with_name(own.name + end), file)
    return own


def _copied_gdb(path: Path, own: Path, file: str) -> Path:
    own.mkdir()
    for one in sorted(path.iterdir()):
        if one.is_file() and re.fullmatch(r"a[0-9a-f]{8}\.[a-z_]{3,16}|gdb|timestamps", one.name.lower()):
            _copy(one, own / one.name.lower(), file)
    return own


def _copy(path: Path, own: Path, file: str) -> None:
    if path.stat().st_size > MOST_BYTES:
        found = Text(f"{path.stat().st_size:,} 字节", f"{path.stat().st_size:,} bytes")
        most = Text(f"至多 {MOST_BYTES:,} 字节", f"at most {MOST_BYTES:,} bytes")
        raise refusal(
            file, "file_size", found, Text("拆成几个较小的文件", "split it into smaller files"), expected=most
        )
    try:
        shutil.copyfile(path, own)
    except OSError as error:
        raise refusal(
            file,
            "no_file",
            Text.same(os.strerror(error.errno or 0)),
            Text("检查路径", "check the path"),
            expected=_OURS,
        ) from error


@contextmanager
def _under_name(own: str, file: str) -> Iterator[None]:
    """Say the user's name of the file in errors about our copy; errors of meaning become problems, too."""
    try:
        yield
    except DataError as error:
        raise DataError(_renamed(one, own, file) for one in error.problems) from error
    except GuatuError as error:
        raise refusal(
            file, "vector_unreadable", error.message, Text("改正后重新导入", "correct it and import again")
        ) from error


def _renamed(problem: Problem, own: str, file: str) -> Problem:
    given = problem.file
    return problem._replace(file=file + given.removeprefix(own)) if given.startswith(own) else problem


def _named(source: Source, own: str, file: str) -> Source:
    """Give a table under the user's name of its file, without the columns that came back with rejected rows."""
    notes = tuple(_renamed(one, own, file) for one in source.notes)
    ours = [at for at, name in enumerate(source.cells.columns) if is_own_column(str(name))]
    cells = source.cells.drop(columns=source.cells.columns[ours]) if ours else source.cells
    return source._replace(file=file, notes=notes, cells=cells)
