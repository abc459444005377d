"""Broken outlines are repaired by structure, within limits, and only on consent."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from layers.catalog import PARKS
from layers.intake.look import Look, Setting, Wishes
from layers.intake.looking import look_at
from layers.intake.shapes_mended import MOST_CORNERS, MOST_CROSSINGS, around_the_earth, consent, mended
from layers.intake.source import Source
from layers.intake.whereabouts import Answers
from tests.samples import CRS, X0, Y0, box, manifest


def ring(*corners: tuple[float, float]) -> shapely.Polygon:
    return shapely.Polygon([(X0 + x, Y0 + y) for x, y in corners])


BOW = ring((0, 0), (100, 100), (100, 0), (0, 100))
SPIKE = ring((0, 0), (100, 0), (100, 100), (100, 150), (100, 100), (0, 100))
OUTSIDE = shapely.Polygon(box(0, 0).exterior, [box(200, 0).exterior])


def source(shapes: list[object], crs: str | None = CRS) -> Source:
    cells = pd.DataFrame({"park_id": [f"p{at}" for at in range(len(shapes))]})
    return Source("parks.gpkg", "", "gpkg", cells, np.arange(1, len(shapes) + 1), np.array(shapes, dtype=object), crs)


def seen(folder: Path, given: Source, *, mend: bool) -> Look:
    setting = Setting(folder, manifest(), {})
    return look_at(setting, [given], Wishes(PARKS, answers=Answers(given.crs), mend=mend), file="parks.gpkg")


@pytest.mark.parametrize(("shape", "before", "after"), [(BOW, 0.0, 5_000.0), (SPIKE, 10_000.0, 10_000.0)])
def test_the_area_before_and_after(shape: shapely.Polygon, before: float, after: float) -> None:
    done = mended(shape)
    assert done is not None
    assert done.before_m2 == pytest.approx(before)
    assert done.after_m2 == pytest.approx(after)
    assert shapely.is_valid(done.shape)
    assert f"{after:,.1f}" in consent(done).zh


def test_beyond_the_limits_nothing_is_repaired() -> None:
    draw = np.random.default_rng(3)
    wild = shapely.Polygon(draw.random((60, 2)) * 100)
    assert mended(wild) is None
    turns = np.linspace(0, 2 * np.pi, MOST_CORNERS + 1)
    circle = np.column_stack([np.cos(turns), np.sin(turns)]) * 100
    circle[[3, 4]] = circle[[4, 3]]
    assert not shapely.is_valid(shapely.Polygon(circle))
    assert mended(shapely.Polygon(circle)) is None
    assert mended(ring((0, 0), (10, 0), (0, 0), (10, 0))) is None
    assert mended(OUTSIDE) is None
    assert MOST_CROSSINGS < 60


def test_without_consent_the_row_is_lost_and_with_it_kept_and_told(tmp_path: Path) -> None:
    given = source([box(200, 200), BOW, shapely.Polygon(np.random.default_rng(3).random((60, 2)) * 100 + (X0, Y0))])
    refused = seen(tmp_path, given, mend=False)
    assert [(one.row, one.code) for one in refused.parts[0].lost] == [(2, "invalid_geometry"), (3, "invalid_geometry")]
    assert "--repair-shapes" in refused.parts[0].lost[0].remedy.en
    assert "--repair-shapes" not in refused.parts[0].lost[1].remedy.en
    assert not [one for one in refused.problems if one.code == "shape_mended"]
    agreed = seen(tmp_path, given, mend=True)
    assert [one.row for one in agreed.parts[0].lost] == [3]
    assert [one.row for one in agreed.problems if one.code == "shape_mended"] == ["2"]
    assert agreed.table.geometry.area.sum() == pytest.approx(15_000)
    assert agreed.rows_read == agreed.rows_kept + agreed.rows_rejected


def test_a_shape_around_the_earth(tmp_path: Path) -> None:
    band = shapely.box(-179.9, 30, 179.9, 30.1)
    assert around_the_earth(source([band, shapely.box(120, 30, 121, 31), None], "EPSG:4326")).tolist() == [
        True,
        False,
        False,
    ]
    assert not around_the_earth(source([shapely.box(-300, 0, 300, 10)])).any()
    assert not around_the_earth(source([band], None)).any()
    found = seen(tmp_path, source([band], "EPSG:4490"), mend=True)
    assert [(one.row, one.code) for one in found.parts[0].lost] == [(1, "around_earth")]
    assert found.merge is None
