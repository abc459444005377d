"""Steps of the tables: killed half-way the ledger is old or new, a newer one is refused untouched, an older one kept."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from geo.errors import DataError
from layers.ledger.keeping.proof import ledger_problems
from layers.ledger.log.events import microseconds
from layers.ledger.store import migrations, opening
from layers.ledger.store.files import FILE
from tests.layers.ledger.acting import ANYBODY, Place, create, done, move, note
from tests.layers.ledger.next_step import NEXT, killed_at, with_next_step
from tests.layers.ledger.workers import run

STRIDE = 9
"""Every how manieth write is tried: the copy that is kept and the step make some two hundred."""


@pytest.fixture
def old(place: Place) -> Place:
    """A ledger of today, which is an old one for the version after."""
    ledger = place.open()
    done(ledger, create("i1"), move("i1", "accepted"))
    ledger.engine.dispose()
    return place


@pytest.fixture
def newer(old: Place, home: Path) -> Iterator[Place]:
    """The same ledger in the hands of the version after, which knows one step more."""
    with with_next_step(home / "steps"):
        yield old


def revision(folder: Path, name: str = FILE) -> str:
    with closing(sqlite3.connect(folder / name)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def columns(folder: Path) -> set[str]:
    with closing(sqlite3.connect(folder / FILE)) as connection:
        return {row[1] for row in connection.execute("PRAGMA table_info(cases)")}


def test_the_steps_that_are_known_are_the_files_in_order() -> None:
    files = sorted((Path(migrations.__file__).parent / "versions").glob("step_*.py"))
    assert tuple(one.stem.removeprefix("step_") for one in files) == migrations.STEPS
    assert migrations.STEPS[-1] == migrations.HEAD


def test_an_older_ledger_is_kept_and_brought_up(newer: Place) -> None:
    old, ledger = newer, newer.open()
    assert revision(old.folder) == NEXT
    assert "mood" in columns(old.folder)
    assert ledger_problems(ledger) == ()
    assert ledger.case("i1").state == "accepted"
    assert ledger.act(note("i1"), ANYBODY).number == 3
    kept = f"ledger.before-{migrations.HEAD}.sqlite"
    assert revision(old.folder, kept) == migrations.HEAD
    with closing(sqlite3.connect(old.folder / kept)) as connection:
        assert connection.execute("SELECT count(*) FROM events").fetchone() == (2,)


def as_of_the_first_step(folder: Path) -> None:
    """Turn a ledger back into what the first version wrote."""
    with closing(sqlite3.connect(folder / FILE)) as connection:
        connection.execute("DROP INDEX events_by_time")
        connection.execute("ALTER TABLE cases DROP COLUMN since")
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
        shape = opening.shape_of(connection.execute(opening._SHAPE))
        connection.execute("UPDATE settings SET value = ? WHERE key = ?", (shape, opening.SHAPE))
        connection.commit()


def test_a_ledger_of_the_first_version_knows_when_each_limit_began(old: Place) -> None:
    ledger = old.open()
    done(ledger, *(move("i1", one) for one in ("assigned", "working", "fixed", "closed", "accepted")))
    expected = ledger.case("i1").since
    ledger.engine.dispose()
    as_of_the_first_step(old.folder)
    ledger = old.open()
    assert ledger_problems(ledger) == ()
    with closing(sqlite3.connect(old.folder / FILE)) as connection:
        kept = connection.execute("SELECT since FROM cases").fetchall()
        indexes = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
    assert kept == [(microseconds(expected),)]
    assert "events_by_time" in indexes
    assert (old.folder / "ledger.before-0001.sqlite").exists()


def test_a_ledger_of_a_newer_version_is_refused_and_not_touched(old: Place, home: Path) -> None:
    with with_next_step(home / "steps"):
        old.open().engine.dispose()
    before = {one.name: sha256(one.read_bytes()).hexdigest() for one in sorted(old.folder.iterdir())}
    with pytest.raises(DataError) as refused:
        old.open()
    assert [one.code for one in refused.value.problems] == ["ledger_too_new"]
    assert {one.name: sha256(one.read_bytes()).hexdigest() for one in sorted(old.folder.iterdir())} == before


def test_tables_without_a_version_are_refused(old: Place) -> None:
    with closing(sqlite3.connect(old.folder / FILE)) as connection:
        connection.execute("DELETE FROM alembic_version")
        connection.commit()
    with pytest.raises(DataError) as refused:
        old.open()
    assert [one.code for one in refused.value.problems] == ["ledger_damaged"]


def test_tables_that_are_defined_otherwise_are_refused(old: Place) -> None:
    with closing(sqlite3.connect(old.folder / FILE)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = replace(sql, 'subject VARCHAR', 'subject NUMERIC')")
        connection.commit()
    with pytest.raises(DataError) as refused:
        old.open()
    assert [one.code for one in refused.value.problems] == ["ledger_damaged"]


def test_a_step_killed_at_any_write_leaves_the_old_or_the_new_ledger(newer: Place, home: Path) -> None:
    data = (newer.folder / FILE).read_bytes()
    found, code, at = set(), -9, 0
    while code == -9:
        at += STRIDE
        place = Place(home / f"killed-{at}")
        place.folder.mkdir()
        (place.folder / FILE).write_bytes(data)
        (process,) = run(killed_at, [(place, home / "steps", at)])
        code = process.exitcode or 0
        with closing(sqlite3.connect(place.folder / FILE)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        version = revision(place.folder)
        assert ("mood" in columns(place.folder)) == (version == NEXT)
        found.add(version)
        ledger = place.open()
        assert ledger_problems(ledger) == ()
        assert ledger.case("i1").state == "accepted"
        ledger.engine.dispose()
    assert code == 0
    assert found == {migrations.HEAD, NEXT}
