"""One small file of each kind that the Import page takes, all about the community of ``samples``."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import ezdxf
import pyarrow.parquet as pq

from tests import intake_files as files
from tests import samples
from tests.layers.intake import books

Made = Mapping[str, bytes]
"""Files by the name that a person gave them."""
FOREIGN = """
import sys
from pathlib import Path
import geopandas as gpd, pyogrio
out = Path(sys.argv[1])
table = gpd.read_file(out / "toilets.geojson")
write = pyogrio.write_dataframe
write(table, out / "t.gdb", driver="OpenFileGDB", layer="公厕")
write(table, out / "公厕.tab", driver="MapInfo File", encoding="GB18030")
write(table, out / "公厕.mif", driver="MapInfo File", FORMAT="MIF", encoding="GB18030")
write(table, out / "公厕.gml", driver="GML")
write(table[["name", "geometry"]], out / "公厕.gpx", driver="GPX")
write(table, out / "公厕.fgb", driver="FlatGeobuf")
write(table, out / "公厕.gpkg", driver="GPKG", layer="公厕")
"""


class Kind(NamedTuple):
    """A kind of file: how it is made, the format it is, its layer, its rows read and kept, and whether a question is asked."""

    key: str
    words: str
    make: Callable[[Path], Made]
    layer: str
    read: int
    kept: int
    asks: bool = False


def _foreign(folder: Path) -> Path:
    """Write the kinds that this process may not write, in a process of its own with all of GDAL's drivers."""
    out = folder / "foreign"
    if not out.is_dir():
        out.mkdir()
        (out / "toilets.geojson").write_bytes(files.geojson_file())
        env = {**os.environ, "GDAL_SKIP": "", "CPL_LOG": os.devnull}
        subprocess.run([sys.executable, "-W", "ignore", "-c", FOREIGN, str(out)], env=env, check=True)
    return out


def _written(*ends: str) -> Callable[[Path], Made]:
    def make(folder: Path) -> Made:
        out = _foreign(folder)
        return {
            path.name: path.read_bytes() for path in sorted(out.iterdir()) if path.suffix in ends and path.is_file()
        }

    return make


def _gdb(folder: Path) -> Made:
    parts = {f"t.gdb/{path.name}": path.read_bytes() for path in sorted((_foreign(folder) / "t.gdb").iterdir())}
    return {"公厕.gdb.zip": files.zipped(parts)}


def _xls(folder: Path) -> Made:
    rows = [files.HEADINGS, *files.ledger_rows()]
    cells = {(at, number): cell for at, row in enumerate(rows) for number, cell in enumerate(row) if cell != ""}
    return {"清单.xls": books.xls(folder / "a.xls", {"清单": cells}).read_bytes()}


def _ods(folder: Path) -> Made:
    rows = ["".join(books.ods_cell(cell or None) for cell in row) for row in (files.HEADINGS, *files.ledger_rows())]
    return {"清单.ods": books.ods(folder / "a.ods", books.ods_table("清单", rows)).read_bytes()}


def _shapefile(folder: Path) -> Made:
    return files.shapefile(folder / "shp")


def _topojson(_folder: Path) -> Made:
    table = files.toilets()
    things = [
        {"type": "Point", "coordinates": [shape.x, shape.y], "properties": {"toilet_id": name, "name": words}}
        for name, words, shape in zip(table["toilet_id"], table["name"], table.geometry, strict=True)
    ]
    document = {
        "type": "Topology",
        "arcs": [],
        "objects": {"toilets": {"type": "GeometryCollection", "geometries": things}},
    }
    return {"公厕.topojson": json.dumps(document, ensure_ascii=False).encode()}


def _geoparquet(_folder: Path) -> Made:
    out = io.BytesIO()
    files.toilets().to_parquet(out)
    assert pq.read_metadata(out).num_rows
    return {"公厕.parquet": out.getvalue()}


def kml_text() -> str:
    """The toilets as KML."""
    table = files.toilets()
    marks = "".join(
        f"<Placemark><name>{words}</name><Point><coordinates>{shape.x},{shape.y}</coordinates></Point></Placemark>"
        for words, shape in zip(table["name"], table.geometry, strict=True)
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{marks}</Document></kml>'


def _dxf(_folder: Path) -> Made:
    drawing = ezdxf.new("R2000")
    for shape in (samples.box(10, 120, 20, 20), samples.box(40, 120, 20, 20)):
        corners = list(shape.exterior.coords)[:-1]
        drawing.modelspace().add_lwpolyline(corners, close=True, dxfattribs={"layer": "建筑物"})
    out = io.StringIO()
    drawing.write(out)
    return {"总平面.dxf": out.getvalue().encode()}


def _pbf(folder: Path) -> Made:
    from osmium import SimpleWriter  # noqa: PLC0415 (heavy)
    from osmium.osm.mutable import Node  # noqa: PLC0415 (heavy)

    path = folder / "a.osm.pbf"
    with SimpleWriter(path) as out:
        for number, shape in enumerate(files.toilets().geometry, start=1):
            tags = {"amenity": "toilets", "name": f"公厕{number}"}
            out.add_node(Node(id=number, location=(shape.x, shape.y), tags=tags, version=1))
    return {"样例.osm.pbf": path.read_bytes()}


def _parcels(_folder: Path) -> Made:
    head = "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n投影类型=高斯克吕格\n计量单位=米\n带号=37\n精度=0.001\n[地块坐标]\n"
    text = head
    for number, shape in enumerate((samples.box(10, 10, 40, 30), samples.box(110, 110, 40, 30)), start=1):
        corners = [*shape.exterior.coords]
        text += f"5,0.1200,P{number},空地{number},面,H49G001001,公园绿地,1401,@\n"
        text += "".join(f"J{at % 4 + 1},1,{y:.3f},{37_000_000 + x:.3f}\n" for at, (x, y) in enumerate(corners))
    return {"勘测定界.txt": text.replace("\n", "\r\n").encode("gb18030")}


def _open311(_folder: Path) -> Made:
    rows = [
        {
            "service_request_id": f"R-{at}",
            "status": "open",
            "service_name": "Pothole",
            "description": "hole in the road",
            "requested_datetime": "2024-05-20T09:00:00+08:00",
            "lat": row[6],
            "long": row[5],
        }
        for at, row in enumerate(files.ledger_rows())
    ]
    return {"requests.json": json.dumps(rows).encode()}


def _nyc(_folder: Path) -> Made:
    heads = "Unique Key,Created Date,Closed Date,Agency,Complaint Type,Descriptor,Incident Address,Latitude,Longitude"
    lines = [
        f"{1000 + at},05/20/2024 09:00:00 AM,,DOT,Street Condition,Pothole,1 Main St,{row[6]},{row[5]}"
        for at, row in enumerate(files.ledger_rows())
    ]
    return {"311_Service_Requests.csv": "\n".join([heads, *lines, ""]).encode()}


def _tsv(_folder: Path) -> Made:
    lines = ["\t".join(map(str, row)) for row in (files.HEADINGS, *files.ledger_rows())]
    return {"清单.tsv": "\n".join([*lines, ""]).encode()}


LEDGER = ("issues", 8, 6)
TOILETS = ("toilets", 2, 2)
KINDS = (
    Kind("CSV", "delimited", lambda _: {"清单.csv": files.csv_file()}, *LEDGER),
    Kind("TSV", "delimited", _tsv, *LEDGER),
    Kind("XLSX", "xlsx", lambda _: {"清单.xlsx": files.xlsx_file()}, *LEDGER),
    Kind("XLS", "xls", _xls, *LEDGER),
    Kind("ODS", "ods", _ods, *LEDGER),
    Kind("GeoJSON", "geojson", lambda _: {"公厕.geojson": files.geojson_file()}, *TOILETS),
    Kind("TopoJSON", "topojson", _topojson, *TOILETS, asks=True),
    Kind("GeoPackage", "gpkg", _written(".gpkg"), *TOILETS),
    Kind("shapefile zip", "shapefile", lambda folder: {"公厕.zip": files.zipped(_shapefile(folder))}, *TOILETS),
    Kind("shapefile set", "shapefile", _shapefile, *TOILETS),
    Kind("FileGDB", "filegdb", _gdb, *TOILETS),
    Kind("KML", "kml", lambda _: {"公厕.kml": kml_text().encode()}, *TOILETS),
    Kind("KMZ", "kml", lambda _: {"公厕.kmz": files.zipped({"doc.kml": kml_text().encode()})}, *TOILETS),
    Kind("GPX", "gpx", _written(".gpx"), *TOILETS),
    Kind("MapInfo TAB", "mapinfo", _written(".tab", ".dat", ".map", ".id"), *TOILETS),
    Kind("MapInfo MIF", "mapinfo", _written(".mif", ".mid"), *TOILETS),
    Kind("FlatGeobuf", "flatgeobuf", _written(".fgb"), *TOILETS),
    Kind("GeoParquet", "geoparquet", _geoparquet, *TOILETS),
    Kind("GML", "gml", _written(".gml"), *TOILETS),
    Kind("DXF", "dxf", _dxf, "buildings", 2, 2, asks=True),
    Kind("OSM PBF", "osm_pbf", _pbf, *TOILETS),
    Kind("parcels TXT", "parcels", _parcels, "sites", 2, 2),
    Kind("Open311", "open311", _open311, "issues", 8, 8),
    Kind("NYC 311", "delimited", _nyc, "issues", 8, 8),
)
"""Every kind; the counts are rows read and kept."""
