"""The verb that checks a workspace against the indicators of the standards."""

import argparse

from commands.options import AS_OF, LEVEL, WORKSPACE
from commands.verb import Done, Option, Say, UsageError, Verb
from geo.text import Text
from layers.workspace import open_workspace
from reports.health.answers import health_answer, health_lines
from reports.health.complete_community import community_answer, community_lines, complete_community, has_rule
from reports.health.examination import health_check
from reports.health.thresholds import PROFILES, Asked, ThresholdError, asked


def check_health(options: argparse.Namespace, say: Say) -> Done:
    """Check a workspace."""
    own = dict(_read(word) for word in options.threshold or ())
    ws = open_workspace(options.folder, as_of=options.as_of)
    say(Text("正在体检", "checking"))
    try:
        health = health_check(ws, profile=options.profile, level=options.level, own=own)
    except ThresholdError as error:
        raise UsageError(error.message) from error
    answer, lines = health_answer(health), list(health_lines(health, options.lang))
    if not has_rule(health.profile):
        return Done(answer | {"complete_community": None}, lines)
    found = complete_community(health.check)
    return Done(
        answer | {"complete_community": community_answer(found)}, [*lines, *community_lines(found, options.lang)]
    )


def _read(word: str) -> tuple[str, Asked]:
    key, sign, value = word.partition("=")
    if not sign or not key:
        raise UsageError(Text("“{w}”应写成 编号=数值", "“{w}” should be ID=VALUE").format(w=word))
    try:
        return key, asked(value)
    except ThresholdError as error:
        raise UsageError(error.message) from error


VERBS = {
    "health": Verb(
        Text(
            "按标准指标给社区体检：每个网格和整体的数值、结论、状态、分母、来源；无法计算的也列出缺什么。",
            "Checks a community against the indicators of the standards: value, verdict, status, denominator and source "
            "for each grid and the whole; what cannot be computed is listed with what is missing.",
        ),
        (
            WORKSPACE,
            Option(
                ("--profile",),
                Text("指标集，缺省为工作区的", "set of indicators; default the workspace's"),
                {"choices": tuple(PROFILES), "metavar": "NAME"},
            ),
            LEVEL,
            Option(
                ("--threshold",),
                Text(
                    "本次采用的阈值，如 T-R=250、T-D=3..5、W-GREEN.size=10000 或 park_min_m2=1000，可写多次",
                    "a threshold for this run, such as T-R=250, T-D=3..5, W-GREEN.size=10000 or park_min_m2=1000; may be repeated",
                ),
                {"action": "append", "metavar": "ID=VALUE"},
            ),
            AS_OF,
        ),
        ("health huolong", "health huolong --profile WHO --lang zh", "health huolong --threshold T-R=100 --json"),
        check_health,
    ),
}
