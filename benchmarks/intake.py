"""A million issues out of a CSV: Guatu beside pandas and geopandas with the same checks, CPU seconds of all processes.

python -m benchmarks.intake [ROWS] [ROUNDS]
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
from data.huolong.build import build
from geo.files import write_layers
from layers import ISSUES
from layers.intake.look import Wishes, setting_of
from layers.intake.looking import look
from layers.intake.taking import take_in
from layers.manifest import read_manifest
from layers.reading import LAYERS_FILE, read_tables
from layers.standards import issue_types

CRS = "EPSG:4546"
AS_OF = pd.Timestamp("2021-08-31")


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
    points = gpd.GeoSeries(gpd.points_from_xy(x, y), crs=CRS).to_crs(4326)
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


def plain(path: Path, grids: gpd.GeoDataFrame, out: Path) -> None:
    """The same as a good analyst would script it: parse, place, check, store."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""])
    for name in ("reported_at", "closed_at"):
        table[name] = pd.to_datetime(table[name], format="%Y-%m-%d %H:%M:%S", errors="coerce")
    numbers = table[["lon", "lat", "severity"]].apply(pd.to_numeric, errors="coerce")
    good = (
        table["reported_at"].notna()
        & ~table["issue_id"].duplicated()
        & table["issue_type"].isin(issue_types().index)
        & numbers["severity"].between(1, 5)
        & numbers[["lon", "lat"]].notna().all(axis=1)
    )
    late, early = table["reported_at"] > AS_OF, table["closed_at"] < table["reported_at"]
    points = gpd.points_from_xy(numbers["lon"], numbers["lat"])
    frame = gpd.GeoDataFrame(table.assign(severity=numbers["severity"]), geometry=points, crs=4326).to_crs(CRS)
    spots = frame.geometry.to_wkb().value_counts()
    located = gpd.sjoin(frame[good], grids[["geometry"]], predicate="within", how="left")
    located = located[~located.index.duplicated()]
    assert len(located) + int((~good).sum()) == len(table)
    assert spots.iloc[0] < 0.02 * len(table)
    del late, early
    frame[good].to_file(out, layer="issues", engine="pyogrio")


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
        manifest = read_manifest(city)
        tables, _ = read_tables(city, manifest)
        grids = tables["grids"][tables["grids"]["level"] == 2]
        write_csv(path, grids, rows)
        write_layers(city / LAYERS_FILE, {key: one for key, one in tables.items() if key != "issues"})
        pairs = []
        for number in range(rounds):
            folder, out = Path(home) / f"{number}", Path(home) / f"{number}.gpkg"
            shutil.copytree(city, folder)
            pairs.append((cpu_seconds(lambda: ours(folder, path)), cpu_seconds(lambda: plain(path, grids, out))))  # noqa: B023 (called at once)
            shutil.rmtree(folder)
            out.unlink()
    mine, theirs = (median(column) for column in zip(*pairs, strict=True))
    ratio = median(b / a for a, b in pairs)
    print(f"{rows:,} rows, {rounds} interleaved rounds, {os.cpu_count()} processors")
    print(f"taken in: {mine:.2f} s, plain {theirs:.2f} s, ratio {ratio:.1f} (goal >= 3)")


if __name__ == "__main__":
    main()
