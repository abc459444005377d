"""The verb that looks over grids, numbers them, weighs their work and redraws them."""

import argparse
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path

import geopandas as gpd
import shapely

from commands.options import LEVEL, WORKSPACE, positive, refused
from commands.verb import Done, Option, Say, UsageError, Verb
from commands.workspace import near
from geo.crs import reprojected
from geo.text import Text
from layers.workspace import Workspace, open_workspace
from reports.gridworks import plan as kinds
from reports.gridworks.answers import (
    audit_answer,
    audit_lines,
    codes_answer,
    codes_lines,
    history_answer,
    history_lines,
    redraw_answer,
    redraw_lines,
    workload_answer,
    workload_lines,
)
from reports.gridworks.audit import audit
from reports.gridworks.codes import OWN_SCHEME, checked, proposed, recoding
from reports.gridworks.plan import KINDS, LOADS, Line, Operation, Plan
from reports.gridworks.redraw import apply, redraw
from reports.gridworks.workload import workload

Part = Callable[[argparse.Namespace, Workspace], Done]
PLAN = "plan"
BOTH = Text("--apply 与 --dry-run 不能同时使用", "--apply and --dry-run exclude each other")
NO_PLAN = Text("plan 需要 --plan 文件", "plan takes a file, --plan")
UNKNOWN = Text("{what} 不是网格操作；可用：{known}", "{what} is nothing that can be done to grids; there are {known}")


def grids(options: argparse.Namespace, say: Say) -> Done:  # noqa: ARG001 (verbs are called alike)
    """Do what is asked of the grids."""
    known = {**_LOOKS, **dict.fromkeys([*KINDS, PLAN], _redrawn)}
    if options.what not in known:
        raise UsageError(UNKNOWN.format(what=options.what, known=", ".join(known)))
    if options.apply and options.dry_run:
        raise UsageError(BOTH)
    return known[options.what](options, open_workspace(options.folder))


def _audit(options: argparse.Namespace, ws: Workspace) -> Done:
    found = audit(ws)
    return Done(audit_answer(found), audit_lines(found, options.lang))


def _codes(options: argparse.Namespace, ws: Workspace) -> Done:
    found = checked(ws, options.level)
    proposal = proposed(ws, options.level, scheme=options.scheme, base=options.base)
    return Done(codes_answer(found, proposal), codes_lines(found, proposal, options.lang))


def _workload(options: argparse.Namespace, ws: Workspace) -> Done:
    found = workload(ws, options.level)
    return Done(workload_answer(found), workload_lines(found, options.lang))


def _history(options: argparse.Namespace, ws: Workspace) -> Done:
    return Done(history_answer(ws), history_lines(ws, options.lang))


_LOOKS: Mapping[str, Part] = {"audit": _audit, "codes": _codes, "workload": _workload, "history": _history}


def _redrawn(options: argparse.Namespace, ws: Workspace) -> Done:
    """Carry a plan through on paper, and store it if asked to."""
    found = redraw(ws, _plan(options, ws))
    number = apply(found).number if options.apply else None
    return Done(redraw_answer(found, number), redraw_lines(found, number, options.lang), 0 if found.is_kept else 1)


def _plan(options: argparse.Namespace, ws: Workspace) -> Plan:
    if options.what == PLAN:
        if options.plan is None:
            raise UsageError(NO_PLAN)
        return Plan.of_json(options.plan.read_text(encoding="utf-8"))
    level = ws.finest if options.level is None else options.level
    day = options.valid_from or datetime.now().date()  # noqa: DTZ005 (workspaces keep naive local time)
    return Plan(level=level, valid_from=day, steps=(_step(options, ws, level),))


def _step(options: argparse.Namespace, ws: Workspace, level: int) -> Operation:
    if options.what == kinds.RECODE and not options.ids:
        return recoding(proposed(ws, level, scheme=options.scheme, base=options.base))
    return Operation(
        kind=options.what,
        grids=tuple(options.grids),
        streets=tuple(options.street),
        lines=tuple(_metres(one, ws) for one in options.line),
        into=options.into,
        by=options.by,
        cells=options.cells,
        ids=tuple(options.ids),
        names=tuple(options.names),
        tolerance_m=options.tolerance,
    )


def _metres(places: list[tuple[float, float]], ws: Workspace) -> Line:
    """Give a line in degrees in the metres of the workspace."""
    line = gpd.GeoDataFrame(geometry=[shapely.LineString(places)], crs="EPSG:4326")
    found = shapely.get_coordinates(reprojected(line, ws.manifest.crs).geometry.iloc[0])
    return tuple((float(x), float(y)) for x, y in found)


def line(word: str) -> list[tuple[float, float]]:
    """Read "LON,LAT LON,LAT ..." in degrees, at least two places."""
    places = [near(one) for one in word.split()]
    if len(places) < 2:  # noqa: PLR2004 (a line)
        raise refused(Text("{word} 不足两个点", "{word} has fewer than two places"), word=word)
    return places


def day(word: str) -> date:
    """Read a day."""
    try:
        return date.fromisoformat(word)
    except ValueError as error:
        raise refused(Text("{word} 应如 2024-06-01", "{word} should be like 2024-06-01"), word=word) from error


def metres(word: str) -> float:
    """Read a distance."""
    try:
        return float(word)
    except ValueError as error:
        raise refused(Text("{word} 不是数字", "{word} is no number"), word=word) from error


def _many(names: tuple[str, ...], words: Text, metavar: str, **more: object) -> Option:
    return Option(names, words, {"metavar": metavar, "action": "append", "default": [], **more})


def _one_of(name: str, words: Text, choices: tuple[str, ...], default: str) -> Option:
    return Option((name,), words, {"choices": choices, "metavar": "|".join(choices), "default": default})


OPTIONS = (
    WORKSPACE,
    Option(("what",), Text("做什么，见上", "what to do, see above"), {"metavar": "WHAT"}),
    Option(("grids",), Text("网格编号", "grid ids"), {"nargs": "*", "metavar": "GRID"}),
    LEVEL,
    _many(("--street",), Text("沿此街巷切分，* 为全部", "cut along this street; * for all"), "STREET"),
    _many(("--line",), Text("画线：以空格分开的点，每点写经度和纬度，如 111.61,26.43 111.62,26.43；draw 时为外框", "a drawn line, LON,LAT LON,LAT ...; of draw the outline"),
          "LINE", type=line),
    Option(("--into",), Text("均衡成几个网格", "how many grids a balance makes"), {"type": positive, "default": 2, "metavar": "N"}),
    _one_of("--by", Text("按何种工作量均分", "load that is made even"), tuple(LOADS), "issues"),
    _one_of("--cells", Text("均衡的最小单元：街块或建筑", "cells of a balance: blocks or buildings"), ("blocks", "buildings"), "blocks"),
    _many(("--id",), Text("新网格编号，按由西到东、由北到南", "codes of the new grids, west to east and north to south"), "CODE", dest="ids"),
    _many(("--name",), Text("新网格名称", "names of the new grids"), "NAME", dest="names"),
    Option(("--scheme",), Text("编码格式，见 grid_codes.csv", "layout of codes, see grid_codes.csv"),
           {"default": OWN_SCHEME, "metavar": "SCHEME"}),
    Option(("--base",), Text("编码前缀：县、街道、社区的数字", "prefix of codes: digits of county, street and community"),
           {"default": "", "metavar": "DIGITS"}),
    Option(("--tolerance",), Text("边界对齐的最大移动，米", "farthest that snap moves a corner, metres"),
           {"type": metres, "default": 0.5, "metavar": "METRES"}),
    Option(("--valid-from",), Text("生效日期，缺省为今天", "in force from this day; default today"), {"type": day, "metavar": "DATE"}),
    Option(("--plan",), Text("方案文件（JSON）", "a plan, JSON"), {"type": Path, "metavar": "FILE"}),
    Option(("--dry-run",), Text("只预览（缺省如此）", "preview only, as is the default"), {"action": "store_true"}),
    Option(("--apply",), Text("写入工作区，可撤销", "store it in the workspace; can be undone"), {"action": "store_true"}),
)  # fmt: skip
VERBS = {
    "grids": Verb(
        Text(
            "审核、编号、衡量和重划网格。查看：audit、codes、workload、history。重划：merge、split、halve、draw、balance、recode、"
            "snap，或用 plan 执行方案文件；缺省只预览，加 --apply 才写入，可用 guatu undo 撤销。",
            "Looks over, numbers, weighs and redraws grids. Look: audit, codes, workload, history. Redraw: merge, split, halve, "
            "draw, balance, recode, snap, or plan for a file of steps. Nothing is stored without --apply, and guatu undo takes "
            "it back.",
        ),
        OPTIONS,
        (
            "grids huolong audit",
            "grids huolong codes --scheme unit_grid_14 --base 431103001001",
            "grids huolong workload",
            "grids huolong merge HL-01-01 HL-01-02 --dry-run",
            "grids huolong halve HL-05-01 --by households --json",
            "grids huolong balance HL-01-01 HL-01-02 HL-01-03 --into 3 --by households --cells buildings",
        ),
        grids,
    ),
}
