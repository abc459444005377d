"""What asks for works: open issues on the place that they are about."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from layers import BUILDINGS, HOUSING_ESTATES, ISSUES, STREETS, LayerSpec
from layers.schema import Issues
from reports.works.derived import large_grids
from reports.works.ground import Ints, WorkGround
from reports.works.rules import Rule, fitting, rules_of


class Place(NamedTuple):
    """Where an item lies: a thing of a layer (with the part of a street), or a grid alone.

    ``grid`` is the code of the finest grid, or of a large one where ``is_large``; None where it lies in none.
    """

    layer: str
    thing: str
    part: int
    grid: str | None
    is_large: bool = False


class Claim(NamedTuple):
    """One reason for an item: the rule, the id of the issue, indicator or site, the place, and how grave it is."""

    rule: Rule
    origin: str
    place: Place
    severity: float


class Claims(NamedTuple):
    """Claims, and how many issues there were and became none: by reason."""

    rows: list[Claim]
    counts: Mapping[str, int]


def issue_claims(ground: WorkGround) -> Claims:
    """Give a claim for each open issue that works can mend.

    Issues of a type that is a matter of management (rubbish, posters, parking offences, noise), without a type, or
    in no grid claim nothing; they are counted.
    """
    ws = ground.ws
    if ISSUES not in ws:
        return Claims([], {})
    issues = ws[ISSUES]
    is_open = ws.standing["is_open"].to_numpy(dtype=bool)
    types, rules = issues[Issues.issue_type], rules_of(ws, "issue")
    typed, worked = types.notna().to_numpy(), types.isin(list(rules)).to_numpy()
    inside = ws.codes(ISSUES) >= 0
    rows = np.flatnonzero(is_open & worked & inside)
    chosen = _chosen(issues.iloc[rows], rules)
    places = _places(ground, rows, [one.place for one in chosen])
    grave = issues[Issues.severity].to_numpy(dtype=float, na_value=np.nan)
    ids = issues.index.to_numpy(dtype=object)
    found = [
        Claim(rule, str(ids[row]), place, float(grave[row]))
        for rule, row, place in zip(chosen, rows, places, strict=True)
    ]
    counts = {
        "open_issues": int(is_open.sum()),
        "claiming": len(found),
        "management_or_other": int((is_open & typed & ~worked).sum()),
        "untyped": int((is_open & ~typed).sum()),
        "in_no_grid": int((is_open & worked & ~inside).sum()),
    }
    return Claims(found, counts)


def _chosen(issues: pd.DataFrame, rules: Mapping[str, tuple[Rule, ...]]) -> list[Rule]:
    """Pick the rule of each issue by the words of its description and of its type in the source."""
    columns = [issues[name].astype("object") for name in (Issues.issue_type, Issues.source_type, Issues.description)]
    said: dict[tuple[str, str], Rule] = {}
    found = []
    for code, *words in zip(*columns, strict=True):
        options = rules[str(code)]
        text = "" if len(options) == 1 else " ".join(str(one) for one in words if not pd.isna(one))
        key = (str(code), text)
        if key not in said:
            said[key] = fitting(options, text)[0]
        found.append(said[key])
    return found


def _places(ground: WorkGround, rows: Ints, kinds: list[str]) -> list[Place]:
    """Place each issue on its street, building or estate; where none is near, and else, on its grid."""
    ws, kind = ground.ws, np.array(kinds, dtype=object)
    grids = ground.grids[ws.codes(ISSUES)[rows]]
    large = large_grids(ws)
    found = [
        Place("", "", -1, str(large[g]) if k == "large_grid" else str(g), k == "large_grid")
        for g, k in zip(grids, kind, strict=True)
    ]
    on_street = np.flatnonzero(kind == "street")
    for at, part in zip(on_street, ground.issue_part(rows[on_street]), strict=True):
        if part >= 0:
            found[at] = street_place(ground, int(part))
    for name, spec in (("building", BUILDINGS), ("estate", HOUSING_ESTATES)):
        chosen = np.flatnonzero(kind == name)
        for at, row in zip(chosen, ground.issue_row(rows[chosen], spec), strict=True):
            if row >= 0:
                found[at] = thing_place(ground, spec, int(row), fallback=found[at].grid)
    return found


def street_place(ground: WorkGround, part: int) -> Place:
    """Give the place that is a part of a street."""
    row, grid = divmod(part, len(ground.grids))
    return Place(STREETS.key, str(ground.ws[STREETS].index[row]), part, str(ground.grids[grid]))


def thing_place(ground: WorkGround, spec: LayerSpec, row: int, *, fallback: str | None = None) -> Place:
    """Give the place that is a building, an estate or a site, in the grid that owns it."""
    code = int(ground.ws.codes(spec)[row])
    grid = str(ground.grids[code]) if code >= 0 else fallback
    return Place(spec.key, str(ground.ws[spec].index[row]), -1, grid)
