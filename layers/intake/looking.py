"""A file looked at: read apart from everything, understood, compared with the layer; nothing is stored."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from geo.errors import DataError, Problem
from geo.findings import names_found
from geo.memory import collection_put_off
from geo.text import Text
from layers.catalog import GRIDS, ISSUES, LayerSpec
from layers.checks import has_known_type, issue_problems
from layers.intake.cells.persons import keep_apart
from layers.intake.faults import fault
from layers.intake.issue_kinds import kinds_of
from layers.intake.look import Look, Part, Setting, Wishes
from layers.intake.mapping.map_file import from_toml
from layers.intake.mapping.proposal import ColumnMap, propose
from layers.intake.meaning import Meant, meant
from layers.intake.merging import PLACE_CONFIDENCE, PLACE_SOURCE, merged, not_worse, repeats
from layers.intake.readied import readied
from layers.intake.source import Source
from layers.intake.telling import order_asked, tiling_problems, told
from layers.intake.upload.opening import open_upload
from layers.intake.verdicts import Sorted, declared_rows, identified, ordered, required_cells, shapes_fit
from layers.intake.whereabouts import Located, addresses_of, ground_of, located, placed
from layers.schema import Issues
from layers.standards import standard

TITLE_YEAR = "report_year"
"""The fact in which a reader gives the year that the title of a sheet names."""
WORKBOOKS = frozenset({"xlsx", "xls", "ods"})
"""Kinds of files whose tables are parts of one ledger."""
SOURCE_TYPE, ISSUE_TYPE, REPORTED_AT = Issues.source_type, Issues.issue_type, Issues.reported_at
MAPS = "maps"
"""Folder of a workspace with the mappings of files that were taken in before."""


class Placing(NamedTuple):
    """A table, what its headings are, and where its rows lie."""

    source: Source
    columns: ColumnMap
    located: Located


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
    chosen, questions = _chosen(sources, wishes, file)
    wishes = _with_year(wishes, chosen)
    parts, tables = [], []
    for source in chosen:
        part, table, asked = _part(setting, source, wishes)
        parts.append(part)
        tables.append(table)
        questions += asked
    table, parts = _together(tables, parts, wishes.layer)
    old = setting.tables.get(wishes.layer.key)
    merge = merged(old, not_worse(table, old)) if not questions and len(table) else None
    problems = [problem for part in parts for problem in told(part, wishes.layer)]
    if merge is not None and isinstance(merge.table, gpd.GeoDataFrame) and wishes.layer == GRIDS:
        problems += tiling_problems(merge.table, setting.manifest)
    if wishes.layer == ISSUES and not questions and len(table):
        problems += issue_problems(table, setting.manifest, has_known_type(table, setting.folder))
    return Look(file, wishes, tuple(parts), table, merge, tuple(questions), tuple(problems))


def _chosen(sources: Sequence[Source], wishes: Wishes, file: str) -> tuple[list[Source], list[Problem]]:
    """Give the tables to take: the named one, the only one, or all sheets of a workbook; else ask."""
    if wishes.part is not None:
        chosen = [one for one in sources if one.part == wishes.part]
        if not chosen:
            names = names_found([one.part for one in sources])
            raise DataError([fault("no_part", file, found=Text.same(wishes.part))._replace(expected=names)])
        return chosen, []
    if len(sources) > 1 and not all(one.kind in WORKBOOKS for one in sources):
        names = names_found([one.part or one.file for one in sources])
        return list(sources[:1]), [fault("which_part", file, found=names)]
    notes = [[one for one in source.notes if one.code != "several_layers"] for source in sources]
    return [source._replace(notes=tuple(own)) for source, own in zip(sources, notes, strict=True)], []


def _with_year(wishes: Wishes, sources: Sequence[Source]) -> Wishes:
    """Let the year in the titles of a workbook count for all its sheets, if it is the same in all that say one."""
    years = {int(year) for source in sources if (year := source.facts.get(TITLE_YEAR, "")).isdigit()}
    if wishes.settings.year is not None or len(years) != 1:
        return wishes
    return replace(wishes, settings=wishes.settings._replace(year=years.pop()))


def _part(setting: Setting, source: Source, wishes: Wishes) -> tuple[Part, pd.DataFrame, list[Problem]]:
    spec = wishes.layer
    ready = readied(source, setting.manifest.crs)
    source = ready.source
    columns = _columns(setting, source, wishes)
    apart = keep_apart(source.cells, columns.apart)
    said = meant(source, columns, spec, setting.folder)
    place = located(source, columns, ground_of(setting.tables, setting.manifest.crs, without=spec.key), wishes.answers)
    if spec == ISSUES and not place.asks:
        place = placed(place, source, columns, setting.places)
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
    table = declared_rows(rows, table, source.file) if not questions else table.drop(columns="_position")
    if isinstance(table, gpd.GeoDataFrame):
        table = table.set_crs(setting.manifest.crs)
    return Part(rows.source, columns, said, place, tuple(ordered(rows)), apart.private), table, questions


def _columns(setting: Setting, source: Source, wishes: Wishes) -> ColumnMap:
    """Give the mapping: what the user said, else what was remembered of such a file, else the proposal."""
    headings = [str(name) for name in source.cells]
    if wishes.columns is not None and {c.heading for c in wishes.columns.choices} == set(headings):
        found = wishes.columns
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
    table[PLACE_SOURCE] = how.where(~place.by_address, "address")
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


def _together(tables: list[pd.DataFrame], parts: list[Part], spec: LayerSpec) -> tuple[pd.DataFrame, list[Part]]:
    """Join the tables of several sheets; an id that another sheet had before counts once, or is lost if it contradicts."""
    full = [table for table in tables if len(table)]
    if not full:
        return (tables[0] if tables else pd.DataFrame(index=pd.Index([], name=spec.id_column))), parts
    if len(full) == 1:
        return full[0], parts
    joined = pd.concat(full)
    same, other = repeats(joined)
    return joined[~(same | other)], parts
