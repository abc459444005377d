"""What the page of performance shows of a period: the league table, times and levels, and the score."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from geo.survival import kaplan_meier
from geo.text import Text
from layers import Workspace
from layers.ledger.store.ledger import Ledger
from layers.standards import policy
from reports.performance import (
    LEAGUE_TITLES,
    TIME_TITLES,
    hours_words,
    league_rows,
    league_shown,
    median_words,
    times,
    times_shown,
)
from reports.performance_tables import league_split, reported_spans
from reports.progress import BY, RATES, Period, Rules, score, solved_levels, tally
from reports.progress.league import footnote as league_note
from reports.progress.scoring import JINHUA, RULE_WORDS
from reports.progress.scoring import TITLES as SCORE_TITLES
from reports.progress.shares import footnote as shares_note
from views import cached, progress_charts, state
from views.plain import plain
from views.state import t

FIGURE = Text("按哪项比率排", "Rate")
MOST_DRAWN = 25
EVERY = Text("图中画出全部 {n} 个", "Draw all {n}")
FIRST = Text("图中为前 {k} 个，共 {n} 个；表中全有。", "The charts show the first {k} of {n}; the table has all.")
FEW = Text("件数过少，只描述，不排名（不足 {n} 件）", "Too few cases: described only, not ranked (fewer than {n})")
NOBODY = Text(
    "没有可以排名的单位：这个时段里各单位的案件都太少，或没有归属。",
    "Nobody can be ranked: in this period every unit has too few cases, or cases belong to none.",
)
LEFT_OUT = Text("未归属的案件不参加排名。", "Cases that belong to no unit take no part.")
SOLVED = Text("在哪一级解决的", "At which level issues were solved")
CLOSE = Text("多久办结", "Time to close")
NONE_REPORTED = Text("这个时段没有上报。", "Nothing was reported in this period.")
NONE_CLOSED = Text("这个时段没有办结。", "Nothing was closed in this period.")
SUMMARY = Text(
    "中位数 **{median}**，均值 {mean}（限于已观察时长）。只看已办结的 {closed} 件，均值是 {only}："
    "没办完的被漏掉，所以偏快，不可用来比较。",
    "Median **{median}**, mean {mean} (as far as seen). The mean of the {closed} closed ones alone is {only}: it leaves "
    "out what is not done yet, so it flatters and compares nothing.",
)
CURVE = Text(
    "时段内上报案件仍未办结的比例（Kaplan-Meier），色带为 95% 区间；虚线为一半。",
    "Share of the issues reported in the period that is still open (Kaplan-Meier), with its 95 % band; dashed: half.",
)
SCORE = Text("{rule}：**{points:.2f}** 分，满分 {of:.0f} 分", "{rule}: **{points:.2f}** points of {of:.0f}")
SCORE_NOTE = Text(
    "规则在 standards/scoring.csv，可由工作区改写。没有案件的项目不计分，也不计入满分。“待核”表示规则原文尚未核实。",
    "The rule is standards/scoring.csv, which a workspace may override. A part without cases gives nothing and is not "
    "in the total. “To be verified”: the wording of the rule has not been checked yet.",
)


@dataclass(frozen=True)
class Asked:
    """What is asked of a ledger: a period, in groups, by conventions; ``words`` are those of the groups."""

    ws: Workspace
    kept: Ledger
    period: Period
    by: str
    rules: Rules
    words: Mapping[str, Text]

    def figures(self, by: str | None) -> pd.DataFrame:
        """Give the statistics in groups, None for all."""
        level = state.level() if by == "grid" else None
        folder, mark = state.volume().folder, state.mark()
        return cached.figures_of(folder, mark, level, period=self.period, by=by, rules=self.rules)

    @property
    def cases(self) -> pd.DataFrame:
        """The cases at the clock of the period, with the grids of the chosen level where these are the groups."""
        level = state.level() if self.by == "grid" else None
        return cached.standing(state.volume().folder, state.mark(), level, self.period.clock)


def league_table(asked: Asked) -> None:
    """Show the rates of units with their intervals and the ranks that chance allows."""
    left, right = st.columns([3, 5], vertical_alignment="bottom")
    words = {key: state.label(one.title) for key, one in RATES.items()}
    figure = left.selectbox(
        t(FIGURE), list(words), index=1, format_func=words.__getitem__,
        key=state.own("perf rate"), persist_state="session",
    )  # fmt: skip
    table = asked.figures(asked.by)
    rows = league_rows(table, figure, asked.words, state.lang(), rules=asked.rules, folder=asked.ws.folder)
    ranked, few = league_split(rows)
    if ranked.empty:
        st.info(t(NOBODY))
    else:
        drawn = ranked
        if len(ranked) > MOST_DRAWN and not right.toggle(t(EVERY).format(n=len(ranked)), key=state.own("perf all")):
            drawn = ranked.head(MOST_DRAWN)
            st.caption(t(FIRST).format(k=len(drawn), n=len(ranked)))
        one, other = st.columns(2, gap="medium")
        with one:
            progress_charts.rates(drawn)
        with other:
            progress_charts.ranks(drawn)
        _league_rows(ranked, asked)
    if len(few):
        fewest = policy(asked.ws.folder)["rate_min_cases"]
        st.markdown(f"**{t(FEW).format(n=f'{fewest:g}')}**")
        _league_rows(few, asked, without=("rank", "range"))
    st.caption(f"{t(league_note(asked.ws.folder))} {t(LEFT_OUT)}")


def _league_rows(rows: pd.DataFrame, asked: Asked, *, without: tuple[str, ...] = ()) -> None:
    titles = {**LEAGUE_TITLES, "label": BY[asked.by][1]}
    table = league_shown(rows, state.lang()).drop(columns=list(without))
    config: dict[str, Any] = {
        name: st.column_config.Column(state.label(titles[name])) for name in titles if name in table
    }
    config["rate"] = st.column_config.NumberColumn(state.label(titles["rate"]), format="%.1f", width=90)
    for name in {"rank", "range"}.difference(without):
        config[name] = st.column_config.Column(state.label(titles[name]), width=80, alignment="right")
    st.dataframe(table, hide_index=True, column_config=config, height=_height(len(table)))


def _height(rows: int) -> Any:  # noqa: ANN401 (a number of pixels, or a word)
    return "content" if rows <= MOST_DRAWN else 560


def times_and_levels(asked: Asked) -> None:
    """Show how long things take, open ones counted, and at which level they were solved."""
    left, right = st.columns([6, 5], gap="medium")
    with left:
        st.subheader(t(CLOSE), anchor=False)
        _curve(asked)
    with right:
        st.subheader(t(SOLVED), anchor=False)
        levels = solved_levels(asked.cases, asked.period)
        if levels["number"].sum():
            progress_charts.solved(levels)
            st.caption(state.label(shares_note(levels)))
        else:
            st.info(t(NONE_CLOSED))
    table = times(asked.cases, asked.period, by=asked.by, table=asked.figures(asked.by))
    shown = times_shown(table, asked.words, state.lang())
    if len(shown):
        titles = {**TIME_TITLES, "label": BY[asked.by][1]}
        config: dict[str, Any] = {name: st.column_config.Column(state.label(one)) for name, one in titles.items()}
        st.dataframe(shown, hide_index=True, column_config=config, height=_height(len(shown)))


def _curve(asked: Asked) -> None:
    cases, period = asked.cases, asked.period
    chosen = reported_spans(cases, period)
    if chosen.empty:
        st.info(t(NONE_REPORTED))
        return
    row = times(cases, period, by=None, table=asked.figures(None)).iloc[0]
    said = {
        "median": median_words(row),
        "mean": hours_words(row["mean_hours"]),
        "only": hours_words(row["closed_only_hours"]),
        "closed": f"{int(chosen['is_closed'].sum()):,}",
    }
    st.markdown(t(SUMMARY.format(**said)))
    if chosen["is_closed"].any():
        progress_charts.still_open(kaplan_meier(chosen["hours"], chosen["is_closed"]))
        st.caption(t(CURVE))


def points(asked: Asked) -> None:
    """Show the score by the published rule of Jinhua, part by part."""
    folder = asked.ws.folder
    counts = tally(asked.cases, asked.period, rules=asked.rules, folder=folder)
    found = score(counts, JINHUA, folder=folder)
    st.markdown(t(SCORE).format(rule=plain(t(RULE_WORDS[JINHUA])), points=found.points, of=found.out_of))
    lang = state.lang()
    columns = [f"rule_{lang}", "value", "target_pct", "points", "of", "to_verify"]
    config: dict[str, Any] = {name: st.column_config.Column(state.label(SCORE_TITLES[name])) for name in columns}
    for name in ("value", "target_pct", "points", "of"):
        config[name] = st.column_config.NumberColumn(state.label(SCORE_TITLES[name]), format="%.2f", width=100)
    config[f"rule_{lang}"] = st.column_config.TextColumn(state.label(Text("规则", "rule")), width="large")
    st.dataframe(found.parts[columns], hide_index=True, column_config=config, height="content", placeholder="—")
    st.caption(t(SCORE_NOTE))
