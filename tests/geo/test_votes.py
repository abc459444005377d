"""Votes against a rule: limits to the last vote, brute force, and what follows whatever the unknown did."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geo.votes import CENTIARE, Count, VoteRule, both_hold, exact, settled, verdict

MAJOR = VoteRule(Fraction(2, 3), Fraction(3, 4))
OTHER = VoteRule(Fraction(2, 3), Fraction(1, 2), more_than=True)
HIP = VoteRule(Fraction(0), Fraction(3, 4), among_all=True)
UNANIMOUS = VoteRule(Fraction(2, 3), Fraction(1))
RULES = (MAJOR, OTHER, HIP, UNANIMOUS)


def count(total: float | None, voted: float | None, yes: float | None) -> Count:
    return Count(*(None if one is None else exact(one) for one in (total, voted, yes)))


def carries(total: int, voted: int, yes: int, rule: VoteRule) -> bool:
    """The rule in whole numbers, without a division."""
    p, q = rule.take_part, rule.approve
    base = total if rule.among_all else voted
    left, right = yes * q.denominator, q.numerator * base
    return (
        voted * p.denominator >= p.numerator * total
        and base > 0
        and (left > right if rule.more_than else left >= right)
    )


@pytest.mark.parametrize(
    ("rule", "numbers", "took_part", "approved", "needed"),
    [
        (MAJOR, (36, 24, 18), True, True, 0),  # exactly two thirds, exactly three quarters
        (MAJOR, (36, 23, 23), False, True, 1),
        (MAJOR, (36, 24, 17), True, False, 4),  # 21 of 28 are three quarters
        (MAJOR, (100, 67, 51), True, True, 0),
        (MAJOR, (100, 66, 66), False, True, 1),
        (OTHER, (36, 24, 12), True, False, 1),  # half is not more than half
        (OTHER, (36, 24, 13), True, True, 0),
        (HIP, (40, 30, 30), True, True, 0),
        (HIP, (40, 35, 29), True, False, 1),
        (MAJOR, (30, 0, 0), False, False, 20),
    ],
)
def test_limits(
    rule: VoteRule, numbers: tuple[int, int, int], took_part: object, approved: object, needed: int
) -> None:
    found = verdict(count(*numbers), rule)
    assert found.took_part is took_part
    assert found.approved is approved
    assert found.needed == needed
    assert found.carried is (took_part and approved)


def test_thirds_of_areas_are_not_rounded() -> None:
    assert verdict(count(100.0, 66.66, 66.66), MAJOR, step=CENTIARE).took_part is False
    assert verdict(count(100.0, 66.66, 66.66), MAJOR, step=CENTIARE).needed == Fraction(1, 100)
    assert verdict(count(0.3, 0.2, 0.15), MAJOR, step=CENTIARE).carried is True  # binary floats would say no


def test_beyond_reach_says_how_many_to_win_over() -> None:
    found = verdict(count(40, 38, 20), MAJOR)
    assert found.needed is None
    assert found.to_win_over == 8  # 20 + 2 + 8 = 30 of 40
    assert verdict(count(10, 10, 9), UNANIMOUS).to_win_over == 1


@pytest.mark.parametrize("numbers", [(10, 11, 5), (10, 5, 6), (None, 5, 6), (0, 0, 0)])
def test_contradictions_and_nobody_are_unknown(numbers: tuple[float | None, ...]) -> None:
    assert verdict(count(*numbers), MAJOR) == (None, None, None, None)


def test_unknown_stays_unknown_and_no_is_no() -> None:
    assert verdict(count(36, 20, None), MAJOR)[:2] == (False, None)
    assert verdict(count(36, 20, None), MAJOR).carried is False
    assert verdict(count(36, None, None), MAJOR).carried is None
    assert verdict(count(None, 20, 10), MAJOR)[:2] == (None, False)
    assert [both_hold(a, b) for a, b in product((True, None, False), repeat=2)] == [
        True, None, False, None, None, False, False, False, False
    ]  # fmt: skip


@given(st.integers(1, 25), st.data(), st.sampled_from(RULES))
def test_needed_is_the_least_by_trying_all(total: int, data: st.DataObject, rule: VoteRule) -> None:
    voted = data.draw(st.integers(0, total))
    yes = data.draw(st.integers(0, voted))
    found = verdict(count(total, voted, yes), rule)
    assert found.carried is carries(total, voted, yes, rule)
    ways = [k for k in range(total - voted + 1) if carries(total, voted + k, yes + k, rule)]
    assert found.needed == (ways[0] if ways else None)
    if not ways:
        changed = [c for c in range(voted - yes + 1) if carries(total, total, yes + total - voted + c, rule)]
        assert found.to_win_over == changed[0]


@given(st.integers(1, 12), st.integers(0, 6), st.data(), st.sampled_from(RULES))
def test_settled_is_what_every_case_agrees_on(total: int, unknown: int, data: st.DataObject, rule: VoteRule) -> None:
    assume(unknown <= total)
    voted = data.draw(st.integers(0, total - unknown))
    yes = data.draw(st.integers(0, voted))
    found = settled(count(total, voted, yes), Fraction(unknown), rule)
    cases = [verdict(count(total, voted + v, yes + y), rule) for v in range(unknown + 1) for y in range(v + 1)]
    for at in range(2):
        if found[at] is not None:
            assert {case[at] for case in cases} == {found[at]}
    assert settled(count(total, voted, yes), None, rule).carried is None


@given(st.integers(1, 60), st.data(), st.integers(2, 9))
def test_scaling_all_numbers_changes_no_verdict(total: int, data: st.DataObject, times: int) -> None:
    voted = data.draw(st.integers(0, total))
    yes = data.draw(st.integers(0, voted))
    one, many = (verdict(count(total * k, voted * k, yes * k), MAJOR) for k in (1, times))
    assert one.carried is many.carried
