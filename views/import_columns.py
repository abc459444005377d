"""Which column of a file is which on the Import page: proposed with reasons, each to be changed, with units and dates."""

from collections.abc import Hashable, Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from geo.text import Text, listed
from reports.intake_answers import DATE_ORDERS, KEEP, targets_of, year_of
from reports.intake_desk import Seen
from reports.intake_said import Sheets, sheets
from reports.intake_table import mapping_table
from views import state
from views.import_work import Work
from views.plain import plain
from views.state import t
from views.tables import show_problems

HEADING, EXAMPLE, TARGET, UNIT, WHY = (
    Text("文件中的列", "Column of the file"),
    Text("例", "Example"),
    Text("当作", "Is"),
    Text("单位", "Unit"),
    Text("依据", "Why"),
)
UNSURE = Text("{why}（把握 {share}）", "{why} ({share} sure)")
SEVERAL = Text(
    "各表的表头不同，分别对应：先选表，再改它的各列；表头相同的表一起改。",
    "The sheets have different headings, so each has its own columns: choose the sheet first. Sheets with the same headings change together.",
)
SHEETS = Text("这些工作表的列", "Columns of these sheets")
NO_HEADINGS = Text("文件中没有列，只有图形。", "The file has shapes only, no columns.")
REFUSED = Text("刚才的改动不能用，已按原来的对应关系：", "That change cannot be; the columns are as before:")
YEAR = Text("没写年份的日期属于哪一年", "Year of dates without one")
ORDER = Text("日期中年月日的顺序", "Order of day and month in dates")
WIDTHS = [3, 3, 4, 2, 4]


def columns(work: Work, seen: Seen) -> None:
    """Show which heading is which column, each to be changed, with year and order of dates."""
    if seen.refused:
        st.error(t(REFUSED))
        show_problems(seen.refused)
    forms = sheets(seen.look)
    if not forms:
        st.info(t(NO_HEADINGS))
        return
    chosen = _chosen(work, forms)
    _dates(work)
    heads = st.columns(WIDTHS, vertical_alignment="bottom")
    for place, words in zip(heads, (HEADING, EXAMPLE, TARGET, UNIT, WHY), strict=True):
        place.markdown(f"**{t(words)}**")
    names = targets_of(work.spec, state.lang())
    for row in mapping_table(chosen.first, work.spec).to_dict("records"):
        _heading(work, chosen, row, names)


def _chosen(work: Work, forms: Sequence[Sheets]) -> Sheets:
    """Choose the sheets whose columns are shown, where their headings differ."""
    named = {plain(t(listed([Text.same(name) for name in one.names]))): one for one in forms}
    kept = state.kept(work.key("sheets"))
    shown = kept if kept in named else next(iter(named))
    if len(forms) > 1:
        st.caption(t(SEVERAL))
        key, moved = work.key("sheets shown"), partial(state.keep, work.key("sheets"))
        state.bound(st.selectbox, t(SHEETS), key=key, value=shown, moved=moved, options=list(named))
    return named[shown]


def _heading(work: Work, one: Sheets, row: Mapping[Hashable, Any], names: Mapping[str, str]) -> None:
    """Show one heading with its example, what it is taken for, and why."""
    heading, example, target, unit, why = st.columns(WIDTHS, vertical_alignment="center")
    name = str(row["heading"])
    heading.markdown(plain(name))
    example.caption(plain(t(row["example"])))
    with target:
        state.bound(
            st.selectbox,
            name,
            key=work.key(f"column {one.names} {name}"),
            value=row["target"],
            moved=lambda value: work.aim(one.form, name, value),
            options=list(names),
            format_func=lambda key: names.get(key, key),
            label_visibility="collapsed",
        )
    if row["has_unit"]:
        with unit:
            _unit(work, one, name, str(row["unit"]))
    share = f"{row['confidence']:.0%}"
    reason = row["reason"] if row["target"] in KEEP else UNSURE.format(why=row["reason"], share=share)
    why.caption(plain(t(reason)))


def _unit(work: Work, one: Sheets, heading: str, unit: str) -> None:
    """Show the unit of bare numbers of a heading."""
    state.bound(
        st.text_input,
        f"{t(UNIT)} {heading}",
        key=work.key(f"unit {one.names} {heading}"),
        value=unit,
        moved=lambda value: work.measure(one.form, heading, value.strip()),
        label_visibility="collapsed",
    )


def _dates(work: Work) -> None:
    """Ask for what dates do not say themselves."""
    said = work.desk.said(work.file, work.spec).settings
    left, right, _ = st.columns([3, 3, 4])
    with left:
        state.bound(
            st.text_input,
            t(YEAR),
            key=work.key("year"),
            value=str(said.year or ""),
            moved=lambda value: work.say(settings=said._replace(year=year_of(value))),
            placeholder="2021",
        )
    with right:
        names = {key: t(words) for key, words in DATE_ORDERS.items()}
        state.bound(
            st.selectbox,
            t(ORDER),
            key=work.key("order"),
            value=said.date_order or "",
            moved=lambda value: work.say(settings=said._replace(date_order=value or None)),
            options=list(names),
            format_func=names.__getitem__,
        )
