"""Supply, shortfall, parking balance and equity as plain JSON values and as lines for a terminal."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from geo.text import Text
from reports.answers import number
from reports.service.equity import FIGURES, SupplyEquity
from reports.service.parking import TIMES, ParkingBalance
from reports.service.supply import Supply
from reports.service.supply_table import amount, equity_table, grid_table, parking_table
from reports.service.supply_words import foot_words, how_words, shortfall_words, status_words

Answer = dict[str, Any]
_WIDE = 8
UNKNOWN = "–"


def supply_answer(found: Supply, even: SupplyEquity | None, parking: ParkingBalance | None) -> Answer:
    """Give the answer of ``guatu supply``: grids, facilities that are left out, equity, and the parking balance."""
    table = found.by_facility
    left_out = table[table["why"] != ""] if len(table) else table
    return {
        "workspace": found.ws.name,
        "level": found.level,
        "as_of": found.ws.manifest.as_of.isoformat(),
        "inputs": found.ws.digest,
        "of": found.kind.key,
        "unit": found.kind.unit._asdict(),
        "per": found.kind.per,
        "method": found.method,
        "distance": "on_foot" if found.on_foot else "straight",
        **_standing(found.status, found.missing, found.notes),
        "meta": plain(found.meta),
        "grids": _rows(found.by_grid, "grid_id"),
        "buildings_short": _rows(found.by_building[found.by_building["missing"] > 0], "building_id"),
        "facilities_left_out": {str(key): str(why) for key, why in left_out["why"].items()} if len(left_out) else {},
        "equity": None if even is None else equity_answer(even),
        "parking": None if parking is None else parking_answer(parking),
    }


def equity_answer(found: SupplyEquity) -> Answer:
    """Give the figures of equity, each with the ends of its interval, and what groups have."""
    figures = {name: {k: number(v) for k, v in getattr(found.figures, name)._asdict().items()} for name in FIGURES}
    return {
        **figures,
        "homes_gini": number(found.homes_gini),
        "between_share": number(found.between_share),
        "groups": [
            {
                "group": str(key),
                "kind": row["kind"],
                **{k: number(row[k]) for k in ("people_share", "held_share", "mean")},
            }
            for key, row in found.groups.iterrows()
        ],
        "meta": plain(found.meta),
    }


def parking_answer(found: ParkingBalance) -> Answer:
    """Give the balance of parking by grid."""
    notes = (found.note,) if found.note else ()
    missing = (found.missing,) if found.missing else ()
    sums = (
        {f"missing_{time}": number(found.total(f"missing_{time}")) for time in TIMES}
        if found.status != "unavailable"
        else {}
    )
    return {
        **_standing(found.status, missing, notes),
        "meta": plain(found.meta),
        **sums,
        "grids": _rows(found.by_grid, "grid_id"),
    }


def supply_lines(found: Supply, even: SupplyEquity | None, parking: ParkingBalance | None, lang: str) -> list[str]:
    """Give the lines of ``guatu supply``: how well it is known, a line a grid, equity, parking, and how it was computed."""
    lines = [status_words(found.status, found.missing, found.notes).in_(lang)]
    if not found.is_known:
        return lines + _parking_lines(parking, lang)
    head = Text("缺{unit}  可得（{rate}）  网格", "missing {unit}  access ({rate})  grid")
    lines.append(head.format(unit=found.kind.unit, rate=found.kind.rate).in_(lang))
    lines += [
        f"{_shown(row['missing'])}  {_shown(row['access'])}  {grid_id}  {row['name']}"
        for grid_id, row in grid_table(found).iterrows()
    ]
    lines.append(totals_words(found).in_(lang))
    if even is not None:
        table = equity_table(even, found.ws, lang)
        lines += [_figure(one["figure"], (one["value"], one["low"], one["high"])) for one in table.to_dict("records")]
        seed = Text("{n} 个网格，{d} 次自助抽样，种子 {s}", "{n} grids, {d} bootstrap samples, seed {s}")
        lines.append(seed.format(n=even.grids, d=even.meta["draws"], s=even.meta["seed"]).in_(lang))
    lines += _parking_lines(parking, lang)
    return [*lines, *(words.in_(lang) for words in (how_words(found), shortfall_words(found), foot_words(found)))]


def totals_words(found: Supply) -> Text:
    """Say how much is wanted and missing in the grids that are known."""
    known = found.by_grid["missing"].notna()
    wants, missing = found.by_grid["wants"][known].sum(), found.by_grid["missing"].sum()
    words = Text(
        "{n} 个网格共需 {wants} {unit}，缺 {missing}（其中附近没有的 {out}）",
        "{n} grids want {wants} {unit}, {missing} missing ({out} of it with nothing near)",
    )
    out = amount(float(found.by_grid["out_of_reach"].sum()))
    return words.format(
        n=int(known.sum()), wants=amount(float(wants)), missing=amount(float(missing)), unit=found.kind.unit, out=out
    )


def _parking_lines(found: ParkingBalance | None, lang: str) -> list[str]:
    if found is None:
        return []
    head = Text("停车平衡：{said}", "Parking balance: {said}")
    said = status_words(found.status, (found.missing,) if found.missing else (), (found.note,) if found.note else ())
    lines = [head.format(said=said).in_(lang)]
    if found.status == "unavailable":
        return lines
    words = Text("{time}缺 {n} 个泊位", "{n} bays missing {time}")
    lines += [
        words.format(time=said, n=amount(found.total(f"missing_{time}"))).in_(lang) for time, said in TIMES.items()
    ]
    both = [f"missing_{time}" for time in TIMES]
    lines.append(Text("夜间  白天  网格", "night  day  grid").in_(lang))
    rows = parking_table(found).iterrows()
    return lines + [f"{'  '.join(_shown(row[one]) for one in both)}  {key}  {row['name']}" for key, row in rows]


def _figure(words: str, interval: tuple[float, float, float]) -> str:
    value, low, high = (UNKNOWN if math.isnan(one) else f"{one:.3f}" for one in interval)
    return f"{words}: {value}" + (f" [{low}, {high}]" if low != UNKNOWN else "")


def _shown(value: float) -> str:
    return f"{UNKNOWN if math.isnan(value) else amount(value):>{_WIDE}}"


def _standing(status: str, missing: tuple[Text, ...], notes: tuple[Text, ...]) -> Answer:
    return {
        "status": status,
        "missing": [one._asdict() for one in missing],
        "notes": [one._asdict() for one in notes],
    }


def _rows(table: pd.DataFrame, key: str) -> list[Answer]:
    return [
        {key: str(index), **{str(name): _value(value) for name, value in row.items()}}
        for index, row in table.iterrows()
    ]


def _value(value: object) -> object:
    return value if isinstance(value, str) else number(value)


def plain(value: object) -> Any:  # noqa: ANN401 (JSON of any shape)
    """Give a value of ``meta`` as JSON knows it."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    return number(value) if isinstance(value, float) else value
