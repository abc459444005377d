"""Footprints of Boston: courtyards left in other coordinates, broken outlines, ids that repeat."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.areas import valid
from data.boston.words import BUILDING_USES
from geo.crs import reprojected

SURVEY_CRS = "EPSG:26919"
"""In which 62 courtyards were left: UTM 19N on NAD83, metres, while all else is in degrees."""
_MOST_DEGREES = 180.0


def clean_buildings(raw: gpd.GeoDataFrame, crs: str) -> gpd.GeoDataFrame:
    """Turn the source rows into the buildings layer.

    Rows without geometry or without any area are left out; every ring is converted from the system that it is in;
    outlines that are still invalid are mended by structure, so that a ring never becomes a
    building of its own. The rows that share a footprint number keep it with "-2", "-3" behind.

    Args:
        raw: source rows in degrees with the columns of ``data.boston.compact``.
        crs: metric CRS wanted.

    Returns:
        One row a footprint, indexed by building_id.
    """
    drawn = raw[raw.geometry.notna()].sort_values("fid_tfs", ignore_index=True)
    outlines = valid(gpd.GeoSeries(_converted(drawn.geometry.to_numpy(), crs), crs=crs))
    storeys = drawn["story_ht_"].astype(float).round(2)
    table = gpd.GeoDataFrame(
        {
            "name": drawn["name"].mask(drawn["name"] == ""),
            "use": _use(drawn),
            "storeys": storeys.where(storeys > 0),
            "land_use_code": drawn["lnduse"].mask(drawn["lnduse"] == ""),
            "parcel_id": drawn["parcel_id"].mask(drawn["parcel_id"].isin(["", "0"])),
        },
        geometry=outlines,
    ).set_index(_ids(drawn["foots_1003"]))
    return table[~table.is_empty]


def _converted(outlines: NDArray[np.object_], crs: str) -> NDArray[np.object_]:
    """Convert polygons whose rings may be in degrees or in survey metres, ring by ring."""
    rings, owner = shapely.get_rings(outlines, return_index=True)
    stray = shapely.bounds(rings)[:, 3] > _MOST_DEGREES
    moved = np.empty(len(rings), dtype=object)
    for these, system in ((~stray, "EPSG:4326"), (stray, SURVEY_CRS)):
        moved[these] = reprojected(gpd.GeoDataFrame(geometry=rings[these], crs=system), crs).geometry.to_numpy()
    grouped = np.split(moved, np.flatnonzero(np.diff(owner)) + 1)
    return np.array([shapely.Polygon(shell, holes) for shell, *holes in grouped], dtype=object)


def _use(drawn: pd.DataFrame) -> pd.Series:
    """Name the use: by the planning office's code, which fills blanks and splits the exempt, else the tax code."""
    return drawn["bra_use"].map(BUILDING_USES).fillna(drawn["lnduse"].map(BUILDING_USES))


def _ids(numbers: pd.Series) -> pd.Index:
    nth = numbers.groupby(numbers).cumcount() + 1
    behind = ("-" + nth.astype(str)).where(nth > 1, "")
    return pd.Index("B" + numbers.str.zfill(5) + behind, name="building_id")
