"""One person's judgements: the matrix of each part, its consistency, the weights that follow, and keeping the sheet."""

from collections.abc import Callable, Mapping

import streamlit as st

from geo.text import Text
from reports.panel import Judged, Sheet, judged, save_sheet
from reports.panel.aspects import ASPECTS
from reports.panel.desk import block_weights, cells, edited, slider_percents, weight_table, whole_values
from reports.panel.weights import CONSISTENT, REFUSED, VERDICTS, weights_of
from reports.priority import Ranking
from reports.ranking_table import capital
from views import persons, state
from views.plain import plain
from views.state import t

PART = Text("比较什么", "Compare")
RATIO = Text("一致性比率 CR", "Consistency ratio CR")
RATIO_HELP = Text(
    "0 为完全一致；超过 0.1 请再商议；超过 0.2 不采用。两项不会矛盾，恒为 0。",
    "0 is wholly consistent; above 0.1 talk again; above 0.2 it is not used. Two things cannot contradict each other: 0.",
)
NOT_YET = Text("还没有比较，暂按同等重要。", "Nothing compared yet; all count alike for now.")
MARKS = {CONSISTENT: "", "doubtful": " ⚠", REFUSED: " ✕"}
WHICH = Text("{row} 比上方各项重要几倍", "How many times as important")
WITHIN = Text("“{what}”的权重", "Weights: {what}")
OVERALL = Text("全部指标的权重", "Weights of all measures")
USE = Text("用作排名权重", "Use for the ranking")
USED = Text("已用作权重，请到“优先级”页查看名次。", "In use as weights; see the ranks on Priorities.")
NO_USE = Text(
    "这些权重都落在本工作区没有数据的指标上。", "All these weights lie on measures without data in this workspace."
)
CONTRADICTS = Text("自相矛盾，请先改正标 ✕ 的部分。", "It contradicts itself: mend the parts marked ✕ first.")
AGAIN = Text("全部恢复为 1", "Set all back to 1")
WHO = Text("填表人", "Author")
ROLE = Text("身份（如 专家、居民）", "Role (such as experts, residents)")
KEEP = Text("保存判断表", "Keep the sheet")
KEPT = Text("已保存为 plans/{file}。", "Kept as plans/{file}.")
NAME_FIRST = Text("请先填写姓名。", "Give a name first.")
TO_RANKING = Text("去看排名", "See the ranking")
RIGHT = "import"
VALUES, TRIED, SAID, PICKED = "ahp values", "ahp tries", "ahp said", "ahp part"


def show(ranking: Ranking) -> None:
    """Show the matrix of one part beside what follows from it."""
    keys = [one.key for one in ranking.criteria.items]
    found = judged(_sheet(), keys, ranking.ws.folder)
    if not found:
        return
    one = _part(found)
    left, right = st.columns([7, 5], gap="medium")
    with left:
        _matrix(one)
    with right:
        _verdict(one)
    st.markdown(f"**{t(OVERALL)}**")
    bars(weight_table(weights_of(found, keys, ranking.ws.folder), state.lang()))
    _use(ranking, found, keys)
    if persons.may_anywhere(persons.powers(), RIGHT):
        _keeping(ranking, keys)


def _sheet() -> Sheet:
    return Sheet("", "", persons.now(), state.kept(VALUES) or {})


def _part(found: tuple[Judged, ...]) -> Judged:
    words = {one.block.key: f"{capital(t(one.block.title))}{MARKS[one.verdict]}" for one in found}
    picked = state.kept(PICKED)
    current = picked if picked in words else next(iter(words))
    state.bound(
        st.segmented_control,
        t(PART),
        key=state.own(PICKED),
        value=current,
        moved=lambda key: state.keep(PICKED, key),
        options=list(words),
        format_func=words.__getitem__,
        required=True,
    )
    return next(one for one in found if one.block.key == current)


def _matrix(one: Judged) -> None:
    table = cells(_sheet(), one.block, state.lang())
    tries = state.kept(TRIED) or 0
    key = state.key(f"pairs {one.block.key}", [*table.to_numpy().ravel(), tries])
    names = zip(one.block.items, one.block.names, strict=True)
    config = {item: st.column_config.TextColumn(capital(t(name)), width="small") for item, name in names}
    config["_index"] = st.column_config.TextColumn(t(WHICH.format(row="")), disabled=True, pinned=True)
    st.data_editor(table, key=key, column_config=config, on_change=_take(one, key), height="content")
    said = state.kept(SAID)
    if said:
        st.warning(plain(t(said)))


def _take(one: Judged, key: str) -> Callable[[], None]:
    """Give what happens when a cell was edited: the other direction follows, what is no judgement is refused."""

    def taken() -> None:
        after = edited(state.kept(VALUES) or {}, one.block, state.sent(key, "edited_rows"))
        state.keep(VALUES, after.values)
        state.keep(SAID, after.refused)
        state.keep(TRIED, len([*range(state.kept(TRIED) or 0), None]))

    return taken


def _verdict(one: Judged) -> None:
    st.metric(t(RATIO), f"{one.hierarchy.ratio:.3f}", help=t(RATIO_HELP))
    if not any(_sheet().said(*pair) for pair in one.block.pairs):
        st.info(t(NOT_YET))
    else:
        say = {CONSISTENT: st.success, REFUSED: st.error}.get(one.verdict, st.warning)
        say(t(VERDICTS[one.verdict]))
    if one.doubt:
        st.markdown(plain(t(one.doubt)))
    what = t(one.block.title) if one.block.key != ASPECTS else capital(t(one.block.title))
    st.caption(t(WITHIN).format(what=what))
    bars(block_weights(one, state.lang()))


def bars(table: object) -> None:
    """Show weights as bars in a table."""
    config = {
        "title": st.column_config.TextColumn(t(Text("指标或方面", "Measure or aspect"))),
        "weight_pct": st.column_config.ProgressColumn(
            t(Text("权重", "Weight")), format="%.1f%%", min_value=0, max_value=100, color="#0b5394"
        ),
    }
    st.dataframe(table, hide_index=True, column_config=config, height="content")


def _use(ranking: Ranking, found: tuple[Judged, ...], keys: list[str]) -> None:
    refused = any(one.verdict == REFUSED for one in found)
    if refused:
        st.error(t(CONTRADICTS))
    weights = weights_of(found, keys, ranking.ws.folder)
    left, right = st.columns(2)
    with left:
        use_button(ranking, weights, key="ahp mine", disabled=refused)
    right.button(t(AGAIN), on_click=lambda: state.keep(VALUES, None), disabled=not state.kept(VALUES))


def use_button(ranking: Ranking, weights: Mapping[str, float], *, key: str, disabled: bool = False) -> None:
    """Offer to rank with some weights."""
    percents = slider_percents(ranking.used, weights)
    if percents is None:
        st.info(t(NO_USE))
        return
    if st.button(t(USE), key=state.own(key), type="primary", disabled=disabled):
        state.keep("weights", slider_percents(ranking.criteria.items, weights))
        state.turn_to("priorities")


def _keeping(ranking: Ranking, keys: list[str]) -> None:
    with st.form(state.own("ahp keep")):
        left, right = st.columns(2)
        author = left.text_input(t(WHO), max_chars=40)
        role = right.text_input(t(ROLE), max_chars=40)
        wanted = st.form_submit_button(t(KEEP))
    if not wanted:
        return
    if not author.strip():
        st.warning(t(NAME_FIRST))
        return
    persons.require(RIGHT)
    folder = ranking.ws.folder
    values = whole_values(state.kept(VALUES) or {}, keys, folder)
    path = save_sheet(folder, Sheet(author.strip(), role.strip(), persons.now(), values))
    st.success(plain(t(KEPT.format(file=path.name))))
