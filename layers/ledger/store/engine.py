"""Engines: SQLite and PostgreSQL opened so that nothing acknowledged is lost and nobody overwrites anybody.

SQLite's own defaults lose updates: here every writer takes the lock before it reads (``BEGIN IMMEDIATE``), every
commit reaches the disk (``synchronous=FULL``), and writers stand in one queue, so that none starves.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from geo.errors import DataError, Problem
from geo.text import Text
from layers.ledger.store.files import FILE

WAIT_S = 30
"""Seconds for which a writer waits for others outside of the queue, such as another program."""
_TURN = 8_847_126
"""Number of the lock in PostgreSQL at which writers queue."""
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    f"busy_timeout={WAIT_S * 1000}",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
)


def sqlite_engine(path: Path) -> Engine:
    """Give the engine of a ledger in a file; the file is made with the first write."""
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": WAIT_S, "check_same_thread": False})

    @sa.event.listens_for(engine, "connect")
    def _set_up(connection: Any, record: Any) -> None:  # noqa: ANN401 (a connection of any driver)
        connection.isolation_level = None  # transactions are begun below, not guessed by the driver
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        record.info["file"] = _file(path)

    @sa.event.listens_for(engine, "checkout")
    def _look(_connection: object, record: Any, _proxy: object) -> None:  # noqa: ANN401 (of the pool)
        if record.info["file"] != _file(path):  # a restore put another file in its place
            raise sa.exc.DisconnectionError

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _file(path: Path) -> tuple[int, int]:
    """Tell which file stands at a path, by device and number."""
    found = path.stat()
    return found.st_dev, found.st_ino


def url_engine(url: str) -> Engine:
    """Give the engine of a ledger in a database, "postgresql+psycopg://...".

    Raises:
        DataError: an address that is none.
    """
    try:
        return sa.create_engine(url, pool_pre_ping=True)
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError) as error:
        raise DataError([_no_address()]) from error


def _no_address() -> Problem:
    return Problem(
        "ledger_address",
        "error",
        "workspace.toml",
        None,
        "ledger",
        Text("不能识别的数据库地址", "an address that is none"),
        Text("postgresql+psycopg://用户@主机/库", "postgresql+psycopg://user@host/database"),
        Text("改正 workspace.toml 中的 ledger", "correct ledger in workspace.toml"),
    )


@contextmanager
def writing(engine: Engine, queue: Path | None) -> Iterator[Connection]:
    """Open a transaction that may write, after those who came before.

    Args:
        engine: of the ledger.
        queue: the file at which writers of an embedded ledger queue; None where the database does that itself.

    Raises:
        DataError: the store could not be written, and is as it was.
    """
    try:
        with turn(queue), engine.connect().execution_options(writes=True) as connection, connection.begin():
            if connection.dialect.name == "postgresql":  # writers queue here too, also those of other folders
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TURN})")
            yield connection
    except (sa.exc.DatabaseError, sqlite3.DatabaseError) as error:
        raise DataError([_unwritten(error, engine)]) from error


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that sees one state of the store throughout.

    Raises:
        DataError: the store could not be read.
    """
    try:
        with engine.connect().execution_options(**_still(engine)) as connection, connection.begin():
            yield connection
    except (sa.exc.DatabaseError, sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise DataError([_unread(error, engine)]) from error


def _still(engine: Engine) -> dict[str, Any]:
    """Give what makes all questions of a transaction see one state: SQLite does so by itself."""
    return {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}


@contextmanager
def turn(queue: Path | None) -> Iterator[None]:
    """Wait for one's turn; the kernel wakes those who wait and ends the turn of a process that dies."""
    if queue is None:
        yield
        return
    handle = os.open(queue, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _unread(error: Exception, engine: Engine) -> Problem:
    expected = Text("可读的台账", "a ledger that can be read")
    remedy = Text(
        "检查磁盘和权限；文件已损坏时用 guatu ledger restore 从备份恢复",
        "check the disk and permissions; if the file is damaged, restore it from a backup with guatu ledger restore",
    )
    return Problem("ledger_unread", "error", _name(engine), None, None, _cause(error, _UNREAD), expected, remedy)


def _name(engine: Engine) -> str:
    return Path(engine.url.database or FILE).name if engine.dialect.name == "sqlite" else "ledger"


def _cause(error: Exception, unknown: Text) -> Text:
    code = str(getattr(getattr(error, "orig", error), "sqlite_errorname", ""))
    return next((words for start, words in _CAUSES.items() if code.startswith(start)), unknown)


def _unwritten(error: Exception, engine: Engine) -> Problem:
    expected = Text("可写的台账，磁盘有空间", "a ledger that can be written, on a disk with room")
    remedy = Text(
        "台账没有改变；腾出磁盘空间或检查权限后重试",
        "the ledger is as it was; make room on the disk or check permissions, then try again",
    )
    return Problem("ledger_unwritten", "error", _name(engine), None, None, _cause(error, _UNKNOWN), expected, remedy)


_UNREAD = Text("数据库没有给出记录", "the database did not give the entries")
_UNKNOWN = Text("数据库没有接受写入", "the database did not take the entry")
_CAUSES = {
    "SQLITE_FULL": Text("磁盘已满", "the disk is full"),
    "SQLITE_IOERR": Text("磁盘读写出错", "the disk reports an error"),
    "SQLITE_READONLY": Text("没有写入权限", "no permission to write"),
    "SQLITE_PERM": Text("没有写入权限", "no permission to write"),
    "SQLITE_CANTOPEN": Text("文件打不开", "the file cannot be opened"),
    "SQLITE_BUSY": Text("其他程序一直占用台账", "another program keeps the ledger busy"),
    "SQLITE_CORRUPT": Text("台账文件已损坏", "the file of the ledger is damaged"),
    "SQLITE_NOTADB": Text("不是台账文件", "the file is no ledger"),
}
