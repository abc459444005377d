"""The verb that holds the votes of owners against a rule."""

import argparse

from commands.options import LEVEL, WORKSPACE
from commands.verb import Done, Option, Say, Verb
from geo.text import Text
from layers.workspace import open_workspace
from reports.consent import consented
from reports.consent.answers import consent_answer, consent_lines

RULE = Option(
    ("--rule",),
    Text("表决规则，见 consent_rules.csv，缺省为表中标明的", "rule of consent_rules.csv; default the one marked there"),
    {"metavar": "RULE"},
)


def consent(options: argparse.Namespace, say: Say) -> Done:  # noqa: ARG001 (verbs are called alike)
    """Hold the votes of a workspace against a rule.

    Raises:
        DataError: no such rule or level.
    """
    ws = open_workspace(options.folder)
    found = consented(ws, options.rule)
    level = options.level if options.level is not None else (ws.finest if ws.levels else None)
    return Done(consent_answer(found, level), consent_lines(found, level, options.lang))


VERBS = {
    "consent": Verb(
        Text(
            "按表决规则逐栋、逐小区、逐网格核对：参与和同意的面积与人数是否达到，还差多少。没有记录的写未知。",
            "Holds the votes of owners against the rule, by building, estate and grid: whether enough area and owners took "
            "part and approve, and how many more it takes. What is not on record is unknown.",
        ),
        (WORKSPACE, RULE, LEVEL),
        ("consent huolong", "consent huolong --rule cn_other --level 1 --json"),
        consent,
    )
}
