"""Rasters by grid and terrain on the command line."""

import json
from pathlib import Path

import pytest

from cli import main
from tests.reports.rasters.conftest import hollow_ground, put


def asked(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, dict]:
    code = main([*map(str, words), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_statistics_by_grid(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, "elevation", hollow_ground())
    code, told = asked(capsys, "zonal", folder, "elevation", "--stat", "mean,max,median")
    assert code == 0
    assert [one["key"] for one in told["figures"]] == ["mean", "max", "median"]
    assert {one["grid_id"]: one["max"] for one in told["grids"]}["E2"] == 20
    assert told["meta"]["method"].startswith("exact parts")
    assert main(["zonal", str(folder), "elevation", "--level", "1", "--lang", "zh"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "平均高程（m）" in lines[0]
    assert any("仅供提示" in line for line in lines)


def test_terrain_writes_rasters_and_compares(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, "elevation", hollow_ground())
    code, told = asked(capsys, "terrain", folder, "elevation", "--dry-run")
    assert (code, told["files"]) == (0, {})
    code, told = asked(capsys, "terrain", folder, "elevation")
    assert code == 0
    assert told["files"]["slope"] == "rasters/elevation_slope.tif"
    assert told["ponding"]["in_hollows"] == 1
    assert (folder / "rasters" / "elevation_flow.tif").is_file()
    assert asked(capsys, "check", folder)[1]["rasters"]["elevation_ponding"]["crs"]


def test_what_cannot_be_asked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, "noise", hollow_ground())
    assert asked(capsys, "zonal", folder, "nothing")[0] == 1
    for words in (("zonal", folder, "noise", "--stat", "mode"), ("terrain", folder, "noise")):
        with pytest.raises(SystemExit) as ended:
            main([*map(str, words)])
        assert ended.value.code == 2
