"""A GeoTIFF on the Import page: shown with a picture, asked about, stored, undone."""

from pathlib import Path

import numpy as np
import pytest

from geo.text import Lang
from layers import open_workspace
from layers.intake.history import history
from layers.intake.look import setting_of
from layers.intake.rasters.look import look_at_raster
from reports.intake_batch import RASTER, READY, STANDS
from reports.intake_raster import blocked, picture
from tests import intake_files as files
from tests.layers.intake.foreign import zipped
from tests.layers.intake.grids_of_cells import CELLS, tiff
from tests.layers.intake.test_rasters import companions
from tests.views.conftest import Visit
from tests.views.test_import_page import press, upload
from tests.views.test_pages import said
from views import import_history, import_raster


@pytest.mark.parametrize("lang", [Lang.ZH, Lang.EN])
def test_a_raster_is_shown_stored_and_undone(visit: Visit, folder: Path, tmp_path: Path, lang: str) -> None:
    content = tiff(tmp_path / "residents.tif").read_bytes()
    app = upload(visit("import", folders=[folder], lang=lang), ("人口.tif", content))
    assert not app.exception
    assert "136" in "".join(str(one.value) for one in app.markdown)
    app = next(one for one in app.text_input if one.label == import_raster.NAME.in_(lang)).set_value("population").run()
    app = press(app, import_raster.CONFIRM.in_(lang))
    assert not app.exception
    assert open_workspace(folder).raster("population") is not None
    assert "population" in "".join(str(one.value) for one in app.success)
    assert "population" in app.dataframe[-1].value["layer"].tolist()[0]
    app = press(app, import_history.UNDO.format(n=1, file="人口.tif").in_(lang))
    app = press(app, import_history.YES.in_(lang))
    assert not app.exception
    assert history(folder) == []
    assert open_workspace(folder).raster("population") is None


@pytest.mark.parametrize("lang", [Lang.ZH, Lang.EN])
def test_a_zip_with_a_raster_is_a_raster(visit: Visit, folder: Path, tmp_path: Path, lang: str) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    tiff(inside / "a.tif")
    companions(inside)
    content = zipped(tmp_path / "a.zip", inside).read_bytes()
    app = upload(visit("import", folders=[folder], lang=lang), ("residents.zip", content))
    assert not app.exception
    assert "136" in "".join(str(one.value) for one in app.markdown)
    assert "a.tif.aux.xml" in "".join(table.value.to_string() for table in app.table).replace("\\", "")
    app = press(app, import_raster.CONFIRM.in_(lang))
    assert not app.exception
    assert open_workspace(folder).raster("residents") is not None


def test_a_zip_with_a_raster_and_a_list_is_two_things(visit: Visit, folder: Path, tmp_path: Path) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    tiff(inside / "population.tif")
    (inside / "清单.csv").write_bytes(files.csv_file())
    app = upload(
        visit("import", folders=[folder], lang="en"), ("data.zip", zipped(tmp_path / "a.zip", inside).read_bytes())
    )
    assert not app.exception
    listed = app.dataframe[0].value
    assert listed["file"].tolist() == ["data.zip/in/population.tif", "data.zip/in/清单.csv"]
    assert listed["stands"].tolist() == [STANDS[RASTER].en, STANDS[READY].en]
    app = press(app, import_raster.CONFIRM.en)
    assert not app.exception
    assert open_workspace(folder).raster("population") is not None
    app = press(app, "Store all that are ready")
    assert not app.exception
    assert [one.record["layer"] for one in history(folder)] == ["rasters", "issues"]


def test_what_stands_in_the_way_is_said_on_the_page(visit: Visit, folder: Path, tmp_path: Path) -> None:
    app = upload(
        visit("import", folders=[folder], lang="en"), ("a.tif", tiff(tmp_path / "a.tif", crs=None).read_bytes())
    )
    button = next(one for one in app.button if one.label == import_raster.CONFIRM.en)
    assert button.disabled
    assert "no coordinate system" in "".join(table.value.to_string() for table in app.table)
    app = next(one for one in app.text_input if one.label == import_raster.CRS.en).set_value("EPSG:4546").run()
    assert not next(one for one in app.button if one.label == import_raster.CONFIRM.en).disabled
    app = upload(visit("import", folders=[folder], lang="en"), ("b.tif", b"II*\0" + bytes(60)))
    assert not app.exception
    assert import_raster.REFUSED.format(name="b.tif").en in said(app) + "".join(str(one.value) for one in app.error)


def test_the_picture_runs_from_light_to_dark_and_is_clear_where_nothing_is_known(folder: Path, tmp_path: Path) -> None:
    cells = CELLS.copy()
    cells[0, 0] = np.nan
    look = look_at_raster(setting_of(folder), tiff(tmp_path / "a.tif", cells))
    drawn = picture(look)
    assert drawn is not None
    assert (drawn.shape, drawn[0, 0, 3], drawn[0, 1, 3]) == ((4, 4, 4), 0, 255)
    assert drawn[0, 1, 0] > drawn[3, 3, 0]
    assert blocked(look) is None
    empty = look_at_raster(setting_of(folder), tiff(tmp_path / "a.tif", np.full_like(CELLS, np.nan)))
    assert picture(empty) is None
    assert blocked(empty) is not None
