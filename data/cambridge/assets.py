"""Parks, murals, lights, streets and facilities of Cambridge."""

import re

import geopandas as gpd
import pandas as pd

from data.answers import answered
from data.cambridge.dimensions import mural_area_m2
from data.sources import source_layer, source_table
from geo.crs import reprojected

PACKAGE = "data.cambridge"
ACRE_M2 = 4046.872_609_874_252
_PARK_KINDS = {
    1: "city park", 3: "school ground", 4: "private open space", 5: "cemetery", 6: "square", 7: "street median",
    8: "historic site", 11: "golf course", 12: "path", 14: "small park or square", 21: "state park",
    22: "state parkway land", 24: "state parkway land", 27: "state parkway land", 28: "ice rink",
    41: "roof garden", 99: "water", 614: "small park or square",
}  # fmt: skip
# The publisher's code list is not among the sources; these words were read off the names of the areas.
_OPEN_OWNERS = frozenset({"City", "Cambridge", "State", "Federal", "POPS"})
_CLOSED = (49, 99)  # private playing fields; reservoirs and the water works
_NO_FIXTURE = frozenset({"`", "?"})
_SUFFIX = re.compile(r"[A-Za-z](?:-[A-Za-z])?$")


def parks(crs: str) -> gpd.GeoDataFrame:
    """Give open space with what the park register knows of it, and playgrounds as points of their own."""
    return gpd.GeoDataFrame(pd.concat([_open_space(crs), _playgrounds(crs)]), crs=crs).sort_index()


def _open_space(crs: str) -> gpd.GeoDataFrame:
    raw = reprojected(source_layer(PACKAGE, "open_space"), crs).set_index("JOIN_ID")
    details = source_table(PACKAGE, "park_details").dropna(subset="GIS_JOIN_ID")
    details = details.set_index(details["GIS_JOIN_ID"].astype(int)).reindex(raw.index)
    owner = raw["OWNER"].str.strip()
    sports = details["Kid_Play"].str.cat(details["Athletics"], sep=", ", na_rep="").str.strip(", ")
    year = details["Last_Renovation"].where(details["Last_Renovation"].str.fullmatch(r"\d{4}").fillna(value=False))
    return gpd.GeoDataFrame(
        {
            "name": raw["NAME"].str.strip().replace("", None).fillna(details["Name"]),
            "kind": raw["OSCODE"].map(_PARK_KINDS).fillna(owner.map({"POPS": "privately owned public space"})),
            "open_to_public": answered(yes=owner.isin(_OPEN_OWNERS), no=raw["FCODE"].isin(_CLOSED)),
            "stated_area_m2": (raw["Acres"].where(raw["Acres"] > 0) * ACRE_M2).round(),
            "last_renovated_year": year.astype("Int64"),
            "owner": owner.replace("", None),
            "hours": details["Hours"],
            "equipment": sports.replace("", None),
        },
        geometry=raw.geometry,
    ).set_index(pd.Index([f"OS{n:03d}" for n in raw.index], name="park_id"))


def _playgrounds(crs: str) -> gpd.GeoDataFrame:
    raw = reprojected(source_layer(PACKAGE, "playgrounds"), crs)
    ids = pd.Index([f"PG{n:03d}" for n in raw["OBJECTID"]], name="park_id")
    return gpd.GeoDataFrame({"name": raw["LOCATION"], "kind": "playground"}, geometry=raw.geometry).set_index(ids)


def murals(crs: str) -> gpd.GeoDataFrame:
    """Give public art whose type says mural; a row that only heads the rows of its parts is left out."""
    raw = reprojected(source_layer(PACKAGE, "public_art"), crs)
    raw = raw[raw["Object_Type"].str.contains("mural", case=False).fillna(value=False)]
    raw = raw[~_heads(raw["Accession_Number"], raw["Dimensions"])]
    sizes = zip(raw["Dimensions"], raw["Accession_Number"], strict=True)
    area = [mural_area_m2(None if pd.isna(size) else str(size), str(number)) for size, number in sizes]
    return gpd.GeoDataFrame(
        {
            "name": raw["List_Title"],
            "area_m2": pd.Series(area, index=raw.index, dtype=float).round(3),
            "painted_year": raw["Art_Year"].astype("Int64"),
            "theme": raw["Tags_Keywords_Main"],
            "technique": raw["Object_Type"],
            "artist": raw["Artist_Full_Name"],
            "indoors": raw["Interior_Exterior"] == "Interior",
            "stated_size": raw["Dimensions"],
        },
        geometry=raw.geometry,
    ).set_index(pd.Index([f"M{n:03d}" for n in raw["Merge_Number"]], name="mural_id"))


def _heads(numbers: pd.Series, sizes: pd.Series) -> pd.Series:
    """Find rows without a size of a work whose parts have rows with sizes."""
    stem = numbers.str.replace(_SUFFIX, "", regex=True)
    return sizes.isna() & stem.isin(stem[sizes.notna()])


def lights(crs: str) -> gpd.GeoDataFrame:
    """Give the lamp poles; a stray mark in place of a fixture code is unknown. Which lamps work is not said."""
    raw = reprojected(source_layer(PACKAGE, "street_lights"), crs)
    return gpd.GeoDataFrame(
        {
            "kind": raw["Description"],
            "owner": raw["Owner"],
            "fixture_type": raw["FixtureType"].mask(raw["FixtureType"].isin(_NO_FIXTURE)),
            "lamps": raw["NumLamps"].astype("Int64"),
        },
        geometry=raw.geometry,
    ).set_index(pd.Index(raw["PoleID"], name="light_id"))


def streets(crs: str) -> gpd.GeoDataFrame:
    """Give the centre lines of all streets."""
    raw = reprojected(source_layer(PACKAGE, "street_centerlines"), crs)
    return gpd.GeoDataFrame(
        {"name": raw["Street"], "kind": raw["Street_Type"].str.lower()}, geometry=raw.geometry
    ).set_index(pd.Index(raw["ID"], name="street_id"))


def facilities(crs: str) -> gpd.GeoDataFrame:
    """Give community assets and homes and centres for the old."""
    assets = reprojected(source_layer(PACKAGE, "community_assets"), crs)
    elderly = reprojected(source_layer(PACKAGE, "elderly_facilities"), crs)
    columns = {
        "AssetType": "kind",
        "Organization": "name",
        "SITE_NAME": "name",
        "Address": "address",
        "ADDRESS": "address",
    }
    both = [
        table.rename(columns=columns)
        .assign(**kind)
        .set_index(pd.Index([f"{head}{n:02d}" for n in range(1, len(table) + 1)], name="facility_id"))[
            ["name", "kind", "address", "geometry"]
        ]
        for table, head, kind in ((assets, "CA", {}), (elderly, "EL", {"kind": "Elderly"}))
    ]
    return gpd.GeoDataFrame(pd.concat(both), crs=crs)
