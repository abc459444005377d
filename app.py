"""Streamlit door: page configuration and navigation only."""

import streamlit as st

from views import (
    data_check,
    frame,
    import_page,
    issue,
    issues,
    ledger,
    login,
    map_page,
    overview,
    patrol,
    people,
    persons,
    priorities,
    report_form,
    state,
    wall,
)
from views.routes import ROUTES

# `streamlit run app.py` finds this by name and serves the routes of fonts and map data beside the pages.
app = st.App(__file__, routes=ROUTES)

PAGES = (
    ("", overview),
    ("map", map_page),
    ("issues", issues),
    ("ledger", ledger),
    ("issue", issue),
    ("wall", wall),
    ("patrol", patrol),
    ("report", report_form),
    ("priorities", priorities),
    ("data-check", data_check),
    ("import", import_page),
    ("people", people),
)
RIGHTS = {"import": "import", "performance": "see_statistics", "patrol": persons.REPORT}
"""What a page asks for beyond the right to see; without accounts, on one's own computer, everything is open."""
OPEN = frozenset({"report"})
"""Pages that ask by themselves, since they may be open to everybody."""


def main() -> None:
    """Show the chosen page in the language of the session."""
    state.begin()
    pages = {path: st.Page(one.page, title=state.t(one.TITLE), url_path=path, default=not path) for path, one in PAGES}
    state.keep_pages(pages)
    chosen = st.navigation({state.t(frame.NAME): list(pages.values())})
    st.set_page_config(f"{chosen.title} · {state.t(frame.NAME)}", page_icon=str(frame.ICON), layout="wide")
    with frame.guarded():
        frame.sidebar()
        login.sidebar()
        if chosen.url_path in OPEN or login.passed(RIGHTS.get(chosen.url_path, persons.SEE)):
            chosen.run()


if __name__ == "__main__":
    main()
