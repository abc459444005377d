"""Weights of a session: sliders that rank again, why the last one stays above zero, and the file to take away."""

from collections.abc import Callable

import streamlit as st

from geo.text import Text
from reports.criteria_file import criteria_toml
from reports.priority import Ranking
from reports.ranking_table import percents, whole
from views import state
from views.plain import plain
from views.state import t

WEIGHTS = Text("权重", "Weights")
WEIGHTS_HELP = Text(
    "权重是相对的：20 的分量是 10 的两倍。拖动后名次立即更新。", "Weights are relative: 20 counts twice as much as 10."
)
RESET = Text("恢复默认权重", "Reset the weights")
LAST_ONE = Text(
    "其余各项都已是 0。若“{what}”也为 0，就没有依据可以排名，因此保留为 {n}。请先调高另一项。",
    "All the others are at 0. With {what} at 0 too there would be nothing to rank by, so it stays at {n}. "
    "Raise another one first.",
)
SAVE = Text("下载权重（TOML）", "Download the weights (TOML)")
SAVE_HELP = Text(
    "用这些权重再次排名：guatu rank 工作区 --criteria 文件",
    "Ranks the same again: guatu rank WORKSPACE --criteria FILE",
)
REFUSED = "refused"


def sliders() -> None:
    """Show a slider for the weight of each criterion with data, and what else can be done with the weights."""
    st.subheader(t(WEIGHTS), anchor=False, help=t(WEIGHTS_HELP))
    base = state.default_ranking()
    now = _current(base)
    for criterion in base.used:
        key, title = criterion.key, state.label(criterion.title)
        shown, moved = whole(now[key]), _moving(base, key)
        limits = {"min_value": 0, "max_value": 100}
        state.bound(st.slider, title, key=state.own(f"weight {key}"), value=shown, moved=moved, **limits)
        if state.kept(REFUSED) == key:
            st.warning(plain(t(LAST_ONE.format(what=criterion.title, n=shown))))
    st.button(t(RESET), on_click=_forget, disabled=not state.weights())
    _file(state.ranking())


def _current(base: Ranking) -> dict[str, float]:
    return {**percents(base.criteria), **state.weights()}


def _moving(base: Ranking, key: str) -> Callable[[int], None]:
    """Give what happens when the slider of a criterion was moved; all at zero would rank nothing."""

    def moved(value: int) -> None:
        wanted = {**_current(base), key: value}
        counts = any(wanted[one.key] for one in base.used)
        state.keep(REFUSED, None if counts else key)
        if counts:
            state.keep("weights", wanted)

    return moved


def _forget() -> None:
    state.keep("weights", None)
    state.keep(REFUSED, None)


def _file(ranking: Ranking) -> None:
    text = criteria_toml(ranking.criteria)
    name = f"{ranking.ws.name}-criteria.toml"
    st.download_button(t(SAVE), text, name, "application/toml", help=t(SAVE_HELP), on_click="ignore")
