"""Scenarios out of TOML files: every fault at once, each with its place and what to do."""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from geo.crs import reprojected
from geo.errors import DataError, Problem
from geo.findings import system_fault, text_fault, value_found
from geo.partition import PartitionError
from geo.text import Text
from layers.catalog import CATALOG
from reports.criteria import MEASURES
from reports.gridworks.plan import Plan
from reports.scenario.edits import ADD, CLOSE, DEEDS, EDITABLE, MOVE, OF, REMOVE, RESIZE, SET, Edit, Scenario
from reports.scenario.written import KIND, scenario_hash, wkt_of

NAME = re.compile(r"[\w-]{1,60}")
KEYS = frozenset(
    {"kind", "name", "title", "author", "made_on", "layers", "hash", "budget_yuan", "weights", "grids", "edits"}
)
EDIT_KEYS = frozenset(
    {"do", "layer", "id", "at", "lonlat", "wkt", "outline_of", "set", "area_m2", "cost_yuan", "note"}
)  # fmt: skip
PLACE_KEYS = ("at", "lonlat", "wkt", "outline_of")
REMEDY = Text("改正该文件；格式见“情景”的说明页", "mend the file; the how-to page of scenarios shows the format")
NO_KEY = Text("认识的键：{known}", "a known key: {known}")
AMOUNT = Text("不小于 0 的数", "a number, 0 or more")
PAIR = Text("两个数，如 [500100.0, 3400100.0]", "two numbers such as [500100.0, 3400100.0]")


class Read(NamedTuple):
    """A scenario out of a file; ``is_as_saved``: False if it says another hash than its content has, None if it says none."""

    scenario: Scenario
    is_as_saved: bool | None


def read_scenario(path: Path, crs: str) -> Read:
    """Read a scenario from a TOML file.

    Args:
        path: the file.
        crs: of the workspace, for places given as longitude and latitude.

    Raises:
        DataError: every fault of the file.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        expected = Text("可读取的文件", "a file that can be read")
        raise DataError([_fault(path.name, None, None, system_fault(error), expected)]) from error
    return parsed_scenario(content, path.name, crs)


def parsed_scenario(content: bytes, name: str, crs: str) -> Read:
    """Read a scenario from the bytes of a TOML file called ``name``; see ``read_scenario``.

    Raises:
        DataError: every fault.
    """
    try:
        table = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        expected = Text("UTF-8 编码的 TOML", "TOML in UTF-8")
        raise DataError([_fault(name, None, None, text_fault(content, error), expected)]) from error
    reader = _Reader(name, crs)
    found = reader.scenario(table)
    if reader.problems:
        raise DataError(reader.problems)
    said = table.get("hash")
    return Read(found, None if said is None else said == scenario_hash(found))


class _Reader:
    """Reads the tables of one file and gathers what is wrong with them."""

    def __init__(self, file: str, crs: str) -> None:
        self.file, self.crs = file, crs
        self.problems: list[Problem] = []

    def fault(self, row: object, column: str | None, found: object, expected: Text) -> None:
        """Note a fault."""
        words = found if isinstance(found, Text) else value_found(found)
        self.problems.append(_fault(self.file, row, column, words, expected))

    def scenario(self, table: Mapping[str, Any]) -> Scenario:
        """Read a whole file."""
        for key in sorted(set(table) - KEYS):
            self.fault(None, key, Text.same(key), NO_KEY.format(known=", ".join(sorted(KEYS))))
        if table.get("kind", KIND) != KIND:
            self.fault(None, "kind", table["kind"], Text.same(KIND))
        stem = Path(self.file).stem
        name = self.text(table, "name") or (stem if NAME.fullmatch(stem) else KIND)
        if not NAME.fullmatch(name):
            self.fault(None, "name", name, Text("由字母、数字、- 和 _ 组成的名称", "letters, digits, - and _"))
        rows = table.get("edits", [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.fault(None, "edits", rows, Text("[[edits]] 表", "tables [[edits]]"))
            rows = []
        edits = [self.edit(row, at) for at, row in enumerate(rows, start=1)]
        return Scenario(
            name=name,
            title=self.title(table.get("title"), name),
            edits=tuple(one for one in edits if one is not None),
            grids=self.grids(table.get("grids")),
            weights=self.weights(table.get("weights", {})),
            budget_yuan=self.amount(table, "budget_yuan", None),
            author=self.text(table, "author"),
            made_on=self.day(table.get("made_on")),
            layers=self.text(table, "layers"),
        )

    def text(self, table: Mapping[str, Any], key: str, row: object = None) -> str:
        """Read a text, "" where there is none."""
        found = table.get(key, "")
        if isinstance(found, str):
            return found
        self.fault(row, key, found, Text("文本", "a text"))
        return ""

    def title(self, found: object, name: str) -> Text:
        """Read a title: in both languages, or one text for both."""
        if found is None:
            return Text.same(name)
        if isinstance(found, str):
            return Text.same(found)
        if isinstance(found, dict) and all(isinstance(found.get(key), str) for key in ("zh", "en")):
            return Text(found["zh"], found["en"])
        self.fault(None, "title", found, Text("文本，或 {zh, en}", "a text, or {zh, en}"))
        return Text.same(name)

    def day(self, found: object) -> date | None:
        """Read a day."""
        if found is None or (isinstance(found, date) and type(found) is date):
            return found
        self.fault(None, "made_on", found, Text("日期，如 2024-06-01", "a day such as 2024-06-01"))
        return None

    def amount(self, table: Mapping[str, Any], key: str, row: object) -> float | None:
        """Read an amount that is not negative."""
        found = table.get(key)
        if found is None:
            return None
        if isinstance(found, int | float) and not isinstance(found, bool) and 0 <= found < np.inf:
            return float(found)
        self.fault(row, key, found, AMOUNT)
        return None

    def weights(self, found: object) -> dict[str, float]:
        """Read weights by criterion."""
        if not isinstance(found, dict):
            self.fault(None, "weights", found, Text("[weights] 表", "a table [weights]"))
            return {}
        for key in sorted(set(found) - set(MEASURES)):
            self.fault(None, f"weights.{key}", Text.same(key), NO_KEY.format(known=", ".join(MEASURES)))
        read = {key: self.amount(found, key, "weights") for key in found if key in MEASURES}
        return {key: value for key, value in read.items() if value is not None}

    def grids(self, found: object) -> Plan | None:
        """Read a redrawing of grids."""
        if found is None:
            return None
        try:
            return Plan.of_json(found) if isinstance(found, dict) else Plan.of_json(str(found))
        except PartitionError as error:
            self.fault(None, "grids", error.message, Text("网格重划方案", "a plan of a redrawing of grids"))
            return None

    def edit(self, row: Mapping[str, Any], at: int) -> Edit | None:
        """Read one difference; None if it cannot be told what it is."""
        before = len(self.problems)
        for key in sorted(set(row) - EDIT_KEYS):
            self.fault(at, key, Text.same(key), NO_KEY.format(known=", ".join(sorted(EDIT_KEYS))))
        do, layer = row.get("do"), row.get("layer")
        if do not in DEEDS:
            self.fault(at, "do", do, NO_KEY.format(known=", ".join(DEEDS)))
        if layer not in EDITABLE:
            self.fault(at, "layer", layer, NO_KEY.format(known=", ".join(EDITABLE)))
        if len(self.problems) > before:
            return None
        found = Edit(
            do=str(do),
            layer=str(layer),
            id=self.text(row, "id", at),
            wkt=self.place(row, at),
            outline_of=self.text(row, "outline_of", at),
            values=self.values(row.get("set", {}), str(layer), at),
            area_m2=self.amount(row, "area_m2", at),
            cost_yuan=self.amount(row, "cost_yuan", at),
            note=self.text(row, "note", at),
        )
        self.needed(found, row, at)
        return found if len(self.problems) == before else None

    def values(self, found: object, layer: str, at: int) -> dict[str, Any]:
        """Read the columns to set; what they may hold is judged with the layer."""
        columns = CATALOG[layer].columns
        if not isinstance(found, dict):
            self.fault(at, "set", found, Text('表，如 {name = "…"}', 'a table such as {name = "…"}'))
            return {}
        for key in sorted(set(found) - set(columns)):
            self.fault(at, f"set.{key}", Text.same(key), NO_KEY.format(known=", ".join(columns)))
        return {key: value for key, value in found.items() if key in columns}

    def place(self, row: Mapping[str, Any], at: int) -> str:
        """Read where a thing lies, as WKT in metres."""
        given = [key for key in PLACE_KEYS if key in row]
        if len(given) > 1:
            self.fault(at, given[1], Text.same(", ".join(given)), Text("只用一种位置写法", "one way of saying where"))
        if "wkt" in row:
            return self.shape(row["wkt"], at)
        for key in ("at", "lonlat"):
            if key in row:
                pair = row[key]
                if not _is_pair(pair):
                    self.fault(at, key, pair, PAIR)
                    return ""
                point = shapely.Point(float(pair[0]), float(pair[1]))
                return wkt_of(point if key == "at" else self.in_metres(point))
        return ""

    def shape(self, said: object, at: int) -> str:
        """Read a shape."""
        try:
            return wkt_of(shapely.from_wkt(said))
        except (shapely.errors.ShapelyError, TypeError, AttributeError):
            self.fault(at, "wkt", said, Text("WKT 图形，单位米", "a shape as WKT in metres"))
            return ""

    def in_metres(self, point: shapely.Point) -> shapely.Geometry:
        """Give a point in degrees in metres of the workspace."""
        found = reprojected(gpd.GeoDataFrame(geometry=[point], crs="EPSG:4326"), self.crs)
        return found.geometry.iloc[0]

    def needed(self, edit: Edit, row: Mapping[str, Any], at: int) -> None:
        """Note what a difference of its kind must say and does not."""
        for key, expected, lacks in _NEEDS[edit.do]:
            if lacks(edit):
                self.fault(at, key, row.get(key), expected)
        if edit.outline_of and not re.fullmatch(rf"\w+{OF}.+", edit.outline_of):
            self.fault(
                at, "outline_of", edit.outline_of, Text("图层/编号，如 sites/HL-X2", "layer/id such as sites/HL-X2")
            )


Need = tuple[str, Text, Callable[[Edit], bool]]
_ID: Need = ("id", Text("对象编号", "the id of the thing"), lambda one: not one.id)
_AT: Need = (
    "at", Text("位置：at、lonlat、wkt 或 outline_of", "a place: at, lonlat, wkt or outline_of"),
    lambda one: not (one.wkt or one.outline_of),
)  # fmt: skip
_VALUES: Need = ("set", Text("要改的字段", "columns to change"), lambda one: not one.values)
_AREA: Need = ("area_m2", Text("改后的面积，大于 0", "the area afterwards, above 0"), lambda one: not one.area_m2)
_STREET: Need = (
    "layer", Text("streets（只有街巷可以封闭）", "streets: only streets can be closed"), lambda one: one.layer != "streets"
)  # fmt: skip
_NEEDS: Mapping[str, Sequence[Need]] = {
    ADD: (_AT,),
    MOVE: (_ID, _AT),
    REMOVE: (_ID,),
    SET: (_ID, _VALUES),
    RESIZE: (_ID, _AREA),
    CLOSE: (_ID, _STREET),
}


def _is_pair(found: object) -> bool:
    return (
        isinstance(found, list)
        and len(found) == 2  # noqa: PLR2004 (x and y)
        and all(isinstance(one, int | float) and not isinstance(one, bool) and np.isfinite(one) for one in found)
    )


def _fault(  # noqa: PLR0917 (the fields of a problem)
    file: str, row: object, column: str | None, found: Text, expected: Text
) -> Problem:
    """Make the problem of a scenario; a row that is a number is that of a difference."""
    place = None if row is None else f"edits {row}" if isinstance(row, int) else str(row)
    return Problem("scenario", "error", file, place, column, found, expected, REMEDY)
