"""Reading a GeoPackage: Guatu beside pyogrio's ``read_dataframe`` as it is, ratios of CPU seconds, rounds interleaved.

python -m benchmarks.geopackage [ROUNDS] [ISSUES]

"layer" reads and decodes one layer (``read_layer`` and ``geometries``); "typed" also checks ids, shapes, declared types
and limits, as opening a workspace does; "upload" reads the same file as one of a stranger's, in the worker. The check of
the file's pages, which the product does once for a file and process, is done before the rounds and named for itself.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

import geopandas as gpd
import pandas as pd
import pyogrio

import geo
from benchmarks.intake import cpu_seconds, write_csv
from data.boston.build import build as build_boston
from data.huolong.build import build as build_huolong
from layers import BUILDINGS, CATALOG, ISSUES
from layers.intake.look import Wishes, setting_of
from layers.intake.looking import look
from layers.intake.upload.opening import open_upload
from layers.manifest import read_manifest
from layers.reading import LAYERS_FILE, _read_table, read_tables


def many_issues(home: Path, rows: int) -> Path:
    """Write a workspace with many invented issues."""
    city, path = home / "huolong", home / "issues.csv"
    build_huolong(city)
    tables, _ = read_tables(city, read_manifest(city))
    write_csv(path, tables["grids"][tables["grids"]["level"] == 2], rows)
    geo.write_layers(city / LAYERS_FILE, {key: one for key, one in tables.items() if key != ISSUES.key})
    merge = look(setting_of(city), path, Wishes(ISSUES)).merge
    assert merge is not None
    geo.write_layers(city / LAYERS_FILE, {ISSUES.key: merge.table}, base=city / LAYERS_FILE)
    return city


def alone(city: Path, key: str, path: Path) -> Path:
    """Write one layer of a workspace as a file of its own."""
    table = read_tables(city, read_manifest(city))[0][key]
    geo.write_layers(path, {key: table})
    return path


def layer(path: Path, key: str) -> pd.DataFrame:
    """Read a layer with its shapes."""
    columns, wkb, crs = geo.read_layer(path, key)
    table: pd.DataFrame = gpd.GeoDataFrame(columns, geometry=geo.geometries(wkb)[0], crs=crs)
    return table


def compare(city: Path, key: str, rounds: int, home: Path) -> None:
    """Print the ratios for one layer."""
    path, manifest = city / LAYERS_FILE, read_manifest(city)
    single = alone(city, key, home / f"{key}.gpkg")
    checked = cpu_seconds(lambda: geo.layer_names(path))
    jobs: dict[str, Callable[[], object]] = {
        "pyogrio": lambda: pyogrio.read_dataframe(path, layer=key),
        "pyogrio through Arrow": lambda: pyogrio.read_dataframe(path, layer=key, use_arrow=True),
        "layer": lambda: layer(path, key),
        "typed": lambda: _read_table(path, CATALOG[key], manifest),
        "upload": lambda: open_upload(single),
    }
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            seconds[name].append(cpu_seconds(job))
    rows = pyogrio.read_info(path, layer=key)["features"]
    print(f"{key}: {rows:,} rows, {rounds} rounds, {os.cpu_count()} processors; pages checked once in {checked:.2f} s")
    for name, found in seconds.items():
        ratio = median(a / b for a, b in zip(seconds["pyogrio"], found, strict=True))
        print(f"  {name}: {median(found):.2f} s, {ratio:.1f} times as fast as pyogrio's default")


def main(rounds: int, issues: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        build_boston(home / "boston")
        compare(home / "boston", BUILDINGS.key, rounds, home)
        compare(many_issues(home, issues), ISSUES.key, rounds, home)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 3, int(sys.argv[2]) if sys.argv[2:] else 1_000_000)
