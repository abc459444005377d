"""The synthetic district: the published figures to the digit, days that make sense, the same bytes, nothing personal."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from data.wanxiu.build import build, manifest
from geo.text import Lang
from layers import Workspace, open_workspace
from layers.standards import standard
from reports.relocation import figures, holding, land, pace, reasons, relocation


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("cities") / "wanxiu"
    build(made)
    return made


@pytest.fixture(scope="module")
def ws(folder: Path) -> Workspace:
    return open_workspace(folder)


def test_it_says_that_it_is_synthetic(ws: Workspace) -> None:
    said = manifest()
    assert said.synthetic
    assert "合成" in said.title.zh
    assert "synthetic" in said.title.en
    assert [(one.zh, one.en) for one in said.levels] == [("街道", "streets office"), ("社区", "community")]
    assert ws["grids"].loc[ws["grids"]["level"] == 1, "name"].str.endswith("（合成）").all()
    assert not ws.problems


def test_the_same_bytes_and_small(folder: Path, tmp_path: Path) -> None:
    build(tmp_path / "again")
    for name in ("layers.gpkg", "workspace.toml"):
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    assert (folder / "layers.gpkg").stat().st_size < 2_000_000


def test_five_offices_thirty_communities_five_zones(ws: Workspace) -> None:
    assert [len(ws.grids(level)) for level in ws.levels] == [5, 30]
    assert ws.grids(2).groupby("parent_id").size().tolist() == [6] * 5
    outline = ws["boundary"].geometry.iloc[0]
    for level in ws.levels:
        grids = ws.grids(level)
        assert grids.geometry.area.sum() == pytest.approx(outline.area, abs=0.01)
        assert shapely.is_valid(grids.geometry.to_numpy()).all()
    zones = ws["projects"]
    assert len(zones) == 5
    assert ((zones["ends_at"] - zones["starts_at"]).dt.days + 1).tolist() == [100] * 5
    houses = ws["buildings"]
    inside = zones.union_all()
    assert houses.geometry.within(inside).all()
    tree = shapely.STRtree(houses.geometry.to_numpy())
    pairs = tree.query(houses.geometry.to_numpy(), predicate="intersects")
    assert (pairs[0] == pairs[1]).all()  # no house touches another


def test_published_figures_to_the_digit(ws: Workspace) -> None:
    found = relocation(ws)
    whole = found.whole
    assert (whole["signed"], whole["moved"], whole["remaining"]) == (10_221, 9_269, 952)
    assert f"{whole['moved_percent']:.2f}" == "90.69"
    assert (whole["households"], whole["unsigned"]) == (10_436, 215)
    for table in (found.zones, found.grids(1), found.grids(2), found.buildings):
        for name in ("households", "signed", "moved", "demolished", "rehoused"):
            assert table[name].sum() == whole[name]
    assert (found.zones["households"] > 0).sum() == 5
    assert found.meta["contradictions"] == {"moved_before_signed": 0, "demolished_before_moved": 0}
    counted = ws.tables["service_stats"].set_index("name")["value"]
    assert (counted["签约户数"], counted["搬迁户数"], counted["涉及居民"]) == (10_221, 9_269, 50_000)


def test_days_run_forwards(ws: Workspace) -> None:
    table = ws.tables["households"]
    assert not (table["moved_at"] <= table["signed_at"]).any()
    assert not (table["rehoused_at"] < table["moved_at"]).any()
    assert table[["signed_at", "moved_at", "rehoused_at"]].max().max() <= pd.Timestamp(ws.manifest.as_of)
    last = table.groupby("building_id")["moved_at"].max()
    pulled = ws["buildings"]["demolished_at"].dropna()
    assert 60 < len(pulled) < 200
    assert (pulled > last.reindex(pulled.index)).all()


def test_reasons_are_codes_and_nothing_is_personal(ws: Workspace) -> None:
    table = ws.tables["households"]
    known = standard("blockers").set_index("blocker")["stage"]
    assert table["blocker"].dropna().isin(known.index).all()
    assert table.loc[table["signed_at"].isna(), "blocker"].map(known).isin(["sign", "both"]).all()
    assert table.loc[table["moved_at"].notna(), "blocker"].isna().all()
    assert set(table.columns) == {
        "building_id", "floor_area_m2", "zone", "signed_at", "moved_at", "demolished_at", "rehoused_at", "blocker"
    }  # fmt: skip
    assert table.index.str.fullmatch(r"WX-B\d{3}-\d{2}").all()
    for one in ws.tables.values():
        for column in one.columns.drop("geometry", errors="ignore"):
            if pd.api.types.is_string_dtype(one[column]):
                assert not one[column].dropna().astype(str).map(lambda text: re.search(r"\d{7,}", text)).notna().any()


def test_what_holds_it_up(ws: Workspace) -> None:
    found = relocation(ws)
    told = reasons(found, Lang.ZH)
    assert told["left"].sum() == found.whole["left"] == 1_167
    held = holding(found, Lang.ZH)
    assert 50 < len(held) < 200
    assert (held["left"] <= 3).all()
    assert held["left"].is_monotonic_increasing


def test_forecast_tells_its_error_on_weeks_held_back(ws: Workspace) -> None:
    told = pace(relocation(ws))
    seen = told.weeks[told.weeks["sum"].notna()]
    assert seen["sum"].iloc[-1] == 9_269
    assert told.error is not None
    assert told.error.error == min(one.error for one in told.errors)
    assert told.error.error < 0.05 * 9_269
    ahead = told.weeks[told.weeks["expected"].notna()]
    assert (ahead["low"] <= ahead["high"]).all()
    assert ahead["high"].max() <= told.total
    assert told.deadline == pd.Timestamp("2021-09-28")
    assert told.at_deadline is not None
    assert np.diff(ahead["expected"]).min() >= 0


def test_land_and_figures(ws: Workspace) -> None:
    told = land(ws, Lang.ZH)
    assert told[["use_before", "use_after"]].T.to_dict("list")["WX-X2"] == ["闲置地", "口袋公园"]
    assert round(float(told["area_mu"].loc["WX-X2"]), 2) == 6.0
    rents = figures(ws, Lang.ZH).set_index("name").loc["单间月租金"]
    assert (rents["before_said"], rents["after_said"], rents["change_said"]) == ("不到 350", "约 900", "+ 550 以上")
