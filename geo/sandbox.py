"""Work on files of strangers in a process of its own, under limits, that can only answer.

``run`` starts a fresh interpreter (``geo.worker``) for one job, feeds it the order, reads the answer up
to a length, and kills it when its time is over. What comes back is JSON and Arrow tables, never objects;
whatever happens in there becomes one ``DataError`` with words.
"""

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from geo import landlock
from geo.drivers import SKIPPED
from geo.errors import DataError, Problem
from geo.text import Text

if TYPE_CHECKING:
    import pyarrow as pa

_MB = 1 << 20
_GB = 1 << 30
_SIGNS = 4_000  # bytes of the worker's complaints that are kept
_CHUNK = 1 << 20  # also the size of the pipe
_HEAD = 8  # bytes that tell the length of the head
_MOMENT_S = 0.002
_KILLED, _OUT_OF_TIME = 9, 24  # signals of Linux
_LARGE = 50 * _MB  # files up to here have no right to more than the usual
_PLAIN = {
    "GDAL_SKIP": SKIPPED,
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "CPL_LOG": os.devnull,
    "OGR_CURRENT_DATE": "2000-01-01T00:00:00Z",
    "GDAL_NUM_THREADS": "1",
    "GDAL_CACHEMAX": "64",
    "PROJ_NETWORK": "OFF",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "2",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONUTF8": "1",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
}

_SPLIT = Text(
    "按街道或图层拆成几个较小的文件，或删去不需要的内容后再导入",
    "split it into smaller files by district or layer, or remove what is not needed",
)
_AGAIN = Text(
    "在原软件中打开并另存，再导入；仍不行请附文件报告", "open it in its own program, save it again and import that"
)
_SOUND = Text("完整、未损坏的文件", "a whole, undamaged file")
_FAILURES: dict[str, tuple[Text, Text, Text]] = {
    "time": (
        Text("读取超过时间上限：内容过于复杂", "content so complex that reading it took too long"),
        Text("能在时限内读完的文件", "a file that can be read in time"), _SPLIT,
    ),
    "memory": (
        Text("读取所需内存超过上限", "content that needs more memory than is allowed"),
        Text("内存上限内能读取的文件", "a file that can be read within the limit of memory"), _SPLIT,
    ),
    "answer": (
        Text("读出的数据超过上限", "more data than can be taken in at once"),
        Text("较小的文件", "a smaller file"), _SPLIT,
    ),
    "crash": (
        Text("内容使读取程序中止，文件已损坏或有意构造", "content that stops the reader: damaged, or made to do so"),
        _SOUND, _AGAIN,
    ),
    "unreadable": (Text("内容不完整或已损坏", "content that is incomplete or damaged"), _SOUND, _AGAIN),
}  # fmt: skip


class Limits(NamedTuple):
    """What one job may use: seconds by the clock and of the processor, bytes of memory, files and answer."""

    seconds: float = 20.0
    memory_bytes: int = _GB
    written_bytes: int = 256 * _MB
    answer_bytes: int = _GB
    open_files: int = 256


class Answer(NamedTuple):
    """What a job gave back, how long it took by the clock, and the most memory that it held (0: not known)."""

    head: Any
    tables: "tuple[pa.Table, ...]"
    seconds: float
    peak_bytes: int


class State(NamedTuple):
    """How well the worker is shut in on this computer, and that in words."""

    landlock: int
    network: bool
    limits: bool
    words: Text


def limits_for(size_bytes: int) -> Limits:
    """Give the limits for a file: the usual ones up to 50 MB, more for larger ones, at most threefold."""
    more = min(3.0, max(1.0, size_bytes / _LARGE))
    usual = Limits()
    return usual._replace(seconds=usual.seconds * more, memory_bytes=int(usual.memory_bytes * more))


def state() -> State:
    """Say what protects this computer from hostile files, for a health page and ``guatu check``."""
    known, limits = landlock.version(), os.name == "posix"
    if known and landlock.refuses_network():
        words = Text(
            f"上传的文件在受限进程中读取（Landlock 第 {known} 版，禁止联网）",
            f"uploads are read in a confined process (Landlock {known}, no network)",
        )
    elif known:
        words = Text(
            f"上传的文件在受限进程中读取（Landlock 第 {known} 版；该内核不能禁止联网，由 GDAL 设置代替）",
            f"uploads are read in a confined process (Landlock {known}; this kernel cannot refuse connections, "
            "GDAL's settings do)",
        )
    else:
        words = Text(
            "本机内核没有 Landlock：上传的文件仅靠驱动白名单、断网设置和资源限制保护，建议在 Linux 5.13 以上运行",
            "this kernel has no Landlock: only the list of allowed drivers, the dead proxy and the limits protect "
            "it from uploads; Linux 5.13 or later is advised",
        )
    return State(known, landlock.refuses_network(), limits, words)


def run(task: str, folder: Path, told: Mapping[str, Any], *, file: str, limits: Limits | None = None) -> Answer:
    """Do one job in a worker.

    Args:
        task: "module:function" of geo or layers; the function takes a ``geo.worker.Job`` and gives
            something that JSON can hold, and tables.
        folder: the job's own folder, the only one with data that it may read, and change until it settles.
        told: what the function needs to know; JSON.
        file: the name of the file for messages.
        limits: what it may use.

    Raises:
        DataError: the data are faulty, or the worker hit a limit or ended by itself.
    """
    limits = limits or Limits()
    order = {"task": task, "folder": str(folder.resolve()), "told": dict(told), "limits": _system_limits(limits)}
    start = time.monotonic()
    worker = subprocess.Popen(
        [sys.executable, "-P", "-s", "-X", "utf8", "-m", "geo.worker"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment(),
        cwd=folder, start_new_session=True, pipesize=_CHUNK,
    )  # fmt: skip
    left = 0.0  # an interrupted conversation ends the worker at once
    try:
        content, signs, cut = _conversation(worker, json.dumps(order).encode(), limits, start)
        left = 0.0 if cut else start + limits.seconds - time.monotonic()
    finally:
        peak = _end(worker, left)
    seconds = time.monotonic() - start
    if cut or worker.returncode or len(content) < _HEAD:
        reason = cut or _reason(worker.returncode, signs, early=seconds < limits.seconds / 2)
        raise _failure(file, reason) from RuntimeError(signs)
    head, tables = _parsed(content, file)
    if "problems" in head:
        raise DataError(problem_of(one) for one in head["problems"])
    if "memory" in head:
        raise _failure(file, "memory")
    return Answer(head["head"], tables, seconds, peak)


def problem_of(parts: list[Any]) -> Problem:
    """Make a problem of the plain lists of ``geo.worker.as_json``."""
    code, severity, file, row, column, *texts = parts
    found, expected, remedy = (Text(*one) for one in texts)
    return Problem(code, severity, file, row, column, found, expected, remedy)


def _environment() -> dict[str, str]:
    """Give the worker nothing of ours but where the program is; what Windows needs to start at all stays."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "PATH") if name in os.environ}
    return {**kept, **_PLAIN, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}


def _system_limits(limits: Limits) -> dict[str, int]:
    return {
        "RLIMIT_CPU": int(limits.seconds) + 1,
        "RLIMIT_AS": 2 * limits.memory_bytes,
        "RLIMIT_DATA": limits.memory_bytes,
        "RLIMIT_FSIZE": limits.written_bytes,
        "RLIMIT_CORE": 0,
        "RLIMIT_NOFILE": limits.open_files,
    }


def _conversation(
    worker: "subprocess.Popen[bytes]", order: bytes, limits: Limits, start: float
) -> tuple[bytes | bytearray, str, str]:
    """Give the order and listen until the worker falls silent; why it was cut off, if it was."""
    if os.name != "posix":  # no waiting for several pipes at once
        try:
            content, signs = worker.communicate(order, limits.seconds)
        except subprocess.TimeoutExpired:
            return b"", "", "time"
        return content, signs.decode("utf-8", "replace")[-_SIGNS:], ""
    assert worker.stdin
    with suppress(BrokenPipeError):  # it ended before it listened; its exit says why
        worker.stdin.write(order)
        worker.stdin.close()
    return _heard(worker, limits, start)


def _heard(worker: "subprocess.Popen[bytes]", limits: Limits, start: float) -> tuple[bytes | bytearray, str, str]:
    assert worker.stdout
    assert worker.stderr
    content, signs, cut = bytearray(), bytearray(), ""
    with selectors.DefaultSelector() as open_ends:
        open_ends.register(worker.stdout, selectors.EVENT_READ, content)
        open_ends.register(worker.stderr, selectors.EVENT_READ, signs)
        while open_ends.get_map() and not cut:
            left = start + limits.seconds - time.monotonic()
            for key, _ in open_ends.select(max(left, 0.0)):
                chunk = os.read(key.fd, _CHUNK)
                key.data.extend(chunk)
                if not chunk:
                    open_ends.unregister(key.fileobj)
            del signs[:-_SIGNS]
            cut = "time" if left <= 0 else "answer" if len(content) > limits.answer_bytes else ""
    return content, signs.decode("utf-8", "replace"), cut


def _end(worker: "subprocess.Popen[bytes]", wait_s: float) -> int:
    """End a worker and all that it may have started; give the most memory that it held, in bytes, or this process did."""
    peak = 0
    if os.name == "posix":
        until = time.monotonic() + wait_s
        # Its number stays taken until it is collected below, so nobody else can be hit.
        while not os.waitid(os.P_PID, worker.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) and time.monotonic() < until:
            time.sleep(_MOMENT_S)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(worker.pid, signal.SIGKILL)
        _, status, used = os.wait4(worker.pid, 0)
        worker.returncode = os.waitstatus_to_exitcode(status)
        peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    else:
        worker.kill()
        worker.wait()
    for end in (worker.stdin, worker.stdout, worker.stderr):
        if end and not end.closed:
            end.close()
    return peak


def _reason(code: int, signs: str, early: bool) -> str:  # noqa: FBT001 (private)
    """Say why a worker ended without an answer."""
    if any(sign in signs for sign in ("MemoryError", "bad_alloc", "Cannot allocate memory")):
        return "memory"
    if code == -_KILLED:  # by the limit of processor time, or, early, by a system that ran out of memory
        return "memory" if early else "time"
    return "time" if code == -_OUT_OF_TIME else "crash" if code < 0 else "unreadable"


def _failure(file: str, reason: str) -> DataError:
    found, expected, remedy = _FAILURES[reason]
    return DataError([Problem(f"worker_{reason}", "error", file, None, None, found, expected, remedy)])


def _parsed(content: bytes | bytearray, file: str) -> "tuple[dict[str, Any], tuple[pa.Table, ...]]":
    """Take an answer apart, believing nothing: a table that is not what it says is refused like a crash."""
    size = int.from_bytes(content[:_HEAD], "big")
    head = json.loads(content[_HEAD : _HEAD + size])
    tables = []
    if head["tables"]:
        import pyarrow as pa  # noqa: PLC0415 (heavy)

        source = pa.BufferReader(pa.py_buffer(content).slice(_HEAD + size))
        try:
            for _ in range(head["tables"]):
                with pa.ipc.open_stream(source) as stream:
                    table = stream.read_all()
                table.validate(full=True)
                tables.append(table)
        except pa.ArrowException as error:
            raise _failure(file, "unreadable") from error
    return head, tuple(tables)
