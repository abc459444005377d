"""Scenarios kept in a workspace: plans/NAME.toml with hash, author and day, and merged into the layers when decided."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from geo.errors import DataError, Problem
from geo.files import whole_file
from geo.text import Text
from layers import Workspace
from layers.catalog import CATALOG
from layers.intake.history import Intake, history, state
from layers.revision import store_revision
from reports.scenario.applying import applied, with_ids
from reports.scenario.comparison import ADDED, CHANGED, things_of
from reports.scenario.edits import Scenario
from reports.scenario.reading import NAME, parsed_scenario
from reports.scenario.walks import changed_layers
from reports.scenario.written import KIND, scenario_hash, scenario_toml

FOLDER = "plans"
KEY = "scenario"
"""Key of a record of history that a decision left."""


@dataclass(frozen=True)
class Saved:
    """A scenario in the workspace.

    Attributes:
        path: its file.
        scenario: what it says; None where the file has faults, see ``problems``.
        is_as_saved: whether its content has the hash that it says.
        is_current: whether the layers are still those that it was made for.
        decided: number of the revision that merged it, None if it is not decided (or was undone).
        problems: faults of the file.
    """

    path: Path
    scenario: Scenario | None
    is_as_saved: bool | None
    is_current: bool
    decided: int | None
    problems: tuple[Problem, ...] = ()


def save(ws: Workspace, scenario: Scenario, *, author: str, day: date, replace: bool = False) -> Path:
    """Save a scenario in its workspace, with ids for new things and the hash of the layers that it is made for.

    Args:
        ws: the workspace.
        scenario: what to save.
        author: who saves it.
        day: when.
        replace: another scenario of the same name may be overwritten.

    Raises:
        DataError: no author, a name that is none or is in use, or differences that the workspace cannot have.
        PartitionError: a redrawing that cannot be done.
    """
    path = ws.folder / FOLDER / f"{scenario.name}.toml"
    _require_saying(scenario, author)
    whole = with_ids(ws, scenario).but(author=author, made_on=day, layers=state(ws.folder))
    applied(ws, whole)
    if path.is_file() and not replace and _hash_of(path, ws) != scenario_hash(whole):
        found = Text("{name} 已有另一个方案", "{name} holds another scenario").format(name=path.name)
        raise DataError(
            [
                _fault(
                    path.name,
                    "name",
                    found,
                    Text("尚未使用的名称，或同意覆盖", "a name not in use, or leave to replace it"),
                )
            ]
        )
    path.parent.mkdir(exist_ok=True)
    with whole_file(path) as part:
        part.write_text(scenario_toml(whole), encoding="utf-8")
    return path


def _require_saying(scenario: Scenario, author: str) -> None:
    problems = []
    if not author.strip():
        expected = Text("姓名或部门", "a name or an office")
        problems.append(_fault(scenario.name, "author", Text("没有写", "none"), expected))
    if not NAME.fullmatch(scenario.name):
        expected = Text("由字母、数字、- 和 _ 组成的名称", "letters, digits, - and _")
        problems.append(_fault(scenario.name, "name", Text.same(scenario.name), expected))
    if problems:
        raise DataError(problems)


def _hash_of(path: Path, ws: Workspace) -> str:
    try:
        return scenario_hash(parsed_scenario(path.read_bytes(), path.name, ws.manifest.crs).scenario)
    except DataError:  # whatever it is, it is another
        return ""


def saved_scenarios(ws: Workspace) -> list[Saved]:
    """List the scenarios of a workspace by name; other plans in the same folder are left alone."""
    now, done = state(ws.folder), decisions(ws.folder)
    found = []
    for path in sorted((ws.folder / FOLDER).glob("*.toml")):
        one = _saved(path, ws, now, done)
        found += [one] if one is not None else []
    return found


def _saved(path: Path, ws: Workspace, now: str, done: dict[str, int]) -> Saved | None:
    content = path.read_bytes()
    if not _is_scenario(content):
        return None
    try:
        read = parsed_scenario(content, path.name, ws.manifest.crs)
    except DataError as error:
        return Saved(path, None, None, is_current=False, decided=None, problems=tuple(error.problems))
    one = read.scenario
    return Saved(path, one, read.is_as_saved, one.layers in {"", now}, done.get(scenario_hash(one)))


def _is_scenario(content: bytes) -> bool:
    try:
        return tomllib.loads(content.decode("utf-8-sig")).get("kind") == KIND
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return False


def decisions(folder: Path) -> dict[str, int]:
    """Give the numbers of the revisions that merged scenarios, by hash; what was undone is none."""
    return {str(one.record[KEY]["hash"]): one.number for one in history(folder) if KEY in one.record}


def decide(ws: Workspace, scenario: Scenario, *, author: str, day: date, expected: str = "") -> Intake:
    """Merge a scenario into the layers of its workspace as one transaction; ``guatu undo`` takes it back.

    Weights and money of a scenario are no layers; they stay in its file.

    Args:
        ws: the workspace, as it is now.
        scenario: what was decided.
        author: who decides.
        day: when.
        expected: hash of the layers that were looked at; that of the scenario comes first.

    Raises:
        DataError: no author, nothing to merge, the layers have changed since it was saved, or it would not open.
        PartitionError: a redrawing that cannot be done.
    """
    _require_saying(scenario, author)
    if not scenario.changes_layers:
        expected_words = Text("至少一处改动", "at least one difference")
        found = Text("没有可写入图层的改动", "nothing that belongs into the layers")
        raise DataError([_fault(scenario.name, "edits", found, expected_words)])
    wanted = scenario.layers or expected or state(ws.folder)
    if wanted != state(ws.folder):
        store_revision(ws.folder, {}, {}, expected=wanted)  # refuses, in the words of all revisions
    settled = with_ids(ws, scenario)
    after = applied(ws, settled)
    keys = [key for key in CATALOG if key in changed_layers(ws, after)]
    tables = {CATALOG[key]: after.tables[key] for key in keys}
    things = things_of(ws, after)
    rows = sum(len(table) for table in tables.values())
    added, updated = (int((things["what"] == what).sum()) for what in (ADDED, CHANGED))
    record = {
        "file": f"{scenario.title.zh} / {scenario.title.en}",
        "rows_read": len(things), "rows_kept": rows, "rows_rejected": 0, "rows_added": added, "rows_updated": updated,
        "rows_unchanged": rows - added - updated, "things": things.to_dict("records"),
        KEY: {
            "name": scenario.name, "hash": scenario_hash(settled), "author": scenario.author or author,
            "made_on": None if scenario.made_on is None else scenario.made_on.isoformat(),
            "decided_by": author, "decided_on": day.isoformat(), "says": scenario_toml(settled),
        },
    }  # fmt: skip
    return store_revision(ws.folder, tables, record, expected=wanted)


def _fault(file: str, column: str, found: Text, expected: Text) -> Problem:
    remedy = Text("改正后再保存或决定", "correct it, then save or decide again")
    return Problem("scenario_kept", "error", file, None, column, found, expected, remedy)
