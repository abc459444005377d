"""The worker: what it may use, what it may not touch, and that whatever happens in it is said in words."""

import os
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import geo
from geo import landlock, sandbox
from geo.text import Text

CANARY = "canary-7f3a"
needs_landlock = pytest.mark.skipif(landlock.version() == 0, reason="this kernel has no Landlock")

TASKS = """
import ctypes, os, socket, time
from pathlib import Path
import pyarrow as pa
from geo.errors import DataError, Problem
from geo.text import Text


def answer(job):
    return {"told": job.told["word"], "uid": os.getuid()}, [pa.table({"a": [1, None, 3]}), pa.table({"b": ["网格"]})]


def fault(job):
    word = Text("中", "en")
    raise DataError([Problem("code", "error", "f", "7", None, word, word, word)] * 2)


def odd(job):
    return {}["nothing"]


def crash(job):
    ctypes.string_at(0)


def spin(job):
    while True:
        pass


def wait(job):
    time.sleep(60)


def grow(job):
    return len([bytearray(1 << 24) for _ in range(1000)]), ()


def talk(job):
    print("noise" * 1000, flush=True)
    os.write(1, b"noise")
    return "heard", ()


def long(job):
    return None, [pa.table({"a": [b"x" * (1 << 20)] * 20})]


def tries(job):
    found = {}
    def attempt(name, do):
        try:
            found[name] = repr(do())
        except OSError as error:
            found[name] = error.__class__.__name__
    attempt("read outside", lambda: Path(job.told["outside"]).read_text())
    attempt("list outside", lambda: os.listdir(Path(job.told["outside"]).parent))
    attempt("list root", lambda: os.listdir("/root"))
    attempt("write outside", lambda: Path(job.told["outside"] + ".new").write_text("x"))
    attempt("write package", lambda: Path(__import__("geo").__file__).with_name("new.py").write_text("x"))
    attempt("write inside", lambda: (job.folder / "made.txt").write_text("x"))
    attempt("connect", lambda: socket.create_connection(("127.0.0.1", job.told["port"]), 2))
    attempt("bind", lambda: socket.socket().bind(("127.0.0.1", 0)))
    attempt("execute", lambda: os.execv("/bin/true", ["true"]))
    attempt("other processes", lambda: Path(f"/proc/{os.getppid()}/environ").read_bytes())
    job.settle()
    attempt("write settled", lambda: (job.folder / "later.txt").write_text("x"))
    attempt("append settled", lambda: (job.folder / "given.txt").open("a").write("x"))
    attempt("remove settled", lambda: (job.folder / "given.txt").unlink())
    attempt("read settled", lambda: (job.folder / "given.txt").read_text())
    return found | {"environment": sorted(os.environ)}, ()
"""


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a job that holds the jobs of this test, too, as a module of the package layers."""
    folder = tmp_path / "job"
    (folder / "layers").mkdir(parents=True)
    (folder / "layers" / "__init__.py").touch()
    (folder / "layers" / "tasks.py").write_text(TASKS, "utf-8")
    (folder / "given.txt").write_text("given")
    real = sandbox._environment
    monkeypatch.setattr(
        sandbox, "_environment", lambda: real() | {"PYTHONPATH": f"{folder}{os.pathsep}{real()['PYTHONPATH']}"}
    )
    return folder


def run(job: Path, name: str, told: Mapping[str, Any] | None = None, **limits: Any) -> sandbox.Answer:
    most = sandbox.Limits()._replace(**limits)
    return sandbox.run(f"layers.tasks:{name}", job, told or {}, file="格网.zip", limits=most)


def refused(job: Path, name: str, **limits: Any) -> geo.Problem:
    with pytest.raises(geo.DataError) as caught:
        run(job, name, **limits)
    (problem,) = caught.value.problems
    assert problem.file == "格网.zip"
    assert problem.found.zh != problem.found.en
    assert "Traceback" not in str(caught.value)
    return problem


def test_an_answer_is_plain_data(job: Path) -> None:
    answer = run(job, "answer", {"word": "挂图"})
    assert answer.head == {"told": "挂图", "uid": os.getuid()}
    assert [table.to_pydict() for table in answer.tables] == [{"a": [1, None, 3]}, {"b": ["网格"]}]
    assert 0 < answer.seconds < 20
    assert answer.peak_bytes > 1_000_000


def test_faults_of_the_data_come_back_whole(job: Path) -> None:
    word = Text("中", "en")
    with pytest.raises(geo.DataError) as caught:
        run(job, "fault")
    assert caught.value.problems == (geo.Problem("code", "error", "f", "7", None, word, word, word),) * 2


def test_what_ends_a_worker_is_said_in_words(job: Path) -> None:
    assert refused(job, "odd").code == "worker_unreadable"
    assert refused(job, "crash").code == "worker_crash"
    assert refused(job, "grow").code == "worker_memory"
    assert refused(job, "long", answer_bytes=1 << 20).code == "worker_answer"
    assert "complex" in refused(job, "spin", seconds=1).found.en


def test_a_worker_is_gone_when_its_time_is_over(job: Path) -> None:
    start = time.monotonic()
    assert refused(job, "wait", seconds=1.0).code == "worker_time"
    assert time.monotonic() - start < 10
    stay = "import os, time; os.close(1); os.close(2); time.sleep(60)"
    (job / "layers" / "tasks.py").write_text(f"def wait(job):\n    {stay}\n")
    assert refused(job, "wait", seconds=1.0).code == "worker_time"


def test_printing_does_not_break_the_answer(job: Path) -> None:
    assert run(job, "talk").head == "heard"


def test_only_our_own_functions_can_be_named(job: Path) -> None:
    with pytest.raises(geo.DataError):
        sandbox.run("os:getcwd", job, {}, file="f")


@pytest.fixture
def listener() -> Iterator[tuple[int, list[object]]]:
    heard: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            while True:
                try:
                    heard.append(server.accept()[1])
                except OSError:
                    return

        threading.Thread(target=listen, daemon=True).start()
        yield server.getsockname()[1], heard
        server.shutdown(socket.SHUT_RDWR)


@needs_landlock
def test_nothing_outside_can_be_touched(job: Path, tmp_path: Path, listener: tuple[int, list[object]]) -> None:
    outside = tmp_path / "secrets.toml"
    outside.write_text(CANARY)
    head = run(job, "tries", {"outside": str(outside), "port": listener[0]}).head
    environment = head.pop("environment")
    if not landlock.refuses_network():
        del head["connect"], head["bind"]
    allowed = {name: found for name, found in head.items() if found != "PermissionError"}
    assert allowed == {"write inside": "1", "read settled": "'given'"}
    assert CANARY not in str(head)
    assert listener[1] == [] or not landlock.refuses_network()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["job", "secrets.toml"]
    assert not {"HOME", "HTTP_PROXY", "AWS_SECRET_ACCESS_KEY", "PYTEST_CURRENT_TEST"} & set(environment)
    assert {"GDAL_SKIP", "GDAL_HTTP_PROXY"} <= set(environment)


def test_without_landlock_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sandbox.state().landlock == landlock.version()
    assert "Landlock" in sandbox.state().words.en
    assert sandbox.state().words.zh
    monkeypatch.setattr(landlock, "_call", lambda *_: -1)
    assert landlock.version() == landlock.restrict(read=[], write=[]) == 0
    assert sandbox.state()[:2] == (0, False)
    assert "no Landlock" in sandbox.state().words.en
    monkeypatch.setattr(landlock, "_call", lambda *_: 3)
    assert sandbox.state()[:2] == (3, False)
    assert "cannot refuse connections" in sandbox.state().words.en


def test_a_large_file_may_use_more() -> None:
    usual = sandbox.Limits()
    assert sandbox.limits_for(0) == sandbox.limits_for(50 << 20) == usual
    assert sandbox.limits_for(100 << 20).seconds == 2 * usual.seconds
    assert sandbox.limits_for(10 << 30).memory_bytes == 3 * usual.memory_bytes


@pytest.mark.skipif(sys.platform != "linux", reason="the numbers of Linux")
def test_signals_and_complaints_give_the_reason() -> None:
    assert sandbox._reason(-9, "", early=False) == sandbox._reason(-24, "", early=True) == "time"
    assert sandbox._reason(-9, "", early=True) == sandbox._reason(-6, "std::bad_alloc", early=True) == "memory"
    assert sandbox._reason(1, "KeyError", early=True) == "unreadable"
