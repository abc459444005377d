"""Streamlit door: page configuration and navigation only."""

import streamlit as st

from geo.text import Text
from views import (
    ahp,
    change,
    consent,
    coverage,
    data_check,
    frame,
    grids,
    health,
    hot_spots,
    import_page,
    issue,
    issues,
    ledger,
    login,
    map_page,
    overview,
    patrol,
    people,
    performance,
    persons,
    plan,
    priorities,
    rasters,
    relocation,
    report_form,
    scenarios,
    sites,
    state,
    wall,
)
from views.open311 import OPEN311_ROUTES
from views.routes import ROUTES

# `streamlit run app.py` finds this by name and serves the routes of fonts, map data and Open311 beside the pages.
app = st.App(__file__, routes=[*ROUTES, *OPEN311_ROUTES])

GROUPS = (
    (frame.NAME, (("", overview), ("map", map_page), ("priorities", priorities))),
    (
        Text("分析", "Analysis"),
        (
            ("health", health),
            ("coverage", coverage),
            ("hot-spots", hot_spots),
            ("change", change),
            ("rasters", rasters),
            ("grids", grids),
        ),
    ),
    (
        Text("决策", "Decide"),
        (
            ("ahp", ahp),
            ("plan", plan),
            ("sites", sites),
            ("scenarios", scenarios),
            ("consent", consent),
            ("relocation", relocation),
        ),
    ),
    (
        Text("台账", "Ledger"),
        (("ledger", ledger), ("issue", issue), ("wall", wall), ("performance", performance), ("people", people)),
    ),
    (Text("一线", "In the field"), (("patrol", patrol), ("report", report_form))),
    (Text("数据", "Data"), (("issues", issues), ("data-check", data_check), ("import", import_page))),
)
"""The pages by path, in the groups of the side bar."""
RIGHTS = {
    "import": "import",
    "performance": "see_statistics",
    "patrol": persons.REPORT,
    "report": persons.PUBLIC_REPORT,
}
"""What a page asks for beyond the right to see; without accounts, on one's own computer, everything is open."""


def main() -> None:
    """Show the chosen page in the language of the session."""
    state.begin()
    pages = {
        path: st.Page(one.page, title=state.t(one.TITLE), url_path=path, default=not path)
        for _, group in GROUPS
        for path, one in group
    }
    state.keep_pages(pages)
    groups = {state.t(words): [pages[path] for path, _ in group] for words, group in GROUPS}
    chosen = st.navigation(groups, expanded=True)
    st.set_page_config(f"{chosen.title} · {state.t(frame.NAME)}", page_icon=str(frame.ICON), layout="wide")
    with frame.guarded():
        frame.sidebar()
        login.sidebar()
        if login.passed(RIGHTS.get(chosen.url_path, persons.SEE)):
            chosen.run()


if __name__ == "__main__":
    main()
