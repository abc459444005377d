"""Do issues follow each other in space and time: Knox's table, limits chosen beforehand."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from geo.pattern.spacetime import knox_table
from geo.text import Text
from layers import Workspace
from layers.standards import policy
from reports.patterns.asked import Asked
from reports.patterns.counting import spots

STEPS = (0.5, 1.0, 2.0)
"""Parts of the policy's distance and time that the table tells."""
MOST_PAIRS = 3_000_000
"""Pairs near in space above which the test would take minutes; a type is to be chosen then."""
WORK = 100_000_000
"""Pairs times permutations that are worth waiting for."""
FEWEST_DEALS = 99
FEWEST = 20
METHOD = Text(
    "Knox 检验：两件问题距离与时间都在界限内的对数，与时间随机重排 {deals} 次（种子 {seed}）所得相比；地点不动，单侧。倍数大于 1 且 p 小，"
    "说明相近的地方接连发生（如反复破坏、同一根管反复堵塞），也可能是同一件事被多人上报。界限事先取自政策表，不按结果挑选。",
    "Knox's test: pairs of issues near in space and in time, against {deals} random orders of the times (seed {seed}); "
    "places stay, one-sided. A ratio above 1 with a small p says that issues follow each other nearby (a pipe that "
    "blocks again, repeated damage), or that several people report one thing. The limits come from the policy table, not "
    "from looking for the best result.",
)
TOO_MANY = Text(
    "{n} 件问题相互靠近的对数太多，请选一个类别再检验。",
    "{n} issues make too many pairs nearby: choose a type for this test.",
)
TOO_FEW = Text(
    "只有 {n} 件有位置的问题，不足 {least} 件，不作检验。",
    "Only {n} issues have a place, fewer than {least}: not tested.",
)


@dataclass(frozen=True)
class Sequence:
    """Knox's table: ``metres``, ``days``, ``both``, ``expected``, ``ratio``, ``p``; empty with a reason in ``why``."""

    asked: Asked
    table: pd.DataFrame = field(repr=False)
    points: int
    permutations: int
    why: Text | None = None


def sequence(ws: Workspace, asked: Asked) -> Sequence:
    """Test whether the issues that are asked for follow each other.

    Raises:
        DataError: no issues, or no such type.
    """
    rules = policy(ws.folder)
    found = spots(ws, asked)
    nothing = pd.DataFrame(columns=["metres", "days", "both", "expected", "ratio", "p"], dtype=float)
    points = len(found.x)
    if points < FEWEST:
        return Sequence(asked, nothing, points, 0, TOO_FEW.format(n=f"{points:,}", least=FEWEST))
    metres, days = ([rules[key] * step for step in STEPS] for key in ("knox_near_m", "knox_days"))
    near = _pairs(found.x, found.y, max(metres))
    if near > MOST_PAIRS:
        return Sequence(asked, nothing, points, 0, TOO_MANY.format(n=f"{points:,}"))
    deals = int(min(rules["pattern_permutations"], max(FEWEST_DEALS, WORK // max(near, 1))))
    told = knox_table((found.x, found.y), found.day, metres=metres, spans=days, permutations=deals, seed=asked.seed)
    rows = [
        {"metres": m, "days": d, "both": one.both, "expected": one.expected, "ratio": one.ratio, "p": one.p}
        for (m, d), one in told.items()
    ]
    return Sequence(asked, pd.DataFrame(rows), points, deals)


def _pairs(x: np.ndarray, y: np.ndarray, metres: float) -> int:
    from scipy.spatial import cKDTree  # noqa: PLC0415 (heavy)

    tree = cKDTree(np.column_stack([x, y]))
    return int(tree.count_neighbors(tree, metres) - len(x)) // 2


def method(found: Sequence) -> list[Text]:
    """Say in plain words how it was done."""
    return [METHOD.format(deals=found.permutations, seed=found.asked.seed)]
