"""A QGIS project of a workspace: its layers, looks, names and words, so that an analyst sees what Guatu shows.

Two files come about: a GeoPackage with copies of the layers and the project (.qgs), which knows it by a
relative path; both may be moved together. Nothing in it is online. The workspace's own files are not
referred to: QGIS writes into the GeoPackages that it opens, which would make the workspace another one.

The tests hold the project's structure against the scheme of QGIS 3.22; QGIS itself is no part of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pyproj
import shapely

from geo.files import whole_file
from geo.text import Text
from layers.catalog import CATALOG, GRIDS, ISSUES
from layers.exports import qgis_styles as styles
from layers.exports.cells import for_xml
from layers.exports.editions import of_layer, of_table
from layers.exports.faults import writing
from layers.exports.outgoing import GEOMETRY, Column, Exported, Outgoing, Told
from layers.exports.vectors import geometry_kind, write_tables
from layers.ledger import standing_code
from layers.places import PLACES
from layers.schema import Grids
from layers.workspace import Workspace

VERSION = "3.22.0"
"""Newer versions of QGIS open it without a word, older ones warn."""
CLASSES = 5
STANDING = Column("standing", Text("办理状态", "standing"))
RANKING = Text("排序：第 {level} 级网格", "Ranking: level {level} grids")
FAINT = frozenset({"housing_estates", "boundary"})
"""Layers that are drawn as outlines only."""
_PARTS = {"Point": (0, 4), "Line": (1, 5), "Polygon": (3, 6)}
_PART_WORDS = {"Point": Text("点", "points"), "Line": Text("线", "lines"), "Polygon": Text("面", "areas")}
_MARGIN = 0.03


class Sheet(NamedTuple):
    """A layer of the project: a table of the GeoPackage and how it looks; "" for a table without shapes."""

    table: str
    title: str
    out: Outgoing
    kind: str
    looks: tuple[ET.Element, ...]
    subset: str = ""


def export_qgis(
    ws: Workspace,
    folder: Path,
    *,
    lang: str = "zh",
    ranking: pd.DataFrame | None = None,
    limits: Sequence[float] | None = None,
) -> Exported:
    """Write a QGIS project and its GeoPackage into a folder, both named after the workspace.

    Secret layers are left out. Issues are coloured by where they stand as of the workspace's date.

    Args:
        ws: the workspace; its own folder gets a folder ``qgis`` so that its data stay as they are.
        folder: where to.
        lang: "zh" or "en", of titles and words.
        ranking: a table by grid id with "score" (or "rank"), to shade the grids by.
        limits: rising upper ends of the classes, as on the map; else classes of equal counts.

    Returns:
        The project and the GeoPackage.

    Raises:
        DataError: nothing to show, or a folder that cannot be written to.
    """
    home = folder / "qgis" if folder.resolve() == ws.folder.resolve() else folder
    project, data = home / f"{ws.name}.qgs", home / f"{ws.name}.gpkg"
    sheets = [*_issues(ws, data.name, lang), *_things(ws, data.name, lang)]
    sheets.sort(key=lambda one: (one.kind == "", ("Point", "Line", "Polygon", "").index(one.kind)))
    sheets[_first_area(sheets) : _first_area(sheets)] = _grids(ws, data.name, lang)
    if ranking is not None:
        sheets.insert(_first_table(sheets), _ranked(ws, ranking, limits, file=data.name, lang=lang))
    with writing(data):
        write_tables(data, {one.table: one.out.table for one in {one.table: one for one in sheets}.values()})
    with writing(project), whole_file(project) as whole:
        tree = ET.ElementTree(_project(ws, sheets, data.name, lang))
        ET.indent(tree, " ")
        tree.write(whole, encoding="utf-8", xml_declaration=True)
    return Exported((project, data), tuple(note for one in sheets for note in one.out.notes))


def _first_area(sheets: list[Sheet]) -> int:
    return next((n for n, one in enumerate(sheets) if one.kind in {"Polygon", ""}), len(sheets))


def _first_table(sheets: list[Sheet]) -> int:
    return next((n for n, one in enumerate(sheets) if not one.kind), len(sheets))


def _issues(ws: Workspace, file: str, lang: str) -> Iterator[Sheet]:
    if ISSUES not in ws or not len(ws[ISSUES]):
        return
    out = of_layer(ws, ISSUES, file, public=False)
    states = standing_code(ws.standing).to_numpy(dtype=object)
    nowhere = ws.places[ISSUES.key]["place"].to_numpy() == PLACES.index("default_point")
    table = out.table.assign(standing=pd.array(np.where(nowhere, "no_place", states), dtype="str"))
    date = ws.manifest.as_of.date().isoformat()
    title = Text("{title}（截至 {date}）", "{title} (as of {date})").format(title=ISSUES.title, date=date)
    out = replace(out, table=table, columns=(*out.columns, STANDING))
    looks = (styles.by_standing(STANDING.name, lang), *styles.forms(out.columns, lang))
    yield Sheet(ISSUES.key, title.in_(lang), out, "Point", looks)


def _things(ws: Workspace, file: str, lang: str) -> Iterator[Sheet]:
    """Give all other layers, each kind of shape by itself."""
    for spec in CATALOG.values():
        if spec in {GRIDS, ISSUES} or spec not in ws or spec.sensitivity == "secret" or not len(ws[spec]):
            continue
        out = of_layer(ws, spec, file, public=False)
        title = spec.title.in_(lang)
        if not out.spatial:
            yield Sheet(spec.key, title, out, "", tuple(styles.forms(out.columns, lang)))
            continue
        parts = {kind: np.isin(shapely.get_type_id(out.shapes), ids) for kind, ids in _PARTS.items()}
        parts = {kind: rows for kind, rows in parts.items() if rows.any()}
        for kind, rows in parts.items():
            alone = len(parts) == 1
            name = spec.key if alone else f"{spec.key}_{kind.lower()}"
            words = title if alone else f"{title} · {_PART_WORDS[kind].in_(lang)}"
            part = out.with_table(out.table[rows].reset_index(drop=True))
            yield Sheet(name, words, part, kind, _looks(part, kind, lang))


def _looks(out: Outgoing, kind: str, lang: str) -> tuple[ET.Element, ...]:
    faint, buildings = out.key in FAINT, out.key == "buildings"
    paint = styles.Paint(
        out.colour,
        opacity=0 if faint else 217 if buildings else 255 if kind == "Point" else 128,
        line="#7d6c57" if buildings else out.colour,
        width=0.4 if faint else 0.5 if kind == "Line" else 0.2,
        dash=out.key == "boundary",
    )
    named = (styles.labels(Grids.name, size=8, always=False),) if Grids.name in out.table else ()
    return (styles.single(kind, paint), *named, *styles.forms(out.columns, lang))


def _grids(ws: Workspace, file: str, lang: str) -> Iterator[Sheet]:
    """Give the outlines of the grids, a layer for each level, the largest above."""
    if GRIDS not in ws:
        return
    out = of_layer(ws, GRIDS, file, public=False)
    for level in ws.levels:
        finest = level == ws.finest
        line, width = (styles.GRID_LINE, 0.35) if finest else (styles.PARENT_LINE, 0.7)
        paint = styles.Paint("#ffffff", opacity=0, line=line, width=width)
        names = styles.labels(Grids.name, size=9 if finest else 11, always=True)
        looks = (styles.single("Polygon", paint), names, *styles.forms(out.columns, lang))
        words = ws.manifest.level_words(level).in_(lang)
        yield Sheet(GRIDS.key, words, out, "Polygon", looks, f'"{Grids.level}" = {level}')


def _ranked(ws: Workspace, ranking: pd.DataFrame, limits: Sequence[float] | None, *, file: str, lang: str) -> Sheet:
    """Shade the grids of a ranking; the level is the one that has them."""
    level = next((one for one in ws.levels if ws.grids(one).index.isin(ranking.index).any()), ws.finest)
    grids = ws.grids(level)
    own = [name for name in ranking.columns if name not in grids.columns or name == Grids.name]
    table = grids[[GEOMETRY]].join(ranking[own]).rename_axis(index=GRIDS.id_column)
    titles = {
        GRIDS.id_column: Told(GRIDS.title),
        "score": Told(Text("需求得分", "need score")),
        "rank": Told(Text("名次", "rank")),
    }
    out = of_table(table, "ranking", file, told=titles)
    column = "score" if "score" in own else "rank"
    number = out.table[column].dropna().to_numpy(dtype=np.float64)
    ends = (
        list(limits)
        if limits is not None
        else list(np.unique(np.quantile(number, np.arange(1, CLASSES + 1) / CLASSES)))
    )
    looks = (styles.by_class(column, float(number.min()), ends, lang), *styles.forms(out.columns, lang))
    return Sheet("ranking", RANKING.format(level=level).in_(lang), out, "Polygon", looks)


def _project(ws: Workspace, sheets: list[Sheet], data: str, lang: str) -> ET.Element:
    title = for_xml(ws.title.in_(lang))
    root = ET.Element("qgis", {"version": VERSION, "projectname": title})
    ET.SubElement(root, "homePath", {"path": ""})
    ET.SubElement(root, "title").text = title
    ET.SubElement(root, "projectCrs").append(_crs(ws.manifest.crs))
    group = ET.SubElement(root, "layer-tree-group")
    canvas = ET.SubElement(root, "mapcanvas", {"name": "theMapCanvas", "annotationsVisible": "1"})
    ET.SubElement(canvas, "units").text = "meters"
    canvas.append(_extent(sheets))
    ET.SubElement(canvas, "rotation").text = "0"
    ET.SubElement(canvas, "destinationsrs").append(_crs(ws.manifest.crs))
    order, layers = ET.SubElement(root, "layerorder"), ET.SubElement(root, "projectlayers")
    for number, one in enumerate(sheets):
        entry = _id(number, one)
        shown = {"name": for_xml(one.title), "source": _source(one, data), "providerKey": "ogr", "id": entry}
        ET.SubElement(group, "layer-tree-layer", {**shown, "checked": "Qt::Checked", "expanded": "0"})
        ET.SubElement(order, "layer", {"id": entry})
        layers.append(_layer(one, entry, data, ws.manifest.crs))
    settings = ET.SubElement(root, "properties")
    ET.SubElement(ET.SubElement(settings, "Paths"), "Absolute", {"type": "bool"}).text = "false"
    # without this QGIS takes no notice of the project's coordinate system
    ET.SubElement(ET.SubElement(settings, "SpatialRefSys"), "ProjectionsEnabled", {"type": "int"}).text = "1"
    return root


def _id(number: int, one: Sheet) -> str:
    return f"guatu_{number:02d}_{one.table}"


def _source(one: Sheet, data: str) -> str:
    return f"./{data}|layername={one.table}" + (f"|subset={one.subset}" if one.subset else "")


def _layer(one: Sheet, entry: str, data: str, crs: str) -> ET.Element:
    wkb = geometry_kind(one.out.shapes) if one.kind else "NoGeometry"
    known = {
        "type": "vector",
        "geometry": one.kind or "No geometry",
        "wkbType": wkb,
        "hasScaleBasedVisibilityFlag": "0",
    }
    made = ET.Element("maplayer", {**known, "labelsEnabled": "1", "readOnly": "0"})
    ET.SubElement(made, "id").text = entry
    ET.SubElement(made, "datasource").text = _source(one, data)
    ET.SubElement(made, "layername").text = for_xml(one.title)
    if one.kind:
        ET.SubElement(made, "srs").append(_crs(crs))
    ET.SubElement(made, "provider", {"encoding": "UTF-8"}).text = "ogr"
    made.extend(one.looks)
    return made


def _crs(code: str) -> ET.Element:
    known = pyproj.CRS.from_user_input(code)
    made = ET.Element("spatialrefsys")
    for name, words in (
        ("wkt", known.to_wkt("WKT2_2019")),
        ("srid", code.partition(":")[2]),
        ("authid", code),
        ("description", known.name),
        ("geographicflag", str(known.is_geographic).lower()),
    ):
        ET.SubElement(made, name).text = words
    return made


def _extent(sheets: list[Sheet]) -> ET.Element:
    """Give the box of the grids, else of all that is drawn, with a margin."""
    drawn = [one for one in sheets if one.kind]
    chosen = [one for one in drawn if one.table == GRIDS.key] or drawn
    made = ET.Element("extent")
    if chosen:
        boxes = np.array([shapely.total_bounds(one.out.shapes) for one in chosen])
        low, high = np.nanmin(boxes[:, :2], axis=0), np.nanmax(boxes[:, 2:], axis=0)
        margin = _MARGIN * float((high - low).max()) + 1
        ends = {"xmin": low[0] - margin, "ymin": low[1] - margin, "xmax": high[0] + margin, "ymax": high[1] + margin}
        for name, value in ends.items():
            ET.SubElement(made, name).text = f"{value:.3f}"
    return made
