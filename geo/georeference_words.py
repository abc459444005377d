"""What the coordinate doctor says: its evidence in numbers, and the one question that is left."""

from collections.abc import Sequence

import numpy as np

from geo.candidates import Hypothesis
from geo.coordinate_faults import Stack
from geo.evidence import BUFFER_M, GAIN_M, PUSHES_M, Peak
from geo.text import Text, counted, listed

_COMPASS = (
    Text("北", "north"), Text("东北", "north-east"), Text("东", "east"), Text("东南", "south-east"),
    Text("南", "south"), Text("西南", "south-west"), Text("西", "west"), Text("西北", "north-west"),
)  # fmt: skip
LIST = 5
"""Readings told in evidence and questions; more are only counted."""


def share_words(title: Text, share: float, places: int) -> Text:
    """Say how many places a reading puts inside the boundary."""
    inside = round(share * places)
    return Text(
        f"按“{title.zh}”读：{places:,} 个不同位置中 {inside:,} 个（{share:.1%}）在边界内（外扩 {BUFFER_M:g} 米）",
        f"read as {title.en}: {inside:,} of {places:,} distinct places ({share:.1%}) lie inside the boundary "
        f"(widened by {BUFFER_M:g} m)",
    )


def peak_words(title: Text, layer: Text, peak: Peak) -> Text:
    """Say how the places of a reading lie on a trusted layer."""
    verdict = Text("不能说明问题", "this shows nothing")
    if peak.stands_out:
        verdict = Text("吻合", "they belong there")
    if peak.is_sharp:
        verdict = Text(
            f"吻合，移开 {PUSHES_M[0]:g} 米也更差", f"they belong there, even {PUSHES_M[0]:g} m away it is worse"
        )
    return Text(
        f"按“{title.zh}”读：{peak.share:.1%} 落在“{layer.zh}”上（{peak.reach_m:g} 米内），中位距离 {peak.median_m:.1f} 米；"
        f"整体移开 {GAIN_M:g}–{PUSHES_M[-1]:g} 米后最多 {peak.pushed:.1%}：{verdict.zh}",
        f"read as {title.en}: {peak.share:.1%} lie on “{layer.en}” (within {peak.reach_m:g} m), median distance "
        f"{peak.median_m:.1f} m; pushed {GAIN_M:g} to {PUSHES_M[-1]:g} m away at most {peak.pushed:.1%}: {verdict.en}",
    )


def shift_words(other: Text, metres: float, azimuth: float) -> Text:
    """Say how far and where to a reading lies from another."""
    side = _COMPASS[int(np.floor(azimuth / 45 + 0.5)) % 8]
    return Text(
        f"与按“{other.zh}”读相比，位置整体向{side.zh}移动约 {metres:,.0f} 米（方位角 {azimuth:.0f}°）",
        f"compared with reading them as {other.en}, the places move about {metres:,.0f} m to the {side.en} "
        f"(azimuth {azimuth:.0f}°)",
    )


def undone_words(hypothesis: Hypothesis, residual_m: float) -> Text:
    """Say that an offset was undone, and how exactly."""
    return Text(
        f"已由 {hypothesis.name.zh} 迭代反算为 WGS84/CGCS2000，往返残差不超过 {max(residual_m, 1e-4) * 1000:.1f} 毫米；只换算一次",
        f"turned from {hypothesis.name.en} into WGS 84 / CGCS2000 by the iterated inverse, residual at most "
        f"{max(residual_m, 1e-4) * 1000:.1f} mm; done once only",
    )


def others_words(others: int) -> Text:
    """Say that all other readings put nothing inside the boundary."""
    return Text(
        f"另外 {others} 种读法没有一个位置在边界内",
        f"{counted(others, 'other reading puts', 'other readings put')} no place inside the boundary",
    )


def misfit(said: str, declared_share: float | None) -> Text:
    """Say that the numbers contradict the declaration."""
    given = Text("坐标不在其适用范围内", "the coordinates lie outside its area of use")
    if declared_share is not None:
        given = Text(f"只有 {declared_share:.1%} 在边界内", f"{declared_share:.1%} lie inside the boundary")
    return Text(f"文件声明为 {said}，但这样读{given.zh}", f"The file says {said}, but read so, {given.en}")


def contradiction(said: str, declared_share: float | None, best: Text, best_share: float | None) -> Text:
    """Ask whether to follow the numbers where they contradict the declaration."""
    given = misfit(said, declared_share)
    found = Text("", "")
    if best_share is not None:
        found = Text(f"有 {best_share:.1%} 在边界内", f" puts {best_share:.1%} inside")
    return Text(
        f"{given.zh}；按“{best.zh}”读{found.zh or '数值合理'}。是否改按“{best.zh}”读入？",
        f"{given.en}; reading it as {best.en}{found.en or ' makes sense'}. Shall it be read as {best.en}?",
    )


def question(readings: Sequence[Hypothesis]) -> Text:
    """Ask the one thing that tells the readings apart."""
    names = listed([one.title for one in readings[:LIST]])
    more = len(readings) - LIST
    names = names if more <= 0 else Text(f"{names.zh}等 {len(readings)} 种", f"{names.en} and {more} more")
    first = readings[0]
    if len({one.key.removesuffix("/yx") for one in readings}) == 1:
        return Text("两列坐标哪一列是东坐标（经度）？", "Which of the two columns is the easting or longitude?")
    if all(one.crs == first.crs == "EPSG:4326" for one in readings):
        return Text(
            f"这些经纬度取自哪种地图或设备？{names.zh}在这里都说得通，位置相差 300 到 1500 米",
            f"Which map or device do these degrees come from? {names.en} all make sense here, 300 to 1500 m apart",
        )
    if len({one.crs for one in readings}) == len(readings) and any(one.origin.startswith("EPSG:") for one in readings):
        return Text(
            f"这些高斯坐标属于哪个大地基准？{names.zh}的数值一样，位置相差几十到一百多米；"
            "2018 年 7 月起的成果应为 CGCS2000",
            f"Which datum are these grid coordinates in? {names.en} look alike and lie tens of metres or more apart; "
            "results made since July 2018 should be in CGCS2000",
        )
    return Text(
        f"这些坐标是哪个坐标系？{names.zh}都说得通，请问数据提供者（坐标系、中央经线、几度带）",
        f"Which coordinate system are these numbers in? {names.en} all make sense; ask who made the data "
        "(system, central meridian, width of zone)",
    )


def confirmation(reading: Hypothesis) -> Text:
    """Ask whether the one reading that fits is right where the evidence is thin."""
    return Text(
        f"只有按“{reading.title.zh}”读说得通，但依据不足（位置太少，或没有可靠图层可对照）。是否按此读入？",
        f"Only reading them as {reading.title.en} makes sense, but on thin evidence (few places, or no trusted layer "
        "to compare with). Shall they be read so?",
    )


def control_words(points: int, rms_m: float, largest_m: float, *, stretched: bool) -> tuple[Text, ...]:
    """Say how well control points fit, without the parameters."""
    if np.isnan(rms_m):
        fit = Text(
            f"用 {points} 个控制点换算；两个点总能吻合，没有多余的点可以检查",
            f"converted by {points} control points; two always fit, there is none left to check with",
        )
    else:
        fit = Text(
            f"用 {points} 个控制点换算，残差中误差 {rms_m:.3f} 米，最大 {largest_m:.3f} 米；换算参数不显示、不保存",
            f"converted by {points} control points, residuals {rms_m:.3f} m (root mean square), at most "
            f"{largest_m:.3f} m; the parameters are neither shown nor stored",
        )
    units = Text(
        "比例与 1 相差超过百分之一：文件单位可能不是米（如毫米），请核对",
        "the scale differs from 1 by more than a hundredth: the file may not be in metres (millimetres?), please check",
    )
    return (fit, units) if stretched else (fit,)


def loose_points(rms_m: float) -> Text:
    """Ask to check control points that do not fit each other."""
    return Text(
        f"控制点彼此不吻合（残差中误差 {rms_m:.1f} 米）。哪个点的坐标或顺序有误？",
        f"The control points do not fit each other (root mean square {rms_m:.1f} m). Which of them is wrong?",
    )


def outside_words(share: float) -> Text:
    """Ask to check control points that put the data outside the boundary."""
    return Text(
        f"按控制点换算后只有 {share:.1%} 的位置在边界内。控制点的坐标是否有误？",
        f"Converted by the control points, {share:.1%} of the places lie inside the boundary. Are the control points "
        "right?",
    )


def stack_words(found: Sequence[Stack]) -> tuple[Text, ...]:
    """List coordinates that stand for many rows."""
    if not found:
        return ()
    shown = listed(
        [
            Text(f"（{one.x:.9g}，{one.y:.9g}）{one.rows:,} 行", f"({one.x:.9g}, {one.y:.9g}) for {one.rows:,} rows")
            for one in found[:LIST]
        ]
    )
    default = any(one.default for one in found)
    return (
        Text(
            f"许多行共用同一坐标：{shown.zh}" + ("；其中有默认位置，不是真实位置" if default else ""),
            f"many rows share one coordinate: {shown.en}"
            + ("; default points, not real places, among them" if default else ""),
        ),
    )


MORE_POINTS = Text(
    "两个控制点看不出两列坐标哪一列是东坐标。请再给一个控制点",
    "Two control points do not tell which column is the easting. Give one more",
)


def unlikely(said: str, declared_share: float | None, best: Text) -> Text:
    """Ask for the system where the declared one is impossible and the likeliest does not fit either."""
    given = misfit(said, declared_share)
    return Text(
        f"{given.zh}；数值像“{best.zh}”，但这样读多数位置也不在应在的地方。这些坐标是哪个坐标系？",
        f"{given.en}; the numbers look like {best.en}, but that puts most places where they do not belong either. "
        "Which coordinate system are they in?",
    )


NOTHING_FITS = Text(
    "没有一种读法使多数位置落在边界内。这些坐标是哪个坐标系（名称、中央经线、几度带），或者边界是否有误？",
    "No reading puts most places inside the boundary. Which coordinate system are the numbers in (name, central "
    "meridian, width of zone), or is the boundary wrong?",
)
ALREADY = Text(
    "这些数据已换算过一次，不再按 GCJ-02 或 BD-09 换算", "these data were converted before; no offset is undone again"
)
CONTROL_POINTS = Text(
    "这些数值是城市独立坐标系或图纸坐标，请给出至少两个控制点（最好三个以上）：文件坐标和工作区坐标各一对",
    "These numbers are a city's own system or a drawing's: give at least two control points, better three or more, "
    "each with its coordinates in the file and in the workspace",
)
NO_PLACES = Text("没有一行有可用的坐标", "No row has usable coordinates")
