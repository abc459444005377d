"""Methods as functions of the weights give what the methods give; doubtful numbers are drawn as they should be."""

import numpy as np
import pytest

import geo
from geo.mcda.promethee import Preference
from geo.robust.doubt import drawn_factors, drawn_rates, drawn_shares
from geo.robust.draws import Scorer, drawn_weights, ranks_under
from geo.robust.methods import promethee_scorer, topsis_scorer, vikor_scorer
from geo.robust.sorting import ranks_of

HIGH = [True, False, True, True]
HOW = [Preference("linear", q=0.05, p=0.4)] * 4


def sample() -> np.ndarray:
    rng = np.random.default_rng(8)
    matrix = rng.random((15, 4))
    matrix[4, 1] = np.nan
    matrix[:, 3] = 0.3  # constant
    matrix[7] = matrix[9]
    return matrix


def methods(matrix: np.ndarray, weights: np.ndarray) -> dict[str, np.ndarray]:
    """Scores, the highest first."""
    return {
        "vector": geo.topsis(matrix, weights, HIGH, normalisation="vector").closeness,
        "minmax": geo.topsis(matrix, weights, HIGH, normalisation="minmax").closeness,
        "vikor": -geo.vikor(matrix, weights, HIGH, majority=0.3).compromise,
        "promethee": geo.promethee2(matrix, weights, HIGH, preferences=HOW).net,
    }


def scorers(matrix: np.ndarray, weights: np.ndarray) -> dict[str, Scorer]:
    return {
        "vector": topsis_scorer(matrix, weights, HIGH, normalisation="vector"),
        "minmax": topsis_scorer(matrix, weights, HIGH, normalisation="minmax"),
        "vikor": vikor_scorer(matrix, weights, HIGH, majority=0.3),
        "promethee": promethee_scorer(matrix, weights, HIGH, preferences=HOW),
    }


@pytest.mark.parametrize("name", ["vector", "minmax", "vikor", "promethee"])
def test_each_draw_ranks_like_the_method(name: str) -> None:
    matrix, panel = sample(), np.array([0.4, 0.3, 0.2, 0.1])
    drawn = drawn_weights(panel, draws=20, seed=4, concentration=30)
    ranks = ranks_under(scorers(matrix, panel)[name], drawn)
    for weights, ranked in zip(drawn, ranks, strict=True):
        wanted = geo.ranks_min(methods(matrix, weights)[name])
        assert np.nan_to_num(wanted).tolist() == ranked.tolist()
    assert (ranks[:, 4] == 0).all()
    assert (ranks[:, 7] == ranks[:, 9]).all()


def test_nothing_separates_means_no_rank() -> None:
    found = topsis_scorer(np.ones((3, 2)), [1, 1], [True, True], normalisation="vector")
    assert (ranks_under(found, drawn_weights([1, 1], draws=4, seed=1)) == 0).all()


def test_ranks_of_lists_longer_than_a_block_with_ties() -> None:
    rng = np.random.default_rng(2)
    scores = np.round(rng.normal(size=(150, 33)), 1)
    ranks = ranks_of(lambda some: scores[some].copy(), 150, 33, largest=9.0)
    assert ranks.T.tolist() == [geo.ranks_min(one).astype(int).tolist() for one in scores]
    assert ranks_of(lambda some: scores[some, :0], 5, 0).shape == (0, 5)


def test_weights_anywhere_and_around() -> None:
    anywhere = drawn_weights([3, 1, 0], draws=4000, seed=1)
    assert anywhere.mean(axis=0) == pytest.approx([0.5, 0.5, 0], abs=0.02)
    around = drawn_weights([3, 1, 0], draws=4000, seed=1, concentration=100)
    assert around.mean(axis=0) == pytest.approx([0.75, 0.25, 0], abs=0.01)
    with pytest.raises(ValueError, match="draws"):
        drawn_weights([1], draws=0, seed=1)


def test_small_counts_are_doubted_more() -> None:
    rates = drawn_rates([0, 4, 400, np.nan], 20_000, np.random.default_rng(1))
    assert rates[:, :3].mean(axis=0) == pytest.approx([0.5, 4.5, 400.5], rel=0.03)
    assert rates[:, :3].std(axis=0) == pytest.approx(np.sqrt([0.5, 4.5, 400.5]), rel=0.05)
    assert np.isnan(rates[:, 3]).all()
    shares = drawn_shares([1, 0, 0], [2, 50, 0], 20_000, np.random.default_rng(1))
    assert shares[:, :2].mean(axis=0) == pytest.approx([0.5, 0.5 / 51], rel=0.05)
    assert np.isnan(shares[:, 2]).all()


def test_a_qualifier_says_on_which_side_the_amount_lies() -> None:
    spreads = {"approx": 0.1, "gt": 0.2, "lt": 0.3}
    found = drawn_factors(["eq", None, "approx", "gt", "lt"], 5000, np.random.default_rng(1), spreads=spreads)
    assert (found[:, :2] == 1).all()
    assert found.min(axis=0)[2:] == pytest.approx([0.9, 1.0, 0.7], abs=0.002)
    assert found.max(axis=0)[2:] == pytest.approx([1.1, 1.2, 1.0], abs=0.002)
    with pytest.raises(ValueError, match="lt"):
        drawn_factors(["eq"], 1, np.random.default_rng(1), spreads={"approx": 0.1, "gt": 0.2})
