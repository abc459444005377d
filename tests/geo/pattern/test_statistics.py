"""Rates, autocorrelation and hot spots: five places by hand, and what must not change them."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import arrays

from geo.intervals import poisson
from geo.pattern.adjustment import benjamini_hochberg, bonferroni, holm
from geo.pattern.autocorrelation import CONSTANT, TOO_FEW, geary, moran
from geo.pattern.hotspots import gi_star, lag_p, local_moran
from geo.pattern.neighbours import listed
from geo.pattern.rates import empirical_bayes, empirical_bayes_local, rate_interval

LINE = listed([[1], [0, 2], [1, 3], [2, 4], [3]])
"""Five places in a row."""
VALUES = [1.0, 2.0, 3.0, 4.0, 10.0]
SEVEN = arrays(float, 7, elements=st.floats(-100, 100).map(lambda v: round(v, 3)))
RING = listed([[(n - 1) % 7, (n + 1) % 7] for n in range(7)])


def test_moran_and_geary_of_five_places_by_hand() -> None:
    """Deviations -3 -2 -1 0 6, squares sum 50; lags by row -2, -2, -1, 2.5, 0, so I = 5/5 · (6+4+1+0+0)/50."""
    assert moran(VALUES, LINE, permutations=0).value == pytest.approx(11 / 50)
    # Squares of differences, by row: 1, (1+1)/2, (1+1)/2, (1+36)/2, 36; C = 4 · 57.5 / (2 · 5 · 50).
    assert geary(VALUES, LINE, permutations=0).value == pytest.approx(4 * 57.5 / 500)
    assert moran(VALUES, LINE, permutations=0).expected == -0.25


def test_gi_star_of_five_places_by_hand() -> None:
    """Mean 4, s² = 50/5 = 10. The last two: w = 2, sum 14, spread (5·2-4)/4; the middle: w = 3, sum 9, (5·3-9)/4."""
    found = gi_star(VALUES, LINE)
    assert found.z[4] == pytest.approx((14 - 8) / np.sqrt(10 * 6 / 4))
    assert found.z[2] == pytest.approx((9 - 12) / np.sqrt(10 * 6 / 4))


def test_local_moran_of_five_places_by_hand() -> None:
    found = local_moran(VALUES, LINE, permutations=99, seed=1)
    assert found.value == pytest.approx([6 / 10, 4 / 10, 1 / 10, 0, 0])
    assert found.quadrant.tolist() == ["LL", "LL", "LL", "LH", "HL"]
    assert found.value.sum() / 5 == pytest.approx(moran(VALUES, LINE, permutations=0).value)


def test_empirical_bayes_of_five_places_by_hand() -> None:
    """Rates 0, 1, 2, 3, 4 of 10 each: mean 0.2, spread seen 0.02, less 0.2/10 by chance leaves nothing."""
    found = empirical_bayes([0, 1, 2, 3, 4], [10] * 5)
    assert found.rate == pytest.approx([0.2] * 5)
    wide = empirical_bayes([0, 10, 20, 30, 40], [100] * 5)  # 0.02 seen, 0.002 by chance: nine tenths stay
    assert wide.weight == pytest.approx([0.9] * 5)
    assert wide.rate == pytest.approx([0.02, 0.11, 0.2, 0.29, 0.38])


def test_places_without_population_have_no_rate_and_are_listed() -> None:
    found = empirical_bayes([3, 1, 2, np.nan], [0, 10, np.nan, 10])
    assert found.without.tolist() == [0, 2, 3]
    assert np.isnan(found.rate[[0, 2, 3]]).all()
    assert found.rate[1] == pytest.approx(0.1)
    local = empirical_bayes_local([3, 1, 2, 4], [0, 10, 10, 10], listed([[1], [0, 2], [1, 3], [2]]))
    assert local.without.tolist() == [0]
    assert np.isfinite(local.rate[1:]).all()
    with pytest.raises(ValueError, match="below zero"):
        empirical_bayes([-1], [1])


def test_nothing_happened_anywhere() -> None:
    assert empirical_bayes([0, 0], [5, 9]).rate.tolist() == [0, 0]
    assert np.isnan(empirical_bayes([1], [0]).mean).all()


@given(
    arrays(np.int64, 7, elements=st.integers(0, 50)),
    arrays(np.int64, 7, elements=st.integers(1, 900)),
    st.floats(0.01, 100),
)
def test_smoothed_rates_lie_between_the_raw_one_and_the_mean(events, population, unit) -> None:  # noqa: ANN001
    for smooth in (empirical_bayes, lambda e, p: empirical_bayes_local(e, p, RING)):
        found = smooth(events, population)
        low, high = np.minimum(found.raw, found.mean), np.maximum(found.raw, found.mean)
        assert (found.rate >= low - 1e-12).all()
        assert (found.rate <= high + 1e-12).all()
        assert (found.spread >= 0).all()
    scaled = empirical_bayes(events, population * unit)  # hundreds of people in place of people
    weights = empirical_bayes(events, population).weight
    assert scaled.rate * unit == pytest.approx(scaled.mean * unit + scaled.weight * (scaled.raw - scaled.mean) * unit)
    assert scaled.weight == pytest.approx(weights, abs=1e-6)


@given(st.integers(0, 400))
def test_exact_interval_holds_the_rate(count: int) -> None:
    low, high = rate_interval([count], [50.0])
    assert low[0] <= count / 50 <= high[0]
    assert high[0] > low[0] >= 0
    assert rate_interval([count], [50.0], 0.99).high[0] > high[0]
    assert np.isnan(rate_interval([count], [0.0]).low[0])
    assert np.isnan(poisson(np.nan).high)


@given(SEVEN, st.floats(0.5, 50), st.floats(-1e3, 1e3), st.permutations(range(7)))
def test_unit_and_order_do_not_matter(values, unit, shift, order) -> None:  # noqa: ANN001
    if np.ptp(values) < 1:
        return
    found, scaled = gi_star(values, RING), gi_star(values * unit + shift, RING)
    assert scaled.z == pytest.approx(found.z, abs=1e-6)
    assert moran(values * unit + shift, RING, permutations=0).value == pytest.approx(
        moran(values, RING, permutations=0).value, abs=1e-6
    )
    order = np.array(order)
    place = np.argsort(order)
    moved = listed([[int(place[one]) for one in RING.links[[n]].indices] for n in order])
    assert gi_star(values[order], moved).z == pytest.approx(found.z[order])
    assert local_moran(values[order], moved, permutations=9).value == pytest.approx(
        local_moran(values, RING, permutations=9).value[order], abs=1e-9
    )


@given(arrays(float, st.integers(1, 20), elements=st.floats(0, 1)))
def test_adjusted_p_values(p: np.ndarray) -> None:
    found = benjamini_hochberg(p)
    assert (found >= p - 1e-15).all()
    assert (found <= 1).all()
    assert (found <= holm(p) + 1e-12).all()
    assert (holm(p) <= bonferroni(p) + 1e-12).all()
    order = np.argsort(p, kind="stable")
    assert (np.diff(found[order]) >= 0).all()
    with_gap = benjamini_hochberg(np.append(p, np.nan))
    assert with_gap[:-1].tolist() == found.tolist()
    assert np.isnan(with_gap[-1])


def test_nothing_can_be_told_of_equal_values() -> None:
    same = np.full(5, 0.1 + 0.2)
    assert np.isnan(gi_star(same, LINE).z).all()
    assert gi_star(same, LINE).meta["warnings"] == (CONSTANT,)
    assert np.isnan(local_moran(same, LINE).value).all()
    assert np.isnan(moran(same, LINE).z)
    assert moran([1.0, 2.0], listed([[1], [0]])).meta["warnings"] == (TOO_FEW,)


def test_places_without_value_or_neighbours_take_no_part() -> None:
    more = listed([[1], [0, 2], [1, 3], [2, 4], [3, 5], [4], []])
    found = gi_star([*VALUES, np.nan, 7.0], more)
    assert found.islands.tolist() == [6]
    assert np.isnan(found.z[5])
    assert moran([*VALUES, np.nan, 7.0], more, permutations=0).value == pytest.approx(11 / 50)
    with pytest.raises(ValueError, match="expected 7"):
        gi_star(VALUES, more)


def test_permutations_follow_their_seed_and_the_exact_distribution() -> None:
    """The last of five has one neighbour: of the other four, two are at least 3, three at most."""
    found = lag_p(np.array(VALUES), LINE, permutations=20_000, seed=7)
    assert found.tolist() == lag_p(np.array(VALUES), LINE, permutations=20_000, seed=7).tolist()
    # Neighbour of the last is 4, the largest of the others: P(>=4) = 1/4, two-sided twice that.
    assert found[4] == pytest.approx(0.5, abs=0.02)
    # Neighbour of the first is 2, the smallest of the others.
    assert found[0] == pytest.approx(0.5, abs=0.02)
    # The middle has 2 and 4: of the six pairs of 1, 2, 4, 10 the sum 6 is third from below, fourth from above.
    assert found[2] == pytest.approx(1.0, abs=0.03)
    assert moran(VALUES, LINE, seed=3).p_permuted == moran(VALUES, LINE, seed=3).p_permuted


def test_shared_deals_agree_with_dealing_for_each_place() -> None:
    chance = np.random.default_rng(5)
    x = chance.normal(size=30)
    around = listed([[(n + k) % 30 for k in range(1, 1 + n % 5)] for n in range(30)])
    found = lag_p(x, around, permutations=4000, seed=2)
    for n in (1, 7, 14, 29):
        others, k = np.delete(x, n), around.degree[n]
        sums = np.array([chance.choice(others, k, replace=False).sum() for _ in range(4000)])
        own = around.sums(x)[n]
        tail = min((sums >= own).mean(), (sums <= own).mean())
        assert found[n] == pytest.approx(min(1.0, 2 * tail), abs=0.05)
    assert np.isnan(found[0])


def test_gi_star_against_esda() -> None:
    esda, libpysal = pytest.importorskip("esda"), pytest.importorskip("libpysal")
    x = np.random.default_rng(3).uniform(1, 9, size=7)  # esda divides by the sum: below zero it turns the sign
    weights = libpysal.weights.W({n: [(n - 1) % 7, (n + 1) % 7] for n in range(7)})
    theirs = esda.G_Local(x, weights, transform="B", star=True, permutations=0)
    assert gi_star(x, RING).z == pytest.approx(theirs.Zs)
