"""Adapters of the known answers about time, deadlines and duplicates: ``METHODS`` by the name of the method."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.duplicates import Reports, duplicate_pairs, group_numbers
from geo.intervals import wilson
from geo.survival import Curve, kaplan_meier, log_rank
from reports.progress import deadline_status, status_shares
from reports.progress.standing import STATUS_WORDS

Answer = dict[str, Any]


def kaplan_meier_(given: Answer, _folder: Path) -> Answer:
    time, event, group = (np.array(given[name]) for name in ("time", "event", "group"))
    curve = kaplan_meier(time, event)
    ends = {
        f"{scale}_{side}": values.tolist()
        for scale in ("loglog", "log")
        for side, values in zip(("lo", "hi"), curve.interval(scale=scale), strict=True)
    }
    overall = {**_steps(curve), "se": _nullable(curve.error), **ends, "median": curve.median, "rmean": curve.mean()}
    parts = []
    for name in sorted(set(given["group"])):
        own = kaplan_meier(time[group == name], event[group == name])
        parts.append({"group": name, **_steps(own), "se_greenwood": _nullable(own.error), "median": own.median})
    test = log_rank(time, event, group)
    return {
        "overall": overall,
        "by_group": parts,
        "logrank_chisq": test.chi2,
        "logrank_df": test.df,
        "logrank_p": test.p,
    }


def _steps(curve: Curve) -> Answer:
    names = {"t": curve.times, "n_risk": curve.at_risk, "n_event": curve.ended, "S": curve.survival}
    return {name: values.tolist() for name, values in names.items()}


def _nullable(values: np.ndarray) -> list[float | None]:
    return [None if np.isnan(one) else float(one) for one in values]


def conditional_close_probability(given: Answer, _folder: Path) -> Answer:
    age, horizon = np.array(given["age_and_horizon"], dtype=float).T
    chance = kaplan_meier(given["time"], given["event"]).chance_of_end(age, horizon)
    return {"probability_closed_within_horizon": chance.tolist()}


def wilson_ci(given: Answer, _folder: Path) -> Answer:
    low, high = wilson(given["successes"], given["n"], given["confidence"])
    return {"lower": low.tolist(), "upper": high.tolist()}


def deadline_status_(given: Answer, _folder: Path) -> Answer:
    issues = pd.DataFrame(given["issues"]).set_index("id")
    reported, closed = (pd.to_datetime(issues[name], format="ISO8601") for name in ("reported", "closed"))
    due = reported + pd.to_timedelta(issues["hours_allowed"], unit="h")
    state = closed.notna().map({True: "closed", False: "working"})
    cases = pd.DataFrame({"state": state, "head": None, "final_due_at": due, "fixed_at": closed, "closed_at": closed})
    found = deadline_status(cases, datetime.fromisoformat(given["now"]))
    words = found["status"].map({key: text.en for key, text in STATUS_WORDS.items()})
    rows = zip(issues.index, due, words, found["hours_late"], strict=True)
    return {
        "issues": [{"id": a, "due": b.isoformat(), "status": c, "hours_late": d} for a, b, c, d in rows],
        "counts": words.value_counts().to_dict(),
        **status_shares(found["status"]),
    }


def duplicate_groups(given: Answer, _folder: Path) -> Answer:
    table = pd.DataFrame(given["issues"])
    reports = Reports.of(table["x"], table["y"], table["hour"], table["type"])
    pairs = duplicate_pairs(reports, max_distance_m=given["max_distance"], max_hours=given["max_hours"])
    number = group_numbers(len(reports), pairs["first"], pairs["second"])
    groups = [np.flatnonzero(number == one).tolist() for one in range(number.max() + 1)]
    return {"pairs": pairs[["first", "second"]].to_numpy().tolist(), "groups": groups, "n_groups": len(groups)}


METHODS: dict[str, Callable[[Answer, Path], Answer]] = {
    "kaplan_meier": kaplan_meier_,
    "conditional_close_probability": conditional_close_probability,
    "wilson_ci": wilson_ci,
    "deadline_status": deadline_status_,
    "duplicate_groups": duplicate_groups,
}
