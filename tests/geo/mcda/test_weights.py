import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo.errors import CriteriaError
from geo.mcda.weights import ahp, critic_weights, entropy_weights, group_matrix
from geo.text import Text

tables = st.tuples(st.integers(2, 9), st.integers(2, 5)).flatmap(
    lambda shape: arrays(float, shape, elements=st.integers(0, 50).map(float))
)


def reciprocal(upper: list[float]) -> np.ndarray:
    size = int((1 + np.sqrt(1 + 8 * len(upper))) / 2)
    matrix = np.ones((size, size))
    matrix[np.triu_indices(size, 1)] = upper
    return np.triu(matrix) + np.tril(1 / matrix.T, -1)


def test_a_contradiction_is_named() -> None:
    found = ahp(reciprocal([2, 1 / 8, 4]), names=[Text("甲", "A"), Text("乙", "B"), Text("丙", "C")])
    assert found.consistent is False
    assert found.worst is not None
    assert found.worst[:3] == (0, 1, 2)
    assert found.worst.direct == pytest.approx(1 / 8)
    assert found.worst.implied == pytest.approx(8)
    assert found.worst.factor == pytest.approx(64)
    (said,) = found.meta["warnings"]  # type: ignore[misc]
    assert "A to C was said to be 0.125, by way of B it would be 8" in said.en
    assert "甲、乙、丙" in said.zh


def test_worst_triad_is_found_where_it_was_put() -> None:
    weights = np.array([8.0, 5.0, 3.0, 2.0, 1.0])
    matrix = weights[:, np.newaxis] / weights
    matrix[1, 4], matrix[4, 1] = 1 / 9, 9
    found = ahp(matrix)
    assert found.worst is not None
    assert {1, 4} <= set(found.worst[:3])
    assert found.ratio > 0.1


def test_one_two_and_eleven_criteria() -> None:
    assert ahp([[1]]).weights.tolist() == [1]
    two = ahp(reciprocal([3]))
    assert two.weights == pytest.approx([0.75, 0.25])
    assert (two.ratio, two.consistent, two.worst) == (0, True, None)
    eleven = ahp(np.ones((11, 11)))
    assert np.isnan(eleven.ratio)
    assert eleven.consistent is None
    assert "unknown" in str(eleven.meta["warnings"])


@pytest.mark.parametrize(
    "wrong",
    [[[1, 2], [2, 1]], [[1, -2], [-0.5, 1]], [[2, 1], [1, 1]], [[1, np.nan], [1, 1]], [[1, 2, 3]], [[1, 0], [0, 1]]],
)
def test_matrices_that_are_no_comparisons_are_refused(wrong: list[list[float]]) -> None:
    with pytest.raises(CriteriaError):
        ahp(wrong)


def test_a_group_is_the_geometric_mean_and_stays_reciprocal() -> None:
    joined = group_matrix([reciprocal([2]), reciprocal([8])])
    assert joined == pytest.approx(reciprocal([4]))
    opposed = group_matrix([reciprocal([3, 5, 2]), reciprocal([1 / 3, 1 / 5, 1 / 2])])
    assert ahp(opposed).weights == pytest.approx([1 / 3] * 3)
    with pytest.raises(CriteriaError):
        group_matrix([np.ones((2, 2)), np.ones((3, 3))])


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.sampled_from([1 / 9, 1 / 5, 1 / 3, 1, 2, 4, 7, 9]), min_size=10, max_size=10), st.permutations(range(5))
)
def test_criteria_may_come_in_any_order(upper: list[float], order: list[int]) -> None:
    matrix = reciprocal(upper)
    found, other = ahp(matrix), ahp(matrix[np.ix_(order, order)])
    assert other.weights == pytest.approx(found.weights[order], abs=1e-9)
    assert other.ratio == pytest.approx(found.ratio, abs=1e-9)
    assert found.largest_eigenvalue == pytest.approx(np.linalg.eigvals(matrix).real.max())


def test_entropy_by_hand_with_zero_and_a_constant_column() -> None:
    found = entropy_weights([[1, 1, 5], [0, 1, 5], [0, 2, 5]])
    half = -(0.5 * np.log(0.25) + 0.5 * np.log(0.5)) / np.log(3)
    assert found.information == pytest.approx([1, 1 - half, 0])
    assert found.weights == pytest.approx(np.array([1, 1 - half, 0]) / (2 - half))
    assert [one.column for one in found.notices] == [2]
    assert "criterion 3" in str(found.meta["warnings"])


def test_negative_columns_are_moved_and_it_is_told() -> None:
    found = entropy_weights([[-3, 1], [-1, 2], [0, 2]])
    assert found.weights == pytest.approx(entropy_weights([[0, 1], [2, 2], [3, 2]]).weights)
    assert "moved up" in str(found.meta["warnings"])


def test_unknown_rows_are_left_out() -> None:
    table = [[1, 2], [np.nan, 9], [4, 3], [2, 8]]
    known = [table[0], *table[2:]]
    for weigh in (entropy_weights, lambda one: critic_weights(one, [True, False])):
        assert weigh(table).weights == pytest.approx(weigh(known).weights)
        assert "1 row" in str(weigh(table).meta["warnings"])


def test_nothing_differs() -> None:
    for weigh in (entropy_weights, lambda one: critic_weights(one, [True, True])):
        with pytest.raises(CriteriaError):
            weigh([[1, 2], [1, 2]])
        with pytest.raises(CriteriaError):
            weigh(np.empty((0, 2)))
        with pytest.raises(CriteriaError):
            weigh([[1, np.inf], [1, 2]])


def test_critic_by_hand_and_direction() -> None:
    # Units (0, 0.5, 1), its reverse and a constant: the two conflict wholly when both count high, not at all if turned.
    table = [[0, 2, 7], [1, 1, 7], [2, 0, 7]]
    found = critic_weights(table, [True, True, True])
    assert found.weights == pytest.approx([0.5, 0.5, 0])
    assert found.information[0] == pytest.approx(2 * np.sqrt(1 / 6))
    assert [one.column for one in found.notices] == [2]
    turned = critic_weights(table, [True, False, True])
    assert turned.weights == pytest.approx([0.5, 0.5, 0])
    assert "tell the same" in str(turned.meta["warnings"])


@settings(deadline=None, max_examples=60)
@given(tables, st.randoms(use_true_random=False))
def test_weights_do_not_depend_on_row_order_or_unit(table: np.ndarray, chance: object) -> None:
    if not (table != table[:1]).any():
        return
    order = np.argsort([chance.random() for _ in table])  # type: ignore[attr-defined]
    units = np.array([1000.0, 0.001, 7.0, 3.0, 1.0])[: table.shape[1]]
    high = [True, False, True, True, False][: table.shape[1]]
    for weigh in (entropy_weights, lambda one: critic_weights(one, high)):
        found = weigh(table).weights
        assert found.sum() == pytest.approx(1)
        assert (found >= 0).all()
        assert weigh(table[order] * units).weights == pytest.approx(found, abs=1e-9)
