"""Guatu beside the plain script on all of Boston: ratios of CPU seconds, rounds interleaved in one process.

python -m benchmarks.main_job [ROUNDS]      prints the table of docs/benchmarks.md
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from statistics import median

import geo  # noqa: F401 (before pyogrio, as in the product)
from benchmarks import plain
from data.boston.build import build
from geo.ownership import locate
from layers import GRIDS, ISSUES, Workspace, open_workspace
from layers.places import levels_of, located_specs, places_of
from layers.standards import policy
from layers.store import FOLDER
from reports import rank, write_map
from reports.priority import Ranking

Job = Callable[[], object]


def seconds(job: Job) -> tuple[float, object]:
    """CPU seconds of one run, and what it gave."""
    start = time.process_time()
    found = job()
    return time.process_time() - start, found


def interleaved(ours: Job, theirs: Job, rounds: int) -> tuple[float, float, float]:
    """Median CPU seconds of both and the median of the ratios round by round, theirs over ours."""
    pairs = [(seconds(ours)[0], seconds(theirs)[0]) for _ in range(rounds)]
    return median(a for a, _ in pairs), median(b for _, b in pairs), median(b / a for a, b in pairs)


def forget(folder: Path) -> None:
    """Remove the columnar copy, so that opening is cold."""
    shutil.rmtree(folder / FOLDER, ignore_errors=True)


def plain_ranking(folder: Path) -> tuple[dict, dict, object]:
    """Read to rank by the plain script."""
    layers = plain.read(folder)
    return plain_rank(layers)


def plain_rank(layers: dict) -> tuple[dict, dict, object]:
    """Locate to rank by the plain script."""
    located = plain.locate(layers)
    grids = layers["grids"].set_index("grid_id")
    table = plain.measure(layers, located)
    return layers, located, plain.rank(table, grids.loc[grids["level"] == 2, "households"])


def plain_job(folder: Path, out: Path) -> None:
    """Read, locate, measure, rank and draw by the plain script."""
    plain.draw(*plain_ranking(folder), out)


def our_job(folder: Path, out: Path) -> None:
    """Open cold, rank, and write the map."""
    forget(folder)
    ws = open_workspace(folder)
    write_map(ws, out, ranking=rank(ws), lang="en")


def our_rank(ws: Workspace) -> Ranking:
    """Locate every layer again and rank."""
    levels, rules = levels_of(ws[GRIDS], ws.manifest), policy(ws.folder)
    places = {spec.key: places_of(ws[spec], spec, levels, rules) for spec in located_specs(ws.tables)}
    return rank(Workspace(ws.folder, ws.manifest, ws.tables, places, ws.problems, ws.digest))


def everything(folder: Path) -> Workspace:
    """Open a second time and touch every table and place."""
    ws = open_workspace(folder)
    for key in ws.tables:
        ws[key].shape  # noqa: B018 (reading is the point)
    for key in ws.places:
        ws.xy(key)
    return ws


def bytes_per_point(ws: Workspace) -> float:
    """Peak memory of locating all issues in the tracts, bytes a point."""
    x, y = ws.xy(ISSUES)
    tracts = ws.grids().geometry.to_numpy()
    locate(x, y, tracts)
    tracemalloc.start()
    locate(x, y, tracts)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / len(x)


def import_seconds() -> float:
    """CPU seconds that a fresh interpreter needs to import the three packages."""
    code = "import time; s = time.process_time(); import geo, layers, reports; print(time.process_time() - s)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> None:
    """Measure and print."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as home:
        folder, out = Path(home) / "boston", Path(home) / "map.html"
        build(folder)
        rows = list(measured(folder, out, rounds))
    width = max(len(name) for name, *_ in rows)
    print(f"{rounds} interleaved rounds, medians of CPU seconds, {os.cpu_count()} processors")
    for name, ours, theirs, ratio, goal in rows:
        print(f"{name:<{width}}  {ours:>9}  {theirs:>9}  {ratio:>7}  {goal}")


def measured(folder: Path, out: Path, rounds: int) -> list[tuple[str, str, str, str, str]]:
    """Rows of the table: what, ours, plain, ratio, goal."""
    rows = [("job", "Guatu", "plain", "ratio", "goal")]
    our_job(folder, out)
    size = out.stat().st_size
    ws = everything(folder)
    layers = plain.read(folder)

    def reopened() -> object:
        return plain.locate(plain.read(folder))

    pairs: list[tuple[str, Job, Job, str]] = [
        ("locate to rank, layers in memory", lambda: our_rank(ws), lambda: plain_rank(layers), ">= 4"),
        ("cold: files to ranked map", lambda: our_job(folder, out), lambda: plain_job(folder, out), ">= 5"),
        ("second opening", lambda: open_workspace(folder), reopened, ">= 10"),
        ("second opening, every table read", lambda: everything(folder), reopened, ""),
        ("second opening to rank", lambda: rank(open_workspace(folder)), lambda: plain_ranking(folder), ""),
    ]
    for name, ours, theirs, goal in pairs:
        a, b, ratio = interleaved(ours, theirs, rounds)
        rows.append((name, f"{a:.3f} s", f"{b:.3f} s", f"{ratio:.1f}", goal))
    ranking = rank(ws)
    again = median(seconds(lambda: ranking.reweighed({"overdue_share_pct": 0.2}))[0] for _ in range(20))
    rows += [
        ("re-rank after a slider", f"{1000 * again:.0f} ms", "", "", "<= 50 ms"),
        ("memory of locating", f"{bytes_per_point(ws):.0f} B", "", "", "<= 60 B a point"),
        ("exported map", f"{size / 1e6:.2f} MB", f"{out.stat().st_size / 1e6:.2f} MB", "", "<= 6 MB"),
        ("import geo, layers, reports", f"{median(import_seconds() for _ in range(3)):.2f} s", "", "", "< 2.5 s"),
    ]
    return rows


if __name__ == "__main__":
    main()
