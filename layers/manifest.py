"""The one configuration file of a workspace: ``workspace.toml``."""

import json
import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError

from geo.errors import ManifestError, Problem
from geo.text import Text
from layers.catalog import CATALOG

FILE = "workspace.toml"
NEXT_STEP = Text("运行 guatu new 新建工作区，或改正该文件", "run guatu new to make a workspace, or mend this file")


class Words(BaseModel):
    """A name in both languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    @property
    def text(self) -> Text:
        """The words as a ``Text``."""
        return Text(self.zh, self.en)


class Level(Words):
    """One level of the grid tree; ``nests`` says that each grid of it lies in one parent."""

    level: int = Field(ge=1, le=9)
    nests: bool = True


class Extent(BaseModel):
    """The box inside which a layer is complete, metres; outside it nothing is known, which is not nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    layer: str
    west: float
    south: float
    east: float
    north: float

    @field_validator("layer")
    @classmethod
    def _known_layer(cls, value: str) -> str:
        _require("unknown_layer", that=value in CATALOG)
        return value

    @model_validator(mode="after")
    def _has_an_inside(self) -> Self:
        _require("no_inside", that=self.west < self.east and self.south < self.north)
        return self


class Manifest(BaseModel):
    """What a workspace says of itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str = Field(pattern=r"^[\w\-]+$")
    title: Words
    crs: str = Field(pattern=r"^EPSG:\d{4,6}$")
    as_of: datetime
    profile: Literal["CN-old", "CN-new", "WHO", "custom"] = "CN-old"
    language: Literal["zh", "en"] = "zh"
    levels: tuple[Level, ...] = (
        Level(level=1, zh="大网格", en="large grid"),
        Level(level=2, zh="小网格", en="small grid"),
    )
    extents: tuple[Extent, ...] = ()
    synthetic: bool = False
    credit: Words | None = None

    @field_validator("as_of")
    @classmethod
    def _local_time(cls, value: datetime) -> datetime:
        _require("not_local", that=value.tzinfo is None)
        return value

    @field_validator("levels")
    @classmethod
    def _each_once(cls, value: tuple[Level, ...]) -> tuple[Level, ...]:
        _require("level_twice", that=len({one.level for one in value}) == len(value))
        return value

    @field_validator("extents")
    @classmethod
    def _each_layer_once(cls, value: tuple[Extent, ...]) -> tuple[Extent, ...]:
        _require("extent_twice", that=len({one.layer for one in value}) == len(value))
        return value

    def level_words(self, level: int) -> Text:
        """What a grid of this level is called."""
        for one in self.levels:
            if one.level == level:
                return one.text
        return Text(f"第 {level} 级网格", f"level {level} grid")


def _require(kind: str, *, that: bool) -> None:
    if not that:
        raise PydanticCustomError(kind, "{words}", {"words": WANTED[kind].en})


def read_manifest(folder: Path) -> Manifest:
    """Read ``workspace.toml`` of a folder.

    Raises:
        ManifestError: the file is missing or wrong; names every wrong key.
    """
    path = folder / FILE
    if not path.is_file():
        raise ManifestError([_fault(path, None, "no file", Text("工作区的清单文件", "the manifest of a workspace"))])
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ManifestError([_fault(path, None, str(error), Text("UTF-8 编码的 TOML", "TOML in UTF-8"))]) from error
    return checked_manifest(values, path)


def checked_manifest(values: Mapping[str, object], path: Path) -> Manifest:
    """Make a manifest of values for the file at ``path``.

    Raises:
        ManifestError: names every wrong key.
    """
    try:
        return Manifest.model_validate(values)
    except ValidationError as error:
        raise ManifestError(
            _fault(path, ".".join(map(str, e["loc"])), repr(e["input"])[:80], _expected(e["type"], e["msg"]))
            for e in error.errors(include_url=False)
        ) from error


WANTED: dict[str, Text] = {
    "missing": Text("必填项", "this key, which is required"),
    "extra_forbidden": Text("已知的键；该键不存在", "a known key; there is none of this name"),
    "string_type": Text("文本", "text"),
    "string_too_short": Text("非空文本", "text that is not empty"),
    "string_pattern_mismatch": Text("规定格式的文本，如 EPSG:4546", "text of the stated form, such as EPSG:4546"),
    "int_type": Text("整数", "a whole number"),
    "int_parsing": Text("整数", "a whole number"),
    "float_type": Text("数字", "a number"),
    "float_parsing": Text("数字", "a number"),
    "bool_type": Text("true 或 false", "true or false"),
    "datetime_type": Text("日期时间，如 2021-08-31 18:00:00", "a date and time, such as 2021-08-31 18:00:00"),
    "tuple_type": Text("表的列表", "a list of tables"),
    "model_type": Text("表", "a table"),
    "not_local": Text("当地时间，不带时区", "local time without an offset"),
    "level_twice": Text("每个层级只写一次", "each level once"),
    "unknown_layer": Text(f"以下图层之一：{'、'.join(CATALOG)}", f"one of the layers {', '.join(CATALOG)}"),
    "extent_twice": Text("每个图层只写一个范围", "one extent a layer"),
    "no_inside": Text("west 小于 east，south 小于 north", "west less than east and south less than north"),
}


def _expected(kind: str, message: str) -> Text:
    """Say what a key should hold; the rarer kinds keep the checker's own words."""
    return WANTED.get(kind, Text(f"有效取值（{message}）", message))


def _fault(path: Path, key: str | None, found: str, expected: Text) -> Problem:
    return Problem("manifest", "error", f"{path.parent.name}/{path.name}", None, key, found, expected, NEXT_STEP)


def manifest_toml(manifest: Manifest) -> str:
    """Write a manifest as TOML, the same bytes for the same manifest."""
    lines = [f"{key} = {_toml(value)}" for key, value in _plain(manifest).items()]
    for name, entries in (("levels", manifest.levels), ("extents", manifest.extents)):
        for entry in entries:
            lines += ["", f"[[{name}]]", *(f"{k} = {_toml(v)}" for k, v in entry.model_dump().items())]
    return "\n".join(lines) + "\n"


def _plain(manifest: Manifest) -> dict[str, object]:
    fields = manifest.model_dump(exclude={"levels", "extents"}, exclude_none=True)
    return {**fields, "as_of": manifest.as_of}


def _toml(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case dict():
            return "{" + ", ".join(f"{k} = {_toml(v)}" for k, v in value.items()) + "}"
        case str():  # JSON escapes as TOML does, but for one control character
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
        case _:
            return str(value)
