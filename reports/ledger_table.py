"""The issue ledger as a table for people: filtered, titled in their language, and as a file for a spreadsheet."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.text import Text
from layers import CATALOG, ISSUES, Workspace
from layers.ledger import standing_code
from layers.places import PLACE_WORDS
from layers.schema import Grids, Issues
from layers.standards import issue_types

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

STANDING_WORDS = {
    "overdue": Text("已超期", "overdue"),
    "open": Text("未超期或无期限", "open, not overdue"),
    "closed": Text("已办结", "closed"),
}
"""Where an issue stands, worst first."""
SORT = ("_worst", "days_late", Issues.reported_at, "issue_id")
SEARCHED = (Issues.description, Issues.address, Issues.source_type, Issues.unit_in_charge)
TITLES = {
    "standing": Text("办理情况", "standing"),
    "type": Text("问题类别", "issue type"),
    "days_late": Text("超期天数", "days late"),
    "grid": Text("网格", "grid"),
    "place": Text("定位", "place"),
}
COLUMNS = (
    "standing",
    "days_late",
    "type",
    Issues.description,
    Issues.address,
    "grid",
    Issues.reported_at,
    Issues.due_at,
    Issues.closed_at,
    Issues.unit_in_charge,
    Issues.severity,
    "place",
    Issues.source,
)
UNDER_A_DAY = Text("不足 1 天", "under 1 day")
LATE_CLASSES = (
    (7.0, Text("7 天以内", "up to 7 days")),
    (30.0, Text("8–30 天", "8 to 30 days")),
    (90.0, Text("31–90 天", "31 to 90 days")),
    (180.0, Text("91–180 天", "91 to 180 days")),
    (np.inf, Text("180 天以上", "over 180 days")),
)
FORMULA = r"^[\s]*[=+\-@＝＋－＠]|^[\t\r\n]"
"""Beginnings that a spreadsheet takes for a formula."""


@dataclass(frozen=True)
class Wanted:
    """Which issues are wanted; empty fields ask for all. ``text`` is looked for as it is, in any case of letters."""

    standing: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    grid_id: str | None = None
    text: str = ""


def issue_ledger(ws: Workspace, level: int | None = None) -> pd.DataFrame:
    """Give every known issue with where it stands, worst first.

    Args:
        ws: a workspace with issues.
        level: grid level (None: the finest).

    Returns:
        The issues layer without geometry, sorted overdue (latest first), open, closed, each with
        ``standing`` (a key of ``STANDING_WORDS``), ``type`` (our code, else the type of the source),
        ``days_late`` (whole days, null where not late), ``grid_id`` and ``grid`` (id and name at the
        level, null outside) and ``place`` (see ``layers.places.PLACES``).
    """
    issues = ws[ISSUES]
    stand = ws.standing
    code = standing_code(stand)
    worst = {key: number for number, key in enumerate(STANDING_WORDS)}
    names = ws.grids(level)[Grids.name] if ws.levels else pd.Series(dtype="str")
    owner = ws.owner(ISSUES, level) if ws.levels else pd.Series(None, index=issues.index, dtype="str")
    table = pd.DataFrame(issues.drop(columns=issues.geometry.name)).assign(
        standing=code,
        type=issues[Issues.issue_type].fillna(issues[Issues.source_type]),
        days_late=np.floor(stand["days_late"]).astype("Int64"),
        grid_id=owner,
        grid=owner.map(names),
        place=ws.place(ISSUES),
        _worst=code.map(worst),
    )
    known = table[stand["is_known"].to_numpy()]
    return known.sort_values(list(SORT), ascending=[True, False, False, True], kind="stable").drop(columns="_worst")


def chosen(ledger: pd.DataFrame, wanted: Wanted) -> pd.DataFrame:
    """Give the rows of an issue ledger that are wanted, in its order."""
    keep = np.ones(len(ledger), dtype=bool)
    for column, values in (("standing", wanted.standing), ("type", wanted.types)):
        if values:
            keep &= ledger[column].isin(values).to_numpy()
    if wanted.grid_id is not None:
        keep &= (ledger["grid_id"] == wanted.grid_id).fillna(value=False).to_numpy(dtype=bool)
    rows = ledger[keep]
    text = wanted.text.strip()
    return rows[_mentions(rows, text)] if text else rows


def _mentions(rows: pd.DataFrame, text: str) -> np.ndarray:
    found = rows.index.astype("str").str.contains(text, case=False, regex=False)
    for column in SEARCHED:
        if rows[column].notna().any():
            found |= rows[column].str.contains(text, case=False, regex=False, na=False).to_numpy(dtype=bool)
    return np.asarray(found, dtype=bool)


def counts(rows: pd.DataFrame) -> dict[str, int]:
    """Count rows of an issue ledger by standing; absent ones are 0."""
    found = rows["standing"].value_counts()
    return {key: int(found.get(key, 0)) for key in STANDING_WORDS}


def type_titles(ledger: pd.DataFrame, folder: Path | None = None) -> dict[str, Text]:
    """Give the types that occur in a ledger, most frequent first, with their words.

    Args:
        ledger: see ``issue_ledger``.
        folder: the workspace, which may have types of its own.
    """
    found = ledger["type"].value_counts()
    known = issue_types(folder)[["zh", "en"]].to_dict("index")
    order = sorted(found.index, key=lambda code: (-found[code], code))
    words = {code: known.get(code, {"zh": code, "en": code}) for code in order}
    return {code: Text(str(both["zh"]), str(both["en"])) for code, both in words.items()}


def issue_table(rows: pd.DataFrame, lang: str, folder: Path | None = None) -> pd.DataFrame:
    """Give rows of an issue ledger with words for codes; columns that are empty throughout are left out.

    Returns:
        Table by issue id with the columns of ``COLUMNS``; ``issue_titles`` names them.
    """
    words = {code: title.in_(lang) for code, title in type_titles(rows, folder).items()}
    table = rows.assign(
        standing=rows["standing"].map({k: t.in_(lang) for k, t in STANDING_WORDS.items()}),
        type=rows["type"].map(words),
        place=rows["place"].map({k: t.in_(lang) for k, t in PLACE_WORDS.items()}),
    )
    always = {"standing", "type", "grid", Issues.reported_at}
    return table[[name for name in COLUMNS if name in always or rows[name].notna().any()]]


def issue_titles(lang: str) -> dict[str, str]:
    """Name the columns of ``issue_table`` and its index."""
    spec = CATALOG[ISSUES.key]
    titles = {name: TITLES.get(name, spec.title_of(name)).in_(lang) for name in COLUMNS}
    return {name: title[:1].upper() + title[1:] for name, title in titles.items()} | {
        "issue_id": Text("问题编号", "Issue id").in_(lang)
    }


def late_words(days: Any, lang: str) -> str:  # noqa: ANN401 (a number of any kind, or one of the nulls of pandas)
    """Say how many whole days an issue is late; less than one is said as such, and nothing where it is not late."""
    if days is None or pd.isna(days):
        return ""
    return f"{int(days):,}" if days >= 1 else UNDER_A_DAY.in_(lang)


def spoken(table: pd.DataFrame, lang: str) -> "pd.DataFrame | Styler":
    """Give a table whose ``days_late``, if it has them, are read as words and still sorted as numbers."""
    if "days_late" not in table:
        return table
    return table.style.format({"days_late": lambda days: late_words(days, lang)})


def leading(rows: pd.DataFrame, most: int, issue_id: str | None) -> pd.DataFrame:
    """Give the first rows of an issue ledger, and before them one issue if it is among the rows."""
    if issue_id is None or issue_id not in rows.index:
        return rows.head(most)
    return pd.concat([rows.loc[[issue_id]], rows.drop(index=issue_id).head(most - 1)])


def issue_facts(table: pd.DataFrame, lang: str) -> dict[str, str]:
    """Give the first row of an ``issue_table`` as title and value, what is unknown left out."""
    titles, row = issue_titles(lang), table.iloc[0].dropna()
    said = {
        str(name): f"{value:%Y-%m-%d %H:%M}" if isinstance(value, pd.Timestamp) else str(value)
        for name, value in row.items()
    }
    if "days_late" in said:
        said["days_late"] = late_words(row["days_late"], lang)
    return {titles[name]: value for name, value in said.items()}


def issue_csv(rows: pd.DataFrame, lang: str, folder: Path | None = None) -> bytes:
    """Write rows of an issue ledger as CSV that a spreadsheet opens in the right encoding and without running anything.

    Text that begins like a formula gets an apostrophe in front.
    """
    titles = issue_titles(lang)
    table = issue_table(rows, lang, folder).reset_index()
    for name in table.columns:
        if pd.api.types.is_string_dtype(table[name]):
            table[name] = harmless(table[name])
    text = table.rename(columns=titles).to_csv(index=False, lineterminator="\r\n", date_format="%Y-%m-%d %H:%M")
    return text.encode("utf-8-sig")


def harmless(cells: pd.Series) -> pd.Series:
    """Put an apostrophe before every text that a spreadsheet would take for a formula."""
    risky = cells.str.match(FORMULA).fillna(value=False).astype(bool)
    return cells.where(~risky, "'" + cells)


def late_classes(ledger: pd.DataFrame) -> pd.DataFrame:
    """Count overdue issues by how late they are: ``title_zh``, ``title_en``, ``issues``, shortest first."""
    late = ledger.loc[ledger["standing"] == "overdue", "days_late"].to_numpy(dtype=float, na_value=np.nan)
    number = np.searchsorted([limit for limit, _ in LATE_CLASSES], late)
    return pd.DataFrame(
        {
            "title_zh": [words.zh for _, words in LATE_CLASSES],
            "title_en": [words.en for _, words in LATE_CLASSES],
            "issues": np.bincount(number, minlength=len(LATE_CLASSES)),
        }
    )
