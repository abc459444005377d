"""Votes held against a rule, in exact fractions: who took part, whether it is carried, how many more votes it takes.

One count (owners, or floor area) at a time: a rule that asks for both is two counts and a logical "and". At a limit
nothing is rounded: two thirds of 36 owners are 24, and 24 are enough for "two thirds or more".
"""

from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

OWNER, CENTIARE = Fraction(1), Fraction(1, 100)
"""The smallest step of a count of owners, and of an area recorded to 0.01 m²."""


class VoteRule(NamedTuple):
    """What a vote needs.

    ``take_part`` is the least share of all that has to vote; ``approve`` the least share in favour, of those who voted
    or, with ``among_all``, of all; with ``more_than`` it has to be exceeded.
    """

    take_part: Fraction
    approve: Fraction
    more_than: bool = False
    among_all: bool = False


class Count(NamedTuple):
    """Owners or area: all, those who voted, those in favour; None is unknown."""

    total: Fraction | None
    voted: Fraction | None
    yes: Fraction | None

    @property
    def contradicts(self) -> bool:
        """Tell whether more voted than there are, or more are in favour than voted."""
        known = [one for one in (self.yes, self.voted, self.total) if one is not None]
        return known != sorted(known)


class Verdict(NamedTuple):
    """Where a count stands.

    ``took_part`` and ``approved`` are None where they cannot be known. ``needed`` is the least number of further votes
    in favour, out of those who have not voted, that carry it (0 where it is carried); None where it is unknown or
    where all of them are too few. Then ``to_win_over`` is how many who voted against would have to change as well.
    """

    took_part: bool | None
    approved: bool | None
    needed: Fraction | None
    to_win_over: Fraction | None

    @property
    def carried(self) -> bool | None:
        """Both conditions: no where one surely fails, None where it cannot be known."""
        return both_hold(self.took_part, self.approved)


def both_hold(one: bool | None, other: bool | None) -> bool | None:  # noqa: FBT001 (two truths, not options)
    """Join two statements of which each may be unknown: no if one is no, else unknown if one is unknown."""
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def exact(value: float) -> Fraction:
    """Give a recorded decimal number as the fraction that its digits say: 0.1 is one tenth."""
    return Fraction(repr(float(value)))


def verdict(count: Count, rule: VoteRule, *, step: Fraction = OWNER) -> Verdict:
    """Hold a count against a rule.

    Args:
        count: all, voted and in favour, in one unit.
        rule: what is needed.
        step: the smallest vote: one owner, or 0.01 m².

    Returns:
        The verdict; everything unknown where the figures contradict each other or where there is nobody to vote.
    """
    if count.contradicts or count.total == 0:
        return Verdict(None, None, None, None)
    took_part = None
    if count.total is not None and count.voted is not None:
        took_part = count.voted >= rule.take_part * count.total
    if count.total is None or count.voted is None or count.yes is None:
        return Verdict(took_part, _approved(count, rule), None, None)
    needed = _needed(count.total, count.voted, count.yes, rule, step)
    if needed is not None and count.voted + needed <= count.total:
        return Verdict(took_part, _approved(count, rule), needed, Fraction(0))
    lacking = _steps(rule.approve * count.total - count.yes - (count.total - count.voted), step, more=rule.more_than)
    return Verdict(took_part, _approved(count, rule), None, lacking)


def _approved(count: Count, rule: VoteRule) -> bool | None:
    base = count.total if rule.among_all else count.voted
    if base is None or count.yes is None:
        return None
    limit = rule.approve * base
    return base > 0 and (count.yes > limit if rule.more_than else count.yes >= limit)


def _needed(total: Fraction, voted: Fraction, yes: Fraction, rule: VoteRule, step: Fraction) -> Fraction | None:  # noqa: PLR0917
    """Least number of further votes in favour; None where no number of them can do, as one "no" against unanimity."""
    to_vote = _steps(rule.take_part * total - voted, step, more=False)
    if rule.among_all:
        return max(to_vote, _steps(rule.approve * total - yes, step, more=rule.more_than))
    behind = rule.approve * voted - yes
    if rule.approve == 1:
        return None if behind > 0 or rule.more_than else max(to_vote, step if voted == 0 else Fraction(0))
    in_favour = _steps(behind / (1 - rule.approve), step, more=rule.more_than)
    return max(to_vote, in_favour, step if voted == 0 else Fraction(0))


def _steps(amount: Fraction, step: Fraction, *, more: bool) -> Fraction:
    """Give the least whole number of steps, 0 or more, that reaches an amount, or exceeds it."""
    number = floor(amount / step) + 1 if more else ceil(amount / step)
    return max(number, 0) * step


def settled(count: Count, unknown: Fraction | None, rule: VoteRule) -> Verdict:
    """Say what follows although the votes of some are unknown: only what holds however they voted.

    Args:
        count: all, and the votes that are known.
        unknown: how many, or how much area, of all have votes that are not on record; None if that is unknown too.
        rule: what is needed.

    Returns:
        A verdict without ``needed`` and ``to_win_over``.
    """
    if unknown is None or None in count or count.contradicts:
        return Verdict(None, None, None, None)
    total, voted, yes = (one for one in count if one is not None)
    margin = voted - rule.take_part * total
    took_part = True if margin >= 0 else None if margin + unknown >= 0 else False
    all_voted = count._replace(voted=voted + unknown)
    worst, best = _approved(all_voted, rule), _approved(all_voted._replace(yes=yes + unknown), rule)
    return Verdict(took_part, worst if worst == best else None, None, None)
