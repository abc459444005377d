"""The verb that spends a budget: which items in which year, exactly, under all rules."""

import argparse
from datetime import datetime
from pathlib import Path

from commands.options import AS_OF, CRITERIA, LEVEL, WORKSPACE, positive, refused
from commands.ranking import ranked
from commands.verb import Done, Option, Say, UsageError, Verb
from geo.text import Text
from reports.plan import Terms, choose_items, outlook, save_plan
from reports.plan.answers import plan_answer, plan_lines

NO_PLAN = 1
"""Exit code where no plan keeps all that is asked for."""


def amount(word: str) -> float:
    """Read an amount of yuan, 0 or more."""
    digits = word.replace(",", "").replace("_", "")
    if not digits.replace(".", "", 1).isdecimal():
        raise refused(Text("{word} 不是金额", "{word} is no amount of money"), word=word)
    return float(digits)


def share(word: str) -> float:
    """Read a share, 0 to 1, or a percentage such as 5%."""
    digits = word.removesuffix("%")
    if not digits.replace(".", "", 1).isdecimal():
        raise refused(Text("{word} 应如 0.05 或 5%", "{word} should be like 0.05 or 5%"), word=word)
    return float(digits) / (100 if word.endswith("%") else 1)


def named_amount(word: str) -> tuple[str, float]:
    """Read NAME=YUAN."""
    name, _, digits = word.partition("=")
    if not name or not digits:
        raise refused(Text("{word} 应如 city=1000000", "{word} should be like city=1000000"), word=word)
    return name, amount(digits)


def named_share(word: str) -> tuple[str, float]:
    """Read CLASS=SHARE."""
    name, _, digits = word.partition("=")
    if not name or not digits:
        raise refused(Text("{word} 应如 basic=0.5", "{word} should be like basic=0.5"), word=word)
    return name, share(digits)


def spend(options: argparse.Namespace, say: Say) -> Done:
    """Plan a budget.

    Raises:
        UsageError: options that do not go together.
        PlanError: terms that make no sense.
        DataError: the workspace does not open or has no grids.
    """
    terms = _terms(options)
    ranking = ranked(options, draws=1)
    say(Text("正在编制计划……", "Planning…"))
    plan = choose_items(
        ranking.ws, ranking, limit_yuan=terms.limit_yuan, years=options.years, min_share=options.min_share, terms=terms,
        time_limit=options.time_limit,
    )  # fmt: skip
    found = outlook(plan, time_limit=options.time_limit) if plan.choice.feasible and not options.brief else None
    answer, lines = plan_answer(plan, found), plan_lines(plan, found, options.lang)
    if options.save:
        path = save_plan(plan, options.save, options.author or "", at=datetime.now())  # noqa: DTZ005 (naive local time)
        answer["saved"] = str(Path(path.parent.name) / path.name)
        lines.append(Text("已保存：{path}", "Saved: {path}").format(path=answer["saved"]).in_(options.lang))
    return Done(answer, lines, 0 if plan.choice.feasible else NO_PLAN)


def _terms(options: argparse.Namespace) -> Terms:
    funds = dict(options.fund)
    limit = options.budget if options.budget is not None else sum(options.caps) if options.caps else sum(funds.values())
    if options.budget is None and not options.caps and not funds:
        raise UsageError(Text("请用 --budget 给出预算", "give the budget with --budget"))
    if options.save and not options.author:
        raise UsageError(Text("保存方案时请用 --author 写明由谁决定", "name who decides with --author to save a plan"))
    years = len(options.caps) if options.caps else options.years
    options.years = years
    return Terms(
        limit, years, tuple(options.caps), options.carry, options.min_share, dict(options.min_class), funds,
        options.cost, "accepted" if options.accepted else "all", tuple(options.must), tuple(options.without),
    )  # fmt: skip


YUAN = {"type": amount, "metavar": "YUAN"}
OPTIONS = (
    Option(("--budget",), Text("全部年度的预算，元", "money of all years, yuan"), YUAN),
    Option(("--years",), Text("年数，缺省 1", "years, default 1"), {"type": positive, "default": 1, "metavar": "N"}),
    Option(
        ("--min-share",),
        Text("每个大网格最低份额，如 0.05", "least share of the budget for each large grid, such as 0.05"),
        {"type": share, "default": 0.0, "metavar": "F"},
    ),
    Option(
        ("--caps",),
        Text("逐年金额，缺省平均分配", "money of each year; default in equal parts"),
        {**YUAN, "nargs": "+", "default": []},
    ),
    Option(
        ("--carry",), Text("年结余转入下一年，缺省不转", "keep money left over for the next year; default it lapses"),
        {"action": "store_true"},
    ),
    Option(
        ("--fund",),
        Text("资金来源及金额，可多次，名称见 funds.csv", "a fund and its money, may be repeated; names as in funds.csv"),
        {"type": named_amount, "action": "append", "default": [], "metavar": "NAME=YUAN"},
    ),
    Option(
        ("--min-class",),
        Text("某类最低份额，可多次", "least share for a class of works, may be repeated"),
        {"type": named_share, "action": "append", "default": [], "metavar": "CLASS=F"},
    ),
    Option(
        ("--cost",),
        Text("按费用的哪一端编制，缺省中值", "end of the cost ranges to plan with, default the middle"),
        {"choices": ["middle", "low", "high"], "default": "middle"},
    ),
    Option(("--accepted",), Text("只从已采纳的费用项中选", "choose from accepted items only"), {"action": "store_true"}),
    Option(("--must",), Text("必做的费用项编号", "ids of items that must be done"), {"nargs": "+", "default": [], "metavar": "ITEM_ID"}),
    Option(("--without",), Text("不考虑的费用项编号", "ids of items to leave out"), {"nargs": "+", "default": [], "metavar": "ITEM_ID"}),
    Option(
        ("--time-limit",),
        Text("每次求解的时限，秒，缺省见政策表", "seconds for each question to the solver; default as in the policy table"),
        {"type": float, "metavar": "S"},
    ),
    Option(
        ("--brief",), Text("不算效益前沿和嵌套方案", "leave out the frontier and the nested plans"),
        {"action": "store_true"},
    ),
    Option(("--save",), Text("保存为 plans/名称.toml", "keep the plan as plans/NAME.toml"), {"metavar": "NAME"}),
    Option(("--author",), Text("由谁决定", "who decides"), {"metavar": "WHO"}),
)  # fmt: skip
VERBS = {
    "plan": Verb(
        Text(
            "在预算内选出消除需求最多的费用项并排定年度：必做、先后、互斥、最低份额和资金用途都严格满足，费用核到分。"
            "给出上界与差距；要求互相矛盾时，指出最小的一组。",
            "Chooses the items that remove the most need for the money, and their years, keeping what must be done, what "
            "comes first, what excludes what, least shares and purposes of funds to the fen. States bound and gap; where "
            "no plan is possible, names a smallest set of demands that clash.",
        ),
        (WORKSPACE, *OPTIONS, AS_OF, LEVEL, CRITERIA),
        (
            "plan huolong --budget 3000000 --min-share 0.05 --brief",
            "plan huolong --budget 1000000 --brief --json",
        ),
        spend,
    ),
}
