"""Plans, shared by all sessions; kept as ``views.cached`` keeps a workspace."""

from pathlib import Path
from typing import Any

import streamlit as st

from reports.plan import Ground, Outlook, Plan, Terms, choose_items, outlook, plan_ground
from reports.plan.plan_map import plan_map
from reports.priority import Ranking
from views.cached import Mark, Weights
from views.routes import link

Key = tuple[Path, Mark, int | None, Weights, str]
"""What parts one ground of plans from another: folder, files, level, weights and the language of names."""


@st.cache_resource(max_entries=8, show_spinner=False)
def ground(key: Key, _ranking: Ranking) -> Ground:
    """Give all items with the need that each removes."""
    return plan_ground(_ranking, lang=key[-1])


@st.cache_resource(max_entries=64, show_spinner=False)
def planned(key: Key, asked: str, seconds: float, _terms: Terms, _ranking: Ranking) -> Plan:  # noqa: ARG001 (they part the cache)
    """Give the plan of some terms, named by their words."""
    return choose_items(
        _ranking.ws, _ranking, limit_yuan=_terms.limit_yuan, years=_terms.years, min_share=_terms.min_share,
        terms=_terms, ground=ground(key, _ranking), time_limit=seconds,
    )  # fmt: skip


@st.cache_resource(max_entries=16, show_spinner=False)
def outlooks(key: Key, asked: str, seconds: float, _plan: Plan) -> Outlook:  # noqa: ARG001 (they part the cache)
    """Give what other amounts of money would bring."""
    return outlook(_plan, time_limit=seconds)


@st.cache_resource(max_entries=32, show_spinner=False)
def mapped(key: Key, asked: str, seconds: float, *, shade: str, lang: str, _plan: Plan) -> dict[str, Any]:  # noqa: ARG001 (they part the cache)
    """Give the map of a plan."""
    return plan_map(_plan, shade, lang=lang, link=link(_plan.ws))
