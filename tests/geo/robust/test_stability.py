"""The weight at which the leader changes, and what leaving a criterion out does: beside a scan."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import geo
from geo.robust.stability import left_out_one, weight_stability


def at(weights: np.ndarray, column: int, share: float) -> np.ndarray:
    """The other weights keep their proportions."""
    others = np.delete(weights, column)
    return np.insert(others / others.sum() * (1 - share), column, share)


@settings(deadline=None, max_examples=30)
@given(st.integers(2, 8), st.integers(2, 5), st.integers(0, 999), st.sampled_from([0.0, 0.25]))
def test_the_leader_leads_inside_and_no_longer_beyond(n: int, m: int, seed: int, missing: float) -> None:
    rng = np.random.default_rng(seed)
    utility, weights = rng.random((n, m)), rng.random(m) + 0.1
    utility[rng.random((n, m)) < missing] = np.nan
    utility[:, 0] = np.nan_to_num(utility[:, 0], nan=0.5)
    weights /= weights.sum()
    leader = int(np.nanargmax(geo.weighted_parts(utility, weights).score))
    table = weight_stability(utility, weights)
    assert table["weight"].tolist() == pytest.approx(weights.tolist())
    for column, row in table.iterrows():
        for share in np.linspace(row["low"] + 1e-6, row["high"] - 1e-6, 7):
            score = geo.weighted_parts(utility, at(weights, column, min(max(share, 0.0), 1.0))).score
            assert not np.nanmax(score) > score[leader] + 1e-9
        for end, step, successor in ((row["low"], -1e-6, row["next_low"]), (row["high"], 1e-6, row["next_high"])):
            if successor >= 0:
                score = geo.weighted_parts(utility, at(weights, column, end + step)).score
                assert score[int(successor)] > score[leader]
            else:
                assert end in (0.0, 1.0)


def test_by_hand() -> None:
    """A leads by 0.6 to 0.4; with the first weight below a half B does, since A = t and B = 1 - t."""
    table = weight_stability([[1, 0], [0, 1]], [0.6, 0.4])
    assert table.loc[0, ["low", "high"]].tolist() == pytest.approx([0.5, 1.0])
    assert table.loc[1, ["low", "high"]].tolist() == pytest.approx([0.0, 0.5])
    assert table[["next_low", "next_high"]].to_numpy().tolist() == [[1, -1], [-1, 1]]
    none = weight_stability([[1, 0], [0, 1]], [1, 0])
    assert none.loc[1, "low":].isna().tolist() == [True, True, False, False]
    assert none.loc[0, ["low", "high"]].tolist() == [0.0, 1.0]


def test_leaving_one_out() -> None:
    utility, weights = np.array([[1, 0.2, 0.5], [0, 0.9, 0.5], [0.5, 0.5, 0.5]]), [0.5, 0.3, 0.2]
    table = left_out_one(utility, weights, k=1)
    assert table["leader"].tolist() == [1, 0, 0]
    assert table["kendall"].tolist() == pytest.approx([-1, 1, 1])
    assert table["overlap"].tolist() == [0, 1, 1]
    assert table.loc[0, ["mover", "places"]].tolist() == [0, 2]
    assert table["mover"].tolist()[1:] == [-1, -1]
    only = left_out_one(utility[:, :1], [1], k=1)
    assert (only.loc[0, "leader"], only.loc[0, "mover"]) == (-1, -1)
