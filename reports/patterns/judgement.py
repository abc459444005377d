"""Which grids stand out, and which only seem to: rates with intervals, drawn together, tested, adjusted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import pandas as pd

from geo.pattern.autocorrelation import Autocorrelation, geary, moran
from geo.pattern.contiguity import contiguity
from geo.pattern.hotspots import gi_star, local_moran
from geo.pattern.neighbours import Neighbours
from geo.pattern.rates import empirical_bayes, empirical_bayes_local, rate_interval
from layers import Workspace
from layers.schema import Grids
from layers.standards import policy
from reports.patterns.asked import Asked
from reports.patterns.counting import FACTOR, Counted, counted

HEATS = ("hot", "cold")
OUTLIERS = ("HL", "LH")


@dataclass(frozen=True)
class Pattern:
    """The grids of one level, judged.

    ``grids`` is indexed by grid id:

    - ``name``, ``events`` (issues; NaN where not covered), ``base`` (denominator; NaN if unknown or too small);
    - ``raw``, ``low``, ``high``: rate with its exact 95 % interval, per ``FACTOR`` of the denominator;
    - ``smoothed`` and ``local``: empirical Bayes, towards all grids and towards the neighbours;
    - ``z``, ``p``, ``q``, ``heat``: Gi* of the smoothed rate, "hot" or "cold" where q is small enough, else "";
    - ``quadrant``, ``local_p``, ``local_q``, ``outlier``: local Moran, its class where q is small enough, else "";
    - ``verdict``: a key of ``reports.patterns.words.VERDICTS``; ``is_small``: fewer events than a rate should have.

    With fewer grids than the policy asks for (``described_only``) nothing from ``z`` on is told.
    """

    counts: Counted = field(repr=False)
    grids: pd.DataFrame = field(repr=False)
    moran: Autocorrelation
    geary: Autocorrelation
    neighbours: Neighbours = field(repr=False)
    described_only: bool
    rules: Mapping[str, float] = field(repr=False)

    @property
    def ws(self) -> Workspace:
        """The workspace."""
        return self.counts.ws

    @property
    def asked(self) -> Asked:
        """What was asked."""
        return self.counts.asked

    @property
    def islands(self) -> list[str]:
        """Ids of the grids with a rate that have no neighbour with a rate."""
        known = np.flatnonzero(self.counts.known)
        alone = self.neighbours.among(self.counts.known).islands
        return [str(one) for one in self.grids.index[known[alone]]]


def hot_spots(ws: Workspace, asked: Asked | None = None) -> Pattern:
    """Judge the grids of a level by the issues that are asked for (None: all reported ones per 100 households).

    Raises:
        DataError: no issues, no grids, no such level or no such type.
    """
    counts = counted(ws, asked or Asked())
    rules = policy(ws.folder)
    around = contiguity(counts.grids.geometry.to_numpy())
    table = _rates(counts, around)
    judged = np.where(counts.known, table["smoothed" if counts.asked.per != "none" else "raw"], np.nan)
    many = int(counts.known.sum())
    few_grids = many < rules["pattern_min_grids"]
    deals = int(rules["pattern_permutations"])
    seed = counts.asked.seed
    table = table.join(_untested(table.index) if few_grids else _tested(judged, around, counts, rules))
    table["is_small"] = (counts.events < rules["small_number_events"]) & counts.known
    table["verdict"] = _verdicts(table, counts, few_grids=few_grids)
    return Pattern(
        counts, table, moran(judged, around, permutations=deals, seed=seed),
        geary(judged, around, permutations=deals, seed=seed), around, few_grids, MappingProxyType(dict(rules)),
    )  # fmt: skip


def _rates(counts: Counted, around: Neighbours) -> pd.DataFrame:
    factor = FACTOR[counts.asked.per]
    base = np.where(np.isfinite(counts.base), counts.base, np.nan)
    all_grids = empirical_bayes(counts.events, base)
    nearby = empirical_bayes_local(counts.events, base, around)
    low, high = rate_interval(counts.events, base)
    columns = {
        "events": counts.events, "base": base, "raw": factor * all_grids.raw, "low": factor * low,
        "high": factor * high, "smoothed": factor * all_grids.rate, "local": factor * nearby.rate,
    }  # fmt: skip
    names = counts.grids[Grids.name]
    return pd.DataFrame({"name": names, **columns}, index=counts.grids.index)


def _tested(values: np.ndarray, around: Neighbours, counts: Counted, rules: Mapping[str, float]) -> pd.DataFrame:
    heat = gi_star(values, around)
    like = local_moran(values, around, permutations=int(rules["pattern_permutations"]), seed=counts.asked.seed)
    alone = np.zeros(len(values), dtype=bool)
    alone[heat.islands] = True
    clear = (heat.q <= rules["pattern_fdr"]) & ~alone
    columns = {
        "z": heat.z, "p": heat.p, "q": heat.q,
        "heat": np.where(clear, np.where(heat.z > 0, "hot", "cold"), ""),
        "quadrant": like.quadrant, "local_moran": like.value, "local_p": like.p, "local_q": like.q,
        "outlier": np.where(like.q <= rules["pattern_fdr"], like.quadrant, ""),
    }  # fmt: skip
    return pd.DataFrame(columns, index=counts.grids.index)


def _untested(index: pd.Index) -> pd.DataFrame:
    numbers = dict.fromkeys(("z", "p", "q", "local_moran", "local_p", "local_q"), np.nan)
    table = pd.DataFrame({**numbers, "heat": "", "quadrant": "", "outlier": ""}, index=index)
    return table[["z", "p", "q", "heat", "quadrant", "local_moran", "local_p", "local_q", "outlier"]]


def _verdicts(table: pd.DataFrame, counts: Counted, *, few_grids: bool) -> np.ndarray:
    """Key of the verdict of each grid; an outlier says more than a hot spot that it may lie in."""
    found = np.full(len(table), "like_others", dtype=object)
    if few_grids:
        found[:] = "described"
    for heat in HEATS:
        found[table["heat"] == heat] = heat
    for kind in OUTLIERS:
        found[(table["outlier"] == kind) & (table["heat"] == "")] = kind
    found[~counts.known] = "no_rate"
    found[counts.few] = "few_people"
    found[~np.isfinite(counts.events)] = "not_covered"
    return found
