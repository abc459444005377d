"""The canaries: files that nothing may read, a folder that nothing may write to, an address that nobody may ask."""

import fcntl
import resource
import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import rasterio

from geo import sandbox
from tests.samples import community

HOME = Path("/tmp/reno_canary")  # noqa: S108 (the attack files name it)
ADDRESS = ("127.0.0.1", 18099)
SECRETS = ("13712345678", "CANARY-SECRET-4c1f", "MNOP")  # a phone, a password, the bytes 77 to 80 of the picture


class Canary(NamedTuple):
    """Connections that were made, and the most memory that each worker held."""

    calls: list[object]
    peaks: list[int]
    before: list[str]

    def check(self) -> None:
        """Nothing asked, nothing written, no worker grew beyond a gigabyte."""
        assert self.calls == []
        assert listing() == self.before
        assert self.peaks
        assert max(self.peaks) < 1 << 30


def listing() -> list[str]:
    return sorted(
        str(path) for path in [*HOME.rglob("*"), *HOME.parent.glob("reno_canary*"), *HOME.parent.glob("guatu-upload*")]
    )


@contextmanager
def alone() -> Iterator[None]:
    """Wait for another run of the tests: the attack files name one folder and one port."""
    with (Path(tempfile.gettempdir()) / "guatu-canary.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    with alone():
        yield from _canary()


def _canary() -> Iterator[Canary]:
    made = not HOME.exists()
    HOME.mkdir(exist_ok=True)
    (HOME / "residents.csv").write_text(
        f"name,phone,lon,lat\n张三,{SECRETS[0]},112.14,32.04\n李四,{SECRETS[0]},112.15,32.05\n", "utf-8"
    )
    (HOME / "secrets.toml").write_text(f'password = "{SECRETS[1]}"\n' + "#" * 64)
    place = {"crs": "EPSG:4326", "transform": rasterio.Affine(0.001, 0, 112, 0, -0.001, 32)}
    with rasterio.open(
        HOME / "ortho.tif", "w", driver="GTiff", width=2, height=2, count=1, dtype="uint8", **place
    ) as out:
        out.write(np.array([[77, 78], [79, 80]], dtype="uint8"), 1)
    shutil.copy(community(HOME / "made") / "layers.gpkg", HOME / "ledger.gpkg")
    shutil.rmtree(HOME / "made")
    peaks: list[int] = []
    end = sandbox._end
    patch = pytest.MonkeyPatch()
    patch.setattr(sandbox, "_end", lambda *given: peaks.append(_own(end(*given))) or peaks[-1])
    calls: list[object] = []
    with socket.create_server(ADDRESS) as server:
        threading.Thread(target=_listen, args=(server, calls), daemon=True).start()
        yield Canary(calls, peaks, listing())
        server.shutdown(socket.SHUT_RDWR)
    patch.undo()
    if made:
        shutil.rmtree(HOME)


def _own(peak: int) -> int:
    """Give what a worker held; the system counts the process that started it, too, so no more than that says nothing."""
    return peak if peak > resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 else 0


def _listen(server: socket.socket, calls: list[object]) -> None:
    while True:
        try:
            caller, address = server.accept()
        except OSError:
            return
        calls.append(address)
        caller.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n")
        caller.close()
