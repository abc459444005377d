"""Build the synthetic district Wanxiu as a workspace folder; the same bytes on each build."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.random import Generator

from data.wanxiu.ground import CRS, draw_ground, grids_table, streets_table
from data.wanxiu.houses import houses_table, zones_table
from data.wanxiu.moves import AS_OF, demolished, households_table
from data.wanxiu.record import boundary_table, parks_table, sites_table, stats_table
from layers import catalog as c
from layers.manifest import Level, Manifest, Words
from layers.workspace import save_workspace

SEED = 20_210_820


def manifest() -> Manifest:
    """Say what the workspace is: synthetic, in EPSG:4546, as of the evening of 20 August 2021."""
    return Manifest(
        name="wanxiu",
        title=Words(zh="万秀区（合成示例）", en="Wanxiu district (synthetic example)"),
        crs=CRS,
        as_of=AS_OF,
        levels=(Level(level=1, zh="街道", en="streets office"), Level(level=2, zh="社区", en="community")),
        synthetic=True,
        credit=Words(
            zh="合成数据：签约、搬迁户数与公开报道一致，地图、楼栋、住户、日期和原因均为虚构",
            en="Synthetic data: the numbers signed and moved match a published report; map, houses, households, days and "
            "reasons are made up",
        ),
    )


def tables() -> dict[str, pd.DataFrame]:
    """Give every table of the district by layer key, each indexed by its id."""
    ground = draw_ground(_dice(1))
    houses = houses_table(ground, _dice(2))
    households = households_table(houses, _dice(3))
    sites = sites_table(ground)
    made = {
        c.GRIDS: grids_table(ground),
        c.BUILDINGS: demolished(houses, households, _dice(4)).drop(columns="zone"),
        c.PARKS: parks_table(sites),
        c.STREETS: streets_table(ground),
        c.SITES: sites,
        c.PROJECTS: zones_table(ground),
        c.BOUNDARY: boundary_table(ground),
        c.HOUSEHOLDS: households,
        c.SERVICE_STATS: stats_table(),
    }
    return {spec.key: spec.schema.validate(table) for spec, table in made.items()}


def _dice(purpose: int) -> Generator:
    """Give a generator for one purpose, so that more draws for one change nothing of another."""
    return np.random.default_rng([SEED, purpose])


def build(folder: Path, progress: Callable[[str], None] = lambda _: None) -> None:
    """Write the workspace.

    Args:
        folder: where to; made if absent, files of the same names are replaced.
        progress: told what is going on, one line at a time.
    """
    progress("万秀区(合成示例):生成 / Wanxiu (synthetic example): drawing")
    made = tables()
    progress(f"万秀区:写入 {len(made)} 个图层和表 / Wanxiu: writing {len(made)} layers and tables")
    save_workspace(folder, manifest(), made)
