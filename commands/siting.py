"""The verb about where to build."""

import argparse

from commands.options import AS_OF, LEVEL, WORKSPACE, positive
from commands.verb import Done, Option, Say, Verb
from geo.text import Text
from layers.workspace import open_workspace
from reports.siting import GROUNDS, MODELS, site
from reports.siting.answer import site_answer, site_lines


def show_sites(options: argparse.Namespace, say: Say) -> Done:
    """Choose sites.

    Raises:
        PlanError: nothing to choose from, or no answer.
        DataError: no such layer or level.
    """
    ws = open_workspace(options.folder, as_of=options.as_of)
    if options.level is not None:
        ws.grids(options.level)
    say(Text("正在计算距离并求解", "measuring distances and solving"))
    found = site(
        ws, options.layer, count=options.count, metres=options.metres, model=options.model, walk=options.walk,
        grounds=options.ground, budget_yuan=options.budget,
    )  # fmt: skip
    return Done(site_answer(ws, found, level=options.level), site_lines(found, options.lang))


LAYER = Option(
    ("layer",),
    Text(
        "建什么：toilets、parks、parking，或 standards/services.csv 中的其他服务",
        "what to build: toilets, parks, parking, or another service of standards/services.csv",
    ),
    {"metavar": "LAYER"},
)
COUNT = Option(
    ("--count",), Text("新建几处；lscp 不需要", "how many new ones; not needed by lscp"),
    {"type": positive, "metavar": "N"},
)  # fmt: skip
METRES = Option(
    ("--metres",), Text("多近算服务到，米；缺省为标准值", "how far is near, metres; default that of the standard"),
    {"type": positive, "metavar": "N"},
)  # fmt: skip
WALK = Option(
    ("--walk",),
    Text("按沿街巷的步行距离，不按直线", "distances on foot along the streets, not in a straight line"),
    {"action": "store_true"},
)
MODEL = Option(
    ("--model",),
    Text(
        "模型：mclp 最大覆盖，lscp 全覆盖最少，p_median 平均最近，p_center 最远者最近，backup 备份覆盖，capacity 有容量",
        "the model: mclp most covered, lscp fewest for all, p_median shortest on average, p_center nobody far, backup "
        "twice covered, capacity with what a place can serve",
    ),
    {"choices": list(MODELS), "default": "mclp"},
)
GROUND = Option(
    ("--ground",),
    Text(
        "候选用地，可重复：sites 闲置地块，streets 宽街巷，parks 公园，parking 停车场；缺省为前两种",
        "candidate ground, may be repeated: sites idle land, streets wide streets, parks, parking; default the first two",
    ),
    {"choices": list(GROUNDS), "action": "append"},
)
BUDGET = Option(
    ("--budget",), Text("总费用不超过，元（mclp）", "most that they may cost in all, yuan (mclp)"),
    {"type": positive, "metavar": "YUAN"},
)  # fmt: skip
VERBS = {
    "site": Verb(
        Text(
            "选址：在真实候选点（闲置地块、宽街巷、公园、停车场）中选出新建点，现有的都保留；给出前后服务人数、受益者、"
            "够不着的需求，以及证明到什么程度。",
            "Where to build: choose among real candidate sites (idle land, wide streets, parks, car parks) while all that is "
            "there stays; with people served before and after, who gains, who cannot be reached, and how far it is proven.",
        ),
        (WORKSPACE, LAYER, COUNT, METRES, WALK, MODEL, GROUND, BUDGET, LEVEL, AS_OF),
        (
            "site huolong toilets --count 1 --walk",
            "site huolong toilets --model lscp --walk --lang zh",
        ),
        show_sites,
    )
}
