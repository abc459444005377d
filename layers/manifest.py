"""The one configuration file of a workspace: ``workspace.toml``."""

import json
import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.crs import require_metric
from geo.errors import CrsError, ManifestError, Problem
from geo.findings import text_fault
from geo.text import Text
from layers.catalog import CATALOG
from layers.manifest_faults import (
    FILE_WANTED,
    TOML_WANTED,
    WANTED,
    as_time,
    key_fault,
    manifest_fault,
    require,
    whole_faults,
)
from layers.people.identity import Identity
from layers.problems import problem

FILE = "workspace.toml"


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
        require("unknown_layer", that=value in CATALOG)
        return value

    @model_validator(mode="after")
    def _has_an_inside(self) -> Self:
        require("no_inside", that=self.west < self.east and self.south < self.north)
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
    ledger: str | None = Field(default=None, pattern=r"^postgresql\+psycopg://")
    synthetic: bool = False
    open311: bool = False
    credit: Words | None = None
    identity: Identity = Identity()

    @field_validator("as_of", mode="before")
    @classmethod
    def _is_a_date(cls, value: object) -> object:
        return as_time(value)

    @field_validator("as_of")
    @classmethod
    def _local_time(cls, value: datetime) -> datetime:
        require("not_local", that=value.tzinfo is None)
        return value

    @field_validator("levels")
    @classmethod
    def _each_once(cls, value: tuple[Level, ...]) -> tuple[Level, ...]:
        require("level_twice", that=len({one.level for one in value}) == len(value))
        return value

    @field_validator("extents")
    @classmethod
    def _each_layer_once(cls, value: tuple[Extent, ...]) -> tuple[Extent, ...]:
        require("extent_twice", that=len({one.layer for one in value}) == len(value))
        return value

    def level_words(self, level: int) -> Text:
        """What a grid of this level is called."""
        for one in self.levels:
            if one.level == level:
                return one.text
        return Text(f"第 {level} 级网格", f"level {level} grid")


def read_manifest(folder: Path) -> Manifest:
    """Read ``workspace.toml`` of a folder.

    Raises:
        ManifestError: the file is missing or wrong; names every wrong key.
    """
    path = folder / FILE
    if not path.is_file():
        raise ManifestError([manifest_fault(path, None, Text("没有此文件", "no such file"), FILE_WANTED)])
    content = path.read_bytes()
    try:
        values = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ManifestError([manifest_fault(path, None, text_fault(content, error), TOML_WANTED)]) from error
    return checked_manifest(values, path)


def checked_manifest(values: Mapping[str, object], path: Path) -> Manifest:
    """Make a manifest of values for the file at ``path``.

    Raises:
        ManifestError: names every wrong key.
    """
    try:
        return Manifest.model_validate(values)
    except ValidationError as error:
        rest = [manifest_fault(path, key, found, WANTED[kind]) for key, found, kind in whole_faults(values)]
        told = {p.column for p in rest}
        own = [key_fault(path, one) for one in error.errors(include_url=False)]
        own = [p for p in own if p.column not in told]
        crs = values.get("crs")
        known = isinstance(crs, str) and not any(p.column == "crs" for p in own)
        raise ManifestError([*own, *rest, *(metric_problems(str(crs)) if known else [])]) from error


def metric_problems(crs: str) -> list[Problem]:
    """List the fault of a coordinate system that is unknown or not in metres."""
    try:
        require_metric(crs)
    except CrsError:
        return [problem("crs_not_metric", FILE, column="crs", found=_crs_found(crs))]
    return []


def _crs_found(crs: str) -> Text:
    try:
        name = CRS.from_user_input(crs).name
    except CRSError:
        return Text(f"{crs}，没有此坐标系", f"{crs}, which is no known coordinate system")
    return Text(f"{crs}（{name}），单位不是米或面积失真", f"{crs} ({name}), not in metres or with distorted areas")


def manifest_toml(manifest: Manifest) -> str:
    """Write a manifest as TOML, the same bytes for the same manifest."""
    lines = [f"{key} = {toml_value(value)}" for key, value in _plain(manifest).items()]
    lines += _identity(manifest.identity)
    for name, entries in (("levels", manifest.levels), ("extents", manifest.extents)):
        for entry in entries:
            lines += ["", f"[[{name}]]", *(f"{k} = {toml_value(v)}" for k, v in entry.model_dump().items())]
    return "\n".join(lines) + "\n"


def _plain(manifest: Manifest) -> dict[str, object]:
    unsaid = set() if manifest.open311 else {"open311"}
    fields = manifest.model_dump(exclude={"levels", "extents", "identity", *unsaid}, exclude_none=True)
    return {**fields, "as_of": manifest.as_of}


def _identity(identity: Identity) -> list[str]:
    """Write the settings of login that differ from the usual ones, each table of its own."""
    said = identity.model_dump(exclude_defaults=True)
    tables = {"identity": {key: one for key, one in said.items() if not isinstance(one, dict)}}
    tables |= {f"identity.{key}": one for key, one in said.items() if isinstance(one, dict)}
    lines: list[str] = []
    for name, values in tables.items():
        if values:
            lines += ["", f"[{name}]", *(f"{key} = {toml_value(one)}" for key, one in values.items())]
    return lines


def toml_value(value: object) -> str:
    """Write a value as TOML."""
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case dict():
            return "{" + ", ".join(f"{k} = {toml_value(v)}" for k, v in value.items()) + "}"
        case tuple() | list():
            return "[" + ", ".join(map(toml_value, value)) + "]"
        case str():  # JSON escapes as TOML does, but for one control character
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
        case _:
            return str(value)
