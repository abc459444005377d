"""What holds it up: coded reasons, and the buildings that wait for a few households."""

import pandas as pd

from geo.text import Lang, Text
from layers.standards import standard
from reports.relocation.funnel import Relocation
from reports.relocation.register import DAYS, MOVED, SIGNED

NOT_RECORDED = Text("未登记原因", "no reason on record")


def reason_words(found: Relocation) -> dict[str, Text]:
    """Give the words of the coded reasons; a code that the table lacks is shown as it is."""
    table = standard("blockers", found.ws.folder)
    return {str(row["blocker"]): Text(str(row["zh"]), str(row["en"])) for _, row in table.iterrows()}


def reasons(found: Relocation, lang: Lang, *, zone: str | None = None) -> pd.DataFrame:
    """Count the households that have not signed or not moved by reason, the most first, by code ("" for none).

    Columns: ``reason`` in words, ``unsigned``, ``remaining`` (signed and not moved), ``left``, ``share_percent`` and
    ``who`` can solve it.
    """
    table = found.households[~found.households[MOVED].astype(bool)]
    if zone is not None:
        table = table[table["zone"] == zone]
    code = table["blocker"].astype("object").fillna("").astype("str")
    signed = table[SIGNED].astype(bool)
    counts = pd.DataFrame({"unsigned": ~signed, "remaining": signed}).groupby(code.to_numpy()).sum()
    counts["left"] = counts["unsigned"] + counts["remaining"]
    words = reason_words(found)
    who = standard("blockers", found.ws.folder).set_index("blocker")[f"who_{lang}"]
    said = [words[one].in_(lang) if one in words else one or NOT_RECORDED.in_(lang) for one in counts.index]
    counts.insert(0, "reason", said)
    counts["share_percent"] = 100 * counts["left"] / max(int(counts["left"].sum()), 1)
    counts["who"] = who.reindex(counts.index).fillna("").astype("str")
    order = counts.assign(none=counts.index == "").sort_values(["none", "left"], ascending=[True, False], kind="stable")
    return order.drop(columns="none").rename_axis("blocker")


def holding(found: Relocation, lang: Lang, *, zone: str | None = None) -> pd.DataFrame:
    """List the buildings that only a few households still hold, the fewest first, of equals the larger building.

    Columns: ``name``, ``zone_name``, ``households``, ``left``, ``unsigned``, ``household_ids`` and ``reasons`` in
    words, ``waiting_days`` since the last neighbour moved. How few: ``relocation_hold_households``.
    """
    held = found.buildings[found.buildings["state"] == "held"]
    if zone is not None:
        held = held[held["zone"] == zone]
    words, table = reason_words(found), found.households
    left = table[~table[MOVED].astype(bool) & table["building_id"].isin(held.index)]
    code = left["blocker"].astype("object").fillna("").astype("str")
    said = pd.Series(
        [words[one].in_(lang) if one in words else one or NOT_RECORDED.in_(lang) for one in code], left.index
    )
    mark = "；" if lang == Lang.ZH else "; "
    by = left["building_id"].to_numpy()
    ids = pd.Series(left.index, left.index, dtype="str").groupby(by).agg(mark.join)
    why = said.groupby(by).agg(lambda one: mark.join(dict.fromkeys(one)))
    waited = (pd.Timestamp(found.as_of) - held["last_moved_at"]).dt.days if len(held) else pd.Series(dtype=float)
    names = found.zones["name"] if "name" in found.zones else pd.Series(dtype="str")
    out = held[["name", "households", "left", "unsigned"]].assign(
        zone_name=held["zone"].map(names).fillna(held["zone"]),
        household_ids=ids.reindex(held.index),
        reasons=why.reindex(held.index),
        waiting_days=waited,
    )
    return out.sort_values(["left", "households"], ascending=[True, False], kind="stable")


__all__ = ["DAYS", "NOT_RECORDED", "holding", "reason_words", "reasons"]
