"""Which column of a file is which on the Import page: proposed with reasons, each to be changed, with units and dates."""

from collections.abc import Hashable, Mapping
from typing import Any

import streamlit as st

from geo.text import Text
from reports.intake_answers import DATE_ORDERS, KEEP, targets_of, year_of
from reports.intake_desk import Seen
from reports.intake_table import mapping_table, same_headings
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
    "各表的表头不同。先在上面选定一张表，再改它的对应关系；下面是第一张表的。",
    "The tables have different headings. Choose one above to change its columns; those of the first one are below.",
)
REFUSED = Text("刚才的改动不能用，已按原来的对应关系：", "That change cannot be; the columns are as before:")
YEAR = Text("没写年份的日期属于哪一年", "Year of dates without one")
ORDER = Text("日期中年月日的顺序", "Order of day and month in dates")
WIDTHS = [3, 3, 4, 2, 4]


def columns(work: Work, seen: Seen) -> None:
    """Show which heading is which column, each to be changed, with year and order of dates."""
    if seen.refused:
        st.error(t(REFUSED))
        show_problems(seen.refused)
    may_change = same_headings(seen.look)
    if not may_change:
        st.info(t(SEVERAL))
    _dates(work)
    heads = st.columns(WIDTHS, vertical_alignment="bottom")
    for place, words in zip(heads, (HEADING, EXAMPLE, TARGET, UNIT, WHY), strict=True):
        place.markdown(f"**{t(words)}**")
    names = targets_of(work.spec, state.lang())
    for row in mapping_table(seen.look.parts[0], work.spec).to_dict("records"):
        _heading(work, row, names, disabled=not may_change)


def _heading(work: Work, row: Mapping[Hashable, Any], names: Mapping[str, str], *, disabled: bool) -> None:
    """Show one heading with its example, what it is taken for, and why."""
    heading, example, target, unit, why = st.columns(WIDTHS, vertical_alignment="center")
    name = str(row["heading"])
    heading.markdown(plain(name))
    example.caption(plain(t(row["example"])))
    hidden = {"label_visibility": "collapsed", "disabled": disabled}
    with target:
        state.bound(
            st.selectbox,
            name,
            key=work.key(f"column {name}"),
            value=row["target"],
            moved=lambda value: work.desk.aim(work.file, work.spec, name, value),
            options=list(names),
            format_func=lambda key: names.get(key, key),
            **hidden,
        )
    if row["has_unit"]:
        with unit:
            _unit(work, name, str(row["unit"]), disabled=disabled)
    share = f"{row['confidence']:.0%}"
    reason = row["reason"] if row["target"] in KEEP else UNSURE.format(why=row["reason"], share=share)
    why.caption(plain(t(reason)))


def _unit(work: Work, heading: str, unit: str, *, disabled: bool) -> None:
    """Show the unit of bare numbers of a heading."""
    units = work.desk.said(work.file, work.spec).units
    state.bound(
        st.text_input,
        f"{t(UNIT)} {heading}",
        key=work.key(f"unit {heading}"),
        value=unit,
        moved=lambda value: work.say(units={**units, heading: value.strip()}),
        label_visibility="collapsed",
        disabled=disabled,
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
