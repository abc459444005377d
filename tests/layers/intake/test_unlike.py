"""A zip of unlike workbooks is not read as one ledger: each file is of its own kind, and asked for by its name."""

from pathlib import Path

import pytest

from geo.errors import DataError
from layers import ISSUES, TOILETS
from layers.intake.look import Look, Wishes, setting_of
from layers.intake.looking import look
from layers.intake.unlike import files_apart
from layers.intake.upload.opening import open_upload
from tests.layers.intake.test_packed import book, ledger, packed

TOILETS_HEAD = ["公厕编号", "公厕名称", "经度", "纬度", "蹲位数", "开放时间"]


def toilets(**options: object) -> bytes:
    return book(TOILETS_HEAD, ["T1", "东门公厕", "112.1", "32.04", "8", "24小时"], **options)  # type: ignore[arg-type]


def unlike(home: Path, **options: object) -> Path:
    return packed(home / "资料.zip", 公厕_xlsx=toilets(**options), 镇__台账_xlsx=ledger("A", **options))


def seen(folder: Path, path: Path, layer: object = ISSUES, part: str | None = None) -> Look:
    return look(setting_of(folder), path, Wishes(layer, part=part))  # type: ignore[arg-type]


def told(found: Look) -> list[str]:
    return [one.code for one in found.problems]


@pytest.mark.parametrize("sheet", ["Sheet1", "表"])
def test_unlike_files_are_asked_for_and_never_mixed(folder: Path, tmp_path: Path, sheet: str) -> None:
    path = unlike(tmp_path, sheet=sheet)
    found = seen(folder, path)
    (asked,) = [one for one in found.questions if one.code == "which_part"]
    assert found.merge is None
    assert asked.found.zh == "内容不同的文件：公厕.xlsx（公厕）、台账.xlsx（问题）"
    assert files_apart(open_upload(path), setting_of(folder)) == ("公厕.xlsx", "镇/台账.xlsx")


@pytest.mark.parametrize("part", ["台账.xlsx", "台账", "镇/台账.xlsx"])
def test_one_is_named_by_its_file(folder: Path, tmp_path: Path, part: str) -> None:
    found = seen(folder, unlike(tmp_path), part=part)
    assert (found.rows_read, found.questions) == (2, ())
    assert "read_together" not in told(found)


def test_each_goes_into_its_own_layer(folder: Path, tmp_path: Path) -> None:
    found = seen(folder, unlike(tmp_path), TOILETS, "公厕.xlsx")
    assert found.rows_read == 1
    assert "which_part" not in [one.code for one in found.questions]
    with pytest.raises(DataError) as caught:
        seen(folder, unlike(tmp_path), TOILETS, "公园.xlsx")
    assert caught.value.problems[0].code == "no_part"


def test_parts_of_one_ledger_stay_together_and_it_is_told(folder: Path, tmp_path: Path) -> None:
    path = packed(tmp_path / "台账.zip", 甲_xlsx=ledger("A"), 乙_xlsx=ledger("B"))
    found = seen(folder, path)
    assert (found.rows_read, found.questions) == (4, ())
    (note,) = [one for one in found.problems if one.code == "read_together"]
    assert note.found.en == "甲.xlsx, 乙.xlsx"
    assert files_apart(open_upload(path), setting_of(folder)) == ()


def test_a_list_that_no_layer_knows_is_not_mixed_in(folder: Path, tmp_path: Path) -> None:
    other = book(["车牌", "司机", "里程"], ["鄂F1", "甲", "12"])
    found = seen(folder, packed(tmp_path / "a.zip", 甲_xlsx=ledger("A"), 车辆_xlsx=other))
    assert [one.code for one in found.questions] == ["which_part"]


def test_several_sheets_of_one_file_stay_one_ledger(folder: Path, tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", 甲_xlsx=ledger("A", sheet="一", more=("二",)), 公厕_xlsx=toilets())
    assert [one.code for one in seen(folder, path).questions] == ["which_part"]
    found = seen(folder, path, part="甲")
    assert [part.source.part for part in found.parts] == ["一", "二"]
