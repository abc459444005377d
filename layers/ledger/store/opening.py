"""Opening a ledger: made if there is none, brought up to date, refused if a newer Guatu wrote it."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from platform import node
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from geo.errors import DataError, Problem
from geo.text import Text
from layers.ledger.acting.rules import rules
from layers.ledger.store.engine import reading, sqlite_engine, url_engine, writing
from layers.ledger.store.files import FILE, QUEUE
from layers.ledger.store.ledger import Ledger
from layers.ledger.store.migrations import HEAD, STEPS
from layers.ledger.store.tables import SETTINGS, WRITERS

OLD = "ledger.before-{revision}.sqlite"
_STEPS = "layers.ledger.store:migrations"
_TABLE = "alembic_version"
SHAPE = "shape"
_SHAPE = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name"


def open_ledger(folder: Path, url: str | None = None) -> Ledger:
    """Open the ledger of a workspace; an empty one is made where there is none.

    Args:
        folder: the workspace.
        url: the database of a district; None for the file in the workspace.

    Raises:
        DataError: no ledger, damaged, written by a newer Guatu, or not to be written.
    """
    path = folder / FILE
    if url is None and path.is_file():
        require_usable(path)
    engine = sqlite_engine(path) if url is None else url_engine(url)
    queue = folder / QUEUE if url is None else None
    revision = _revision(engine)
    if revision is not None and revision not in STEPS:
        raise DataError([too_new(path.name)])
    if revision != HEAD:
        if url is None:
            _keep_copy(path, revision)
        _bring_up(engine, queue)
    return Ledger(engine, queue, rules(folder), _writer(engine, queue, folder))


def require_usable(path: Path) -> None:
    """Refuse a file that is no ledger, whose pages do not hold together, or that a newer Guatu wrote; it stays as it is.

    Raises:
        DataError: damaged, or too new.
    """
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.text_factory = lambda found: found.decode(errors="replace")
            said = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            known = _TABLE in tables and connection.execute(f"SELECT version_num FROM {_TABLE}").fetchone()  # noqa: S608
            is_shaped = not known or known[0] not in STEPS or _is_shaped(connection)
    except (sqlite3.DatabaseError, UnicodeDecodeError):  # the latter: a message that names broken bytes
        raise DataError([damaged(path.name)]) from None
    if said != "ok" or not is_shaped or (tables and not known):  # tables without a version: what told it is lost
        raise DataError([damaged(path.name)])
    if known and known[0] not in STEPS:
        raise DataError([too_new(path.name)])


def _is_shaped(connection: sqlite3.Connection) -> bool:
    """Tell whether the tables and indexes are defined as they were when they were made."""
    kept = connection.execute("SELECT value FROM settings WHERE key = ?", (SHAPE,)).fetchone()
    return bool(kept) and kept[0] == shape_of(connection.execute(_SHAPE))


def _revision(engine: Engine) -> str | None:
    """Give the step that the tables are at, None where there are none."""
    with reading(engine) as connection:
        if not sa.inspect(connection).has_table(_TABLE):
            return None
        return connection.execute(sa.text(f"SELECT version_num FROM {_TABLE}")).scalar_one_or_none()  # noqa: S608


def _keep_copy(path: Path, revision: str | None) -> None:
    """Keep a copy of an older ledger beside it."""
    if revision is None or not path.is_file():
        return
    kept = path.with_name(OLD.format(revision=revision))
    kept.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM INTO ?", (str(kept),))


def _bring_up(engine: Engine, queue: Path | None) -> None:
    """Run the steps that are missing, in one transaction."""
    from alembic.config import Config  # noqa: PLC0415 (heavy)
    from alembic.runtime.environment import EnvironmentContext  # noqa: PLC0415 (heavy)
    from alembic.script import ScriptDirectory  # noqa: PLC0415 (heavy)

    settings = Config()
    settings.set_main_option("script_location", _STEPS)
    settings.set_main_option("path_separator", "os")
    steps = ScriptDirectory.from_config(settings)
    with writing(engine, queue) as connection:
        settings.attributes["connection"] = connection
        with EnvironmentContext(settings, steps, fn=lambda now, _: steps._upgrade_revs(HEAD, now)):  # noqa: SLF001
            steps.run_env()
        if engine.dialect.name == "sqlite":
            _note_shape(connection)


def _note_shape(connection: Connection) -> None:
    """Keep the digest of the tables and indexes: a turned bit there would change what the same question finds."""
    shape = shape_of(tuple(row) for row in connection.exec_driver_sql(_SHAPE))
    connection.execute(sa.delete(SETTINGS).where(SETTINGS.c.key == SHAPE))
    connection.execute(sa.insert(SETTINGS).values(key=SHAPE, value=shape))


def shape_of(rows: Iterable[tuple[str, ...]]) -> str:
    """Give the digest of the definitions of tables and indexes."""
    return sha256(repr(list(rows)).encode()).hexdigest()


def _writer(engine: Engine, queue: Path | None, folder: Path) -> str:
    """Give the name under which this place writes; a copy of the folder elsewhere writes under another."""
    here = sha256(f"{node()}\n{folder.resolve()}".encode()).hexdigest()[:16]
    with reading(engine) as connection:
        name = _named(connection, here)
    if name is not None:
        return name
    with writing(engine, queue) as connection:
        name = _named(connection, here) or uuid4().hex
        if _named(connection, here) is None:
            connection.execute(sa.insert(SETTINGS).values(key=f"writer:{here}", value=name))
            connection.execute(sa.insert(WRITERS).values(writer=name, number=0, last="", is_here=True))
    return name


def _named(connection: Connection, here: str) -> str | None:
    asked = sa.select(SETTINGS.c.value).where(SETTINGS.c.key == f"writer:{here}")
    return connection.execute(asked).scalar_one_or_none()


def too_new(name: str) -> Problem:
    """Say that a newer Guatu wrote a ledger."""
    return Problem(
        "ledger_too_new",
        "error",
        name,
        None,
        None,
        Text("由更新版本的挂图写成的台账", "a ledger that a newer Guatu wrote"),
        Text("本版本认识的台账", "a ledger that this version knows"),
        Text("请升级挂图；文件没有改动", "upgrade Guatu; the file was not touched"),
    )


def damaged(name: str) -> Problem:
    """Say that a file is no whole ledger."""
    return Problem(
        "ledger_damaged",
        "error",
        name,
        None,
        None,
        Text("已损坏，或不是台账", "damaged, or no ledger"),
        Text("完整的台账文件", "a whole file of a ledger"),
        Text(
            "用 guatu ledger restore 从备份恢复；损坏的文件请留存",
            "restore it from a backup with guatu ledger restore; keep the damaged file",
        ),
    )
