"""What an intake would do, as tables: every row accounted for, before and after, in both languages."""

import csv
import io
import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from geo.errors import DataError, GuatuError
from geo.text import Text
from layers import open_workspace
from layers.catalog import ISSUES, TOILETS, LayerSpec
from layers.intake.history import history, undo
from layers.intake.look import setting_of
from layers.intake.whereabouts import Answers
from layers.store import stamp
from reports.intake_answers import (
    CHOICES,
    KEEP,
    missing,
    options_of,
    other_questions,
    place_of,
    said_points,
    targets_of,
    year_of,
)
from reports.intake_confirm import confirm_csv, confirm_table, to_confirm
from reports.intake_desk import Desk, Seen, rejects_in, stem
from reports.intake_folder import LOCK, PrivateFolder, sweep
from reports.intake_map import shift_m, shown_kinds, with_preview
from reports.intake_said import sheets
from reports.intake_table import (
    GAP,
    KEPT,
    REJECTED,
    REPAIRED,
    answer_json,
    change_table,
    history_table,
    mapping_table,
    row_table,
    status_counts,
)
from reports.intake_uploads import Handed, Upload
from reports.intake_words import blocked, first_step, for_page, kind_words, moved_words, numbers_of, parts_of, steps
from tests import intake_files as files
from tests import samples

Looked = Callable[..., tuple[Desk, Handed, Seen]]


@pytest.fixture
def looked(folder: Path) -> Iterator[Looked]:
    """Give a function that hands a file in and looks at it."""
    desks: list[Desk] = []

    def hand(name: str, content: bytes, spec: LayerSpec = ISSUES, **said: object) -> tuple[Desk, Handed, Seen]:
        desk = Desk()
        desks.append(desk)
        desk.receive([Upload("1", name, lambda: content)])
        if said:
            desk.say(desk.files[0], spec, **said)
        return desk, desk.files[0], desk.look(setting_of(folder), stamp(folder), desk.files[0], spec)

    yield hand
    desks.clear()


def test_every_row_has_one_status_and_they_add_up(looked: Looked) -> None:
    _, _, seen = looked("清单.csv", files.csv_file())
    counts = status_counts(seen.rows)
    assert counts == {REJECTED: files.REJECTED, GAP: 0, REPAIRED: files.REPAIRED, KEPT: files.KEPT - files.REPAIRED}
    assert sum(counts.values()) == seen.look.rows_read == len(files.SPOTS)
    numbers = [fact.value for fact in numbers_of(seen.look)]
    assert numbers == ["8", "6", "2", "6", "0", "0"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_rows_come_with_reasons_doubtful_ones_first_and_without_personal_columns(looked: Looked, lang: str) -> None:
    _, _, seen = looked("清单.csv", files.csv_file())
    table = row_table(seen.rows, lang)
    assert list(table["row"]) == [4, 7, 6, 2, 3, 5, 8, 9]
    assert "2024-5-32" in table["what"][0]
    assert all(table["remedy"][:2] != "")
    assert "2024-05-20" in table["what"][2]
    assert "联系电话" not in table
    assert list(table["问题编号"][:3]) == ["T-2", "T-5", "T-4"]
    only = row_table(seen.rows, lang, wanted=(REPAIRED,))
    assert list(only["row"]) == [6]
    assert len(row_table(seen.rows, lang, most=3)) == 3


def test_a_mapping_is_a_table_with_titles_examples_and_no_phone_number(looked: Looked) -> None:
    _, _, seen = looked("清单.csv", files.csv_file())
    table = mapping_table(seen.look.parts[0], ISSUES).set_index("heading")
    assert list(table.index) == list(files.HEADINGS)
    assert table.loc["上报时间", "target"] == "reported_at"
    assert table.loc["问题编号", "example"] == Text.same("T-0")
    assert "138" not in str(table.loc["联系电话", "example"])
    names = targets_of(ISSUES, "en")
    assert set(table["target"]) <= set(names)
    assert set(KEEP) <= set(names)
    assert "required" in names["reported_at"]
    assert [one.names for one in sheets(seen.look)] == [("",)]


def test_a_changed_column_is_looked_at_again_and_a_second_one_takes_it_over(looked: Looked, folder: Path) -> None:
    headings = ("问题编号", "甲", "乙", "问题类别", "联系电话", "经度", "纬度")
    desk, file, seen = looked("清单.csv", files.csv_file(headings).replace(b"=1+1", b""))
    setting, mark = setting_of(folder), stamp(folder)
    assert {one.column for one in missing(seen.look)} <= {"reported_at"}
    form = sheets(seen.look)[0].form
    for heading in ("乙", "甲"):
        desk.note(file, ISSUES, desk.said(file, ISSUES).aimed(ISSUES, form, heading, "reported_at"))
    seen = desk.look(setting, mark, file, ISSUES)
    assert seen.look.parts[0].columns.columns["甲"] == "reported_at"
    assert "乙" not in seen.look.parts[0].columns.columns
    assert seen.look.rows_kept == files.KEPT
    assert desk.look(setting, mark, file, ISSUES) is seen
    desk.note(file, ISSUES, desk.said(file, ISSUES).measured(form, "甲", "瓜"))
    refused = desk.look(setting, mark, file, ISSUES).refused
    assert [one.code for one in refused] == ["unit_not_fitting"]


def test_taking_in_changes_the_counts_and_a_newer_file_shows_before_and_after(looked: Looked, folder: Path) -> None:
    desk, file, seen = looked("清单.csv", files.csv_file())
    assert blocked(seen.look) is None
    before = len(open_workspace(folder)[ISSUES])
    done = desk.take(setting_of(folder), file, seen.look)
    assert len(open_workspace(folder)[ISSUES]) == before + files.KEPT
    assert desk.done == {file.key: done}
    name, content = rejects_in(folder, done) or ("", b"")
    assert name == "清单-rejected.csv"
    assert len(list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))) == 1 + files.REJECTED

    same = desk.look(setting_of(folder), stamp(folder), file, ISSUES)
    assert blocked(same.look) is not None
    assert not same.look.is_new
    newer = files.csv_file().replace("第 0 件".encode("gb18030"), "改过".encode("gb18030"))
    _, _, seen = looked("清单.csv", newer)
    table = change_table(seen.look, "en", most=10)
    assert list(table["id"]) == ["T-0"]
    assert "第 0 件" in table["before"][0]
    assert "改过" in table["after"][0]
    past = history_table(history(folder), "zh")
    assert past.iloc[0][["number", "file", "layer", "rows_added"]].tolist() == [1, "清单.csv", "问题", files.KEPT]
    undo(folder)
    desk.forget(done.number)
    assert desk.done == {}
    assert history_table(history(folder), "zh").empty


def test_a_moved_place_is_told_in_metres(looked: Looked, folder: Path) -> None:
    desk, file, seen = looked("清单.csv", files.csv_file())
    desk.take(setting_of(folder), file, seen.look)
    rows = files.csv_file().decode("gb18030").splitlines()
    cells = rows[1].split(",")
    other = rows[2].split(",")
    rows[1] = ",".join([*cells[:5], *other[5:]])
    _, _, seen = looked("清单.csv", "\n".join(rows).encode("gb18030"), answers=Answers(datum="wgs84"))
    table = change_table(seen.look, "en", most=10)
    assert table["after"].tolist() == ["moves 41 m"]
    assert moved_words(0.2) != moved_words(None) != moved_words(5.0)


def test_an_offset_is_shown_on_the_map_with_where_things_were_before(looked: Looked) -> None:
    _, _, seen = looked("清单.csv", files.csv_file(offset=True))
    assert not seen.look.questions
    far = shift_m(seen.look, samples.CRS)
    assert far is not None
    assert 300 < far < 900
    empty = {"layers": [{"key": "issues", "on": True}], "bounds": None}
    drawn = with_preview(empty, seen.look, samples.CRS)
    assert shown_kinds(drawn) == ("intake_moved", "intake_before", "intake_added")
    assert drawn["layers"][0] == {"key": "issues", "on": False}
    assert [layer["count"] for layer in drawn["layers"][1:]] == [8, 8, files.KEPT]
    (south, west), (north, east) = drawn["bounds"]
    lon, lat = (np.array([row[5 + at] for row in files.ledger_rows(offset=True)], dtype=float) for at in (0, 1))
    assert west < lon.min() <= lon.max() <= east + 1e-9
    assert south < lat.max() <= north + 1e-9
    assert json.dumps(drawn)
    _, _, plain = looked("清单.csv", files.csv_file())
    assert shift_m(plain.look, samples.CRS) is None


def test_rejected_rows_come_back_in_the_format_of_the_file(looked: Looked) -> None:
    desk, file, seen = looked("清单.xlsx", files.xlsx_file())
    assert desk.rejects_name(file, seen.look) == "清单-rejected.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(desk.rejects(file, seen.look)))
    words = [str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None]
    assert "T-2" in words
    assert "T-5" in words
    assert "T-0" not in words


@pytest.mark.parametrize(
    ("inside", "name"),
    [
        ({"镇/清单.csv": files.csv_file}, "清单-rejected.csv"),
        ({"镇/清单.xlsx": files.xlsx_file}, "清单-rejected.xlsx"),
        ({"甲.xlsx": files.xlsx_file, "乙.xlsx": files.xlsx_file}, "清单-rejected.zip"),
    ],
)
def test_rejected_rows_come_back_out_of_a_zip(
    looked: Looked, folder: Path, inside: Mapping[str, Callable[[], bytes]], name: str
) -> None:
    desk, file, seen = looked("清单.zip", files.zipped({path: made() for path, made in inside.items()}))
    assert desk.rejects_name(file, seen.look) == name
    again = desk.rejects(file, seen.look)
    done = desk.take(setting_of(folder), file, seen.look)
    assert done.record["rows_rejected"] == files.REJECTED * len(inside)
    assert rejects_in(folder, done) == (name, again)


def test_codes_and_kept_words_are_told_in_plain_words(looked: Looked, folder: Path) -> None:
    headings = (*files.HEADINGS[:4], "办理状态", *files.HEADINGS[5:])
    first = files.csv_file(headings).replace(b"13800001234", "处理中".encode("gb18030"))
    desk, file, seen = looked("清单.csv", first)
    desk.take(setting_of(folder), file, seen.look)
    _, _, seen = looked("清单.csv", first.replace("处理中".encode("gb18030"), "已办结".encode("gb18030")))
    table = change_table(seen.look, "en", most=99)
    assert table[["before", "after"]].drop_duplicates().to_numpy().tolist() == [["under way", "closed"]]
    assert change_table(seen.look, "zh", most=1)["column"].tolist() == ["办理状态"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_places_by_address_that_are_not_sure_are_listed_with_a_file_to_take_away(looked: Looked, lang: str) -> None:
    rows = [
        ("问题编号", "上报时间", "问题描述", "地址"),
        ("A-1", "2024-05-20", "灯不亮", "南公厕旁"),
        ("A-2", "2024-05-20", "=HYPERLINK(1)", "天涯海角"),
    ]
    content = "\n".join(",".join(row) for row in rows).encode()
    _, _, seen = looked("热线.csv", content)
    waiting = to_confirm(seen.look)
    assert set(waiting["row"]) <= {2, 3}
    assert 3 in set(waiting["row"])
    table = confirm_table(seen.look, {"toilets": samples.toilets()}, lang)
    assert len(table) == len(waiting)
    assert table["reason"].str.len().gt(0).all()
    back = pd.read_csv(io.BytesIO(confirm_csv(seen.look, samples.CRS)), encoding="utf-8-sig")
    assert {"问题编号", "地址", "经度", "纬度"} <= set(back)
    assert list(back["问题描述"][back["问题编号"] == "A-2"]) == ["'=HYPERLINK(1)"]
    assert any(
        layer["key"] == "intake_confirm"
        for layer in with_preview({"layers": [], "bounds": None}, seen.look, samples.CRS)["layers"]
    )


def test_the_answer_is_json_of_what_the_command_line_gives(looked: Looked) -> None:
    _, _, seen = looked("清单.csv", files.csv_file())
    found = json.loads(answer_json(seen.look))
    assert (found["rows_read"], found["rows_kept"], found["rows_rejected"]) == (8, 6, 2)


def test_a_file_says_what_it_is_and_how_far_it_got(looked: Looked) -> None:
    _, _, seen = looked("清单.csv", files.csv_file())
    words = kind_words(seen.sources)
    assert "GB18030（GBK）" in words.zh
    assert "GB18030 (GBK)" in words.en
    assert "heading in row 1" in words.en
    said, share = steps(seen.look)
    assert "8 rows read" in said.en
    assert "通过检查 6 行" in said.zh
    assert 0.5 < share < 1
    _, _, seen = looked("清单.xlsx", files.xlsx_file())
    assert list(parts_of(seen.sources)) == ["Sheet"]


def test_parts_of_a_shapefile_are_one_file_and_others_stay_apart(folder: Path, tmp_path: Path) -> None:
    desk = Desk()
    parts = files.shapefile(tmp_path / "shp")
    uploads = [Upload(name, name, lambda content=content: content) for name, content in parts.items()]
    desk.receive([*uploads, Upload("other", "清单.csv", files.csv_file)])
    assert [one.name for one in desk.files] == ["公厕.shp", "清单.csv"]
    seen = desk.look(setting_of(folder), stamp(folder), desk.files[0], TOILETS)
    assert seen.look.rows_kept == 2
    assert list(seen.look.table["name"]) == ["东公厕", "北公厕"]
    copies = [one.path for one in desk.files]
    assert all(path.stem == "upload" and path.is_file() for path in copies)
    desk.receive([Upload("other", "清单.csv", files.csv_file)])
    assert [path.is_file() for path in copies] == [False, True]
    assert desk.files[0].path == copies[1]


def test_the_private_folder_goes_with_the_desk() -> None:
    desk = Desk()
    desk.receive([Upload("1", "../../清单.csv", files.csv_file)])
    path = desk.files[0].path
    assert path.name == "upload.csv"
    assert path.parent.parent.stat().st_mode & 0o077 == 0
    del desk
    assert not path.exists()


def test_what_a_killed_process_left_goes_with_the_next_session_and_what_is_in_use_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    living = PrivateFolder()
    left, fresh, other = (tmp_path / f"guatu-import-{name}" for name in ("left", "fresh", "other"))
    for folder in (left, fresh, other):
        folder.mkdir()
        (folder / "upload.csv").touch()
    for folder in (left, fresh):
        (folder / LOCK).touch()
    for folder in (left, living.path):
        os.utime(folder / LOCK, (1.0, 1.0))
    sweep()
    assert [path.exists() for path in (left, fresh, other, living.path)] == [False, True, True, True]
    living.close()
    assert not living.path.exists()


def test_a_refused_file_is_refused_again_without_reading_it_again(folder: Path) -> None:
    desk = Desk()
    desk.receive([Upload("1", "图.dwg", files.dwg_file)])
    for _ in range(2):
        with pytest.raises(DataError) as caught:
            desk.look(setting_of(folder), stamp(folder), desk.files[0], ISSUES)
        assert "DXF" in caught.value.problems[0].remedy.zh
    assert desk.kind(desk.files[0]) == ""


def test_a_coordinate_system_that_does_not_exist_is_told(looked: Looked) -> None:
    with pytest.raises(DataError) as caught:
        looked("清单.csv", files.csv_file(), answers=Answers(crs="EPSG:999999"))
    assert "EPSG:999999" in caught.value.problems[0].found.zh


def test_without_grids_the_map_is_asked_for_and_grids_are_advised(tmp_path: Path) -> None:
    bare = samples.community(tmp_path / "bare", dict.fromkeys(samples.tables()))
    assert first_step(open_workspace(bare).tables) is not None
    desk = Desk()
    desk.receive([Upload("1", "清单.csv", files.csv_file)])
    file = desk.files[0]
    seen = desk.look(setting_of(bare), stamp(bare), file, ISSUES)
    place = place_of(seen.look)
    assert place is not None
    assert place.asks
    assert list(place.choices)[:2] == ["wgs84", "gcj02"]
    assert other_questions(seen.look) == ()
    assert blocked(seen.look) is not None
    assert steps(seen.look)[1] == 0.5
    desk.say(file, ISSUES, answers=Answers(datum="wgs84"))
    seen = desk.look(setting_of(bare), stamp(bare), file, ISSUES)
    place = place_of(seen.look)
    assert place is not None
    assert not place.asks
    assert seen.look.rows_kept == files.KEPT
    assert with_preview({"layers": [], "bounds": None}, seen.look, samples.CRS)["bounds"] is not None


def test_remedies_speak_of_the_page_and_evidence_has_its_own_place(looked: Looked) -> None:
    _, _, seen = looked("清单.csv", files.csv_file())
    told = for_page(seen.look.problems)
    assert not [one for one in told if "--" in one.remedy.zh or "--" in one.remedy.en]
    assert "place_evidence" not in {one.code for one in told}


def test_free_words_are_read_or_refused_with_their_line() -> None:
    assert [point.east_m for point in said_points("1000，2000＝5，6\n\n3,4=7,8")] == [5.0, 7.0]
    assert said_points("1,2=3,4") == ()
    with pytest.raises(GuatuError, match="line 2"):
        said_points("1,2=3,4\nnonsense")
    assert (year_of(" 2021年"), year_of("twenty"), year_of("99999")) == (2021, None, None)
    assert stem("../a b/清单（一）.csv") == "清单（一）"
    assert set(options_of("delimited")) <= set(CHOICES)
    assert options_of("gpkg") == {}
