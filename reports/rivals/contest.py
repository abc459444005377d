"""What is ranked, ready for several methods: grids, buildings, streets or any other units with their measures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from geo.text import Text, counted, listed
from layers.schema import Grids
from reports.criteria import NORMALISATIONS
from reports.priority import Ranking

NOT_ALL = Text(
    "{what}：有值的排名单位不足 {share}，不进入要求数据齐全的方法；不填补、不估算。",
    "Left out of the methods that need every value, since fewer than {share} of the ranked units have one: {what}. "
    "Nothing is filled in.",
)
LACKING = Text(
    "{n} 个单位仍缺数据，在这些方法中没有名次：{what}。",
    "Without a rank in those methods, since a value is missing: {n} ({what}).",
)
NAMED = 6
"""Units that are named one by one; of more the number is told."""


@dataclass(frozen=True)
class Contest:
    """Units that are ranked by the same criteria.

    Attributes:
        names: name by unit id, the ranked units only.
        measures: values by unit id and criterion, in the units of the criteria, NaN where unknown.
        needs: the same put between 0 (best) and 1 (worst) as the weighted sum does it.
        weights: share by criterion, adding up to 1; all above 0.
        high_first: by criterion, whether a high measure speaks for an early rank.
        posts: best and worst goalpost of each criterion, columns ``best`` and ``worst``; PROMETHEE's thresholds are
            shares of the width between them.
        titles: words by criterion.
        rules: numbers of policy.
        normalisation: how the needs were made, in words.
        seed: of everything that is drawn.
    """

    names: pd.Series = field(repr=False)
    measures: pd.DataFrame = field(repr=False)
    needs: pd.DataFrame = field(repr=False)
    weights: pd.Series
    high_first: pd.Series = field(repr=False)
    posts: pd.DataFrame = field(repr=False)
    titles: Mapping[str, Text] = field(repr=False)
    rules: Mapping[str, float] = field(repr=False)
    normalisation: Text
    seed: int

    @property
    def ids(self) -> pd.Index:
        """Ids of the units."""
        return self.names.index

    @property
    def keys(self) -> list[str]:
        """Keys of the criteria."""
        return [str(key) for key in self.weights.index]

    @cached_property
    def full(self) -> "Full":
        """The part without a gap, for methods that compare all with all."""
        return full_of(self)


@dataclass(frozen=True)
class Full:
    """Units and criteria without an unknown value, and what was left out for that.

    ``complete`` says whether nothing was left out; ``notices`` tell what was.
    """

    measures: pd.DataFrame = field(repr=False)
    criteria_out: tuple[str, ...]
    units_out: tuple[str, ...]
    notices: tuple[Text, ...]

    @property
    def complete(self) -> bool:
        """Whether every unit and every criterion takes part."""
        return not self.criteria_out and not self.units_out


def contest_of(ranking: Ranking) -> Contest:
    """Give the ranked grids and the criteria that have data and a weight."""
    keys = [c.key for c in ranking.used]
    ids = ranking.grids.index[ranking.grids["enough_data"]]
    weights = pd.Series({c.key: c.weight for c in ranking.used}, dtype=float)
    return Contest(
        ranking.grids.loc[ids, Grids.name].astype(str),
        ranking.measures.table.loc[ids, keys],
        ranking.utility.loc[ids, keys],
        weights / weights.sum(),
        pd.Series({c.key: c.worse == "high" for c in ranking.used}, dtype=bool),
        pd.DataFrame({c.key: (c.best, c.worst) for c in ranking.used}, index=["best", "worst"], dtype=float).T,
        {c.key: c.title for c in ranking.used},
        ranking.measures.policy,
        NORMALISATIONS[ranking.criteria.normalisation],
        ranking.seed,
    )


def full_of(contest: Contest) -> Full:
    """Leave out the criteria that too few units know, then the units that still lack one."""
    known = contest.measures.notna()
    share = contest.rules["full_matrix_known_share"]
    kept = [key for key in contest.keys if len(known) and known[key].mean() >= share]
    whole = known[kept].all(axis=1) if kept else pd.Series(data=False, index=contest.ids)
    out = tuple(key for key in contest.keys if key not in kept)
    absent = tuple(str(one) for one in contest.ids[~whole.to_numpy(dtype=bool)])
    notices = []
    if out:
        notices.append(NOT_ALL.format(what=listed([contest.titles[key] for key in out]), share=f"{share:.0%}"))
    if absent and kept:
        notices.append(_lacking(contest, absent))
    return Full(contest.measures.loc[whole.to_numpy(dtype=bool), kept], out, absent, tuple(notices))


def _lacking(contest: Contest, absent: tuple[str, ...]) -> Text:
    names = listed([Text.same(contest.names[one]) for one in absent[:NAMED]])
    if len(absent) > NAMED:
        more = len(absent) - NAMED
        names = Text(f"{names.zh}等", f"{names.en} and {more:,} more")
    return LACKING.format(n=Text(f"{len(absent):,}", counted(len(absent), "unit", "units")), what=names)


def known_share(contest: Contest) -> np.ndarray:
    """Share of the weight whose values each unit knows, shape (n,)."""
    return np.asarray(contest.measures.notna().to_numpy() @ contest.weights.to_numpy())
