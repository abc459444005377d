"""Consent of the hand-made community: buildings, estates and grids, and what is not known."""

from pathlib import Path

import pandas as pd
import pytest

from geo.errors import DataError
from layers import Workspace, open_workspace
from reports.consent import consent, consent_rule, consent_rules, consented
from tests import samples

VOTES = ["owners_total", "owners_voted", "owners_yes", "area_total_m2", "area_voted_m2", "area_yes_m2"]
# Exactly two thirds and three quarters; one owner short; carried by owners but not by area; not asked; contradictory.
ROWS: dict[str, tuple[float | None, ...]] = {
    "v1": (36, 24, 18, 3600.0, 2400.0, 1800.0),
    "v2": (36, 23, 23, 3600.0, 2400.0, 2400.0),
    "v3": (36, 30, 27, 3600.0, 3000.0, 2249.99),
    "v4": (36, None, None, 3600.0, None, None),
    "v5": (36, 40, 18, 3600.0, 2400.0, 1800.0),
    "v6": (36, 36, 10, 3600.0, 3600.0, 1000.0),
}
PLACES = {"v1": (10, 10), "v2": (60, 10), "v3": (110, 10), "v4": (160, 10), "v5": (10, 110), "v6": (60, 110)}


def opened(folder: Path, rows: dict[str, tuple[float | None, ...]] = ROWS) -> Workspace:
    table = {name: [row[at] for row in rows.values()] for at, name in enumerate(VOTES)} | {
        "use": ["residential"] * len(rows)
    }
    shapes = [samples.box(*PLACES[one], 20, 20) for one in rows]
    buildings = samples.frame(table, list(rows), "building_id", shapes)
    estates = samples.frame(
        {"name": ["南院", "北院"]},
        ["e1", "e2"],
        "estate_id",
        [samples.box(0, 0, 200, 50), samples.box(0, 100, 200, 50)],
    )
    return open_workspace(samples.community(folder, {"buildings": buildings, "housing_estates": estates}))


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return opened(tmp_path / "ws")


def test_buildings_at_the_limits(ws: Workspace) -> None:
    found = consent(ws)
    carried = [None if pd.isna(one) else bool(one) for one in found["consent_ok"]]
    assert dict(zip(found.index, carried, strict=True)) == {
        "v1": True, "v2": False, "v3": False, "v4": None, "v5": None, "v6": False
    }  # fmt: skip
    assert found["state"].to_dict() == {
        "v1": "passed", "v2": "open", "v3": "open", "v4": "unknown", "v5": "unknown", "v6": "lost"
    }  # fmt: skip
    assert found["reason"].dropna().to_dict() == {"v4": "no_record", "v5": "contradicts"}
    needed = found[["owners_needed", "area_needed_m2"]].T.to_dict("list")
    assert needed["v2"] == [1.0, 0.0]
    assert needed["v3"] == [0.0, 0.04]  # 0.01 / (1 - 3/4)
    assert found["owners_needed"].isna().to_dict()["v6"]
    assert found.loc["v6", "owners_to_win_over"] == 17  # 27 of 36
    assert found.loc["v1", "owners_voted_percent"] == pytest.approx(200 / 3)


def test_estates_add_up_and_stay_unknown_with_a_gap(ws: Workspace) -> None:
    found = consented(ws)
    south = found.estates.loc["e1"]
    assert (south["buildings"], south["buildings_known"], south["state"], south["reason"]) == (
        4,
        3,
        "unknown",
        "partial",
    )
    assert (south["owners_total"], south["owners_voted"], south["owners_yes"]) == (144, 77, 68)
    assert found.units.loc["W1", "state"] == "open"  # v1 and v2: 47 of 72 are short of two thirds
    assert found.units.loc["W1", "owners_needed"] == 1
    assert found.meta["without_votes"] == 1


def test_a_gap_does_not_matter_where_the_rest_settles_it(tmp_path: Path) -> None:
    sure = {**ROWS, "v4": (1, None, None, 10.0, None, None), "v2": (36, 36, 36, 3600.0, 3600.0, 3600.0)}
    kept = {key: sure[key] for key in ("v1", "v2", "v4")}
    whole = consented(opened(tmp_path / "ws", kept)).units.loc["*"]
    assert (whole["state"], whole["reason"], whole["buildings_known"]) == ("passed", "partial", 2)


def test_other_rules_and_own_ones(ws: Workspace) -> None:
    assert consent(ws, "cn_other").loc["v3", "state"] == "passed"
    assert consent(ws, "sg_hip").loc["v1", "state"] == "open"  # half of all owners
    assert set(consent_rules()) == {"cn_major", "cn_other", "sg_hip"}
    assert consent_rule().key == "cn_major"
    assert "2/3" in consent_rule().words.zh
    with pytest.raises(DataError, match="nobody"):
        consent(ws, "nobody")
    (ws.folder / "standards").mkdir()
    head = "rule,default,counts,take_part,take_part_of,approve,approve_of,more_than,approve_among,zh,en,source,to_verify,confidence"
    row = "own,true,owners,1,2,9,10,false,voted,自定,own,会议纪要,false,L"
    (ws.folder / "standards" / "consent_rules.csv").write_text(f"{head}\n{row}\n", encoding="utf-8")
    again = open_workspace(ws.folder)
    assert consented(again).rule.key == "own"
    assert consent(again).loc["v2", "state"] == "passed"  # 23 of 23 owners, whatever the area
    assert consent(again).loc["v3", "state"] == "passed"  # 27 of 30 are exactly nine tenths


def test_without_votes_or_buildings_nothing_is_claimed(tmp_path: Path) -> None:
    plain = consented(open_workspace(samples.community(tmp_path / "a")))
    assert not plain.has_votes
    assert set(plain.buildings["state"]) == {"unknown"}
    bare = consented(open_workspace(samples.community(tmp_path / "b", {"buildings": None})))
    assert bare.buildings.empty
    assert bare.units.loc["*", "state"] == "unknown"
