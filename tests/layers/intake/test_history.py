"""An intake is there or not, whatever happens; the last one can be undone."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from geo.errors import DataError
from layers.intake.history import FOLDER, RECORD, commit, history, next_intake, undo
from layers.reading import LAYERS_FILE

TAKE = """
import sys, time
from pathlib import Path
from layers.intake.history import commit, next_intake
folder = Path(sys.argv[1])
number = 0
while True:
    number += 1
    with next_intake(folder) as home:
        new = home / "layers.gpkg"
        new.write_bytes(b"state %d " % number * 20_000)
        commit(folder, home, new, {"number": number})
        print(number, flush=True)
"""


def take(folder: Path, content: bytes) -> None:
    with next_intake(folder) as home:
        (home / LAYERS_FILE).write_bytes(content)
        commit(folder, home, home / LAYERS_FILE, {"rows": len(content)})


def take_nothing(home: Path) -> None:
    (home / LAYERS_FILE).write_bytes(b"half")
    (home / "no such file").read_bytes()


def test_intakes_are_numbered_and_undone_last_first(tmp_path: Path) -> None:
    take(tmp_path, b"one")
    take(tmp_path, b"two")
    assert [(one.number, one.record["rows"]) for one in history(tmp_path)] == [(1, 3), (2, 3)]
    undo(tmp_path)
    assert (tmp_path / LAYERS_FILE).read_bytes() == b"one"
    undo(tmp_path)
    assert not (tmp_path / LAYERS_FILE).exists()
    assert history(tmp_path) == []
    with pytest.raises(DataError) as caught:
        undo(tmp_path)
    assert caught.value.problems[0].code == "nothing_to_undo"


def test_an_intake_that_fails_leaves_nothing(tmp_path: Path) -> None:
    take(tmp_path, b"one")
    with pytest.raises(FileNotFoundError), next_intake(tmp_path) as home:
        take_nothing(home)
    assert (tmp_path / LAYERS_FILE).read_bytes() == b"one"
    assert [one.name for one in (tmp_path / FOLDER).iterdir()] == ["0001"]


def test_layers_changed_by_hand_are_not_undone_over(tmp_path: Path) -> None:
    take(tmp_path, b"one")
    (tmp_path / LAYERS_FILE).write_bytes(b"drawn in QGIS")
    with pytest.raises(DataError) as caught:
        undo(tmp_path)
    assert caught.value.problems[0].code == "changed_since"
    assert (tmp_path / LAYERS_FILE).read_bytes() == b"drawn in QGIS"
    assert len(history(tmp_path)) == 1


def test_two_intakes_at_once_are_refused(tmp_path: Path) -> None:
    with next_intake(tmp_path), pytest.raises(DataError) as caught, next_intake(tmp_path):
        pass
    assert caught.value.problems[0].code == "intake_busy"


def test_a_record_without_its_layers_is_no_intake(tmp_path: Path) -> None:
    take(tmp_path, b"one")
    stray = tmp_path / FOLDER / "0002"
    stray.mkdir()
    first = json.loads((tmp_path / FOLDER / "0001" / RECORD).read_text(encoding="utf-8"))
    (stray / RECORD).write_text(json.dumps({**first, "before": first["after"], "after": "never"}), encoding="utf-8")
    assert [one.number for one in history(tmp_path)] == [1]
    take(tmp_path, b"two")
    assert [one.number for one in history(tmp_path)] == [1, 2]


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
@pytest.mark.parametrize("moment", range(5))
def test_killed_at_any_moment_it_is_as_before_or_as_after(tmp_path: Path, moment: int) -> None:
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", TAKE, tmp_path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as run:
        assert run.stdout is not None
        last = 0
        while last < 3:
            last = int(run.stdout.readline())
        time.sleep(0.003 * moment)
        run.send_signal(signal.SIGKILL)
        told = [int(line) for line in run.stdout.read().split()]
    found = history(tmp_path)
    number = found[-1].record["number"]
    assert number >= max([last, *told])
    assert (tmp_path / LAYERS_FILE).read_bytes() == b"state %d " % number * 20_000
    undo(tmp_path)
    assert (tmp_path / LAYERS_FILE).read_bytes() == b"state %d " % (number - 1) * 20_000
