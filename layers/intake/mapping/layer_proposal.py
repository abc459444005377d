"""Which layer a file is for: proposed by its name, its shapes and its headings, with the reason; a person decides."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import shapely

from geo.text import Text
from layers.catalog import CATALOG, FACILITIES, FORMER_GRIDS, GRIDS, ISSUES, LayerSpec
from layers.intake.look import Setting
from layers.intake.mapping.proposal import ColumnMap, propose
from layers.intake.source import Source
from layers.standards import standard

WORDS: Mapping[str, tuple[str, ...]] = {
    "grids": ("网格", "片区", "责任区", "grid", "ward", "beat"),
    "buildings": ("建筑", "楼栋", "房屋", "building", "house"),
    "toilets": ("公厕", "厕所", "卫生间", "toilet", "restroom"),
    "parks": ("公园", "广场", "游园", "绿地", "park", "playground"),
    "murals": ("墙绘", "涂鸦", "mural", "artwork"),
    "parking": ("停车", "parking"),
    "issues": (
        "问题",
        "工单",
        "台账",
        "热线",
        "投诉",
        "诉求",
        "12345",
        "311",
        "issue",
        "ticket",
        "complaint",
        "request",
    ),
    "streets": ("街巷", "道路", "街道中心线", "street", "road"),
    "facilities": ("设施", "facilit", "amenit"),
    "lights": ("路灯", "照明", "light", "lamp"),
    "drains": ("排水", "雨水", "污水", "管网", "drain", "sewer"),
    "sites": ("地块", "宗地", "勘测", "空地", "parcel", "site"),
    "projects": ("项目", "project"),
    "housing_estates": ("小区", "estate"),
    "boundary": ("边界", "红线", "boundary", "outline"),
}
"""Words in the name of a file or table that tell its layer; the longest that is found counts."""
NAMED, OF_KIND, LACKING, CLEAR = 1.5, 3.0, 1.0, 0.2
"""What the name and the kind of a file count, what a required column that is missing costs, and by how much the best
layer must lead to be proposed without doubt; a heading that only one layer knows counts 1."""
BY_KIND = {"parcels": "sites", "open311": "issues"}
FIRST = {"point": FACILITIES.key, "line": "streets", "area": "buildings", None: ISSUES.key}
"""The layer that is named where nothing speaks for any."""
DIMENSIONS = ("point", "line", "area")
BY_NAME = Text("名称中有“{word}”", "its name has “{word}”")
BY_FORMAT = Text("文件格式", "the kind of file")
BY_HEADINGS = Text("有这一图层的列：{names}", "it has columns of this layer: {names}")
UNSURE = Text("没有把握，请核对", "not sure, please check")
MOST_NAMED = 3
OFFERED: Mapping[str, LayerSpec] = {key: spec for key, spec in CATALOG.items() if spec != FORMER_GRIDS}
"""Layers that files are proposed for; former grids come from redrawing alone."""


class Proposal(NamedTuple):
    """A layer, why, and whether that is more than a guess."""

    spec: LayerSpec
    why: Text
    sure: bool


class _Case(NamedTuple):
    """What speaks for the layers: shape and name of a table, and what its headings are in each layer."""

    source: Source
    shape: str | None
    named: str
    word: str
    maps: Mapping[str, ColumnMap]


def proposal(sources: Sequence[Source], part: str | None, setting: Setting, *, file: str) -> Proposal:
    """Propose the layer of a file.

    Args:
        sources: its tables.
        part: the chosen one, None for all.
        setting: the workspace.
        file: what the user calls it.
    """
    case = _case(sources, part, setting.folder, file)
    scores = {key: _score(case, OFFERED[key]) for key in OFFERED if _fits(case, OFFERED[key])}
    best = max(scores, key=lambda key: scores[key], default=None)
    if best is None or scores[best] <= 0:
        first = GRIDS.key if case.shape == "area" and GRIDS.key not in setting.tables else FIRST[case.shape]
        return Proposal(OFFERED[first], UNSURE, sure=False)
    rest = max((score for key, score in scores.items() if key != best), default=0.0)
    why = list(_reasons(case, OFFERED[best]))
    sure = scores[best] - rest >= CLEAR
    said = why if sure or not why else [*why, UNSURE]
    return Proposal(OFFERED[best], Text("；".join(one.zh for one in said), "; ".join(one.en for one in said)), sure)


def _case(sources: Sequence[Source], part: str | None, folder: Path, file: str) -> _Case:
    mine = [one for one in sources if part is None or one.part == part] or list(sources)
    source = max(mine, key=lambda one: len(one.cells))
    aliases = standard("column_aliases", folder)
    headings = [str(name) for name in source.cells]
    maps = {key: propose(headings, spec, aliases) for key, spec in OFFERED.items()}
    name = source.part if part is not None else f"{Path(file).stem} {source.part}"
    said = [(word, key) for key, words in WORDS.items() for word in words if word in name.casefold()]
    word, named = max(said, key=lambda one: len(one[0]), default=("", ""))
    return _Case(source, _shape(source), named, word, maps)


def _shape(source: Source) -> str | None:
    """Give the kind of most shapes of a table, None for a table without any."""
    if source.geometry is None:
        return None
    dimensions = shapely.get_dimensions(source.geometry)
    counts = np.bincount(dimensions[dimensions >= 0], minlength=len(DIMENSIONS))
    return DIMENSIONS[int(counts.argmax())] if counts.any() else None


def _fits(case: _Case, spec: LayerSpec) -> bool:
    """Tell whether a layer can hold the shapes of a table at all."""
    if case.shape is not None:
        return spec.shape in {case.shape, "any"}
    held = {choice.target for choice in case.maps[spec.key].choices}
    if "wkt" in held:
        return spec.shape != "none"
    if spec.shape == "none":
        return not held & {"x", "y", "xy"}
    return spec == ISSUES or (spec.shape in {"point", "any"} and bool(held & {"x", "xy"}))


def _own(columns: ColumnMap, spec: LayerSpec) -> dict[str, float]:
    """Give the headings that are columns of a layer, with how sure that is."""
    known = {spec.id_column, *spec.columns}
    return {one.heading: one.confidence for one in columns.choices if one.target in known}


def _score(case: _Case, spec: LayerSpec) -> float:
    own = _own(case.maps[spec.key], spec)
    shared = {heading: sum(heading in _own(case.maps[key], OFFERED[key]) for key in OFFERED) for heading in own}
    held = {choice.target for choice in case.maps[spec.key].choices}
    lacking = sum(1 for name, meta in spec.columns.items() if meta["required"] and name not in held)
    score = sum(sure / shared[heading] for heading, sure in own.items()) - LACKING * lacking
    score += NAMED if case.named == spec.key else 0.0
    return score + (OF_KIND if BY_KIND.get(case.source.kind) == spec.key else 0.0)


def _reasons(case: _Case, spec: LayerSpec) -> Iterator[Text]:
    if BY_KIND.get(case.source.kind) == spec.key:
        yield BY_FORMAT
    if case.named == spec.key:
        yield BY_NAME.format(word=case.word)
    own = list(_own(case.maps[spec.key], spec))
    if own:
        yield BY_HEADINGS.format(names=Text("、".join(own[:MOST_NAMED]), ", ".join(own[:MOST_NAMED])))
