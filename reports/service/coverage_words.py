"""Coverage in words: what was measured, how, what is not known, and how wrong the circle is."""

import numpy as np

from geo.text import Text, listed
from layers import Workspace
from layers.standards import standard
from reports.measures import STATUS_WORDS
from reports.service.coverage import UNKNOWN, Coverage, circle_error
from reports.service.places import COUNTED
from reports.service.served import Distances

LIMIT_OF = Text("{name} {m:g} m", "{name} {m:g} m")
BY_TIME = Text("{limit}（{n:g} 分钟，{pace}）", "{limit} ({n:g} minutes, {pace})")
ALL = Text("{m:g} m", "{m:g} m")
LABEL = Text(
    "步行：到最近街巷（不穿越屏障）、沿街巷、再到设施的全程。直线：两点间直线距离。正好等于限值算覆盖。",
    "On foot: to the nearest street that no barrier parts from the building, along the streets, and on to the thing. "
    "Straight line: as the crow flies. Who is exactly on the limit is served.",
)
SHARE_OF = Text(
    "占比的分母是数据够得着的部分：街巷和设施的数据范围比限值更远才计入，不论是否被覆盖。",
    "Shares are of what can be known: a place counts where streets and things are on record at least as far as the "
    "limit, whether it is served or not.",
)
NETWORK = Text(
    "街巷网络：{km:.1f} km，{parts} 个互不相连的部分，其中最大的占 {share:.1f}%；屏障 {walls} 条（铁路、快速路等），"
    "只在图上有街巷画过之处可以穿越。离街巷超过 {snap:g} m 的不计算步行距离。",
    "Walk network: {km:.1f} km in {parts} parts that do not connect, the largest with {share:.1f} % of it; {walls} barriers "
    "(railways, motorways), crossed only where a street is drawn over them. Farther than {snap:g} m from a street no walk "
    "is computed.",
)
GATES = Text(
    "公园等场地没有出入口数据：街巷在 {gate:g} m 内经过的边界都视为可进入；围墙未知，实际步行可能更远。",
    "The gates of parks and other grounds are not on record: they are entered wherever a street passes within {gate:g} m. "
    "Fences are not known, so the real walk may be longer.",
)
ONLY_LINE = Text(
    "没有街巷数据，只能按直线距离判断；步行距离未知。",
    "There are no streets on record: only the straight line can be known, not the walk.",
)
OFF_STREETS = Text(
    "{n} 处设施不在街巷数据够得着的地方，步行无法计入。",
    "{n} facilities lie away from the streets on record, so no walk to them is known.",
)
CLOSED = Text("{n} 处不对公众开放，未计入。", "{n} facilities are not open to the public and do not count.")
UNSIZED = Text("{n} 处面积未知，未计入。", "{n} facilities of unknown size do not count.")
CIRCLE = Text(
    "圆有多不准：步行距离已知的 {known} {what}中，{n} {what}（{share:.1f}%）直线上算覆盖、步行却走不到限值以内；"
    "步行平均为直线的 {ratio:.2f} 倍（中位数）。",
    "How wrong is the circle: of {known} {what} whose walk is known, {n} ({share:.1f} %) count as served by the straight line "
    "but not on foot; the walk is {ratio:.2f} times the straight line (median).",
)
UNITS = {True: Text("栋建筑", "buildings"), False: Text("个取样点", "sample points")}
ISOCHRONE = Text(
    "浅色面为示意：限值以内能走到的街巷两侧各画 25 m。能走到的街巷共 {km:.2f} km。",
    "The pale area is a drawing: 25 m to both sides of the streets within the limit. They measure {km:.2f} km.",
)
TO_VERIFY = Text("（待核）", " (to be verified)")


def limit_words(ws: Workspace, found: Coverage) -> Text:
    """Say how far is near."""
    parts, metres = found.distances.service.classes, found.limit.metres
    if len(set(metres)) == 1:
        said = ALL.format(m=metres[0])
    else:
        said = listed([LIMIT_OF.format(name=p.title, m=m) for p, m in zip(parts, metres, strict=True)])
    if found.limit.minutes is None or found.limit.pace is None:
        return said
    return BY_TIME.format(limit=said, n=found.limit.minutes, pace=pace_words(ws)[found.limit.pace])


def pace_words(ws: Workspace) -> dict[str, Text]:
    """Name the paces of the table of paces."""
    rows = standard("walking_paces", ws.folder)
    return {str(r["pace"]): Text(str(r["zh"]), str(r["en"])) for r in rows.to_dict("records")}


def source_words(found: Distances) -> Text:
    """Say where the limits of the standard come from, and whether somebody still has to look them up."""
    said = []
    for part in found.service.classes:
        doubt = TO_VERIFY if part.confidence.startswith("R") else Text("", "")
        text = Text("{name} {m:g} m：{source}{doubt}", "{name} {m:g} m: {source}{doubt}")
        said.append(text.format(name=part.title, m=part.limit_m, source=part.source, doubt=doubt))
    return Text("；".join(one.zh for one in said), "; ".join(one.en for one in said))


def method_words(found: Distances) -> list[Text]:
    """Say in plain words how distances were measured and what counts."""
    if found.streets.network is None:
        return [ONLY_LINE, LABEL]
    network = found.streets.network
    length = network.parts["length_m"]
    said = [
        LABEL,
        SHARE_OF,
        NETWORK.format(
            km=length.sum() / 1000,
            parts=len(length),
            share=100 * length.iloc[0] / length.sum(),
            walls=f"{found.streets.meta['lines_as_barriers']:,}",
            snap=found.streets.snap_m,
        ),
    ]
    grounds = any(meta.get("areas_on_streets") or meta.get("areas_off_streets") for meta in _gates(found))
    return [*said, *([GATES.format(gate=found.streets.gate_m)] if grounds else [])]


def _gates(found: Distances) -> list[dict[str, object]]:
    return [dict(one.meta["gates"]) for one in found.foot if "gates" in one.meta]  # type: ignore[call-overload]


def left_out(found: Distances) -> list[Text]:
    """Say which things are not counted, and why."""
    off = sum(int(str(one.meta.get("things_off_streets", 0))) for one in found.foot)
    closed = max((one.closed for one in found.things), default=0)
    unsized = max((one.unsized for one in found.things), default=0)
    counts = ((OFF_STREETS, off), (CLOSED, closed), (UNSIZED, unsized))
    return [words.format(n=f"{n:,}") for words, n in counts if n]


def circle_words(found: Coverage) -> Text | None:
    """Say how wrong the circle is; None where no walk is known."""
    error = circle_error(found)
    if not error.known or np.isnan(error.detour):
        return None
    return CIRCLE.format(
        known=f"{error.known:,}",
        n=f"{error.straight_only:,}",
        share=100 * error.straight_only / error.known,
        ratio=error.detour,
        what=UNITS[found.places.are_buildings],
    )


def denominator_words(found: Coverage) -> list[Text]:
    """Say how each denominator is known, and which are not."""
    return [amount_words(found, key) for key in found.places.amounts]


def amount_words(found: Coverage, counted: str) -> Text:
    """Say how one denominator is known."""
    amount = found.places.amounts[counted]
    text, noted = Text("{name}：{status}", "{name}: {status}"), Text("{said}（{note}）", "{said} ({note})")
    said = text.format(name=COUNTED[counted], status=STATUS_WORDS[amount.status])
    return noted.format(said=said, note=amount.note) if amount.note else said


def unknown_count(found: Coverage) -> int:
    """Count the places of which the walk cannot be known as far as the limit."""
    return int((found.foot == UNKNOWN).sum())
