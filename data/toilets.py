"""The volunteers' list of toilets, which spans both cities; each takes its own part."""

import geopandas as gpd
import shapely

from data.answers import answered
from data.sources import source_table
from geo.crs import reprojected

_CITY_RUN = frozenset({"parks", "recreation_centers", "sports_fields", "public_bldg", "transit"})
# Words of the list that bar somebody who just walks in.
_BARRED = r"(?i)customer restroom|requires admission|^Harvard ID required|inside fare gates|coming soon"


def toilets_within(grids: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Give the toilets that lie in any of some grids, in the CRS of the grids.

    ``open_to_public`` is false where the list says that one must buy, pay, or show a card, or that
    the toilet is still to come; true for the other toilets in public hands; else unknown.
    """
    listed = source_table("data.boston", "toilets")
    place = gpd.points_from_xy(listed["lng"].astype(float), listed["lat"].astype(float), crs="EPSG:4326")
    there = reprojected(gpd.GeoDataFrame(listed, geometry=place), str(grids.crs)).set_index(
        "T" + listed["id"].str.zfill(3)
    )
    here = shapely.intersects(shapely.union_all(grids.to_numpy()), there.geometry.to_numpy())
    found = there[here].rename_axis("toilet_id")
    words = found["hours"].fillna("") + "\n" + found["desc"].fillna("")
    barred = words.str.contains(_BARRED, regex=True)
    city = found["cat"].isin(_CITY_RUN)
    accessible = words.str.contains("(?i)wheelchair|accessible porta|barrier-free|ada-compliant", regex=True)
    return gpd.GeoDataFrame(
        {
            "name": found["name"],
            "kind": found["cat"],
            "accessible": answered(yes=accessible),
            "open_to_public": answered(yes=city, no=barred),
            "hours": found["hours"],
        },
        geometry=found.geometry,
    ).sort_index()
