"""Ranking again under thousands of weights, beside the plain loop and beside another library.

python -m benchmarks.ranks [ROUNDS]   figures for docs/benchmarks.md

CPU seconds, rounds interleaved in one process. The plain loop draws the same weights and has pandas rank each of them;
it is timed on fewer draws and counted up, which is told. pymcdm is no dependency: skipped, and said so, if not installed.
"""

import importlib
import statistics
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
import pandas as pd

from geo.robust import drawn_weights, rank_draws, rank_summary, ranks_under
from geo.robust.methods import topsis_scorer

UNITS, CRITERIA, DRAWS, FEWER = 1_000, 11, 10_000, 500
SEED = 20_150_601


def table(missing: float) -> tuple[np.ndarray, np.ndarray]:
    """Needs of random units, some of them unknown, and weights."""
    draw = np.random.default_rng(SEED)
    needs = draw.random((UNITS, CRITERIA))
    needs[draw.random(needs.shape) < missing] = np.nan
    return needs, np.arange(1.0, CRITERIA + 1)


def quick(needs: np.ndarray, weights: np.ndarray) -> pd.DataFrame:
    """Guatu: intervals and shares of all draws."""
    return rank_summary(rank_draws(needs, weights, draws=DRAWS, seed=SEED, concentration=30.0))


def plain(needs: np.ndarray, weights: np.ndarray, draws: int) -> pd.DataFrame:
    """The loop of a good analyst: one weighted sum and one ranking a draw, percentiles at the end."""
    drawn = np.random.default_rng(SEED).dirichlet(weights / weights.sum() * 30.0, size=DRAWS)[:draws]
    known = ~np.isnan(needs)
    filled = np.where(known, needs, 0.0)
    ranks = np.empty((draws, len(needs)))
    for row, one in enumerate(drawn):
        ranks[row] = pd.Series(filled @ one / (known @ one)).rank(ascending=False, method="min")
    low, high = np.quantile(ranks, 0.05, axis=0, method="lower"), np.quantile(ranks, 0.95, axis=0, method="higher")
    return pd.DataFrame({"low": low, "high": high, "share_top": (ranks <= 5).mean(axis=0)})


def seconds(job: Callable[[], object]) -> float:
    """CPU seconds of a job."""
    start = time.process_time()
    job()
    return time.process_time() - start


def reranked(rounds: int, missing: float) -> None:
    """Time the weighted sum of 1,000 units under 10,000 weights."""
    needs, weights = table(missing)
    few = rank_summary(rank_draws(needs, weights, draws=DRAWS, seed=SEED, concentration=30.0)[:FEWER])
    same = plain(needs, weights, FEWER)
    assert (few[["low", "high"]].astype(float) == same[["low", "high"]]).all(axis=None)
    assert np.allclose(few["share_top"].astype(float), same["share_top"])
    ours, loop = [], []
    for _ in range(rounds):
        ours.append(seconds(lambda: quick(needs, weights)))
        loop.append(seconds(lambda: plain(needs, weights, FEWER)) * DRAWS / FEWER)
    ratio = statistics.median(b / a for a, b in zip(ours, loop, strict=True))
    print(
        f"{UNITS:,} units, {DRAWS:,} draws, {missing:.0%} unknown: {1000 * statistics.median(ours):.0f} ms "
        f"(best {1000 * min(ours):.0f}), plain loop {statistics.median(loop):.1f} s "
        f"(counted up from {FEWER} draws), ratio {ratio:.0f}; the same intervals"
    )


def topsis(rounds: int) -> None:
    """Time TOPSIS under 10,000 weights, beside pymcdm one weighting at a time."""
    needs, weights = table(0.0)
    high = [True] * CRITERIA
    drawn = drawn_weights(weights, draws=DRAWS, seed=SEED, concentration=30.0)
    scorer = topsis_scorer(needs, weights, high, normalisation="vector")
    ours = [seconds(lambda: ranks_under(scorer, drawn)) for _ in range(rounds)]
    print(f"TOPSIS, {UNITS:,} units, {DRAWS:,} draws: {1000 * statistics.median(ours):.0f} ms")
    if find_spec("pymcdm") is None:
        print("skipped: pymcdm is not installed")
        return
    methods, normal = importlib.import_module("pymcdm.methods"), importlib.import_module("pymcdm.normalizations")
    peer = methods.TOPSIS(normal.vector_normalization)
    theirs = seconds(lambda: [peer.rank(peer(needs, one, np.ones(CRITERIA))) for one in drawn[:FEWER]])
    print(f"pymcdm: {theirs * DRAWS / FEWER:.1f} s, ratio {theirs * DRAWS / FEWER / statistics.median(ours):.0f}")


def main() -> None:
    """Run all; the first argument is the number of rounds."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    for missing in (0.0, 0.1):
        reranked(rounds, missing)
    topsis(rounds)


if __name__ == "__main__":
    main()
