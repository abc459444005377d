"""Rivals and certificate as plain JSON values and as lines for people."""

from typing import Any

import pandas as pd

from geo.text import Text, listed
from reports.answers import Answer, number, whole
from reports.rivals.certificate import Certificate
from reports.rivals.methods import COMMON, TITLES, WEIGHTED, Rivals
from reports.rivals.words import agreement_said, certificate_said, dominated_said, doubts_said, set_said


def methods_answer(found: Rivals) -> Answer:
    """Give the methods side by side: ``guatu rank --json`` under ``methods``."""
    full = found.contest.full
    return {
        "compared": [
            {
                "method": key,
                "title": TITLES[key]._asdict(),
                "conventions": [words._asdict() for words in found.meta[key]],
                "criteria": found.contest.keys if key == WEIGHTED else [str(one) for one in full.measures.columns],
            }
            for key in map(str, found.ranks)
        ],
        "criteria_left_out": list(full.criteria_out),
        "grids_left_out": list(full.units_out),
        "notices": [words._asdict() for words in full.notices],
        "grids": [
            {
                "grid_id": str(unit),
                "ranks": {str(key): whole(rank) for key, rank in row.items()},
                "places_apart": whole(found.spread.get(unit)),
                "dominated_by": found.dominated.get(unit),
            }
            for unit, row in found.ranks.sort_values(WEIGHTED, kind="stable").iterrows()
        ],
        "agreement": [_row(row) for row in found.agreement.to_dict("records")],
        "top": found.k,
        "compromise_set": list(found.compromise_set),
        "compromise_tests": {"advantage": found.advantage, "stability": found.stability},
        "said": [words._asdict() for words in rivals_said(found)],
    }


def certificate_answer(found: Certificate) -> Answer:
    """Give the certificate: ``guatu rank --json`` under ``certificate``."""
    units = found.units.drop(columns="name").reset_index(names="grid_id")
    stability = found.stability.reset_index(names="key")
    without = found.without.reset_index(names="key")
    return {
        "of": WEIGHTED,
        "top": found.k,
        "box": found.box,
        "draws": found.draws,
        "seed": found.seed,
        "concentration": found.contest.rules["dirichlet_concentration"],
        "data_drawn": [words._asdict() for words in found.doubts],
        "grids": [_row(row) for row in units.to_dict("records")],
        "stability": [_row(row) for row in stability.to_dict("records")],
        "left_out_one": [_row(row) for row in without.to_dict("records")],
        "said": [words._asdict() for words in certificate_said(found)],
    }


def _row(row: dict[Any, Any]) -> Answer:
    return {str(key): _value(value) for key, value in row.items()}


def _value(value: object) -> object:
    if isinstance(value, str | bool):
        return value
    if value is None or value is pd.NA:
        return None
    plain = value.item() if hasattr(value, "item") else value
    if isinstance(plain, bool):
        return plain
    found = number(plain)
    return int(found) if isinstance(found, float) and found.is_integer() else found


def rivals_said(found: Rivals) -> tuple[Text, ...]:
    """Say where the methods disagree, VIKOR's set, and what is dominated."""
    said = [*agreement_said(found), set_said(found), dominated_said(found), *found.contest.full.notices]
    return tuple(one for one in said if one is not None)


def rivals_lines(rivals: Rivals, found: Certificate, lang: str) -> list[str]:
    """Give what ``guatu rank`` says of the other methods and of the certificate."""
    said = [*rivals_said(rivals), *certificate_said(found), doubts_said(found)]
    return [one.in_(lang) for one in said if one is not None]


def method_titles(found: Rivals) -> Text:
    """Name the methods that are compared on the same data."""
    return listed([TITLES[key] for key in found.compared if key != COMMON])
