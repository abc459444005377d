"""Buttons that hand a result out as files."""

from functools import partial

import streamlit as st

from reports.result_files import ENDINGS, Result, result_file
from views import state
from views.state import t


def downloads(result: Result) -> None:
    """Show a button for each file that a result can be; a file is made when it is asked for."""
    with st.container(horizontal=True):
        for ending in result.endings:
            st.download_button(
                t(ENDINGS[ending]),
                partial(result_file, result, ending, state.lang()),
                f"{result.name}{ending}",
                key=state.own(f"file {result.name}{ending}"),
            )
