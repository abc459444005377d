"""Vector tiles of large layers: one PMTiles file a layer, made once and again only when the data changed."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio

from geo.files import whole_file
from layers.catalog import CATALOG, LayerSpec
from layers.workspace import Workspace
from reports.webmap import columns
from reports.webmap.documents import drawable
from reports.webmap.payload import TILED
from reports.webmap.words import INTERFACE

ZOOMS: Mapping[str, tuple[int, int]] = {"buildings": (13, 16), "lights": (14, 17), "parking": (13, 16)}
EVERY_ZOOM = (11, 16)
FORM = 1
"""Goes up when tiles are made differently, so that old ones are made anew."""
ID = "id"


def ensure_tiles(
    ws: Workspace, folder: Path, keys: Iterable[str] = TILED, *, public: bool = False
) -> Mapping[str, Path]:
    """Make the tiles of a workspace's large layers, or take those that are there.

    A file is named after what it was made from, so a changed workspace gets new files; a file is
    whole or absent. Layers that the workspace lacks or that have nothing to draw are left out.

    Args:
        ws: the workspace.
        folder: where the files are kept; made if need be.
        keys: keys of the layers to tile.
        public: only public columns.

    Returns:
        Path of the file by layer key.
    """
    found: dict[str, Path] = {}
    for spec in (spec for key, spec in CATALOG.items() if key in set(keys)):
        if spec not in ws or not drawable(ws, spec).any():
            continue
        path = folder / f"{spec.key}-{_mark(ws, spec, public=public)}.pmtiles"
        if not path.is_file():
            _write(_table(ws, spec, public=public), spec, path)
            for old in folder.glob(f"{spec.key}-*.pmtiles"):
                if old != path:
                    old.unlink()
        found[spec.key] = path
    return found


def labelled(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Give a map payload whose tiled layers say what the columns in their tiles are called; the one given stays as it is.

    Tiles hold bare values, so the words for a pop-up come beside them: title, unit and codes of each column.
    """
    layers = [{**one, "words": _words(CATALOG[one["key"]])} if "tiles" in one else one for one in payload["layers"]]
    return {**payload, "layers": layers}


def _words(spec: LayerSpec) -> list[dict[str, Any]]:
    """Name the columns that may stand in the tiles of a layer, and its id."""
    truth = {"true": columns.YES_NO["yes"], "false": columns.YES_NO["no"]}
    found = [
        {
            "key": name,
            "title": columns.words(meta["title"]),
            "unit": columns.words(meta["unit"]) if meta["unit"] else None,
            "codes": {code: columns.words(said) for code, said in (meta["codes"] or truth).items()},
        }
        for name, meta in spec.columns.items()
        if meta["popup"] and meta["sensitivity"] != "secret"
    ]
    return [*found, {"key": ID, "title": columns.words(INTERFACE["id"]), "unit": None, "codes": {}}]


def _mark(ws: Workspace, spec: LayerSpec, *, public: bool) -> str:
    """Name what the tiles of a layer depend on."""
    what = f"{FORM} {ws.digest} {spec.key} {public} {ZOOMS.get(spec.key, EVERY_ZOOM)}"
    return hashlib.sha256(what.encode()).hexdigest()[:16]


def _table(ws: Workspace, spec: LayerSpec, *, public: bool) -> gpd.GeoDataFrame:
    """Give what goes into the tiles: the id and the columns of a pop-up, in degrees."""
    table = ws[spec][drawable(ws, spec)]
    kept = columns.shown(spec, table, public=public)
    return table[[*kept, table.geometry.name]].rename_axis(ID).reset_index().to_crs("EPSG:4326")


def _write(table: gpd.GeoDataFrame, spec: LayerSpec, path: Path) -> None:
    """Let GDAL make the file beside, then put it in place."""
    least, most = ZOOMS.get(spec.key, EVERY_ZOOM)
    workshop = Path(tempfile.mkdtemp(prefix="tiles-"))
    try:
        made = workshop / f"{spec.key}.pmtiles"
        pyogrio.write_dataframe(
            table,
            made,
            driver="PMTiles",
            layer=spec.key,
            dataset_options={"MINZOOM": least, "MAXZOOM": most, "NAME": spec.key},
        )
        with whole_file(path) as part:
            shutil.copyfile(made, part)
    finally:
        shutil.rmtree(workshop)
