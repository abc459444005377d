"""The readers that are fuzzed: small files to start from, tokens of the format, and what reads a file."""

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.fuzz import photos
from tests.fuzz.mutation import changed, changed_archive, changed_geopackage

DATA = Path(__file__).parents[1] / "data" / "intake"


class Target(NamedTuple):
    """A reader: the ending of its files, their drivers of GDAL, files to start from, tokens, and the reader."""

    suffix: str
    drivers: tuple[str, ...]
    seeds: Callable[[], Sequence[bytes]]
    tokens: Sequence[bytes]
    read: Callable[[Path], object]
    change: Callable[..., bytes] = changed


def _upload(path: Path) -> object:
    """Read a file as the worker does, in this process."""
    from layers.intake.upload.transit import packed  # noqa: PLC0415 (heavy)
    from layers.intake.upload.unpacking import datasets  # noqa: PLC0415 (heavy)

    with TemporaryDirectory(dir=path.parent) as folder:
        sets, _ = datasets(path, Path(folder) / "parts", file=path.name)
        return packed([source for one in sets for source in one.read({})])


def _raster(path: Path) -> object:
    """Read a GeoTIFF as an upload, then its cells as the survey of a raster does."""
    from geo.raster import opened_raster  # noqa: PLC0415 (heavy)
    from geo.raster.survey import surveyed  # noqa: PLC0415 (heavy)

    found = _upload(path)
    with opened_raster(path) as raster:
        return (surveyed(raster) if raster.head.has_numbers else None), found


def _manifest(path: Path) -> object:
    from layers.manifest import FILE, read_manifest  # noqa: PLC0415 (heavy)

    target = path.with_name(FILE)
    path.replace(target)
    return read_manifest(target.parent)


def _files(*names: str) -> Callable[[], list[bytes]]:
    return lambda: [(DATA / name).read_bytes() for name in names]


def _texts(*texts: str) -> Callable[[], list[bytes]]:
    return lambda: [text.encode() for text in texts]


def _made(write: Callable[[Path], object], name: str) -> list[bytes]:
    with TemporaryDirectory() as folder:
        write(Path(folder) / name)
        return [(Path(folder) / name).read_bytes()]


def _frame() -> object:
    import geopandas as gpd  # noqa: PLC0415 (heavy)
    import shapely  # noqa: PLC0415 (heavy)

    shapes = [shapely.box(0, 0, 1, 1), shapely.Point(112, 32), shapely.LineString([(0, 0), (1, 1)]), None]
    columns = {
        "name": ["网格", "b", None, ""],
        "n": [1, 2, 3, 4],
        "x": [0.5, None, 2, 3],
        "on": [True, False, True, True],
    }
    return gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")


def _gpkg() -> list[bytes]:
    """Give a GeoPackage without what no reader looks at, so that most changes hit something."""
    import sqlite3  # noqa: PLC0415 (only here)

    def write(path: Path) -> None:
        _frame().to_file(path, layer="a", driver="GPKG")  # type: ignore[attr-defined]
        with sqlite3.connect(path) as store:
            store.execute("DELETE FROM gpkg_spatial_ref_sys WHERE srs_id NOT IN (-1, 0, 4326)")
            triggers = [name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
            for name in triggers:  # they call functions that only GDAL has
                store.execute(f"DROP TRIGGER {name}")
        store.execute("PRAGMA page_size=512")
        store.execute("VACUUM")
        store.close()

    return _made(write, "a.gpkg")


def _flatgeobuf() -> list[bytes]:
    return _made(lambda path: _frame().iloc[:1].to_file(path, driver="FlatGeobuf"), "a.fgb")  # type: ignore[attr-defined]


def _parquet() -> list[bytes]:
    return _made(lambda path: _frame().to_parquet(path, compression="none"), "a.parquet")  # type: ignore[attr-defined]


def _tiff() -> list[bytes]:
    import numpy as np  # noqa: PLC0415 (heavy)
    import rasterio  # noqa: PLC0415 (heavy)

    def write(path: Path) -> None:
        place = {"crs": "EPSG:4326", "transform": rasterio.Affine(0.1, 0, 0, 0, -0.1, 0)}
        with rasterio.open(path, "w", driver="GTiff", width=8, height=8, count=2, dtype="int16", **place) as out:
            out.write(np.zeros((2, 8, 8), dtype="int16"))

    return _made(write, "a.tif")


def _xlsx() -> list[bytes]:
    import openpyxl  # noqa: PLC0415 (heavy)

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    for row in (["编号", "日期", "数量"], [1, "2025-06-01", 2.5], ["002", None, "=A2*2"], ["合计", None, 2.5]):
        sheet.append(row)
    sheet.merge_cells("A5:B6")
    out = io.BytesIO()
    book.save(out)
    return [out.getvalue(), *_files("attacks/xlsx_formula_no_cache.xlsx")()]


def _shapefiles() -> list[bytes]:
    return _files("attacks/shp_gbk_no_cpg.zip", "attacks/shp_truncated_field_names.zip", "attacks/shp_no_prj.zip")()


def _kmz() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("doc.kml", KML)
    return out.getvalue()


KML = """<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder><name>f</name>
<Placemark id="1"><name>点</name><ExtendedData><Data name="户数"><value>12</value></Data></ExtendedData>
<Point><coordinates>112.1,32.0,5</coordinates></Point></Placemark><Placemark><MultiGeometry><Polygon><outerBoundaryIs>
<LinearRing><coordinates>0,0 1,0 1,1 0,0</coordinates></LinearRing></outerBoundaryIs></Polygon><LineString><coordinates>
0,0 1,1</coordinates></LineString></MultiGeometry></Placemark></Folder></Document></kml>"""
GPX = '<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1"><wpt lat="32" lon="112"><name>a</name><ele>3</ele></wpt><trk><trkseg><trkpt lat="1" lon="2"/><trkpt lat="1" lon="3"/></trkseg></trk></gpx>'  # fmt: skip
GML = '<?xml version="1.0"?><ogr:FeatureCollection xmlns:ogr="http://ogr.maptools.org/" xmlns:gml="http://www.opengis.net/gml"><gml:featureMember><ogr:a fid="a.1"><ogr:geometryProperty><gml:Polygon srsName="EPSG:4326"><gml:outerBoundaryIs><gml:LinearRing><gml:coordinates>0,0 1,0 1,1 0,0</gml:coordinates></gml:LinearRing></gml:outerBoundaryIs></gml:Polygon></ogr:geometryProperty><ogr:n>1</ogr:n></ogr:a></gml:featureMember></ogr:FeatureCollection>'  # fmt: skip
FEATURES = json.dumps(
    {
        "type": "FeatureCollection", "name": "a", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4547"}},
        "features": [
            {"type": "Feature", "id": 1, "properties": {"名": "甲", "n": 1, "x": [1, {"a": None}]}, "geometry": {"type": "Point", "coordinates": [1, 2, 3]}},
            {"type": "Feature", "properties": {"n": 2.5, "b": True}, "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}},
            {"type": "Feature", "properties": None, "geometry": {"type": "GeometryCollection", "geometries": [{"type": "MultiPoint", "coordinates": [[0, 0]]}]}},
        ],
    }
)  # fmt: skip
TOPOLOGY = '{"type":"Topology","transform":{"scale":[1,1],"translate":[0,0]},"arcs":[[[0,0],[1,0],[0,1],[-1,-1]]],"objects":{"a":{"type":"GeometryCollection","geometries":[{"type":"Polygon","id":1,"properties":{"n":1},"arcs":[[0]]},{"type":"Point","coordinates":[1,1]},{"type":"LineString","arcs":[-1]}]}}}'  # fmt: skip
REQUESTS = '[{"service_request_id":"1","service_code":"a","lat":"32.1","long":112.2,"status":"open","x":{"y":1}},{"service_request_id":2,"lat":null,"long":"x"}]'  # fmt: skip
TABLE = '编号;名称;经度;备注\n001;甲;112,1;"a;b"\n002;乙;112,2;\n;;;\n合计;2;;\n'
PARCELS = "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n带号=37\n[地块坐标]\n4,0.5,1,甲,面,,公园,,@\nJ1,1,3400000,37500000\nJ2,1,3400100,37500000\nJ3,1,3400100,37500100\nJ4,1,3400000,37500100\n"
DXF = "0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1009\n0\nENDSEC\n0\nSECTION\n2\nENTITIES\n0\nLINE\n8\na\n10\n0\n20\n0\n11\n100\n21\n100\n0\nCIRCLE\n8\nb\n10\n5\n20\n5\n40\n20\n0\nTEXT\n8\nb\n10\n5\n20\n5\n40\n2\n1\n3号楼\n0\nENDSEC\n0\nEOF\n"
MIF = 'Version 300\nCharset "WindowsSimpChinese"\nDelimiter ","\nCoordSys Earth Projection 1, 104\nColumns 1\n  a Char(20)\nData\n\nPoint 112.1 32.0\nRegion 1\n 4\n 0 0\n 1 0\n 1 1\n 0 0\n'
TOML = 'name = "huolong"\ntitle = {zh = "火龙", en = "Huolong"}\ncrs = "EPSG:4547"\nas_of = 2025-06-30\nprofile = "CN-old"\nlanguage = "zh"\n[[levels]]\nlevel = 1\nzh = "大网格"\nen = "grid"\nnests = true\n'
JSON_TOKENS = [b'"type"', b'"features"', b'"Feature"', b'"Point"', b'"MultiPolygon"', b'"coordinates"', b'"geometry"', b'"properties"', b"[", b"]", b"{", b"}", b"null", b"true", b"1e999", b"-0", b'"\\ud800"', b"NaN", b",", b'"id"', b'"geometries"', b'"arcs"', b'"crs"']  # fmt: skip
XML_TOKENS = [b"<", b">", b"/>", b"<![CDATA[", b"]]>", b"<!--", b"&amp;", b"<Placemark>", b"<Polygon>", b"<coordinates>", b"</coordinates>", b'encoding="gbk"', b"<gml:Arc>", b"<Folder>", b"xmlns=", b"<!DOCTYPE"]  # fmt: skip
TABLE_TOKENS = [b",", b";", b"\t", b'"', b'""', b"\r", b"\n", b"\r\n", b"\0", b"\xef\xbb\xbf", b"\xff\xfe", b"=1+1", "合计".encode(), b"sep=;\n"]  # fmt: skip
BINARY_TOKENS = [b"\0\0\0\1", b"\1\0\0\0", b"\0" * 8, b"\xff" * 8, b"\x40\x10"]
SQL_TOKENS = [b"CREATE", b"TABLE", b"VIEW", b"gpkg_contents", b"features", b"GP\0\1", b"GP\0\x03", b"blob", b"datetime", b"WITHOUT ROWID"]  # fmt: skip
DXF_TOKENS = [b"\n0\n", b"LWPOLYLINE", b"INSERT", b"HATCH", b"SPLINE", b"MTEXT", b"ELLIPSE", b"ARC", b"\n70\n1\n", b"\n90\n", b"BLOCK", b"TABLE"]  # fmt: skip
TOML_TOKENS = [b"[", b"]", b"[[levels]]", b"=", b'"', b"'''", b"true", b"1979-05-27", b"{", b"}", b"inf", b"name", b"crs", b"EPSG:4326", b"\\u0000"]  # fmt: skip

TARGETS: dict[str, Target] = {
    "geojson": Target(".geojson", ("GPKG",), _texts(FEATURES, TOPOLOGY, REQUESTS), JSON_TOKENS, _upload),
    "gpkg": Target(".gpkg", ("GPKG",), _gpkg, SQL_TOKENS, _upload, changed_geopackage),
    "shapefile": Target(".zip", ("ESRI Shapefile",), _shapefiles, BINARY_TOKENS, _upload, changed_archive),
    "tiff": Target(".tif", ("GTiff",), _tiff, BINARY_TOKENS, _raster),
    "csv": Target(".csv", (), _texts(TABLE, PARCELS), TABLE_TOKENS, _upload),
    "xlsx": Target(".xlsx", (), _xlsx, XML_TOKENS, _upload, changed_archive),
    "toml": Target(".toml", (), _texts(TOML), TOML_TOKENS, _manifest),
    "xml": Target(
        ".kml", ("GML", "GPX"), lambda: [KML.encode(), GPX.encode(), GML.encode(), _kmz()], XML_TOKENS, _upload
    ),
    "parquet": Target(".parquet", (), _parquet, BINARY_TOKENS, _upload),
    "flatgeobuf": Target(".fgb", ("FlatGeobuf",), _flatgeobuf, BINARY_TOKENS, _upload),
    "dxf": Target(".dxf", (), _texts(DXF), DXF_TOKENS, _upload),
    "photo": Target(".jpg", (), photos.seeds, photos.TOKENS, photos.read, photos.changed_photo),
    "mapinfo": Target(".mif", ("MapInfo File",), lambda: [MIF.encode("gbk")], TABLE_TOKENS, _upload),
}
"""By name; the first seven are those of every run of the gate."""
