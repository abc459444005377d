"""How supply is computed and how well it is known, in words for people."""

from collections.abc import Mapping

from geo.text import Text
from layers.standards import policy, standard
from reports.measures import STATUS_WORDS
from reports.ranking_table import capital
from reports.service.kinds import need_words
from reports.service.supply import METHODS, Supply, bands
from reports.service.ways import ON_FOOT, STRAIGHT

HOW: Mapping[str, Text] = {
    "2sfca": Text(
        "第一步，每处设施把自己的{unit}分给 {r:g} m 内的所有{who}；第二步，每个住处把走得到的各处份额加起来。半径以内一视同仁。",
        "First each facility divides its {unit} among all {who} within {r:g} m; then each home adds up the shares of all that it "
        "reaches. Within the radius distance makes no difference.",
    ),
    "enhanced": Text(
        "第一步，每处设施把自己的{unit}分给 {r:g} m 内的{who}，近者权重大：{bands}；第二步，每个住处按同样权重把各处份额加起来。",
        "First each facility divides its {unit} among the {who} within {r:g} m, the near ones with more weight: {bands}; then each "
        "home adds up the shares with the same weights.",
    ),
    "gaussian": Text(
        "第一步，每处设施把自己的{unit}分给 {r:g} m 内的{who}，权重按高斯曲线由 1 降到半径处的 0；第二步，每个住处按同样权重把各处份额加起来。",
        "First each facility divides its {unit} among the {who} within {r:g} m, with weights that fall along a Gaussian curve from 1 "
        "to 0 at the radius; then each home adds up the shares with the same weights.",
    ),
    "gravity": Text(
        "第一步，每处设施把自己的{unit}分给 {r:g} m 内的{who}，权重为距离的 −{b:g} 次方（{least:g} m 以内按 {least:g} m）；第二步，每个住处按同样权重把各处份额加起来。",
        "First each facility divides its {unit} among the {who} within {r:g} m, weighted by distance to the power −{b:g} (nearer than "
        "{least:g} m counts as {least:g} m); then each home adds up the shares with the same weights.",
    ),
}
SHORT = Text(
    "缺口：{need}。把需求派给够得着且还有余量的设施，先求满足最多，再求总路程最短；派不出去的就是缺口，容量不足时远处的先缺。数量按人数折算，可有小数；落到项目时向上取整。",
    "Shortfall: {need}. Demand is sent to facilities in reach that have room, the most that can be met first, then by the "
    "shortest ways; what finds no room is missing, and where room is short the farthest go without. Amounts follow from people and may be fractions; round up what is built.",
)
VERIFY = Text("（待核）", " (to be verified)")
FOOT = Text(
    "{method}，{way}，半径 {r:g} m（含边界）；够不着为 0；求解：{solved}；数据截至 {day}；没有随机数。",
    "{method}, {way}, radius {r:g} m, included; what reaches nothing has 0; solver: {solved}; data as of {day}; no random numbers.",
)
SOLVED = {
    "optimal": Text("已证明最优", "proven optimal"),
    "heuristic": Text("就近分配（未证明最优）", "nearest first (heuristic, not proven)"),
}
STANDS = Text("状态：{status}", "Status: {status}")
LACKS = Text("缺少：{what}", "missing: {what}")
NEEDS_OF = {
    "toilets": "toilet_residents_per_cubicle",
    "parks": "park_m2_per_resident",
    "parking": "parking_bays_per_household",
}


def how_words(found: Supply) -> Text:
    """Explain access in plain words."""
    rules = policy(found.ws.folder)
    radius = rules[found.kind.reach]
    steps = bands(rules, radius)
    return HOW[found.method].format(
        unit=found.kind.unit,
        who=_who(found),
        r=radius,
        b=rules["gravity_exponent"],
        least=rules["gravity_least_m"],
        bands=Text(
            "、".join(f"{one.limit_m:.0f} m 内 {one.weight:g}" for one in steps),
            ", ".join(f"{one.weight:g} up to {one.limit_m:.0f} m" for one in steps),
        ),
    )


def shortfall_words(found: Supply) -> Text:
    """Explain the shortfall, with the need that is taken and whether it has to be verified."""
    need = need_words(found.ws, found.kind)
    table = standard("policy", found.ws.folder).set_index("key")
    doubtful = bool(table.loc[NEEDS_OF[found.kind.key], "to_verify"])
    said = Text(need.zh + VERIFY.zh, need.en + VERIFY.en) if doubtful else need
    return SHORT.format(need=said)


def foot_words(found: Supply) -> Text:
    """Give the conventions in one line, for below a table."""
    sent = found.meta.get("assignment")
    status = sent["status"] if isinstance(sent, Mapping) else "optimal"
    return FOOT.format(
        method=Text(METHODS[found.method].zh, capital(METHODS[found.method].en)),
        way=ON_FOOT if found.on_foot else STRAIGHT,
        r=policy(found.ws.folder)[found.kind.reach],
        solved=SOLVED[status],
        day=found.ws.manifest.as_of.strftime("%Y-%m-%d"),
    )


def status_words(status: str, missing: tuple[Text, ...], notes: tuple[Text, ...]) -> Text:
    """Say how well something is known, what is missing for it, and what stands in."""
    head = STANDS.format(status=STATUS_WORDS[status])
    lacks = [LACKS.format(what=one) for one in missing]
    parts = [head, *lacks, *notes]
    return Text("；".join(one.zh for one in parts) + "。", "; ".join(one.en for one in parts) + ".")


def _who(found: Supply) -> Text:
    return Text("居民", "residents") if found.kind.who == "residents" else Text("住户", "households")
