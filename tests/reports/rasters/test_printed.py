"""Rasters on paper: they lie where they are, in metres, under the grids, and are asked of nobody."""

import numpy as np
import pytest

from geo.text import Text
from layers import Workspace
from reports import brief
from reports.document import Drawing, Paragraph
from reports.rasters.printed import NONE, TITLE, raster_section
from reports.render import html
from tests.samples import X0, Y0


def drawings(ws: Workspace) -> dict[str, Drawing]:
    return {one.caption.en: one for one in raster_section(ws).blocks if isinstance(one, Drawing)}


def test_a_picture_lies_where_the_raster_lies(rich: Workspace) -> None:
    """20 by 20 cells of 10 m whose upper left corner is at X0, Y0 + 200."""
    grids = rich.grids(rich.levels[0]).total_bounds
    for one in drawings(rich).values():
        left, top, wide, tall = one.placed_m
        edge = np.concatenate([np.array(ring.points) for ring in one.outlines])
        assert [wide, tall] == pytest.approx([200, 200], rel=5e-3)
        assert left - edge[:, 0].min() == pytest.approx(X0 - grids[0], abs=1)
        assert top - edge[:, 1].min() == pytest.approx(grids[3] - (Y0 + 200), abs=1)
        assert one.size_m == pytest.approx(tuple(np.ptp(edge, axis=0) + 0.08 * np.ptp(edge, axis=0).max()), rel=1e-6)
        assert one.scale_bar_m <= max(one.size_m[0] / 4, 50)
        assert one.legend


def test_thick_lines_are_the_largest_grids(rich: Workspace) -> None:
    one = next(iter(drawings(rich).values()))
    thick = sum(ring.thick for ring in one.outlines)
    assert thick == len(rich.grids(rich.levels[0]))
    assert len(one.outlines) == sum(len(rich.grids(level)) for level in rich.levels)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_briefing_shows_them(rich: Workspace, lang: str) -> None:
    page = html(brief(rich), lang=lang)
    assert f"{TITLE.in_(lang)}</h2>" in page
    assert page.count('<image href="data:image/png;base64,') == len(drawings(rich)) > 0
    assert "img-src data:" in page
    for one in drawings(rich).values():
        words: Text = one.legend[0][1]
        assert words.in_(lang) in page


def test_without_rasters_nothing_is_said_of_them(sample: Workspace) -> None:
    assert raster_section(sample).blocks == (Paragraph(NONE),)
    assert TITLE not in [one.title for one in brief(sample).sections]
