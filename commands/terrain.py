"""The verbs of rasters: figures by grid, and the terrain that heights give."""

import argparse
import math

from commands.options import LEVEL, WORKSPACE
from commands.verb import Done, Option, Say, UsageError, Verb
from geo.text import Text
from layers.workspace import Workspace, open_workspace
from reports.rasters.by_kind import figures_by_grid
from reports.rasters.figures import STATISTIC_WORDS, RasterFigures, statistics_by_grid
from reports.rasters.kinds import raster_held
from reports.rasters.ponding import ponding_finding
from reports.rasters.tables import figures_answer, grid_table, grid_titles, ponding_answer, status_line
from reports.rasters.terrain import write_terrain


def zonal(options: argparse.Namespace, say: Say) -> Done:
    """Give figures of a raster by grid."""
    ws = open_workspace(options.folder)
    held = raster_held(ws, options.raster)
    say(Text("正在统计 {name}", "adding up {name}").format(name=held.name))
    found = (
        statistics_by_grid(ws, held, options.level, statistics=options.stat)
        if options.stat
        else figures_by_grid(ws, held, options.level)
    )
    lines = [
        *_rows(ws, found, options.lang),
        status_line(found).in_(options.lang),
        *(one.in_(options.lang) for one in found.notes),
    ]
    return Done(figures_answer(found), lines)


def _rows(ws: Workspace, found: RasterFigures, lang: str) -> list[str]:
    """Give the table by grid in lines, numbers to the right."""
    table = grid_table(ws, found)
    heads = [grid_titles(found)[key].in_(lang) for key in table.columns]
    rows = [["", *heads]]
    rows += [[str(one), str(row["name"]), *map(_number, row.iloc[1:])] for one, row in table.iterrows()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            [
                f"{row[0]:<{widths[0]}}",
                f"{row[1]:<{widths[1]}}",
                *(f"{one:>{wide}}" for one, wide in zip(row[2:], widths[2:], strict=True)),
            ]
        ).rstrip()
        for row in rows
    ]


def _number(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:,.12g}"


def terrain(options: argparse.Namespace, say: Say) -> Done:
    """Compute the terrain of heights, write it among the rasters, and compare hollows with water issues."""
    ws = open_workspace(options.folder)
    held = raster_held(ws, options.raster)
    if held.kind != "elevation":
        raise UsageError(
            Text(
                f"栅格 {held.name} 不是高程；在 standards/rasters.csv 中把它的用途写成 elevation",
                f"the raster {held.name} holds no heights; say elevation for it in standards/rasters.csv",
            )
        )
    say(Text("正在计算坡度、洼地和汇水", "computing slope, hollows and flow"))
    finding = ponding_finding(ws, held)
    found = {} if options.dry_run else write_terrain(ws, held)
    lines = [f"{path.relative_to(ws.folder)}  {path.stat().st_size / 1e6:.2f} MB" for path in found.values()]
    answer = {
        "raster": held.name,
        "files": {key: str(path.relative_to(ws.folder)) for key, path in found.items()},
        "ponding": ponding_answer(finding),
    }
    return Done(answer, [*lines, finding.sentence.in_(options.lang)])


def _statistics(word: str) -> list[str]:
    """Read names of statistics parted by commas."""
    names = [one.strip() for one in word.split(",") if one.strip()]
    strange = [one for one in names if one not in STATISTIC_WORDS]
    if strange or not names:
        known = ", ".join(STATISTIC_WORDS)
        said = ", ".join(strange) or word
        raise argparse.ArgumentTypeError(
            str(Text(f"{said} 不是统计量，可用 {known}", f"{said} is no statistic; there are {known}"))
        )
    return names


RASTER = Option(("raster",), Text("栅格名称", "name of a raster"), {"metavar": "RASTER"})
VERBS = {
    "zonal": Verb(
        Text(
            "按网格统计一个栅格：每个像元按落在网格内的面积计入，缺值单独列出。不指定统计量时，按栅格的用途给出合适的数字。",
            "Adds a raster up by grid: each cell counts with the part of it in the grid, and what is unknown is told. Without "
            "statistics named, it gives the figures that suit what the raster holds.",
        ),
        (
            WORKSPACE,
            RASTER,
            Option(
                ("--stat",),
                Text("统计量，逗号分隔，如 mean,sum,median", "statistics parted by commas, such as mean,sum,median"),
                {"type": _statistics, "metavar": "NAMES"},
            ),
            LEVEL,
        ),
        ("zonal boston population --level 1", "zonal boston population --level 1 --stat sum,mean,max,median --json"),
        zonal,
    ),
    "terrain": Verb(
        Text(
            "由高程栅格计算坡度、洼地可积水深度和汇水，存为工作区的栅格，并与下水道阻塞、积水问题对照。仅供提示。",
            "Computes slope, depth of hollows and flow from a raster of heights, stores them as rasters of the workspace, and "
            "compares the hollows with issues of blocked sewers and standing water. Indication only.",
        ),
        (
            WORKSPACE,
            RASTER,
            Option(("--dry-run",), Text("只比较，不写文件", "compare only, write nothing"), {"action": "store_true"}),
        ),
        ("terrain huolong elevation --dry-run", "terrain huolong elevation --dry-run --json"),
        terrain,
    ),
}
