"""Five buildings, two streets and one of everything else, so that each indicator can be worked out by hand.

The grids and buildings are those of ``tests.samples``::

    b3 .  b4   north row W2 | E2       b1 (20, 20) 60 households   b2 (70, 70) 40
    p1         park 50 m by 50 m       b3 (20, 120) 50             b4 (70, 170) 50
    b1 b2 | b5 south row W1 | E1       b5 (120, 20) 100            none in E2
"""

from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from layers import Workspace, open_workspace
from reports.health.examination import Health, health_check
from reports.health.finding import Finding
from reports.health.thresholds import Asked, asked
from tests import samples

ROW = samples.point(0, 40), samples.point(200, 40)
COLUMN = samples.point(50, 0), samples.point(50, 200)
WHOLE = "*"
GRIDS = ("E1", "E2", "W1", "W2")


def streets() -> gpd.GeoDataFrame:
    """A lane 40 m north of the corner, and one 50 m east of it."""
    return samples.frame(
        {"name": ["东西巷", "南北巷"], "walkable": pd.array([True, True], dtype="boolean")},
        ["s1", "s2"],
        "street_id",
        [shapely.LineString(ROW), shapely.LineString(COLUMN)],
    )


def facilities(*rows: tuple[str, float, float], floor_area_m2: float | None = None, ids: str = "f") -> gpd.GeoDataFrame:
    """Facilities as kind, metres east and north of the corner."""
    return samples.frame(
        {"kind": [kind for kind, *_ in rows], "floor_area_m2": [floor_area_m2] * len(rows)},
        [f"{ids}{number}" for number in range(1, len(rows) + 1)],
        "facility_id",
        [samples.point(east, north) for _, east, north in rows],
    )


def parks(kind: str = "口袋公园", **more: object) -> gpd.GeoDataFrame:
    """The park of 2,500 m² in W2."""
    return samples.frame({"name": ["小游园"], "kind": [kind], **more}, ["p1"], "park_id", [samples.box(0, 100, 50, 50)])


def toilets(*places: tuple[float, float], **columns: object) -> gpd.GeoDataFrame:
    """Toilets by metres east and north of the corner."""
    ids = [f"t{number}" for number in range(1, len(places) + 1)]
    return samples.frame({"name": ids, **columns}, ids, "toilet_id", [samples.point(*place) for place in places])


def estates(*boxes: tuple[float, float, float, float]) -> gpd.GeoDataFrame:
    """Estates as metres east, north, width and height."""
    ids = [f"x{number}" for number in range(1, len(boxes) + 1)]
    return samples.frame({"name": ids}, ids, "estate_id", [samples.box(*one) for one in boxes])


def opened(folder: Path, changed: Mapping[str, pd.DataFrame | None] | None = None, **said: object) -> Workspace:
    """Open the community with some tables changed."""
    return open_workspace(samples.community(folder, changed, **said))


def checked(ws: Workspace, *only: str, profile: str = "CN-old", level: int | None = None, **own: str | float) -> Health:
    """Check it, all or only some indicators; ``own`` are thresholds by id (an underscore for a dash) or policy key."""
    known = {key.replace("_", "-") if key[0].isupper() else key: asked(str(value)) for key, value in own.items()}
    assert all(isinstance(one, Asked) for one in known.values())
    return health_check(ws, profile=profile, level=level, own=known, only=only or None)


def at(health: Health, indicator: str, place: str = WHOLE) -> Finding:
    """Give one finding."""
    return health.at(indicator, place)


def values(health: Health, indicator: str) -> dict[str, float]:
    """Give the values by grid, the whole under ``WHOLE``."""
    return {one.place: one.value for one in health.findings[indicator]}


def verdicts(health: Health, indicator: str) -> dict[str, str]:
    """Give the verdicts by grid."""
    return {one.place: one.verdict for one in health.findings[indicator]}
