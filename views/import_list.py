"""All files that were handed in, each in a line, and one button that stores those that are ready."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from geo.text import Text
from layers.intake.look import Setting
from reports.intake_batch import (
    LIST_TITLES,
    Brief,
    briefs,
    list_table,
    outcome_words,
    ready,
    ready_words,
    take_ready,
)
from reports.intake_desk import Desk
from views import import_work, state
from views.plain import plain
from views.state import t
from views.tables import show_problems

FILES = Text("已交来的文件", "Files handed in")
HELP = Text(
    "每个文件单独入库，可单独撤销；有问题待答的留着，在下面选定后回答。",
    "Each file is an import of its own and can be undone by itself; one with open questions stays until you choose and answer it below.",
)
NONE_READY = Text(
    "没有可以入库的文件：请在下面选定文件，回答其中的问题。",
    "None is ready: choose a file below and answer its questions.",
)
STAYED = Text("{name}：没有入库", "{name}: not stored")
BATCH, WANTED = "import batch", "import all wanted"


def files(desk: Desk, setting: Setting, mark: str) -> None:
    """List the files and offer to store all that are ready."""
    st.subheader(t(FILES), anchor=False)
    _told()
    place = st.empty()
    found = briefs(desk, setting, mark, lambda words, share: place.progress(share, plain(t(words))))
    place.empty()
    heads: dict[str, Any] = {name: st.column_config.Column(t(words)) for name, words in LIST_TITLES.items()}
    st.dataframe(
        list_table(found, state.lang()), hide_index=True, column_config=heads, height="content", placeholder=""
    )
    st.caption(t(HELP))
    mine = ready(found)
    words = t(ready_words(mine)) if mine else t(NONE_READY)
    if not mine:
        if not all(one.file.key in desk.done for one in found):
            st.info(words)
        return
    these = [one.file.key for one in mine]
    st.button(words, type="primary", key=state.own("import all"), on_click=state.keep, args=(WANTED, these))
    if state.kept(WANTED) == these:
        state.keep(WANTED, None)
        _take(desk, mine)


def _take(desk: Desk, mine: Sequence[Brief]) -> None:
    """Store the files that are ready, saying how far it is."""
    place = st.empty()
    outcome = take_ready(desk, mine, import_work.setting, lambda words, share: place.progress(share, plain(t(words))))
    place.empty()
    state.keep(BATCH, outcome)
    import_work.choose_file(None)
    st.rerun()


def _told() -> None:
    """Say once what the last storing of several files did."""
    outcome = state.kept(BATCH)
    if outcome is None:
        return
    state.keep(BATCH, None)
    if outcome.done:
        st.success(plain(t(outcome_words(outcome))))
    for file, problems in outcome.stayed:
        st.error(plain(t(STAYED.format(name=file.name))))
        show_problems(problems)
