"""Rasters on the command line: taken in, listed, taken back."""

import json
from datetime import datetime
from pathlib import Path

import pytest
import rasterio

from cli import main
from tests.layers.intake.foreign import zipped
from tests.layers.intake.grids_of_cells import CELLS, tiff
from tests.samples import CRS, X0, Y0


def asked(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, dict]:
    code = main([*map(str, words), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_add_check_and_undo(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tiff(tmp_path / "residents.tif")
    code, told = asked(capsys, "add", folder, "rasters", path, "--name", "population", "--dry-run")
    assert (code, told["is_new"], (folder / "rasters").exists()) == (0, True, False)
    code, told = asked(capsys, "add", folder, "rasters", path, "--name", "population")
    assert (code, told["raster"], told["values"]["sum"], told["covered"]) == (0, "population", 136.0, 1.0)
    code, told = asked(capsys, "add", folder, "rasters", path, "--name", "population")
    assert (code, told["is_new"], told["cells_changed"]) == (0, False, 0)
    assert (
        main(["add", str(folder), "rasters", str(tiff(path, CELLS * 2)), "--name", "population", "--lang", "zh"]) == 0
    )
    assert "替换 population：16 个像元不同" in capsys.readouterr().out
    code, told = asked(capsys, "check", folder)
    found = told["rasters"]["population"]
    assert (found["cell"], found["cell_m"], found["bands"]) == ([50.0, 50.0], [50.0, 50.0], 1)
    assert (found["values"], found["nodata"], found["covered"]) == ({"low": 2.0, "high": 32.0}, None, 1.0)
    assert datetime.fromisoformat(found["taken_at"]).tzinfo is not None
    main(["check", str(folder), "--lang", "en"])
    line = capsys.readouterr().out.splitlines()[-1]
    assert line.startswith(f"rasters/population: state: usable; coordinate system: {CRS} ")
    assert "size: 4 × 4 cells, 1 band; cell: 50 × 50 m; values: 2 … 32; no data: not declared" in line
    assert "of the workspace covered: 100.0%; taken in: 20" in line
    assert asked(capsys, "undo", folder)[1]["layer"] == "rasters"
    assert asked(capsys, "undo", folder)[0] == 0
    assert list((folder / "rasters").iterdir()) == []


def test_a_zip_with_a_raster_is_taken_in(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    tiff(inside / "a.tif")
    (inside / "a.tfw").write_text("1\n0\n0\n-1\n0\n0\n")
    code, told = asked(capsys, "add", folder, "rasters", zipped(tmp_path / "residents.zip", inside))
    assert (code, told["raster"], told["values"]["sum"]) == (0, "residents", 136.0)
    assert [one["code"] for one in told["problems"]] == ["raster_alone"]


def test_what_stands_in_the_way_is_said(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    away = tiff(tmp_path / "away.tif", transform=rasterio.Affine(50, 0, X0 + 90_000, 0, -50, Y0))
    code, told = asked(capsys, "add", folder, "rasters", away)
    assert (code, [one["code"] for one in told["problems"]]) == (1, ["raster_elsewhere"])
    (folder / "rasters").mkdir()
    away.rename(folder / "rasters" / "away.tif")
    code, told = asked(capsys, "check", folder)
    assert code == 1
    assert "raster_elsewhere" in [one["code"] for one in told["problems"]]
    assert (told["rasters"]["away"]["covered"], told["rasters"]["away"]["taken_at"]) == (None, None)
    (folder / "rasters" / "cut.tif").write_bytes(b"II*\0" + bytes(60))
    main(["check", str(folder), "--lang", "zh"])
    lines = capsys.readouterr().out.splitlines()
    assert "rasters/cut: 状态：打不开，见上" in lines
    assert next(one for one in lines if one.startswith("rasters/away: ")).startswith("rasters/away: 状态：有问题，见上")
    good = tiff(tmp_path / "good.tif")
    code, told = asked(capsys, "add", folder, "toilets", good)
    assert code == 1
    assert "raster_as_layer" in [one["code"] for one in told["problems"]]
    for words in (["toilets", str(good)], ["rasters", str(good), str(good)]):
        with pytest.raises(SystemExit) as caught:
            main(["add", str(folder), *words, "--name", "a"])
        assert caught.value.code == 2
