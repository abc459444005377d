"""The ledger of two days: the map of what grew and what shrank, the table with its intervals, the method."""

from datetime import date

import streamlit as st

from geo.text import Text
from layers import GRIDS, Workspace
from reports.change.days import span
from reports.change.drawn import stock_changes, with_shades
from reports.change.ledger import LedgerChange, titles
from reports.change.shown import LEDGER_HEADS, ledger_rows
from reports.plain_table import csv_bytes
from reports.time import unit_words
from views import analysis_cached, frame, state
from views.following import follow_map
from views.map_component import map_view
from views.plain import plain
from views.state import t
from views.tables import fitting, heads

DATES = Text("起日和止日", "First and last day")
DATES_HELP = Text("两日都按当天结束时计。", "Both days count as they stood at their end.")
CHOOSE = Text("请选起日和止日。", "Choose both days.")
COMPARING = Text("正在按两日折算台账……", "Folding the ledger at both days…")
DOWNLOAD = Text("下载比较表（CSV）", "Download the comparison (CSV)")
HINT = Text(
    "地图：红色为增加，蓝色为减少；图例处可换未办结、超期、上报。比值后为 95% 区间，跨过 1 即不超出偶然。",
    "Map: red grew, blue shrank; choose open, overdue or reported in the legend. Behind each ratio its 95 % interval: one that holds 1 is within chance.",
)
HEIGHT, TABLE_PX = 520, 476


def between_days(ws: Workspace) -> None:
    """Show the part."""
    days = _days()
    if days is None:
        st.info(t(CHOOSE))
        return
    with st.spinner(t(COMPARING)):
        found = analysis_cached.between_days(
            state.volume().folder, state.mark(), *span(*days, ws.manifest.as_of), level=state.level()
        )
    left, right = st.columns([5, 7], gap="medium")
    with left:
        _map(ws, found)
    with right:
        _table(ws, found)
    st.markdown(plain(t(found.where)))
    st.caption(t(HINT))
    st.caption(t(found.words))
    frame.placing_note(ws)


def _days() -> tuple[date, date] | None:
    """Ask for two days."""
    known = analysis_cached.days(state.volume().folder, state.mark())
    picked = st.date_input(
        t(DATES), value=known.usual, min_value=known.first, max_value=known.last, key=state.own("change days"), format="YYYY-MM-DD",
        help=t(DATES_HELP), width=320,
    )  # fmt: skip
    if not isinstance(picked, tuple) or len(picked) != 2 or picked[0] == picked[1]:  # noqa: PLR2004 (both ends)
        return None
    return picked


def _map(ws: Workspace, found: LedgerChange) -> None:
    level = state.level() or ws.finest
    base = analysis_cached.bare_map(state.volume().folder, state.mark(), (), state.lang(), level=level)
    drawn = with_shades(base, ws, level, stock_changes(found))
    follow_map(map_view(drawn, key=f"map_change_{GRIDS.key}", selected=state.selected(), height=HEIGHT))


def _table(ws: Workspace, found: LedgerChange) -> None:
    words = unit_words(ws, "grid", level=state.level())
    rows = ledger_rows(found, words, state.lang())
    st.dataframe(
        rows,
        hide_index=True,
        column_config=heads(LEDGER_HEADS, pinned="label"),
        height=fitting(rows, TABLE_PX),
        placeholder="—",
    )
    st.download_button(
        t(DOWNLOAD),
        lambda: csv_bytes(found.table, titles(), state.lang(), note=found.words),
        f"{ws.name}-{found.since:%Y%m%d}-{found.until:%Y%m%d}.csv",
        "text/csv",
    )
