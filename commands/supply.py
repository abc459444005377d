"""The verb about supply and demand: what people have, what is missing, and how evenly it is spread."""

import argparse

from commands.options import AS_OF, LEVEL, WORKSPACE
from commands.verb import Done, Option, Say, Verb
from geo.text import Text
from layers.workspace import open_workspace
from reports.service.equity import supply_equity
from reports.service.kinds import KINDS
from reports.service.parking import parking_balance
from reports.service.supply import METHODS, supply
from reports.service.supply_answer import supply_answer, supply_lines


def show_supply(options: argparse.Namespace, say: Say) -> Done:
    """Compute supply, shortfall, equity, and for parking the balance by day and night."""
    ws = open_workspace(options.folder, as_of=options.as_of)
    say(Text("正在计算{what}", "computing {what}").format(what=KINDS[options.of].title))
    found = supply(ws, options.of, level=options.level, method=options.method, on_foot=not options.straight)
    even = supply_equity(found) if found.is_known else None
    parking = parking_balance(ws, level=options.level) if options.of == "parking" else None
    return Done(supply_answer(found, even, parking), supply_lines(found, even, parking, options.lang))


OF = Option(
    ("--of",),
    Text("哪种供给：公厕、公园绿地或停车", "which supply: toilets, parks or parking"),
    {"choices": list(KINDS), "default": "toilets"},
)
METHOD = Option(
    ("--method",),
    Text("可得性的算法，缺省为两步移动搜索", "how access is computed; default the two-step floating catchment"),
    {"choices": list(METHODS), "default": "2sfca"},
)
STRAIGHT = Option(
    ("--straight",), Text("按直线距离，不沿街巷", "in a straight line, not along the streets"), {"action": "store_true"}
)
VERBS = {
    "supply": Verb(
        Text(
            "供给与需求：每个网格可得多少、缺多少（厕位、公园 m²、泊位），分布是否公平；停车另给昼夜平衡。"
            "半径、需求标准和权重见政策表。",
            "Supply against demand: what the people of each grid have, what is missing (cubicles, m² of park, bays) and how "
            "evenly it is spread; for parking also the balance by day and night. Radius, needs and weights are those of the "
            "policy table.",
        ),
        (WORKSPACE, OF, METHOD, STRAIGHT, LEVEL, AS_OF),
        (
            "supply huolong --of toilets --level 1",
            "supply huolong --of parking --lang zh",
            "supply huolong --of parks --method gaussian --straight --level 1 --json",
        ),
        show_supply,
    )
}
