"""KML and KMZ as phones and Ovital write them."""

from pathlib import Path

import pytest
import shapely

from geo.errors import DataError
from layers.intake.source import Source
from layers.intake.spatial.kml import read_kml
from layers.intake.upload.opening import open_upload
from tests.layers.intake.foreign import zipped

HEAD = '<?xml version="1.0" encoding="{encoding}"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
PLACES = """<Folder><name>网格</name><Folder><name>一</name><Placemark><name>幸福里</name><TimeStamp><when>2025-06-01</when></TimeStamp>
<ExtendedData><Data name="户数"><value>12</value></Data><SchemaData schemaUrl="#s"><SimpleData name="楼栋">3</SimpleData></SchemaData>
</ExtendedData><Polygon><outerBoundaryIs><LinearRing><coordinates>0,0,5 4,0,5 4,4,5 0,4,5</coordinates></LinearRing></outerBoundaryIs>
<innerBoundaryIs><LinearRing><coordinates>1,1 2,1 2,2 1,1</coordinates></LinearRing></innerBoundaryIs></Polygon></Placemark></Folder>
</Folder><Placemark><MultiGeometry><Point><coordinates> 1,2 </coordinates></Point><Point><coordinates>3, 4</coordinates></Point>
</MultiGeometry></Placemark><Placemark><Point><coordinates>x,y</coordinates></Point></Placemark><Placemark><name>无</name></Placemark>
<Placemark><LineString><coordinates>0,0</coordinates></LineString></Placemark></Document></kml>"""


def read(tmp_path: Path, text: str = HEAD.format(encoding="UTF-8") + PLACES) -> list[Source]:
    (tmp_path / "a.kml").write_text(text, "utf-8")
    return read_kml(tmp_path / "a.kml", file="奥维.kml")


def test_folders_fields_and_shapes(tmp_path: Path) -> None:
    grid, loose = read(tmp_path)
    assert (grid.part, loose.part) == ("网格/一", "")
    assert grid.cells.to_dict("records") == [{"name": "幸福里", "when": "2025-06-01", "户数": "12", "楼栋": "3"}]
    assert grid.geometry is not None
    assert grid.geometry[0].area == 15.5
    assert [note.code for note in grid.notes] == ["flattened", "rings_closed"]
    assert loose.geometry is not None
    assert loose.geometry[0].equals(shapely.MultiPoint([(1, 2), (3, 4)]))
    assert loose.geometry[1] is None
    assert loose.rows.tolist() == [2, 4]
    assert [(lost.row, lost.code) for lost in loose.lost] == [(3, "broken_shape"), (5, "broken_shape")]


@pytest.mark.parametrize("encoding", ["gbk", "GB2312", "utf-16", "utf-8"])
def test_other_encodings_and_kmz(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "doc.kml"
    path.write_bytes((HEAD.format(encoding=encoding) + PLACES).encode(encoding))
    for one in (path, zipped(tmp_path / "a.kmz", path), zipped(tmp_path / "b.zip", path, under="x/")):
        assert open_upload(one)[0].cells["name"].tolist() == ["幸福里"]


def test_tracks_and_declared_heights(tmp_path: Path) -> None:
    track = '<Placemark><gx:Track xmlns:gx="http://www.google.com/kml/ext/2.2"><gx:coord>1 2 3</gx:coord><gx:coord>4 5 6</gx:coord></gx:Track></Placemark>'
    (source,) = read(tmp_path, HEAD.format(encoding="UTF-8") + track + "</Document></kml>")
    assert source.geometry is not None
    assert source.geometry[0].equals(shapely.LineString([(1, 2), (4, 5)]))
    assert [note.code for note in source.notes] == ["flattened"]


def test_a_file_of_links_only_is_refused(tmp_path: Path) -> None:
    link = "<NetworkLink><Link><href>http://127.0.0.1/</href></Link></NetworkLink></Document></kml>"
    with pytest.raises(DataError, match="no placemarks"):
        read(tmp_path, HEAD.format(encoding="UTF-8") + link)
