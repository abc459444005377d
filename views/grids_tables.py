"""How the tables of the workshop of grids look: heads in the language of the session, numbers to the right."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from geo.text import Text
from reports.gridworks.tables import heads
from views import state
from views.state import t

SAVE = Text("下载表格（CSV）", "Download the table (CSV)")
TALL, TALL_PX = 12, 420
"""Rows from which a table scrolls, and its height then in pixels."""
FINE = frozenset({"gini", "cv", "most_over_mean", "share_percent", "share_mean_percent", "share_least_percent"})
"""Columns with two decimals; ``COARSE`` have one."""
COARSE = frozenset({"mean", "issues_per_month", "area_percent", "household_percent", "area_ha", "width_m"})


def table_only(found: pd.DataFrame, titles: Mapping[str, Text]) -> None:
    """Show a table with its heads."""
    config: dict[str, Any] = {"_index": None} | {key: _column(found, key, words) for key, words in titles.items()}
    height: Any = "content" if len(found) <= TALL else TALL_PX
    st.dataframe(found, hide_index=True, column_config=config, placeholder="", height=height)


def table(found: pd.DataFrame, titles: Mapping[str, Text], *, name: str) -> None:
    """Show a table with its heads and a download."""
    table_only(found, titles)
    named = found.rename(columns=heads(titles, state.lang()))
    st.download_button(
        t(SAVE), lambda: named.to_csv(index=False).encode("utf-8-sig"), f"{name}.csv", "text/csv",
        on_click="ignore", key=state.own(f"save {name}"),
    )  # fmt: skip


def _column(found: pd.DataFrame, key: str, words: Text) -> Any:  # noqa: ANN401 (Streamlit's own type is private)
    if key in found and pd.api.types.is_numeric_dtype(found[key]):
        form = "%.2f" if key in FINE else "%.1f" if key in COARSE else "localized"
        return st.column_config.NumberColumn(t(words), format=form)
    if key in found and pd.api.types.is_datetime64_any_dtype(found[key]):
        return st.column_config.DateColumn(t(words), format="YYYY-MM-DD")
    return st.column_config.Column(t(words))
