import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo.errors import CriteriaError
from geo.mcda.promethee import Preference, promethee2
from geo.mcda.topsis import topsis
from geo.mcda.vikor import vikor

HIGH = [True, False, True]
USUAL = [Preference()] * 3
tables = st.integers(2, 9).flatmap(lambda n: arrays(float, (n, 3), elements=st.integers(0, 9).map(float)))
METHODS = {
    "vector": lambda table, weights: topsis(table, weights, HIGH, normalisation="vector"),
    "minmax": lambda table, weights: topsis(table, weights, HIGH, normalisation="minmax"),
    "vikor": lambda table, weights: vikor(table, weights, HIGH),
    "promethee2": lambda table, weights: promethee2(table, weights, HIGH, preferences=USUAL),
}
FIGURE = {"vector": "closeness", "minmax": "closeness", "vikor": "compromise", "promethee2": "net"}


@pytest.mark.parametrize("name", METHODS)
@settings(deadline=None, max_examples=40)
@given(table=tables, chance=st.randoms(use_true_random=False))
def test_order_of_rows_units_and_scale_of_weights_do_not_matter(name: str, table: np.ndarray, chance: object) -> None:
    order = np.argsort([chance.random() for _ in table])  # type: ignore[attr-defined]
    found = METHODS[name](table, [3, 2, 1])
    other = METHODS[name](table[order] * [1000, 0.01, 7], [0.3, 0.2, 0.1])
    value = getattr(found, FIGURE[name])
    assert getattr(other, FIGURE[name]) == pytest.approx(value[order], abs=1e-9, nan_ok=True)
    if name == "vikor":
        assert set(order[list(other.compromise_set)]) == set(found.compromise_set)
        assert (found.advantage, found.stability) == (other.advantage, other.stability)


@pytest.mark.parametrize("name", METHODS)
def test_unknown_rows_constant_columns_and_zero_weights(name: str) -> None:
    table = np.array([[1, 4, 7], [np.nan, 1, 7], [3, 2, 7], [2, 2, 7]], dtype=float)
    found = METHODS[name](table, [1, 1, 1])
    assert np.isnan(found.rank).tolist() == [False, True, False, False]
    assert found.rank[2] == 1
    assert [one.column for one in found.notices] == [2]
    assert "1 row with an unknown" in str(found.meta["warnings"])
    assert "criterion 3" in str(found.meta["warnings"])
    unweighted = METHODS[name](np.where(table == 7, np.nan, table), [1, 1, 0])
    assert unweighted.rank.tolist() == pytest.approx(found.rank.tolist(), nan_ok=True)
    assert "weights" in found.meta["parameters"]  # type: ignore[operator]


@pytest.mark.parametrize("name", METHODS)
def test_all_alike_none_and_one(name: str) -> None:
    for table in (np.ones((3, 3)), np.ones((1, 3)), np.empty((0, 3)), np.full((2, 3), np.nan)):
        found = METHODS[name](table, [1, 1, 1])
        assert len(found.rank) == len(table)
        assert found.rank[~np.isnan(found.rank)].tolist() in ([], [1] * len(table))
        assert "nothing to rank" in str(found.meta["warnings"])


@pytest.mark.parametrize("name", METHODS)
def test_faults(name: str) -> None:
    with pytest.raises(CriteriaError):
        METHODS[name]([[1, 2, np.inf]], [1, 1, 1])
    with pytest.raises(CriteriaError):
        METHODS[name]([[1, 2, 3]], [1, -1, 1])
    with pytest.raises(ValueError, match="weights"):
        METHODS[name]([[1, 2, 3]], [1, 1])


def test_topsis_by_hand_and_the_normalisation_is_told() -> None:
    # Columns over 5 and over 13: (0.6, 0.8), (5/13, 12/13), the second counts low.
    found = topsis([[3, 5], [4, 12]], [1, 1], [True, False], normalisation="vector")
    assert found.to_best == pytest.approx([0.1, 0.5 * 7 / 13])
    assert found.to_worst == pytest.approx([0.5 * 7 / 13, 0.1])
    assert found.closeness == pytest.approx([(3.5 / 13) / (0.1 + 3.5 / 13), 0.1 / (0.1 + 3.5 / 13)])
    assert found.meta["parameters"]["normalisation"] == "vector"  # type: ignore[index]
    with pytest.raises(TypeError):
        topsis([[3, 5]], [1, 1], [True, False])  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="normalisation"):
        topsis([[3, 5]], [1, 1], [True, False], normalisation="sum")  # type: ignore[arg-type]


def test_vikor_by_hand_ties_and_tests() -> None:
    # Three in a row: S = R-like steps of a half, DQ = 1/2: the first is ahead by exactly enough.
    steps = vikor([[2], [1], [0]], [1], [True])
    assert steps.compromise.tolist() == [0, 0.5, 1]
    assert (steps.advantage, steps.stability, steps.compromise_set) == (True, True, (0,))
    level = vikor([[1, 0], [0, 1], [0, 0]], [1, 1], [True, True])
    assert level.compromise.tolist() == pytest.approx([0, 0, 0.5])  # all regret as much
    assert (level.advantage, level.compromise_set) == (False, (0, 1))
    assert level.rank.tolist() == [1, 1, 3]
    alike = vikor([[1, 2], [1, 2]], [1, 1], [True, True])
    assert alike.compromise.tolist() == [0, 0]
    assert alike.compromise_set == (0, 1)
    with pytest.raises(ValueError, match="majority"):
        vikor([[1], [2]], [1], [True], majority=2)


def test_vikor_second_joins_if_the_first_is_not_stable() -> None:
    # Row 2 leads by Q with 0.23, more than 1/5, but row 1 has the smallest sum and row 3 the smallest regret.
    table = [[5, 2, 4, 6, 0], [9, 4, 9, 7, 0], [8, 5, 8, 6, 2], [7, 2, 3, 5, 3], [9, 0, 3, 0, 7], [5, 1, 0, 7, 2]]
    found = vikor(table, [1] * 5, [True] * 5)
    assert (found.advantage, found.stability, found.compromise_set) == (True, False, (2, 3))
    assert (np.argmin(found.group), np.argmin(found.regret), np.argmin(found.compromise)) == (1, 3, 2)


@pytest.mark.parametrize(
    ("how", "wins"),
    [
        (Preference("usual"), [1, 1, 1, 1]),
        (Preference("u-shape", q=2), [0, 0, 1, 1]),
        (Preference("v-shape", p=4), [0.25, 0.5, 0.75, 1]),
        (Preference("level", q=1, p=3), [0, 0.5, 0.5, 1]),
        (Preference("linear", q=1, p=3), [0, 0.5, 1, 1]),
        (Preference("gaussian", s=2), [1 - np.exp(-(d**2) / 8) for d in (1, 2, 3, 4)]),
    ],
)
def test_six_preference_functions(how: Preference, wins: list[float]) -> None:
    found = promethee2([[0], [1], [2], [3], [4]], [1], [False], preferences=[how])
    assert found.preference[0, 1:] == pytest.approx(wins)
    assert (np.tril(found.preference) == 0).all()
    assert found.net.sum() == pytest.approx(0)


def test_thresholds_are_reached_in_spite_of_rounding_and_wrong_ones_refused() -> None:
    found = promethee2([[0.3], [0.2]], [1], [True], preferences=[Preference("u-shape", q=0.1)])
    assert found.preference.tolist() == [[0, 0], [0, 0]]
    for wrong in (
        Preference("linear", q=2, p=1),
        Preference("gaussian"),
        Preference("v-shape"),
        Preference("u-shape", q=-1),
    ):
        with pytest.raises(CriteriaError):
            promethee2([[1], [2]], [1], [True], preferences=[wrong])
    with pytest.raises(CriteriaError):
        promethee2([[1], [2]], [1], [True], preferences=[Preference("other")])  # type: ignore[arg-type]


@settings(deadline=None, max_examples=40)
@given(tables)
def test_flows_are_linear_in_the_weights_and_add_up_to_nothing(table: np.ndarray) -> None:
    found = promethee2(table, [3, 2, 1], HIGH, preferences=[Preference("linear", q=1, p=4)] * 3)
    assert found.by_criterion @ np.array([3, 2, 1]) / 6 == pytest.approx(found.net, abs=1e-12)
    assert found.net.sum() == pytest.approx(0, abs=1e-12)
