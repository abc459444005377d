"""Suggestions of cases that may be one: with the reasons in words and numbers, for a person to decide."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from geo.duplicates import Reports, duplicate_pairs, group_extents, group_numbers, with_likeness, with_photo_bits
from geo.ownership import default_points
from geo.text import Text
from layers.standards import issue_types, policy

TITLES = {
    "issue_id": Text("先上报的案件", "case reported first"),
    "other_id": Text("可能重复的案件", "case that may be the same"),
    "issue_type": Text("问题类别", "issue type"),
    "distance_m": Text("相距（米）", "apart, metres"),
    "hours": Text("相隔（小时）", "apart, hours"),
    "text": Text("文字相似度（0–1）", "likeness of the words, 0 to 1"),
    "photo_bits": Text("照片指纹相差位数", "bits between the photos"),
    "group": Text("疑似组", "group"),
    "group_size": Text("组内件数", "cases in the group"),
    "group_extent_m": Text("组内最大相距（米）", "largest distance in the group, metres"),
    "group_span_hours": Text("组内时间跨度（小时）", "span of the group, hours"),
    "reason_zh": Text("理由（中文）", "reason in Chinese"),
    "reason_en": Text("理由（英文）", "reason in English"),
}
_HOUR = np.timedelta64(3_600_000_000, "us")
_EPOCH = np.datetime64("2000-01-01", "us")


def suggestions(
    cases: pd.DataFrame,
    *,
    as_of: datetime,
    max_distance_m: float,
    max_hours: float,
    photo_hashes: Mapping[str, Sequence[int]] | None = None,
    kept_apart: Iterable[tuple[str, str]] = (),
    folder: Path | None = None,
) -> pd.DataFrame:
    """Suggest pairs of cases that may be one; nothing is ever fused by itself.

    Both are of one type, near in place and time, known at the moment, not declined, not yet in one group, and at
    least one is open. Coordinates on which a geocoder puts what it cannot find (by policy) tell nothing and are left
    out. Groups join pairs in chains, so each shows its extent.

    Args:
        cases: one row a case with ``issue_type``, ``x_m``, ``y_m``, ``reported_at``, ``state``, ``closed_at``, ``head``,
            ``description``, ``address``.
        as_of: the moment, naive local time.
        max_distance_m: farthest apart, metres, inclusive.
        max_hours: longest between the reports, hours, inclusive.
        photo_hashes: perceptual hashes (64 bits) of the photos of a case, by ``issue_id``.
        kept_apart: pairs that somebody has said are not one.
        folder: the workspace, for its own tables.

    Returns:
        Columns as in ``TITLES``, the most alike first.
    """
    known = cases[(cases["reported_at"] <= as_of).to_numpy() & (cases["state"] != "rejected").to_numpy()]
    known = known.sort_values("reported_at", kind="stable")
    reports = _reports(known, folder)
    pairs = duplicate_pairs(reports, max_distance_m=max_distance_m, max_hours=max_hours)
    pairs = pairs[_undecided(known, pairs, as_of, kept_apart)].reset_index(drop=True)
    pairs = with_likeness(pairs, _said(known))
    hashes = [] if photo_hashes is None else [photo_hashes.get(one, ()) for one in known.index]
    empty = pairs.assign(photo_bits=pd.array([None] * len(pairs), dtype="Int64"))
    pairs = with_photo_bits(pairs, hashes) if hashes else empty
    return _told(known, _with_groups(pairs, reports), folder)


def _reports(known: pd.DataFrame, folder: Path | None) -> Reports:
    x, y = (known[name].to_numpy(dtype=float, na_value=np.nan) for name in ("x_m", "y_m"))
    rules = policy(folder)
    suspect = default_points(
        x, y, min_share=rules["default_point_min_share"], min_rows=int(rules["default_point_min_rows"])
    )
    for spot in suspect.itertuples():
        x = np.where((x == spot.x_m) & (y == spot.y_m), np.nan, x)
    hour = (known["reported_at"].to_numpy(dtype="datetime64[us]") - _EPOCH) / _HOUR
    return Reports.of(x, y, hour, known["issue_type"].to_numpy(dtype=object, na_value=np.nan))


def _undecided(
    known: pd.DataFrame, pairs: pd.DataFrame, as_of: datetime, kept_apart: Iterable[tuple[str, str]]
) -> np.ndarray:
    """Tell which pairs are a question: one is open, they are in different groups, and nobody has parted them."""
    ids = known.index.to_numpy(dtype=object)
    root = known["head"].astype("object").where(known["head"].notna(), known.index.to_series()).to_numpy(dtype=object)
    is_open = ~(known["closed_at"] <= as_of).to_numpy()
    first, second = pairs["first"].to_numpy(), pairs["second"].to_numpy()
    asked = (is_open[first] | is_open[second]) & (root[first] != root[second])
    parted = {frozenset(pair) for pair in kept_apart}
    if parted:
        asked &= [frozenset((a, b)) not in parted for a, b in zip(ids[first], ids[second], strict=True)]
    return np.asarray(asked, dtype=bool)


def _said(known: pd.DataFrame) -> list[str]:
    words = known["description"].astype("object").fillna("") + " " + known["address"].astype("object").fillna("")
    return [str(one).strip() for one in words]


def _with_groups(pairs: pd.DataFrame, reports: Reports) -> pd.DataFrame:
    number = group_numbers(len(reports), pairs["first"], pairs["second"])
    extents = group_extents(reports, number).reset_index()
    own = pd.Series(number).iloc[pairs["first"]].to_numpy()
    at = pd.Index(extents["group"]).get_indexer(pd.Index(own))
    return pairs.assign(
        group=at + 1,
        group_size=extents["size"].to_numpy()[at],
        group_extent_m=extents["extent_m"].to_numpy()[at],
        group_span_hours=extents["span_hours"].to_numpy()[at],
    )


def _told(known: pd.DataFrame, pairs: pd.DataFrame, folder: Path | None) -> pd.DataFrame:
    ids = known.index.to_numpy(dtype=object)
    kind = known["issue_type"].to_numpy(dtype=object)[pairs["first"]]
    types = issue_types(folder)
    named = {code: Text(str(zh), str(en)) for code, zh, en in zip(types.index, types["zh"], types["en"], strict=True)}
    words = [_reason(named.get(code, Text.same(code)), row) for code, row in zip(kind, pairs.itertuples(), strict=True)]
    table = pairs.assign(
        issue_id=ids[pairs["first"]],
        other_id=ids[pairs["second"]],
        issue_type=kind,
        reason_zh=[one.zh for one in words],
        reason_en=[one.en for one in words],
    )
    order = ["text", "distance_m", "hours", "issue_id", "other_id"]
    table = table.sort_values(order, ascending=[False, True, True, True, True], ignore_index=True)
    ours = dict.fromkeys(("issue_id", "other_id", "issue_type", "reason_zh", "reason_en"), "str")
    return table[list(TITLES)].astype(ours)


def _reason(kind: Text, row: object) -> Text:
    """Say why two cases may be one."""
    numbers = {name: getattr(row, name) for name in ("distance_m", "hours", "text", "photo_bits")}
    words = Text(
        "同为“{kind}”，相距 {distance_m:.0f} 米，相隔 {hours:.1f} 小时",
        "both “{kind}”, {distance_m:.0f} m and {hours:.1f} hours apart",
    ).format(kind=kind, **{name: numbers[name] for name in ("distance_m", "hours")})
    if not np.isnan(numbers["text"]):
        alike = Text("，文字相似度 {text:.2f}", ", likeness of the words {text:.2f}").format(text=numbers["text"])
        words = Text(words.zh + alike.zh, words.en + alike.en)
    if numbers["photo_bits"] is not pd.NA:
        bits = Text("，照片指纹相差 {n} 位", ", photos {n} bits apart").format(n=numbers["photo_bits"])
        words = Text(words.zh + bits.zh, words.en + bits.en)
    return words
