"""Files as a district hands them in, made for the community of ``samples``: a ledger with faults in any form."""

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl

from geo.datum import gcj02_from_wgs84
from reports.webmap.degrees import degrees
from tests import samples

HEADINGS = ("问题编号", "上报时间", "问题描述", "问题类别", "联系电话", "经度", "纬度")
SPOTS = [(20, 20), (60, 30), (120, 40), (150, 150), (40, 160), (80, 120), (170, 60), (30, 90)]
TIMES = ["2024-05-20 09:00"] * len(SPOTS)
TIMES[2], TIMES[4], TIMES[5] = "2024-5-32", "45432", ""
KEPT, REJECTED, REPAIRED = 6, 2, 1
"""Of the rows of ``ledger_rows``: 3 has no such day, 6 none at all, and 5 a day as a spreadsheet counts."""


def ledger_rows(*, offset: bool = False) -> list[tuple[object, ...]]:
    """Eight tickets; with ``offset`` their places are those of a Chinese map."""
    east, north = (np.array([samples.X0 + e for e, _ in SPOTS]), np.array([samples.Y0 + n for _, n in SPOTS]))
    lon, lat = degrees(samples.CRS, east, north)
    if offset:
        lon, lat = gcj02_from_wgs84(lon, lat)
    return [
        (
            f"T-{at}",
            TIMES[at],
            f"第 {at} 件 =1+1",
            "垃圾清理",
            "13800001234",
            round(float(lon[at]), 7),
            round(float(lat[at]), 7),
        )
        for at in range(len(SPOTS))
    ]


def csv_file(headings: tuple[str, ...] = HEADINGS, *, encoding: str = "gb18030", offset: bool = False) -> bytes:
    """The ledger as text."""
    lines = [",".join(headings), *(",".join(map(str, row)) for row in ledger_rows(offset=offset))]
    return "\n".join([*lines, ""]).encode(encoding)


def xlsx_file() -> bytes:
    """The ledger as a workbook with a title row."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["样例社区问题清单（截至2024年5月）"])
    for row in (HEADINGS, *ledger_rows()):
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def toilets() -> gpd.GeoDataFrame:
    """Two toilets in degrees."""
    shapes = gpd.GeoSeries([samples.point(50, 50), samples.point(150, 120)], crs=samples.CRS).to_crs("EPSG:4326")
    return gpd.GeoDataFrame({"toilet_id": ["n1", "n2"], "name": ["东公厕", "北公厕"]}, geometry=shapes)


def geojson_file() -> bytes:
    """The toilets as GeoJSON."""
    return json.dumps(json.loads(toilets().to_json()), ensure_ascii=False).encode()


def shapefile(folder: Path) -> Mapping[str, bytes]:
    """The toilets as the files of a shapefile in GBK, by name."""
    folder.mkdir()
    toilets().to_file(folder / "公厕.shp", encoding="gbk")
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Files in a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as pack:
        for name, content in files.items():
            pack.writestr(name, content)
    return out.getvalue()


def dwg_file() -> bytes:
    """The first bytes of a drawing that nobody but its own program reads."""
    return b"AC1032" + bytes(200)
