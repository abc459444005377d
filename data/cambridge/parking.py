"""Parking of Cambridge out of five overlapping registers, each bay counted once."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.answers import answered
from data.areas import valid
from data.sources import source_layer
from geo.crs import reprojected

PACKAGE = "data.cambridge"
_KINDS = {
    "Garage": "garage", "Garage/Lot": "garage", "Lot": "surface", "Lotunderbldg": "surface",
    "Municipal Parking Garage": "garage", "Municipal Parking Lot": "surface",
}  # fmt: skip
_SURFACES = {"PRKNG-PAV": "paved", "PRKNG-UNP": "unpaved"}
_NO_SPACE = ("Permanently Removed", "Proposed")
_IN_USE = ("In Service", "Temp Out of Service")


def parking(crs: str) -> gpd.GeoDataFrame:
    """Join the registers.

    Bays come from points and single spaces only, the lots drawn from the air have none, so a sum
    of bays counts nothing twice. ``lot_id`` names the drawn lot that a point or space lies in: to
    count places and not bays, leave out what has one. The city's own lots are all in the register
    of commercial parking too and come from there.
    """
    lots = _lots(crs)
    others = pd.concat([_stations(crs), _metered(crs), _accessible(crs)])
    others["lot_id"] = _lot_of(others.representative_point(), lots.geometry)
    return gpd.GeoDataFrame(pd.concat([lots, others]), crs=crs).sort_index()


def _lots(crs: str) -> gpd.GeoDataFrame:
    raw = reprojected(source_layer(PACKAGE, "parking_lots"), crs)
    ids = pd.Index([f"PL{n:04d}" for n in range(1, len(raw) + 1)], name="parking_id")
    return gpd.GeoDataFrame(
        {
            "kind": "surface",
            "register": "lots",
            "surface": raw["TYPE"].map(_SURFACES),
        },
        geometry=valid(raw.geometry),
    ).set_index(ids)


def _stations(crs: str) -> gpd.GeoDataFrame:
    """Give garages and lots that let spaces to anybody, the city's own with their municipal name."""
    trade = reprojected(source_layer(PACKAGE, "commercial_parking"), crs).set_index("ML")
    city = reprojected(source_layer(PACKAGE, "municipal_parking_lots"), crs).set_index("ML")
    only_city = city[~city.index.isin(trade.index)]
    raw = gpd.GeoDataFrame(pd.concat([trade, only_city]), crs=crs)
    return gpd.GeoDataFrame(
        {
            "name": city["SiteName"].reindex(raw.index).fillna(raw["DESCRIPTIO"]),
            "kind": raw["STRUCTURE"].map(_KINDS).fillna(raw["Type"].map(_KINDS)),
            "bays": raw["TOTALSP"].round().astype("Int64"),
            "public_bays": raw["COMMSPAC"].round().astype("Int64"),
            "open_to_public": answered(yes=np.ones(len(raw))),
            "register": "garages and lots",
        },
        geometry=raw.geometry,
    ).set_index(pd.Index("PC-" + raw.index, name="parking_id"))


def _metered(crs: str) -> gpd.GeoDataFrame:
    """Give metered spaces that exist; of one out of service nobody knows whether it can be used."""
    raw = reprojected(source_layer(PACKAGE, "metered_parking_spaces"), crs)
    raw = raw[~raw["Status"].isin(_NO_SPACE)]
    return gpd.GeoDataFrame(
        {
            "kind": "street",
            "bays": pd.arrays.IntegerArray(np.ones(len(raw), dtype="int64"), ~raw["Status"].isin(_IN_USE).to_numpy()),
            "open_to_public": answered(yes=np.ones(len(raw))),
            "register": "metered spaces",
            "status": raw["Status"],
        },
        geometry=raw.geometry,
    ).set_index(pd.Index("PM-" + raw["SPACE_ID"], name="parking_id"))


def _accessible(crs: str) -> gpd.GeoDataFrame:
    raw = reprojected(source_layer(PACKAGE, "handicap_parking_spaces"), crs)
    where = (raw["StreetNumber"].fillna("") + " " + raw["StreetName"].fillna("")).str.strip()
    ids = pd.Index([f"PH{n:03d}" for n in raw["CartegraphID"]], name="parking_id")
    return gpd.GeoDataFrame(
        {
            "name": where.mask(where == ""),
            "kind": "street",
            "bays": pd.array([1] * len(raw), dtype="Int64"),
            "accessible_bays": pd.array([1] * len(raw), dtype="Int64"),
            "open_to_public": answered(yes=np.ones(len(raw))),
            "register": "accessible spaces",
        },
        geometry=raw.geometry,
    ).set_index(ids)


def _lot_of(points: gpd.GeoSeries, lots: gpd.GeoSeries) -> pd.Series:
    row, lot = shapely.STRtree(lots.to_numpy()).query(points.to_numpy(), predicate="intersects")
    found = pd.Series(None, index=points.index, dtype="str")
    found.iloc[row[::-1]] = lots.index.to_numpy()[lot[::-1]]  # backwards, so that the first lot stays
    return found
