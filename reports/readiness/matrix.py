"""Need and readiness as two axes: four quarters with what follows from each, and the grids that nobody can judge."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.pattern.told import Meta, told
from geo.text import Text
from reports.priority import Ranking
from reports.readiness.conditions import APART, CONDITIONS, RULE, Readiness, ready

QUADRANTS: Mapping[str, Text] = {
    "start": Text("先做：需求高、条件成熟", "start: high need, ready"),
    "prepare": Text("先促成条件：需求高、条件不足", "prepare: high need, not ready"),
    "along": Text("可顺带做：需求较低、条件成熟", "along the way: lower need, ready"),
    "later": Text("暂缓：需求较低、条件不足", "later: lower need, not ready"),
    "unknown": Text("条件未知", "readiness unknown"),
}
CONSENT_FIRST = Text(
    "改造意愿未达到的网格一律归入条件不足，其他条件不能代替业主表决",
    "a grid whose owners have not agreed counts as not ready, nothing else stands in for their vote",
)
MET, NOT_MET, UNKNOWN = Text("具备", "met"), Text("不具备", "not met"), Text("未知", "unknown")


@dataclass(frozen=True)
class Matrix:
    """Need against readiness.

    ``grids`` is by grid id, in the order of need: the columns of ``Readiness.grids`` with ``rank``, ``score`` and
    ``quadrant`` (a key of ``QUADRANTS``). Grids without a rank are left out. ``need_from`` is the score and
    ``ready_from`` the percent from which a grid counts as high; the quarters meet there.
    """

    grids: pd.DataFrame
    need_from: float
    ready_from: float
    readiness: Readiness
    meta: Meta


def need_and_readiness(ranking: Ranking) -> Matrix:
    """Lay the need of a ranking beside the readiness of its grids; neither counts in the other."""
    found, rules = ready(ranking.ws, ranking.level), ranking.measures.policy
    order = ranking.ordered()
    order = order[order["enough_data"]]
    table = found.grids.loc[order.index].assign(rank=order["rank"].astype(int), score=order["score"])
    scores = table["score"].to_numpy()
    need_from = float(np.percentile(scores, rules["matrix_need_percentile"])) if len(scores) else float("nan")
    ready_from = rules["readiness_high_percent"]
    refused = table["consent_met"].eq(other=False).fillna(value=False).to_numpy(dtype=bool)
    high, is_ready = scores >= need_from, (table["readiness_percent"].to_numpy() >= ready_from) & ~refused
    names = np.where(high, np.where(is_ready, "start", "prepare"), np.where(is_ready, "along", "later"))
    quadrant = np.where(table["readiness_percent"].isna(), "unknown", names)
    meta = told(
        "need_and_readiness", source=str(found.meta["source"]), conventions=[RULE, APART, CONSENT_FIRST], seed=ranking.seed,
        need_from=need_from, ready_from=ready_from,
    )  # fmt: skip
    return Matrix(table.assign(quadrant=quadrant), need_from, ready_from, found, meta)


def met_words(value: object) -> Text:
    """Say whether a condition is met."""
    if pd.isna(value):  # type: ignore[call-overload]
        return UNKNOWN
    return MET if value else NOT_MET


def matrix_table(matrix: Matrix, lang: str) -> pd.DataFrame:
    """Give the matrix in words: rank, name, score, readiness_percent, known ("2/4"), quadrant, and each condition."""
    table = matrix.grids
    known = [f"{met}/{of}" for met, of in zip(table["met"], table["known"], strict=True)]
    words = {
        "rank": table["rank"],
        "name": table["name"],
        "score": table["score"],
        "readiness_percent": table["readiness_percent"],
        "known": known,
        "quadrant": [QUADRANTS[one].in_(lang) for one in table["quadrant"]],
        **{key: [met_words(one).in_(lang) for one in table[f"{key}_met"]] for key in CONDITIONS},
    }
    return pd.DataFrame(words, index=table.index)


def matrix_chart(matrix: Matrix, lang: str) -> pd.DataFrame:
    """Give the points of a chart of the grids whose readiness is known, with both dividing lines in every row.

    Grids of the same place are drawn apart by their label only: rank, name, score, readiness_percent, known, quadrant,
    need_from and ready_from.
    """
    table = matrix_table(matrix, lang)[["rank", "name", "score", "readiness_percent", "known", "quadrant"]]
    table = table[table["readiness_percent"].notna()]
    return table.assign(need_from=matrix.need_from, ready_from=matrix.ready_from).reset_index(drop=True)
