"""Zonal statistics beside exactextract and rasterstats, terrain, and the memory of a raster of 20,000 x 20,000 cells.

python -m benchmarks.rasters [ROUNDS]

Ratios of CPU seconds, rounds interleaved in one process; files are deflated GeoTIFF of float32 in tiles of 512. A peer
that is not installed is skipped and named. All give count, sum and mean; ours are compared with exactextract's. Peak
memory is that of a fresh process, libraries included.
"""

import importlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

os.environ.setdefault("GDAL_SKIP", "")  # rasterstats reads by way of VRT, which Guatu takes from GDAL elsewhere

import geopandas as gpd
import numpy as np
import rasterio
import shapely

from benchmarks.intake_tables import most_held
from geo.raster import zonal_statistics
from geo.terrain import filled, flow_accumulation, flow_direction, slope

CRS = "EPSG:32650"
CELL_M = 10.0
CASES = ((2_000, 20), (10_000, 100), (10_000, 20))
"""Cells along a side of the raster, polygons along a side of the tiling."""
LARGE, MANY = 20_000, 40
RASTERSTATS_AT_MOST = 200
"""Polygons that rasterstats is asked for; it goes polygon by polygon, so its time is scaled up to all."""


def raster(path: Path, side: int) -> Path:
    """Write a raster of noise, which compresses as badly as pictures do."""
    dice = np.random.default_rng(0)
    profile = {
        "driver": "GTiff",
        "width": side,
        "height": side,
        "count": 1,
        "dtype": "float32",
        "crs": CRS,
        "tiled": True,
    }
    profile |= {"blockxsize": 512, "blockysize": 512, "compress": "deflate", "predictor": 3, "BIGTIFF": "IF_SAFER"}
    corner = rasterio.Affine(CELL_M, 0, 0, 0, -CELL_M, side * CELL_M)
    with rasterio.open(path, "w", transform=corner, **profile) as out:
        for row in range(0, side, 512):
            cells = dice.normal(20, 5, (min(512, side - row), side)).astype("float32")
            out.write(cells, 1, window=((row, row + len(cells)), (0, side)))
    return path


def tiling(side: int, many: int) -> np.ndarray:
    """Give polygons of four corners that tile a raster, none of them along its cells."""
    step = side * CELL_M / many
    x, y = np.meshgrid(np.arange(many + 1) * step, np.arange(many + 1) * step)
    shift = np.random.default_rng(1).uniform(-step / 4, step / 4, (2, many + 1, many + 1))
    shift[0][:, [0, -1]] = shift[1][[0, -1], :] = 0
    corner = np.stack([x + shift[0], y + shift[1]], axis=-1)
    rings = np.stack([corner[:-1, :-1], corner[:-1, 1:], corner[1:, 1:], corner[1:, :-1], corner[:-1, :-1]], axis=2)
    return np.asarray(shapely.polygons(rings.reshape(-1, 5, 2)), dtype=object)


def peers(path: Path, shapes: np.ndarray) -> Mapping[str, Callable[[], Any]]:
    """Give what the peers do, by name; those that are not installed are named and left out."""
    frame = gpd.GeoDataFrame(geometry=shapes, crs=CRS)
    found: dict[str, Callable[[], Any]] = {}
    try:
        exact = importlib.import_module("exactextract").exact_extract
    except ImportError:
        print("  exactextract is not installed: skipped")
    else:
        for strategy in ("feature-sequential", "raster-sequential"):
            found[f"exactextract {strategy}"] = lambda strategy=strategy: exact(
                str(path), frame, ["count", "sum", "mean"], output="pandas", strategy=strategy
            )
    try:
        stats = importlib.import_module("rasterstats").zonal_stats
    except ImportError:
        print("  rasterstats is not installed: skipped")
    else:
        few = shapes[:: max(1, len(shapes) // RASTERSTATS_AT_MOST)]
        found["rasterstats"] = lambda: (
            len(shapes) / len(few),
            stats(list(few), str(path), stats=["count", "sum", "mean"]),
        )
    return found


def seconds(job: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of a job, and what it gives."""
    start = time.process_time()
    answer = job()
    return time.process_time() - start, answer


def decoded(path: Path) -> None:
    """Read the raster and do nothing with it."""
    with rasterio.open(path) as source:
        for row in range(0, source.height, 512):
            source.read(1, window=((row, min(row + 512, source.height)), (0, source.width)))


def compared(folder: Path, case: tuple[int, int], rounds: int) -> None:
    """Print the ratios of one case."""
    side, many = case
    path = folder / f"{side}.tif"
    if not path.exists():
        raster(path, side)
    shapes = tiling(side, many)
    print(f"{side:,} x {side:,} cells, {len(shapes):,} polygons of {(side / many) ** 2:,.0f} cells")
    others = peers(path, shapes)
    best: dict[str, float] = {}
    for _ in range(rounds):
        taken, ours = seconds(lambda: zonal_statistics(path, shapes, CRS))
        best["ours"] = min(best.get("ours", np.inf), taken)
        best["reading alone"] = min(best.get("reading alone", np.inf), seconds(lambda: decoded(path))[0])
        for name, job in others.items():
            taken, theirs = seconds(job)
            if name == "rasterstats":
                taken *= theirs[0]
            else:
                apart = np.abs(ours.table["sum"].to_numpy() / theirs["sum"].to_numpy() - 1).max()
                assert apart < 1e-5, apart
            best[name] = min(best.get(name, np.inf), taken)
    for name, taken in best.items():
        print(f"  {name}: {taken:.2f} s, {taken / best['ours']:.1f} of ours")


def terrain(side: int = 2_000) -> None:
    """Print how long the terrain of 4 million cells takes."""
    dice = np.random.default_rng(2)
    column, row = np.meshgrid(np.arange(side), np.arange(side))
    height = dice.normal(0, 0.3, (side, side)) + 20 * np.sin(column / 90) * np.cos(row / 120) + 0.01 * column
    took, full = seconds(lambda: filled(height))
    way_took, way = seconds(lambda: flow_direction(full.level, (2.0, 2.0)))
    flow_took, _ = seconds(lambda: flow_accumulation(way))
    slope_took, _ = seconds(lambda: slope(height, (2.0, 2.0), CRS))
    print(
        f"terrain of {side * side:,} cells: filled {took:.1f} s, directions {way_took:.1f} s, flow {flow_took:.1f} s, slope {slope_took:.1f} s"
    )
    try:
        peer = importlib.import_module("pyflwdir.dem").fill_depressions
    except ImportError:
        print("  pyflwdir is not installed: skipped")
        return
    peer(height[:50, :50])  # compiles
    theirs, _ = seconds(lambda: peer(height))
    print(f"  pyflwdir fills in {theirs:.1f} s, {theirs / took:.1f} of ours")


def memory(path: Path) -> None:
    """Add up the large raster in this process; print CPU seconds and the most that it held."""
    shapes = tiling(LARGE, MANY)
    wanted = ("count", "sum", "mean", "min", "max", "variance")
    took, found = seconds(lambda: zonal_statistics(path, shapes, CRS, statistics=wanted))
    print(f"{took:.1f} s, {most_held() / 1024:.0f} MB, {found.table['count'].sum():,.0f} cells")


def main(rounds: int) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as name:
        for case in CASES:
            compared(Path(name), case, rounds)
        terrain()
        large = raster(Path(name) / "large.tif", LARGE)
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.rasters", "--memory", str(large)],
            capture_output=True,
            text=True,
            check=True,
        )
        print(f"{LARGE:,} x {LARGE:,} cells, {MANY * MANY:,} polygons, all six statistics: {done.stdout.strip()}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--memory"]:
        memory(Path(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 2)
