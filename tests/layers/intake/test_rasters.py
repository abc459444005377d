"""A GeoTIFF comes in whole, placed and with its values unchanged, or with one clear reason why not."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from rasterio.shutil import copy

import geo
from geo.errors import DataError
from layers import open_workspace
from layers.intake.history import RECORD, history, undo
from layers.intake.look import setting_of
from layers.intake.rasters.facts import change_words, facts_of
from layers.intake.rasters.look import RasterLook, look_at_raster
from layers.intake.rasters.stored import stored_rasters, strays
from layers.intake.rasters.taking import take_in_raster
from tests.layers.intake.foreign import zipped
from tests.layers.intake.grids_of_cells import CELLS, tiff, values
from tests.samples import CRS, X0, Y0

ROOT = Path(__file__).parents[3]
DATA = ROOT / "tests" / "data" / "intake"


def looked(folder: Path, path: Path, **said: str) -> RasterLook:
    return look_at_raster(setting_of(folder), path, **said)


def codes(look: RasterLook) -> list[str]:
    return [one.code for one in (*look.questions, *look.problems)]


def refused(folder: Path, path: Path, **said: str) -> str:
    with pytest.raises(DataError) as caught:
        looked(folder, path, **said)
    return caught.value.problems[0].code


def test_it_is_stored_whole_with_its_values_and_a_record(folder: Path, tmp_path: Path) -> None:
    cells = CELLS.copy()
    cells[0, 0] = -1
    path = tiff(tmp_path / "人口 2021.tif", cells, nodata=-1)
    look = looked(folder, path)
    assert (look.name, look.crs, look.covered, look.is_new) == ("人口_2021", CRS, 1.0, True)
    assert look.survey is not None
    assert (look.survey.cells, look.survey.known, look.survey.inside, look.survey.known_inside) == (16, 15, 16, 15)
    assert (look.survey.low, look.survey.high, look.survey.total) == (2, 16, 135)
    assert look.survey.picture.shape == (4, 4)
    assert np.isnan(look.survey.picture[0, 0])
    assert codes(look) == ["raster_gaps"]
    assert "6.2%" in look.problems[0].found.en
    done = take_in_raster(folder, look)
    kept = folder / "rasters" / "人口_2021.tif"
    assert open_workspace(folder).raster("人口_2021") == kept.resolve()
    assert np.ma.allequal(values(kept), values(path))
    assert json.loads((done.folder / RECORD).read_text("utf-8"))["sha256"] == look.sha256
    assert [one.name for one in done.folder.iterdir()] == [RECORD]
    grids = open_workspace(folder).grids()
    sums = geo.zonal_sum(kept, grids.geometry.to_numpy(), CRS)
    assert dict(zip(grids.index, sums, strict=True)) == {"E1": 54, "E2": 22, "W1": 46, "W2": 13}


def test_what_is_kept_is_tiled_packed_and_has_overviews(folder: Path, tmp_path: Path) -> None:
    cells = np.random.default_rng(1).integers(0, 9, (1200, 1300)).astype("int16")
    place = rasterio.Affine(1, 0, X0 - 300, 0, -1, Y0 + 700)
    path = tiff(tmp_path / "a.tif", cells, transform=place, nodata=-9)
    take_in_raster(folder, looked(folder, path, name="first"))
    take_in_raster(folder, looked(folder, path, name="second"))
    first, second = (folder / "rasters" / f"{name}.tif" for name in ("first", "second"))
    assert first.read_bytes() == second.read_bytes()
    with rasterio.open(first) as source:
        assert source.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert (source.profile["tiled"], source.profile["compress"], source.profile["blockxsize"]) == (
            True, "deflate", 512,
        )  # fmt: skip
        assert source.overviews(1) == [2, 4]
        assert (source.nodata, source.transform) == (-9, place)
        assert (source.read(1) == cells).all()


@pytest.mark.parametrize("dtype", ["int8", "uint16", "int64", "float64"])
def test_bands_masks_scales_and_types_come_through(folder: Path, tmp_path: Path, dtype: str) -> None:
    bands = np.stack([CELLS, CELLS + 20]).astype(dtype)
    mask = np.ones((4, 4), dtype=bool)
    mask[3, 3] = False
    path = tiff(tmp_path / "a.tif", bands, mask=mask, photometric="MINISBLACK")
    with rasterio.open(path, "r+") as source:
        source.scales, source.offsets = (0.5, 0.5), (10, 10)
    look = looked(folder, path)
    assert codes(look) == ["raster_bands", "raster_gaps"]
    assert look.survey is not None
    assert (look.survey.low, look.survey.high, look.survey.total) == (10.5, 17.5, 15 * 10 + 120 / 2)
    take_in_raster(folder, look)
    kept = folder / "rasters" / "a.tif"
    assert values(kept).dtype == dtype
    assert np.ma.allequal(values(kept), values(path))
    assert values(kept).mask.sum() == 2
    assert not looked(folder, path).is_new
    whole = geo.zonal_sum(kept, [shapely.box(X0, Y0, X0 + 200, Y0 + 200)], CRS)
    assert whole[0] == look.survey.total


def test_the_same_adds_nothing_and_a_new_version_shows_what_changed(folder: Path, tmp_path: Path) -> None:
    path = tiff(tmp_path / "a.tif")
    take_in_raster(folder, looked(folder, path))
    before = (folder / "rasters" / "a.tif").read_bytes()
    again = looked(folder, path)
    assert not again.is_new
    assert "nothing to take in" in change_words(again).en
    other = CELLS.copy()
    other[1, 1:3] = np.nan
    newer = looked(folder, tiff(tmp_path / "a.tif", other))
    assert newer.is_new
    assert newer.survey is not None
    assert newer.survey.changed == 2
    assert "2 cells differ (12.5%)" in change_words(newer).en
    with pytest.raises(DataError) as caught:
        take_in_raster(folder, again)
    assert caught.value.problems[0].code == "raster_altered"
    take_in_raster(folder, newer)
    wider = looked(folder, tiff(tmp_path / "a.tif", np.ones((8, 8), dtype="float32")))
    assert wider.is_new
    assert "another grid or type" in change_words(wider).en
    undo(folder)
    assert (folder / "rasters" / "a.tif").read_bytes() == before
    undo(folder)
    assert not (folder / "rasters" / "a.tif").exists()
    assert history(folder) == []


def test_what_is_told(folder: Path, tmp_path: Path) -> None:
    degrees = gpd.GeoSeries([shapely.box(X0, Y0, X0 + 200, Y0 + 200)], crs=CRS).to_crs(4326).total_bounds
    west, south, east, north = degrees
    step = rasterio.Affine((east - west) / 4, 0, west, 0, (south - north) / 2, north)
    cells = np.array([[-9999, 1, 2, 3], [4, 5, 6, -9999]], dtype="int16")
    look = looked(folder, tiff(tmp_path / "a.tif", cells, crs="EPSG:4326", transform=step))
    assert set(codes(look)) == {"raster_crs_differs", "raster_offset", "raster_suspects"}
    assert next(one for one in look.problems if one.code == "raster_suspects").found.en.endswith("-9999 in 2 cells")
    assert any("about" in one.value.en for one in facts_of(look))
    half = looked(folder, tiff(tmp_path / "b.tif", CELLS[:2]))
    assert (codes(half), half.covered) == (["raster_part"], 0.5)
    stated = looked(folder, tiff(tmp_path / "c.tif", crs="EPSG:4547"), crs=CRS)
    assert (codes(stated), stated.crs) == (["raster_crs_stated"], CRS)


@pytest.mark.parametrize(
    ("code", "made"),
    [
        ("raster_no_crs", {"crs": None}),
        ("raster_elsewhere", {"transform": rasterio.Affine(50, 0, X0 + 90_000, 0, -50, Y0)}),
        ("raster_elsewhere", {"transform": rasterio.Affine(50, 0, X0 + 300, 0, -50, Y0)}),
        ("raster_no_way", {"crs": "EPSG:2382"}),
        ("raster_turned", {"transform": rasterio.Affine(35, 35, X0, 35, -35, Y0)}),
        ("raster_turned", {"transform": rasterio.Affine(50, 0, X0, 0, 50, Y0)}),
        ("raster_unplaced", {"transform": rasterio.Affine.identity()}),
        ("raster_numbers", {"dtype": "complex64"}),
        ("raster_empty", {"nodata": 7, "cells": np.full((4, 4), 7, dtype="uint8")}),
    ],
)
@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_one_question_each(folder: Path, tmp_path: Path, code: str, made: dict[str, object]) -> None:
    cells = made.pop("cells", CELLS)
    path = tiff(tmp_path / "a.tif", np.asarray(cells).astype(made.get("dtype", cells.dtype)), **made)  # type: ignore[attr-defined]
    look = looked(folder, path)
    assert [one.code for one in look.questions] == [code]
    assert not look.is_new
    with pytest.raises(DataError) as caught:
        take_in_raster(folder, look)
    assert caught.value.problems[0].code == code
    assert not (folder / "rasters").exists()


def test_a_stated_system_answers(folder: Path, tmp_path: Path) -> None:
    path = tiff(tmp_path / "a.tif", crs=None)
    look = looked(folder, path, crs=CRS)
    assert codes(look) == []
    take_in_raster(folder, look)
    assert geo.raster.raster_crs(folder / "rasters" / "a.tif") == CRS
    assert [one.code for one in looked(folder, path, crs="no system").questions] == ["raster_no_crs"]


def test_names(folder: Path, tmp_path: Path) -> None:
    path = tiff(tmp_path / "a.tif")
    for name in ("../x", "a/b", "a.b", "", "con", "x" * 41, "a b"):
        assert [one.code for one in looked(folder, path, name=name).questions] == ["raster_name"]
    take_in_raster(folder, looked(folder, path, name="Pop"))
    assert [one.code for one in looked(folder, path, name="pop").questions] == ["raster_name"]


def test_nothing_beside_the_file_is_followed(folder: Path, tmp_path: Path) -> None:
    path = tiff(tmp_path / "a.tif")
    (tmp_path / "a.tif.aux.xml").write_text(
        "<PAMDataset><PAMRasterBand band='1'><NoDataValue>5</NoDataValue></PAMRasterBand></PAMDataset>"
    )
    (tmp_path / "a.tfw").write_text("1\n0\n0\n-1\n0\n0\n")
    (tmp_path / "a.tif.msk").write_bytes(tiff(tmp_path / "m.tif", np.zeros((4, 4), dtype="uint8")).read_bytes())
    look = looked(folder, path)
    assert look.survey is not None
    assert (look.head.nodata, look.survey.known) == (None, 16)
    take_in_raster(folder, look)
    for end in (".tif.aux.xml", ".tif.msk"):
        (folder / "rasters" / f"a{end}").write_bytes((tmp_path / f"a{end}").read_bytes())
    whole = [shapely.box(X0, Y0, X0 + 200, Y0 + 200)]
    assert geo.zonal_sum(folder / "rasters" / "a.tif", whole, CRS)[0] == CELLS.sum()


def test_what_is_no_raster_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    assert refused(folder, tmp_path / "a.csv") == "no_raster"
    assert refused(folder, tmp_path / "none.tif") == "no_file"
    for name in ("drv_vrtraw_secret.tif", "drv_vrt_source_local.tif", "drv_mrf_writes_file.tif", "drv_wms_tms.tif"):
        assert refused(folder, DATA / "attacks" / name) == "format_orders"
    assert refused(folder, DATA / "attacks" / "tif_giant_sparse.tif") == "raster"
    (tmp_path / "cut.tif").write_bytes(tiff(tmp_path / "a.tif").read_bytes()[:150])
    assert refused(folder, tmp_path / "cut.tif") in {"raster", "worker_unreadable", "worker_crash"}


def test_a_zip_with_one_raster_is_as_good(folder: Path, tmp_path: Path) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    tiff(inside / "a.tif")
    look = looked(folder, zipped(tmp_path / "a.zip", inside))
    take_in_raster(folder, look)
    assert np.ma.allequal(values(folder / "rasters" / "a.tif"), CELLS[None])
    tiff(inside / "b.tif")
    assert refused(folder, zipped(tmp_path / "b.zip", inside)) == "several_rasters"


def companions(inside: Path) -> None:
    """Put beside ``a.tif`` what other programs put there; all of it lies."""
    (inside / "a.tfw").write_text("1\n0\n0\n-1\n0\n0\n")
    (inside / "a.tif.aux.xml").write_text(
        "<PAMDataset><PAMRasterBand band='1'><NoDataValue>5</NoDataValue></PAMRasterBand></PAMDataset>"
    )
    for end in ("ovr", "msk"):
        tiff(inside / f"a.tif.{end}", np.zeros((2, 2), dtype="uint8"))


def test_what_lies_beside_a_raster_in_a_zip_is_named_and_not_read(folder: Path, tmp_path: Path) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    tiff(inside / "a.tif")
    companions(inside)
    look = looked(folder, zipped(tmp_path / "a.zip", inside))
    assert codes(look) == ["raster_alone"]
    for name in ("a.tfw", "a.tif.aux.xml", "a.tif.ovr", "a.tif.msk"):
        assert name in look.problems[0].found.en
    assert look.survey is not None
    assert (look.head.nodata, look.head.bounds[0], look.survey.known) == (None, X0, 16)
    take_in_raster(folder, look)
    assert np.ma.allequal(values(folder / "rasters" / "a.tif"), CELLS[None])


def test_a_table_beside_a_raster_is_named_and_one_of_two_can_be_wanted(folder: Path, tmp_path: Path) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    tiff(inside / "a.tif")
    (inside / "list.csv").write_text("a,b\n1,2\n")
    look = looked(folder, zipped(tmp_path / "a.zip", inside))
    assert codes(look) == ["raster_alone"]
    assert "list.csv" in look.problems[0].found.zh
    tiff(inside / "b.tif", CELLS + 1)
    look = looked(folder, zipped(tmp_path / "b.zip", inside), member="in/b.tif", name="b")
    take_in_raster(folder, look)
    assert np.ma.allequal(values(folder / "rasters" / "b.tif"), CELLS[None] + 1)


def test_a_raster_that_unpacks_without_end_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_bytes(b"II*\0" + bytes(60_000_000))
    assert refused(folder, zipped(tmp_path / "a.zip", tmp_path / "a.tif")) == "archive_size"


def test_the_raster_without_a_value_is_known_and_not_taken_in(folder: Path) -> None:
    look = looked(folder, DATA / "broken" / "raster" / "all-nodata.tif")
    assert (look.head.width, look.head.height, look.head.bands, look.head.nodata) == (71, 2475, 4, 0)
    assert [one.code for one in look.questions] == ["raster_elsewhere"]


def test_rasters_of_a_workspace_are_listed_with_their_faults(folder: Path, tmp_path: Path) -> None:
    take_in_raster(folder, looked(folder, tiff(tmp_path / "good.tif")))
    home = folder / "rasters"
    tiff(home / "away.tif", transform=rasterio.Affine(50, 0, X0 + 90_000, 0, -50, Y0))
    (home / "broken.tif").write_bytes(b"II*\0" + bytes(60))
    (home / "a b.tif").write_bytes(b"x")
    found = {one.name: one for one in stored_rasters(setting_of(folder))}
    assert sorted(found) == ["away", "broken", "good"]
    assert (found["good"].unknown_share, found["good"].covered, found["good"].problems) == (0.0, 1.0, ())
    assert [one.code for one in found["away"].problems] == ["raster_elsewhere"]
    assert found["broken"].head is None
    assert [one.file for one in found["broken"].problems] == ["rasters/broken.tif"]
    assert [one.code for one in strays(folder)] == ["raster_stray"]


def test_a_file_with_its_overviews_loses_nothing(folder: Path, tmp_path: Path) -> None:
    cells = np.arange(1_000_000, dtype="float32").reshape(1000, 1000)
    plain = tiff(tmp_path / "plain.tif", cells, transform=rasterio.Affine(1, 0, X0 - 400, 0, -1, Y0 + 600))
    copy(plain, tmp_path / "a.tif", driver="COG", compress="LZW")
    look = looked(folder, tmp_path / "a.tif")
    assert look.survey is not None
    assert look.survey.picture.shape == (250, 250)
    assert look.survey.picture[1, 1] == cells[4, 4]
    take_in_raster(folder, look)
    assert (values(folder / "rasters" / "a.tif")[0] == cells).all()


KILLED = """
import sys
from pathlib import Path
from layers.intake.look import setting_of
from layers.intake.rasters.look import look_at_raster
from layers.intake.rasters.taking import take_in_raster
folder, *files = map(Path, sys.argv[1:])
number = 0
while True:
    look = look_at_raster(setting_of(folder), files[number % 2], name="a")
    print("looked", flush=True)
    number = take_in_raster(folder, look).number
    print(number, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
@pytest.mark.parametrize("wait_s", [0.0, 0.8])
def test_killed_on_its_whole_way_it_is_as_before_or_as_after(folder: Path, tmp_path: Path, wait_s: float) -> None:
    files = [tiff(tmp_path / "odd.tif"), tiff(tmp_path / "even.tif", CELLS + 100)]
    command = [sys.executable, "-c", KILLED, folder, *files]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as run:
        assert run.stdout is not None
        while run.stdout.readline() != "1\n":
            pass
        assert run.stdout.readline() == "looked\n"
        time.sleep(wait_s)  # while the second intake reads, writes or commits
        run.send_signal(signal.SIGKILL)
        told = [int(line) for line in run.stdout.read().split() if line != "looked"]
    found = history(folder)
    last = found[-1].number
    assert last >= max([1, *told])
    kept = folder / "rasters" / "a.tif"
    assert (values(kept)[0] == values(files[(last - 1) % 2])[0]).all()
    look = looked(folder, files[last % 2], name="a")
    assert take_in_raster(folder, look).number == last + 1
    assert sorted(one.name for one in (folder / "imports").iterdir()) == [f"{n + 1:04d}" for n in range(last + 1)]
    undo(folder)
    undo(folder)
    assert kept.exists() == (last > 1)


COMMITTED = """
import sys
from pathlib import Path
from layers.intake.history import commit, next_intake
folder = Path(sys.argv[1])
(folder / "rasters").mkdir()
number = 0
while True:
    number += 1
    target = "rasters/a.tif" if number % 2 else "layers.gpkg"
    with next_intake(folder) as home:
        new = home / Path(target).name
        new.write_bytes(b"state %d " % number * 20_000)
        commit(folder, home, new, {"number": number}, target=target)
        print(number, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
@pytest.mark.parametrize("moment", range(5))
def test_killed_in_the_midst_of_layers_and_rasters_the_last_can_be_undone(tmp_path: Path, moment: int) -> None:
    targets = [tmp_path / "layers.gpkg", tmp_path / "rasters" / "a.tif"]
    command = [sys.executable, "-c", COMMITTED, tmp_path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as run:
        assert run.stdout is not None
        last = 0
        while last < 4:
            last = int(run.stdout.readline())
        time.sleep(0.003 * moment)
        run.send_signal(signal.SIGKILL)
        told = [int(line) for line in run.stdout.read().split()]
    number = history(tmp_path)[-1].record["number"]
    assert number >= max([last, *told])
    for back in range(3):
        now = number - back
        assert targets[now % 2].read_bytes() == b"state %d " % now * 20_000
        assert targets[(now + 1) % 2].read_bytes() == b"state %d " % (now - 1) * 20_000
        undo(tmp_path)
