"""Streamlit door: page configuration and navigation only."""

import streamlit as st

from geo.text import Text
from views import data_check, frame, issues, map, overview, priorities, state  # noqa: A004 (the page is called map)
from views.routes import ROUTES

app = st.App(__file__, routes=ROUTES)
"""What ``streamlit run app.py`` and ``guatu app`` serve: the pages and the routes of fonts and map data."""

PAGES = (("", overview), ("map", map), ("issues", issues), ("priorities", priorities), ("data-check", data_check))
OWN_NAME = Text("挂图", "Guatu")


def main() -> None:
    """Show the chosen page in the language of the session."""
    state.begin()
    pages = [st.Page(one.page, title=state.t(one.TITLE), url_path=path, default=not path) for path, one in PAGES]
    chosen = st.navigation(pages)
    st.set_page_config(f"{chosen.title} · {state.t(OWN_NAME)}", page_icon=str(frame.ICON), layout="wide")
    with state.guarded(frame.fault):
        frame.sidebar()
        chosen.run()


if __name__ == "__main__":
    main()
