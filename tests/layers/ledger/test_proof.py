"""The proof: whatever is changed, taken out, put in or exchanged in the file of a ledger is told to the record."""

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from geo.errors import DataError, Problem
from layers.ledger.keeping.proof import ledger_problems, refold
from layers.ledger.log.events import COLUMNS, name_of
from layers.ledger.store.files import FILE
from layers.ledger.store.opening import open_ledger
from tests.layers.ledger.acting import STATES, Place, acts_to, create, done, fuse, move, note, quick_home


@pytest.fixture(scope="module")
def whole() -> Iterator[Path]:
    """A ledger with every state, closed, so that all of it lies in one file."""
    with TemporaryDirectory(dir=quick_home()) as home:
        yield ledger_with_all(Path(home))


def ledger_with_all(folder: Path) -> Path:
    ledger = open_ledger(folder)
    done(ledger, *(one for state in STATES for one in acts_to(state, state)))
    done(ledger, create("a"), create("b"), fuse("a", "b"), note("b"), note("new", text="坑" * 3000))
    ledger.engine.dispose()
    assert sorted(one.name for one in folder.iterdir()) == ["ledger.queue", FILE]
    return folder


def copied(whole: Path, to: Path) -> Path:
    to.mkdir(parents=True)
    shutil.copyfile(whole / FILE, to / FILE)
    return to


def told(folder: Path, *statements: tuple[str, tuple[Any, ...]]) -> tuple[Problem, ...]:
    """Change the file behind the ledger's back, and give what the proof says."""
    with closing(sqlite3.connect(folder / FILE)) as connection:
        for statement, values in statements:
            connection.execute(statement, values)
        connection.commit()
    ledger = open_ledger(folder)
    found = ledger_problems(ledger)
    ledger.engine.dispose()
    return found


def test_a_whole_ledger_has_no_problems(whole: Path, home: Path) -> None:
    assert told(copied(whole, home / "x")) == ()


CHANGES: dict[str, Any] = {
    "subject": "other", "kind": "settle", "at": 1, "by": "me", "command_id": "c", "clock": 9, "was": "x", "state": "closed",
    "person": "p9", "level": "street", "version": 9, "stage": "x", "due_at": 1, "final_due_at": 1, "other": "o",
    "department": "d", "satisfaction": 1, "reason": "r", "tag": "t", "issue_type": "GAS", "severity": 1, "source": "s",
    "grid_id": "W9", "x_m": 1.5, "y_m": 1.5, "address": "a", "text": "t", "details": "[]", "writer": "w", "number": 99,
    "before": "b",
}  # fmt: skip


@pytest.mark.parametrize("column", COLUMNS)
def test_a_changed_value_of_any_column_is_told_to_the_record(whole: Path, home: Path, column: str) -> None:
    found = told(
        copied(whole, home / "x"),
        (f'UPDATE events SET "{column}" = ? WHERE arrival = 20', (CHANGES[column],)),  # noqa: S608
    )
    altered = [one for one in found if one.code == "ledger_altered"]
    assert len(altered) == 1
    assert "(20)" in str(altered[0].row)
    assert "arrival 20" in altered[0].found.en


def test_every_column_has_a_changed_value() -> None:
    assert CHANGES.keys() == set(COLUMNS)


def test_a_changed_name_is_one_problem(whole: Path, home: Path) -> None:
    (one,) = told(copied(whole, home / "x"), ("UPDATE events SET event_id = ? WHERE arrival = 20", ("0" * 64,)))
    assert (one.code, "(20)" in str(one.row)) == ("ledger_altered", True)


def row_of(folder: Path, arrival: int) -> dict[str, Any]:
    with closing(sqlite3.connect(folder / FILE)) as connection:
        connection.row_factory = sqlite3.Row
        return dict(connection.execute("SELECT * FROM events WHERE arrival = ?", (arrival,)).fetchone())


def named(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"event_id": name_of([row[name] for name in COLUMNS])}


def put(row: dict[str, Any]) -> tuple[str, tuple[Any, ...]]:
    names = ", ".join(f'"{name}"' for name in row)
    return f"INSERT INTO events ({names}) VALUES ({', '.join('?' * len(row))})", tuple(row.values())  # noqa: S608


def test_a_changed_record_with_a_new_name_breaks_the_chain_behind_it(whole: Path, home: Path) -> None:
    folder = copied(whole, home / "x")
    row = named(row_of(folder, 20) | {"text": "anders"})
    (one,) = told(
        folder, ("UPDATE events SET text = ?, event_id = ? WHERE arrival = 20", (row["text"], row["event_id"]))
    )
    assert (one.code, "(21)" in str(one.row)) == ("ledger_order", True)


@pytest.mark.parametrize("taken", [(1,), (20,), (20, 21, 22)])
def test_records_taken_out_leave_a_gap(whole: Path, home: Path, taken: tuple[int, ...]) -> None:
    marks = ", ".join("?" * len(taken))
    found = told(copied(whole, home / "x"), (f"DELETE FROM events WHERE arrival IN ({marks})", taken))  # noqa: S608
    assert [one.code for one in found] == ["ledger_missing"]
    assert f"records {taken[0]} to {taken[-1]} are missing before" in found[0].found.en
    assert f"({taken[-1] + 1})" in str(found[0].row)


def test_a_cut_end_is_told(whole: Path, home: Path) -> None:
    folder = copied(whole, home / "x")
    with closing(sqlite3.connect(folder / FILE)) as connection:
        (last,) = connection.execute("SELECT max(arrival) FROM events").fetchone()
    (one,) = told(folder, ("DELETE FROM events WHERE arrival > ?", (last - 2,)))
    assert one.code == "ledger_cut"
    assert f"records {last - 1} to {last} are missing after" in one.found.en


def test_all_records_taken_out_are_told(whole: Path, home: Path) -> None:
    (one,) = told(copied(whole, home / "x"), ("DELETE FROM events", ()))
    assert one.code == "ledger_cut"


def test_a_record_put_at_the_end_is_told(whole: Path, home: Path) -> None:
    folder = copied(whole, home / "x")
    with closing(sqlite3.connect(folder / FILE)) as connection:
        (last,) = connection.execute("SELECT max(arrival) FROM events").fetchone()
    row = row_of(folder, last)
    new = row | {"arrival": last + 1, "number": row["number"] + 1, "before": row["event_id"], "place": 99, "clock": 99}
    (one,) = told(folder, put(named(new)))
    assert (one.code, f"({last + 1})" in str(one.row)) == ("ledger_cut", True)


def test_a_record_put_between_is_told_as_a_fork_and_the_cases_do_not_fit(whole: Path, home: Path) -> None:
    folder = copied(whole, home / "x")
    new = row_of(folder, 20) | {"arrival": 900, "place": 99, "person": "thief"}
    found = told(folder, put(named(new)))
    assert {"ledger_forked", "ledger_case"} <= {one.code for one in found}
    forked = next(one for one in found if one.code == "ledger_forked")
    assert forked.severity == "warning"
    assert "(20)" in str(forked.row)
    assert "(900)" in str(forked.row)


def test_a_record_of_a_writer_that_is_not_registered_is_told(whole: Path, home: Path) -> None:
    folder = copied(whole, home / "x")
    new = row_of(folder, 1) | {"arrival": 900, "place": 99, "writer": "stranger"}
    (one,) = told(folder, put(named(new)))
    assert (one.code, "stranger" in str(one.row)) == ("ledger_writer", True)


def test_exchanged_records_are_told(whole: Path, home: Path) -> None:
    swap = [("UPDATE events SET arrival = ? WHERE arrival = ?", pair) for pair in ((-1, 20), (20, 21), (21, -1))]
    found = told(copied(whole, home / "x"), *swap)
    assert [one.code for one in found] == ["ledger_order"]


def test_exchanged_places_are_told(whole: Path, home: Path) -> None:
    places = [
        ("UPDATE events SET place = ? WHERE subject = 'closed' AND place = ?", one)
        for one in ((99, 1), (1, 2), (2, 99))
    ]
    found = told(copied(whole, home / "x"), *places)
    assert {one.code for one in found} == {"ledger_place"}


@pytest.mark.parametrize(
    ("statement", "issue"),
    [
        ("UPDATE cases SET state = 'closed' WHERE issue_id = 'new'", "new"),
        ("UPDATE cases SET due_at = due_at + 1 WHERE issue_id = 'new'", "new"),
        ("UPDATE cases SET is_contested = 1 WHERE issue_id = 'new'", "new"),
        ("DELETE FROM cases WHERE issue_id = 'new'", "new"),
        ("UPDATE cases SET issue_id = 'ghost' WHERE issue_id = 'new'", "ghost"),
    ],
)
def test_a_changed_case_is_told_and_folded_again(whole: Path, home: Path, statement: str, issue: str) -> None:
    folder = copied(whole, home / "x")
    found = told(folder, (statement, ()))
    assert {one.code for one in found} == {"ledger_case"}
    assert issue in {one.row for one in found}
    ledger = open_ledger(folder)
    assert refold(ledger) == len(STATES) + 2
    assert ledger_problems(ledger) == ()


def test_a_writer_that_is_not_the_one_of_this_place_is_told(whole: Path, home: Path) -> None:
    found = told(copied(whole, home / "x"), ("UPDATE writers SET is_here = 0", ()))
    assert {one.code for one in found} == {"ledger_writer"}


def test_a_ledger_is_verified_while_others_write(place: Place) -> None:
    ledger, other = place.open(), place.open()
    done(ledger, create("i1"))
    with ledger.engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("SELECT 1 FROM events")
        done(other, move("i1", "accepted"))
    assert ledger_problems(ledger) == ()


TABLES: dict[str, str] = {
    "events": "SELECT * FROM events ORDER BY arrival",
    "writers": "SELECT * FROM writers ORDER BY writer",
    "cases": "SELECT * FROM cases ORDER BY issue_id",
    "settings": "SELECT * FROM settings ORDER BY key",
}


def content(path: Path) -> dict[str, Any]:
    """Everything that a ledger tells, its own questions by index included."""
    with closing(sqlite3.connect(path)) as connection:
        found: dict[str, Any] = {name: connection.execute(asked).fetchall() for name, asked in TABLES.items()}
        for column in ("subject", "command_id", "event_id"):
            asked = f"SELECT arrival FROM events INDEXED BY {index_of(connection, column)} WHERE {column} = ?"  # noqa: S608
            own = connection.execute(f"SELECT DISTINCT {column} FROM events NOT INDEXED ORDER BY 1").fetchall()  # noqa: S608
            found[f"events by {column}"] = [connection.execute(asked, one).fetchall() for one in own]
        for column in ("person", "grid_id", "state", "due_at", "reported_at"):
            asked = f"SELECT {column}, issue_id FROM cases INDEXED BY ix_cases_{column} ORDER BY 1, 2"  # noqa: S608
            found[f"cases by {column}"] = connection.execute(asked).fetchall()
        chain = "SELECT writer, number FROM events INDEXED BY events_by_chain ORDER BY 1, 2"
        found["chain"] = connection.execute(chain).fetchall()
        return found


def index_of(connection: sqlite3.Connection, column: str) -> str:
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'events'"):
        first = connection.execute(f"PRAGMA index_info({name})").fetchone()
        if first[2] == column:
            return str(name)
    raise LookupError(column)


def verdict(folder: Path, sound: dict[str, Any]) -> str:
    """What becomes of a ledger with a flipped bit: "refused", "told", "same", or "silent", which must not be."""
    try:
        ledger = open_ledger(folder)
    except DataError:
        return "refused"
    found = ledger_problems(ledger)
    ledger.engine.dispose()
    if found:
        return "told"
    now = content(folder / FILE)
    return "same" if now == sound else "silent"


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def flips(whole: Path, folder: Path, count: int, seed: int = 4) -> dict[str, list[int]]:
    """Flip bits one by one, and give the bits by what became of the ledger."""
    data = (whole / FILE).read_bytes()
    mine = copied(whole, folder / "sound")
    open_ledger(mine).engine.dispose()
    sound = content(mine / FILE)
    data = (mine / FILE).read_bytes()
    bits = random.Random(seed).sample(range(len(data) * 8), count)  # noqa: S311 (a seed, no secret)
    found: dict[str, list[int]] = {}
    for bit in bits:
        for name in (FILE, f"{FILE}-wal", f"{FILE}-shm"):
            (mine / name).unlink(missing_ok=True)
        (mine / FILE).write_bytes(flipped(data, bit))
        found.setdefault(verdict(mine, sound), []).append(bit)
    return found


def test_of_many_flipped_bits_none_is_used_in_silence(whole: Path, home: Path) -> None:
    found = flips(whole, home, 120)
    assert found.get("silent", []) == []
    assert {"refused", "told"} <= found.keys()
