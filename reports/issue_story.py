"""One issue told: what is known of it, what happened, what lies near it, and what may happen next."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
import pandas as pd

from geo.text import Lang, Text
from layers.ledger.acting.refusals import NEEDS
from layers.ledger.acting.rules import Rules
from layers.ledger.acting.states import Move
from layers.ledger.log.events import Event
from layers.standards import standard
from reports.case_table import lamp_titles, type_titles
from reports.ledger_answers import NO_TYPE, STAGES, deadline_words, event_words
from reports.levels import LEVELS
from reports.wall import NO_PERSON, left

NEAR_M = 30.0
"""How far away a neighbour may lie, metres."""
NEAR_TITLES: Mapping[str, Text] = {
    "issue_id": Text("问题编号", "issue id"),
    "distance_m": Text("距离（m）", "distance (m)"),
    "type": Text("问题类别", "issue type"),
    "state": Text("状态", "state"),
    "reported_at": Text("上报", "reported"),
}
FACTS: Mapping[str, Text] = {
    "state": Text("状态", "state"),
    "due": Text("期限", "due"),
    "person": Text("责任人", "person responsible"),
    "department": Text("责任部门", "department"),
    "level": Text("层级", "level"),
    "severity": Text("严重程度", "severity"),
    "reported": Text("上报", "reported"),
    "source": Text("来源", "source"),
    "address": Text("位置", "address"),
    "rework": Text("返工", "rework"),
    "group": Text("同组重复", "in its group"),
    "project": Text("项目", "project"),
}


def facts(case: pd.Series, as_of: datetime, rules: Rules, lang: Lang, *, names: Mapping[str, str]) -> dict[str, str]:
    """Give what is known of an issue, titles with values; what is not known is left out."""
    person = NO_PERSON.in_(lang) if pd.isna(case["person"]) else names.get(case["person"], case["person"])
    runs = str(rules.states.loc[str(case["state"]), "clock"]) in {"runs", "project"}
    rest = left(case["due_at"], as_of).in_(lang) if runs else ""
    stage = STAGES.get(str(case["stage"]))
    due = " · ".join(one for one in (stage and stage.in_(lang), deadline_words(case).in_(lang), rest) if one)
    level = LEVELS.get(str(case["level"]))
    said = {
        "state": rules.words(str(case["state"])).in_(lang),
        "due": due,
        "person": person,
        "department": case["department"],
        "level": level.in_(lang) if level else None,
        "severity": case["severity"],
        "reported": f"{case['reported_at']:%Y-%m-%d %H:%M}",
        "source": case["source"],
        "address": case["address"],
        "rework": case["rework_count"] or None,
        "group": case["group_size"] if case["group_size"] > 1 else None,
        "project": case["project_id"],
    }
    return {FACTS[key].in_(lang): str(one) for key, one in said.items() if one is not None and not pd.isna(one)}


def headline(name: str, case: pd.Series, rules: Rules, lang: Lang, *, lamp: str) -> str:
    """Give the lamp, the type and the id of an issue in a line."""
    kind = type_titles(rules, lang).get(str(case["issue_type"]), NO_TYPE.in_(lang))
    return " ".join(one for one in (lamp_titles(rules, lang).get(lamp, ""), kind, name) if one)


def timeline(events: Sequence[Event], rules: Rules, lang: Lang, names: Mapping[str, str] | None = None) -> list[str]:
    """Give what happened, the latest first; ``names`` are those of people by id."""
    return [event_words(one, rules, names).in_(lang) for one in reversed(events)]


def neighbours(name: str, cases: pd.DataFrame, rules: Rules, lang: Lang, *, within_m: float = NEAR_M) -> pd.DataFrame:
    """Give the issues near one, the nearest first: distance in metres, type, state and when it was reported."""
    x, y = (cases[axis].to_numpy(float) for axis in ("x_m", "y_m"))
    own = cases.index.get_loc(name)
    far = np.hypot(x - x[own], y - y[own])
    near = np.flatnonzero((far <= within_m) & (np.arange(len(cases)) != own))
    near = near[np.argsort(far[near], kind="stable")]
    found = cases.iloc[near]
    types = type_titles(rules, lang)
    states = {str(code): rules.words(str(code)).in_(lang) for code in rules.states.index}
    return pd.DataFrame(
        {
            "distance_m": far[near].round(1),
            "type": found["issue_type"].map(types).fillna(NO_TYPE.in_(lang)),
            "state": found["state"].map(states),
            "reported_at": found["reported_at"],
        },
        index=found.index,
    )


def onward(moves: Sequence[Move], lang: Lang, folder_roles: pd.DataFrame | None = None) -> list[str]:
    """Say what may happen next: the move, who may, and what it needs."""
    roles = standard("roles").set_index("role") if folder_roles is None else folder_roles
    told = []
    for one in moves:
        who = [
            str(roles.loc[role, str(lang)]) if role in roles.index else ASSIGNEE.in_(lang) for role in sorted(one.roles)
        ]
        needs = [NEEDS.get(need, EVIDENCE).in_(lang) for need in sorted(one.needs)]
        mark = Text("、", ", ").in_(lang)
        parts = [f"**{one.words.in_(lang)}**", BY.format(who=mark.join(who)).in_(lang)]
        if needs:
            parts.append(NEED.format(needs=mark.join(needs)).in_(lang))
        told.append(" ".join(parts))
    return told


ASSIGNEE, EVIDENCE = Text("责任人", "the person responsible"), Text("证据", "evidence")
BY, NEED = Text("——{who}", "— {who}"), Text("（须：{needs}）", "(needs: {needs})")
