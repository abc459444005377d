"""The verbs of the command line: what each takes, says of itself and answers.

``cli.py`` reads the words, prints the answer and gives the exit code; nothing here prints. A module is
imported when its verb is used, so it may import whatever it needs, and ``guatu --help`` stays quick.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import NamedTuple

from commands.verb import Verb
from geo.text import Text


class Entry(NamedTuple):
    """The module of this package that holds a verb, and the verb in a few words."""

    module: str
    words: Text


VERBS: Mapping[str, Entry] = {
    "demo": Entry("demo", Text("建立内置工作区并打开应用", "build the bundled workspaces and open the app")),
    "new": Entry("workspace", Text("新建空工作区", "make an empty workspace")),
    "add": Entry("intake", Text("把文件收入图层", "take files into a layer")),
    "undo": Entry("intake", Text("撤销最近一次入库", "take the last intake back")),
    "check": Entry("workspace", Text("列出工作区的全部问题", "list all problems of a workspace")),
    "rank": Entry("ranking", Text("按需求给网格排名", "rank the grids by need")),
    "explain": Entry("ranking", Text("说明某网格的名次", "explain the place of a grid")),
    "ahp": Entry("panel", Text("由判断表求权重", "weights from pairwise judgements")),
    "coverage": Entry(
        "coverage", Text("覆盖：步行和直线，谁够得着", "coverage: who is within reach, on foot and in a line")
    ),
    "supply": Entry("supply", Text("供给与需求：可得、缺口、公平", "supply against demand: access, shortfall, equity")),
    "health": Entry("health", Text("按标准指标体检", "check against the indicators of the standards")),
    "hotspots": Entry("patterns", Text("判断哪些网格的问题确实偏多", "tell which grids really have more issues")),
    "trends": Entry("patterns", Text("逐月判断升降与热点演变", "tell month by month what rises and falls")),
    "zonal": Entry("terrain", Text("按网格统计栅格", "add a raster up by grid")),
    "terrain": Entry("terrain", Text("由高程算坡度、洼地和汇水", "slope, hollows and flow from heights")),
    "change": Entry("changes", Text("两日或两个状态之间的变化", "what changed between two days or states")),
    "closing": Entry("times", Text("多久办结，未办结的也计入", "time to close, open issues counted")),
    "forecast": Entry("times", Text("预计上报多少", "forecast of reports")),
    "need": Entry("changes", Text("客观需求与诉求对照", "objective against voiced need")),
    "items": Entry("items", Text("改造费用项：建议、审定、合计", "renewal items: proposed, decided, summed")),
    "plan": Entry("plan", Text("在预算内选定改造项目", "spend a budget on renewal items")),
    "site": Entry("siting", Text("选址：新的建在哪里最好", "where new ones are best built")),
    "scenario": Entry("scenario", Text("情景：改动之后谁受益、谁受损", "scenarios: who gains and who loses")),
    "consent": Entry("consent", Text("按规则核对业主表决", "hold votes of owners against the rule")),
    "relocation": Entry(
        "relocation", Text("签约、搬迁、拆除、安置到哪一步", "how far households have signed, moved and been rehoused")
    ),
    "ledger": Entry("ledger", Text("办理和查询台账", "work with the ledger of issues")),
    "grids": Entry("grids", Text("审核、编号和重划网格", "look over, number and redraw grids")),
    "map": Entry("output", Text("导出可离线打开的交互地图", "export an interactive map that opens offline")),
    "report": Entry("output", Text("导出简报", "export the briefing")),
    "export": Entry("export", Text("导出图层或 QGIS 工程", "write a layer or a QGIS project")),
    "app": Entry("app", Text("打开应用", "open the app")),
}
"""Every verb, in the order of the help."""


def verb(name: str) -> Verb:
    """Give a verb of ``VERBS``; its module holds it under its name in ``VERBS`` of its own."""
    found: Verb = import_module(f"commands.{VERBS[name].module}").VERBS[name]
    return found
