"""DXF for CAD programs: metres, one layer of shapes and one of their names."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import shapely

from geo.crs import require_metric
from geo.files import whole_file
from geo.text import Text
from layers.exports.faults import rows_noted
from layers.exports.outgoing import Exported, Outgoing, require_shapes

VERSION = "R2010"
"""Read by all programs in use; from 2007 on text is UTF-8 (GDAL, and QGIS with it, must be told so: DXF_ENCODING)."""
NAMES = Text("注记", "names")
STYLE, FONT = "GUATU", "simhei.ttf"
HEIGHT_M = 2.5
"""Of letters: readable on a plan at 1:1000."""
_NO_LAYER = re.compile(r"[<>/\\\":;?*|=`,\x00-\x1f]")
_INK = 0x22272B


def write_dxf(out: Outgoing, path: Path, lang: str) -> Exported:
    """Write the shapes of a table: areas as closed polylines, points as points, the name of each as text.

    Every ring is a polyline of its own. The coordinate system stands in the drawing's own properties.

    Raises:
        CrsError: a table that is not in metres.
        DataError: no shapes.
    """
    require_shapes(out, path.name)
    require_metric(out.shaped.crs)
    layer = _NO_LAYER.sub(" ", out.title.in_(lang)).strip() or out.key
    names = out.label.fillna("")
    with _fixed() as ezdxf:
        drawing = _drawing(ezdxf, out, layer, lang)
        space = drawing.modelspace()
        for name, shape in zip(names, out.shapes, strict=True):
            if shape is not None:
                _draw(space, shape, layer)
                _name(space, str(name), shape, f"{layer}_{NAMES.in_(lang)}")
        with whole_file(path) as whole:
            drawing.saveas(whole, encoding="utf-8")
    lost = int(shapely.is_missing(out.shapes).sum())
    return Exported((path,), (*out.notes, *rows_noted("export_no_place", path.name, lost)))


@contextmanager
def _fixed() -> Iterator[Any]:
    """Give the library, told to write no times and no random numbers."""
    ezdxf: Any = import_module("ezdxf")  # heavy
    before = ezdxf.options.write_fixed_meta_data_for_testing
    ezdxf.options.write_fixed_meta_data_for_testing = True
    try:
        yield ezdxf
    finally:
        ezdxf.options.write_fixed_meta_data_for_testing = before


def _drawing(ezdxf: Any, out: Outgoing, layer: str, lang: str) -> Any:  # noqa: ANN401 (a drawing of ezdxf)
    drawing = ezdxf.new(VERSION, units=6)  # metres
    drawing.styles.add(STYLE, font=FONT)
    drawing.layers.add(layer, true_color=int(out.colour[1:] or "22272b", 16))
    drawing.layers.add(f"{layer}_{NAMES.in_(lang)}", true_color=_INK)
    epsg = out.shaped.crs.to_epsg()
    drawing.header.custom_vars.append("CRS", f"EPSG:{epsg}" if epsg else out.shaped.crs.name)
    return drawing


def _draw(space: Any, shape: shapely.Geometry, layer: str) -> None:  # noqa: ANN401 (the space of a drawing)
    on = {"layer": layer}
    match shape.geom_type:
        case "Point":
            space.add_point((shape.x, shape.y), dxfattribs=on)
        case "LineString":
            space.add_lwpolyline(shape.coords[:], dxfattribs=on)
        case "Polygon":
            for ring in (shape.exterior, *shape.interiors):
                space.add_lwpolyline(ring.coords[:-1], close=True, dxfattribs=on)
        case _:
            for part in shape.geoms:
                _draw(space, part, layer)


def _name(space: Any, name: str, shape: shapely.Geometry, layer: str) -> None:  # noqa: ANN401 (as above)
    """Write a name on one line; what would end the line in the file, or be read as a sign, is blanked."""
    words = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", name).replace("%%", "% %").replace("^", " ").strip()
    if words:
        spot = shape.representative_point()
        space.add_text(words, height=HEIGHT_M, dxfattribs={"layer": layer, "style": STYLE}).set_placement(
            (spot.x, spot.y)
        )
