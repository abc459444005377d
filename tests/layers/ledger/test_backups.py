"""Backups taken while others write are whole and hold all that was acknowledged; restoring keeps what was there."""

import sqlite3
from contextlib import ExitStack, closing
from hashlib import sha256
from pathlib import Path

import pytest

from geo.errors import DataError
from layers.ledger.keeping.backups import backup, restore
from layers.ledger.keeping.proof import ledger_problems
from layers.ledger.store.files import FILE
from tests.layers.ledger.acting import ANYBODY, Place, create, done, move, note
from tests.layers.ledger.workers import prepare, running, write_on

BACKUPS, WRITERS = 4, 4


def backed_up(place: Place, home: Path, backups: int, writers: int) -> list[int]:
    """Take backups while processes write, restore each, and give how many records each has."""
    prepare(place)
    found = []
    acks = [home / f"acks-{n}" for n in range(writers)]
    with ExitStack() as stack:
        for n in range(writers):
            stack.enter_context(running(write_on, place, n, acks[n]))
        ledger = place.open()
        for number in range(backups):
            told = {name for one in acks if one.exists() for name in one.read_text().split()}
            made = backup(ledger, home / f"{number}.sqlite")
            other = Place(home / f"restored-{number}")
            other.folder.mkdir()
            assert restore(other.folder, made.path) == (made.events, None)
            again = other.open()
            assert ledger_problems(again) == ()
            assert told <= set(again.log()["event_id"].to_pylist())
            again.engine.dispose()
            found.append(made.events)
    ledger.engine.dispose()
    return found


def test_backups_under_writers_restore_whole_and_complete(place: Place, home: Path) -> None:
    found = backed_up(place, home, BACKUPS, WRITERS)
    assert found == sorted(found)
    assert len(found) == BACKUPS


@pytest.fixture
def kept(place: Place, home: Path) -> Path:
    ledger = place.open()
    done(ledger, create("i1"), move("i1", "accepted"), note("i1"))
    made = backup(ledger, home / "kept.sqlite")
    assert made.events == 3
    done(ledger, note("i1"))
    ledger.engine.dispose()
    return made.path


def test_the_digest_stands_beside_a_backup(kept: Path) -> None:
    digest, name = kept.with_name("kept.sqlite.sha256").read_text("utf-8").split()
    assert (digest, name) == (sha256(kept.read_bytes()).hexdigest(), "kept.sqlite")
    assert sorted(one.name for one in kept.parent.iterdir() if one.name.startswith((".", "kept"))) == [
        "kept.sqlite",
        "kept.sqlite.sha256",
    ]


def test_who_has_the_ledger_open_goes_on_with_the_restored_one(place: Place, kept: Path) -> None:
    ledger = place.open()
    done(ledger, note("i1"))
    restored = restore(place.folder, kept)
    assert restored.events == ledger.size() == 3
    assert ledger.act(note("i1"), ANYBODY).number == 4
    assert restored.kept is not None
    with closing(sqlite3.connect(restored.kept)) as connection:
        assert connection.execute("SELECT count(*) FROM events").fetchone() == (5,)
    assert ledger_problems(ledger) == ()
    assert restore(place.folder, kept).kept != restored.kept


def test_a_damaged_ledger_is_kept_and_replaced(place: Place, kept: Path) -> None:
    path = place.folder / FILE
    path.write_bytes(b"x" * 5000)
    with pytest.raises(DataError):
        place.open()
    restored = restore(place.folder, kept)
    assert restored.kept is not None
    assert restored.kept.read_bytes() == b"x" * 5000
    assert place.open().size() == 3


def test_a_lost_ledger_is_restored(place: Place, kept: Path) -> None:
    for one in place.folder.iterdir():
        one.unlink()
    assert restore(place.folder, kept) == (3, None)
    assert place.open().size() == 3


def turned(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.mark.parametrize("has_digest", [True, False])
@pytest.mark.parametrize("damage", ["turned", "cut", "altered", "empty"])
def test_a_backup_that_is_not_whole_is_refused_and_the_ledger_stays(
    place: Place, kept: Path, damage: str, *, has_digest: bool
) -> None:
    data = kept.read_bytes()
    if damage == "altered":
        with closing(sqlite3.connect(kept)) as connection:
            connection.execute("UPDATE events SET person = 'thief'")
            connection.commit()
    else:
        kept.write_bytes({"turned": turned(data, data.index(b"owner")), "cut": data[:20_000], "empty": b""}[damage])
    if not has_digest:
        kept.with_name("kept.sqlite.sha256").unlink()
    before = place.open().size()
    with pytest.raises(DataError) as refused:
        restore(place.folder, kept)
    assert {one.code for one in refused.value.problems} == {"backup_broken"}
    assert place.open().size() == before == 4


def test_a_backup_that_cannot_be_written_leaves_what_was_there(place: Place, kept: Path, home: Path) -> None:
    before = kept.read_bytes()
    with pytest.raises(DataError) as refused:
        backup(place.open(), home / "nowhere" / "x.sqlite")
    assert refused.value.problems[0].code == "backup_unwritten"
    ledger = place.open()
    (place.folder / FILE).write_bytes(b"x" * 5000)
    with pytest.raises(DataError):
        backup(ledger, kept)
    assert kept.read_bytes() == before


def test_no_backup_is_no_restore(place: Place, home: Path) -> None:
    with pytest.raises(DataError) as refused:
        restore(home, home / "nothing.sqlite")
    assert refused.value.problems[0].code == "ledger_not_here"
    assert place.folder.name == "here"
