"""The parcel text of land surveys."""

from pathlib import Path

import pytest

from geo.errors import DataError
from layers.intake.source import Source
from layers.intake.spatial.parcels import read_parcels
from layers.intake.upload.opening import open_upload

HEAD = "[属性描述]\n格式版本号=1.01版本\n坐标系={system}\n几度分带={degrees}\n投影类型=高斯克吕格\n计量单位=米\n带号={zone}\n精度=0.001\n[地块坐标]\n"


def text(east: float, body: str = "", **head: object) -> str:
    square = [(3_400_000, east), (3_400_000, east + 100), (3_400_050, east + 100), (3_400_050, east), (3_400_000, east)]
    corners = "".join(f"J{n % 4 + 1},1,{north:.3f},{y:.3f}\n" for n, (north, y) in enumerate(square))
    values = {"system": "2000国家大地坐标系", "degrees": 3, "zone": "", **head}
    return HEAD.format(**values) + "4,0.5000,地块一,幸福里空地,面,H49G001001,公园绿地,1401,@\n" + corners + body


def read(tmp_path: Path, content: str, encoding: str = "gb18030") -> Source:
    path = tmp_path / "a.txt"
    path.write_bytes(content.replace("\n", "\r\n").encode(encoding))
    return read_parcels(path, file="地块.txt")


@pytest.mark.parametrize(
    ("east", "head", "crs"),
    [
        (37_500_000, {"zone": "37"}, "EPSG:4525"),
        (37_500_000, {}, "EPSG:4525"),
        (500_000, {"zone": "37带"}, "EPSG:4546"),
        (19_500_000, {"degrees": 6, "zone": 19}, "EPSG:4497"),
        (500_000, {"degrees": 6, "zone": 19}, "EPSG:4508"),
        (500_000, {}, None),
        (38_500_000, {"zone": "37"}, None),
        (37_500_000, {"system": "80国家大地坐标系"}, None),
        (500_000, {"system": "地方坐标系", "zone": "37"}, None),
    ],
)
def test_the_coordinate_system_is_worked_out_or_asked(
    east: float, head: dict[str, object], crs: str | None, tmp_path: Path
) -> None:
    source = read(tmp_path, text(east, **head))
    assert source.crs == crs
    assert [note.code for note in source.notes] == ([] if crs else ["crs_unknown"])
    assert source.geometry is not None
    assert source.geometry[0].bounds == (east, 3_400_000, east + 100, 3_400_050)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_the_facts_of_a_parcel(encoding: str, tmp_path: Path) -> None:
    source = read(tmp_path, text(37_500_000), encoding)
    assert source.cells.to_dict("records") == [
        {"corners": "4", "area_ha": "0.5000", "parcel_no": "地块一", "name": "幸福里空地", "drawn_as": "面", "map_sheet": "H49G001001", "land_use": "公园绿地", "land_class": "1401"}
    ]  # fmt: skip
    assert source.facts["survey:计量单位"] == "米"
    assert source.rows.tolist() == [10]


def test_holes_further_outlines_and_broken_corners(tmp_path: Path) -> None:
    hole = "".join(
        f"J{n},2,{x},{y}\n"
        for n, (x, y) in enumerate([(3_400_010, 37_500_010), (3_400_010, 37_500_020), (3_400_020, 37_500_020)], 5)
    )
    away = "".join(
        f"J{n},3,{x},{y}\n"
        for n, (x, y) in enumerate([(3_500_000, 37_500_000), (3_500_000, 37_500_010), (3_500_010, 37_500_000)], 8)
    )
    broken = "3,1,二,,面,,,,@\nJ1,1,3400000,37500000\nJ2,1,x,37500000\nJ3,1,3400000,37500100\n"
    short = "2,1,三,,面,,,,@\nJ1,1,3400000,37500000\nJ2,1,3400100,37500000\n"
    source = read(tmp_path, text(37_500_000, hole + away + broken + short))
    assert source.geometry is not None
    assert len(source.geometry) == 1
    assert source.geometry[0].area == pytest.approx(5000 - 50 + 50)
    assert len(source.geometry[0].geoms) == 2
    assert [(lost.row, lost.code) for lost in source.lost] == [
        (22, "broken_shape"),
        (24, "broken_shape"),
        (26, "broken_shape"),
    ]
    assert "J2,1,x" in source.lost[1].found.zh


def test_it_is_known_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "报盘"
    path.write_bytes(text(37_500_000).encode("gbk"))
    (source,) = open_upload(path)
    assert source.kind == "parcels"
    with pytest.raises(DataError, match="no parcels"):
        read(tmp_path, HEAD.format(system="x", degrees=3, zone=37))
