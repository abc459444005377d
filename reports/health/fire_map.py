"""Fire lanes for people: what takes them as a table, as headline numbers, and drawn over the map."""

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.lanes.corridor import covered_length
from geo.text import Text
from layers.catalog import BUILDINGS, ISSUES, PARKING, STREETS
from reports.health.check import Check
from reports.health.fire_lane import CAUSES, Lanes
from reports.performance import Fact
from reports.webmap.overlay import Drawn, Kind, overlay, told
from reports.webmap.payload import payload

TITLE = Text("消防车道", "Fire lanes")
SIDES = {
    "left": Text("左侧", "left"),
    "right": Text("右侧", "right"),
    "both": Text("两侧", "both sides"),
    "across": Text("横占", "across"),
}
TITLES = {
    "street": Text("车道", "Lane"),
    "from_m": Text("起（m）", "From, m"),
    "to_m": Text("止（m）", "To, m"),
    "length_m": Text("长（m）", "Length, m"),
    "cause": Text("占用物", "Taken by"),
    "thing_id": Text("占用物编号", "Its id"),
    "intrusion_m": Text("伸入（m）", "Reaches in, m"),
    "side": Text("位置", "Side"),
    "clear_m": Text("余宽（m）", "Width left, m"),
    "width_m": Text("路面宽（m）", "Carriageway, m"),
    "room": Text("余宽是否够", "Enough left"),
}
"""Heads of the table of what takes lanes."""
ROOM, NO_ROOM, MAYBE = Text("够", "yes"), Text("不够", "no"), Text("路面宽度未知", "carriageway unknown")
TAKEN = Kind("fire_taken", Text("占用的消防车道", "Fire lanes taken"), "#d55e00", Text("占", "✗"))
SPOTS = Kind("fire_spots", Text("占用点（无长度）", "Spots taken, without length"), "#d55e00", Text("占", "✗"))
NARROW = Kind("fire_narrow", Text("偏窄的消防车道", "Fire lanes too narrow"), "#e69f00", Text("窄", "N"))
ENDS = Kind("fire_ends", Text("无回车场地的尽头", "Dead ends without room to turn"), "#7b3294", Text("尽", "D"))
BLIND = Text("尽头长度（m）", "Blind length, m")


def lane_table(lanes: Lanes, lang: str) -> pd.DataFrame:
    """Give what takes lanes as words, by lane and place along it, columns as in ``TITLES``."""
    every = pd.concat([lanes.taken, lanes.narrow], ignore_index=True)
    if every.empty:
        return pd.DataFrame(columns=list(TITLES))
    street = every["street"].fillna(every["street_id"]).astype(str)
    enough, known = every["clear_m"] >= lanes.clear_m, every["width_m"].notna()
    table = pd.DataFrame(
        {
            "street": street,
            **{name: every[name].astype(float).round(1) for name in ("from_m", "to_m")},
            "length_m": (every["to_m"] - every["from_m"]).astype(float).round(1),
            "cause": [CAUSES[one].in_(lang) for one in every["cause"]],
            "thing_id": every["thing_id"].astype(str),
            "intrusion_m": every["intrusion_m"].astype(float).round(2),
            "side": [SIDES[one].in_(lang) for one in every["side"]],
            "clear_m": every["clear_m"].astype(float).round(2),
            "width_m": every["width_m"].map(lambda one: "" if pd.isna(one) else f"{one:g}"),
            "room": [
                (ROOM if fits else NO_ROOM if told else MAYBE).in_(lang)
                for fits, told in zip(enough, known, strict=True)
            ],
        }
    )
    return table.sort_values(["street", "from_m", "to_m", "thing_id"], ignore_index=True)


def lane_facts(lanes: Lanes) -> tuple[Fact, ...]:
    """Give the headline numbers: length, what is taken, what is too narrow for an engine, ends, walls."""
    length = float(lanes.lines_m.sum())
    taken = _covered(lanes, lanes.taken)
    tight = pd.concat([lanes.taken, lanes.narrow], ignore_index=True)
    short = _covered(lanes, tight[(tight["clear_m"] < lanes.clear_m) & tight["width_m"].notna()])
    unknown = float(lanes.lines_m[np.isnan(lanes.width_m)].sum())
    ends = int((~lanes.ends["turns"] & ~lanes.ends["at_rim"]).sum())
    spots = int((lanes.taken["from_m"] == lanes.taken["to_m"]).sum())
    metres = Text("{n} m", "{n} m")
    near = Text("车道边缘至外墙，仅作提示", "from the lane's edge to the wall, a hint only")
    walls = (
        []
        if lanes.near_walls is None
        else [
            Fact("walls", Text("离车道过近的楼栋", "Walls too near"), Text.same(f"{len(lanes.near_walls):,}"), near, ())
        ]
    )
    return (
        Fact("length", Text("消防车道总长", "Fire lanes"), metres.format(n=f"{length:,.0f}"), Text("不含铁路、甬道等", "without railways and paths"), ()),
        Fact(
            "taken", Text("走廊被占用", "Corridor taken"), metres.format(n=f"{taken:,.0f}"),
            Text(f"中线两侧各 {lanes.clear_m / 2:g} m；另有 {spots} 个占用点", f"{lanes.clear_m / 2:g} m to both sides; {spots} spots beside"), (),
        ),
        Fact(
            "short", Text("余宽不足", "Too little left"), metres.format(n=f"{short:,.0f}"),
            Text(f"连续宽度不足 {lanes.clear_m:g} m；路面宽度未知 {unknown:,.0f} m",
                 f"less than {lanes.clear_m:g} m in one strip; carriageway unknown on {unknown:,.0f} m"), (),
        ),
        Fact("ends", Text("尽头无回车场地", "No room to turn"), Text.same(f"{ends:,}"), Text("地图边缘的尽头不计", "ends at the map's rim left out"), ()),
        *walls,
    )  # fmt: skip


def _covered(lanes: Lanes, table: pd.DataFrame) -> float:
    row = pd.Index(lanes.ids).get_indexer(pd.Index(table["street_id"]))
    return float(covered_length(row, table["from_m"], table["to_m"], len(lanes.ids)).sum())


def lane_map(check: Check, lanes: Lanes, *, lang: str, link: Callable[[str], str] | None = None) -> dict[str, Any]:
    """Give the map of the fire lanes as plain data: streets, buildings and bays below, what is wrong above.

    Args:
        check: of the health check.
        lanes: see ``reports.health.fire_lane.fire_lanes``.
        lang: language shown first.
        link: see ``reports.webmap.payload.Link``.
    """
    shown = [spec.key for spec in (STREETS, BUILDINGS, PARKING, ISSUES) if spec in check.ws]
    made = payload(check.ws, shown, level=check.level, lang=lang, link=link)
    crs = check.ws.manifest.crs
    has_length = lanes.taken["to_m"] > lanes.taken["from_m"]
    parts = (
        (NARROW, "line", lanes.narrow),
        (TAKEN, "line", lanes.taken[has_length]),
        (SPOTS, "point", lanes.taken[~has_length]),
    )
    over = [_stretches(kind, shape, table, crs) for kind, shape, table in parts if len(table)]
    ends = lanes.ends[~lanes.ends["turns"] & ~lanes.ends["at_rim"]]
    if len(ends):
        said = [told("blind_m", BLIND, ends["blind_m"].round(0).astype("str"))]
        over.append(overlay(ENDS, Drawn("point", ends.geometry.to_numpy(), _numbered(ends)), said, crs))
    there = [layer | {"on": layer["on"] and layer["key"] != ISSUES.key} for layer in made["layers"]]
    return {**made, "layers": [*there, *over]}


def _stretches(kind: Kind, shape: str, table: gpd.GeoDataFrame, crs: str) -> dict[str, Any]:
    cause = table["cause"].map({key: str(words) for key, words in CAUSES.items()})
    said = [
        told("street", TITLES["street"], table["street"].fillna(table["street_id"]).astype("str")),
        told("cause", TITLES["cause"], cause.astype("str")),
        *(
            told(name, TITLES[name], table[name].astype(float).round(2).astype("str"))
            for name in ("from_m", "to_m", "intrusion_m", "clear_m")
        ),
    ]
    return overlay(kind, Drawn(shape, table.geometry.to_numpy(), _numbered(table)), said, crs)


def _numbered(table: pd.DataFrame) -> pd.Index:
    """Give each row an id of its own: a street may be taken at several places."""
    return pd.Index([f"{name}#{number}" for number, name in enumerate(table["street_id"])], dtype="str")
