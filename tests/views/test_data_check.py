"""The Data check page lists rasters as it lists layers, with what is wrong with them."""

import shutil
from pathlib import Path

import pyogrio
import pytest
import rasterio

from geo.text import Lang
from layers.intake.look import setting_of
from layers.intake.rasters.look import look_at_raster
from layers.intake.rasters.taking import take_in_raster
from reports.raster_table import DOUBTFUL, GOOD, UNREADABLE
from tests.layers.intake.grids_of_cells import tiff
from tests.samples import CRS, X0, Y0
from tests.views.conftest import Visit
from tests.views.test_pages import said
from views import data_check


@pytest.mark.parametrize("lang", [Lang.ZH, Lang.EN])
def test_rasters_are_listed_with_their_faults(visit: Visit, folder: Path, tmp_path: Path, lang: str) -> None:
    assert data_check.RASTERS.in_(lang) not in said(visit("data-check", folders=[folder], lang=lang))
    setting = setting_of(folder)
    take_in_raster(folder, look_at_raster(setting, tiff(tmp_path / "population.tif")))
    home = folder / "rasters"
    tiff(home / "away.tif", transform=rasterio.Affine(50, 0, X0 + 90_000, 0, -50, Y0))
    (home / "cut.tif").write_bytes(b"II*\0" + bytes(60))
    app = visit("data-check", folders=[folder], lang=lang)
    assert not app.exception
    assert data_check.RASTERS.in_(lang) in said(app)
    table = app.dataframe[-1].value.set_index("name")
    assert table["state"].to_dict() == {
        "away": DOUBTFUL.in_(lang), "cut": UNREADABLE.in_(lang), "population": GOOD.in_(lang),
    }  # fmt: skip
    good = table.loc["population"]
    assert good["crs"].startswith(CRS)
    assert "4 × 4" in good["size"]
    assert good["cell"].startswith("50 × 50")
    assert (good["values"], good["covered"], good["unknown"]) == ("1 … 16", "100.0%", "0.0%")
    assert good["taken_at"].startswith("20")
    files = app.table[0].value.iloc[:, 1].str.replace("\\", "").tolist()
    assert {"rasters/away.tif", "rasters/cut.tif"} <= set(files)


def test_rasters_are_listed_where_rows_of_a_layer_are_set_aside(visit: Visit, folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (copy / "rasters").mkdir()
    tiff(copy / "rasters" / "population.tif")
    grids = pyogrio.read_dataframe(copy / "layers.gpkg", layer="buildings")
    grids.loc[1, "building_id"] = grids.loc[0, "building_id"]
    pyogrio.write_dataframe(grids, copy / "layers.gpkg", layer="buildings")
    app = visit("data-check", folders=[copy], lang="en")
    assert not app.exception
    assert app.dataframe[-1].value["name"].tolist() == ["population"]
