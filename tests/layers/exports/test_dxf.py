from pathlib import Path

import ezdxf
import geopandas as gpd
import numpy as np
import pytest
import shapely
from ezdxf import recover

from geo.errors import CrsError
from layers import Workspace
from layers.exports import export_layer, export_table
from tests.layers.exports.tables import kinds, nasty
from tests.samples import CRS, point


def test_areas_are_closed_polylines_in_metres(sample: Workspace, tmp_path: Path) -> None:
    export_layer(sample, "buildings", tmp_path / "a.dxf")
    drawing = ezdxf.readfile(tmp_path / "a.dxf")
    assert drawing.dxfversion == "AC1024"
    assert drawing.units == 6
    assert list(drawing.header.custom_vars) == [("CRS", "EPSG:4546")]
    lines = drawing.modelspace().query("LWPOLYLINE")
    assert all(one.closed and one.dxf.layer == "建筑" for one in lines)
    found = [shapely.Polygon(one.get_points("xy")) for one in lines]
    assert all(a.equals(b) for a, b in zip(found, sample["buildings"].geometry, strict=True))
    names = drawing.modelspace().query("TEXT")
    assert [one.dxf.text for one in names] == sample["buildings"]["name"].tolist()
    assert {one.dxf.layer for one in names} == {"建筑_注记"}
    assert drawing.layers.get("建筑").rgb == (0xB9, 0xA5, 0x8C)


def test_points_lines_and_holes(tmp_path: Path) -> None:
    done = export_table(kinds(), tmp_path / "a.dxf", lang="en")
    space = ezdxf.readfile(tmp_path / "a.dxf").modelspace()
    assert [n.code for n in done.notes] == ["export_no_place"]
    assert len(space.query("POINT")) == 1
    assert sorted(one.closed for one in space.query("LWPOLYLINE")) == [False, True, True, True, True]
    assert np.allclose(space.query("POINT")[0].dxf.location, (500001, 3400002, 0))


def test_no_text_breaks_the_drawing(tmp_path: Path) -> None:
    table = nasty()
    export_table(table, tmp_path / "a.dxf")
    drawing, audit = recover.readfile(tmp_path / "a.dxf")
    assert not audit.errors
    assert len(drawing.modelspace().query("POINT")) == len(table)
    words = [one.dxf.text for one in drawing.modelspace().query("TEXT")]
    assert len(words) == len(table)
    assert "two lines" in words
    assert not any("%%" in one for one in words)


def test_degrees_are_refused(tmp_path: Path) -> None:
    table = gpd.GeoDataFrame({"a": [1]}, geometry=[point(0, 0)], crs=CRS).to_crs("EPSG:4490")
    with pytest.raises(CrsError):
        export_table(table, tmp_path / "a.dxf")
    assert not list(tmp_path.iterdir())


def test_the_settings_of_the_library_stay_as_they_were(sample: Workspace, tmp_path: Path) -> None:
    before = ezdxf.options.write_fixed_meta_data_for_testing
    export_layer(sample, "parks", tmp_path / "a.dxf")
    assert ezdxf.options.write_fixed_meta_data_for_testing is before
