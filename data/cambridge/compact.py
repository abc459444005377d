"""Make the compact sources of Cambridge out of the published originals.

Run ``python -m data.cambridge.compact RAW_DIR``, where RAW_DIR holds ``cambridge/`` as described in
README.md of ``data``: which original, from which commit, under which licence. Rows are never dropped
here; columns are, when no build reads them, the names of the publisher's clerks among them.
"""

import sys
from importlib.resources import files
from pathlib import Path

import geopandas as gpd
import pandas as pd

from data.sources import pack

LAYERS = {
    "neighborhoods": ("N_HOOD", ("NAME",)),
    "block_groups_2020": ("GEOID20", ("TRACTCE20", "BLKGRPCE20", "ALAND20", "AWATER20")),
    "wards_precincts": ("WardPrecinct", ("TOTALPOP",)),
    "city_boundary": ("GlobalID", ()),
    "open_space": ("JOIN_ID", ("NAME", "OWNER", "OSCODE", "FCODE", "Acres")),
    "playgrounds": ("OBJECTID", ("LOCATION", "EditDate")),
    "parking_lots": (None, ("TYPE", "EditDate")),
    "municipal_parking_lots": ("ML", ("SiteName", "Type", "Address")),
    "commercial_parking": ("ML", ("DESCRIPTIO", "ADDRESS", "TOTALSP", "COMMSPAC", "STRUCTURE", "OWNTYPE")),
    "metered_parking_spaces": ("SPACE_ID", ("Status", "OperationHours", "Rate", "MaxTime", "last_edited_date")),
    "handicap_parking_spaces": ("CartegraphID", ("StreetName", "StreetNumber")),
    "public_art": (
        "Merge_Number",
        (
            "Accession_Number", "List_Title", "Artist_Full_Name", "Object_Type", "Art_Year", "Dimensions",
            "Interior_Exterior", "Location", "Actual_Address", "Tags_Keywords_Main", "Conservation_Status",
        ),
    ),
    "street_lights": ("PoleID", ("Description", "FixtureType", "NumLamps", "Owner")),
    "street_centerlines": ("ID", ("Street", "Street_Type", "MajorRoad", "ROADWAYS", "Direction")),
    "community_assets": (None, ("AssetType", "Organization", "Address")),
    "elderly_facilities": ("GlobalID", ("SITE_NAME", "OWNER", "PUBLICPRIV", "ADDRESS")),
}  # fmt: skip
"""Key of a layer (None: the order of the file) and further columns that are kept."""

PARK_COLUMNS = (
    "GIS_JOIN_ID", "Name", "Hours", "Acres", "Kid_Play", "Athletics", "Owner", "Established", "Last_Renovation",
)  # fmt: skip


def layer(folder: Path, name: str) -> gpd.GeoDataFrame:
    """Read a layer with the columns that are kept, sorted by its key."""
    key, columns = LAYERS[name]
    table = gpd.read_file(folder / f"{name}.geojson")
    if key is None:
        return table[[*columns, "geometry"]]
    return table[[key, *columns, "geometry"]].sort_values(key, ignore_index=True)


def park_details(path: Path) -> pd.DataFrame:
    """Read the park register, which is in Windows-1252 and not in UTF-8."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="cp1252", usecols=list(PARK_COLUMNS))
    table = table[list(PARK_COLUMNS)]
    return table.mask(table == "", None).sort_values(["GIS_JOIN_ID", "Name"], ignore_index=True)


def compact(raw: Path, target: Path) -> None:
    """Write all compact sources of Cambridge.

    Args:
        raw: folder of the originals, with ``cambridge/``.
        target: folder to fill.
    """
    target.mkdir(parents=True, exist_ok=True)
    for name in LAYERS:
        pack(layer(raw / "cambridge", name), target / f"{name}.parquet")
    pack(park_details(raw / "cambridge" / "park_details.txt"), target / "park_details.parquet")


if __name__ == "__main__":
    compact(Path(sys.argv[1]), Path(str(files("data.cambridge"))) / "source")
