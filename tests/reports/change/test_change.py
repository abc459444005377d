"""Change of the sample community, which can be worked out by hand: its ledger between days, its layers between states."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from geo.errors import DataError
from geo.text import Lang
from layers import open_workspace
from layers.catalog import BUILDINGS, PARKS, TOILETS
from reports.change import State, layer_change, ledger_change, states
from reports.change.days import known_days, span
from reports.change.drawn import stock_changes, with_shades, with_things
from reports.change.layer import THING_TITLES
from reports.change.ledger import titles
from reports.change.shift import report_shift, shift_words
from reports.change.shown import LAYER_HEADS, LEDGER_HEADS, layer_rows, ledger_rows, thing_rows
from reports.change.states import comparable, layer_in, layer_of, state_on
from reports.time import unit_words
from reports.time.cases import ALL, NONE
from reports.webmap.payload import payload
from tests import samples

SINCE, UNTIL = datetime.fromisoformat("2024-05-26T00:00"), datetime.fromisoformat("2024-06-01T12:00")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return samples.community(tmp_path / "sample")


def test_the_ledger_of_two_days_by_hand(folder: Path) -> None:
    """On 26 May i03, i04, i05 and i12 are open (i12 closes in June); then i07, i09, i10, i11 and i13 come."""
    table = ledger_change(open_workspace(folder), SINCE, UNTIL).table
    row = table.loc[ALL]
    assert row[["open_from", "open", "open_came", "open_left"]].tolist() == [4, 9, 5, 0]
    assert row["new"] == 5
    assert row["closed"] == 0
    assert table.loc["W1", ["open_from", "open"]].tolist() == [3, 3]
    assert table.loc["W1", ["open_ratio", "open_low", "open_high"]].tolist() == [1, 1, 1]
    assert table.loc[NONE, "open"] == 2  # i10 is outside, i11 has no place
    assert row[["overdue_from", "overdue"]].tolist() == [1, 2]  # i03 since 22 May; i07 since 31 May; i04 is due at noon


def test_stocks_and_grids_add_up(folder: Path) -> None:
    ws = open_workspace(folder)
    for level in (1, 2):
        table = ledger_change(ws, SINCE, UNTIL, level=level).table
        assert set(titles()) == set(table.columns)
        for key in ("open", "overdue"):
            moved = table[f"{key}_came"] - table[f"{key}_left"]
            assert (table[key] - table[f"{key}_from"] == moved).all()
        counts = ["new", "closed", "open", "open_from", "overdue", "overdue_from"]
        assert (table.drop(index=ALL)[counts].sum() == table.loc[ALL, counts]).all()


def test_a_span_before_the_register_began_is_not_compared(folder: Path) -> None:
    found = ledger_change(open_workspace(folder), datetime.fromisoformat("2024-05-10T00:00"), UNTIL)
    assert found.table["new_before"].isna().all()
    assert found.table["new_ratio"].isna().all()
    assert "2024-05-01" in found.words.zh
    with pytest.raises(ValueError, match="before the last"):
        ledger_change(open_workspace(folder), UNTIL, SINCE)


def test_the_days_that_are_proposed(folder: Path) -> None:
    ws = open_workspace(folder)
    known = known_days(ws)
    assert str(known.first) == "2024-05-01"
    assert span(*known.usual, ws.manifest.as_of)[1] == datetime.fromisoformat("2024-05-31T23:59:59")
    assert span(known.first, samples.AS_OF.date(), samples.AS_OF)[1] == samples.AS_OF


def changed(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Five buildings: b1 goes, b2 moves 5 m, b3 gets a name, b6 comes; b4 and b5 stay."""
    later = table.drop(index="b1").copy()
    later.loc["b2", "geometry"] = samples.box(63, 64, 20, 20)
    later.loc["b3", "name"] = "三号楼"
    new = later.loc[["b5"]].rename(index={"b5": "b6"})
    new = new.set_geometry([samples.box(150, 150, 10, 10)], crs=table.crs)
    return gpd.GeoDataFrame(pd.concat([later, new]), geometry="geometry", crs=table.crs)


def test_five_buildings_by_hand(folder: Path) -> None:
    ws = open_workspace(folder)
    before = ws[BUILDINGS]
    found = layer_change(ws, BUILDINGS, before, changed(before))
    assert found.counts == {"added": 1, "removed": 1, "changed": 2, "same": 2}
    assert found.rows["kind"].to_dict() == {"b1": "removed", "b2": "changed", "b3": "changed", "b6": "added"}
    assert found.rows.loc["b2", "moved_m"] == pytest.approx(5.0)
    assert found.rows.loc["b3", "columns"] == "name"
    table = found.table
    assert table.loc[ALL, ["before", "after", "added", "removed", "changed"]].tolist() == [5, 5, 1, 1, 2]
    assert table.loc["W1", ["before", "after", "removed"]].tolist() == [2, 1, 1]
    assert table.loc["E2", ["before", "after", "added"]].tolist() == [0, 1, 1]
    assert (table["added"] - table["removed"] == table["after"] - table["before"]).all()
    assert table.loc[ALL, "area_after_m2"] - table.loc[ALL, "area_before_m2"] == pytest.approx(-300.0)


def test_what_moves_to_another_grid_leaves_the_one_and_comes_to_the_other(folder: Path) -> None:
    ws = open_workspace(folder)
    before = ws[BUILDINGS]
    after = before.copy()
    after.loc["b1", "geometry"] = samples.box(150, 150, 20, 20)
    table = layer_change(ws, BUILDINGS, before, after).table
    assert table.loc["W1", ["added", "removed"]].tolist() == [0, 1]
    assert table.loc["E2", ["added", "removed"]].tolist() == [1, 0]
    assert table.loc[ALL, ["added", "removed", "changed"]].tolist() == [0, 0, 1]


def test_states_that_imports_keep(folder: Path, tmp_path: Path) -> None:
    from cli import main  # noqa: PLC0415 (the way in that people use)

    table = changed(open_workspace(folder)[BUILDINGS]).drop(columns=["grid_id", "measured_area_m2"])
    table.reset_index().to_file(tmp_path / "b.gpkg", layer="buildings")
    assert main(["add", str(folder), "buildings", str(tmp_path / "b.gpkg"), "--json"]) == 0
    ws = open_workspace(folder)
    kept = states(folder)
    assert [one.layer for one in kept] == ["", "buildings"]
    found = layer_change(ws, BUILDINGS, layer_in(ws, BUILDINGS, kept[1]), layer_in(ws, BUILDINGS, kept[0]))
    assert found.counts == {"added": 1, "removed": 0, "changed": 2, "same": 3}  # an import takes nothing away
    assert kept[1].until is not None
    assert state_on(kept, datetime.fromisoformat("2020-01-01T00:00")) is kept[1]
    assert state_on(kept, datetime.fromisoformat("2999-01-01T00:00")) is kept[0]
    assert kept[1].until.astimezone(UTC) <= datetime.now(UTC)


def test_another_workspace_or_a_file(folder: Path, tmp_path: Path) -> None:
    ws = open_workspace(folder)
    other = samples.community(tmp_path / "other", {"toilets": None, "buildings": changed(samples.buildings())})
    found = layer_change(ws, BUILDINGS, layer_of(ws, BUILDINGS, other), ws[BUILDINGS])
    assert found.counts["added"] == 1
    with pytest.raises(DataError, match="toilets"):
        layer_of(ws, TOILETS, other)
    ws[PARKS].to_crs("EPSG:4490").reset_index().to_file(tmp_path / "p.gpkg", layer="anything")
    back = layer_change(ws, PARKS, layer_of(ws, PARKS, tmp_path / "p.gpkg"), ws[PARKS])
    assert back.counts == {"added": 0, "removed": 0, "changed": 0, "same": 1}
    with pytest.raises(DataError, match="building_id"):
        layer_of(ws, BUILDINGS, tmp_path / "p.gpkg")


def test_a_state_without_the_layer_is_empty(folder: Path, tmp_path: Path) -> None:
    ws = open_workspace(folder)
    bare = samples.community(tmp_path / "bare", {"parks": None})
    before = layer_in(ws, PARKS, State("x", ws.title, bare / "layers.gpkg"))
    assert layer_change(ws, PARKS, before, ws[PARKS]).counts["added"] == 1
    assert TOILETS in comparable(ws)


def test_it_is_shown_in_words_and_on_the_map(folder: Path) -> None:
    ws = open_workspace(folder)
    ledger = ledger_change(ws, SINCE, UNTIL)
    words = unit_words(ws, "grid")
    rows = ledger_rows(ledger, words, Lang.ZH)
    assert list(rows.columns) == list(LEDGER_HEADS)
    assert rows.loc["W1", ["label", "open_said", "open_verdict"]].tolist() == ["SW", "1.00 (1.00–1.00)", "不超出偶然"]
    base = payload(ws, ("grids",), level=2)
    series: Mapping[str, pd.Series] = stock_changes(ledger)
    drawn = with_shades(base, ws, 2, series)
    assert [one["key"] for one in drawn["shades"]] == ["change_open", "change_overdue", "change_new"][: len(series)]
    assert sum(drawn["shades"][0]["counts"]) == 4
    before = ws[BUILDINGS]
    layer = layer_change(ws, BUILDINGS, before, changed(before))
    assert list(layer_rows(layer, words, Lang.EN).columns) == list(LAYER_HEADS)
    assert list(thing_rows(layer, words, Lang.EN).columns) == list(THING_TITLES)
    keys = [one["key"] for one in with_things(base, layer, ws.manifest.crs)["layers"]]
    assert keys == ["change_moved", "change_changed", "change_removed", "change_added"]


def test_the_places_of_reports_move_by_hand() -> None:
    """Twelve reports of the first span lie in W1, twelve of the second 300 m east and 400 m south of them in W2."""
    days = pd.to_datetime([SINCE] * 12 + [UNTIL] * 12) - pd.Timedelta(hours=1)
    x, y = [0.0, 10.0] * 6 + [300.0, 310.0] * 6, [0.0] * 12 + [-400.0] * 12
    cases = pd.DataFrame({"reported_at": days, "x_m": x, "y_m": y, "grid_id": ["W1"] * 12 + ["W2"] * 12})
    cases.loc[len(cases)] = [days[-1], 9_999.0, 9_999.0, None]
    found = report_shift(cases, (SINCE - (UNTIL - SINCE), SINCE, UNTIL), ["W1", "W2"], level=0.95, least=10)
    assert found is not None
    assert found.shift_m == pytest.approx(500)
    assert (found.spread_before_m, found.spread_after_m) == (5, 5)
    assert found.similarity == 0
    words = shift_words(found, least=10)
    assert "东南移动 500 m" in words.zh
    assert "500 m to the south-east" in words.en


def test_few_reports_have_no_middle(folder: Path) -> None:
    found = ledger_change(open_workspace(folder), SINCE, UNTIL)
    assert found.shift is None
    assert "fewer than 10" in found.where.en
    early = ledger_change(open_workspace(folder), datetime.fromisoformat("2024-05-10T00:00"), UNTIL)
    assert "not cover" in early.where.en
