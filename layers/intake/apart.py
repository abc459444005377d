"""Storing in a process of its own: ``python -m layers.intake.apart``.

Whoever serves pages must not store in the same interpreter: the libraries that write hold it for seconds. The parcel
goes over as files, what is being done and the outcome come back as lines of JSON. The transaction is the same, and
the new process holds the workspace: if it is killed, or the one that started it, the intake counts or it does not.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from geo.errors import DataError
from geo.sandbox import problem_of
from geo.text import Text
from geo.worker import as_json
from layers.intake.faults import fault
from layers.intake.history import FOLDER, Intake, history
from layers.intake.opened_ahead import opened_ahead
from layers.intake.parcel import Parcel, packed_into, unpacked_from
from layers.intake.taking import Tell, silent, store

TOLD, PROBLEMS, DONE = "told", "problems", "done"
"""What a line may bring: words, faults, or the number of the intake."""
_SIGNS = 4_000  # characters of the other process's complaints that are kept


class Storing:
    """One parcel on its way into a workspace; ``done`` is the intake once it counts.

    Args:
        folder: the workspace.
        parcel: see ``layers.intake.taking.parcel_of``.
        original: the user's file, for a copy with the rejected rows; None for none.
        room: a private folder for what goes over; None: one of the system's.
    """

    def __init__(self, folder: Path, parcel: Parcel, original: Path | None, *, room: Path | None = None) -> None:
        self._folder, self._parcel, self._original, self._room = folder, parcel, original, room
        self.done: Intake | None = None

    def outcome(self, tell: Tell = silent) -> Intake:
        """Store, and give the intake.

        Whatever ``tell`` raises comes through, but only after the storing has come to its end.

        Raises:
            DataError: nothing was stored; the reasons.
        """
        before = {one.number for one in history(self._folder)}
        with (
            tempfile.TemporaryDirectory(prefix="storing-", dir=self._room) as home,
            (Path(home) / "signs").open("w+", encoding="utf-8", errors="replace") as signs,
        ):
            self._pack(Path(home))
            last: dict[str, Any] = {}
            with _begun(signs) as run:
                self._order(run, Path(home))
                lines = _lines(run)
                try:
                    for last in lines:
                        if TOLD in last:
                            tell(Text(*last[TOLD]))
                finally:
                    for last in lines:  # noqa: B007 (the last one is the outcome)
                        pass
                    run.wait()
                    self.done = self._found(before, last)
            signs.seek(0)
            return self.done or self._refused(last, signs.read()[-_SIGNS:])

    def _pack(self, home: Path) -> None:
        try:
            packed_into(home, self._parcel)
        except OSError as error:
            words = Text("临时文件夹写不下要入库的内容", "a folder for temporary files that cannot hold the rows")
            raise DataError([fault("storing_stopped", self._folder.name, found=words)]) from error
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            words = Text("某列混有不同种类的值", "a column that holds values of several kinds")
            raise DataError([fault("storing_stopped", self._folder.name, found=words)]) from error

    def _order(self, run: "subprocess.Popen[str]", home: Path) -> None:
        """Tell the process where everything lies."""
        original = str(self._original.resolve()) if self._original else None
        assert run.stdin
        with suppress(BrokenPipeError):  # it ended before it listened; its exit says why
            json.dump({"folder": str(self._folder.resolve()), "parcel": str(home), "original": original}, run.stdin)
            run.stdin.close()

    def _found(self, before: set[int], last: Mapping[str, Any]) -> Intake | None:
        """Give the intake if it counts, also if the process was killed before it could say so."""
        if PROBLEMS in last:
            return None
        ours = json.loads(json.dumps(self._parcel.record))
        new = [one for one in history(self._folder) if one.number not in before and ours.items() <= one.record.items()]
        return new[-1] if new else None

    def _refused(self, last: Mapping[str, Any], signs: str) -> Intake:
        if PROBLEMS in last:
            raise DataError(problem_of(one) for one in last[PROBLEMS])
        words = Text("入库进程中途停止", "the process that stores ended before it was done")
        raise DataError([fault("storing_stopped", self._folder.name, found=words)]) from RuntimeError(signs)


def _begun(signs: IO[str]) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    return subprocess.Popen(
        [sys.executable, "-P", "-s", "-X", "utf8", "-m", "layers.intake.apart"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=signs, encoding="utf-8", env=environment,
    )  # fmt: skip


def _lines(run: "subprocess.Popen[str]") -> Iterator[dict[str, Any]]:
    """Give what the process says, line by line; a line that was cut off by its end says nothing."""
    assert run.stdout
    for line in run.stdout:
        with suppress(ValueError):
            yield json.loads(line)


def main() -> int:
    """Store the parcel that standard input names and say on standard output what is done; 0 if there is an answer."""
    order = json.load(sys.stdin)
    original = Path(order["original"]) if order["original"] else None
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # libraries that print would break the lines

    def say(**line: Any) -> None:  # noqa: ANN401 (anything that JSON can hold)
        out.write(json.dumps(line, ensure_ascii=False) + "\n")
        out.flush()

    try:
        parcel = unpacked_from(Path(order["parcel"]))
        done = store(
            Path(order["folder"]), parcel, original, tell=lambda words: say(**{TOLD: words}), ahead=opened_ahead
        )
    except DataError as error:
        say(**{PROBLEMS: [as_json(one) for one in error.problems]})
    else:
        say(**{DONE: f"{FOLDER}/{done.folder.name}"})
    return 0


if __name__ == "__main__":
    sys.exit(main())
