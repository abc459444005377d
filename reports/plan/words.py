"""A plan in sentences: what it does for the money, how sure that is, what fairness and nesting cost, what clashes."""

from geo.choice.solver import HEURISTIC, INFEASIBLE, OPTIMAL
from geo.text import Text, counted
from reports.plan.outlook import NOTE, Outlook
from reports.plan.plan import Plan
from reports.plan.terms import COST_ENDS

STATUS = {
    OPTIMAL: Text("已证明最优", "proven to be the best"),
    HEURISTIC: Text("未证明最优，最多还差 {gap}", "not proven to be the best, at most {gap} short"),
    INFEASIBLE: Text("没有可行方案", "no plan is possible"),
}
CLASH = Text(
    "下列要求不能同时满足，去掉或放宽其中任何一条即可：", "These cannot all be kept; give up or relax any one of them:"
)

NOT_FEWEST = Text(
    "（时限内未能查完，其中有些要求可能并不相干。）", "(Time ran out: some of these may have nothing to do with it.)"
)


def yuan(amount: float) -> str:
    """Give an amount of yuan in digits."""
    return f"{amount:,.0f}"


def sentences(plan: Plan) -> list[Text]:
    """Say the plan in sentences: what, how sure, fairness, the high end of costs, notices."""
    if not plan.choice.feasible:
        return [*clash_words(plan), *plan.notices]
    return [
        what_words(plan),
        sure_words(plan),
        *_simple(plan),
        robust_words(plan),
        *plan.notices,
    ]


def what_words(plan: Plan) -> Text:
    """Say what is done for how much and what it removes."""
    n, years = len(plan.chosen), plan.terms.years
    before = float((plan.ranking.total.fillna(0.0).to_numpy() * plan.effects.people).sum())
    share = plan.removed / before if before > 0 else 0.0
    return Text(
        "{years} 年内安排 {n} 项，费用 {cost} 元（预算 {limit} 元），共消除需求 {removed} {unit}，占全部需求的 {share}。",
        "{n_items} in {n_years} for {cost} of {limit} yuan remove {removed} {unit} of need, {share} of all.",
    ).format(
        years=years, n=f"{n:,}", n_items=counted(n, "item", "items"), n_years=counted(years, "year", "years"),
        cost=yuan(plan.spent_yuan), limit=yuan(plan.terms.limit_yuan), removed=f"{plan.removed:,.0f}",
        unit=plan.effects.unit, share=f"{share:.1%}",
    )  # fmt: skip


def status_words(plan: Plan) -> Text:
    """Say whether the plan is proven, else how far it may be off."""
    return STATUS[plan.choice.status].format(gap=f"{float(str(plan.choice.meta['gap'])):.2%}")


def sure_words(plan: Plan) -> Text:
    """Say how sure the plan is and how it was made."""
    words = Text(
        "{status}；费用取{end}；年结余{left}；后一年的需求改善按每年 {rate} 折现。",
        "{status}; costs at the {end}; money left over {left}; need removed a year later counts {rate} less.",
    )
    left = (
        Text("可转入下一年", "is kept for the next year")
        if plan.terms.carry
        else Text("不转入下一年", "lapses at the end of a year")
    )
    end = Text(
        COST_ENDS[plan.terms.cost].zh,
        "middle of their range" if plan.terms.cost == "middle" else COST_ENDS[plan.terms.cost].en,
    )
    status = status_words(plan)
    return words.format(
        status=Text(status.zh, status.en[0].upper() + status.en[1:]), end=end, left=left,
        rate=f"{1 / plan.question.discount - 1:.0%}",
    )  # fmt: skip


def _simple(plan: Plan) -> list[Text]:
    simple, best = plan.choice.greedy_benefit, plan.choice.benefit
    if not simple >= 0:
        return [
            Text(
                "“先做单位费用效益最高的”这一简单做法找不到满足全部要求的方案。",
                "The simple way, best need removed by yuan first, finds no plan that keeps all of this.",
            )
        ]
    less = 1 - simple / best if best > 0 else 0.0
    return [
        Text(
            f"“先做单位费用效益最高的”这一简单做法少消除 {less:.1%} 的需求。",
            f"The simple way, best need removed by yuan first, would remove {less:.1%} less.",
        )
    ]


def _fairness(found: Outlook) -> list[Text]:
    """Say what the least shares cost, nothing without any."""
    if not found.fairness_price >= 0:
        return []
    price = found.fairness_price
    return [
        Text(
            f"最低份额的代价：比不设份额少消除 {price:.1%} 的需求。",
            f"The price of fairness: {price:.1%} less need removed than without least shares.",
        )
    ]


def robust_words(plan: Plan) -> Text:
    """Say whether the plan holds where every cost comes out at its high end."""
    robust = plan.robust
    if robust.holds:
        words = Text(
            "若各项费用都到上限，共 {cost} 元，各年预算仍然够用。",
            "If every cost comes out at its high end, {cost} yuan in all, each year's money still suffices.",
        )
        return words.format(cost=yuan(robust.cost_yuan))
    years = [at + 1 for at, one in enumerate(robust.over_yuan) if one > 0]
    words = Text(
        "若各项费用都到上限，共 {cost} 元：第 {zh} 年超出，最多超 {over} 元；要稳妥，请按上限编制。",
        "If every cost comes out at its high end, {cost} yuan in all, {en} over, by up to {over} yuan; plan at the high "
        "end to be safe.",
    )
    return words.format(
        cost=yuan(robust.cost_yuan), zh="、".join(map(str, years)), en=_overrun(years),
        over=yuan(max(robust.over_yuan)),
    )  # fmt: skip


def _overrun(years: list[int]) -> str:
    words = ", ".join(map(str, years))
    return f"year {words} is" if len(years) == 1 else f"years {words} are"


def clash_words(plan: Plan) -> list[Text]:
    """Name what cannot be kept together; nothing where the plan is possible or time ran out."""
    if plan.choice.feasible:
        return []
    if not plan.choice.clashes:
        return [
            Text(
                "时限内没有找到方案，请延长时限或放宽要求。",
                "No plan was found in time; give more time or relax what is asked.",
            )
        ]
    few = [] if plan.choice.clashes_fewest else [NOT_FEWEST]
    return [CLASH, *plan.choice.clashes, *few]


def outlook_words(found: Outlook) -> list[Text]:
    """Say what nesting costs and for which money there is no plan."""
    words = _fairness(found)
    if found.price >= 0:
        words.append(
            Text(
                f"嵌套的代价：增加预算时不撤下已选项目，各级合计少消除 {found.price:.2%} 的需求。",
                f"The price of nesting: never dropping an earlier pick removes {found.price:.2%} less need over all amounts.",
            )
        )
    if found.impossible:
        money = [yuan(one) for one in found.impossible]
        words.append(
            Text(f"预算为 {'、'.join(money)} 元时没有可行方案。", f"There is no plan for {', '.join(money)} yuan.")
        )
    return [*words, Text(NOTE.zh + "。", NOTE.en[0].upper() + NOTE.en[1:] + ".")]
