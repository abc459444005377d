"""The union: ledgers of several machines, joined in any order and any number of times, are the same ledger."""

import json
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import DataError
from layers.ledger.acting.acts import Act
from layers.ledger.crew.duties import appointments
from layers.ledger.keeping.exchange import export
from layers.ledger.keeping.proof import ledger_problems
from layers.ledger.keeping.union import Merged, merge
from layers.ledger.log.events import COLUMNS, SETTLE, name_of
from layers.ledger.store.files import FILE
from layers.ledger.store.ledger import Ledger
from layers.ledger.store.opening import open_ledger
from tests.layers.ledger.acting import (
    ANYBODY,
    STATES,
    Place,
    act,
    assign,
    create,
    done,
    fuse,
    move,
    note,
    photo,
    quick_home,
    unfuse,
)


def settle(subject: str, state: str) -> Act:
    return act(subject, SETTLE, state=state, text="以社区为准")


def names(ledger: Ledger) -> list[str]:
    return sorted(ledger.log()["event_id"].to_pylist())


def stood(ledger: Ledger) -> dict[str, Any]:
    """What a ledger tells, whatever order its records came in."""
    return {"names": names(ledger), "cases": ledger.cases().sort_index()}


def assert_alike(one: Ledger, other: Ledger) -> None:
    first, second = stood(one), stood(other)
    assert first["names"] == second["names"]
    pd.testing.assert_frame_equal(first["cases"], second["cases"])
    assert ledger_problems(one) == ledger_problems(other) == ()


def test_what_two_machines_wrote_is_in_both(places: list[Place]) -> None:
    a, b = (one.open() for one in places[:2])
    done(a, create("i1"), move("i1", "accepted"))
    assert merge(b, a) == Merged(2, 0, ())
    done(b, assign("i1"), create("i2"))
    assert merge(a, b) == Merged(2, 2, ())
    assert_alike(a, b)
    assert merge(a, b) == merge(b, a) == Merged(0, 4, ())
    assert a.case("i1").person == "p2"


def test_moves_at_once_are_contested_until_somebody_settles_it(places: list[Place]) -> None:
    a, b = (one.open() for one in places[:2])
    done(a, create("i1"), move("i1", "accepted"))
    merge(b, a)
    done(a, move("i1", "rejected"))
    done(b, assign("i1"), photo("i1"))
    merge(a, b)
    merge(b, a)
    assert_alike(a, b)
    assert a.cases().loc["i1", "is_contested"]
    assert stored(a, "i1")["is_contested"]
    done(a, note("i1"))
    assert stored(a, "i1")["is_contested"]
    done(a, settle("i1", "assigned"))
    merge(b, a)
    assert_alike(a, b)
    for one in (a, b):
        assert not one.cases().loc["i1", "is_contested"]
        assert not stored(one, "i1")["is_contested"]
        assert one.case("i1").state == stored(one, "i1")["state"] == "assigned"


def test_fusing_both_ways_at_once_is_contested_until_one_is_parted(places: list[Place]) -> None:
    a, b = (one.open() for one in places[:2])
    done(a, create("x"), create("y"), create("z"), fuse("z", "x"))
    merge(b, a)
    done(a, fuse("x", "y"))
    done(b, fuse("y", "x"))
    merge(a, b)
    merge(b, a)
    assert_alike(a, b)
    assert a.cases()["is_contested"].tolist() == [True, True, True]
    done(a, unfuse("x"))
    assert ledger_problems(a) == ()
    assert a.cases()["is_contested"].tolist() == [False, False, False]
    assert a.cases()["head"].fillna("").to_dict() == {"x": "", "y": "x", "z": "x"}


def stored(ledger: Ledger, issue: str) -> dict[str, Any]:
    with ledger.engine.connect() as connection:
        asked = f"SELECT * FROM cases WHERE issue_id = '{issue}'"  # noqa: S608 (a name of the test's own)
        return dict(connection.exec_driver_sql(asked).mappings().one())


def test_the_same_command_on_two_machines_counts_once(places: list[Place]) -> None:
    a, b = (one.open() for one in places[:2])
    done(a, create("i1"))
    merge(b, a)
    twice = photo("i1")
    done(a, twice)
    done(b, twice)
    merge(a, b)
    merge(b, a)
    assert_alike(a, b)
    assert a.cases().loc["i1", "photos"] == a.case("i1").photos == 1


def test_lines_and_files_and_ledgers_give_the_same(places: list[Place], tmp_path: Path) -> None:
    a, b, c, d = (one.open() for one in places[:4])
    done(a, *(create(f"i{n}", facts={"x_m": 0.1 + n}) for n in range(700)), note("i5", text='"坑"\n'))
    lines = tmp_path / "a.jsonl"
    assert export(a, lines) == 701
    shuffled = tmp_path / "b.jsonl"
    shuffled.write_text("".join(reversed(lines.read_text("utf-8").splitlines(keepends=True))), "utf-8")
    assert merge(b, lines) == merge(c, a) == merge(d, places[0].folder / FILE) == Merged(701, 0, ())
    assert merge(b, shuffled) == Merged(0, 701, ())
    for one in (b, c, d):
        assert_alike(a, one)
    export(c, tmp_path / "c.jsonl")
    assert (tmp_path / "c.jsonl").read_bytes() == lines.read_bytes()


STEPS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(["move", "assign", "note", "photo", "fuse", "unfuse", "settle", "merge"]),
        st.sampled_from(["i0", "i1", "i2"]),
        st.sampled_from(STATES),
        st.integers(0, 2),
    ),
    max_size=14,
)


def take(ledgers: list[Ledger], step: tuple[int, str, str, str, int]) -> None:
    """One machine does something; what may not be done is refused, which is no matter here."""
    machine, kind, issue, state, other = step
    ledger = ledgers[machine]
    if kind == "merge":
        merge(ledger, ledgers[other])
        return
    made = {
        "move": lambda: move(issue, state),
        "assign": lambda: assign(issue, person=f"p{machine}"),
        "note": lambda: note(issue),
        "photo": lambda: photo(issue),
        "fuse": lambda: fuse(issue, f"i{other}"),
        "unfuse": lambda: unfuse(issue),
        "settle": lambda: settle(issue, state),
    }
    ledger.do([made[kind]()], ANYBODY)


@cache
def empty() -> bytes:
    """An empty ledger, to be copied: making the tables takes longer than all that is done with them here."""
    with TemporaryDirectory(dir=quick_home()) as home:
        Place(Path(home)).open().engine.dispose()
        return (Path(home) / FILE).read_bytes()


def opened(folder: Path) -> Ledger:
    folder.mkdir()
    (folder / FILE).write_bytes(empty())
    return Place(folder).open()


def joined(folder: Path, ledgers: Iterable[Ledger], name: str) -> Ledger:
    found = opened(folder / name)
    for one in ledgers:
        merge(found, one)
    return found


@settings(max_examples=10)
@given(STEPS)
def test_union_is_commutative_associative_and_idempotent(steps: list[tuple[int, str, str, str, int]]) -> None:
    with TemporaryDirectory(dir=quick_home()) as home:
        folder = Path(home)
        a, b, c = ledgers = [opened(folder / name) for name in "abc"]
        done(a, *(create(f"i{n}") for n in range(3)))
        merge(b, a)
        merge(c, a)
        for step in steps:
            take(ledgers, step)
        left = joined(folder, [joined(folder, [a, b], "ab"), c], "(ab)c")
        right = joined(folder, [a, joined(folder, [c, b], "cb")], "a(cb)")
        again = joined(folder, [c, b, c, a, a, b], "again")
        whole = stood(left)
        for one in (left, right, again):
            assert ledger_problems(one) == ()
            assert names(one) == whole["names"]
            pd.testing.assert_frame_equal(stood(one)["cases"], whole["cases"])
        for name in ("i0", "i1", "i2"):
            assert left.case(name) == right.case(name) == again.case(name)


def lines_of(ledger: Ledger, path: Path) -> list[dict[str, Any]]:
    export(ledger, path)
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def put(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def test_an_altered_record_is_refused_and_named_and_those_behind_it_wait(places: list[Place], tmp_path: Path) -> None:
    a, b = (one.open() for one in places[:2])
    done(a, create("i1"), move("i1", "accepted"), note("i1"), create("i2"))
    rows = lines_of(a, tmp_path / "a.jsonl")
    rows[1]["person"] = "thief"
    found = merge(b, put(tmp_path / "b.jsonl", rows))
    assert (found.new, found.known) == (1, 0)
    assert [one.code for one in found.problems] == ["ledger_altered", "ledger_waiting"]
    assert found.problems[0].row is not None
    assert found.problems[0].row.startswith("i1 #2 @")
    assert "2 records" in found.problems[1].found.en
    assert ledger_problems(b) == ()
    assert merge(b, a) == Merged(3, 1, ())
    assert_alike(a, b)


def test_an_altered_record_that_is_known_is_named_too(places: list[Place], tmp_path: Path) -> None:
    a, b = (one.open() for one in places[:2])
    done(a, create("i1"), note("i1"))
    merge(b, a)
    rows = lines_of(a, tmp_path / "a.jsonl")
    rows[0]["text"] = "anders"
    found = merge(b, put(tmp_path / "b.jsonl", rows))
    assert (found.new, found.known, [one.code for one in found.problems]) == (0, 1, ["ledger_altered"])
    assert b.events("i1")[0].text is None


UNSOUND: dict[str, Any] = {
    "severity": 10**6, "satisfaction": 200, "clock": 2**40, "state": "gone", "kind": "explode", "x_m": 5, "at": 2**62,
    "details": '{"limits": [["resolve", "soon", "work_day"]]}', "text": "a\0b", "address": "\ud83d", "person": 7,
    "version": True, "by": None, "due_at": 1.5,
}  # fmt: skip


@pytest.mark.parametrize("column", UNSOUND)
def test_a_record_with_a_right_name_that_no_fold_can_take_is_refused(
    places: list[Place], tmp_path: Path, column: str
) -> None:
    a, b = (one.open() for one in places[:2])
    done(a, create("i1"), create("i2"))
    rows = lines_of(a, tmp_path / "a.jsonl")
    rows[1][column] = UNSOUND[column]
    if column != "address":
        rows[1]["event_id"] = name_of([rows[1][name] for name in COLUMNS])
    (tmp_path / "b.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    found = merge(b, tmp_path / "b.jsonl")
    assert found.new == 1
    (one,) = found.problems
    assert (one.code, one.column) == (("ledger_altered", None) if column == "address" else ("ledger_unsound", column))
    assert list(b.cases().index) == ["i1"]


@pytest.mark.parametrize("line", ["", "x", "[]", "{}", '{"event_id": 1}', "[" * 5000, "9" * 2_000_000, "\udcff"])
def test_a_line_that_is_no_record_is_named(places: list[Place], tmp_path: Path, line: str) -> None:
    a, b = (one.open() for one in places[:2])
    done(a, create("i1"))
    path = tmp_path / "a.jsonl"
    export(a, path)
    path.write_bytes(f"{line}\n".encode(errors="surrogateescape") + path.read_bytes())
    found = merge(b, path)
    assert found.new == 1
    assert {one.code for one in found.problems} == {"ledger_unreadable"}
    assert found.problems[0].row == "1"


def test_a_record_that_claims_a_place_in_a_chain_that_is_not_its_own_is_refused(
    places: list[Place], tmp_path: Path
) -> None:
    a, b = (one.open() for one in places[:2])
    done(a, create("i1"), note("i1"), note("i1"))
    rows = lines_of(a, tmp_path / "a.jsonl")
    rows[2]["before"] = rows[0]["event_id"]
    rows[2]["event_id"] = name_of([rows[2][name] for name in COLUMNS])
    found = merge(b, put(tmp_path / "b.jsonl", rows))
    assert (found.new, [one.code for one in found.problems]) == (2, ["ledger_order"])
    assert ledger_problems(b) == ()


def test_a_forked_writer_is_a_warning_and_both_branches_are_kept(places: list[Place]) -> None:
    a, b = (one.open() for one in places[:2])
    done(a, create("i1"))
    kept = places[2].folder
    kept.mkdir()
    a.engine.dispose()
    shutil.copyfile(places[0].folder / FILE, kept / FILE)
    done(a, note("i1"))
    merge(b, a)
    a.engine.dispose()
    shutil.copyfile(kept / FILE, places[0].folder / FILE)
    a = places[0].open()
    done(a, photo("i1"), photo("i1"))
    (problem,) = merge(b, a).problems
    assert (problem.code, problem.severity) == ("ledger_forked", "warning")
    assert b.size() == 4
    assert [one.code for one in ledger_problems(b)] == ["ledger_forked"]
    merge(a, b)
    done(a, note("i1"))
    merge(b, a)
    assert names(a) == names(b)
    assert [one.code for one in ledger_problems(a)] == ["ledger_forked"]


def test_a_restored_machine_gets_its_own_later_records_back_and_goes_on_behind_them(places: list[Place]) -> None:
    a, b = (one.open() for one in places[:2])
    done(a, create("i1"))
    a.engine.dispose()
    old = (places[0].folder / FILE).read_bytes()
    done(a, note("i1"))
    merge(b, a)
    a.engine.dispose()
    (places[0].folder / FILE).write_bytes(old)
    a = places[0].open()
    assert merge(a, b) == Merged(1, 1, ())
    assert a.act(note("i1"), ANYBODY).number == 3
    assert merge(b, a) == Merged(1, 2, ())
    assert_alike(a, b)


def test_what_is_no_ledger_is_refused(places: list[Place], tmp_path: Path) -> None:
    a = places[0].open()
    with pytest.raises(DataError) as missing:
        merge(a, tmp_path / "nowhere.jsonl")
    assert missing.value.problems[0].code == "ledger_not_here"
    other = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE x (y)")
    with pytest.raises(DataError) as strange:
        merge(a, other)
    assert strange.value.problems[0].code == "ledger_damaged"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999')")
        connection.commit()
    before = other.read_bytes()
    with pytest.raises(DataError) as newer:
        merge(a, other)
    assert newer.value.problems[0].code == "ledger_too_new"
    assert other.read_bytes() == before
    assert a.size() == 0


def test_a_union_that_cannot_be_read_to_the_end_takes_nothing_in(places: list[Place]) -> None:
    a, b = (one.open() for one in places[:2])
    done(a, *(create(f"i{n}") for n in range(1200)))
    a.engine.dispose()
    path = places[0].folder / FILE
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])
    with pytest.raises(DataError):
        merge(b, path)
    assert b.size() == 0
    assert open_ledger(places[1].folder).size() == 0


@pytest.mark.parametrize("facts", ["{}", '{"since": "soon"}', '{"since": "2024-01-01T00:00", "until": 5}'])
def test_an_appointment_without_its_time_is_refused(places: list[Place], tmp_path: Path, facts: str) -> None:
    a, b = (one.open() for one in places[:2])
    done(a, create("i1"))
    row = lines_of(a, tmp_path / "a.jsonl")[0] | {"kind": "appoint", "subject": "person:p1", "other": "street"}
    row |= {"state": None, "level": None, "details": facts}
    row["event_id"] = name_of([row[name] for name in COLUMNS])
    (one,) = merge(b, put(tmp_path / "b.jsonl", [row])).problems
    assert (one.code, one.column) == ("ledger_unsound", "details")
    assert appointments(b) == ()
