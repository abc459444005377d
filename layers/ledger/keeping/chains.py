"""Chains: whether the records of each writer follow one another without a gap, up to the registered end."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from geo.errors import Problem
from geo.text import Text
from layers.ledger.faults import ledger_problem
from layers.ledger.store.files import FILE

_NAMES = 12
"""Letters of a writer that are shown."""


class Link(NamedTuple):
    """What the chain says of a record; ``names``: as stored and as computed."""

    arrival: int
    subject: str
    writer: str
    number: int
    before: str
    names: frozenset[str]

    @property
    def row(self) -> str:
        """Where it is, alike in all languages."""
        return f"{self.subject} #{self.number} @{str(self.writer)[:_NAMES]} ({self.arrival})"

    @property
    def words(self) -> Text:
        """Where it is, in words."""
        writer = str(self.writer)[:_NAMES]
        return Text(
            f"问题 {self.subject}，第 {self.arrival} 条到达，记录者 {writer} 的第 {self.number} 条",
            f"issue {self.subject}, arrival {self.arrival}, record {self.number} of writer {writer}",
        )


class End(NamedTuple):
    """The end of a chain as the register of writers has it."""

    number: int
    last: str


def chain_problems(links: Iterable[Link], ends: Mapping[str, End]) -> Iterator[Problem]:
    """Give what is wrong with the chains.

    Args:
        links: all records, by writer, number, arrival.
        ends: the registered end of each writer.
    """
    seen = set()
    for writer, own in groupby(links, key=lambda one: one.writer):
        seen.add(writer)
        last: list[Link] = []
        for _, same in groupby(own, key=lambda one: one.number):
            here = list(same)
            yield from _steps(last, here)
            last = here
        yield from _end(last, ends.get(writer))
    for writer, end in ends.items():
        if writer not in seen and end != End(0, ""):
            yield _gap("ledger_cut", Text(f"记录者 {writer}", f"writer {writer}"), 1, end.number, row=f"@{writer}")


def _steps(last: list[Link], here: list[Link]) -> Iterator[Problem]:
    """Give what is wrong between the records of one number and those of the number before."""
    first, before = here[0], last[0].number if last else 0
    if first.number > before + 1:
        yield _gap("ledger_missing", first.words, before + 1, first.number - 1, row=first.row)
        return
    if len(here) > 1:
        found = Text("；".join(one.words.zh for one in here), "; ".join(one.words.en for one in here))
        yield ledger_problem("ledger_forked", FILE, found, row=" / ".join(one.row for one in here), column="number")
    known = {name: one.arrival for one in last for name in one.names} if last else {"": 0}
    for one in here:
        if one.number != before + 1 or one.before not in known or known[one.before] > one.arrival:
            found = Text("{words}不接在前一条之后", "{words} does not follow the one before it").format(words=one.words)
            yield ledger_problem("ledger_order", FILE, found, row=one.row, column="before")


def _end(last: list[Link], end: End | None) -> Iterator[Problem]:
    """Give what is wrong between the last records of a writer and its registered end."""
    one = last[0]
    if end is None:
        yield ledger_problem("ledger_writer", FILE, one.words, row=one.row, column="writer")
    elif end.number > one.number:
        yield _gap("ledger_cut", one.words, one.number + 1, end.number, row=one.row, is_after=True)
    elif end.number < one.number or not any(end.last in link.names for link in last):
        found = Text("{words}不是所登记的末条（第 {number} 条）", "{words} is not the registered end ({number})")
        yield ledger_problem("ledger_cut", FILE, found.format(words=one.words, number=end.number), row=one.row)


def _gap(code: str, words: Text, first: int, last: int, **place: Any) -> Problem:  # noqa: ANN401 (place in the file)
    after = place.pop("is_after", False)
    found = Text(
        "{words}之{side}缺少第 {first} 至 {last} 条",
        "records {first} to {last} are missing {side} {words}",
    )
    side = Text("后", "after") if after else Text("前", "before")
    return ledger_problem(code, FILE, found.format(words=words, side=side, first=first, last=last), **place)
