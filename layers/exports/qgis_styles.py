"""How layers look in QGIS: the symbols, classes, labels and forms of its project file, in Guatu's colours."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement

from geo.text import Text
from layers.exports.cells import for_xml
from layers.exports.outgoing import Column

RAMP = ("#edf8fb", "#b3cde3", "#8c96c6", "#8856a7", "#810f7c")
"""ColorBrewer BuPu, as on Guatu's own maps; the darkest class is the worst."""
INK = "#22272b"
FONT = "Microsoft YaHei"
GRID_LINE, PARENT_LINE = "#363e44", INK
NO_DATA = "#9aa1a6"
STANDINGS: Mapping[str, tuple[Text, str, str, float]] = {
    "closed": (Text("已办结", "closed"), "#009e73", "square", 2.0),
    "open": (Text("未办结", "open"), "#f0b400", "circle", 2.6),
    "overdue": (Text("已超期", "overdue"), "#d55e00", "diamond", 3.4),
}
"""Words, colour, shape and size (mm) of issues by where they stand, the most pressing on top."""
DETAIL_SCALE = 6000
"""Names of single things are shown from this scale on."""


class Paint(NamedTuple):
    """How shapes are drawn: colours as "#rrggbb", opacity 0 to 255, widths and sizes in mm."""

    fill: str
    opacity: int = 255
    line: str = INK
    width: float = 0.26
    dash: bool = False
    shape: str = "circle"
    size: float = 2.4


def _rgba(colour: str, opacity: int = 255) -> str:
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) + f",{opacity}"


def _options(parent: Element, values: Mapping[str, object]) -> None:
    """Write settings as QGIS has them since 3.18 and, for older ones, as before."""
    options = SubElement(parent, "Option", {"type": "Map"})
    for name, value in values.items():
        SubElement(options, "Option", {"type": "QString", "name": name, "value": str(value)})
    for name, value in values.items():
        SubElement(parent, "prop", {"k": name, "v": str(value)})


def symbol(kind: str, paint: Paint, name: str = "0") -> Element:
    """Make a symbol.

    Args:
        kind: "Point", "Line" or "Polygon".
        paint: how it looks.
        name: the number by which a renderer calls it.
    """
    style = "dash" if paint.dash else "solid"
    by_kind: Mapping[str, tuple[str, str, dict[str, object]]] = {
        "Point": (
            "marker",
            "SimpleMarker",
            {
                "color": _rgba(paint.fill, paint.opacity), "name": paint.shape, "outline_color": "255,255,255,255",
                "outline_style": "solid", "outline_width": 0.2, "outline_width_unit": "MM",
                "size": paint.size, "size_unit": "MM",
            },
        ),
        "Line": (
            "line",
            "SimpleLine",
            {
                "line_color": _rgba(paint.line), "line_style": style, "line_width": paint.width,
                "line_width_unit": "MM", "capstyle": "round", "joinstyle": "round",
            },
        ),
        "Polygon": (
            "fill",
            "SimpleFill",
            {
                "color": _rgba(paint.fill, paint.opacity), "style": "solid" if paint.opacity else "no",
                "outline_color": _rgba(paint.line), "outline_style": style, "outline_width": paint.width,
                "outline_width_unit": "MM", "joinstyle": "bevel",
            },
        ),
    }  # fmt: skip
    form, maker, values = by_kind[kind]
    made = Element("symbol", {"type": form, "name": name, "alpha": "1", "clip_to_extent": "1", "force_rhr": "0"})
    layer = SubElement(made, "layer", {"class": maker, "enabled": "1", "locked": "0", "pass": "0"})
    _options(layer, values)
    return made


def _renderer(kind: str, symbols: Sequence[Element], **attributes: str) -> Element:
    made = Element(
        "renderer-v2", {"type": kind, "symbollevels": "0", "forceraster": "0", "enableorderby": "0", **attributes}
    )
    SubElement(made, "symbols").extend(symbols)
    return made


def single(kind: str, paint: Paint) -> Element:
    """Draw all alike."""
    return _renderer("singleSymbol", [symbol(kind, paint)])


def by_standing(column: str, lang: str) -> Element:
    """Draw issues by where they stand; those that are not yet known, or without a real place, are not drawn."""
    symbols, rows = [], Element("categories")
    for number, (code, (words, colour, shape, size)) in enumerate(STANDINGS.items()):
        symbols.append(symbol("Point", Paint(colour, shape=shape, size=size), str(number)))
        SubElement(
            rows,
            "category",
            {"value": code, "symbol": str(number), "label": words.in_(lang), "render": "true", "type": "string"},
        )
    made = _renderer("categorizedSymbol", symbols, attr=column)
    made.insert(0, rows)
    return made


def by_class(column: str, least: float, limits: Sequence[float], lang: str) -> Element:
    """Shade areas by classes of a number; ``limits`` are the rising upper ends of the classes."""
    del lang  # numbers need no words
    colours = [RAMP[round(n * (len(RAMP) - 1) / max(len(limits) - 1, 1))] for n in range(len(limits))]
    if len(limits) == 1:
        colours = [RAMP[-1]]
    rows = Element("ranges")
    symbols = []
    lower = least
    for number, (upper, colour) in enumerate(zip(limits, colours, strict=True)):
        symbols.append(symbol("Polygon", Paint(colour, 217, GRID_LINE, 0.3), str(number)))
        label = f"{lower:,.6g} – {upper:,.6g}"
        ends = {"lower": repr(float(lower)), "upper": repr(float(upper))}
        SubElement(rows, "range", {**ends, "symbol": str(number), "label": label, "render": "true"})
        lower = upper
    made = _renderer("graduatedSymbol", symbols, attr=column, graduatedMethod="GraduatedColor")
    made.insert(0, rows)
    SubElement(made, "classificationMethod", {"id": "Custom"})
    return made


def labels(column: str, *, size: float, always: bool) -> Element:
    """Write a column over or beside each shape, with a white halo; unless ``always``, from ``DETAIL_SCALE`` on.

    What QGIS does not find it takes for 0, also the height of a line, so all that matters is said.
    """
    made = Element("labeling", {"type": "simple"})
    settings = SubElement(made, "settings", {"calloutType": "simple"})
    font = {
        "fontFamily": FONT,
        "fontSize": str(size),
        "fontSizeUnit": "Point",
        "namedStyle": "Regular",
        "fontWeight": "50",
    }
    ink = {"textColor": _rgba(INK), "textOpacity": "1", "multilineHeight": "1", "textOrientation": "horizontal"}
    style = SubElement(settings, "text-style", {"fieldName": column, "isExpression": "0", **font, **ink})
    halo = {"bufferDraw": "1", "bufferSize": "0.8", "bufferSizeUnits": "MM", "bufferColor": "255,255,255,255"}
    SubElement(style, "text-buffer", {**halo, "bufferOpacity": "0.9", "bufferJoinStyle": "128", "bufferNoFill": "1"})
    place = {
        "placement": "1" if always else "0",
        "quadOffset": "4",
        "placementFlags": "10",
        "polygonPlacementFlags": "2",
    }
    SubElement(settings, "placement", {**place, "priority": "9" if always else "5", "dist": "1", "distUnits": "MM"})
    shown = {"scaleVisibility": "0" if always else "1", "scaleMin": str(DETAIL_SCALE), "scaleMax": "0"}
    kept = {
        "drawLabels": "1",
        "obstacle": "1",
        "obstacleFactor": "1",
        "fontMaxPixelSize": "10000",
        "maxNumLabels": "2000",
    }
    SubElement(settings, "rendering", {**shown, **kept})
    return made


def forms(columns: Sequence[Column], lang: str) -> list[Element]:
    """Show titles for names and words for codes in tables and forms."""
    aliases, fields = Element("aliases"), Element("fieldConfiguration")
    for number, one in enumerate(columns):
        title = one.title.in_(lang) + (f" ({one.unit.in_(lang)})" if one.unit and one.unit.in_(lang) else "")
        SubElement(aliases, "alias", {"field": for_xml(one.name), "index": str(number), "name": for_xml(title)})
        if one.codes:
            _words(SubElement(fields, "field", {"name": for_xml(one.name)}), one.codes, lang)
    return [fields, aliases]


def _words(field: Element, codes: Mapping[str, Text], lang: str) -> None:
    widget = SubElement(field, "editWidget", {"type": "ValueMap"})
    options = SubElement(SubElement(widget, "config"), "Option", {"type": "Map"})
    listed = SubElement(options, "Option", {"type": "List", "name": "map"})
    for code, words in codes.items():
        entry = SubElement(listed, "Option", {"type": "Map"})
        SubElement(entry, "Option", {"type": "QString", "name": words.in_(lang), "value": code})
