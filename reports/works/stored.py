"""Items that people keep: read with what follows from them, and stored with who decided and when."""

from datetime import datetime

import pandas as pd

from geo.errors import GuatuError
from geo.text import Text, listed
from layers import BUDGET_ITEMS, Workspace
from layers.intake.history import Intake, history, state
from layers.revision import store_revision
from layers.schema import BudgetItems
from layers.schema.issues import ITEM_DECISION
from reports.works.derived import COLUMNS, DERIVED, derive, empty_items, typed

KEY = "works"
"""Key of a record in the history of layers that changed items."""


class WorksError(GuatuError):
    """Something that cannot be done to items."""


def items_of(ws: Workspace) -> pd.DataFrame:
    """Give all stored items, sorted by id, with what follows: see ``reports.works.derived.DERIVED``.

    Besides the columns of the layer: ``code`` of the catalogue (null for what it does not know), ``grid_id`` and
    ``large_grid_id`` (null where an item lies in none), ``project_status``, ``is_open`` (neither declined nor of works
    begun or done), ``cost_from`` ("stated", "range", "catalogue", "unknown") and ``life_years``.
    """
    return derive(ws, ws.tables[BUDGET_ITEMS.key].sort_index() if BUDGET_ITEMS in ws else empty_items())


def store_items(
    ws: Workspace, items: pd.DataFrame, author: str, *, note: str = "", at: datetime | None = None
) -> Intake:
    """Store items, new ones and changed ones, as one transaction; ``guatu undo`` takes it back.

    Args:
        ws: the workspace; what was stored is seen when it is opened anew.
        items: rows by item id with any columns of the layer; of a stored item the columns that are given are replaced.
        author: who decided.
        note: why, in a word.
        at: when, naive local time; None is now.

    Raises:
        WorksError: no author, no items, or a decision that is none.
        DataError: the layers have changed since the workspace was opened, or would not open.
    """
    if not author.strip():
        raise WorksError(Text("须写明审定人", "say who decides"))
    given = items.drop(columns=[name for name in items.columns if name in DERIVED])
    _refuse(given)
    when = pd.Timestamp(at or datetime.now()).floor("s")  # noqa: DTZ005 (workspaces keep naive local time)
    stored = typed(ws.tables[BUDGET_ITEMS.key]) if BUDGET_ITEMS in ws else empty_items()
    merged = _merged(stored, given.assign(decided_by=author.strip(), decided_at=when))
    ids = sorted(map(str, given.index))
    new = sorted(set(ids) - set(map(str, stored.index)))
    record = {
        "file": str(Text(f"费用项 {len(ids):,} 项", f"{len(ids):,} renewal items")), "author": author.strip(),
        KEY: {"author": author.strip(), "at": when.isoformat(), "note": note, "ids": ids, "new": new, "changes": _changes(stored, merged, ids)},
        "rows_read": len(ids), "rows_kept": len(ids), "rows_rejected": 0, "rows_added": len(new),
        "rows_updated": len(ids) - len(new), "rows_unchanged": len(stored) - (len(ids) - len(new)),
    }  # fmt: skip
    return store_revision(ws.folder, {BUDGET_ITEMS: merged}, record, expected=state(ws.folder))


def _refuse(given: pd.DataFrame) -> None:
    """Refuse what is no table of items."""
    if given.empty:
        raise WorksError(Text("没有要保存的费用项", "there are no items to store"))
    if not given.index.is_unique or given.index.isna().any():
        raise WorksError(Text("费用项编号重复或为空", "ids of items are repeated or empty"))
    strange = sorted(set(given.columns) - set(COLUMNS))
    if strange:
        words = Text("费用项没有这些列：{what}", "items have no columns {what}")
        raise WorksError(words.format(what=listed([Text.same(one) for one in strange])))
    decisions = set(given[BudgetItems.decision].dropna()) if BudgetItems.decision in given else set()
    if not decisions <= set(ITEM_DECISION):
        words = Text("审定只能是 {known}", "a decision is one of {known}")
        raise WorksError(words.format(known=", ".join(ITEM_DECISION)))


def _merged(stored: pd.DataFrame, given: pd.DataFrame) -> pd.DataFrame:
    """Lay given rows over stored ones, cell by cell of the columns that are given."""
    index = stored.index.union(given.index.astype("str")).rename(BudgetItems.item_id)
    columns = {}
    for name in dict.fromkeys([*stored.columns, *given.columns]):
        before = stored[name].reindex(index).astype("object") if name in stored else pd.Series(None, index=index)
        if name in given:
            before = before.astype("object")
            before.loc[given.index] = given[name].astype("object").to_numpy()
        columns[name] = before
    table = pd.DataFrame(columns, index=index)
    return typed(table.where(table.notna(), None))


def _changes(before: pd.DataFrame, after: pd.DataFrame, ids: list[str]) -> list[dict[str, object]]:
    """List the cells of stored items that changed, old and new as text."""
    known = [one for one in ids if one in before.index]
    found: list[dict[str, object]] = []
    for name in [one for one in COLUMNS if one not in {"decided_by", "decided_at"}]:
        old, new = before.loc[known, name].astype("object"), after.loc[known, name].astype("object")
        for one, a, b in zip(known, old, new, strict=True):
            if not (pd.isna(a) and pd.isna(b)) and (pd.isna(a) or pd.isna(b) or a != b):
                found.append(
                    {
                        "item": one,
                        "column": name,
                        "old": None if pd.isna(a) else str(a),
                        "new": None if pd.isna(b) else str(b),
                    }
                )
    return found


def decisions(ws: Workspace) -> pd.DataFrame:
    """List what was stored of items, the latest first: at, author, note, items, new, changed cells."""
    rows = [(one.number, one.record[KEY]) for one in reversed(history(ws.folder)) if KEY in one.record]
    return pd.DataFrame(
        [(r["at"], r["author"], r["note"], len(r["ids"]), len(r["new"]), len(r["changes"])) for _, r in rows],
        columns=["at", "author", "note", "items", "new", "changes"],
        index=pd.Index([number for number, _ in rows], name="number"),
    )
