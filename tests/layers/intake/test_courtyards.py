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
