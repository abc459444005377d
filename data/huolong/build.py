"""Build the synthetic community Huolong as a workspace folder; the same bytes on each build."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.random import Generator

from data.huolong.buildings import buildings_table, estates_table, grids_table
from data.huolong.houses import COURTS, place_houses
from data.huolong.issues import AS_OF, issues_table
from data.huolong.land import building_land, draw_land
from data.huolong.ledger import build_ledger
from data.huolong.murals import murals_table
from data.huolong.people import duties_table, people_table
from data.huolong.places import find_spots
from data.huolong.plan import CRS, draw_plan
from data.huolong.record import boundary_table, budget_table, projects_table, sites_table, stats_table
from data.huolong.roadside import drains_table, lights_table, parking_table, parks_table, streets_table
from data.huolong.services import facilities_table, toilets_table
from data.huolong.terrain import rasters
from data.huolong.votes import with_votes
from layers import catalog as c
from layers.manifest import Manifest, Words
from layers.schema import Buildings, Facilities
from layers.workspace import save_workspace

SEED = 20_210_831
SHOPS_THAT_MIX = 8  # shopfronts from which a house counts as mixed


def manifest() -> Manifest:
    """Say what the workspace is: synthetic, in EPSG:4546, as of the evening of 31 August 2021."""
    return Manifest(
        name="huolong",
        title=Words(zh="活龙社区（合成示例）", en="Huolong community (synthetic example)"),
        crs=CRS,
        as_of=AS_OF,
        synthetic=True,
        credit=Words(
            zh="合成数据：数字与公开报道一致，地图、人员和问题均为虚构",
            en="Synthetic data: the figures match a published report; map, people and issues are made up",
        ),
    )


def tables() -> dict[str, pd.DataFrame]:
    """Give every table of the community by layer key, each indexed by its id."""
    plan, land = draw_plan(), draw_land()
    lots = building_land(plan, land)
    buildings = buildings_table(place_houses(plan, lots, _dice(1)), _dice(2))
    ground = _ground(lots, buildings)
    angles = {grid_id: court.angle for grid_id, court in COURTS.items()}
    parks = parks_table(land, ground, angles)
    free = _without(ground, parks, margin=3.0)
    lights = lights_table(plan, _dice(3))
    facilities = facilities_table(plan, land, buildings, _dice(5))
    duties = duties_table(plan, buildings)
    hall = facilities.geometry[facilities[Facilities.kind] == "exhibition_hall"].iloc[0]
    made = {
        c.GRIDS: grids_table(plan, buildings),
        c.BUILDINGS: with_votes(_mixed(buildings, facilities), _dice(10)),
        c.TOILETS: toilets_table(),
        c.PARKS: parks,
        c.MURALS: murals_table(plan, buildings, _dice(6)),
        c.PARKING: parking_table(plan, free, land["square"], angles),
        c.ISSUES: issues_table(find_spots(plan, buildings, lights, _dice(7)), _dice(8)),
        c.STREETS: streets_table(plan),
        c.FACILITIES: facilities,
        c.LIGHTS: lights,
        c.DRAINS: drains_table(plan, _dice(4)),
        c.SITES: sites_table(land),
        c.PROJECTS: projects_table(plan, land, hall),
        c.HOUSING_ESTATES: estates_table(buildings, lots),
        c.BOUNDARY: boundary_table(plan),
        c.PEOPLE: people_table(duties),
        c.DUTIES: duties,
        c.BUDGET_ITEMS: budget_table(),
        c.SERVICE_STATS: stats_table(),
    }
    return {spec.key: spec.schema.validate(table) for spec, table in made.items()}


def _dice(purpose: int) -> Generator:
    """Give a generator for one purpose, so that more draws for one change nothing of another."""
    return np.random.default_rng([SEED, purpose])


def _ground(lots: dict[str, shapely.Geometry], buildings: gpd.GeoDataFrame) -> dict[str, shapely.Geometry]:
    """Give the yards: what the houses leave free."""
    return _without(lots, buildings, margin=3.0)


def _without(
    ground: dict[str, shapely.Geometry], things: gpd.GeoDataFrame, *, margin: float
) -> dict[str, shapely.Geometry]:
    taken = shapely.union_all(things.geometry.to_numpy()).buffer(margin)
    return {grid_id: shape.difference(taken) for grid_id, shape in ground.items()}


def _mixed(buildings: gpd.GeoDataFrame, facilities: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Call a house mixed that has shops, and drop the columns that only served to build it."""
    shops = facilities[facilities[Facilities.kind] == "shopfront"].geometry
    inside = gpd.sjoin(gpd.GeoDataFrame(geometry=shops), buildings[["geometry"]], predicate="within")
    many = inside.groupby(Buildings.building_id).size().reindex(buildings.index, fill_value=0)
    use = buildings[Buildings.use].mask(many >= SHOPS_THAT_MIX, "mixed")
    return buildings.assign(use=use).drop(columns=["grid_id", "angle"])


def build(folder: Path, progress: Callable[[str], None] = lambda _: None) -> None:
    """Write the workspace.

    Args:
        folder: where to; made if absent, files of the same names are replaced.
        progress: told what is going on, one line at a time.
    """
    progress("活龙社区(合成示例):生成 / Huolong (synthetic example): drawing")
    made = tables()
    progress(f"活龙社区:写入 {len(made)} 个图层和表 / Huolong: writing {len(made)} layers and tables")
    with TemporaryDirectory() as drawn:
        save_workspace(folder, manifest(), made, rasters(made, Path(drawn), _dice(9)))
    progress("活龙社区:模拟一个月的办理 / Huolong: simulating a month of work")
    build_ledger(folder)
    (folder / "plans").mkdir(exist_ok=True)
    for plan in sorted(Path(__file__).with_name("plans").glob("*.toml")):
        (folder / "plans" / plan.name).write_bytes(plan.read_bytes())
