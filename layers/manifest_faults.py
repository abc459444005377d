"""Every fault that workspace.toml can have, said in words: what each key holds, and what holds between keys."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

from pydantic_core import ErrorDetails, PydanticCustomError

from geo.errors import Problem
from geo.findings import NOTHING, value_found
from geo.text import Text
from layers.catalog import CATALOG
from layers.people import identity

NEXT_STEP = Text("运行 guatu new 新建工作区，或改正该文件", "run guatu new to make a workspace, or mend this file")
FILE_WANTED, TOML_WANTED = (
    Text("工作区的清单文件", "the manifest of a workspace"),
    Text("UTF-8 编码的 TOML", "TOML in UTF-8"),
)
PROFILES = ("CN-old", "CN-new", "WHO", "custom")
_METRES, _WORDS = Text("以米为单位的数", "a number of metres"), Text("非空文本", "text, not empty")
_WHETHER = Text("true 或 false", "true or false")
KEYS: Mapping[str, Text] = {
    "name": Text("由字母、数字、汉字、- 或 _ 组成的名称", "a name of letters, digits, - or _"),
    "title": Text("含 zh 与 en 的表", "a table with zh and en"),
    "credit": Text("含 zh 与 en 的表", "a table with zh and en"),
    "zh": _WORDS,
    "en": _WORDS,
    "crs": Text("坐标系代码，如 EPSG:4546", "the code of a coordinate system, such as EPSG:4546"),
    "as_of": Text("当地日期时间，如 2021-08-31 18:00:00", "a local date and time, such as 2021-08-31 18:00:00"),
    "profile": Text(f"以下之一：{'、'.join(PROFILES)}", f"one of {', '.join(PROFILES)}"),
    "language": Text("zh 或 en", "zh or en"),
    "levels": Text("含 level、zh、en 的表的列表", "a list of tables with level, zh and en"),
    "level": Text("1 至 9 的整数", "a whole number from 1 to 9"),
    "nests": _WHETHER,
    "synthetic": _WHETHER,
    "open311": _WHETHER,
    "extents": Text(
        "含 layer、west、south、east、north 的表的列表", "a list of tables with layer, west, south, east and north"
    ),
    "layer": Text(f"以下图层之一：{'、'.join(CATALOG)}", f"one of the layers {', '.join(CATALOG)}"),
    "west": _METRES,
    "south": _METRES,
    "east": _METRES,
    "north": _METRES,
    "ledger": Text(
        "区级数据库地址，如 postgresql+psycopg://用户@主机/库",
        "the address of the database of a district, such as postgresql+psycopg://user@host/database",
    ),
    **identity.KEYS,
}
"""What each key of the manifest holds."""
WANTED: Mapping[str, Text] = {
    "extra_forbidden": Text("已知的键；该键不存在", "a known key; there is none of this name"),
    "no_date": KEYS["as_of"],
    "not_local": Text("当地时间，不带时区", "local time without an offset"),
    "level_twice": Text("每个层级只写一次", "each level once"),
    "unknown_layer": KEYS["layer"],
    "extent_twice": Text("每个图层只写一个范围", "one extent a layer"),
    "no_inside": Text("west 小于 east，south 小于 north", "west less than east and south less than north"),
    **identity.WANTED,
}
"""What is wanted where a fault says more than its key does."""


def require(kind: str, *, that: bool) -> None:
    """Refuse a value for a reason of ``WANTED``.

    Raises:
        PydanticCustomError: ``that`` does not hold.
    """
    if not that:
        raise PydanticCustomError(kind, "{words}", {"words": WANTED[kind].en})


def as_time(value: object) -> object:
    """Read the text of a date; a bare number is refused, it would count seconds since 1970.

    Raises:
        PydanticCustomError: no date.
    """
    if isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(str(value) if isinstance(value, str) else "")
    except ValueError:
        require("no_date", that=False)
        raise


def manifest_fault(path: Path, key: str | None, found: Text, expected: Text) -> Problem:
    """Describe a fault of the manifest at ``path``."""
    return Problem("manifest", "error", f"{path.parent.name}/{path.name}", None, key, found, expected, NEXT_STEP)


def key_fault(path: Path, error: ErrorDetails) -> Problem:
    """Tell the fault of one key by the place where it stands."""
    key, kind = ".".join(map(str, error["loc"])), error["type"]
    found = NOTHING if kind == "missing" else value_found(error["input"])
    named = [one for one in error["loc"] if isinstance(one, str)]
    wanted = WANTED.get(kind) or KEYS[named[-1]]
    if kind == "missing":
        wanted = Text(f"必填项：{wanted.zh}", f"this key, which is required: {wanted.en}")
    return manifest_fault(path, key, found, wanted)


def whole_faults(values: Mapping[str, object]) -> Iterator[tuple[str, Text, str]]:
    """Find what is wrong between the keys of levels and extents, even where single keys are wrong too.

    Yields:
        The key, what was found and the key of ``WANTED``.
    """
    for name, key, kind in (("levels", "level", "level_twice"), ("extents", "layer", "extent_twice")):
        said = [str(one[key]) for one in _tables(values.get(name)).values() if key in one]
        twice = dict.fromkeys(one for one in said if said.count(one) > 1)
        if twice:
            yield name, Text("重复：{names}", "twice: {names}").format(names=", ".join(twice)), kind
    for at, one in _tables(values.get("extents")).items():
        west, south, east, north = (one.get(side) for side in ("west", "south", "east", "north"))
        if not (_apart(west, east) and _apart(south, north)):
            sides = f"west {west}, south {south}, east {east}, north {north}"
            yield f"extents.{at}", Text.same(sides), "no_inside"


def _tables(value: object) -> dict[int, Mapping[str, object]]:
    return {at: one for at, one in enumerate(value) if isinstance(one, dict)} if isinstance(value, list) else {}


def _apart(low: object, high: object) -> bool:
    """Tell whether one side lies before the other; what is no number is told elsewhere."""
    return not (isinstance(low, int | float) and isinstance(high, int | float)) or low < high
