"""A PostgreSQL server of the tests' own: in a folder that goes away, on a port of this computer only."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from tests.conftest import lacking

_HOMES = ("/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt")
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",  # the server is thrown away; benchmarks.ledger turns it on
    "max_connections": "120",
    "shared_buffers": "32MB",
    "autovacuum": "off",
}
_WAIT_S = 60


def program(name: str) -> str:
    """Give the path of a program of PostgreSQL; Debian keeps them in a folder for each version."""
    versions = [found for home in _HOMES for found in Path(home).glob(f"*/bin/{name}")]
    newest = max(
        versions, key=lambda one: [int(part) for part in one.parts[-3].split(".") if part.isdigit()], default=None
    )
    found = str(newest) if newest is not None else shutil.which(name)
    return found or lacking(f"PostgreSQL: {name}")


def _unprivileged() -> dict[str, Any]:
    """Give the user that runs the server: it refuses to be run by root."""
    if os.geteuid() != 0:
        return {}
    known = {one.pw_name for one in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in known else "nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def server(**settings: str) -> Iterator[str]:
    """Start a server and give the address of its database.

    Args:
        settings: of the server, beside those for tests.
    """
    initdb, pg_ctl, who = program("initdb"), program("pg_ctl"), _unprivileged()
    port = _free_port()
    options = " ".join(
        f"-c {key}={value!s}" if value else f"-c {key}=" for key, value in (_SETTINGS | settings).items()
    )
    with tempfile.TemporaryDirectory(prefix="guatu-postgres-", ignore_cleanup_errors=True) as home:
        if who:
            os.chown(home, who["user"], who["group"])
        data = f"{home}/data"

        def call(*command: str) -> None:
            subprocess.run(command, check=True, cwd=home, stdout=subprocess.DEVNULL, timeout=_WAIT_S, **who)

        call(
            initdb, "--pgdata", data, "--auth=trust", "--username=guatu", "--encoding=UTF8", "--no-locale", "--no-sync"
        )
        call(
            pg_ctl,
            "start",
            "--wait",
            "--silent",
            "--pgdata",
            data,
            "--log",
            f"{home}/log",
            "-o",
            f"{options} -p {port}",
        )
        try:
            yield f"postgresql+psycopg://guatu@127.0.0.1:{port}/postgres"
        finally:
            call(pg_ctl, "stop", "--wait", "--silent", "--pgdata", data, "--mode=immediate")
