"""The list of double-high grids and the check of reporting bias as the page shows them."""

import pandas as pd

from geo.text import Lang, Text, listed
from reports.measures import STATUS_WORDS
from reports.need.bias import Bias
from reports.need.double_high import BOTH, NEITHER, OBJECTIVE, QUADRANTS, UNKNOWN, VOICE, DoubleHigh

ORDER = (BOTH, OBJECTIVE, VOICE, NEITHER, UNKNOWN)
COLOURS = {BOTH: "#b2182b", OBJECTIVE: "#e69f00", VOICE: "#56b4e9", NEITHER: "#b4bcc1", UNKNOWN: "#e2e6e8"}
NEED_HEADS = {
    "name": Text("网格", "grid"),
    "quadrant": Text("象限", "quadrant"),
    "objective": Text("客观需求", "objective need"),
    "voiced": Text("诉求率（平滑）", "voiced, smoothed"),
    "voiced_raw": Text("诉求率（原值）", "voiced, raw"),
    "reports": Text("居民上报", "by residents"),
    "projects": Text("未完成的项目、地块", "projects not yet done"),
}
BIAS_HEADS = {
    "name": Text("网格", "grid"),
    "signs": Text("少报的迹象", "signs of silence"),
    "rate_smoothed": Text("居民上报率", "residents' rate"),
    "residents_reports": Text("居民上报", "by residents"),
    "staff_reports": Text("巡查", "by staff"),
    "voice_said": Text("居民与巡查之比（相对全部）", "residents to staff, against all"),
    "app_said": Text("应用占比（95%）", "by app (95 %)"),
    "night_percent": Text("夜间（%）", "at night, %"),
    "per_reporter": Text("每人件数", "per reporter"),
    "mix_distance": Text("来源构成差异", "mix of sources"),
}
CHECK_HEADS = {
    "title": Text("检查", "check"),
    "status": Text("状态", "status"),
    "finding": Text("结果", "finding"),
    "missing": Text("缺少", "missing"),
}
QUIET = Text("上报少，未见迹象", "few reports, no sign")


def need_rows(found: DoubleHigh, lang: Lang) -> pd.DataFrame:
    """Give the grids, those high on both first, columns as in ``NEED_HEADS``."""
    table = found.table.assign(order=found.table["quadrant"].map({one: n for n, one in enumerate(ORDER)}))
    table = table.sort_values(["order", "objective"], ascending=[True, False], kind="stable", na_position="last")
    said = table.assign(quadrant=[QUADRANTS[one].in_(lang) for one in table["quadrant"]])
    return said[list(NEED_HEADS)].round({"objective": 1, "voiced": 1, "voiced_raw": 1})


def need_points(found: DoubleHigh, lang: Lang) -> pd.DataFrame:
    """Give the grids as points to draw: ``objective``, ``voiced``, ``label``, ``quadrant`` in words."""
    table = found.table[found.table["quadrant"] != UNKNOWN]
    return pd.DataFrame(
        {
            "objective": table["objective"].round(1),
            "voiced": table["voiced"].round(1),
            "label": table["name"],
            "quadrant": [QUADRANTS[one].in_(lang) for one in table["quadrant"]],
        }
    ).reset_index(drop=True)


def quadrant_series(found: DoubleHigh) -> pd.Series:
    """Give a number for the quadrant of each grid for a map: 3 high on both, 2 quiet, 1 voiced only, 0 neither."""
    number = {NEITHER: 0.0, VOICE: 1.0, OBJECTIVE: 2.0, BOTH: 3.0}
    return found.table["quadrant"].map(number).astype(float)


def bias_rows(found: Bias, lang: Lang) -> pd.DataFrame:
    """Give the grids, those with signs of silence first, columns as in ``BIAS_HEADS``."""
    table = found.table
    signs = [found.signs.get(str(one)) for one in table.index]
    said = ["" if one is None else listed(list(one)).in_(lang) if one else QUIET.in_(lang) for one in signs]
    rows = table.assign(
        signs=said,
        many=[-1 if one is None else len(one) for one in signs],
        voice_said=[_span(row["voice"], row["voice_low"], row["voice_high"], 2) for _, row in table.iterrows()],
        app_said=[_span(row["app_percent"], row["app_low"], row["app_high"], 0) for _, row in table.iterrows()],
    ).sort_values(["many", "rate_smoothed"], ascending=[False, True], kind="stable")
    return rows[list(BIAS_HEADS)].round({"rate_smoothed": 1, "night_percent": 1, "per_reporter": 1, "mix_distance": 2})


def _span(middle: float, low: float, high: float, digits: int) -> str:
    if pd.isna(middle):
        return "—"
    return f"{middle:.{digits}f} ({low:.{digits}f}–{high:.{digits}f})".replace("inf", "∞")


def check_rows(found: Bias, lang: Lang) -> pd.DataFrame:
    """Give the parts of the check, columns as in ``CHECK_HEADS``."""
    return pd.DataFrame(
        {
            "title": [one.title.in_(lang) for one in found.checks],
            "status": [STATUS_WORDS[one.status].in_(lang) for one in found.checks],
            "finding": [one.finding.in_(lang) for one in found.checks],
            "missing": ["" if one.missing is None else one.missing.in_(lang) for one in found.checks],
        }
    )
