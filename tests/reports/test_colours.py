"""Each criterion has one colour, unlike all others and the same whatever the weights."""

from itertools import combinations

import numpy as np

from layers import Workspace
from reports.briefing import brief
from reports.colours import COLOURS, CRITERION_COLOURS
from reports.criteria import MEASURES
from reports.priority import rank
from reports.ranking_table import capital, part_colours
from reports.render.html import html

APART = 50
"""Least distance of two colours in RGB."""


def rgb(colour: str) -> np.ndarray:
    return np.array([int(colour[n : n + 2], 16) for n in (1, 3, 5)], dtype=float)


def test_every_measure_has_a_colour_of_its_own() -> None:
    assert set(CRITERION_COLOURS) == set(MEASURES)
    nearest = min(float(np.linalg.norm(rgb(a) - rgb(b))) for a, b in combinations(COLOURS, 2))
    assert nearest >= APART


def test_colours_stay_when_a_weight_becomes_nothing(sample: Workspace) -> None:
    ranking = rank(sample, draws=20)
    before = part_colours(ranking, "en")
    assert len(before) == len(ranking.used)
    heaviest = max(ranking.used, key=lambda c: c.weight)
    after = part_colours(ranking.reweighed({heaviest.key: 0}), "en")
    assert after.items() == before.items() - {(capital(heaviest.title.en), CRITERION_COLOURS[heaviest.key])}


def test_a_report_paints_a_criterion_as_the_app_does(sample: Workspace) -> None:
    ranking = rank(sample, draws=20)
    page = html(brief(sample, ranking), lang="en")
    for criterion in ranking.used:
        assert f".c-{criterion.key} {{ background: {CRITERION_COLOURS[criterion.key]}; }}" in page
        assert f'<i class="c-{criterion.key}"></i>{criterion.title.en}' in page
