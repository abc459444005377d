"""What can be said of a file on a page: the answers to choose from, and what was written in free words."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from geo.errors import GuatuError, Problem
from geo.similarity import ControlPoint
from geo.text import Text
from layers.catalog import LayerSpec
from layers.intake.cells.amounts import QUANTITIES
from layers.intake.look import Look
from layers.intake.mapping.targets import EXTRA, LEFT_OUT, TARGETS, column_kind, title_of
from reports.intake_said import Sheets, sheets

AUTO = Text("自动判断", "judged by itself")
KEEP: Mapping[str, Text] = {
    EXTRA: Text("附加列（原样保留）", "extra column, kept as it is"),
    LEFT_OUT: Text("不导入", "left out"),
}
"""Fates of a heading that is no column of the layer."""
CHOICES: Mapping[str, Mapping[str, Text]] = {
    "encoding": {
        "": AUTO,
        "utf-8": Text("UTF-8", "UTF-8"),
        "gb18030": Text("GB18030（GBK、GB2312）", "GB18030 (GBK, GB2312)"),
        "utf-16": Text("UTF-16", "UTF-16"),
        "cp1252": Text("西欧（Windows-1252）", "Western (Windows-1252)"),
    },
    "separator": {
        "": AUTO,
        ",": Text("逗号", "comma"),
        ";": Text("分号", "semicolon"),
        "\t": Text("制表符", "tab"),
        "|": Text("竖线", "vertical bar"),
    },
    "header": {"": AUTO, **{str(n): Text(f"第 {n} 行", f"row {n}") for n in range(1, 13)}},
    "unit": {"": AUTO, "m": Text("米", "metres"), "mm": Text("毫米", "millimetres")},
    "datum": {
        "": AUTO,
        "wgs84": Text("WGS84 或 CGCS2000（天地图、手机定位、测绘成果）", "WGS 84 or CGCS2000 (GPS, survey results)"),
        "gcj02": Text("GCJ-02（高德、腾讯地图）", "GCJ-02 (Amap, Tencent maps)"),
        "bd09": Text("BD-09（百度地图）", "BD-09 (Baidu maps)"),
    },
}
DATE_ORDERS: Mapping[str, Text] = {
    "": AUTO,
    "ymd": Text("年 月 日", "year month day"),
    "dmy": Text("日 月 年", "day month year"),
    "mdy": Text("月 日 年", "month day year"),
}
_OPTIONS: Mapping[str, Text] = {
    "encoding": Text("文字编码", "Encoding of the text"),
    "separator": Text("分隔符", "Separator"),
    "header": Text("表头（最后一行）在", "The heading ends in"),
    "unit": Text("图纸单位", "Unit of the drawing"),
}
_BY_KIND: Mapping[str, tuple[str, ...]] = {
    "": ("encoding", "separator", "header"),
    "delimited": ("encoding", "separator", "header"),
    "shapefile": ("encoding",),
    "xlsx": ("header",),
    "xls": ("header",),
    "ods": ("header",),
    "dxf": ("unit",),
}
POINT_WRONG = Text(
    "第 {n} 行“{line}”应如 1000,2000=560000,2926000", "line {n}, “{line}”, should be like 1000,2000=560000,2926000"
)
_FEWEST = 2
READ_OTHERWISE = frozenset({"encoding_unknown", "table_empty", "not_text", "table_over_limit", "row_lengths"})
"""Refusals that an answer about the reading may lift."""
YEARS = range(1900, 2101)


class Missing(NamedTuple):
    """A required column that no heading holds, and the tables that lack it."""

    sheets: Sheets
    column: str


class Place(NamedTuple):
    """How coordinates are read, or the question about it with the answers, and what speaks for it."""

    asks: bool
    words: Text
    choices: Mapping[str, Text]
    evidence: tuple[Text, ...]


def options_of(kind: str) -> dict[str, Text]:
    """Name what a person may say about the reading of a kind of file; "" for one that could not be read."""
    return {name: _OPTIONS[name] for name in _BY_KIND.get(kind, ())}


def asked_for(look: Look, code: str) -> bool:
    """Tell whether a question is open."""
    return any(one.code == code for one in look.questions)


def missing(look: Look) -> tuple[Missing, ...]:
    """Name the required columns that no heading of a table holds, table by table; tables with the same headings once."""
    asked = {str(one.column) for one in look.questions if one.code == "no_mapping" and one.column}
    found = []
    for one in sheets(look):
        held = set(one.first.meant.table)
        found += [Missing(one, column) for column in sorted(asked - held)]
    return tuple(found)


def may_mend(look: Look) -> bool:
    """Tell whether there are outlines that can be repaired if somebody agrees, or were."""
    lost = (one.code for part in look.parts for one in part.lost)
    return look.wishes.mend or "invalid_geometry" in lost


def other_questions(look: Look) -> tuple[Problem, ...]:
    """Give the questions that have no field of their own on a page."""
    own = {"which_part", "needs_answer"} | ({"no_mapping"} if missing(look) else set())
    return tuple(one for one in look.questions if one.code not in own)


def may_read_otherwise(problems: Sequence[Problem]) -> bool:
    """Tell whether another encoding, separator or heading may help with a file that could not be read."""
    return any(one.code in READ_OTHERWISE for one in problems)


def place_of(look: Look) -> Place | None:
    """Give how the coordinates of a file are read: the question that is open, else the reading; None without any."""
    verdicts = [part.located.verdict for part in look.parts if part.located.verdict is not None]
    open_ones = [one for one in verdicts if one.status != "certain"]
    if not verdicts:
        return None
    if open_ones:
        one = open_ones[0]
        words = one.question or Text("坐标系不明。", "The coordinate system is not known.")
        choices = {c.key: c.title for c in one.candidates if c.origin != "local"}
        return Place(asks=True, words=words, choices=choices, evidence=one.evidence)
    one = verdicts[0]
    said = Text("坐标读作：{what}", "Coordinates are read as: {what}")
    what = one.chosen.title if one.chosen is not None else Text("", "")
    evidence = tuple(dict.fromkeys(e for v in verdicts for e in v.evidence))
    return Place(asks=False, words=said.format(what=what), choices={}, evidence=evidence)


def said_points(text: str) -> tuple[ControlPoint, ...]:
    """Read control points, one a line: "X,Y=EAST,NORTH"; none from an empty text or a single line.

    Raises:
        GuatuError: a line is not like that.
    """
    found = []
    for number, line in enumerate(text.replace("，", ",").replace("＝", "=").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            source, target = line.split("=")
            x, y = (float(one) for one in source.split(","))
            east, north = (float(one) for one in target.split(","))
        except ValueError as error:
            raise GuatuError(POINT_WRONG.format(n=number, line=line.strip())) from error
        found.append(ControlPoint(x, y, east, north))
    return tuple(found) if len(found) >= _FEWEST else ()


def year_of(text: str) -> int | None:
    """Read a year that somebody typed; None if it is none."""
    digits = text.strip().removesuffix("年")
    return int(digits) if digits.isdecimal() and int(digits) in YEARS else None


def targets_of(spec: LayerSpec, lang: str) -> dict[str, str]:
    """Name everything that a heading may be: columns of the layer, what serves to place and keep apart, fates."""
    own = [spec.id_column, *spec.columns]
    names = {key: title_of(key, spec).in_(lang) for key in own}
    required = {name for name, meta in spec.columns.items() if meta["required"]}
    star = Text("{what}（必填）", "{what} (required)")
    names = {key: star.format(what=words).in_(lang) if key in required else words for key, words in names.items()}
    others = {key: one.title.in_(lang) for key, one in TARGETS.items() if key not in names}
    fates = {key: words.in_(lang) for key, words in KEEP.items()}
    return fates | names | others


def has_unit(target: str, spec: LayerSpec) -> bool:
    """Tell whether bare numbers of a target need a unit."""
    return column_kind(target, spec) in QUANTITIES
