"""What is said of a choice of sites: the answer in a sentence, what is left out, and how it is computed."""

from geo.text import Text
from layers.catalog import CATALOG
from reports.service.coverage_words import source_words
from reports.service.places import COUNTED
from reports.service.served import ON_FOOT, STRAIGHT
from reports.siting.candidates import GROUNDS
from reports.siting.models import MODELS
from reports.siting.siting import Siting

HEURISTIC = Text("启发式，未证明最优", "heuristic, not proven")
OPTIMAL = Text("已证明最优", "proven best")
INFEASIBLE = Text("无解", "cannot be had")
STATUS = {"optimal": OPTIMAL, "heuristic": HEURISTIC, "infeasible": INFEASIBLE}
SUM = Text(
    "{model}：新建 {n} 处{layer}，{way} {m:g} m 内得到服务的{who}由 {before} 增至 {after}，共 {known}。",
    "{model}, {layer}, {n} new: {who} served within {m:g} m ({way}) rise from {before} to {after}, of {known}.",
)
PROOF = Text("{status}，差距 {gap}。", "{status}, gap {gap}.")
BEYOND = Text(
    "任何候选点都够不着：{n} 处，{p} {who}。先解决这些，再谈选址。",
    "Out of reach of every candidate: {n} places with {p} {who}. No choice of sites helps them.",
)
UNKNOWN = Text(
    "{n} 处的距离无法判断（在数据范围之外或离街巷太远），不计入。",
    "Of {n} places the distance cannot be known (outside the data or too far from a street); they are left out.",
)
FEWEST = Text("数量不够：至少要新建 {n} 处。", "Too few: at least {n} new ones are needed.")
CANNOT = Text("这样的要求做不到。", "What was asked cannot be had.")
SAID = "{:,.0f}"


def layer_words(found: Siting) -> Text:
    """Name what is built."""
    return CATALOG[found.layer].title if found.layer in CATALOG else found.wants.found.distances.service.title


def way_words(found: Siting) -> Text:
    """Name the way of measuring."""
    return ON_FOOT if found.wants.on_foot else STRAIGHT


def result_words(found: Siting) -> tuple[Text, ...]:
    """Say what was found, those that nothing reaches first."""
    who = COUNTED[found.wants.counted]
    row = found.people().loc[found.wants.counted]
    told = []
    if len(found.uncoverable):
        people = SAID.format(float(found.wants.weight[found.uncoverable].sum()))
        told.append(BEYOND.format(n=f"{len(found.uncoverable):,}", p=people, who=who))
    if found.status == "infeasible":
        parameters = found.meta["parameters"]
        fewest = parameters.get("fewest") if isinstance(parameters, dict) else None
        return (*told, CANNOT if fewest is None else FEWEST.format(n=fewest))
    amounts = {key: SAID.format(row[key]) for key in ("before", "after", "known")}
    told.append(
        SUM.format(
            model=MODELS[found.model].title, n=len(found.chosen), layer=layer_words(found), way=way_words(found),
            m=found.wants.radius_m, who=who, **amounts,
        )
    )  # fmt: skip
    gap = Text.same("0" if found.gap == 0 else f"{100 * found.gap:.2f}%")
    told.append(PROOF.format(status=STATUS[found.status], gap=gap))
    return tuple(told)


def left_out_words(found: Siting) -> tuple[Text, ...]:
    """Say what could not be looked at."""
    unknown = int((~found.wants.known).sum())
    more = (UNKNOWN.format(n=f"{unknown:,}"),) if unknown else ()
    return (*found.candidates.left_out, *more)


def method_words(found: Siting) -> tuple[Text, ...]:
    """Say how it is computed, in plain words."""
    names = [GROUNDS[one] for one in found.candidates.grounds]
    grounds = Text("、".join(one.zh for one in names), ", ".join(one.en for one in names))
    note = found.wants.amount.note
    counted = COUNTED[found.wants.counted]
    return (
        MODELS[found.model].about,
        Text(
            "候选点 {n} 个：{grounds}。现有的都保留，不计入新建数。",
            "{n} candidates: {grounds}. What is there stays open and does not count as new.",
        ).format(n=f"{len(found.candidates.table):,}", grounds=grounds),
        Text("距离：{way}，正好等于限值算服务到。标准：{source}。",
             "Distance: {way}; exactly on the limit is served. Standard: {source}.").format(
            way=way_words(found), source=source_words(found.wants.found.distances)
        ),
        Text("按{counted}计。{note}", "Counted: {counted}. {note}").format(
            counted=counted, note=note if note is not None else Text.same("")
        ),
        Text(
            "由精确求解器（HiGHS）求解，方案和目标值由我们自己再核算一遍；到时限仍未证明的，标为启发式并给出差距。同样好的方案取费用低的，再取候选表中靠前的。",
            "Solved exactly (HiGHS); limits and objective are computed again here. What is not proven in time is called "
            "heuristic, with its gap. Of equal answers the cheaper is taken, then the one first in the list of candidates.",
        ),
    )  # fmt: skip
