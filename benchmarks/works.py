"""Renewal items of a whole city: proposals and the need that they remove, beside the plain way.

python -m benchmarks.works FOLDER_OF_BOSTON [ROUNDS]   figures for docs/benchmarks.md

CPU seconds, rounds interleaved in one process. The plain way finds the street of an issue by its distance to every
street, and the need that an item removes by closing its issues and ranking the city again; it is timed on a few
items and said by item.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import shapely

from geo.pieces import likeliest, line_pieces
from layers import ISSUES, STREETS, Workspace, open_workspace
from reports import Ranking, rank
from reports.works import effects, propose

AGAIN = 3
"""Items whose need is found by ranking again."""
POINTS = 2_000
"""Issues that are placed on a street."""


def seconds(job: Callable[[], object]) -> float:
    """CPU seconds of a job."""
    start = time.process_time()
    job()
    return time.process_time() - start


def again(ws: Workspace, ranking: Ranking, items: pd.DataFrame) -> None:
    """Close the issues of a few items one item after the other and rank again."""
    for cell in items["origin_ids"].iloc[:AGAIN]:
        issues = ws[ISSUES].copy()
        issues.loc[[one for one in cell.split("|") if one in issues.index], "closed_at"] = pd.Timestamp(
            ws.manifest.as_of
        )
        after = replace(ws, tables=MappingProxyType({**ws.tables, ISSUES.key: issues}))
        rank(after, criteria=ranking.criteria, draws=1)


def nearest(points: np.ndarray, lines: np.ndarray) -> None:
    """Find the nearest street of each point by all distances."""
    for point in points:
        shapely.distance(point, lines).argmin()


def main(folder: str, rounds: int = 3) -> None:
    """Print medians and ratios."""
    ws = open_workspace(Path(folder))
    ranking = rank(ws, draws=1)
    items = propose(ws).items
    mended = items[items["origin"] == "issue"]
    x, y = (axis[ws.codes(ISSUES) >= 0][:POINTS] for axis in ws.xy(ISSUES))
    lines = ws[STREETS].geometry.to_numpy()
    pieces = line_pieces(lines, 20.0).shapes
    points = shapely.points(x, y)
    took: dict[str, list[float]] = {}
    for _ in range(rounds):
        took.setdefault("proposals", []).append(seconds(lambda: propose(ws)))
        took.setdefault("need removed", []).append(seconds(lambda: effects(ranking, items)))
        took.setdefault("ranked again, an item", []).append(seconds(lambda: again(ws, ranking, mended)) / AGAIN)
        took.setdefault("issues on streets", []).append(seconds(lambda: likeliest(x, y, pieces, within_m=30.0)))
        took.setdefault("by all distances", []).append(seconds(lambda: nearest(points, lines)))
    median = {key: float(np.median(values)) for key, values in took.items()}
    for key, value in median.items():
        print(f"{key}: {value:.3f} s")
    plain = median["ranked again, an item"] * len(mended)
    print(f"{len(items):,} items, {len(mended):,} from issues")
    print(f"need removed: {plain / median['need removed']:,.0f} times faster than ranking again for each")
    print(f"streets: {median['by all distances'] / median['issues on streets']:,.1f} times faster than all distances")


if __name__ == "__main__":
    main(sys.argv[1], *(int(one) for one in sys.argv[2:]))
