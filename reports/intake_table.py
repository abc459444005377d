"""What an intake would do, as tables for a page: rows, changes, places to confirm, the mapping, the history."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo.text import Text
from layers.catalog import CATALOG, LayerSpec
from layers.intake.cells.distinct import cell_text
from layers.intake.cells.persons import masked_text
from layers.intake.cells.words import STATES
from layers.intake.faults import FAULTS
from layers.intake.history import Intake
from layers.intake.look import Look, Part
from layers.intake.mapping.targets import title_of
from layers.intake.meaning import WRITTEN
from layers.intake.source import LostRow, Readings
from layers.intake.taking import answer
from reports.intake_answers import has_unit
from reports.intake_words import BY_HAND, blank_cell, by_address, moved_words, read_as

REJECTED, GAP, REPAIRED, KEPT = STATUSES = ("rejected", "gap", "repaired", "kept")
"""What becomes of rows, in the order in which they are listed."""
STATUS_WORDS: Mapping[str, Text] = {
    KEPT: Text("保留", "Kept"),
    REPAIRED: Text("保留，有修正", "Kept, repaired"),
    GAP: Text("保留，有空缺", "Kept, with gaps"),
    REJECTED: Text("退回", "Rejected"),
}
ROW_TITLES: Mapping[str, Text] = {
    "row": Text("行", "Row"),
    "part": Text("表", "Table"),
    "status": Text("结果", "Outcome"),
    "what": Text("说明", "What"),
    "remedy": Text("怎么办", "What to do"),
}
CHANGE_TITLES: Mapping[str, Text] = {
    "id": Text("编号", "Id"),
    "column": Text("字段", "Column"),
    "before": Text("原来", "Before"),
    "after": Text("更新后", "After"),
}
HISTORY_TITLES: Mapping[str, Text] = {
    "number": Text("次", "No."),
    "at": Text("时间", "When"),
    "file": Text("文件", "File"),
    "layer": Text("图层", "Layer"),
    "rows_added": Text("新增", "Added"),
    "rows_updated": Text("更新", "Updated"),
    "rows_unchanged": Text("不变", "Unchanged"),
    "rows_rejected": Text("退回", "Rejected"),
}
NO_PLACE = Text("没有位置，不上图", "no place, not on the map")
EMPTY = Text("（空）", "(empty)")
PLACE = Text("图上位置", "place on the map")
AS_WRITTEN = Text("{what}（原文）", "{what} (as written)")
HIDDEN = Text("（不显示）", "(not shown)")
MOST_TOLD = 4
"""Remarks on one row."""


@dataclass(frozen=True)
class Marked:
    """The rows of a table with what became of each: status by position, and how repaired columns were read."""

    part: Part
    status: np.ndarray
    readings: Mapping[str, Readings]

    @property
    def lost(self) -> dict[int, LostRow]:
        """Rejected rows by their number in the file."""
        return {one.row: one for one in self.part.lost}


def marked(look: Look) -> tuple[Marked, ...]:
    """Sort the rows of all tables into kept, repaired, kept with gaps and rejected."""
    return tuple(_marked(part) for part in look.parts)


def _marked(part: Part) -> Marked:
    cells = part.source.cells
    status = np.full(len(cells), KEPT, dtype=object)
    readings = part.meant.readings
    for found in readings.values():
        status[found.repaired.to_numpy(dtype=bool)] = REPAIRED
    status[sorted({at for at, *_ in part.meant.faults})] = GAP
    status[np.isin(part.source.rows, [one.row for one in part.lost])] = REJECTED
    return Marked(part, status, readings)


def status_counts(tables: Sequence[Marked]) -> dict[str, int]:
    """Count the rows of each status; together they are the rows that were read."""
    found = {one: sum(int((table.status == one).sum()) for table in tables) for one in STATUSES}
    return found | {REJECTED: sum(len(table.part.lost) for table in tables)}


def row_table(
    tables: Sequence[Marked], lang: str, *, wanted: Collection[str] = STATUSES, most: int = 200
) -> pd.DataFrame:
    """Give the first rows of the wanted statuses, doubtful ones first, as they stand in the file, with what became of each.

    Personal columns are left out: they are kept apart from the map.

    Returns:
        Columns of ``ROW_TITLES`` ("part" only with several tables), then the headings of the file, all text.
    """
    found: list[pd.DataFrame] = []
    left = most
    for status, table in ((status, table) for status in STATUSES if status in wanted for table in tables):
        one = _rows(table, lang, status, left)
        found.append(one.assign(part=table.part.source.part) if len(tables) > 1 else one)
        left -= len(one)
    rows = pd.concat(found, ignore_index=True) if found else pd.DataFrame()
    heads = [name for name in ROW_TITLES if name in rows]
    return rows[[*heads, *(name for name in rows if name not in heads)]]


def _rows(table: Marked, lang: str, wanted: str, most: int) -> pd.DataFrame:
    source = table.part.source
    at = np.flatnonzero(table.status == wanted)[:most]
    lost = table.lost
    own = pd.DataFrame(
        {
            "row": source.rows[at].astype(np.int64),
            "status": [STATUS_WORDS[one].in_(lang) for one in table.status[at]],
            "what": [_what(table, int(one), lang) for one in at],
            "remedy": [lost[row].remedy.in_(lang) if row in lost else "" for row in source.rows[at].tolist()],
        }
    )
    shown = source.cells.drop(columns=list(table.part.columns.apart)).iloc[at]
    cells = shown.map(cell_text, na_action="ignore").astype("str").reset_index(drop=True)
    cells = cells.rename(columns={name: f"{name} " for name in cells if name in ROW_TITLES})
    unread = sorted(lost.keys() - set(source.rows.tolist()))[: most - len(at)] if wanted == REJECTED else []
    more = pd.DataFrame([_unread(lost[row], lang) for row in unread], columns=list(own))
    whole = pd.concat([own, cells], axis=1)
    return whole if more.empty else pd.concat([whole, more]).sort_values("row", ignore_index=True, kind="stable")


def _unread(one: LostRow, lang: str) -> dict[str, object]:
    what = _of_column(one.column, one.found).in_(lang)
    return {"row": one.row, "status": STATUS_WORDS[REJECTED].in_(lang), "what": what, "remedy": one.remedy.in_(lang)}


def _of_column(column: str | None, words: Text) -> Text:
    return Text(f"{column}：{words.zh}", f"{column}: {words.en}") if column else words


def _what(table: Marked, at: int, lang: str) -> str:
    """Say what happened to a row: why it was rejected; else what was repaired, left empty, and how it was placed."""
    row = int(table.part.source.rows[at])
    one = table.lost.get(row)
    if one is not None:
        return _why(table.part, one, at).in_(lang)
    said = [_of_column(heading, blank_cell(fault)) for pos, heading, _, fault in table.part.meant.faults if pos == at]
    for heading, found in table.readings.items():
        if found.repaired.iloc[at]:
            said.append(_of_column(heading, read_as(table.part.source.cells[heading].iloc[at], found[0].iloc[at])))
    said += _placing(table.part, at)
    return ("；" if lang == "zh" else "; ").join(words.in_(lang) for words in said[:MOST_TOLD])


def _why(part: Part, one: LostRow, at: int) -> Text:
    """Say why a row was rejected: what was found, and what should be there."""
    expected = next(
        (fault.expected for pos, _, _, fault in part.meant.faults if pos == at and fault.code == one.code), None
    )
    if expected is None and one.code in FAULTS:
        expected = FAULTS[one.code].expected
    words = Text("{found}；应为{expected}", "{found}; expected {expected}")
    return _of_column(one.column, one.found if expected is None else words.format(found=one.found, expected=expected))


def _placing(part: Part, at: int) -> list[Text]:
    located = part.located
    if located.by_hand[at]:
        return [BY_HAND]
    if located.placements is None or not len(located.by_address) or at not in located.placements.table.index:
        return []
    confidence = float(
        located.placements.table["confidence"].to_numpy(dtype=float)[located.placements.table.index.get_loc(at)]
    )
    return [by_address(confidence)] if located.by_address[at] else [NO_PLACE]


def rejected_table(tables: Sequence[Marked], lang: str, *, most: int) -> pd.DataFrame:
    """Give the rejected rows alone, see ``row_table``."""
    return row_table(tables, lang, wanted=(REJECTED,), most=most)


def change_table(look: Look, lang: str, *, most: int) -> pd.DataFrame:
    """Give the cells that an intake would change, with the columns of ``CHANGE_TITLES``; a place says how far it moves."""
    spec = look.wishes.layer
    changes = look.merge.changes.head(most) if look.merge is not None else pd.DataFrame(columns=list(CHANGE_TITLES))
    pairs = [
        _moved(was, now, lang)
        if column == "geometry"
        else (_cell(was, _codes(column, spec), lang), _cell(now, _codes(column, spec), lang))
        for column, was, now in zip(changes["column"], changes["before"], changes["after"], strict=True)
    ]
    table = changes.assign(
        column=[PLACE.in_(lang) if one == "geometry" else _title(one, spec, lang) for one in changes["column"]],
        before=[one for one, _ in pairs],
        after=[other for _, other in pairs],
    )
    return table[list(CHANGE_TITLES)].astype("str")


def _title(column: str, spec: LayerSpec, lang: str) -> str:
    """Name a column; those that keep the words of the file beside a value say so."""
    bare = column.removesuffix(WRITTEN)
    title = title_of(bare, spec)
    return (AS_WRITTEN.format(what=title) if bare != column else title).in_(lang)


def _codes(column: str, spec: LayerSpec) -> Mapping[str, Text]:
    """Give the words for the codes of a column, none for one without."""
    if column == "status":
        return STATES
    meta = spec.columns.get(column)
    return meta["codes"] or {} if meta else {}


def _cell(value: object, codes: Mapping[str, Text], lang: str) -> str:
    if not isinstance(value, str) or not value:
        return EMPTY.in_(lang)
    return codes[value].in_(lang) if value in codes else value.removesuffix(".0").removesuffix(" 00:00:00")


def _moved(before: object, after: object, lang: str) -> tuple[str, str]:
    """Say where a shape was and how far it goes, without its corners."""
    if not (isinstance(before, str) and isinstance(after, str)):
        return EMPTY.in_(lang), moved_words(None).in_(lang)
    was, now = shapely.centroid(shapely.from_wkt([before, after]))
    far = float(shapely.distance(was, now))
    return "…", moved_words(far).in_(lang)


def mapping_table(part: Part, spec: LayerSpec) -> pd.DataFrame:
    """Give a row for each heading: ``heading``, ``example`` (Text), ``target``, ``confidence``, ``reason`` (Text), ``unit``, ``has_unit``."""
    rows = [
        {
            **one._asdict(),
            "example": HIDDEN if one.role == "person" else Text.same(_example(part.source.cells[one.heading])),
            "has_unit": has_unit(one.target, spec),
        }
        for one in part.columns.choices
    ]
    return pd.DataFrame(rows, columns=["heading", "example", "target", "confidence", "reason", "unit", "has_unit"])


def _example(cells: pd.Series) -> str:
    given = cells.dropna()
    if given.empty:
        return ""
    return str(masked_text(pd.Series([cell_text(given.iloc[0])])).iloc[0]).strip()[:40]


def history_table(done: Sequence[Intake], lang: str) -> pd.DataFrame:
    """Give the intakes of a workspace, the last first, with the columns of ``HISTORY_TITLES``."""
    rows = [
        {
            **{name: one.record.get(name) for name in HISTORY_TITLES},
            "number": one.number,
            "at": _local(str(one.record["at"])) if "at" in one.record else "",
            "layer": _into(one.record).in_(lang),
        }
        for one in reversed(done)
    ]
    return pd.DataFrame(rows, columns=list(HISTORY_TITLES))


def _into(record: Mapping[str, Any]) -> Text:
    """Name the layer or raster that an intake changed."""
    if "raster" in record:
        return Text("栅格 {name}", "raster {name}").format(name=record["raster"])
    return CATALOG[record["layer"]].title if record["layer"] in CATALOG else Text.same("")


def _local(at: str) -> str:
    """Write a moment as the clock of this computer showed it."""
    return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M")


def answer_json(look: Look) -> bytes:
    """Give what an intake found and does as JSON, the same that ``guatu add --json`` prints."""
    return json.dumps(answer(look), ensure_ascii=False, indent=1, default=str).encode()
