"""KML for phones and Google Earth or Ovital: WGS 84, values as data, never as HTML."""

from collections.abc import Iterator
from pathlib import Path
from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import pandas as pd
import shapely

from geo.files import whole_file
from layers.exports.cells import for_xml
from layers.exports.faults import rows_noted
from layers.exports.outgoing import GEOMETRY, Column, Exported, Outgoing, in_degrees
from layers.exports.worded import worded
from layers.intake.mapping.targets import DAY_ENDS

DECIMALS = 7
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document>\n'
_FILL, _LINE = "80", "ff"
"""How opaque areas and lines are, as KML writes it."""


def write_kml(out: Outgoing, path: Path, lang: str) -> Exported:
    """Write a table with shapes as KML; each row is a placemark with its values under their titles.

    Raises:
        CrsError: shapes that cannot be converted to WGS 84.
        DataError: no shapes.
    """
    shapes = in_degrees(out, path.name).table[GEOMETRY].to_numpy()
    names = [for_xml(one) for one in out.label.fillna("")]
    cells = [(one, _words(worded(out, one, lang), one.name)) for one in out.columns]
    lost = sum(for_xml(text) != text for _, texts in cells for text in texts if text)
    with whole_file(path) as whole, whole.open("w", encoding="utf-8", newline="\n") as file:
        file.write(_HEAD + f"<name>{_safe(out.title.in_(lang))}</name>\n" + _style(out.colour))
        for row, shape in enumerate(shapes):
            _placemark(file, names[row], [(one, texts[row]) for one, texts in cells], shape=shape, lang=lang)
        file.write("</Document>\n</kml>\n")
    return Exported((path,), (*out.notes, *rows_noted("export_characters", path.name, lost)))


def _placemark(
    file: TextIO, name: str, cells: list[tuple[Column, str | None]], *, shape: shapely.Geometry | None, lang: str
) -> None:
    file.write(f"<Placemark><name>{_safe(name)}</name><styleUrl>#layer</styleUrl><ExtendedData>\n")
    for one, text in cells:
        if text is not None:
            title = _safe(one.title.in_(lang))
            file.write(f"<Data name={quoteattr(for_xml(one.name))}><displayName>{title}</displayName>")
            file.write(f"<value>{_safe(text)}</value></Data>\n")
    file.write("</ExtendedData>" + ("" if shape is None else _shape(shape)) + "</Placemark>\n")


def _safe(text: str) -> str:
    """Give a text as XML; a lone carriage return would be read as a line feed."""
    return escape(for_xml(text)).replace("\r", "&#13;")


def _words(series: pd.Series, name: str) -> list[str | None]:
    """Write values as people do; whole numbers without decimals."""
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        given = series.dropna()
        days = name not in DAY_ENDS and (given == given.dt.normalize()).all()
        form = "%Y-%m-%d" if days else "%Y-%m-%dT%H:%M:%S"
        return [None if pd.isna(one) else one.strftime(form) for one in series]
    if pd.api.types.is_float_dtype(series.dtype):
        return [None if np.isnan(one) else f"{one:.15g}" for one in series]
    return [None if pd.isna(one) else str(one) for one in series]


def _style(colour: str) -> str:
    """Give the one style: KML has colours as opacity, blue, green, red."""
    if not colour:
        return '<Style id="layer"></Style>\n'
    code = colour[5:7] + colour[3:5] + colour[1:3]
    return (
        f'<Style id="layer"><IconStyle><color>{_LINE}{code}</color></IconStyle>'
        f"<LineStyle><color>{_LINE}{code}</color><width>2</width></LineStyle>"
        f"<PolyStyle><color>{_FILL}{code}</color></PolyStyle></Style>\n"
    )


def _shape(shape: shapely.Geometry) -> str:
    match shape.geom_type:
        case "Point":
            return f"<Point>{_line(shape)}</Point>"
        case "LineString":
            return f"<LineString>{_line(shape)}</LineString>"
        case "Polygon":
            return f"<Polygon>{''.join(_rings(shape))}</Polygon>"
    return f"<MultiGeometry>{''.join(_shape(part) for part in shape.geoms)}</MultiGeometry>"


def _rings(area: shapely.Polygon) -> Iterator[str]:
    turned = shapely.orient_polygons(area)
    for side, ring in (("outer", turned.exterior), *(("inner", one) for one in turned.interiors)):
        yield f"<{side}BoundaryIs><LinearRing>{_line(ring)}</LinearRing></{side}BoundaryIs>"


def _line(shape: shapely.Geometry) -> str:
    spots = shapely.get_coordinates(shape).round(DECIMALS)
    return f"<coordinates>{' '.join(f'{x:.7f},{y:.7f}' for x, y in spots)}</coordinates>"
