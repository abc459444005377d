"""Files that are made of files: the same content gives the same bytes, and readers see all of it or none."""

import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

EPOCH = (1980, 1, 1, 0, 0, 0)
"""Time of every entry: the first that a zip can hold."""
_MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")
_LEFT_OVER = (".qix", ".sbn", ".sbx", ".idm", ".ind", ".cpg")
"""Parts of an older shapefile that would belie a new one."""


def zipped(folder: Path, target: Path) -> None:
    """Pack the files of a folder, sorted by name, with fixed times."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            with file.open("rb") as source, archive.open(_entry(file.name), "w", force_zip64=False) as part:
                shutil.copyfileobj(source, part)


def settled(source: Path, target: Path) -> None:
    """Pack a workbook anew without the times at which it was made."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            with new.open(_entry(info.filename), "w", force_zip64=info.file_size >= zipfile.ZIP64_LIMIT) as part:
                if info.filename == "docProps/core.xml":
                    part.write(_MODIFIED.sub(rb"\g<1>2000-01-01T00:00:00Z\g<3>", old.read(info)))
                else:
                    with old.open(info) as content:
                        shutil.copyfileobj(content, part)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3  # else it tells on which system it was packed
    entry.external_attr = 0o644 << 16
    return entry


@contextmanager
def whole_set(folder: Path) -> Iterator[Path]:
    """Give a folder to write to; when the block ends well, the files there replace those of ``folder`` one by one.

    If the block fails the old ones stay. The file that programs open (.shp) comes last.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".export.", dir=folder))
    try:
        yield made
        for file in sorted(made.iterdir(), key=lambda one: (one.suffix == ".shp", one.name)):
            if file.suffix == ".shp":
                for end in _LEFT_OVER:
                    if not (made / file.with_suffix(end).name).exists() and end != ".cpg":
                        (folder / file.name).with_suffix(end).unlink(missing_ok=True)
            file.replace(folder / file.name)
    finally:
        shutil.rmtree(made, ignore_errors=True)
