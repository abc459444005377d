"""Streamlit door: page configuration and navigation only."""

import streamlit as st

from views import data_check, frame, import_page, issues, map_page, overview, priorities, state, wall
from views.routes import ROUTES

# `streamlit run app.py` finds this by name and serves the routes of fonts and map data beside the pages.
app = st.App(__file__, routes=ROUTES)

PAGES = (
    ("", overview),
    ("map", map_page),
    ("issues", issues),
    ("wall", wall),
    ("priorities", priorities),
    ("data-check", data_check),
    ("import", import_page),
)


def main() -> None:
    """Show the chosen page in the language of the session."""
    state.begin()
    pages = [st.Page(one.page, title=state.t(one.TITLE), url_path=path, default=not path) for path, one in PAGES]
    chosen = st.navigation({state.t(frame.NAME): pages})
    st.set_page_config(f"{chosen.title} · {state.t(frame.NAME)}", page_icon=str(frame.ICON), layout="wide")
    with frame.guarded():
        frame.sidebar()
        chosen.run()


if __name__ == "__main__":
    main()
