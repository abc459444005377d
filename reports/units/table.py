"""A ranking of units as words: what can be ranked, what is left out and why, how many issues belong to none."""

import pandas as pd

from geo.text import Text
from layers import Workspace
from reports.ranking_table import capital, rank_table
from reports.units.kinds import UNITS, unit_choices
from reports.units.ranked import UnitRanking

OUTSIDE = Text(
    "{n} 件已知问题距任何{unit}都超过 {m:g} m，未归入。",
    "{n} known issues lie farther than {m:g} m from every {unit} and belong to none.",
)
LEFT_OUT = Text("{title}：{why}。", "{title}: {why}.")


def choices(ws: Workspace) -> dict[str, Text]:
    """Give what can be ranked in a workspace beside grids, by the word of ``guatu rank --of``."""
    by_key = {spec.key: word for word, spec in UNITS.items()}
    return {by_key.get(spec.key, spec.key): spec.title for spec in unit_choices(ws)}


def unit_table(found: UnitRanking, lang: str, *, first: int) -> pd.DataFrame:
    """Give the first ranked units as ``rank_table`` does."""
    return rank_table(found.ranking, lang).head(first)


def unit_notes(found: UnitRanking) -> list[Text]:
    """Say what belongs to no unit, what is not ranked, and which measures make no sense here."""
    said = list(found.notices)
    if found.outside:
        said.append(OUTSIDE.format(n=f"{found.outside:,}", unit=found.units.words, m=found.units.reach_m))
    titles = {one.key: one.title for one in found.ranking.criteria.items}
    said += [
        LEFT_OUT.format(title=Text(titles[key].zh, capital(titles[key].en)), why=why)
        for key, why in found.left_out.items()
        if key in titles
    ]
    return said
