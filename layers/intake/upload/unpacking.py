"""Which tables' files an upload holds: itself, or those of an archive, each with the function that reads it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from geo import archive
from geo.errors import DataError, Problem
from geo.findings import names_found
from geo.text import Text
from layers.intake.source import MEMBER, SHEET, Source
from layers.intake.spatial.faults import refuse, vector_problem
from layers.intake.spatial.vectors import declare_charset, recovered
from layers.intake.upload import readers
from layers.intake.upload.kinds import kind_of, refusal
from layers.intake.upload.xml_text import rewrite_in_utf8

_COMPANIONS: Mapping[str, tuple[str, ...]] = {
    ".shp": (".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qpj", ".qmd", ".fix", ".idx", ".atx"),
    ".tab": (".dat", ".map", ".id", ".ind"),
    ".mif": (".mid",),
    ".gml": (".xsd", ".gfs"),
}
_RASTERS = (".tif", ".tiff")
_BESIDE_RASTERS = (".tfw", ".tifw", ".tiffw", ".wld", ".prj", ".ovr", ".msk", ".aux.xml", ".aux", ".rrd")
"""Endings that other programs put behind the name of a raster, or in place of its own; nothing in such a file is read."""
_PROSE = {
    ".txt",
    ".md",
    ".doc",
    ".docx",
    ".pdf",
    ".htm",
    ".html",
    ".xml",
    ".qml",
    ".sld",
    ".lyr",
    ".jpg",
    ".jpeg",
    ".png",
}
_XML = {"kml", "gpx", "gml"}
_DATA = Text("zip 中的数据文件", "a data file in the zip")


class Dataset(NamedTuple):
    """A file that holds tables: where it lies, what it is, its name for messages, its name in an archive ("" in none)."""

    path: Path
    kind: str
    file: str
    member: str = ""

    def read(self, options: Mapping[str, str]) -> list[Source]:
        """Read its tables; what they lack a name for takes that of the file, and each says which member it is from."""
        sources = readers.READERS[self.kind](self.path, options, self.file)
        if not self.member:
            return sources
        return [
            source._replace(part=source.part or stem_of(self.member), facts={**source.facts, MEMBER: self.member})
            for source in sources
        ]


def stem_of(member: str) -> str:
    """Give the name of a file in an archive without its folders and its ending."""
    return PurePosixPath(member).stem


def told_apart(sources: Sequence[Source]) -> list[Source]:
    """Give tables of one name in several files of an archive names that differ: those of the files stand before.

    ``facts`` keep the name of the sheet.
    """
    for name_of in (stem_of, str):
        many = Counter(one.part for one in sources)
        alone = Counter(one.facts.get(MEMBER) for one in sources)
        sources = [
            _renamed(one, name_of(one.facts[MEMBER]), alone=alone[one.facts[MEMBER]] == 1)
            if MEMBER in one.facts and many[one.part] > 1
            else one
            for one in sources
        ]
    return list(sources)


def _renamed(source: Source, name: str, *, alone: bool) -> Source:
    sheet = source.facts.get(SHEET, source.part)
    return source._replace(part=name if alone else f"{name}/{sheet}", facts={**source.facts, SHEET: sheet})


def datasets(path: Path, into: Path, *, file: str) -> tuple[list[Dataset], list[Problem]]:
    """Find what an upload holds, unpacking and preparing it; all that changes files is done here.

    Args:
        path: our copy.
        into: a folder to unpack into, which does not exist yet.
        file: the name for messages.

    Raises:
        DataError: nothing in it can be taken in.
    """
    if path.is_dir():
        return [Dataset(path, "filegdb", file)], []
    kind = kind_of(path, file=file)
    if kind == "kmz":
        main = _kml_in(path, into, file)
        return [_prepared(Dataset(main, _only_kml(main, file), file))], []
    if kind != "archive":
        return [_prepared(Dataset(path, kind, file))], []
    members = archive.unpack(path, into, file=file, documents=True)
    found, notes = _of_archive(members, file)
    return [_prepared(one) for one in _maps_opened(found, into, sum(one.path.stat().st_size for one in members))], notes


def _kml_in(path: Path, into: Path, file: str, *, before: int = 0) -> Path:
    members = archive.unpack(path, into, file=file, before=before)
    (main,) = [one for one in members if one.name.casefold() == "doc.kml"]
    return main.path


def _maps_opened(found: Iterable[Dataset], into: Path, size: int) -> Iterator[Dataset]:
    """Put the KML in place of each KMZ of an archive; what comes out of all of them counts together."""
    for number, one in enumerate(found):
        if one.kind != "kmz":
            yield one
            continue
        home = into / f"kmz{number:04}"
        main = _kml_in(one.path, home, one.file, before=size)
        size += sum(part.stat().st_size for part in home.rglob("*") if part.is_file())
        yield one._replace(path=main, kind=_only_kml(main, one.file))


def _only_kml(path: Path, file: str) -> str:
    kind = kind_of(path, file=file)
    if kind != "kml":
        raise refusal(
            file, "format", Text("不是 KML 的 doc.kml", "a doc.kml that is no KML"), Text("重新导出", "export it again")
        )
    return kind


def _of_archive(members: list[archive.Member], file: str) -> tuple[list[Dataset], list[Problem]]:
    gdb = sorted({one.path.parent for one in members if one.path.parent.suffix == ".gdb"})
    found = [Dataset(folder, "filegdb", file, _gdb_name(members, folder)) for folder in gdb]
    loose = [one for one in members if one.path.parent not in gdb]
    beside = _beside_rasters(loose) - (companions := _companions(loose))
    prose: list[archive.Member] = []
    refused: list[tuple[archive.Member, DataError]] = []
    for one in loose:
        if one.path in companions | beside:
            continue
        if one.path.suffix in _PROSE:
            prose.append(one)
            continue
        _try(one, file, found, refused)
    alone = not found
    for one in prose:  # words and pictures count only where there is nothing else, parcels always
        if alone or _is_parcels(one.path):
            _try(one, file, found, refused)
    if not found:
        raise _nothing(members, refused, file)
    taken = {one.path for one in found} | companions
    left = [one.name for one in loose if one.path not in taken]
    notes = [vector_problem("left_out_of_archive", file, found=names_found(left))] if left else []
    return found, notes


def _try(
    member: archive.Member, file: str, found: list[Dataset], refused: list[tuple[archive.Member, DataError]]
) -> None:
    try:
        found.append(Dataset(member.path, kind_of(member.path, file=f"{file}/{member.name}"), file, member.name))
    except DataError as error:
        refused.append((member, error))


def _is_parcels(path: Path) -> bool:
    try:
        return path.suffix == ".txt" and kind_of(path, file=path.name) == "parcels"
    except DataError:
        return False


def _companions(members: Iterable[archive.Member]) -> set[Path]:
    """List the parts that belong to a main file of the same stem."""
    paths = {one.path for one in members}
    return {
        path.with_suffix(end)
        for path in paths
        for end in _COMPANIONS.get(path.suffix, ())
        if path.with_suffix(end) in paths
    }


def _beside_rasters(members: Iterable[archive.Member]) -> set[Path]:
    """List what lies beside rasters: world files, overviews, masks, notes of other programs."""
    named = {one.name.casefold(): one.path for one in members}
    rasters = [PurePosixPath(name) for name in named if name.endswith(_RASTERS)]
    beside = {f"{name}{end}" for one in rasters for name in (one, one.with_suffix("")) for end in _BESIDE_RASTERS}
    return {path for name, path in named.items() if name in beside}


def _gdb_name(members: Iterable[archive.Member], folder: Path) -> str:
    first = next(one.name for one in members if one.path.parent == folder)
    return str(PurePosixPath(first).parent)


def _nothing(members: list[archive.Member], refused: list[tuple[archive.Member, DataError]], file: str) -> DataError:
    alone = [one for one in members if one.path.suffix in {".shx", ".dbf", ".prj"}]
    if alone:
        return refuse(file, "missing_part", Text("缺少 .shp", "no .shp"))
    if refused:
        return refused[0][1]
    names = names_found(one.name for one in members)
    found = Text("其中没有数据文件：{names}", "no data files in it: {names}").format(names=names)
    return refusal(
        file,
        "archive_empty",
        found,
        Text("把数据文件打包后导入", "pack the data files and import that"),
        expected=_DATA,
    )


def _prepared(dataset: Dataset) -> Dataset:
    """Do what needs writing: finish a transaction, change the encoding."""
    if dataset.kind == "gpkg":
        recovered(dataset.path, file=dataset.file)
    if dataset.kind == "mapinfo":
        declare_charset(dataset.path, file=dataset.file)
    if dataset.kind in _XML:
        rewrite_in_utf8(dataset.path, file=dataset.file)
    return dataset
