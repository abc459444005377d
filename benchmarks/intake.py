"""A million issues out of a CSV: Guatu beside pandas and geopandas with the same checks (``plain_intake``).

python -m benchmarks.intake [ROWS] [ROUNDS]

CPU seconds of all processes, rounds interleaved. "plain" writes and reads files as geopandas does unasked;
"plain through Arrow" with ``use_arrow=True``.
"""

import os
import resource
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

import geopandas as gpd
import numpy as np
import pandas as pd

import geo  # noqa: F401 (before pyogrio, as in the product)
from benchmarks import plain_intake
from data.huolong.build import build
from geo.files import write_layers
from layers import ISSUES
from layers.intake.look import Wishes, setting_of
from layers.intake.looking import look
from layers.intake.taking import take_in
from layers.manifest import read_manifest
from layers.reading import LAYERS_FILE, read_tables
from layers.standards import issue_types


def cpu_seconds(job: Callable[[], object]) -> float:
    """CPU seconds of this process and of those that it started and that have ended."""
    before = sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    job()
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) - before


def write_csv(path: Path, grids: gpd.GeoDataFrame, rows: int) -> None:
    """Write synthetic issues inside and around the grids."""
    random = np.random.default_rng(11)
    west, south, east, north = grids.total_bounds
    x, y = random.uniform(west - 20, east + 20, rows), random.uniform(south - 20, north + 20, rows)
    points = gpd.GeoSeries(gpd.points_from_xy(x, y), crs=grids.crs).to_crs(4326)
    reported = pd.Timestamp("2021-01-01") + pd.to_timedelta(random.integers(0, 240 * 86_400, rows), unit="s")
    closed = reported + pd.to_timedelta(random.integers(0, 20 * 86_400, rows), unit="s")
    table = pd.DataFrame(
        {
            "issue_id": [f"S-{n:07d}" for n in range(rows)],
            "issue_type": random.choice(issue_types().index.to_numpy(), rows),
            "description": "路面有个大坑，下雨就积水",
            "reported_at": reported.strftime("%Y-%m-%d %H:%M:%S"),
            "closed_at": np.where(random.random(rows) < 0.7, closed.strftime("%Y-%m-%d %H:%M:%S"), ""),
            "severity": random.integers(1, 6, rows),
            "lon": points.x.round(7),
            "lat": points.y.round(7),
        }
    )
    table.to_csv(path, index=False)


def ours(folder: Path, path: Path) -> None:
    """Look and take in."""
    found = look(setting_of(folder), path, Wishes(ISSUES))
    take_in(folder, found)


def main() -> None:
    """Measure and print."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory() as home:
        city, path = Path(home) / "huolong", Path(home) / "issues.csv"
        build(city)
        tables, _ = read_tables(city, read_manifest(city))
        grids = tables["grids"][tables["grids"]["level"] == 2]
        write_csv(path, grids, rows)
        write_layers(city / LAYERS_FILE, {key: one for key, one in tables.items() if key != "issues"})
        jobs: dict[str, Callable[[Path], object]] = {
            "Guatu": lambda folder: ours(folder, path),
            "plain": lambda folder: plain_intake.take_in(path, folder),
            "plain through Arrow": lambda folder: plain_intake.take_in(path, folder, arrow=True),
        }
        seconds: dict[str, list[float]] = {name: [] for name in jobs}
        for _ in range(rounds):
            for name, job in jobs.items():
                folder = Path(home) / "work"
                shutil.copytree(city, folder)
                seconds[name].append(cpu_seconds(lambda: job(folder)))  # noqa: B023 (called at once)
                shutil.rmtree(folder)
    print(f"{rows:,} rows, {rounds} interleaved rounds, {os.cpu_count()} processors, CPU seconds of all processes")
    for name, found in seconds.items():
        ratios = [b / a for a, b in zip(seconds["Guatu"], found, strict=True)]
        print(f"{name}: {median(found):.2f} s, ratio {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main()
