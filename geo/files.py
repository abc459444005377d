"""The only opener of vector files, and writers that leave either a whole file or none."""

import hashlib
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.drivers import leave_only  # GDAL is loaded inside the functions, so after this
from geo.formats import gpkg_tables, source_name, told, unreadable_times, vector_driver
from geo.layer_writing import write_layer
from geo.memory import collection_put_off

if TYPE_CHECKING:
    import pyarrow as pa


def layer_names(path: Path) -> list[str]:
    """List the layers of a vector file, tables without geometry too, in the file's order.

    Raises:
        DataError: the file cannot be read; it names the file, the reason and the next step.
    """
    import pyogrio  # noqa: PLC0415 (heavy)

    if vector_driver(path) == "GPKG":
        return list(gpkg_tables(path))
    with told(path), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # reading the layer brings the same warnings, and they are kept there
        return [str(name) for name, _ in pyogrio.list_layers(source_name(path))]


def read_layer(
    path: Path, layer: str, *, encoding: str | None = None
) -> tuple[pd.DataFrame, NDArray[np.object_], str | None]:
    """Read one layer without interpreting its geometries.

    Args:
        path: a file of one of ``FORMATS``.
        layer: a name of ``layer_names``.
        encoding: of text in a shapefile, if its .cpg is missing or lies.

    Returns:
        The attributes (text as pandas ``str``, times as datetime64, booleans as ``bool`` or, with
        gaps, ``boolean``, integers with gaps as ``Int64``; GeoPackage calls every time UTC, local
        ones too, so its times come without a zone, as they were written); the geometries as WKB bytes, None
        where a row or the whole layer has none; the CRS as "AUTHORITY:code" or WKT, None if unsaid.
        What GDAL warned of is in ``attrs["notes"]`` of the attributes, each message once. Columns of text
        in an encoding that GDAL does not know come byte by character; ``attrs["undecoded"]`` names them. Texts of a
        GeoPackage that stand for a time and are none become null; ``attrs["unreadable"]`` holds them
        by column and row number.

    Raises:
        DataError: the file or the layer cannot be read.
    """
    source = source_name(path)
    attributes, wkb, crs = _read(path, source, layer, encoding=encoding)
    if source.startswith("GPKG:"):
        attributes.attrs["unreadable"] = _without_false_times(attributes, path, layer)
    return attributes, wkb, crs


def foreign_layers(path: Path, driver: str) -> list[str]:
    """List the layers of a file of a format that only the worker may open (``geo.sandbox``).

    Args:
        path: a file whose content is known to be of the format.
        driver: the only one that may open it.

    Raises:
        DataError: the file cannot be read.
    """
    leave_only(driver)
    import pyogrio  # noqa: PLC0415 (heavy)

    with told(path), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [str(name) for name, _ in pyogrio.list_layers(path.resolve())]


def read_foreign(
    path: Path, layer: str, driver: str, *, encoding: str | None = None, options: Mapping[str, str] = {}
) -> tuple[pd.DataFrame, NDArray[np.object_], str | None]:
    """Read one layer of a format that only the worker may open, as ``read_layer`` does.

    Args:
        path: a file whose content is known to be of the format.
        layer: a name of ``foreign_layers``.
        driver: the only one that may open it.
        encoding: of its text, if the format does not say.
        options: of the driver.

    Raises:
        DataError: the file or the layer cannot be read.
    """
    leave_only(driver)
    return _read(path, str(path.resolve()), layer, encoding=encoding, options=options)


def straightened(path: Path, layer: str) -> NDArray[np.object_]:
    """Read the shapes of a layer with arcs replaced by short straight lines, as WKB; the order is the same.

    Raises:
        DataError: the file or the layer cannot be read.
    """
    import pyogrio  # noqa: PLC0415 (heavy)

    with told(path), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wkb = pyogrio.raw.read(path.resolve(), layer=layer, columns=[])[2]
    return np.asarray(wkb, dtype=object)


def _read(
    path: Path, source: str, layer: str, *, encoding: str | None, options: Mapping[str, str] = {}
) -> tuple[pd.DataFrame, NDArray[np.object_], str | None]:
    import pyogrio  # noqa: PLC0415 (heavy)

    with told(path), warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        meta, table = pyogrio.read_arrow(source, layer=layer, encoding=encoding, **options)
        table = table.rename_columns(_numbered(table.column_names))
        name = meta["geometry_name"] or "wkb_geometry"
        if name in table.column_names:
            wkb = table.column(name).to_numpy().astype(object)
            table = table.drop_columns([name])
        else:
            wkb = np.full(table.num_rows, None, dtype=object)
        columns = {
            one: _series(table.column(one), utc_is_local=source.startswith("GPKG:")) for one in table.column_names
        }
    attributes = pd.DataFrame(columns, index=pd.RangeIndex(len(wkb)))
    attributes.attrs["undecoded"] = tuple(one for one in columns if not _is_text(table.column(one)))
    attributes.attrs["notes"] = tuple(dict.fromkeys(str(one.message) for one in heard))
    return attributes, wkb, meta["crs"]


def _without_false_times(attributes: pd.DataFrame, path: Path, layer: str) -> dict[str, dict[int, str]]:
    """Empty the times that GDAL made of texts which are none; give those texts by column and row."""
    found: dict[str, dict[int, str]] = {}
    for name in attributes.select_dtypes("datetime"):
        suspect = (attributes[name] == pd.Timestamp(0)).to_numpy(dtype=bool)
        if suspect.any():
            texts = {at: text for at, text in unreadable_times(path, layer, str(name)).items() if suspect[at]}
            attributes.loc[list(texts), name] = pd.NaT
            found |= {str(name): texts} if texts else {}
    return found


def _numbered(names: list[str]) -> list[str]:
    """Make names unique; damaged files have several of one name."""
    made: dict[str, None] = {}
    for at, name in enumerate(names, start=1):
        own = name if name not in made else next(one for n in count(at) if (one := f"{name}_{n}") not in made)
        made[own] = None
    return list(made)


def _is_text(column: "pa.ChunkedArray") -> bool:
    """Tell whether texts are what Arrow takes them for; some drivers hand on the bytes of the file."""
    import pyarrow as pa  # noqa: PLC0415 (heavy)

    if not pa.types.is_string(column.type) and not pa.types.is_large_string(column.type):
        return True
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def days_apart(series: pd.Series, kind: "pa.DataType") -> pd.Series:
    """Give days without a time of day in whole seconds and moments in finer parts, so that midnight is not taken for none."""
    import pyarrow as pa  # noqa: PLC0415 (heavy)

    if pa.types.is_date(kind):
        return series.astype("datetime64[s]")
    return series.astype("datetime64[ms]") if series.dtype == "datetime64[s]" else series


def _series(column: "pa.ChunkedArray", *, utc_is_local: bool) -> Any:  # noqa: ANN401 (a series of any type)
    """Convert an Arrow column without turning whole numbers with gaps into fractions."""
    import pyarrow as pa  # noqa: PLC0415 (heavy)

    kind = column.type
    if not _is_text(column):
        texts = [None if one is None else one.decode("latin-1") for one in column.cast(pa.binary()).to_pylist()]
        return pd.Series(texts, dtype="str")
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return pd.Series(column.to_pandas(), dtype="str")
    if column.null_count and pa.types.is_boolean(kind):
        return pd.Series(column.to_pandas(), dtype="boolean")
    if column.null_count and pa.types.is_integer(kind):
        return column.to_pandas(types_mapper={kind: pd.Int64Dtype()}.get)
    series = days_apart(column.to_pandas(date_as_object=False), kind)
    return series.dt.tz_localize(None) if utc_is_local and pa.types.is_timestamp(kind) else series


@collection_put_off()
def geometries(wkb: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Decode WKB in the plane; a broken row costs only itself.

    Returns:
        The geometries, None where there is none or it cannot be decoded; and which rows had
        bytes that cannot be decoded (an unclosed ring, a line of one point, a curve).
    """
    try:
        shapes = shapely.from_wkb(wkb, on_invalid="ignore")
    except NotImplementedError:  # one curved geometry stops the decoding of all
        shapes = np.array([_straight(one) for one in wkb], dtype=object)
    lost = shapely.is_missing(shapes)
    lost[lost] = [one is not None for one in wkb[lost]]
    return (shapely.force_2d(shapes) if shapely.has_z(shapes).any() else shapes), lost


def _straight(wkb: bytes | None) -> shapely.Geometry | None:
    try:
        return shapely.from_wkb(wkb, on_invalid="ignore")
    except NotImplementedError:
        return None


def write_layers(
    path: Path, layers: Mapping[str, pd.DataFrame], *, base: Path | None = None, again: bool = False
) -> bool:
    """Write tables, with or without geometry, as one GeoPackage; the same tables give the same bytes.

    A named index becomes the first column; the order of tables and rows is kept.

    Args:
        path: the file to write, whole or not at all.
        layers: tables by name.
        base: a GeoPackage whose other tables (styles too) are kept.
        again: read the tables again before the file is put in its place.

    Returns:
        Whether they were read again and all are there to the last cell.

    Raises:
        CrsError: a table with geometry has no CRS.
        DataError: a table cannot be stored.
    """
    with whole_file(path) as whole, told(path, "unwritable"):
        if base is not None:
            shutil.copyfile(base, whole)
        proved = [write_layer(whole, name, table, file=path, again=again) for name, table in layers.items()]
        return all(proved)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a path to write to; when the block ends well, the file there replaces ``path`` at once.

    A reader sees the old file or the new one, never half; if the block fails the old one stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        part = folder / path.name
        yield part
        _settle(part)
        part.replace(path)
        if os.name == "posix":  # elsewhere folders cannot be opened
            _settle(path.parent)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _settle(path: Path) -> None:
    """Have the disk hold what was written."""
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest(paths: Iterable[Path]) -> str:
    """Give the SHA-256, in hexadecimal, of files by name and content; their order does not matter."""
    total = hashlib.sha256()
    for path in sorted(paths, key=lambda one: (one.name, str(one))):
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        total.update(f"{content}  {path.name}\n".encode())
    return total.hexdigest()
