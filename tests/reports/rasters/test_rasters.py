"""What rasters say of grids of 100 m, on cells of 10 m."""

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image
from pyproj import Transformer

from geo.errors import DataError
from geo.raster import Place, opened_raster
from geo.raster.writing import raster_notes
from layers import Workspace, open_workspace
from reports.rasters.by_kind import figures_by_grid
from reports.rasters.figures import UNKNOWN, RasterFigures, statistics_by_grid
from reports.rasters.kinds import raster_held, rasters_held
from reports.rasters.overlay import overlay, overlays, with_overlay
from reports.rasters.ponding import ponding_finding
from reports.rasters.tables import csv_bytes, figures_answer, grid_table, ponding_answer, ponding_table, shade_series
from reports.rasters.terrain import terrain_of, write_terrain
from tests.reports.rasters.conftest import put
from tests.samples import CRS, X0, Y0, overrule


def figures(ws: Workspace, name: str, level: int = 2) -> RasterFigures:
    return figures_by_grid(ws, raster_held(ws, name), level)


def test_each_raster_is_known_by_its_name(rich: Workspace) -> None:
    kinds = {one.name: one.kind for one in rasters_held(rich)}
    assert kinds == {
        "bands": "bands", "elevation": "elevation", "land_cover": "land_cover", "noise": "measured",
        "population": "population", "temperature": "temperature",
    }  # fmt: skip
    assert [one.name for one in rasters_held(rich) if not one.declared] == ["noise"]
    with pytest.raises(DataError, match="elevation"):
        raster_held(rich, "nothing")


def test_a_workspace_says_what_its_own_rasters_hold(rich: Workspace) -> None:
    (rich.folder / "standards").mkdir()
    rows = "raster,kind,zh,en,scale,offset,unit\nnoise,measured,噪声,noise,2,10,分贝 dB\n"
    (rich.folder / "standards" / "rasters.csv").write_text(rows, encoding="utf-8")
    ws = open_workspace(rich.folder)
    held = raster_held(ws, "noise")
    assert (held.title.en, held.unit.en, held.declared) == ("noise", "dB", True)
    found = statistics_by_grid(ws, held, 2, statistics=("mean", "sum", "min", "variance", "median", "count"))
    np.testing.assert_allclose(found.table.loc["W1"], [15, 1500, 15, 0, 15, 100, 0], atol=1e-9)


def test_residents_are_added_up_and_the_unknown_is_not_zero(rich: Workspace) -> None:
    found = figures(rich, "population")
    assert found.table["residents"].dropna().to_dict() == pytest.approx({"E1": 100, "E2": 100, "W1": 100})
    assert found.table["residents_per_ha"]["E1"] == pytest.approx(100)
    assert np.isnan(found.table.loc["W2", "residents"])
    assert found.table.loc["W2", UNKNOWN] == pytest.approx(100)
    assert found.status == "proxy"
    assert any("unknown is not zero" in note.en for note in found.notes)
    whole = figures(rich, "population", 1)
    assert whole.table["residents"].to_dict() == pytest.approx({"W": 100, "E": 200})


def test_too_little_known_is_policy(rich: Workspace) -> None:
    overrule(rich.folder, raster_known_min_share=0.6)
    found = figures(open_workspace(rich.folder), "population", 1)
    assert np.isnan(found.table.loc["W", "residents"])
    assert found.table.loc["E", "residents"] == pytest.approx(200)


def test_terrain_by_hand(rich: Workspace) -> None:
    found = figures(rich, "elevation").table
    assert found.loc["E1", "slope_percent"] == pytest.approx(10)
    assert found.loc["E1", ["lowest_m", "highest_m"]].tolist() == [1, 10]
    assert found.loc["W1", "hollow_percent"] == pytest.approx(4)  # 4 cells of 100
    assert found.loc["W1", "deepest_m"] == pytest.approx(1)
    assert found.loc["E1", "hollow_percent"] == 0
    assert found.loc["E1", "steep_percent"] == pytest.approx(100)
    assert figures(rich, "elevation").status == "proxy"


def test_green_heat_and_cover_by_hand(rich: Workspace) -> None:
    green = figures(rich, "bands").table
    assert green["green_percent"].to_dict() == pytest.approx({"E1": 0, "E2": 0, "W1": 100, "W2": 0})
    assert green.loc["W1", "ndvi"] == pytest.approx(0.5)
    heat = figures(rich, "temperature", 1).table
    assert heat["above_mean_c"].to_dict() == pytest.approx({"W": -2, "E": 2})
    cover = figures(rich, "land_cover")
    assert cover.table.loc["W1", ["green_percent", "class_10_percent", "class_50_percent"]].tolist() == pytest.approx(
        [50, 50, 50]
    )
    assert cover.table.loc["E2", "class_77_percent"] == pytest.approx(1)
    assert any("77" in note.en for note in cover.notes)
    assert (
        statistics_by_grid(rich, raster_held(rich, "land_cover"), 2, statistics=("majority",)).table.loc[
            "E1", "majority"
        ]
        == 50
    )


def test_green_follows_the_threshold_of_the_workspace(rich: Workspace) -> None:
    overrule(rich.folder, green_ndvi_min=0.6)
    assert figures(open_workspace(rich.folder), "bands").table["green_percent"].max() == 0


def test_bands_must_be_said(rich: Workspace) -> None:
    (rich.folder / "standards").mkdir()
    rows = "raster,kind,zh,en,scale,offset,red_band,near_infrared_band\nnoise,bands,影像,image,1,0,3,9\n"
    (rich.folder / "standards" / "rasters.csv").write_text(rows, encoding="utf-8")
    ws = open_workspace(rich.folder)
    with pytest.raises(DataError, match="band 3"):
        figures(ws, "noise")
    (rich.folder / "standards" / "rasters.csv").write_text(rows.replace(",3,9", ",,"), encoding="utf-8")
    with pytest.raises(DataError, match="near_infrared_band"):
        figures(open_workspace(rich.folder), "noise")


def test_water_issues_against_hollows(rich: Workspace) -> None:
    """One blocked sewer of the sample has a place in a grid: (22, 20), in the hollow."""
    found = ponding_finding(rich, raster_held(rich, "elevation"))
    assert (found.issues, found.in_hollows) == (1, 1)
    assert found.table["issue_id"].tolist() == ["i03"]
    assert found.area_share == pytest.approx(4 / 400)
    assert (found.share_low, found.share_high) == pytest.approx((0.025, 1.0))
    assert "Fewer than" in found.sentence.en
    assert "Indication only" in found.sentence.en
    assert found.status == "proxy"
    assert json.dumps(ponding_answer(found), allow_nan=False)
    shown = ponding_table(rich, found, "zh")
    assert shown["depth_m"].tolist() == [1.0]
    assert shown["grid_id"].tolist() == [rich.grids()["name"].loc[found.table["grid_id"].iloc[0]]]


def test_without_water_issues_nothing_is_claimed(rich: Workspace) -> None:
    overrule(rich.folder, ponding_depth_min_m=5.0)
    found = ponding_finding(open_workspace(rich.folder), raster_held(rich, "elevation"))
    assert (found.in_hollows, found.area_share) == (0, 0)


def test_terrain_is_written_with_its_origin_and_the_same_bytes(rich: Workspace) -> None:
    held = raster_held(rich, "elevation")
    first = {key: path.read_bytes() for key, path in write_terrain(rich, held).items()}
    again = {key: path.read_bytes() for key, path in write_terrain(rich, held).items()}
    assert first == again
    kinds = {one.name: (one.kind, one.is_computed) for one in rasters_held(rich)}
    assert kinds["elevation_ponding"] == ("ponding", True)
    notes = raster_notes(rich.folder / "rasters" / "elevation_slope.tif")
    assert json.loads(notes["made_from"])["raster"] == "elevation"
    assert figures(rich, "elevation_ponding").table.loc["W1", "max"] == pytest.approx(1)
    with opened_raster(rich.folder / "rasters" / "elevation_flow.tif") as flow:
        assert flow.head.crs == rich.manifest.crs


def test_heights_in_degrees_are_carried_to_metres(rich: Workspace) -> None:
    """A plane that falls 10 % to the south, on cells in degrees."""
    to = Transformer.from_crs("EPSG:4326", CRS, always_xy=True)
    lon, lat = to.transform(X0 + 100, Y0 + 100, direction="INVERSE")
    step = 1e-4
    place = Place(step, 0.0, lon - 40 * step, 0.0, -step, lat + 40 * step)
    column, row = np.meshgrid(np.arange(80) + 0.5, np.arange(80) + 0.5)
    _, north = to.transform(place.c + column * step, place.f - row * step)
    height = (north - Y0) / 10
    put(rich.folder, "elevation", height.astype("float32"), place=place, crs="EPSG:4326")
    ws = open_workspace(rich.folder)
    ground = terrain_of(ws, raster_held(ws, "elevation"))
    assert ground.surface.crs == ws.manifest.crs
    found = figures(ws, "elevation").table
    assert found["slope_percent"].to_dict() == pytest.approx(dict.fromkeys(found.index, 10), rel=0.03)
    assert found.loc["E1", "height_m"] == pytest.approx(5, abs=0.2)
    assert found[UNKNOWN].max() == pytest.approx(0, abs=1e-6)


def test_pictures_for_the_map(rich: Workspace) -> None:
    shown = {one["key"]: one for one in overlays(rich)}
    assert set(shown) == {"bands", "elevation", "land_cover", "noise", "population", "temperature"}
    one = shown["land_cover"]
    (south, west), (north, east) = one["bounds"]
    assert south < north
    assert west < east
    assert [entry["words"][1] for entry in one["legend"]] == ["class 77", "built-up", "tree cover"]
    image = Image.open(io.BytesIO(base64.b64decode(one["image"].split(",")[1])))
    assert image.mode == "P"
    assert {"#006400", "#fa0000"} <= {f"#{r:02x}{g:02x}{b:02x}" for r, g, b in _colours(image)}
    assert overlay(rich, raster_held(rich, "land_cover")) == one
    made = with_overlay({"title": "x"}, one)
    assert made["overlays"][0]["on"]
    assert with_overlay({"title": "x"}, None) == {"title": "x"}


def _colours(image: Image.Image) -> set[tuple[int, int, int]]:
    return {colour for _, colour in image.convert("RGB").getcolors(4096) or []}


def test_an_empty_raster_has_no_picture(rich: Workspace) -> None:
    put(rich.folder, "noise", np.full((20, 20), -9999.0, "float32"))
    assert overlay(rich, raster_held(rich, "noise")) is None


def test_tables_for_pages_files_and_json(rich: Workspace) -> None:
    found = figures(rich, "elevation")
    table = grid_table(rich, found, first="deepest_m")
    assert table.index[0] == "W1"
    assert table.columns[0] == "name"
    assert "网格编号" in csv_bytes(rich, found, "zh").decode("utf-8-sig")
    series = shade_series(found, "slope_percent")
    assert series.attrs["unit"].en == "%"
    answer = figures_answer(found)
    assert json.loads(json.dumps(answer, allow_nan=False))["kind"] == "elevation"
