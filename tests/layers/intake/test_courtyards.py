"""Courtyards in other units are put back where they lie inside their outline, else left out; both are told."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from layers.catalog import BUILDINGS
from layers.intake.courtyards import put_back, without_strange_rings
from layers.intake.look import Setting, Wishes
from layers.intake.looking import look_at
from layers.intake.source import Source
from layers.intake.spatial.written import written_shapes
from layers.intake.upload.opening import open_upload
from layers.intake.whereabouts import Answers
from reports.webmap.degrees import degrees
from tests.samples import CRS, X0, Y0, box, manifest

BOSTON = Path(__file__).parents[2] / "data" / "intake" / "courtyards" / "boston.geojson"
TRUE_M2 = {8007: 14693.3, 21899: 51293.1, 8017: 6834.3, 5339: 5923.2, 21689: 130.5, 8519: 148.3}
"""Areas of the six by their courtyards moved from UTM 19N by hand, square metres."""


def source(shapes: list[object], crs: str | None = CRS) -> Source:
    cells = pd.DataFrame({"building_id": [f"b{at}" for at in range(len(shapes))]})
    return Source("b.gpkg", "", "gpkg", cells, np.arange(1, len(shapes) + 1), np.array(shapes, dtype=object), crs)


def test_boston(tmp_path: Path) -> None:
    (given,) = open_upload(BOSTON)
    found = look_at(
        Setting(tmp_path, manifest(crs="EPSG:26986"), {}),
        [given],
        Wishes(BUILDINGS, answers=Answers("EPSG:4326")),
        file="b",
    )
    assert (found.rows_read, found.rows_rejected) == (10, 0)
    areas = dict(zip(found.table["fid_tfs"], found.table.geometry.area, strict=True))
    for name, area in TRUE_M2.items():
        assert areas[name] == pytest.approx(area, abs=0.5)
    told = {one.code: one.found for one in found.problems}
    assert told["courtyard_read"].en.startswith("4 shapes have courtyards in other units, rows ")
    assert "2 个图形" in told["courtyard_left_out"].zh


def test_degrees_within_metres() -> None:
    house = box(0, 0, 60, 40)
    middle = (X0 + 30, Y0 + 20)
    yard = shapely.transform(shapely.box(middle[0] - 5, middle[1] - 5, middle[0] + 5, middle[1] + 5), _degrees)
    shell = shapely.Polygon(house.exterior, [yard.exterior])
    given = source([shell, box(100, 0, 20, 20)])
    rings = without_strange_rings(given, CRS)
    assert [one.row for one in rings.faults] == [0]
    assert rings.source.geometry is not None
    shapes = rings.source.geometry.copy()
    done = put_back(rings, shapes, "b")
    assert shapes[0].area == pytest.approx(60 * 40 - 100, abs=0.1)
    assert [one.code for one in done.notes] == ["courtyard_read"]
    assert "1 (100.0 m²)" in done.notes[0].found.en


def _degrees(xy: np.ndarray) -> np.ndarray:
    return np.column_stack(degrees(CRS, xy[:, 0], xy[:, 1]))


def test_a_ring_that_fits_nowhere_is_left_out_and_told() -> None:
    shell = shapely.Polygon(box(0, 0, 60, 40).exterior, [shapely.box(5, 5, 9, 9).exterior])
    given = source([shell])
    rings = without_strange_rings(given, CRS)
    assert rings.source.geometry is not None
    shapes = rings.source.geometry.copy()
    done = put_back(rings, shapes, "b")
    assert shapes[0].area == pytest.approx(2400)
    assert [one.code for one in done.notes] == ["courtyard_left_out"]
    assert not done.lost


def test_a_part_in_other_units_costs_the_row(tmp_path: Path) -> None:
    torn = shapely.MultiPolygon([box(0, 0, 20, 20), shapely.box(120.0, 30.7, 120.001, 30.701)])
    found = look_at(
        Setting(tmp_path, manifest(), {}), [source([torn, box(30, 0, 20, 20), box(60, 0, 20, 20)])],
        Wishes(BUILDINGS, answers=Answers(CRS)), file="b",
    )  # fmt: skip
    assert [(one.row, one.code) for one in found.parts[0].lost] == [(1, "part_in_other_units")]
    assert found.rows_kept == 2


def test_sound_courtyards_stay() -> None:
    shell = shapely.Polygon(box(0, 0, 60, 40).exterior, [box(10, 10, 10, 10).exterior])
    given = source([shell, None, shapely.Point(0, 0)])
    rings = without_strange_rings(given, CRS)
    assert rings.source is given
    assert put_back(rings, np.array([shell, None, None], dtype=object), "b") == ((), ())


def written(tmp_path: Path, shapes: list[object], form: str, *, crs: str = CRS) -> Source:
    """The same shapes in the cells of a CSV file."""
    srid = int(crs.removeprefix("EPSG:"))
    texts = {
        "wkt": [shapely.to_wkt(one, rounding_precision=-1) for one in shapes],
        "ewkt": [f"SRID={srid};{shapely.to_wkt(one, rounding_precision=-1)}" for one in shapes],
        "wkb": [shapely.to_wkb(one, hex=True) for one in shapes],
        "ewkb": [shapely.to_wkb(shapely.set_srid(one, srid), hex=True, include_srid=True).lower() for one in shapes],
        "bytea": ["\\x" + shapely.to_wkb(one, hex=True, byte_order=0) for one in shapes],
    }[form]
    path = tmp_path / "楼.csv"
    rows = "".join(f'b{at},"{text}"\n' for at, text in enumerate(texts))
    path.write_text(f"building_id,the_geom\n{rows}", "utf-8")
    (given,) = open_upload(path)
    assert given.geometry is None
    return given


@pytest.mark.parametrize("form", ["wkt", "ewkt", "wkb", "ewkb", "bytea"])
def test_rings_that_are_written_in_cells_are_examined_too(tmp_path: Path, form: str) -> None:
    middle = (X0 + 30, Y0 + 20)
    yard = shapely.transform(shapely.box(middle[0] - 5, middle[1] - 5, middle[0] + 5, middle[1] + 5), _degrees)
    shell = shapely.Polygon(box(0, 0, 60, 40).exterior, [yard.exterior])
    lost = shapely.Polygon(box(70, 0, 20, 20).exterior, [shapely.box(5, 5, 9, 9).exterior])
    torn = shapely.MultiPolygon([box(0, 90, 20, 20), shapely.box(120.0, 30.7, 120.001, 30.701)])
    given = written(tmp_path, [shell, lost, box(100, 0, 20, 20), torn], form)
    answers = Answers() if form.startswith("e") else Answers(CRS)
    found = look_at(Setting(tmp_path, manifest(), {}), [given], Wishes(BUILDINGS, answers=answers), file="楼.csv")
    assert found.questions == ()
    assert found.table.geometry.area.round(1).to_dict() == {"b0": 2300.0, "b1": 400.0, "b2": 400.0}
    assert [(one.row, one.code) for one in found.parts[0].lost] == [(5, "part_in_other_units")]
    told = {one.code: one.found.en for one in found.problems}
    assert "2 (100.0 m²)" in told["courtyard_read"]
    assert told["courtyard_left_out"].endswith("rows 3")
    assert found.parts[0].source.geometry is None  # its rejected rows come back as a CSV file


def test_a_written_shape_across_the_line_of_180_degrees_is_lost(tmp_path: Path) -> None:
    given = written(tmp_path, [shapely.box(-179.9, 10, 179.9, 11), shapely.box(112, 32, 112.001, 32.001)], "ewkt", crs="EPSG:4326")  # fmt: skip
    found = look_at(Setting(tmp_path, manifest(), {}), [given], Wishes(BUILDINGS), file="楼.csv")
    assert [(one.row, one.code) for one in found.parts[0].lost] == [(2, "around_earth")]


@pytest.mark.parametrize(
    "text",
    [
        "GEOMETRYCOLLECTION(" * 2000 + "POINT(1 1)" + ")" * 2000,
        "010700000001000000" * 5000 + "010700000000000000",
        "010400000001000000" * 5000 + "0101000000000000000000f03f000000000000f03f",
        "0103000000ffffffff",
        "0103000000010000",
        "01070000000200000001010000000000000000",
        "0199000000000000000000f03f000000000000f03f",
        "POLYGON((1 1, 2",
        "甲",
    ],
    ids=lambda text: text[:24],
)
def test_what_is_no_shape_or_nests_without_end_is_none(text: str) -> None:
    found = written_shapes(pd.Series([text, "POINT(1 2)", None], dtype="str"))
    assert [one is None for one in found.shapes] == [True, False, True]


def test_collections_of_a_usual_depth_are_read() -> None:
    inner = shapely.MultiPolygon(
        [box(0, 0, 1, 1), shapely.Polygon(box(2, 0, 9, 9).exterior, [box(3, 1, 1, 1).exterior])]
    )
    deep = shapely.GeometryCollection([inner, shapely.Point(1, 2), shapely.LineString([(0, 0, 5), (1, 1, 5)])])
    cells = pd.Series([shapely.to_wkb(deep, hex=True, flavor=flavor) for flavor in ("extended", "iso")])
    assert shapely.equals(written_shapes(cells).shapes, deep).all()
