"""What people do to items: accept, decline, change, add; each gives the rows to store."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from geo.text import Text, listed
from layers import BUDGET_ITEMS, Workspace
from layers.schema import BudgetItems
from reports.works.derived import COLUMNS, DERIVED, NUMBERS, typed
from reports.works.proposing import proposals
from reports.works.stored import WorksError, items_of

COSTS = ("cost_yuan", "cost_low_yuan", "cost_high_yuan")
OWN = "OWN-"
"""How ids begin of items that a person has added."""
YES, NO = {"true", "yes", "1", "是"}, {"false", "no", "0", "否", ""}


def all_items(ws: Workspace, *, lang: str | None = None) -> pd.DataFrame:
    """Give stored items and, behind them, those that are proposed."""
    return pd.concat([items_of(ws), proposals(ws, lang=lang)])


def decided(items: pd.DataFrame, ids: Sequence[str], decision: str) -> pd.DataFrame:
    """Accept or decline items, proposed or stored.

    Args:
        items: of ``all_items``.
        ids: which.
        decision: "accepted", "declined" or "proposed" (back to where it was).

    Raises:
        WorksError: an id that is no item.
    """
    return _rows(items, ids).assign(**{BudgetItems.decision: decision})


def changed(items: pd.DataFrame, item_id: str, cells: Mapping[str, Any]) -> pd.DataFrame:
    """Change cells of one item; a new quantity moves the estimated cost with it, a stated cost needs no range.

    Raises:
        WorksError: no such item or column, or a cell that cannot be read.
    """
    row = _rows(items, [item_id])
    new = _read(cells)
    if BudgetItems.quantity in new and not set(COSTS) & set(new):
        old = float(row[BudgetItems.quantity].iloc[0])
        by = float(new[BudgetItems.quantity]) / old if old > 0 else float("nan")
        new |= {name: float(row[name].iloc[0]) * by for name in COSTS}
    elif "cost_yuan" in new:
        new = {"cost_low_yuan": None, "cost_high_yuan": None, BudgetItems.qualifier: "eq", **new}
    return typed(row.assign(**{name: [value] for name, value in new.items()}))


def added(ws: Workspace, cells: Mapping[str, Any]) -> pd.DataFrame:
    """Add an item of one's own; it gets the next free id and counts as accepted unless it says otherwise.

    Raises:
        WorksError: no name, no such column, or a cell that cannot be read.
    """
    new = {BudgetItems.origin: "person", BudgetItems.decision: "accepted", **_read(cells)}
    if not new.get(BudgetItems.name):
        raise WorksError(Text("新增费用项须写名称", "an item of one's own needs a name"))
    taken = [str(one) for one in ws[BUDGET_ITEMS].index] if BUDGET_ITEMS in ws else []
    numbers = [int(one.removeprefix(OWN)) for one in taken if one.startswith(OWN) and one.removeprefix(OWN).isdecimal()]
    index = pd.Index([f"{OWN}{max(numbers, default=0) + 1:04d}"], name=BudgetItems.item_id)
    return typed(pd.DataFrame({name: [value] for name, value in new.items()}, index=index))


def edited(items: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Give the rows to store after an edit of a table of items.

    Args:
        items: of ``all_items``.
        after: some of the rows with some of the columns, as a person left them.
    """
    rows = []
    before = items.loc[after.index]
    for item_id in after.index:
        cells = {
            name: after.loc[item_id, name]
            for name in after.columns
            if name in COLUMNS and not _same(before.loc[item_id, name], after.loc[item_id, name])
        }
        if cells:
            rows.append(changed(items, str(item_id), cells))
    return pd.concat(rows) if rows else items.iloc[:0]


def _same(old: object, new: object) -> bool:
    return (pd.isna(old) and pd.isna(new)) or (not pd.isna(old) and not pd.isna(new) and bool(old == new))  # type: ignore[call-overload]


def _rows(items: pd.DataFrame, ids: Sequence[str]) -> pd.DataFrame:
    unknown = sorted(set(ids) - set(map(str, items.index)))
    if unknown:
        words = Text("没有这些费用项：{what}", "there are no items {what}")
        raise WorksError(words.format(what=listed([Text.same(one) for one in unknown[:5]])))
    return items.loc[list(dict.fromkeys(ids))].drop(columns=list(DERIVED))


def _read(cells: Mapping[str, Any]) -> dict[str, Any]:
    """Read cells that may be text: numbers, yes and no; empty text is nothing."""
    strange = sorted(set(cells) - set(COLUMNS))
    if strange:
        words = Text("费用项没有这些列：{what}；可用：{known}", "items have no columns {what}; there are {known}")
        raise WorksError(words.format(what=", ".join(strange), known=", ".join(COLUMNS)))
    return {name: _cell(name, value) for name, value in cells.items()}


def _cell(name: str, value: object) -> object:
    if value is None or pd.isna(value) or (isinstance(value, str) and not value.strip()):  # type: ignore[call-overload]
        return None
    word = str(value).strip()
    if name in NUMBERS:
        try:
            return float(word.replace(",", ""))
        except ValueError as error:
            words = Text("{name} 的“{word}”不是数字", "“{word}” of {name} is no number")
            raise WorksError(words.format(name=name, word=word)) from error
    if name == BudgetItems.must_do:
        if word.lower() not in YES | NO:
            words = Text("must_do 只能写 true 或 false，不能写“{word}”", "must_do is true or false, not “{word}”")
            raise WorksError(words.format(word=word))
        return word.lower() in YES
    return word
