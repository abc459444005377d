"""How tables look: column heads in the language of the session, numbers to the right with their unit."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pandas as pd
import streamlit as st

from geo.errors import Problem
from geo.text import Text
from reports import ledger_table, problem_table, ranking_table
from reports.ledger_table import issue_titles
from reports.ranking_table import capital
from reports.raster_table import RASTER_TITLES
from views.plain import plain
from views.state import lang, t

Alignment = Literal["left", "center", "right"]
Height = int | Literal["auto"]
DATE = "YYYY-MM-DD"
FEW, SHORT_PX, PINNED_PX = 10, 390, 170
"""So many rows of a list are shown at once; the height in pixels of one that has more."""
NEED = Text("0 为最好标杆，100 为最差标杆", "0 is the best goalpost, 100 the worst")
RANGE = Text("权重随机变动时 5%–95% 的名次", "5th to 95th percentile of the rank over random weightings")
LAYER = {"title": Text("图层", "Layer"), "rows": Text("数量", "Count"), "outside": Text("不在网格内", "In no grid")}
MEASURE = {
    "title": Text("指标", "Measure"),
    "unit": Text("单位", "Unit"),
    "weight_pct": Text("权重", "Weight"),
    "status": Text("状态", "Status"),
    "denominator": Text("分母", "Denominator"),
    "note": Text("缺少或替代", "Missing or instead"),
    "grids": Text("有值的网格", "Grids with a value"),
}
FACT = Text("项目", "What")
VALUE = Text("数量", "Count")
FACT_SAID = Text("{title}：**{value}**", "{title}: **{value}**")
IMMEDIATE = {
    "layer": Text("图层", "Layer"),
    "what": Text("事项", "What"),
    "since": Text("上报", "Since"),
    "thing_id": Text("编号", "Id"),
    "grid": Text("网格", "Grid"),
    "grid_id": None,
}


def _named(titles: Mapping[str, Text | None]) -> dict[str, Any]:
    return {key: st.column_config.Column(t(words)) if words else None for key, words in titles.items()}


def heads(titles: Mapping[str, Text], *, pinned: str | None = None, dates: Sequence[str] = ()) -> dict[str, Any]:
    """Give the heads of a table's columns in the language of the session; one may stay in sight, some are days."""
    config: dict[str, Any] = {}
    for name, words in titles.items():
        title = ranking_table.capital(t(words))
        if name in dates:
            config[name] = st.column_config.DateColumn(title, format=DATE)
        else:
            config[name] = st.column_config.Column(
                title, pinned=name == pinned, width=PINNED_PX if name == pinned else None
            )
    return config


def fitting(table: pd.DataFrame, most: int) -> int | Literal["content"]:
    """Give the height of a table: that of its rows if they are few, else so many pixels."""
    return "content" if len(table) <= FEW else most


def show_problems(problems: Sequence[Problem]) -> None:
    """Show problems with their remedies, every text in full."""
    table = problem_table.problem_table(problems, lang()).drop(columns="code").map(plain)
    heads = {key: t(words) for key, words in problem_table.TITLES.items()}
    st.table(table.rename(columns=heads), hide_index=True, border="horizontal")


def pick_grid(
    table: pd.DataFrame, *, key: str, height: Height = "auto", chosen: str | None = None, one: Text | None = None
) -> str | None:
    """Show a ranking, at first with the row of the chosen grid marked; give the id of the grid whose row is marked.

    ``one`` is what is ranked instead of grids.
    """
    titles = ranking_table.TITLES
    config: dict[str, Any] = {
        "_index": None,
        "rank": st.column_config.NumberColumn(t(titles["rank"]), format="%d", width=50),
        "name": st.column_config.TextColumn(capital(t(one or titles["name"]))),
        "score": st.column_config.ProgressColumn(
            t(titles["score"]), format="%.1f", min_value=0, max_value=100, help=t(NEED), color="#0b5394"
        ),
        "interval": st.column_config.TextColumn(t(titles["interval"]), help=t(RANGE), width=120, alignment="right"),
        "share_top5_pct": st.column_config.NumberColumn(t(titles["share_top5_pct"]), format="%.0f%%", width=100),
        "why": st.column_config.TextColumn(t(titles["why"])),
        "weight_used_pct": st.column_config.NumberColumn(t(titles["weight_used_pct"]), format="%.0f%%", width=100),
    }
    return _picked(table, config, chosen=chosen, key=key, height=height, hide_index=True)


def pick_issue(table: pd.DataFrame, *, key: str, height: int, chosen: str | None) -> str | None:
    """Show issues, at first with the row of the chosen one marked; give the id of the one whose row is marked."""
    titles = issue_titles(lang())
    config: dict[str, Any] = {name: st.column_config.Column(words) for name, words in titles.items()}
    dates = {
        name: st.column_config.DateColumn(words, format=DATE) for name, words in titles.items() if name.endswith("_at")
    }
    late = st.column_config.NumberColumn(titles["days_late"], width=90)
    config |= dates | {"days_late": late}
    return _picked(table, config, chosen=chosen, key=key, height=height, hide_index=False)


def pick_row(
    table: pd.DataFrame, config: dict[str, Any], *, key: str, tall_px: int = SHORT_PX, chosen: str | None = None
) -> str | None:
    """Show rows of words, the first of many at once in ``tall_px`` pixels; give the label of the one that is marked."""
    config = {"_index": None, **config}
    height: Height | Literal["content"] = "content" if len(table) <= FEW else tall_px
    return _picked(table, config, chosen=chosen, key=key, height=height, hide_index=True)


def _picked(table: pd.DataFrame, config: dict[str, Any], *, chosen: str | None, **options: Any) -> str | None:  # noqa: ANN401
    ids = list(table.index)
    marked = [ids.index(chosen)] if chosen in ids else []
    event = st.dataframe(
        ledger_table.spoken(table, lang()),
        column_config=config,
        placeholder="",
        on_select="rerun",
        selection_mode="single-row",
        selection_default={"selection": {"rows": marked}},
        **options,
    )
    rows = event.selection.rows
    return str(table.index[rows[0]]) if rows and rows[0] < len(table) else None


PART = {
    "title": Text("指标", "Measure"),
    "value": Text("实测值", "Value"),
    "points": Text("得分", "Points"),
    "limit": Text("满分", "of"),
    "status": Text("状态", "Status"),
}


def show_parts(table: pd.DataFrame) -> None:
    """Show the parts of a score."""
    config = _named(PART)
    config["value"] = st.column_config.TextColumn(t(PART["value"]), alignment="right", width=190)
    config["points"] = st.column_config.ProgressColumn(
        t(PART["points"]), format="%.1f", min_value=0, max_value=max(table["limit"].max(), 1), color="#0b5394"
    )
    config["limit"] = st.column_config.NumberColumn(t(PART["limit"]), format="%.1f", width=50)
    st.dataframe(table, hide_index=True, column_config=config, height="content", placeholder="—")


def show_layers(table: pd.DataFrame) -> None:
    """Show how many things each layer has."""
    config = _named(LAYER)
    config |= {
        k: st.column_config.NumberColumn(t(LAYER[k] or Text("", "")), format="localized") for k in ("rows", "outside")
    }
    st.dataframe(table, hide_index=True, column_config=config, height="content", width=620)


def show_rasters(table: pd.DataFrame) -> None:
    """Show what rasters there are."""
    titles = {key: Text(*(capital(one) for one in words)) for key, words in RASTER_TITLES.items()}
    st.dataframe(table, hide_index=True, column_config=_named(titles), height="content", placeholder="")


def show_measures(table: pd.DataFrame) -> None:
    """Show what stands behind each criterion."""
    config = _named(MEASURE)
    config["weight_pct"] = st.column_config.NumberColumn(t(MEASURE["weight_pct"]), format="%.0f%%", width=70)
    config["unit"] = st.column_config.TextColumn(t(MEASURE["unit"]), width=120)
    config["note"] = st.column_config.TextColumn(t(MEASURE["note"]), width=250)
    config["grids"] = st.column_config.NumberColumn(t(MEASURE["grids"]), format="%d", width=90)
    st.dataframe(table, hide_index=True, column_config=config, height="content")


def show_immediate(table: pd.DataFrame, *, height: Height = "auto") -> None:
    """Show the immediate list."""
    config = _named(IMMEDIATE)
    config["since"] = st.column_config.DateColumn(t(IMMEDIATE["since"] or Text("", "")), format=DATE)
    st.dataframe(table, hide_index=True, column_config=config, height=height, placeholder="")


def show_record(facts: Mapping[str, str]) -> None:
    """Show titles with their values as running text, which needs little height."""
    said = [t(FACT_SAID).format(title=plain(title), value=plain(value)) for title, value in facts.items()]
    st.markdown(" · ".join(said))


def show_facts(facts: Mapping[str, str], *, value: Text = VALUE, alignment: Alignment = "right") -> None:
    """Show titles with their values."""
    column = st.column_config.TextColumn(t(value), alignment=alignment, width=220)
    named = {"_index": st.column_config.TextColumn(t(FACT), width=150), "value": column}
    st.dataframe(dict(facts), height="content", column_config=named)
