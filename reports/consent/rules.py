"""The rules of consent: rows of ``consent_rules.csv``, shipped or of a workspace."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd

from geo.errors import DataError, Problem
from geo.text import Text
from geo.votes import VoteRule
from layers.standards import standard

FILE = "consent_rules.csv"
UNVERIFIED = Text("（待核）", " (to be verified)")
TAKES = Text("参与表决 ≥ {part}", "at least {part} take part")
AT_LEAST, MORE = Text("同意 ≥ {part}", "at least {part} in favour"), Text("同意 > {part}", "more than {part} in favour")
AMONG = {"voted": Text("（占参与表决的）", " of those who vote"), "all": Text("（占全部）", " of all")}
COUNTS = {
    "both": Text("面积与人数均须达到", "by floor area and by owners, both"),
    "owners": Text("按人数", "by owners"),
    "area": Text("按面积", "by floor area"),
}


@dataclass(frozen=True)
class ConsentRule:
    """A rule with its words: what it asks for, in which counts, and on whose word."""

    key: str
    title: Text
    counts: str
    asks: VoteRule
    source: str
    confidence: str
    to_verify: bool

    @property
    def words(self) -> Text:
        """Say what it asks for, in fractions."""
        parts = [TAKES.format(part=str(self.asks.take_part))] if self.asks.take_part else []
        approve = MORE if self.asks.more_than else AT_LEAST
        among = AMONG["all" if self.asks.among_all else "voted"]
        said = approve.format(part=str(self.asks.approve))
        parts.append(Text(f"{said.zh}{among.zh}", f"{said.en}{among.en}"))
        zh, en = "，".join(one.zh for one in parts), ", ".join(one.en for one in parts)
        return Text(f"{COUNTS[self.counts].zh}：{zh}", f"{COUNTS[self.counts].en}: {en}")

    @property
    def cited(self) -> Text:
        """Say the source, marked where nobody has looked it up."""
        mark = UNVERIFIED if self.to_verify else Text("", "")
        return Text(f"{self.source}{mark.zh}", f"{self.source}{mark.en}")


def consent_rules(folder: Path | None = None) -> dict[str, ConsentRule]:
    """Give the rules by key, a workspace's own over the shipped ones."""
    table = standard("consent_rules", folder)
    return {str(row["rule"]): _rule(row) for _, row in table.iterrows()}


def consent_rule(key: str | None = None, *, folder: Path | None = None) -> ConsentRule:
    """Give one rule; None: the default, of several the last one, so that a workspace can add its own.

    Raises:
        DataError: no such rule, or none is the default.
    """
    rules = consent_rules(folder)
    table = standard("consent_rules", folder)
    chosen = [str(one) for one in table.loc[table["default"].fillna(value=False).astype(bool), "rule"]]
    wanted = key if key is not None else next(reversed(chosen), "")
    if wanted in rules:
        return rules[wanted]
    expected = Text(f"取自 {'、'.join(rules)}", f"out of {', '.join(rules)}")
    remedy = Text(
        "改正规则名，或在 standards/consent_rules.csv 中增加并设为缺省",
        "correct the rule, or add it to standards/consent_rules.csv and make it the default",
    )
    raise DataError([Problem("unknown_rule", "error", FILE, None, "rule", Text.same(wanted), expected, remedy)])


def _rule(row: "pd.Series[Any]") -> ConsentRule:
    asks = VoteRule(
        Fraction(int(row["take_part"]), int(row["take_part_of"])),
        Fraction(int(row["approve"]), int(row["approve_of"])),
        more_than=bool(row["more_than"]),
        among_all=row["approve_among"] == "all",
    )
    title = Text(str(row["zh"]), str(row["en"]))
    cited = (str(row["source"]), str(row["confidence"]), bool(row["to_verify"]))
    return ConsentRule(str(row["rule"]), title, str(row["counts"]), asks, *cited)
