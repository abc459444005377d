"""Wall: the lists of all grids with person, deadline and lamp, filling the screen, counting down."""

import streamlit as st

from geo.text import Text
from layers.schema import Grids
from reports.render.wall import wall_html
from reports.wall import wall
from views import desk, frame, persons, state
from views.state import t

TITLE = Text("挂图作战", "Wall")
FULL = Text("铺满屏幕", "Fill the screen")
ROWS = Text("每个网格列出", "Lines for each grid")
EVERY_S = 60
"""Seconds after which the countdown is drawn again."""
FILLED = """<style>
[data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stHeading"] { display: none; }
[data-testid="stMainBlockContainer"] { max-width: 100%; padding: .6rem 1rem; }
</style>"""


def page() -> None:
    """Show the page."""
    ws = frame.head(TITLE)
    kept = desk.ledger()
    if kept is None:
        desk.none_yet()
        frame.foot(ws)
        return
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    rows = left.select_slider(t(ROWS), [5, 8, 12, 20, 40], value=8, key=state.own("wall rows"))
    if right.toggle(t(FULL), key=state.own("wall full")):
        st.html(FILLED)
    _board(rows)
    frame.foot(ws)


@st.fragment(run_every=EVERY_S)
def _board(rows: int) -> None:
    """Show the lists, again every minute."""
    if not persons.may_see():
        st.rerun()  # the whole page, which then asks to log in
    ws, kept = state.workspace(), desk.ledger()
    if kept is None:
        return
    as_of = desk.as_of()
    grids = ws.grids(state.level())
    names = {str(key): Text.same(str(one)) for key, one in grids[Grids.name].items()}
    found = wall(desk.cases(), names, as_of, rows=rows, folder=ws.folder, names=desk.names(kept))
    st.html(wall_html(found, state.lang(), ws.folder))
