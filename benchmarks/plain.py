"""The same job as a good analyst would script it with geopandas and folium: the honest baseline.

Nothing is slowed down: files are read through Arrow, joins use the spatial index, draws are arrays,
the map has one GeoJson per layer and the fast marker cluster. What Guatu does beyond it (checks,
both languages, popups from the schema, filters, statuses, the sentence) is left out here.
"""

from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
from folium.plugins import FastMarkerCluster

AS_OF = pd.Timestamp("2016-01-13")
LAYERS = ("grids", "issues", "buildings", "toilets", "parks", "streets")
IDS = {"buildings": "building_id", "toilets": "toilet_id", "parks": "park_id", "streets": "street_id"}
MARKER = """function (row) {
  return L.circleMarker([row[0], row[1]], {radius: 5, color: row[3]}).bindPopup(row[2]);
}"""
CRITERIA = {  # weight, best, worst
    "severity_per_100_households": (0.15, 0, 60),
    "open_issues_per_ha": (0.05, 0, 12),
    "overdue_share_pct": (0.10, 0, 100),
    "toilet_unserved_share_pct": (0.07, 0, 100),
    "park_unserved_share_pct": (0.07, 0, 100),
    "open_space_share_pct": (0.06, 15, 0),
    "elderly_share_pct": (0.10, 5, 30),
}


def read(folder: Path) -> dict[str, gpd.GeoDataFrame]:
    """Read the layers."""
    return {name: gpd.read_file(folder / "layers.gpkg", layer=name, use_arrow=True) for name in LAYERS}


def locate(layers: dict[str, gpd.GeoDataFrame]) -> dict[str, gpd.GeoDataFrame]:
    """Give each issue, building, toilet, park and street the grid of both levels."""
    grids = layers["grids"]
    issues = layers["issues"]
    spots = issues.geometry.to_wkb().value_counts()
    shared = spots.index[spots > 0.02 * len(issues)]
    located = {"issues": issues[~issues.geometry.to_wkb().isin(shared)]}
    for name in ("buildings", "toilets", "parks", "streets"):
        located[name] = layers[name].set_geometry(layers[name].representative_point())
    for name, points in located.items():
        for level in (1, 2):
            cells = grids.loc[grids["level"] == level, ["grid_id", "geometry"]].rename(
                columns={"grid_id": f"grid_{level}"}
            )
            joined = gpd.sjoin(located[name], cells, predicate="within", how="left").drop(columns="index_right")
            key = joined["issue_id"] if name == "issues" else joined[IDS[name]]
            located[name] = joined[~key.duplicated()]
        assert len(located[name]) == len(points)
    return located


def measure(layers: dict[str, gpd.GeoDataFrame], located: dict[str, gpd.GeoDataFrame]) -> pd.DataFrame:
    """Measure the tracts."""
    grids = layers["grids"]
    tracts = grids[grids["level"] == 2].set_index("grid_id").sort_index()
    issues = located["issues"]
    issues = issues[issues["issue_type"].notna()]
    is_open = issues[(issues["reported_at"] <= AS_OF) & ~(issues["closed_at"] <= AS_OF)]
    dated = is_open[is_open["due_at"].notna()]
    severity = is_open.assign(weight=is_open["severity"].fillna(1)).groupby("grid_2")["weight"].sum()
    count = is_open.groupby("grid_2").size()
    due = dated.groupby("grid_2").size().where(lambda n: n >= 5)
    homes = tracts["households"].where(tracts["households"] >= 50)
    people = tracts["residents"].where(tracts["residents"] >= 50)
    table = pd.DataFrame(index=tracts.index)
    table["severity_per_100_households"] = 100 * severity.reindex(tracts.index, fill_value=0) / homes
    table["open_issues_per_ha"] = count.reindex(tracts.index, fill_value=0) / (tracts.area / 1e4)
    late = dated[dated["due_at"] < AS_OF].groupby("grid_2").size()
    table["overdue_share_pct"] = 100 * late.reindex(tracts.index, fill_value=0) / due.reindex(tracts.index)
    table["elderly_share_pct"] = 100 * tracts["elderly_residents"] / people
    return table.join(service(layers, tracts))


def service(layers: dict[str, gpd.GeoDataFrame], tracts: gpd.GeoDataFrame) -> pd.DataFrame:
    """Measure toilets, parks and open space on sample points every 50 m."""
    west, south, east, north = tracts.total_bounds
    x, y = np.meshgrid(
        np.arange(np.ceil(west / 50), east / 50) * 50.0, np.arange(np.ceil(south / 50), north / 50) * 50.0
    )
    samples = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x.ravel(), y.ravel()), crs=tracts.crs)
    samples = gpd.sjoin(samples, tracts[["geometry"]], predicate="within").rename(columns={"index_right": "grid_id"})
    public = layers["toilets"][layers["toilets"]["open_to_public"].astype("boolean").fillna(True)]
    toilets = gpd.sjoin_nearest(samples, public[["geometry"]], distance_col="metres")
    toilets = toilets[~toilets.index.duplicated()]
    parks = layers["parks"]
    parks = parks[parks["open_to_public"].astype("boolean").fillna(True)]
    counted = parks[parks.area >= 400]
    reach = counted.buffer(np.where(counted.area >= 5000, 500, 300)).union_all()
    served = samples.within(reach)
    box = (229_088, 896_919, 241_803, 903_392)
    inside = tracts.clip(box).area.reindex(tracts.index, fill_value=0) / tracts.area
    inner = tracts.clip((box[0] + 500, box[1] + 500, box[2] - 500, box[3] - 500)).area
    inner = inner.reindex(tracts.index, fill_value=0) / tracts.area
    green = gpd.overlay(
        tracts.reset_index()[["grid_id", "geometry"]], gpd.GeoDataFrame(geometry=[parks.union_all()], crs=tracts.crs)
    )
    table = pd.DataFrame(index=tracts.index)
    table["toilet_unserved_share_pct"] = 100 * (toilets["metres"] > 300).groupby(toilets["grid_id"]).mean()
    table["park_unserved_share_pct"] = (100 * (~served).groupby(samples["grid_id"]).mean()).where(inner >= 0.95)
    share = (
        100 * green.set_index("grid_id").area.groupby(level=0).sum().reindex(tracts.index, fill_value=0) / tracts.area
    )
    table["open_space_share_pct"] = share.where(inside >= 0.95)
    return table


def rank(table: pd.DataFrame, households: pd.Series) -> pd.DataFrame:
    """Score, rank and draw the rank intervals."""
    weights = pd.Series({k: v[0] for k, v in CRITERIA.items()})
    best, worst = (pd.Series({k: v[i] for k, v in CRITERIA.items()}) for i in (1, 2))
    need = ((table[weights.index] - best) / (worst - best)).clip(0, 1)
    known = need.notna()
    used = known @ (weights / weights.sum())
    score = 100 * (need.fillna(0) @ weights) / (known @ weights)
    score = score.where((used >= 0.5) & (households >= 50)).dropna()
    random = np.random.default_rng(1)
    draws = random.dirichlet(30 * weights / weights.sum(), 2000)
    a, m = need.loc[score.index].fillna(0).to_numpy(), known.loc[score.index].to_numpy()
    ranks = (-(draws @ a.T) / (draws @ m.T)).argsort(axis=1).argsort(axis=1) + 1
    return pd.DataFrame(
        {
            "score": score,
            "rank": score.rank(ascending=False, method="min"),
            "low": np.percentile(ranks, 5, axis=0),
            "high": np.percentile(ranks, 95, axis=0),
        }
    )


def draw(
    layers: dict[str, gpd.GeoDataFrame], located: dict[str, gpd.GeoDataFrame], ranked: pd.DataFrame, path: Path
) -> None:
    """Draw the same layers with folium."""
    grids = layers["grids"].to_crs(4326)
    page = folium.Map(location=[42.32, -71.07], zoom_start=12, tiles=None, prefer_canvas=True, max_zoom=20)
    shaded = grids.merge(ranked, left_on="grid_id", right_index=True, how="left")
    colours = ["#fee8c8", "#fdbb84", "#fc8d59", "#e34a33", "#b30000"]
    cuts = ranked["score"].quantile([0.2, 0.4, 0.6, 0.8]).to_numpy()
    for level in (1, 2):
        folium.GeoJson(
            shaded.loc[shaded["level"] == level, ["grid_id", "name", "score", "rank", "geometry"]],
            name=f"grids {level}",
            style_function=lambda f: {
                "fillColor": colours[int(np.searchsorted(cuts, f["properties"]["score"] or 0))],
                "weight": 1,
                "fillOpacity": 0.6,
            },
            tooltip=folium.GeoJsonTooltip(["name", "score", "rank"]),
        ).add_to(page)
    for name, fields in (("buildings", ["use", "storeys"]), ("parks", ["name", "kind"]), ("streets", ["name"])):
        shapes = layers[name][[*fields, "geometry"]].to_crs(4326)
        shapes = shapes.set_geometry(shapes.set_precision(1e-6))
        folium.GeoJson(
            shapes, name=name, popup=folium.GeoJsonPopup(fields), style_function=lambda _: {"weight": 1}
        ).add_to(page)
    toilets = layers["toilets"][["name", "geometry"]].to_crs(4326)
    folium.GeoJson(
        toilets, name="toilets", marker=folium.CircleMarker(radius=4), popup=folium.GeoJsonPopup(["name"])
    ).add_to(page)
    issues = located["issues"]
    issues = issues[issues.geometry.notna()].to_crs(4326)
    is_open = ~(issues["closed_at"] <= AS_OF)
    late = is_open & (issues["due_at"] < AS_OF)
    said = (
        issues["source_type"].str.replace("<", "&lt;", regex=False)
        + "<br>reported "
        + issues["reported_at"].dt.strftime("%Y-%m-%d")
        + "<br>due "
        + issues["due_at"].dt.strftime("%Y-%m-%d").fillna("-")
        + "<br>closed "
        + issues["closed_at"].dt.strftime("%Y-%m-%d").fillna("-")
    )
    colour = np.where(late, "#d55e00", np.where(is_open, "#e69f00", "#009e73"))
    rows = [
        [y, x, text, paint]
        for y, x, text, paint in zip(issues.geometry.y.round(6), issues.geometry.x.round(6), said, colour, strict=True)
    ]
    FastMarkerCluster(rows, name="issues", callback=MARKER).add_to(page)
    folium.LayerControl().add_to(page)
    page.save(path)
