"""Second files of each class of attack, with other names, contents and tricks: the rule must hold, not the case."""

import io
import json
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyarrow.parquet as pq
import shapely
from PIL import Image

from tests.attacks.conftest import ADDRESS, HOME

URL = f"http://{ADDRESS[0]}:{ADDRESS[1]}"
POINT = '{"type":"Feature","properties":{"id":1},"geometry":{"type":"Point","coordinates":[112.1,32]}}'
Make = Callable[[Path], object]
TWINS: dict[str, tuple[str, Make]] = {}
"""By name of the file: the code with which it must be refused, or "read"; and what writes it."""


def twin(name: str, code: str) -> Callable[[Make], Make]:
    def keep(make: Make) -> Make:
        TWINS[name] = (code, make)
        return make

    return keep


def text(name: str, code: str, content: str, *, encoding: str = "utf-8") -> None:
    TWINS[name] = (code, lambda path: path.write_bytes(content.encode(encoding)))


def points(number: int = 3) -> gpd.GeoDataFrame:
    places = [shapely.Point(112.1 + at / 1000, 32) for at in range(number)]
    return gpd.GeoDataFrame({"id": range(number), "name": ["网格"] * number}, geometry=places, crs="EPSG:4326")


# Orders to other programs, under any name and behind comments and marks.
VRT = f'<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>{HOME}/ledger.gpkg</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
text("minutes.csv", "format_orders", "\ufeff\n\n<!-- kept -->" + VRT)
text(
    "photo.jpg",
    "format_orders",
    f'<?xml version="1.0"?>\n<VRTDataset rasterXSize="1" rasterYSize="1"><x>{HOME}/ortho.tif</x></VRTDataset>',
)
text("city.kml", "format_orders", f"<GDAL_WMS><Service name='TMS'><ServerUrl>{URL}/</ServerUrl></Service></GDAL_WMS>")
text("pic.png", "format_orders", f"<MRF_META><CachedSource><Source>{HOME}/ortho.tif</Source></CachedSource></MRF_META>")
text("wide.gpx", "format_orders", VRT, encoding="utf-16")
text(
    "late.kml",
    "xml_doctype",
    f'<?xml version="1.0"?><!--{"x" * 9000}--><!DOCTYPE kml [<!ENTITY a SYSTEM "{URL}/a">]><kml>&a;</kml>',
)
text(
    "steps.json", "format_orders",
    json.dumps({"note": "x" * 5000, "type": "gdal_streamed_alg", "command_line": f"gdal vector info {HOME}/ledger.gpkg"}),
)  # fmt: skip
text(
    "spelt.geojson", "format_orders", '{"\\u0074ype": "gdal_\\u0073treamed_alg", "command_line": "gdal vector info x"}'
)
text("many.geojson", "format", "GeoJSONSeq:/vsicurl/" + URL)
text(
    "link.json",
    "read",
    f'{{"crs":{{"properties":{{"href":"{URL}/x","type":"ogcwkt"}},"type":"link"}},"type":"FeatureCollection","features":[{POINT}]}}',
)
text(
    "named.json",
    "read",
    f'{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"{URL}/crs"}}}},"features":[{POINT}]}}',
)

# XML that unfolds or points outside.
BOMB = "".join(f'<!ENTITY e{n} "{"".join(f"&e{n - 1};" for _ in range(9))}">' for n in range(1, 9))
text(
    "laughs.kml",
    "xml_doctype",
    f'<!DOCTYPE k [<!ENTITY e0 "ha">{BOMB}]><kml><Document><name>&e8;</name></Document></kml>',
)
text(
    "outside.gpx",
    "xml_doctype",
    f'<?xml version="1.0"?><!DOCTYPE g SYSTEM "{URL}/g.dtd"><gpx version="1.1"><wpt lat="1" lon="2"/></gpx>',
)
text("wide.gml", "xml_doctype", f'<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY f SYSTEM "file://{HOME}/secrets.toml">]><FeatureCollection xmlns:gml="http://www.opengis.net/gml">&f;</FeatureCollection>', encoding="utf-16")  # fmt: skip
text(
    "deep.kml",
    "xml_depth",
    '<kml xmlns="http://www.opengis.net/kml/2.2">' + "<Folder>" * 300 + "</Folder>" * 300 + "</kml>",
)
text("half.gpx", "xml_syntax", '<gpx version="1.1"><wpt lat="1" lon="2">')
text(
    "overlay.kml",
    "read",
    f"<kml><Folder><GroundOverlay><Icon><href>{URL}/a.png</href></Icon></GroundOverlay><Placemark><Point><coordinates>112,32</coordinates></Point></Placemark></Folder></kml>",
)
text(
    "schema.gml",
    "read",
    f"""<?xml version="1.0"?><ogr:FeatureCollection xmlns:ogr="http://ogr.maptools.org/"
 xmlns:gml="http://www.opengis.net/gml" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:xlink="http://www.w3.org/1999/xlink" xsi:schemaLocation="http://ogr.maptools.org/ {URL}/a.xsd">
 <gml:featureMember><ogr:a fid="a.1"><ogr:g><gml:Point srsName="EPSG:4326"><gml:coordinates>112,32</gml:coordinates>
 </gml:Point></ogr:g><ogr:h xlink:href="{URL}/h"/><ogr:n>x</ogr:n></ogr:a></gml:featureMember></ogr:FeatureCollection>""",
)

# GeoJSON that is damaged or twice itself.
text(
    "line.geojson",
    "read",
    f'{{"type":"FeatureCollection","features":[{POINT},{{"type":"Feature","properties":{{}},"geometry":{{"type":"LineString","coordinates":[[0,0]]}}}}]}}',
)
text(
    "nested.geojson",
    "json_depth",
    '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":'
    + "[" * 20000
    + "]" * 20000
    + '},"geometry":null}]}',
)
text("digits.geojson", "json_syntax", '{"type":"Feature","properties":{"a":' + "9" * 5000 + '},"geometry":null}')
text("twice.geojson", "read", f'{{"type":"FeatureCollection","features":[{POINT}],"features":[]}}')
text("cut.geojson", "json_syntax", f'{{"type":"FeatureCollection","features":[{POINT},')
text("page.webp", "format", "<!doctype html><html><script>1</script></html>")
text("drawing.png", "format", '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')


# Archives.
def packed(path: Path, entries: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


def patched(path: Path, entries: dict[str, bytes], *changes: tuple[bytes, bytes]) -> None:
    packed(path, entries)
    content = path.read_bytes()
    for old, new in changes:
        assert old in content
        content = content.replace(old, new)
    path.write_bytes(content)


for number, bad in enumerate(
    ("a/../../b.csv", "/etc/b.csv", "C:/b.csv", "a\\b.csv", "a\nb.csv", "con.csv", "a//b.csv", "x" * 300 + ".csv")
):
    TWINS[f"name{number}.zip"] = (
        "archive_name",
        lambda path, bad=bad: packed(path, {"good.csv": b"a\n1\n", bad: b"a\n1\n"}),
    )
TWINS["nul.zip"] = ("archive_name", lambda path: patched(path, {"a_b.csv": b"a\n1\n"}, (b"a_b.csv", b"a\0b.csv")))
TWINS["bomb.zip"] = ("archive_size", lambda path: packed(path, {f"{n}.csv": b"1,2\n" * 6_000_000 for n in range(9)}))
TWINS["many.zip"] = ("archive_entries", lambda path: packed(path, {f"{n}.csv": b"a\n" for n in range(101)}))
TWINS["cases.zip"] = ("archive_duplicates", lambda path: packed(path, {"A.csv": b"a\n", "a.CSV": b"a\n"}))
TWINS["inner.zip"] = (
    "archive_nested",
    lambda path: packed(path, {"a.csv": b"a\n1\n", "b.bin": zlib.compress(b"x") and b"\x1f\x8b\x08rest"}),
)
TWINS["locked.zip"] = (
    "archive_encrypted",
    lambda path: patched(
        path, {"a.csv": b"a\n1\n"}, (b"PK\x01\x02\x14\x03\x14\0\0\0", b"PK\x01\x02\x14\x03\x14\0\1\0")
    ),
)
TWINS["odd.zip"] = (
    "archive_method",
    lambda path: patched(
        path, {"a.csv": b"a\n1\n"}, (b"PK\x01\x02\x14\x03\x14\0\0\0\x08\0", b"PK\x01\x02\x14\x03\x14\0\0\0\x0c\0")
    ),
)
TWINS["words.zip"] = ("archive_empty", lambda path: packed(path, {}))
TWINS["cut.zip"] = (
    "archive_damaged",
    lambda path: (packed(path, {"a.csv": b"a\n1\n" * 99}), path.write_bytes(path.read_bytes()[:90])),
)


@twin("overlap.zip", "archive_overlap")
def _(path: Path) -> None:
    packed(path, {"a.csv": b"a\n" * 500, "b.csv": b"a\n" * 500})
    content = bytearray(path.read_bytes())
    first, second = content.find(b"PK\x01\x02"), content.rfind(b"PK\x01\x02")
    content[second + 42 : second + 46] = content[first + 42 : first + 46]
    path.write_bytes(content)


@twin("lies.zip", "archive_damaged")
def _(path: Path) -> None:
    packed(path, {"a.csv": b"a\n" * 500})
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<L", 400_000_000)
    path.write_bytes(content)


@twin("device.zip", "archive_link")
def _(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("pipe.csv")
        info.create_system, info.external_attr = 3, 0o010644 << 16
        archive.writestr(info, b"x")


@twin("both.zip", "read")
def _(path: Path) -> None:
    packed(path, {"x/点.geojson": POINT.encode(), "y/表.csv": "编号,名称\n1,甲\n2,乙\n".encode("gb18030")})


# Shapefiles.
def shapefile(path: Path, *, without: str = "", encoding: str = "UTF-8", cut: str = "", name: str = "网格") -> None:
    folder = path.with_suffix(".made")
    folder.mkdir()
    points(40).assign(name=name).to_file(folder / "a.shp", encoding=encoding)
    parts = {
        f"层{end}": (folder / f"a{end}").read_bytes()
        for end in (".shp", ".shx", ".dbf", ".prj", ".cpg")
        if end != without
    }
    if cut:
        parts[f"层{cut}"] = parts[f"层{cut}"][: len(parts[f"层{cut}"]) * 2 // 3]
    packed(path, parts)


for end, code in ((".dbf", "missing_part"), (".shp", "missing_part"), (".shx", "missing_part"), (".cpg", "read")):
    TWINS[f"no_{end[1:]}.zip"] = (code, lambda path, end=end: shapefile(path, without=end))
for end in (".dbf", ".shp", ".shx"):
    TWINS[f"short_{end[1:]}.zip"] = ("truncated", lambda path, end=end: shapefile(path, cut=end))
TWINS["praca.zip"] = ("read", lambda path: shapefile(path, without=".cpg", encoding="cp1252", name="Praça São João"))


@twin("counts.zip", "counts_differ")
def _(path: Path) -> None:
    shapefile(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["层.dbf"] = parts["层.dbf"][:4] + struct.pack("<I", 30) + parts["层.dbf"][8:]
    packed(path, parts)


# GeoPackages.
def geopackage(path: Path, *orders: str) -> None:
    points().to_file(path, layer="点", driver="GPKG")
    with sqlite3.connect(path) as store:
        for order in orders:
            store.execute(order)
    store.close()


REGISTER = "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('{0}', 'attributes', '{0}')"
TWINS["searched.gpkg"] = (
    "view",
    lambda path: geopackage(path, "CREATE VIRTUAL TABLE evil USING fts5(a)", REGISTER.format("evil")),
)
TWINS["shadow.gpkg"] = ("view", lambda path: geopackage(
    path, "ALTER TABLE gpkg_contents RENAME TO real", "CREATE VIEW gpkg_contents AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c) SELECT n FROM c",
))  # fmt: skip
TWINS["capital.gpkg"] = (
    "view",
    lambda path: geopackage(path, "CREATE VIEW Evil AS SELECT randomblob(1000000000) AS b", REGISTER.format("EVIL")),
)
TWINS["fires.gpkg"] = (
    "read",
    lambda path: geopackage(path, "CREATE TRIGGER evil AFTER INSERT ON \"点\" BEGIN SELECT load_extension('x'); END"),
)
TWINS["ghost.gpkg"] = ("view", lambda path: geopackage(path, REGISTER.format("nowhere")))
TWINS["zeros.gpkg"] = (
    "damaged",
    lambda path: (geopackage(path), path.write_bytes(path.read_bytes()[:8192] + bytes(90112))),
)


@twin("killed.gpkg", "read")
def _(path: Path) -> None:
    geopackage(path)
    other = path.with_name("other.gpkg")
    other.write_bytes(path.read_bytes())
    store = sqlite3.connect(other)
    store.execute("PRAGMA journal_mode=WAL")
    store.execute("INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('x', 'tiles', 'x')")
    store.commit()
    path.write_bytes(other.read_bytes())
    path.with_name("killed.gpkg-wal").write_bytes(other.with_name("other.gpkg-wal").read_bytes())
    store.close()
    other.unlink()


# Rasters, pictures, tables.
def tiff(path: Path, width: int, height: int, bands: int) -> None:
    tags = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8),
            (277, 3, 1, bands), (278, 4, 1, height), (279, 4, 1, 100)]  # fmt: skip
    body = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    path.write_bytes(b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(tags)) + body + bytes(200))


def png(path: Path, width: int, height: int) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


TWINS["wide.tif"] = ("raster", lambda path: tiff(path, 4_000_000_000, 10, 1))
TWINS["stack.tif"] = ("raster", lambda path: tiff(path, 20_000, 20_000, 60_000))
TWINS["empty.tif"] = ("raster", lambda path: path.write_bytes(b"II*\0" + struct.pack("<I", 8) + bytes(10)))
TWINS["huge.png"] = ("photo", lambda path: png(path, 7_100, 7_100))
TWINS["giant.png"] = ("photo", lambda path: png(path, 60_000, 60_000))
TWINS["half.parquet"] = ("vector_unreadable", lambda path: path.write_bytes(b"PAR1" + bytes(400) + b"PAR1"))
TWINS["plan.dwg"] = ("format_dwg", lambda path: path.write_bytes(b"AC1032" + bytes(200)))
TWINS["old.mdb"] = ("format", lambda path: path.write_bytes(b"\0\1\0\0Standard Jet DB\0" + bytes(200)))
TWINS["scan.pdf"] = ("format", lambda path: path.write_bytes(b"%PDF-1.7\n" + bytes(200)))
TWINS["noise.bin"] = ("format", lambda path: path.write_bytes(np.random.default_rng(1).bytes(5000)))
TWINS["nothing.csv"] = ("format", lambda path: path.write_bytes(b" \r\n"))
TWINS["plan.dxf"] = ("vector_empty", lambda path: path.write_bytes(b"0\nSECTION\n2\nENTITIES\n0\nLINE\n10\nx\n"))
TWINS["extract.pbf"] = (
    "vector_unreadable",
    lambda path: path.write_bytes(b"\0\0\0\x0d\x0a\x09OSMHeader\x18\x7f" + bytes(300)),
)


@twin("torn.jpg", "photo")
def _(path: Path) -> None:
    out = io.BytesIO()
    Image.fromarray(np.random.default_rng(2).integers(0, 255, (200, 200, 3), dtype=np.uint8)).save(out, "JPEG")
    path.write_bytes(out.getvalue()[:3000])


@twin("flipped.parquet", "vector_unreadable")
def _(path: Path) -> None:
    points(2000).to_parquet(path)
    table = pq.read_table(path)
    pq.write_table(table, path, write_page_checksum=True, compression="none")
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 4
    path.write_bytes(content)
