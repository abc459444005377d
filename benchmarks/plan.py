"""Budget plans: proof of the best for 436 items, and how long a moved slider waits.

python -m benchmarks.plan [ROUNDS] [HUOLONG]   figures for docs/benchmarks.md

436 made items with 60 dependencies, 20 exclusions and a least share for each of 17 grids, from a seed. The plain way
states the same model row by row in dense Python lists for the same solver. PuLP with CBC and OR-Tools are no
dependencies: what is not installed is skipped and said so. CPU seconds beside seconds by the clock, interleaved.
"""

import sys
import time
from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from geo.choice.budget import Choice, Question, choose
from geo.choice.nesting import nested
from geo.choice.rules import Rules
from layers import open_workspace
from reports import rank
from reports.plan import Terms, choose_items, plan_ground

ITEMS, NEEDS, AGAINST, GRIDS = 436, 60, 20, 17
BUDGET_FEN, SHARE = 400_000_000, 0.02
SLIDER_S = 0.5


def made(seed: int, budget: int = BUDGET_FEN, *, years: int = 1) -> Question:
    """Make items like those of a community: most of them small, some large, need by cost to the power of 0.7."""
    draw = np.random.default_rng(seed)
    cost = (np.exp(draw.normal(9.8, 1.0, ITEMS)).round(-1) * 100).astype(np.int64)
    gain = (cost / 100) ** 0.7 * draw.lognormal(0, 0.6, ITEMS)
    group = [f"G{one:02d}" for one in draw.integers(0, GRIDS, ITEMS)]
    two = [sorted(map(int, draw.choice(ITEMS, 2, replace=False)), reverse=True) for _ in range(NEEDS + AGAINST)]
    least = {one: int(budget * SHARE) for one in sorted(set(group))}
    rules = Rules(two[:NEEDS], two[NEEDS:], group, least)
    caps = [budget // years] * years
    return Question(cost, gain, caps, 1.0 if years == 1 else 1 / 1.08, rules)


def plain(question: Question) -> float:
    """State the model the plain way; give the most need removed."""
    cost, gain, rules = np.asarray(question.cost_fen), np.asarray(question.benefit), question.rules
    rows, low, high = [cost / 100], [-np.inf], [question.budgets_fen[0] / 100]
    for pairs, sign, top in ((rules.requires, -1.0, 0.0), (rules.excludes, 1.0, 1.0)):
        for a, b in pairs:
            row = np.zeros(len(cost))
            row[a], row[b] = 1.0, sign
            rows, low, high = [*rows, row], [*low, -np.inf], [*high, top]
    for name, fen in rules.least_fen.items():
        inside = np.array([one == name for one in rules.group])
        rows, low, high = [*rows, np.where(inside, cost, 0) / 100], [*low, fen / 100], [*high, np.inf]
    found = milp(
        -gain, integrality=np.ones(len(cost)), bounds=Bounds(0, 1),
        constraints=LinearConstraint(np.array(rows), low, high), options={"mip_rel_gap": 0.0},
    )  # fmt: skip
    return float(-found.fun)


def timed(job: Callable[[], object]) -> tuple[float, float, object]:
    """CPU seconds, seconds by the clock, and what came out."""
    cpu, clock = time.process_time(), time.perf_counter()
    found = job()
    return time.process_time() - cpu, time.perf_counter() - clock, found


def proofs(rounds: int) -> None:
    """Prove the best plan of several made communities, in turn with the plain way."""
    ours, theirs, clocks, open_ = [], [], [], 0
    for seed in range(rounds):
        question = made(seed)
        cpu, clock, found = timed(lambda question=question: choose(question, time_limit=60))
        other, _, value = timed(lambda question=question: plain(question))
        assert isinstance(found, Choice)
        assert abs(found.benefit - float(str(value))) <= 1e-4 * found.benefit, "another optimum"
        open_ += found.status != "optimal"
        ours, theirs, clocks = [*ours, cpu], [*theirs, other], [*clocks, clock]
    print(f"{ITEMS} items, {NEEDS} dependencies, {GRIDS} least shares, {rounds} communities, not proven: {open_}")
    print(
        f"ours {np.median(ours):.2f} s CPU, worst {max(ours):.2f}; by the clock {np.median(clocks):.2f}, worst {max(clocks):.2f}"
    )
    print(
        f"plain way {np.median(theirs):.2f} s CPU, worst {max(theirs):.2f}; ratio {np.median(theirs) / np.median(ours):.2f}"
    )


def waits(name: str, answers: list[tuple[float, float, Choice]]) -> None:
    """Print how long answers took and how far they may be from the best."""
    cpu, clock = np.array([one[0] for one in answers]), np.array([one[1] for one in answers])
    gaps = np.array([float(str(one[2].meta["gap"])) for one in answers if one[2].feasible])
    proven = np.mean([one[2].status == "optimal" for one in answers])
    print(
        f"{name}: {len(answers)} moves, p50 {np.median(clock):.2f} s, p95 {np.quantile(clock, 0.95):.2f} s by the clock, "
        f"p95 {np.quantile(cpu, 0.95):.2f} s CPU; proven {proven:.0%}, gap p95 {np.quantile(gaps, 0.95):.2%}, worst {gaps.max():.2%}"
    )


def slider(rounds: int) -> None:
    """Move the slider over the made items, one year and three."""
    for years in (1, 3):
        answers = []
        for budget in np.linspace(50_000_000, 1_000_000_000, 8 * rounds).astype(int):
            question = made(0, int(budget), years=years)
            cpu, clock, found = timed(lambda question=question: choose(question, time_limit=SLIDER_S, explained=False))
            answers.append((cpu, clock, found))
        waits(f"slider over {ITEMS} made items, {years} years", answers)  # type: ignore[arg-type]


def community(folder: str, rounds: int) -> None:
    """Move the slider of the page over the items of a workspace, with its tables."""
    ws = open_workspace(folder)
    ranking = rank(ws, draws=1)
    cpu, clock, ground = timed(lambda: plan_ground(ranking))
    print(f"{ws.name}: {len(ground.items)} items gathered in {clock:.2f} s ({cpu:.2f} s CPU)")  # type: ignore[attr-defined]
    for years in (1, 3):
        answers = []
        for limit in np.linspace(200_000, 5_000_000, 8 * rounds).round(-4):
            cpu, clock, plan = timed(
                lambda limit=limit, years=years: choose_items(
                    ws, ranking, limit_yuan=limit, years=years, terms=Terms(limit), ground=ground, time_limit=SLIDER_S
                )
            )
            answers.append((cpu, clock, plan.choice))  # type: ignore[attr-defined]
        waits(f"slider of {ws.name}, {years} years", answers)


def nesting() -> None:
    """Ask for the nested sequence over eight amounts of money."""
    asked = [made(0, BUDGET_FEN * step // 8) for step in range(2, 10)]
    best = [choose(one, time_limit=5, explained=False) for one in asked]
    cpu, clock, found = timed(lambda: nested(asked, best, time_limit=10))
    print(
        f"nested over {len(asked)} amounts: price {found.price:.3%}, gap {float(str(found.meta['gap'])):.3%}, "  # type: ignore[attr-defined]
        f"{clock:.1f} s ({cpu:.1f} s CPU)"
    )


def main() -> int:
    """Run everything."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    for name in ("pulp", "ortools"):
        if find_spec(name) is None:
            print(f"skipped: {name} is not installed")
    choose(made(0, BUDGET_FEN // 4), time_limit=1)  # the first call loads the solver
    proofs(rounds)
    slider(rounds)
    nesting()
    if len(sys.argv) > 2:
        community(sys.argv[2], rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
