"""The tests of the store, pairs of acts, many processes and the random walk, against a real PostgreSQL with PostGIS."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from uuid import uuid4

import pytest
import sqlalchemy as sa

from geo.errors import DataError
from layers.ledger.keeping.backups import backup
from layers.ledger.keeping.proof import ledger_problems
from layers.ledger.keeping.union import merge
from layers.ledger.store.pages import Wanted, page
from tests.conftest import lacking
from tests.layers.ledger import test_concurrency, test_machine, test_pairs, test_store
from tests.layers.ledger.acting import ANYBODY, Place, create, done, fuse, move, note
from tests.layers.ledger.test_machine import walked
from tests.postgres import server

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """The address of a database on a server of the tests' own."""
    with server() as url:
        yield url


@contextmanager
def told(database: str) -> Iterator[sa.Connection]:
    """Open a transaction beside the ledger's."""
    engine = sa.create_engine(database)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def fresh(database: str, folder: Path) -> Place:
    """Give a place in a schema of its own."""
    schema = f"t{uuid4().hex}"
    with told(database) as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    return Place(folder, f"{database}?options=-csearch_path%3D{schema}")


@pytest.fixture
def place(database: str, home: Path) -> Place:
    """Stands in for the folder that ``conftest`` gives."""
    return fresh(database, home / "here")


def _taken_over(*modules: ModuleType) -> dict[str, object]:
    return {name: one for module in modules for name, one in vars(module).items() if name.startswith("test_")}


SUITE = _taken_over(test_store, test_pairs, test_concurrency)
globals().update(SUITE)


def test_the_suite_is_the_one_of_the_embedded_ledger() -> None:
    assert len(SUITE) > 15
    assert vars(test_machine)["test_random_walk"]


def test_random_walk_of_a_database(database: str) -> None:
    walked(lambda folder: fresh(database, folder), examples=3, steps=20)


def test_the_server_has_postgis(database: str) -> None:
    with told(database) as connection:
        asked = "SELECT count(*) FROM pg_available_extensions WHERE name = 'postgis'"
        has_postgis = connection.exec_driver_sql(asked).scalar_one()
        if has_postgis:
            connection.exec_driver_sql("CREATE EXTENSION postgis")
            assert connection.exec_driver_sql("SELECT ST_Distance('POINT(0 0)', 'POINT(3 4)')").scalar_one() == 5
    if not has_postgis:
        lacking("PostGIS")


def test_two_folders_at_one_database_write_two_chains_of_one_ledger(place: Place, home: Path) -> None:
    a, b = place.open(), Place(home / "there", place.url).open()
    assert a.writer != b.writer
    done(a, create("i1"), create("i2"))
    done(b, move("i1", "accepted"), fuse("i2", "i1"))
    done(a, note("i1"))
    assert a.case("i1") == b.case("i1")
    assert not a.cases()["is_contested"].any()
    assert ledger_problems(a) == ledger_problems(b) == ()


def test_a_database_and_a_file_join(place: Place, home: Path) -> None:
    a, b = place.open(), Place(home / "file").open()
    done(a, create("i1"))
    merge(b, a)
    done(b, move("i1", "accepted"))
    done(a, note("i1"))
    merge(a, b)
    merge(b, a)
    assert a.case("i1") == b.case("i1")
    assert ledger_problems(a) == ledger_problems(b) == ()
    assert merge(a, b).new == 0


def test_tampering_in_a_database_is_told_to_the_record(place: Place) -> None:
    ledger = place.open()
    done(ledger, create("i1"), note("i1"), note("i1"))
    with ledger.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE events SET text = 'anders' WHERE number = 2")
    (problem,) = ledger_problems(ledger)
    assert problem.code == "ledger_altered"
    assert str(problem.row).startswith("i1 #2 @")


def test_a_database_backs_itself_up(place: Place, home: Path) -> None:
    with pytest.raises(DataError) as refused:
        backup(place.open(), home / "x.sqlite")
    assert refused.value.problems[0].code == "backup_elsewhere"


def test_a_database_that_is_not_there_is_one_clear_error(home: Path) -> None:
    with pytest.raises(DataError) as refused:
        Place(home / "x", "postgresql+psycopg://guatu@127.0.0.1:1/nothing").open()
    assert refused.value.problems[0].code == "ledger_unread"


def test_a_server_that_breaks_off_leaves_the_old_ledger(place: Place) -> None:
    ledger = place.open()
    done(ledger, create("i1"))
    with ledger.engine.connect() as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'disk full'; END $$"
        )
        connection.exec_driver_sql("CREATE TRIGGER stop BEFORE INSERT ON cases FOR EACH ROW EXECUTE FUNCTION stop()")
        connection.commit()
    one = move("i1", "accepted")
    with pytest.raises(DataError) as refused:
        ledger.do([one], ANYBODY)
    assert [found.code for found in refused.value.problems] == ["ledger_unwritten"]
    assert ledger.size() == 1
    with ledger.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER stop ON cases")
    assert ledger.do([one], ANYBODY)[0].is_new
    assert ledger_problems(ledger) == ()


def test_a_database_is_asked_for_more_issues_than_a_question_holds_values(place: Place) -> None:
    ledger = place.open()
    done(ledger, create("i1"), create("i2"))
    names = ("i1", *(f"other-{number}" for number in range(70_000)))
    latest = ledger.latest()
    assert latest is not None
    assert list(page(ledger, Wanted(issues=names), latest).cases.index) == ["i1"]
