"""Make the compact sources of Boston out of the published originals.

Run ``python -m data.boston.compact RAW_DIR``, where RAW_DIR holds ``boston/`` and ``toilets.csv``
as described in README.md of ``data``: which original, from which commit, under which licence.
Rows are never dropped here; columns are, when no build reads them. Text stays text, coordinates
keep every bit; empty text becomes null and times become times.
"""

import csv
import shutil
import sys
from importlib.resources import files
from pathlib import Path

import geopandas as gpd
import pandas as pd

from data.sources import pack

TIME_FORMAT = "%m/%d/%Y %I:%M:%S %p"
TIMES = ("OPEN_DT", "TARGET_DT", "CLOSED_DT")
# CLOSURE_REASON stays out: its free text holds telephone numbers and mail addresses of persons.
ISSUE_COLUMNS = (
    "CASE_ENQUIRY_ID", *TIMES, "OnTime_Status", "CASE_STATUS", "CASE_TITLE", "SUBJECT", "REASON", "TYPE", "QUEUE",
    "Department", "Location", "neighborhood", "LOCATION_ZIPCODE", "Source", "LATITUDE", "LONGITUDE",
)  # fmt: skip
LAYERS = {
    "buildings": ("buildings.gpkg", "fid_tfs", ("foots_1003", "parcel_id", "lnduse", "bra_use", "story_ht_", "name")),
    "open_space": (
        "open_space.gpkg", "OS_ID",
        ("TOWN_ID", "SITE_NAME", "ALT_SITE_N", "FEE_OWNER", "OWNER_TYPE", "PRIM_PURP", "PUB_ACCESS", "LEV_PROT", "GIS_ACRES"),
    ),
    "streets": ("street_centerlines.gpkg", None, ("STNAME", "STTYPE", "ST_LABEL", "STPRE", "STSUF", "ALIAS")),
    "neighborhoods": ("neighborhoods.geojson", "Neighborhood_ID", ("Name", "Acres")),
    "tracts": (
        "census_tracts_2010.geojson", "GEOID10",
        (
            "AREA_SQFT", "POP100_RE", "HU100_RE", "TotDis", "TotChild", "OlderAdult", "Low_to_No", "LEP", "POC2",
            "MedIllnes", "Name",
        ),
    ),
}  # fmt: skip
"""File of a layer, its key (None: the order of the file), further columns that are kept."""


def issues(path: Path) -> pd.DataFrame:
    """Read the requests; sorted by type and id, since equal neighbours pack best."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False, usecols=list(ISSUE_COLUMNS))[list(ISSUE_COLUMNS)]
    table = table.mask(table == "", None)
    for name in TIMES:
        table[name] = pd.to_datetime(table[name], format=TIME_FORMAT).astype("datetime64[ms]")
    table["CASE_ENQUIRY_ID"] = table["CASE_ENQUIRY_ID"].astype("int64")
    return table.sort_values(["TYPE", "CASE_ENQUIRY_ID"], ignore_index=True)


def layer(folder: Path, name: str) -> gpd.GeoDataFrame:
    """Read a layer with the columns that are kept, sorted by its key."""
    file, key, columns = LAYERS[name]
    table = gpd.read_file(folder / file)
    if key is None:
        return table[[*columns, "geometry"]]
    return table[[key, *columns, "geometry"]].sort_values(key, ignore_index=True)


def toilets(path: Path) -> pd.DataFrame:
    """Read the toilets of the whole metropolis as text."""
    with path.open(encoding="utf-8", newline="") as file:
        table = pd.DataFrame(list(csv.DictReader(file)))
    return table.mask(table == "", None)


def compact(raw: Path, target: Path) -> None:
    """Write all compact sources of Boston.

    Args:
        raw: folder of the originals, with ``boston/`` and ``toilets.csv``.
        target: folder to fill.
    """
    target.mkdir(parents=True, exist_ok=True)
    pack(issues(raw / "boston" / "issues_311_2015.csv.gz"), target / "issues.parquet")
    for name in LAYERS:
        pack(layer(raw / "boston", name), target / f"{name}.parquet")
    pack(toilets(raw / "toilets.csv"), target / "toilets.parquet")
    shutil.copyfile(raw / "boston" / "population_100m_DERIVED.tif", target / "population.tif")


if __name__ == "__main__":
    compact(Path(sys.argv[1]), Path(str(files("data.boston"))) / "source")
