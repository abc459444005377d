"""The audit of grids beside plain overlays, on the bundled cities.

python -m benchmarks.grids [ROUNDS]
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.boston.build import build as boston
from data.cambridge.build import build as cambridge
from layers import Workspace, open_workspace
from reports.gridworks.audit import audit

GAP_M = 0.5


def plain(ws: Workspace) -> dict[str, int]:
    """Look over the grids as one would with geopandas: each level laid over itself and over the level above."""
    found: dict[str, int] = {}
    above = None
    for level in ws.levels:
        grids = ws.grids(level)[["geometry"]].rename_axis("grid_id").reset_index()
        twice = gpd.overlay(grids, grids, how="intersection", keep_geom_type=True)
        found[f"overlaps {level}"] = int(((twice["grid_id_1"] < twice["grid_id_2"]) & (twice.area > 0.01)).sum())
        ground = grids.union_all()
        closed = ground.buffer(GAP_M / 2, join_style="mitre").buffer(-GAP_M / 2, join_style="mitre")
        free = pd.concat([gpd.GeoSeries(closed.difference(ground)).explode(), _holes(ground)])
        found[f"gaps {level}"] = int((free.area > 0.01).sum())
        found[f"slivers {level}"] = int((4 * np.pi * grids.area / grids.length**2 < 0.05).sum())
        if above is not None:
            shared = gpd.overlay(grids, above, how="intersection", keep_geom_type=True)
            best = shared.assign(area=shared.area).groupby("grid_id_1")["area"].max()
            found[f"nested {level}"] = int((best / grids.set_index("grid_id").area >= 0.999).sum())
        above = grids
    return found


def _holes(ground: shapely.Geometry) -> gpd.GeoSeries:
    rings = [shapely.Polygon(ring) for part in shapely.get_parts(ground) for ring in part.interiors]
    return gpd.GeoSeries(rings)


def guatu(ws: Workspace) -> dict[str, int]:
    """Look over the grids as ``guatu grids audit`` does."""
    found = audit(ws)
    return {f"nested {row.level}": int(row.nested) for row in found.levels.itertuples() if not np.isnan(row.nested)}


def seconds(job: Callable[[Workspace], dict[str, int]], ws: Workspace) -> tuple[float, dict[str, int]]:
    """Give the CPU seconds of a job and its answer."""
    started = time.process_time()
    answer = job(ws)
    return time.process_time() - started, answer


def main() -> int:
    """Print a line a city and round."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as home:
        for name, build in (("boston", boston), ("cambridge", cambridge)):
            build(Path(home) / name)
            ws = open_workspace(Path(home) / name)
            ws.grids()
            ratios = []
            for _ in range(rounds):
                (ours, mine), (theirs, other) = seconds(guatu, ws), seconds(plain, ws)
                assert all(other[key] == number for key, number in mine.items()), (mine, other)
                ratios.append(theirs / ours)
                print(f"{name}: audit {ours:.3f} s, plain overlays {theirs:.3f} s, ratio {ratios[-1]:.1f}")
            print(f"{name}: median ratio {np.median(ratios):.1f}, {other}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
