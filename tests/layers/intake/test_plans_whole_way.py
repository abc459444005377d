"""Survey texts and designers' drawings as they are handed in, by the command line into the layers of a workspace."""

import json
from collections.abc import Sequence
from pathlib import Path

import ezdxf
import geopandas as gpd
import pytest
import shapely
import shapely.affinity
from ezdxf.document import Drawing

from cli import main
from layers import BUILDINGS, PARKING, open_workspace
from tests.samples import X0, Y0

ZONE = 37_000_000
HEAD = (
    "[属性描述]\n格式版本号=1.01版本\n数据产生单位=某县国土资源勘测规划院\n数据产生日期=2023-05-11\n坐标系=2000国家大地坐标系\n"
    "几度分带=3\n投影类型=高斯克吕格\n计量单位=米\n带号=37\n精度=0.001\n转换参数=0,0,0,0,0,0,0\n[地块坐标]\n"
)
Ring = Sequence[tuple[float, float]]
YARD: Ring = [(5, 5), (45, 5), (45, 25), (25, 25), (25, 45), (5, 45)]
HOLE: Ring = [(10, 10), (10, 20), (20, 20), (20, 10)]
EAST, FURTHER, NORTH = (
    [(x, y), (x + 10, y), (x + 10, y + 10), (x, y + 10)] for x, y in ((105, 5), (120, 5), (105, 105))
)


def parcel(facts: str, *rings: Ring) -> str:
    """A parcel as survey programs write it: corners numbered through, each ring closed by its first corner."""
    lines, number = [f"{sum(map(len, rings))},{facts},@"], 0
    for at, ring in enumerate(rings, 1):
        names = [f"J{number + n}" for n in range(1, len(ring) + 1)]
        number += len(ring)
        lines += [
            f"{name},{at},{Y0 + north:.3f},{ZONE + X0 + east:.3f}"
            for name, (east, north) in zip([*names, names[0]], [*ring, ring[0]], strict=True)
        ]
    return "\n".join(lines) + "\n"


SURVEY = HEAD + "".join(
    (
        parcel("0.1100,DK-01,铁路一村停车场,面,H49G001001,交通服务场站用地,1005", YARD, HOLE),
        parcel("0.0200,DK-02,东口停车场（两片）,面,H49G001001,交通服务场站用地,1005", EAST, FURTHER),
        parcel("0.0100,DK-03,,面,,,", NORTH),
    )
)


def added(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, dict]:
    code = main(["add", *map(str, words), "--json"])
    return code, json.loads(capsys.readouterr().out)


def taken_in(folder: Path, layer: object, told: dict) -> gpd.GeoDataFrame:
    table = open_workspace(folder)[layer]  # type: ignore[index]
    return table.iloc[-told["rows_added"] :] if layer == BUILDINGS else table


@pytest.mark.parametrize("encoding", ["gbk", "utf-8-sig"])
def test_a_survey_text_becomes_car_parks(
    folder: Path, tmp_path: Path, encoding: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "勘测定界.txt"
    path.write_bytes(SURVEY.replace("\n", "\r\n").encode(encoding))
    code, told = added(capsys, folder, "parking", path)
    assert (code, told["rows_read"], told["rows_kept"], told["rows_added"]) == (0, 3, 3, 3)
    assert told["crs"]["used"] == "EPSG:4525"
    table = open_workspace(folder)[PARKING].sort_values("parcel_no")
    assert table["name"].fillna("-").tolist() == ["铁路一村停车场", "东口停车场（两片）", "-"]
    assert table["land_class"].fillna("-").tolist() == ["1005", "1005", "-"]
    drawn = [shapely.Polygon(YARD, [HOLE]), shapely.MultiPolygon([(EAST, []), (FURTHER, [])]), shapely.Polygon(NORTH)]
    for shape, wanted in zip(table.geometry, drawn, strict=True):
        there = shapely.affinity.translate(wanted, X0, Y0)
        assert shapely.symmetric_difference(shape, there).area < 0.1
    assert added(capsys, folder, "parking", path)[1]["rows_unchanged"] == 3


def test_a_survey_text_in_a_zip_and_one_with_a_broken_corner(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "勘测定界.txt"
    corner = f"J2,1,{Y0 + 5:.3f},{ZONE + X0 + 45:.3f}"
    assert corner in SURVEY
    path.write_bytes(SURVEY.replace(corner, "J2,1,3400O05.000,").encode("gbk"))
    _, told = added(capsys, folder, "parking", path)
    assert told["rows_kept"] == 2
    assert {one["code"] for one in told["rejected"]} == {"broken_shape"}


def test_other_datums_are_asked_for(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "勘测定界.txt"
    path.write_bytes(SURVEY.replace("2000国家大地坐标系", "80国家大地坐标系").encode("gbk"))
    code, told = added(capsys, folder, "parking", path)
    assert code == 1
    assert {"needs_answer", "crs_unknown"} <= {one["code"] for one in told["problems"]}


def plan(*, scale: float, units: int, version: str = "R2000") -> Drawing:
    """A designer's plan: houses with words in them, bays as blocks, a car park hatched around a house, frame and lines."""
    made = ezdxf.new(version)
    made.encoding = "gbk"
    made.header["$DWGCODEPAGE"] = "ANSI_936"
    made.header["$INSUNITS"] = units
    space = made.modelspace()

    def at(x: float, y: float) -> tuple[float, float]:
        return (X0 + x) * scale, (Y0 + y) * scale

    def box(x: float, y: float, wide: float, high: float) -> list[tuple[float, float]]:
        return [at(x, y), at(x + wide, y), at(x + wide, y + high), at(x, y + high)]

    for number, (x, y, words) in enumerate([(5, 10, "5F"), (5, 35, "砼6"), (55, 10, "7层")], 1):
        space.add_lwpolyline(box(x, y, 30, 12), close=True, dxfattribs={"layer": "建筑轮廓"})
        space.add_text(f"{number}号楼", height=2 * scale, dxfattribs={"layer": "标注", "insert": at(x + 8, y + 5)})
        where = {"layer": "标注", "char_height": 1.5 * scale, "insert": at(x + 20, y + 5)}
        space.add_mtext(rf"{{\fSimSun|b0|i0|c134|p2;{words}}}", dxfattribs=where)
    open_ended = [*box(55, 35, 30, 12), at(55, 35)]
    space.add_lwpolyline(open_ended, dxfattribs={"layer": "建筑轮廓"})
    space.add_polyline2d(box(5, 60, 30, 12), close=True, dxfattribs={"layer": "建筑轮廓"})
    bay = made.blocks.new("车位")
    bay.add_lwpolyline([(0, 0), (2.5, 0), (2.5, 5.3), (0, 5.3)], close=True)
    bay.add_line((0, 0), (2.5, 5.3))
    bay.add_attdef("编号", (0, 0))
    for n in range(4):
        where = {"layer": "停车位", "xscale": scale, "yscale": scale, "rotation": 90 if n == 3 else 0}
        space.add_blockref("车位", at(100 + 4 * n, 50), dxfattribs=where).add_auto_attribs({"编号": f"P{n}"})
    lamp = made.blocks.new("灯")
    lamp.add_circle((0, 0), 3)
    lamp.add_lwpolyline([(0, 0), (0.4, 0), (0.4, 0.4), (0, 0.4)], close=True)
    space.add_blockref("灯", at(90, 60), dxfattribs={"layer": "照明", "xscale": scale, "yscale": scale})
    hatch = space.add_hatch(dxfattribs={"layer": "停车场"})
    hatch.paths.add_polyline_path(box(100, 5, 40, 25), is_closed=True)
    hatch.paths.add_polyline_path(box(110, 10, 10, 10), is_closed=True, flags=16)
    space.add_text("地面停车场", height=2 * scale, dxfattribs={"layer": "标注", "insert": at(125, 8)})
    space.add_lwpolyline(box(-20, -20, 240, 240), close=True, dxfattribs={"layer": "图框"})
    space.add_line(at(0, 50), at(200, 50), dxfattribs={"layer": "道路中线"})
    return made


@pytest.mark.parametrize(("scale", "units", "version"), [(1000, 4, "R2000"), (1, 6, "R2018")])
def test_a_designers_plan_becomes_houses_and_bays(
    folder: Path, tmp_path: Path, scale: float, units: int, version: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "总平面图.dxf"
    plan(scale=scale, units=units, version=version).saveas(path)
    code, told = added(capsys, folder, "buildings", path)
    (asked,) = [one for one in told["problems"] if one["code"] == "which_part"]
    assert code == 1
    assert {"建筑轮廓", "停车位", "停车位/车位", "停车场"} <= set(asked["found"]["zh"].split("、"))
    assert "照明/灯" not in asked["found"]["zh"]
    say = ("--crs", "EPSG:4546", "--sheet")
    code, told = added(capsys, folder, "buildings", path, *say, "建筑轮廓")
    assert (code, told["rows_kept"], told["rows_rejected"]) == (0, 5, 0)
    houses = open_workspace(folder)[BUILDINGS]
    houses = houses[houses["entity"].notna()].sort_values("name")
    assert houses["name"].fillna("-").tolist() == ["1号楼", "2号楼", "3号楼", "-", "-"]
    assert houses["storeys"].fillna(0).tolist() == [5, 6, 7, 0, 0]
    assert houses.geometry.area.round(2).tolist() == [360] * 5
    assert houses.total_bounds.round(2).tolist() == [X0 + 5, Y0 + 10, X0 + 85, Y0 + 72]
    code, told = added(capsys, folder, "parking", path, *say, "停车位/车位")
    assert (code, told["rows_added"]) == (0, 4)
    bays = open_workspace(folder)[PARKING]
    assert sorted(bays.index) == ["P0", "P1", "P2", "P3"]
    assert bays.geometry.area.round(2).tolist() == [13.25] * 4
    assert bays.geometry["P3"].bounds == pytest.approx((X0 + 106.7, Y0 + 50, X0 + 112, Y0 + 52.5), abs=0.001)
    code, told = added(capsys, folder, "parking", path, *say, "停车场")
    lot = open_workspace(folder)[PARKING].set_index("name").geometry["地面停车场"]
    assert (code, round(lot.area), len(lot.interiors)) == (0, 900, 1)
