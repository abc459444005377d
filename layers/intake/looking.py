"""A file looked at: read apart from everything, understood, compared with the layer; nothing is stored."""

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.errors import Problem
from geo.memory import collection_put_off
from geo.text import Text
from layers.catalog import GRIDS, ISSUES, LayerSpec
from layers.checks import has_known_type, issue_problems
from layers.intake.cells.persons import keep_apart, texts_apart
from layers.intake.faults import fault
from layers.intake.issue_kinds import kinds_of
from layers.intake.look import Look, Part, Setting, Wishes
from layers.intake.mapping.map_file import from_toml
from layers.intake.mapping.proposal import ColumnMap, propose
from layers.intake.mapping.targets import EXTRA
from layers.intake.meaning import Meant, meant
from layers.intake.merging import MEASURED, PLACE_CONFIDENCE, PLACE_SOURCE, merged, not_worse, repeats
from layers.intake.readied import readied
from layers.intake.source import Source
from layers.intake.telling import order_asked, tiling_problems, told
from layers.intake.unlike import chosen_of
from layers.intake.upload.opening import open_upload
from layers.intake.verdicts import Sorted, contradiction, declared_rows, identified, ordered, required_cells, shapes_fit
from layers.intake.whereabouts import Located, addresses_of, drawn, ground_of, located, placed, set_by_hand
from layers.schema import Issues
from layers.standards import standard

TITLE_YEAR = "report_year"
"""The fact in which a reader gives the year that the title of a sheet names."""
SOURCE_TYPE, ISSUE_TYPE, REPORTED_AT = Issues.source_type, Issues.issue_type, Issues.reported_at
FREE = frozenset({"description", "address"})
"""Columns of free text, in which somebody may have written a number of a person."""
MAPS = "maps"
"""Folder of a workspace with the mappings of files that were taken in before."""


class Placing(NamedTuple):
    """A table, what its headings are, and where its rows lie."""

    source: Source
    columns: ColumnMap
    located: Located


class Kept(NamedTuple):
    """One table looked at: what became of it, its rows by id as they would be stored, and the row of each in the file."""

    part: Part
    table: pd.DataFrame
    rows: np.ndarray


def look(setting: Setting, path: Path, wishes: Wishes, *, name: str = "") -> Look:
    """Look at a file: read it apart from everything, find out what it means, store nothing.

    Args:
        setting: the workspace, see ``setting_of``.
        path: the file.
        wishes: what the user says of it.
        name: what the user calls the file.

    Raises:
        DataError: the file cannot be read at all.
    """
    sources = open_upload(path, name=name, options=wishes.options)
    return look_at(setting, sources, wishes, file=name or path.name)


@collection_put_off()
def look_at(setting: Setting, sources: Sequence[Source], wishes: Wishes, *, file: str) -> Look:
    """Look at tables that have been read."""
    chosen, questions = chosen_of(setting, sources, wishes, file)
    wishes = _with_year(wishes, chosen)
    kept = []
    for source in chosen:
        one, asked = _part(setting, source, wishes)
        kept.append(one)
        questions += asked
    table, parts = _together(kept, wishes.layer)
    table = table.drop(columns=list(MEASURED), errors="ignore")
    old = setting.tables.get(wishes.layer.key)
    better = not_worse(table, old, error_m=max(map(_error_m, parts), default=0.0))
    merge = merged(old, better) if not questions and len(table) else None
    problems = [problem for part in parts for problem in told(part, wishes.layer)]
    if merge is not None and isinstance(merge.table, gpd.GeoDataFrame) and wishes.layer == GRIDS:
        problems += tiling_problems(merge.table, setting.manifest)
    if wishes.layer == ISSUES and not questions and len(table):
        problems += issue_problems(table, setting.manifest, has_known_type(table, setting.folder))
    return Look(file, wishes, tuple(parts), table, merge, tuple(questions), tuple(problems))


def _error_m(part: Part) -> float:
    """Give how far the places of a table may be off because their coordinates are rounded, in both directions."""
    verdict = part.located.verdict
    exact = verdict.precision if verdict is not None else None
    return exact.ground_m * math.sqrt(2) if exact else 0.0


def _with_year(wishes: Wishes, sources: Sequence[Source]) -> Wishes:
    """Let the year in the titles of a workbook count for all its sheets, if it is the same in all that say one."""
    years = {int(year) for source in sources if (year := source.facts.get(TITLE_YEAR, "")).isdigit()}
    if wishes.settings.year is not None or len(years) != 1:
        return wishes
    return replace(wishes, settings=wishes.settings._replace(year=years.pop()))


def _part(setting: Setting, source: Source, wishes: Wishes) -> tuple[Kept, list[Problem]]:
    spec = wishes.layer
    ready = readied(source, setting.manifest.crs)
    source = ready.source
    columns = _columns(setting, source, wishes)
    if (given := source) is not (
        source := drawn(source, columns)
    ):  # what is written in cells is examined like any shape
        ready = readied(source, setting.manifest.crs)
        source = ready.source
    whole, source, private = source, *_public(source, columns)
    said = meant(source, columns, spec, setting.folder)
    place = located(source, columns, ground_of(setting.tables, setting.manifest.crs, without=spec.key), wishes.answers)
    if spec == ISSUES and not place.asks:
        place = set_by_hand(placed(place, source, columns, lambda: setting.places), source, wishes.points)
    rows = Sorted(source, spec)
    required_cells(rows, said, {choice.target: choice.heading for choice in columns.choices})
    questions = [*_missing(said, spec, source.file), *order_asked(said, source), *_asked(place, source)]
    if spec.shape != "none" and not place.asks:
        shapes_fit(rows, place, ready.rings, mend=wishes.mend)
    table = identified(
        rows,
        _with_place(said.table, Placing(source, columns, place), spec, setting.folder),
        _ids(said, spec),
        place.shapes,
    )
    position = table["_position"]
    table = declared_rows(rows, table, source.file) if not questions else table.drop(columns="_position")
    if isinstance(table, gpd.GeoDataFrame):
        table = table.set_crs(setting.manifest.crs)
    own = rows.source._replace(cells=whole.cells)  # rejected rows come back as they were
    if given.geometry is None:
        own = own._replace(geometry=None, crs=given.crs)
    part = Part(own, columns, said, place, tuple(ordered(rows)), private)
    places = position if len(position) == len(table) else position.loc[table.index]
    return Kept(part, table, source.rows[places.to_numpy()]), questions


def _public(source: Source, columns: ColumnMap) -> tuple[Source, pd.DataFrame]:
    """Give a table without the numbers of persons in its texts, and all personal data apart."""
    apart = keep_apart(source.cells, columns.apart)
    free = [one.heading for one in columns.choices if one.role in {"text", EXTRA} or one.target in FREE]
    apart = texts_apart(source.cells, free, apart.private)
    return source._replace(cells=apart.public), apart.private


def _columns(setting: Setting, source: Source, wishes: Wishes) -> ColumnMap:
    """Give the mapping: what the user said, else what was remembered of such a file, else the proposal."""
    headings = [str(name) for name in source.cells]
    said = next((one for one in wishes.columns if {c.heading for c in one.choices} == set(headings)), None)
    if said is not None:
        found = said
    else:
        aliases = standard("column_aliases", setting.folder)
        found = propose(headings, wishes.layer, aliases, cells=source.cells, file=source.file)
        kept = map_path(setting.folder, found)
        if kept.is_file():
            found = from_toml(kept.read_bytes(), found, wishes.layer, file=f"{MAPS}/{kept.name}")
    settings = wishes.settings
    year = settings.year or found.settings.year or _whole(source.facts.get(TITLE_YEAR))
    order = settings.date_order or found.settings.date_order
    return replace(found, settings=found.settings._replace(year=year, date_order=order))


def map_path(folder: Path, columns: ColumnMap) -> Path:
    """Where the mapping of files with these headings is remembered."""
    return folder / MAPS / f"{columns.layer}-{columns.fingerprint}.toml"


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _ids(said: Meant, spec: LayerSpec) -> pd.Series | None:
    return said.table.get(spec.id_column)


def _with_place(said: pd.DataFrame, part: Placing, spec: LayerSpec, folder: Path) -> pd.DataFrame:
    """Add to issues what follows from several headings: their type, address, and how they were placed."""
    table = said.drop(columns=spec.id_column, errors="ignore")
    if spec != ISSUES:
        return table
    if SOURCE_TYPE in table and ISSUE_TYPE not in table:
        when = table.get(REPORTED_AT, pd.Series(pd.NaT, index=table.index))
        table[ISSUE_TYPE], _ = kinds_of(table[SOURCE_TYPE], when, folder)
    address = addresses_of(part.source, part.columns)
    if address.notna().any():
        table["address"] = address
    place = part.located
    how = pd.Series("coordinates", index=table.index, dtype="str").where(~pd.isna(place.shapes))
    table[PLACE_SOURCE] = how.where(~place.by_address, "address").where(~place.by_hand, "hand")
    if place.placements is not None:
        table[PLACE_CONFIDENCE] = place.placements.table["confidence"].reindex(table.index).where(place.by_address)
    return table


def _missing(said: Meant, spec: LayerSpec, file: str) -> list[Problem]:
    lacking = [name for name, meta in spec.columns.items() if meta["required"] and name not in said.table]
    return [fault("no_mapping", file, column=name, found=spec.title_of(name)) for name in lacking]


def _asked(place: Located, source: Source) -> list[Problem]:
    if not place.asks or place.verdict is None:
        return []
    words = place.verdict.question or Text("坐标系不明", "the coordinate system is not known")
    answers = Text(
        "；".join(f"{c.key}：{c.title.zh}" for c in place.verdict.candidates),
        "; ".join(f"{c.key}: {c.title.en}" for c in place.verdict.candidates),
    )
    one = fault("needs_answer", source.file, found=words)
    return [one._replace(expected=answers) if place.verdict.candidates else one]


def _together(kept: Sequence[Kept], spec: LayerSpec) -> tuple[pd.DataFrame, list[Part]]:
    """Join the tables of several sheets; an id that another sheet had before counts once, or is lost if it contradicts."""
    full = [one for one in kept if len(one.table)]
    if not full:
        return (kept[0].table if kept else pd.DataFrame(index=pd.Index([], name=spec.id_column))), [
            k.part for k in kept
        ]
    if len(full) == 1:
        return full[0].table, [one.part for one in kept]
    joined = pd.concat([one.table for one in full])
    same, other = repeats(joined)
    ends = np.cumsum([len(one.table) for one in full])[:-1]
    wrong = {id(one): marks for one, marks in zip(full, np.split(other, ends), strict=True)}
    parts = [_less(one, wrong[id(one)]) if len(one.table) else one.part for one in kept]
    return joined[~(same | other)], parts


def _less(one: Kept, wrong: np.ndarray) -> Part:
    """Give a part without the rows that say something else than an earlier sheet does of the same id."""
    if not wrong.any():
        return one.part
    lost = [
        contradiction(int(row), name)
        for row, name in zip(one.rows[wrong].tolist(), one.table.index[wrong].tolist(), strict=True)
    ]
    return replace(one.part, lost=tuple(sorted([*one.part.lost, *lost], key=lambda each: each.row)))
