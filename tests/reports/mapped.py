"""A made-up community for the tests of maps: 2 large and 8 small grids and a few things of each layer."""

from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.text import Text
from layers import Level, Manifest, Words, Workspace, open_workspace, save_workspace

CRS = "EPSG:4546"
EAST, NORTH, SIDE = 500_000.0, 3_550_000.0, 200.0
AS_OF = datetime.fromisoformat("2025-06-30 12:00")
STAND_COUNTS = {"overdue": 7, "open": 11, "closed": 22}


def area(column: float, row: float, wide: float = 1, high: float = 1) -> shapely.Polygon:
    """Give a rectangle in units of small grids."""
    x, y = EAST + column * SIDE, NORTH + row * SIDE
    return shapely.box(x, y, x + wide * SIDE, y + high * SIDE)


def frame(rows: list[dict[str, object]], key: str) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(rows, crs=CRS).set_index(key)


def grids(say: str = "") -> gpd.GeoDataFrame:
    big = [
        {"grid_id": f"A{n}", "name": f"大网格{n}{say}", "parent_id": None, "level": 1, "kind": None,
         "households": None, "residents": None, "elderly_residents": None, "geometry": area(0, 2 * n, 4, 2)}
        for n in range(2)
    ]  # fmt: skip
    small = [
        {"grid_id": f"A{n // 4}-{n % 4}", "name": f"小网格{n}{say}", "parent_id": f"A{n // 4}", "level": 2, "kind": None,
         "households": 100 + n, "residents": 300 + n, "elderly_residents": None, "geometry": area(n % 4, 2 * (n // 4), 1, 2)}
        for n in range(8)
    ]  # fmt: skip
    return frame(big + small, "grid_id")


def issues(count: int = 40, say: str = "") -> gpd.GeoDataFrame:
    """Issues with a fixed number of each standing, the last one without a place."""
    draw = np.random.default_rng(3)
    x, y = EAST + draw.uniform(1, 4 * SIDE - 1, count), NORTH + draw.uniform(1, 4 * SIDE - 1, count)
    reported = pd.Timestamp("2025-06-01") + pd.to_timedelta(np.arange(count), "h")
    late = np.arange(count) < STAND_COUNTS["overdue"]
    is_open = np.arange(count) < STAND_COUNTS["overdue"] + STAND_COUNTS["open"]
    table = gpd.GeoDataFrame(
        {
            "issue_id": [f"W{n:05d}" for n in range(count)],
            "issue_type": ["ROAD_PATCH" if n % 2 else None for n in range(count)],
            "source_type": f"路面{say}",
            "description": f"门口有坑{say}",
            "address": f"幸福路{say}",
            "reported_at": reported,
            "due_at": np.where(late, pd.Timestamp("2025-06-20"), pd.Timestamp("2025-07-20")),
            "closed_at": pd.Series(reported + pd.Timedelta("1D")).where(~is_open),
            "severity": 3,
            "unit_in_charge": f"社区{say}",
            "source": f"热线{say}",
        },
        geometry=shapely.points(x, y),
        crs=CRS,
    )
    return table.set_index("issue_id")


def things(say: str = "") -> dict[str, gpd.GeoDataFrame]:
    court = shapely.Polygon(area(0.1, 0.1).exterior, [area(0.3, 0.3, 0.2, 0.2).exterior])
    parts = shapely.MultiPolygon([area(1.1, 0.1, 0.3, 0.3), area(1.6, 0.6, 0.2, 0.2)])
    return {
        "buildings": frame(
            [{"building_id": f"B{n}", "name": f"楼{n}{say}", "use": "mixed", "built_year": 1990 + n, "storeys": n + 0.5, "geometry": g}
             for n, g in enumerate([court, parts, area(2.2, 0.2, 0.5, 0.5)])], "building_id"),
        "toilets": frame([{"toilet_id": "T1", "name": f"公厕{say}", "kind": say or None, "hours": f"06:00-22:00{say}",
                           "geometry": shapely.Point(EAST + 150, NORTH + 500)}], "toilet_id"),
        "streets": frame([{"street_id": "S1", "name": f"幸福路{say}", "geometry": shapely.LineString([(EAST + 10, NORTH + 10), (EAST + 700, NORTH + 650)])}], "street_id"),
        "drains": frame([{"drain_id": "D1", "kind": "pipe", "geometry": shapely.LineString([(EAST, NORTH), (EAST + 50, NORTH + 90)])}], "drain_id"),
    }  # fmt: skip


def community(folder: Path, *, say: str = "", without: tuple[str, ...] = (), lang: str = "zh") -> Workspace:
    """Build and open the community; ``say`` is added to every text of it."""
    manifest = Manifest(
        name="mapped", title=Words(zh=f"测试社区{say}", en=f"Test community{say}"), crs=CRS, as_of=AS_OF, language=lang,
        levels=(Level(level=1, zh=f"大网格{say}", en=f"large grid{say}"), Level(level=2, zh=f"小网格{say}", en=f"small grid{say}")),
        synthetic=True, credit=Words(zh=f"来源{say}", en=f"source{say}"),
    )  # fmt: skip
    tables = {"grids": grids(say), "issues": issues(say=say), **things(say)}
    save_workspace(folder, manifest, {key: table for key, table in tables.items() if key not in without})
    return open_workspace(folder)


def ranking(ws: Workspace, say: str = "") -> SimpleNamespace:
    """Stand in for a ranking: every grid but the last has a score."""
    index = ws.grids(2).index
    count = len(index)
    score = pd.Series(np.linspace(90, 20, count), index=index).where(index != index[-1])
    table = pd.DataFrame(
        {
            "name": ws.grids(2)["name"],
            "score": score,
            "rank": score.rank(ascending=False),
            "rank_low": 1.0,
            "rank_high": 3.0,
            "peopled": True,
            "enough_data": score.notna(),
        }
    )
    measure = pd.Series(np.arange(count, dtype=float), index=index)
    one = SimpleNamespace(
        key="open", title=Text(f"未办结{say}", f"Open{say}"), unit=Text(f"件{say}", f"issues{say}"), worse="low"
    )
    return SimpleNamespace(
        level=2, grids=table, used=(one,), measures=SimpleNamespace(table=pd.DataFrame({"open": measure}))
    )
