"""Several sets of weights side by side: whose weights put which grid where, and how far they agree."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from geo.mcda.agreement import rank_correlation, top_overlap
from geo.pattern.told import Meta, told
from geo.text import Text
from layers.schema import Grids
from reports.panel.presets import presets
from reports.panel.sheets import Sheet, latest, stored_sheets
from reports.panel.weights import faults_of, panel, panel_criteria
from reports.priority import FIRST, Ranking

CHOSEN = Text("现用权重", "weights in use")
ALL_SHEETS = Text("全部判断表", "all sheets")
NOT_AVERAGED = Text("各套权重的名次并列展示，不取平均", "ranks of the sets stand side by side and are not averaged")


class WeightSet(NamedTuple):
    """Weights with a name: of a group of people, of a publication, or those in use."""

    key: str
    title: Text
    weights: Mapping[str, float]


class Compared(NamedTuple):
    """Ranks by several sets.

    ``ranks`` by grid id has the rank of each set by its key (null without one), ``name`` and ``spread`` (the last less
    the first of its ranks). ``agreement`` has a row a pair of sets: ``first``, ``second``, ``kendall`` (tau-b) and
    ``overlap`` (share of the first places in common).
    """

    sets: tuple[WeightSet, ...]
    ranks: pd.DataFrame
    agreement: pd.DataFrame
    meta: Meta


def known_sets(ranking: Ranking) -> dict[str, WeightSet]:
    """Give all sets that a workspace offers: those in use, each role of its sheets, all sheets, publications.

    A role without any sheet that can be used is not offered; ``Panel.left_out`` says why.

    Raises:
        CriteriaError: a sheet of the workspace cannot be used.
    """
    folder, keys = ranking.ws.folder, [one.key for one in ranking.criteria.items]
    found = {"chosen": WeightSet("chosen", CHOSEN, {one.key: one.weight for one in ranking.criteria.items})}
    sheets = latest(stored_sheets(folder))
    roles = {one.role for one in sheets.values() if one.role}
    groups: dict[str, tuple[Text, dict[str, Sheet]]] = {
        f"role:{role}": (Text.same(role), {k: v for k, v in sheets.items() if v.role == role}) for role in sorted(roles)
    }
    if sheets:
        groups["sheets"] = (ALL_SHEETS, sheets)
    for key, (title, some) in groups.items():
        if any(not faults_of(one, keys, folder) for one in some.values()):
            found[key] = WeightSet(key, title, panel(some, keys, folder).weights)
    found |= {key: WeightSet(key, one.title, one.weights) for key, one in presets(folder).items()}
    return found


def compared_sets(ranking: Ranking, sets: Sequence[WeightSet], *, first: int = FIRST) -> Compared:
    """Rank by each of several sets of weights.

    Args:
        ranking: gives the measures, goalposts and draws.
        sets: at least one.
        first: how many first places the overlap looks at.

    Raises:
        CriteriaError: a set without any weight on a measure of the ranking.
    """
    rankings = {one.key: ranking.reweighed(_weights(ranking, one)) for one in sets}
    ranks = pd.DataFrame({key: one.grids["rank"].astype("Int64") for key, one in rankings.items()})
    spread = ranks.max(axis=1) - ranks.min(axis=1)
    table = ranks.assign(name=ranking.grids[Grids.name], spread=spread)
    rows = [
        {
            "first": a.key,
            "second": b.key,
            "kendall": rank_correlation(rankings[a.key].total, rankings[b.key].total).kendall,
            "overlap": top_overlap(rankings[a.key].total, rankings[b.key].total, first).share,
        }
        for at, a in enumerate(sets)
        for b in sets[at + 1 :]
    ]
    meta = told(
        "weight_sets",
        source="Kendall 1945",
        conventions=[NOT_AVERAGED],
        seed=ranking.seed,
        first=first,
        normalisation=ranking.criteria.normalisation,
    )
    agreement = pd.DataFrame(rows, columns=["first", "second", "kendall", "overlap"])
    return Compared(tuple(sets), table.sort_values(sets[0].key, kind="stable"), agreement, meta)


def _weights(ranking: Ranking, one: WeightSet) -> dict[str, float]:
    return {item.key: item.weight for item in panel_criteria(ranking.criteria, one.weights).items}
