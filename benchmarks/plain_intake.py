"""A ledger of issues taken in as a good analyst would script it with pandas and geopandas: the honest baseline.

Nothing is slowed down: columns are looked at as a whole, the coordinate system is judged by a sample, shifts of
Chinese maps are undone by array, spatial joins use the index. It does what ``guatu add`` does of the same file: every
fault has its row and reason, ids are made sure of, the new file is read once before it takes the place of the old one.
What Guatu does beyond it (any heading, any form of dates, words of both languages, questions, a worker that may do
nothing else) is left out here.
"""

import hashlib
import json
import os
import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio

from geo.datum import wgs84_from_bd09, wgs84_from_gcj02
from layers.standards import issue_types

CRS = "EPSG:4546"
AS_OF = pd.Timestamp("2021-08-31")
TIMES = ("reported_at", "closed_at")
READINGS = {
    "WGS 84": lambda lon, lat: (lon, lat),
    "GCJ-02": wgs84_from_gcj02,
    "BD-09": wgs84_from_bd09,
}


def take_in(path: Path, city: Path, *, arrow: bool = False) -> list[str]:
    """Parse, place, check and store; give what there is to say. ``arrow`` writes and reads through Arrow."""
    layers = city / "layers.gpkg"
    table = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""])
    said = struck(table)
    table, reason = parsed(table)
    origin, evidence = reading_of(table, layers)
    lon, lat = READINGS[origin](table["lon"].to_numpy(), table["lat"].to_numpy())
    points = gpd.points_from_xy(lon, lat)
    frame = gpd.GeoDataFrame(table.drop(columns=["lon", "lat"]), geometry=points, crs=4326).to_crs(CRS)
    lost = table.assign(reason=reason)[reason != ""]
    frame = frame[reason == ""].drop_duplicates("issue_id").sort_values("issue_id")
    said += [evidence, *doubtful(table), f"{len(frame):,} rows kept, {len(lost):,} lost"]
    if "issues" in pyogrio.list_layers(layers)[:, 0]:
        old = gpd.read_file(layers, layer="issues").set_index("issue_id")
        frame = frame.set_index("issue_id").combine_first(old).reset_index()
    store(frame, lost, city, said, arrow=arrow)
    return said


def struck(table: pd.DataFrame) -> list[str]:
    """Tell of gaps, and of words that are written in several ways."""
    said = [f"{name}: {n:,} empty" for name, n in table.isna().sum().items() if n]
    for name in table:
        words = pd.Series(table[name].dropna().unique())
        if 1 < len(words) <= 1000:
            ways = words.groupby(words.str.normalize("NFKC").str.casefold().str.strip(" _-")).size()
            said += [f"{name}: {one} written in {n} ways" for one, n in ways[ways > 1].items()]
    return said


def parsed(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Give typed columns, and for each row why it cannot be taken in ("" if it can)."""
    typed = table.copy()
    wrong = {}
    for name in TIMES:
        typed[name] = pd.to_datetime(table[name], format="%Y-%m-%d %H:%M:%S", errors="coerce")
        wrong[f"{name} is no date"] = table[name].notna() & typed[name].isna()
    for name in ("lon", "lat", "severity"):
        typed[name] = pd.to_numeric(table[name], errors="coerce")
        wrong[f"{name} is no number"] = table[name].notna() & typed[name].isna()
    wrong["no date of the report"] = table["reported_at"].isna()
    wrong["no id"] = table["issue_id"].isna()
    wrong["unknown type"] = table["issue_type"].notna() & ~table["issue_type"].isin(issue_types().index)
    wrong["severity out of range"] = typed["severity"].notna() & ~typed["severity"].between(1, 5)
    again = table["issue_id"].duplicated()
    if again.any():
        wrong["id used before for other content"] = again & ~table.duplicated()
    return typed, pd.Series(np.select(list(wrong.values()), list(wrong), ""), index=table.index)


def reading_of(table: pd.DataFrame, layers: Path) -> tuple[str, str]:
    """Find the map that the degrees come from: the reading that lies best inside the boundary and on buildings."""
    boundary = gpd.read_file(layers, layer="grids").geometry.union_all().buffer(20)
    buildings = gpd.read_file(layers, layer="buildings")
    places = table[["lon", "lat"]].dropna().drop_duplicates()
    places = places.sample(min(len(places), 2000), random_state=1)
    found = {}
    for name, undo in READINGS.items():
        lon, lat = undo(places["lon"].to_numpy(), places["lat"].to_numpy())
        spots = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs=4326).to_crs(CRS)
        near, _ = buildings.sindex.query(spots, predicate="dwithin", distance=10)
        found[name] = float(spots.within(boundary).mean()), len(np.unique(near)) / len(spots)
    best = max(found, key=found.__getitem__)
    shares = "; ".join(f"{name}: {a:.1%} inside, {b:.1%} on buildings" for name, (a, b) in found.items())
    return best, f"read as {best} ({shares})"


def doubtful(table: pd.DataFrame) -> list[str]:
    """Count what is possible and strange: dates in the wrong order or to come, many rows on one spot."""
    spots = table.groupby(["lon", "lat"]).size().nlargest(5)
    return [
        f"{(table['closed_at'] < table['reported_at']).sum():,} closed before reported",
        f"{(table['reported_at'] > AS_OF).sum():,} reported in the future",
        *(f"{n:,} rows at {spot}" for spot, n in spots.items() if n > 0.01 * len(table)),
    ]


def store(frame: gpd.GeoDataFrame, lost: pd.DataFrame, city: Path, said: list[str], *, arrow: bool) -> None:
    """Write a new file beside the old one, read it once, keep the old one, and put the new one in its place."""
    layers, home = city / "layers.gpkg", city / "imports" / "0001"
    home.mkdir(parents=True)
    new = home / "new.gpkg"
    shutil.copyfile(layers, new)
    frame.to_file(new, layer="issues", engine="pyogrio", use_arrow=arrow)
    stored = gpd.read_file(new, layer="issues", use_arrow=arrow)
    if len(stored) != len(frame) or stored["issue_id"].nunique() != len(frame) or stored["reported_at"].isna().any():
        msg = "what was stored is not what was written"
        raise ValueError(msg)
    if len(lost):
        lost.to_csv(home / "rejected.csv", index=False, encoding="utf-8-sig")
    digests = {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in (layers, new)}
    (home / "import.json").write_text(json.dumps({"said": said, **digests}), encoding="utf-8")
    with new.open("rb") as file:
        os.fsync(file.fileno())
    os.link(layers, home / "before.gpkg")
    new.replace(layers)
