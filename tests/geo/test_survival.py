import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.survival import curves, kaplan_meier, log_rank

rows = st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=60)


def parted(pairs: list[tuple[int, bool]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([time for time, _ in pairs], dtype=float), np.array([end for _, end in pairs], dtype=bool)


@given(rows)
def test_a_curve_falls_from_one_and_stays_between_its_ends(pairs: list[tuple[int, bool]]) -> None:
    curve = kaplan_meier(*parted(pairs))
    steps = np.concatenate([[1.0], curve.survival])
    assert (np.diff(steps) < 0).all()
    assert (curve.survival >= 0).all()
    assert curve.events == sum(end for _, end in pairs)
    assert curve.number == len(pairs)
    for scale in ("loglog", "log"):
        low, high = curve.interval(scale=scale)
        known = np.isfinite(low) & np.isfinite(high)
        assert (low[known] <= curve.survival[known] + 1e-12).all()
        assert (curve.survival[known] <= high[known] + 1e-12).all()


@given(st.lists(st.integers(0, 40), min_size=1, max_size=60))
def test_without_open_things_the_curve_is_the_plain_share_and_its_area_the_plain_mean(times: list[int]) -> None:
    curve = kaplan_meier(times, np.ones(len(times), dtype=bool))
    left = [sum(other > one for other in times) / len(times) for one in curve.times]
    assert curve.survival == pytest.approx(left, abs=1e-12)
    assert curve.mean() == pytest.approx(np.mean(times))
    assert curve.median == sorted(times)[(len(times) + 1) // 2 - 1]


@given(rows, st.randoms())
def test_order_of_rows_does_not_matter(pairs: list[tuple[int, bool]], random: object) -> None:
    mixed = list(pairs)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    one, other = kaplan_meier(*parted(pairs)), kaplan_meier(*parted(mixed))
    assert (one.survival == other.survival).all()
    assert one.median == other.median


@given(rows, rows)
def test_log_rank_is_the_same_both_ways_round_and_expects_what_is_observed(
    first: list[tuple[int, bool]], second: list[tuple[int, bool]]
) -> None:
    time, end = parted([*first, *second])
    group = np.array(["a"] * len(first) + ["b"] * len(second))
    test, back = log_rank(time, end, group), log_rank(time, end, np.where(group == "a", "b", "a"))
    assert test.chi2 == pytest.approx(back.chi2, abs=1e-9)
    assert 0 <= test.p <= 1
    assert test.groups["expected"].sum() == pytest.approx(test.groups["observed"].sum())


def test_closed_things_alone_flatter() -> None:
    time, end = np.array([1.0, 2, 3, 50, 50, 50]), np.array([1, 1, 1, 0, 0, 0], dtype=bool)
    assert kaplan_meier(time[end], end[end]).median == 2
    assert kaplan_meier(time, end).median == 3


def test_the_median_does_not_exist_while_more_than_half_are_open() -> None:
    curve = kaplan_meier([1, 2, 9, 9, 9], [True, True, False, False, False])
    assert curve.median is None
    assert curve.median_interval() == (1.0, None)
    assert curve.quantile(0.4) == 2
    assert curve.at([0, 1, 1.5, 9, 9.1]) == pytest.approx([1, 0.8, 0.8, 0.6, np.nan], nan_ok=True)


def test_the_median_interval_holds_the_median() -> None:
    time = np.random.default_rng(7).exponential(10, 300)
    curve = kaplan_meier(time, np.ones(300, dtype=bool))
    low, high = curve.median_interval()
    assert low is not None
    assert high is not None
    assert curve.median is not None
    assert low < curve.median < high
    assert 5 < low < 10 * np.log(2) < high < 9


def test_nothing_seen_gives_a_curve_that_knows_nothing() -> None:
    curve = kaplan_meier([], [])
    assert (curve.median, curve.mean(), curve.events, curve.number) == (None, None, 0, 0)
    assert np.isnan(curve.at([0.0, 1.0])).all()
    assert np.isnan(curve.chance_of_end([0.0], [1.0])).all()
    assert kaplan_meier([np.nan, 3], [True, True]).number == 1


def test_the_restricted_mean_ends_where_it_is_told() -> None:
    curve = kaplan_meier([2, 4], [True, True])
    assert curve.mean(3) == pytest.approx(2.5)
    assert curve.mean(4) == pytest.approx(3)
    assert curve.mean(5) is None


def test_late_entry_leaves_the_time_before_it_out() -> None:
    curve = kaplan_meier([3, 5, 6], [True, True, True], entered=[0, 4, 2])
    assert curve.at_risk.tolist() == [2, 2, 1]
    assert curve.survival == pytest.approx([0.5, 0.25, 0])
    plain = kaplan_meier([3, 5, 6], [True, True, True], entered=[0, 0, 0])
    assert plain.at_risk.tolist() == [3, 2, 1]


def test_wrong_input_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        kaplan_meier([-1.0], [True])
    with pytest.raises(ValueError, match="loglog or log"):
        kaplan_meier([1.0], [True]).interval(scale="plain")
    with pytest.raises(ValueError, match="at least two groups"):
        log_rank([1.0, 2], [True, True], ["a", "a"])


def test_the_chance_of_an_end_is_unknown_past_the_last_time_and_beyond_the_last_thing() -> None:
    curve = kaplan_meier([1, 2, 4, 8], [True, True, True, False])
    chance = curve.chance_of_end([0, 1, 2, 7, 9, 2], [4, 3, 6, 2, 0, -1])
    assert chance == pytest.approx([0.75, 2 / 3, 0.5, np.nan, np.nan, np.nan], nan_ok=True)
    gone = kaplan_meier([1, 2], [True, True])
    assert gone.chance_of_end([1, 2], [1, 0]) == pytest.approx([1, np.nan], nan_ok=True)


@given(rows, st.integers(0, 40), st.integers(0, 20), st.integers(0, 20))
def test_the_chance_grows_with_the_horizon(pairs: list[tuple[int, bool]], age: int, short: int, more: int) -> None:
    near, far = kaplan_meier(*parted(pairs)).chance_of_end([age, age], [short, short + more])
    if np.isfinite(near) and np.isfinite(far):
        assert 0 <= near <= far <= 1


def test_groups_with_few_ends_take_the_curve_of_all() -> None:
    time, end = np.arange(1.0, 31), np.ones(30, dtype=bool)
    group = np.array(["often"] * 20 + ["seldom"] * 9 + [None], dtype=object)
    found = curves(time, end, group, fewest_events=20)
    assert set(found.by_group) == {"often"}
    assert found.overall.events == 30
    assert not found.is_pooled("often")
    assert all(found.is_pooled(one) for one in ("seldom", "never seen", None, np.nan))
    assert found.of("seldom") is found.overall
    chance = found.chance_of_end(["often", "seldom", None], [0, 0, 0], [10, 10, 10])
    assert chance == pytest.approx([0.5, 1 / 3, 1 / 3])


def test_three_groups_that_are_alike_and_three_that_are_not() -> None:
    rng = np.random.default_rng(3)
    time, group = rng.exponential(10, 600), np.repeat(["a", "b", "c"], 200)
    same = log_rank(time, np.ones(600, dtype=bool), group)
    other = log_rank(time * np.repeat([1, 1, 3], 200), np.ones(600, dtype=bool), group)
    assert same.df == other.df == 2
    assert same.p > 0.05
    assert other.p < 1e-9


def test_groups_in_which_nothing_could_end_do_not_break_the_test() -> None:
    test = log_rank([0, 0, 5, 6], [False, False, True, True], ["early", "early", "late", "late"])
    assert (test.chi2, test.df, test.p) == (0.0, 0, 1.0)
