"""The whole health check of Boston: CPU seconds and memory, and which indicators take the time.

``python -m benchmarks.health [FOLDER] [ROUNDS]`` builds Boston unless the folder of a built one is given, opens it and
checks it against all three profiles, each round anew. The peer is the plain way for one of its parts: the share of
buildings within 300 m of a toilet by buffers, union and a spatial join, as a good analyst would script it with geopandas.
"""

import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np

from data.boston.build import build
from layers import BUILDINGS, TOILETS, Workspace, open_workspace
from reports.built import said_no
from reports.demand import lived_in
from reports.health.complete_community import complete_community
from reports.health.examination import health_check, outcome_of
from reports.health.reach import straight_within, targets

PROFILES = ("WHO", "CN-new", "CN-old")
RADIUS_M = 300.0
SLOWEST = 8


def main() -> None:
    """Print what a round takes."""
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory() as home:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(home) / "boston"
        if len(sys.argv) < 2:
            build(folder)
        taken = [_round(folder) for _ in range(rounds)]
        for name in taken[0]:
            print(f"{name}: {statistics.median(one[name] for one in taken):.3f} s")
        print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
        _by_indicator(open_workspace(folder))
        _plain(open_workspace(folder), rounds)


def _round(folder: Path) -> dict[str, float]:
    found, start = {}, time.process_time()
    ws = open_workspace(folder)
    found["opening"] = time.process_time() - start
    for profile in PROFILES:
        begin = time.process_time()
        health = health_check(ws, profile=profile)
        found[f"health check {profile}"] = time.process_time() - begin
    begin = time.process_time()
    complete_community(health.check)
    found["complete community"] = time.process_time() - begin
    found["all of it"] = time.process_time() - start
    return found


def _by_indicator(ws: Workspace) -> None:
    """Print the indicators that take longest, each on what the ones before it left in the check."""
    health = health_check(ws, profile="CN-old", only=())
    full = health_check(ws, profile="CN-old")
    taken = []
    for one in full.cited.values():
        begin = time.process_time()
        outcome_of(health.check, one)
        taken.append((time.process_time() - begin, one.id))
    for seconds, name in sorted(taken, reverse=True)[:SLOWEST]:
        print(f"  {name}: {seconds:.3f} s")


def _plain(ws: Workspace, rounds: int) -> None:
    """Compare who is in reach of a toilet in a straight line with buffers and a spatial join."""
    check = health_check(ws, profile="CN-old", only=()).check
    homes = check.homes()
    assert homes is not None
    ours, plain = [], []
    for _ in range(rounds):
        begin = time.process_time()
        served = straight_within(targets(check, "T-R").shapes, RADIUS_M)(homes).served
        ours.append(time.process_time() - begin)
        begin = time.process_time()
        share = _by_buffers(ws)
        plain.append(time.process_time() - begin)
    ratio = statistics.median(p / o for o, p in zip(ours, plain, strict=True))
    print(
        f"buildings within 300 m of a toilet: {100 * served.mean():.2f} % in {statistics.median(ours):.3f} s, by buffers "
        f"{100 * share:.2f} % in {statistics.median(plain):.3f} s; ratio {ratio:.1f}"
    )


def _by_buffers(ws: Workspace) -> float:
    buildings = ws[BUILDINGS][lived_in(ws)]
    toilets = ws[TOILETS][~said_no(ws[TOILETS]["open_to_public"])]
    points = gpd.GeoDataFrame(geometry=buildings.geometry.representative_point(), crs=buildings.crs)
    circles = gpd.GeoDataFrame(geometry=[toilets.geometry.buffer(RADIUS_M).union_all()], crs=buildings.crs)
    joined = gpd.sjoin(points, circles, how="left", predicate="within")
    return float(np.mean(joined["index_right"].notna()))


if __name__ == "__main__":
    main()
