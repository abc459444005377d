"""The verb about scenarios: what would be, who gains and who loses; saved, and merged when decided."""

import argparse
from datetime import datetime
from pathlib import Path
from typing import Any

from commands.grids import day
from commands.options import LEVEL, WORKSPACE, ending
from commands.verb import Done, Option, Say, UsageError, Verb
from geo.text import Text
from layers.intake.history import state
from layers.workspace import Workspace, open_workspace
from reports.scenario.answers import (
    comparison_answer,
    comparison_lines,
    saved_answer,
    scenario_answer,
    scenario_lines,
)
from reports.scenario.applying import applied, criteria_of, with_ids
from reports.scenario.comparison import Comparison, compared
from reports.scenario.edits import EDITABLE, Scenario
from reports.scenario.features import added_from
from reports.scenario.reading import read_scenario
from reports.scenario.saved import FOLDER, decide, save, saved_scenarios
from reports.scenario.swipe import write_swipe
from reports.scenario.tables import saved_words
from reports.service.places import COUNTED

TOML = ".toml"
NO_FILE = Text(
    "--save、--decide、--against 和 --map 需要情景文件", "--save, --decide, --against and --map take a scenario"
)
NO_AUTHOR = Text("--save 和 --decide 需要 --author", "--save and --decide take --author")
NO_LAYER = Text(
    "不是 TOML 的文件需要 --layer 说明属于哪个图层",
    "a file that is no TOML takes --layer, the layer that its things belong to",
)
EDITED = Text("文件保存后被改动过，散列不符", "the file was edited since it was saved: its hash is another")
NOT_MERGED = Text("权重和预算不写入图层，留在情景文件中", "weights and budget are no layers and stay in the file")
SAVED, DECIDED = (
    Text("已保存：{path}", "saved: {path}"),
    Text("已写入图层，第 {n} 次，可用 guatu undo 撤销", "merged into the layers, number {n}; guatu undo takes it back"),
)
COMPARING = Text("正在比较两个状态", "comparing the two states")


def scenario(options: argparse.Namespace, say: Say) -> Done:
    """List scenarios, or compare, save and decide one.

    Raises:
        UsageError: options that do not go together.
        DataError: faults of the file, or differences that the workspace cannot have.
    """
    if (options.save or options.decide) and not options.author:
        raise UsageError(NO_AUTHOR)
    expected = state(open_workspace(options.folder).folder)
    ws = open_workspace(options.folder)
    if options.file is None:
        if options.save or options.decide or options.against or options.map:
            raise UsageError(NO_FILE)
        found = saved_scenarios(ws)
        return Done({"scenarios": saved_answer(found)}, [line.in_(options.lang) for line in saved_words(found)])
    one, notes = _read(ws, options.file, options)
    base, _ = _read(ws, options.against, options) if options.against else (None, [])
    say(COMPARING)
    result = _compared(ws, base, one, options)
    if options.map:
        write_swipe(result, options.map, lang=options.lang)
    kept = _kept(ws, one, options, expected)
    answer = {
        "scenario": scenario_answer(one), "against": None if base is None else scenario_answer(base), **kept,
        "notes": [note._asdict() for note in notes], **comparison_answer(result),
    }  # fmt: skip
    lines = [*scenario_lines(one, options.lang), *(note.in_(options.lang) for note in notes)]
    return Done(answer, [*lines, *comparison_lines(result, options.lang), *_kept_lines(kept, one, options.lang)])


def _read(ws: Workspace, given: str, options: argparse.Namespace) -> tuple[Scenario, list[Text]]:
    """Read a scenario: a file, the name of a saved one, or a file of things to add."""
    saved = ws.folder / FOLDER / f"{given}{TOML}"
    path = saved if saved.is_file() and not Path(given).is_file() else Path(given)
    if path.suffix.lower() not in {TOML, ""}:
        if options.layer is None:
            raise UsageError(NO_LAYER)
        return _called(ws, added_from(ws, path, options.layer), options), []
    read = read_scenario(path, ws.manifest.crs)
    return _called(ws, read.scenario, options), [EDITED] if read.is_as_saved is False else []


def _called(ws: Workspace, one: Scenario, options: argparse.Namespace) -> Scenario:
    """Give a scenario its ids, and its name."""
    settled = with_ids(ws, one)
    return settled if options.name is None else settled.but(name=options.name)


def _compared(ws: Workspace, base: Scenario | None, one: Scenario, options: argparse.Namespace) -> Comparison:
    before = ws if base is None else applied(ws, base)
    weights = criteria_of(ws, base), criteria_of(ws, one)
    return compared(before, applied(ws, one), criteria=weights, level=options.level, counted=options.count)


def _kept(ws: Workspace, one: Scenario, options: argparse.Namespace, expected: str) -> dict[str, Any]:
    """Save and decide as asked."""
    when = options.date or datetime.now().date()  # noqa: DTZ005 (workspaces keep naive local time)
    path = save(ws, one, author=options.author, day=when, replace=options.replace) if options.save else None
    done = decide(ws, one, author=options.author, day=when, expected=expected) if options.decide else None
    return {"saved": None if path is None else path.name, "decided": None if done is None else done.number}


def _kept_lines(kept: dict[str, Any], one: Scenario, lang: str) -> list[str]:
    lines = [SAVED.format(path=f"{FOLDER}/{kept['saved']}")] if kept["saved"] else []
    if kept["decided"] is not None:
        lines.append(DECIDED.format(n=kept["decided"]))
        lines += [NOT_MERGED] if one.weights or one.budget_yuan is not None else []
    return [line.in_(lang) for line in lines]


def _flag(name: str, words: Text) -> Option:
    return Option((name,), words, {"action": "store_true"})


def _word(name: str, words: Text, metavar: str, **more: object) -> Option:
    return Option((name,), words, {"metavar": metavar, **more})


OPTIONS = (
    WORKSPACE,
    Option(("file",), Text("情景文件 TOML、已保存的名称，或要新增对象的文件；不写则列出已保存的情景", "a scenario (TOML), the name of a saved one, or a file of things to add; none lists what is saved"),
           {"nargs": "?", "metavar": "FILE"}),
    _word("--against", Text("与另一个情景比较，而不是与现状", "compare with another scenario instead of the workspace"), "FILE"),
    _word("--layer", Text("文件中的对象属于哪个图层", "layer that the things of the file belong to"), "LAYER", choices=EDITABLE),
    LEVEL,
    _word("--count", Text("按谁计受益与受损；缺省为户数，不知则居民、建筑", "who is counted as gaining or losing; default households, else residents, else buildings"),
          "WHO", choices=tuple(COUNTED)),
    _word("--map", Text("另存可离线打开的前后对照地图", "also write a map of before and after that opens offline"), "FILE", type=ending(".html")),
    _flag("--save", Text("保存到 plans/名称.toml", "save it as plans/NAME.toml")),
    _flag("--replace", Text("可覆盖同名的另一个情景", "another scenario of the same name may be overwritten")),
    _flag("--decide", Text("决定：写入图层，可撤销；图层在情景保存后变过则拒绝", "decide: merge it into the layers, can be undone; refused if the layers changed since it was saved")),
    _word("--author", Text("谁保存或决定", "who saves or decides"), "NAME"),
    _word("--name", Text("保存的名称", "name to save it under"), "NAME"),
    _word("--date", Text("日期，缺省为今天", "the day; default today"), "DATE", type=day),
)  # fmt: skip
VERBS = {
    "scenario": Verb(
        Text(
            "情景：新增、迁移、拆除、改动设施，封闭街巷，重划网格，改权重和预算，全部重新计算，逐栋、逐网格列出谁受益、谁受损。"
            "可保存（散列、作者、日期），决定后写入图层。",
            "Scenarios: assets added, moved, removed or changed, streets closed, grids redrawn, other weights and money; all is "
            "computed anew, and who gains and who loses is listed by building and grid. Saved with hash, author and day, and "
            "merged into the layers when decided.",
        ),
        OPTIONS,
        (
            "scenario huolong",
            "scenario huolong toilet-north",
            "scenario huolong toilet-north --against before-square --json",
            "scenario huolong toilet-north --map swipe.html --lang zh",
            "scenario huolong toilet-north --name toilet-2022 --save --author Planning --date 2021-09-01",
        ),
        scenario,
    ),
}
