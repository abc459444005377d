"""Items proposed from open issues, gaps and sites: one for each place and renewal item, with quantity and range of cost."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from geo.memory import collection_put_off
from geo.text import Text
from layers import BUDGET_ITEMS, BUILDINGS, SITES, Workspace
from layers.schema import BudgetItems, Grids
from layers.standards import renewal_items
from reports.works.amounts import Amounts
from reports.works.catalogue import orders, unit_words
from reports.works.claims import Claim, Place, issue_claims
from reports.works.derived import derive, empty_items
from reports.works.gaps import Gaps, gap_claims, site_claims
from reports.works.ground import WorkGround
from reports.works.rules import Rule

ORIGINS = ("issue", "indicator", "site")
"""Where an item comes from; if several, the first of these is its origin and all ids are kept."""
CONVENTIONS = Text(
    "同一地点、同一改造内容、同一单位的事由合为一项；街巷按所在网格分段；数量取自图形或件数，取不到的留空；金额为单价区间乘数量，取中值",
    "reasons for one renewal item at one place with one unit are one item; a street is parted by grids; quantities come from "
    "shapes or counts and stay empty where they cannot; the amount is quantity by range of unit cost, its middle",
)
Key = tuple[str, str, Place]


@dataclass(frozen=True)
class Proposed:
    """Proposed items as ``items_of`` has them, and how they came about; items already stored are left out."""

    items: pd.DataFrame = field(repr=False)
    meta: Mapping[str, object]


def proposals(ws: Workspace, *, lang: str | None = None) -> pd.DataFrame:
    """Give the proposed items of a workspace, see ``propose``."""
    return propose(ws, lang=lang).items


@collection_put_off()
def propose(ws: Workspace, *, lang: str | None = None) -> Proposed:
    """Propose items from open issues, gaps of indicators and sites.

    The ids follow from place and renewal item, so that what a person has decided is not proposed again.

    Args:
        ws: an opened workspace.
        lang: language of names and units, "zh" or "en"; None is that of the workspace.

    Raises:
        DataError: the workspace has no grids.
    """
    ws.grids()
    ground = WorkGround(ws)
    gaps = Gaps(ground)
    asked = issue_claims(ground)
    claims = [*asked.rows, *gap_claims(ground, gaps), *site_claims(ground)]
    groups: dict[Key, list[Claim]] = {}
    for one in claims:
        groups.setdefault((one.rule.renewal_item, one.rule.price.unit, one.place), []).append(one)
    made = _Maker(ws, Amounts(ground, gaps), lang or ws.manifest.language)
    rows = {made.item_id(key): made.row(key, group) for key, group in sorted(groups.items())}
    table = pd.DataFrame.from_dict(rows, orient="index") if rows else empty_items()
    table = _bound(ws, table)
    stored = set(map(str, ws[BUDGET_ITEMS].index)) if BUDGET_ITEMS in ws else set()
    items = derive(ws, table)
    meta = {
        "method": "claims grouped by renewal item, unit and place",
        "conventions": CONVENTIONS.en,
        "issues": asked.counts,
        "claims": {kind: sum(one.rule.kind == kind for one in claims) for kind in ORIGINS},
        "items": len(items),
        "already_stored": len(stored & set(items.index)),
        "seed": None,
    }
    return Proposed(items[~items.index.isin(stored)], meta)


def _bound(ws: Workspace, table: pd.DataFrame) -> pd.DataFrame:
    """Say what has to come first on the same place, and which uses of one site shut each other out."""
    first = orders(ws)
    at: dict[tuple[object, ...], list[tuple[str, str]]] = {}
    keys = list(zip(table["place_layer"], table["place_id"], table["grid_code"], strict=True))
    for item, key, code in zip(table.index, keys, table["renewal_item"], strict=True):
        if key[0] is not None:
            at.setdefault(key, []).append((str(code), str(item)))
    requires: list[str | None] = []
    excludes: list[str | None] = []
    for item, key, code in zip(table.index, keys, table["renewal_item"], strict=True):
        here = at.get(key, [])
        before = [one for other, one in here if other in first.get(str(code), ())]
        rivals = [one for _, one in here if one != item] if key[0] == SITES.key else []
        requires.append("|".join(before) or None)
        excludes.append("|".join(rivals) or None)
    columns = {BudgetItems.requires: requires, BudgetItems.excludes: excludes}
    return table.assign(
        **{name: pd.Series(cells, index=table.index, dtype="object") for name, cells in columns.items()}
    )


class _Maker:
    """Makes the row of an item out of its claims."""

    def __init__(self, ws: Workspace, amounts: Amounts, lang: str) -> None:
        self._ws, self._amounts, self._lang = ws, amounts, lang
        self._catalogue = renewal_items(ws.folder)
        self._grave = amounts.ground.rules["immediate_severity"]
        self._names: dict[str, Mapping[str, str]] = {}

    def item_id(self, key: Key) -> str:
        """Give the id that follows from renewal item, place and, where it is not the usual one, unit."""
        code, unit, place = key
        usual = self._catalogue["unit"].get(code)
        tail = "" if not unit or unit == usual else f".{unit}"
        thing = place.thing if place.part < 0 else f"{place.thing}@{place.grid}"
        return f"{code}.{thing or place.grid}{tail}"

    def row(self, key: Key, claims: list[Claim]) -> dict[str, object]:
        """Give the cells of an item."""
        code, unit, place = key
        leading, quantity = self._leading(claims)
        low, high = (round(quantity * one, 2) for one in leading.price[1:])
        kinds = {one.rule.kind for one in claims}
        ids = dict.fromkeys(sorted(one.origin for one in claims))
        on_grid = place.part >= 0 or not place.layer
        return {
            BudgetItems.name: self._name(place, leading.words),
            BudgetItems.renewal_item: code,
            BudgetItems.item_class: str(self._catalogue["class"][code]),
            BudgetItems.quantity: quantity,
            BudgetItems.unit: unit_words(unit).in_(self._lang) if unit else None,
            BudgetItems.cost_yuan: round((low + high) / 2, 2),
            BudgetItems.cost_low_yuan: low,
            BudgetItems.cost_high_yuan: high,
            BudgetItems.qualifier: None if np.isnan(quantity) else "approx",
            BudgetItems.place_layer: place.layer or None,
            BudgetItems.place_id: place.thing or None,
            BudgetItems.grid_code: place.grid if on_grid or place.layer != BUILDINGS.key else None,
            BudgetItems.origin: next(kind for kind in ORIGINS if kind in kinds),
            BudgetItems.origin_ids: "|".join(ids),
            BudgetItems.decision: "proposed",
            BudgetItems.must_do: bool(max((one.severity for one in claims), key=_or_nothing) >= self._grave),
        }

    def _leading(self, claims: list[Claim]) -> tuple[Rule, float]:
        """Give the rule that sets quantity and price: one whose quantity is known, of several the dearest.

        Replacing a pipe makes dredging it needless, paving a street the patching of its holes: one work is counted.
        """
        counts: dict[Rule, int] = {}
        for one in claims:
            counts[one.rule] = counts.get(one.rule, 0) + (one.rule.kind == "issue")
        found = [(rule, self._amounts.of(rule, claims[0].place, count)) for rule, count in counts.items()]
        return max(found, key=lambda one: (not np.isnan(one[1]), _or_nothing(one[0].price.high_yuan), one[1]))

    def _name(self, place: Place, what: Text) -> str:
        """Name an item by its place and what is done."""
        lang = self._lang
        where = self._named(place.layer, place.thing) if place.layer else ""
        if place.part >= 0 or not place.layer:
            grid = self._named("grids", str(place.grid))
            where = f"{where}{' · ' if lang == 'zh' else ', '}{grid}" if where else grid
        return Text("{where}：{what}", "{where}: {what}").format(where=where, what=what).in_(lang)

    def _named(self, layer: str, thing: str) -> str:
        if layer not in self._names:
            names = self._ws[layer][Grids.name] if Grids.name in self._ws[layer] else pd.Series(dtype="object")
            self._names[layer] = {str(key): str(one) for key, one in names.dropna().items()}
        return self._names[layer].get(thing, thing)


def _or_nothing(value: float) -> float:
    return -1.0 if np.isnan(value) else value
