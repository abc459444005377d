"""Several funds with purposes: what each may pay, how much of one project at most, and who pays what in the end.

The cost of a project may be split among funds. Whether a set of projects can be paid is a question of flow, and by the
theorem of Ford and Fulkerson (1956) it can exactly if for every set of funds what those cannot pay does not exceed the
money of the others. Those are rows in whole fen over the projects alone: the split needs no columns of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from geo.choice.rules import Fen, Row, money
from geo.errors import PlanError
from geo.text import Text, listed

MOST = 8
"""Funds that one plan may have: each doubles the rows."""
_PARTS = 10_000


@dataclass(frozen=True)
class Fund:
    """A source of money.

    Attributes:
        name: words for it.
        amount_fen: whole fen by year.
        pays: which projects it may pay, shape (n,).
        most_share: the largest part of one project's cost that it may pay, 0 to 1; rounded up to whole fen.
    """

    name: Text
    amount_fen: Sequence[int]
    pays: NDArray[np.bool_] = field(repr=False)
    most_share: float = 1.0


def caps(cost: Fen, funds: Sequence[Fund]) -> Fen:
    """Give the most that each fund may pay of each project, whole fen, shape (funds, n).

    Raises:
        PlanError: too many funds, a share not between 0 and 1, or purposes of other projects.
    """
    if len(funds) > MOST:
        raise PlanError(Text(f"资金来源最多 {MOST} 个", f"there may be {MOST} funds at most"))
    for one in funds:
        if not 0 <= one.most_share <= 1 or one.pays.shape != cost.shape:
            raise PlanError(
                Text("“{name}”的单项出资上限须在 0 与 1 之间", "the share of {name} must be between 0 and 1").format(
                    name=one.name
                )
            )
    parts = [round(one.most_share * _PARTS) for one in funds]
    rows = [np.where(one.pays, -(-cost * part // _PARTS), 0) for one, part in zip(funds, parts, strict=True)]
    return np.array(rows, dtype=np.int64).reshape(len(funds), len(cost))


def amounts(funds: Sequence[Fund], years: int) -> Fen:
    """Give the money of each fund by year, whole fen, shape (funds, years).

    Raises:
        PlanError: amounts that are no whole fen, or not one a year.
    """
    if any(len(one.amount_fen) != years for one in funds):
        raise PlanError(Text("每个资金来源须逐年给出金额", "every fund needs an amount for each year"))
    found = [money(one.amount_fen, Text("“{n}”的金额", "the money of {n}").format(n=one.name)) for one in funds]
    return np.array(found, dtype=np.int64).reshape(len(funds), years)


def beyond(cost: Fen, capped: Fen) -> Fen:
    """Give what each set of funds cannot pay of each project, shape (2^funds, n); bit k of the row number is fund k."""
    reach = np.zeros((1, len(cost)), dtype=np.int64)
    for one in capped:
        reach = np.vstack([reach, reach + one])
    return np.asarray(np.maximum(cost - reach, 0), dtype=np.int64)


def outside(money_fen: Fen) -> Fen:
    """Give the money of the funds that are not in each set, by year, shape (2^funds, years)."""
    held = np.zeros((1, money_fen.shape[1]), dtype=np.int64)
    for one in money_fen:
        held = np.vstack([held, held + one])
    return np.asarray(held[-1] - held, dtype=np.int64)


def fund_rows(cost: Fen, funds: Sequence[Fund], years: int, *, carry: bool = False) -> list[Row]:
    """Give the limits that the funds set, over (year, project) columns; those that cannot bind are left out.

    Without carrying over they are all there are. With it some are only found by ``broken``.
    """
    if not funds:
        return []
    lack, held, n = beyond(cost, caps(cost, funds)), outside(amounts(funds, years)), len(cost)
    rows: list[Row] = []
    for year in range(years):
        first = 0 if carry else year
        seen: set[bytes] = set()
        high = held[:, first : year + 1].sum(axis=1)
        for which in np.argsort(high, kind="stable"):
            factor = lack[which]
            same = factor.tobytes()
            if same in seen or int(factor.sum()) * (year + 1 - first) <= high[which]:
                continue
            seen.add(same)
            rows.append(_row(funds, [int(which)] * (year + 1 - first), lack, int(high[which]), first=first, n=n))
    return rows


def _row(funds: Sequence[Fund], sets: Sequence[int], lack: Fen, high: int, *, first: int, n: int) -> Row:
    """Give the row of one set of funds for each year from ``first`` on."""
    factor = np.concatenate([lack[one] for one in sets])
    used = np.flatnonzero(factor)
    others = [fund.name for k, fund in enumerate(funds) if not sets[0] >> k & 1]
    yuan = f"{high / 100:,.0f}"
    if not others:
        words = Text("各资金来源合计须付足全部费用", "the funds together have to pay the whole cost")
    elif len(others) == len(funds):
        words = Text(f"各资金来源合计 {yuan} 元", f"all funds together have {yuan} yuan")
    else:
        words = Text(
            "只能由{others}出的部分不超过 {yuan} 元", "what only {others} may pay is limited to {yuan} yuan"
        ).format(others=listed(others), yuan=yuan)
    return Row(words, used + first * n, factor[used], None, high)


def broken(done: NDArray[np.bool_], cost: Fen, funds: Sequence[Fund], *, carry: bool) -> Row | None:
    """Give the limit of the funds that a choice breaks most, None if every project can be paid to the fen.

    Args:
        done: what is done in which year, shape (years, n).
        cost: whole fen, shape (n,).
        funds: the sources of money.
        carry: money left over may pay for the years after.

    Returns:
        A row that every choice has to keep. Without carrying over each year stands for itself; with it the sets of
        funds may only grow from year to year, and the worst such chain is found by looking back year by year.
    """
    if not funds:
        return None
    lack, held, years = beyond(cost, caps(cost, funds)), outside(amounts(funds, len(done))), len(done)
    over = np.array([lack[:, one].sum(axis=1) for one in done]) - held.T
    if not carry:
        worst, which = (int(one) for one in np.unravel_index(int(np.argmax(over)), over.shape))
        if over[worst, which] <= 0:
            return None
        return _row(funds, [which], lack, int(held[which, worst]), first=worst, n=len(cost))
    best, came = over[0], []
    for year in range(1, years):
        from_ = _best_subset(best)
        came.append(from_)
        best = over[year] + best[from_]
    chain = [int(np.argmax(best))]
    if best[chain[0]] <= 0:
        return None
    for from_ in reversed(came):
        chain.insert(0, int(from_[chain[0]]))
    high = int(sum(held[which, year] for year, which in enumerate(chain)))
    return _row(funds, chain, lack, high, first=0, n=len(cost))


def _best_subset(value: Fen) -> NDArray[np.int64]:
    """Give for each set the subset of the largest value."""
    best = np.arange(len(value))
    for bit in range(len(value).bit_length() - 1):
        with_ = np.flatnonzero(np.arange(len(value)) >> bit & 1)
        without = with_ ^ (1 << bit)
        best[with_] = np.where(value[best[without]] > value[best[with_]], best[without], best[with_])
    return best


def split(done: NDArray[np.bool_], cost: Fen, funds: Sequence[Fund], *, carry: bool = False) -> Fen:
    """Say who pays what: whole fen by fund and project, shape (funds, n); funds named first are used first.

    Args:
        done: what is done in which year, shape (years, n).
        cost: whole fen, shape (n,).
        funds: the sources of money, the narrowest purpose first.
        carry: money left over may pay for the years after.

    Raises:
        PlanError: the funds cannot pay for it.
    """
    from scipy.optimize import linprog  # noqa: PLC0415 (heavy)
    from scipy.sparse import csr_array, vstack  # noqa: PLC0415 (heavy)

    years, n = done.shape
    capped, held = caps(cost, funds), amounts(funds, years)
    year, one = np.nonzero(done)
    # one column for each fund, year of its money, and project that it may pay then
    open_ = [
        (k, s, at) for k in range(len(funds)) for s in range(years) for at in range(len(one))
        if capped[k, one[at]] > 0 and (s == year[at] or (carry and s < year[at]))
    ]  # fmt: skip
    if not open_:
        return np.zeros((len(funds), n), dtype=np.int64)
    which, when, what = np.array(open_).T
    columns, ones = np.arange(len(open_)), np.ones(len(open_))
    whole = csr_array((ones, (what, columns)), shape=(len(one), len(open_)))
    purse = csr_array((ones, (which * years + when, columns)), shape=(len(funds) * years, len(open_)))
    part = csr_array((ones, (which * len(one) + what, columns)), shape=(len(funds) * len(one), len(open_)))
    found = linprog(
        which.astype(float), A_ub=vstack([purse, part]), b_ub=np.concatenate([held.ravel(), capped[:, one].ravel()]),
        A_eq=whole, b_eq=cost[one], bounds=(0, None), method="highs-ds",
    )  # fmt: skip
    if found.x is None:
        raise PlanError(Text("资金来源付不了所选项目", "the funds cannot pay for what was chosen"))
    fen = np.rint(found.x).astype(np.int64)
    paid = np.zeros((len(funds), n), dtype=np.int64)
    np.add.at(paid, (which, one[what]), fen)
    spent = np.zeros_like(held)
    np.add.at(spent, (which, when), fen)
    if (spent > held).any() or (paid > capped).any() or (paid.sum(axis=0) != np.where(done.any(axis=0), cost, 0)).any():
        raise PlanError(Text("资金拆分未能精确到分", "the money could not be split to the fen"))
    return paid
