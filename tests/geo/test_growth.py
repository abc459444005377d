"""Growth along an S: the curves by hand, known parameters found again, honest intervals, no sum above the limit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.growth import CURVES, PACE, chosen_growth, fit_growth, growth_curve, growth_forecast, held_back

STEPS = np.arange(31.0)


def came(shape: float, *, seen: int = 22, seed: int = 1) -> np.ndarray:
    mean = np.diff(growth_curve(STEPS, ceiling=10_000, rate=0.3, middle=12, shape=shape))
    return np.random.default_rng(seed).poisson(mean)[:seen]


def test_curves_by_hand() -> None:
    # Logistic, middle at 0: from g(0) = 1/2 to g(ln 3) = 3/4 is half of the way that is left.
    assert growth_curve([0.0, np.log(3.0)], ceiling=8, rate=1, middle=0) == pytest.approx([0, 4])
    # Gompertz, middle at 0: g(t) = exp(-exp(-t)), g(0) = 1/e, g(ln 2) = exp(-1/2).
    g0, g1 = np.exp(-1.0), np.exp(-0.5)
    told = growth_curve([np.log(2.0)], ceiling=1, rate=1, middle=0, shape=1e-6)
    assert told == pytest.approx([(g1 - g0) / (1 - g0)], rel=1e-5)
    assert growth_curve([1e6], ceiling=7, rate=0.1, middle=9, shape=2.5) == pytest.approx([7])


@pytest.mark.parametrize(("curve", "shape"), [("logistic", 1.0), ("gompertz", 1e-6), ("richards", 0.5)])
def test_known_parameters_are_found_again(curve: str, shape: float) -> None:
    found = fit_growth(came(shape), curve=curve, limit=10_200)
    assert found.ceiling == pytest.approx(10_000, rel=0.02)
    assert found.rate == pytest.approx(0.3, rel=0.15)
    assert found.middle == pytest.approx(12, abs=0.6)
    assert found.dispersion < 2


def test_the_way_that_is_nearest_is_chosen() -> None:
    gompertz = chosen_growth(came(1e-6), steps=8, held=4, limit=10_200, draws=400)
    assert gompertz.way == "gompertz"
    truth = growth_curve(STEPS, ceiling=10_000, rate=0.3, middle=12, shape=1e-6)[-1]
    assert gompertz.forecast.expected[-1] == pytest.approx(truth, rel=0.02)
    by_way = {one.way: one.error for one in gompertz.errors}
    assert min(by_way, key=lambda way: by_way[way]) == "gompertz"
    even = np.full(16, 50.0)
    assert chosen_growth(even, steps=4, held=4, draws=100).way == PACE


def test_too_little_to_hold_back_takes_the_pace_and_says_no_error() -> None:
    found = chosen_growth(np.arange(1.0, 7.0), steps=3, held=4, draws=100)
    assert (found.way, found.errors) == (PACE, ())
    assert found.forecast.expected.tolist() == [25.5, 30.0, 34.5]  # 21 and (3 + 4 + 5 + 6) / 4 a step
    assert len(held_back(np.arange(1.0, 9.0), steps=4, draws=50)) == 4  # two of eight are held back


def test_intervals_hold_what_they_promise() -> None:
    inside = []
    for seed in range(25):
        counts = came(1.0, seen=30, seed=seed + 10)
        told = growth_forecast(counts[:16], steps=4, limit=11_000, draws=300, seed=seed)
        truth = np.cumsum(counts)[16:20]
        inside.append(((told.low <= truth) & (truth <= told.high)).mean())
    assert 0.65 <= np.mean(inside) <= 0.97  # 80 % are promised


def test_target_and_limit() -> None:
    counts = came(1.0)
    told = growth_forecast(counts, steps=12, limit=10_200, target=9_800, draws=500)
    assert (told.high <= 10_200).all()
    middle, early, late = told.reached
    assert early <= middle <= late <= 12
    assert told.reached_share > 0.9
    assert growth_forecast(counts, steps=2, target=100, draws=50).reached == (0.0, 0.0, 0.0)
    assert growth_forecast(counts, steps=2, limit=11_000, draws=50).reached_share == 0.0
    assert np.isinf(growth_forecast(counts, steps=2, draws=50).reached[0])


@settings(max_examples=10)
@given(st.lists(st.integers(0, 60), min_size=8, max_size=20).filter(any), st.sampled_from((*CURVES, PACE)))
def test_sums_never_fall_or_pass_the_limit_and_seeds_repeat(counts: list[int], way: str) -> None:
    limit = sum(counts) + 50.0
    one, two = (growth_forecast(counts, steps=5, way=way, limit=limit, draws=60, seed=3) for _ in range(2))
    assert (np.diff([sum(counts), *one.expected]) >= 0).all()
    assert (one.low <= one.high).all()
    assert one.high.max() <= limit
    assert one.low.min() >= sum(counts)
    assert (one.low == two.low).all()
    assert one.meta["seed"] == 3


@pytest.mark.parametrize(
    ("counts", "limit"), [([1, 2, 3], None), ([0] * 8, None), ([1, 2, 3, 4, 5, -1], None), ([9] * 8, 70)]
)
def test_what_cannot_be_fitted_is_refused(counts: list[int], limit: float | None) -> None:
    with pytest.raises(ValueError, match="counts"):
        fit_growth(counts, limit=limit)
    with pytest.raises(ValueError, match="curve must be"):
        fit_growth([1] * 8, curve="line")
    assert held_back([1, 2, 3], steps=4) == ()
