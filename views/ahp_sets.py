"""Published weights with what they can and cannot tell here, and sets of weights side by side."""

import streamlit as st

from geo.errors import CriteriaError
from geo.text import Text
from reports.panel import compared_sets, presets
from reports.panel.compared import WeightSet
from reports.panel.desk import agreement_words, preset_table, side_table
from reports.priority import Ranking
from reports.ranking_table import capital
from views import ahp_matrix, panel_cached, state
from views.plain import plain
from views.state import t
from views.tables import show_problems

WHICH = Text("哪一套", "Which set")
SOURCE = Text("来源：{source}", "Source: {source}")
HEADS = {
    "what": Text("公布的指标", "Published part"),
    "weight_pct": Text("公布的权重", "Published weight"),
    "measures": Text("这里的对应指标", "Measures here"),
    "fit": Text("对应程度", "Fit"),
    "note": Text("说明", "Note"),
}
SETS = Text("比较哪几套权重", "Which sets of weights")
SETS_HELP = Text(
    "判断表按身份分组，例如专家与居民各为一套；名次并列展示，不取平均。",
    "Sheets are grouped by role, such as experts and residents; ranks stand side by side and are not averaged.",
)
TWO = Text("请至少选两套。", "Choose at least two.")
NAME, SPREAD = Text("网格", "Grid"), Text("名次相差", "Ranks apart")
FEWEST = 2


def published(ranking: Ranking) -> None:
    """Show a published set and offer to use it."""
    known = presets(ranking.ws.folder)
    words = {one: t(found.title) for one, found in known.items()}
    key = st.selectbox(t(WHICH), list(known), format_func=words.__getitem__, key=state.own("preset"))
    chosen = known[key]
    st.caption(plain(t(SOURCE.format(source=chosen.source))))
    if chosen.note:
        st.warning(plain(t(chosen.note)))
    config = {name: st.column_config.Column(capital(t(words))) for name, words in HEADS.items()}
    config["weight_pct"] = st.column_config.NumberColumn(t(HEADS["weight_pct"]), format="%.1f%%", width="small")
    st.dataframe(preset_table(chosen, state.lang()), hide_index=True, column_config=config, height="content")
    ahp_matrix.use_button(ranking, chosen.weights, key="ahp preset")


def side_by_side() -> None:
    """Show the ranks by several sets of weights."""
    ranking = state.ranking()
    try:
        known = panel_cached.sets(state.volume().folder, state.mark(), state.level())
    except CriteriaError as error:
        show_problems(error.problems)
        return
    known["chosen"] = WeightSet(
        "chosen", known["chosen"].title, {one.key: one.weight for one in ranking.criteria.items}
    )
    words = {key: t(one.title) for key, one in known.items()}
    names = st.multiselect(
        t(SETS),
        list(known),
        default=_usual(known),
        format_func=words.__getitem__,
        key=state.own("sets"),
        help=t(SETS_HELP),
    )
    if len(names) < FEWEST:
        st.info(t(TWO))
        return
    _table(ranking, [known[name] for name in names])


def _usual(known: dict[str, WeightSet]) -> list[str]:
    roles = [key for key in known if key.startswith("role:")]
    return roles if len(roles) >= FEWEST else ["chosen", *[key for key in known if key != "chosen"][:1]]


def _table(ranking: Ranking, sets: list[WeightSet]) -> None:
    found = compared_sets(ranking, sets)
    config = {"name": st.column_config.Column(t(NAME), pinned=True), "spread": st.column_config.Column(t(SPREAD))}
    for line in agreement_words(found, state.lang()):
        st.markdown(plain(line))
    st.dataframe(side_table(found, state.lang()), hide_index=True, column_config=config)
