"""DXF drawings: layers, closed outlines, blocks, words, units."""

import math
from pathlib import Path

import ezdxf
import pytest
import shapely
from ezdxf.document import Drawing

from geo.errors import DataError
from layers.intake.spatial.cad import read_dxf
from layers.intake.spatial.cad_units import unit_of
from layers.intake.upload.opening import open_upload

X, Y = 500_000.0, 3_400_000.0


def drawing(scale: float = 1.0, version: str = "R2000") -> Drawing:
    """A courtyard with a house, a lamp and words beside both."""
    made = ezdxf.new(version)
    space = made.modelspace()

    def at(x: float, y: float) -> tuple[float, float]:
        return (X + x) * scale, (Y + y) * scale

    space.add_lwpolyline([at(0, 0), at(100, 0), at(100, 50), at(0, 50)], close=True, dxfattribs={"layer": "建筑物"})
    space.add_lwpolyline([at(10, 10), at(20, 10), at(20, 20), at(10, 10)], dxfattribs={"layer": "建筑物"})
    space.add_text("3号楼", height=3 * scale, dxfattribs={"layer": "注记", "insert": at(50, 25)})
    block = made.blocks.new("路灯")
    block.add_attdef("编号", (0, 0))
    space.add_blockref("路灯", at(300, 20), dxfattribs={"layer": "照明"}).add_auto_attribs({"编号": "L-01"})
    space.add_text("高杆灯", height=2 * scale, dxfattribs={"layer": "注记", "insert": at(304, 22)})
    space.add_circle(at(200, 0), 20 * scale, dxfattribs={"layer": "花坛"})
    space.add_line(at(0, 0), at(200, 200), dxfattribs={"layer": "道路"})
    space.add_point(at(1, 1), dxfattribs={"layer": "界址点"})
    return made


def read(path: Path, made: Drawing, **options: str) -> dict[str, object]:
    made.saveas(path / "a.dxf")
    return {source.part: source for source in read_dxf(path / "a.dxf", file="总图.dxf", unit=options.get("unit"))}


def test_each_layer_is_a_table(tmp_path: Path) -> None:
    made = drawing()
    hatch = made.modelspace().add_hatch(dxfattribs={"layer": "绿地"})
    hatch.paths.add_polyline_path([(X, Y), (X + 90, Y), (X + 90, Y + 90), (X, Y + 90)])
    hatch.paths.add_polyline_path([(X + 10, Y + 10), (X + 20, Y + 10), (X + 20, Y + 20), (X + 10, Y + 20)])
    made.modelspace().add_ray((X, Y), (1, 0), dxfattribs={"layer": "辅助线"})
    layers = read(tmp_path, made)
    assert sorted(layers) == sorted(["建筑物", "注记", "照明", "花坛", "道路", "界址点", "绿地"])
    houses = layers["建筑物"]
    assert [shape.geom_type for shape in houses.geometry] == ["Polygon", "Polygon"]
    assert houses.geometry[0].area == 5000
    assert houses.cells["text"].tolist()[0] == "3号楼"
    assert houses.rows.tolist() == [1, 2]
    assert layers["照明"].cells.to_dict("records") == [
        {"entity": "INSERT", "block": "路灯", "编号": "L-01", "text": "高杆灯"}
    ]
    assert layers["照明"].geometry[0].equals(shapely.Point(X + 300, Y + 20))
    assert layers["花坛"].geometry[0].area == pytest.approx(math.pi * 400, rel=0.01)
    assert "curves_straightened" in [note.code for note in layers["花坛"].notes]
    assert layers["绿地"].geometry[0].area == pytest.approx(8100 - 100)
    assert layers["道路"].geometry[0].geom_type == "LineString"
    told = next(note for note in houses.notes if note.code == "drawn_left_out")
    assert told.found.en == "RAY × 1"
    assert all(layer.crs is None for layer in layers.values())


@pytest.mark.parametrize(
    ("scale", "head", "unit", "found_by", "note"),
    [
        (1.0, 6, "m", "header", ""),
        (1000.0, 4, "mm", "header", ""),
        (1.0, 4, "m", "size", "unit_by_size"),
        (1000.0, 6, "mm", "size", "unit_by_size"),
        (1.0, 0, "m", "size", ""),
        (1000.0, 0, "mm", "size", ""),
    ],
)
def test_the_unit_is_judged_by_the_size(
    scale: float, head: int, unit: str, found_by: str, note: str, tmp_path: Path
) -> None:
    made = drawing(scale)
    made.header["$INSUNITS"] = head
    houses = read(tmp_path, made)["建筑物"]
    assert (houses.facts["unit"], houses.facts["unit_found_by"]) == (unit, found_by)
    assert houses.geometry[0].area == pytest.approx(5000)
    assert ("unit_by_size" in [one.code for one in houses.notes]) == bool(note)


def test_a_unit_that_cannot_be_judged_is_asked(tmp_path: Path) -> None:
    unclear = unit_of(0, (30_000.0, 30_000.0), "a.dxf")
    assert (unclear.name, unclear.found_by, [one.code for one in unclear.notes]) == ("m", "assumed", ["unit_unclear"])
    assert unit_of(4, (30_000.0, 30_000.0), "a.dxf")[:3] == ("mm", 0.001, "header")
    given = read(tmp_path, drawing(), unit="mm")["建筑物"]
    assert given.geometry[0].area == pytest.approx(0.005)
    assert given.facts["unit_found_by"] == "given"


def test_text_of_old_chinese_programs(tmp_path: Path) -> None:
    path = tmp_path / "a.dxf"
    drawing().saveas(path, encoding="gb18030")
    for declared in (b"ANSI_936", b"ANSI_1252"):
        path.write_bytes(path.read_bytes().replace(b"ANSI_936", declared).replace(b"ANSI_1252", declared))
        assert "建筑物" in {source.part for source in open_upload(path)}


def test_a_damaged_drawing_is_read_as_far_as_it_goes_and_told(tmp_path: Path) -> None:
    path = tmp_path / "a.dxf"
    drawing().saveas(path)
    text = path.read_text("utf-8", errors="surrogateescape")
    path.write_text(text.replace("3400050.0", "34000x50.0"), "utf-8", errors="surrogateescape")
    sources = open_upload(path)
    assert all("drawing_recovered" in [note.code for note in source.notes] for source in sources)


def test_nothing_drawn(tmp_path: Path) -> None:
    ezdxf.new().saveas(tmp_path / "a.dxf")
    with pytest.raises(DataError, match="nothing in the model space"):
        read_dxf(tmp_path / "a.dxf", file="a.dxf")
