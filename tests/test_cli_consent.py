"""Consent and relocation at the command line, and a register of households that comes in as people write it."""

from pathlib import Path

import pytest

from cli import main
from layers import open_workspace
from reports.relocation import relocation
from tests import samples
from tests.cli_answers import told
from tests.reports.consent import test_standing as votes
from tests.reports.relocation import test_relocation as moves


def test_consent_in_json_and_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = votes.opened(tmp_path / "ws").folder
    found = told(capsys, "consent", folder)
    assert (found["rule"]["key"], found["whole"]["state"]) == ("cn_major", "unknown")
    by_id = {one["building_id"]: one for one in found["buildings"]}
    assert by_id["v1"]["consent_ok"] is True
    assert by_id["v4"]["consent_ok"] is None
    assert by_id["v4"]["owners_needed"] is None
    assert by_id["v3"]["area_needed_m2"] == 0.04
    assert len(found["grids"]) == 4
    assert len(told(capsys, "consent", folder, "--level", "1", "--rule", "cn_other")["grids"]) == 2
    assert main(["consent", str(folder), "--lang", "zh"]) == 0
    assert "1 栋已通过，2 栋仍可争取，1 栋仅靠未投票者已不够，2 栋未知" in capsys.readouterr().out
    assert main(["consent", str(folder), "--rule", "nobody"]) == 1
    assert "consent_rules.csv" in capsys.readouterr().err


def test_relocation_in_json_and_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = moves.opened(tmp_path / "ws").folder
    found = told(capsys, "relocation", folder, "--as-of", "2024-06-01")
    assert (found["source"], found["whole"]["signed"], found["whole"]["remaining"]) == ("register", 6, 2)
    assert [one["zone"] for one in found["zones"]] == ["", "Z1", "Z2"]
    assert found["zones"][0]["deadline"] is None
    assert [one["left"] for one in found["reasons"]] == [2, 1, 1]
    assert found["held"][0]["building_id"] == "b2"
    assert found["forecast"]["target"] == 8
    assert main(["relocation", str(folder), "--as-of", "2024-06-01", "--lang", "zh"]) == 0
    out = capsys.readouterr().out
    assert "签约 6 户，搬迁 4 户（66.67%），已签约未搬迁 2 户；登记 8 户" in out
    assert "已过期 1 天（2024-05-31）" in out
    assert "1 栋只剩少数户未搬" in out


def test_a_register_comes_in_as_people_write_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = moves.opened(tmp_path / "ws").folder
    file = tmp_path / "住户登记.csv"
    file.write_text(
        "户编号,楼栋编号,片区,签约日期,搬迁日期,安置日期,未搬原因\n"
        "n1,b1,Z1,2024-03-01,2024-04-01,2024-05-01,\nn2,b1,Z1,2024/3/5,,,HOME\n",
        encoding="utf-8",
    )
    found = told(capsys, "add", folder, "households", file)
    assert (found["rows_kept"], found["rows_rejected"]) == (2, 0)
    assert set(found["columns"].values()) >= {
        "household_id", "building_id", "zone", "signed_at", "moved_at", "rehoused_at", "blocker"
    }  # fmt: skip
    assert relocation(open_workspace(folder), moves.DAY).whole["signed"] == 8


def test_without_anything_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = samples.community(tmp_path / "ws")
    assert told(capsys, "relocation", folder)["source"] == "none"
    assert main(["relocation", str(folder), "--lang", "en"]) == 0
    assert "no register of households" in capsys.readouterr().out
    assert main(["consent", str(folder), "--lang", "en"]) == 0
    assert "no votes are on record" in capsys.readouterr().out
