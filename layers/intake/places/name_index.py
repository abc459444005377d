"""Names looked up in a text at once: the longest one at each place, and names with one slip of the pen."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from layers.intake.places.name_forms import one_slip_apart

SHORTEST_INSIDE = 3
"""Letters that a name must have to be found inside a longer text; 老井 or 东街 must stand alone."""
SHORTEST_SLIP = 4
"""Letters from which one slip is forgiven; shorter names have too many neighbours."""
SHORTEST_LATIN_SLIP = 7
LEAD = 2


class Hit(NamedTuple):
    """A name found in a text: where, and its key."""

    start: int
    end: int
    key: str


class NameIndex:
    """Keys of names (see ``name_forms.name_key``) and what bears them.

    A text of n letters costs n look-ups of its letter pairs and one more per length of the names that begin
    so, whatever the number of names. ``silent`` keys are known but not looked for inside of texts.
    """

    def __init__(self, bearers: Mapping[str, Iterable[int]], silent: Collection[str] = ()) -> None:
        self._bearers = {key: tuple(sorted(set(things))) for key, things in bearers.items() if key}
        lengths: dict[str, set[int]] = defaultdict(set)
        for key in self._bearers:
            if len(key) >= SHORTEST_INSIDE and key not in silent:
                lengths[key[:LEAD]].add(len(key))
        self._lengths = {lead: tuple(sorted(found, reverse=True)) for lead, found in lengths.items()}

    def __len__(self) -> int:
        return len(self._bearers)

    def __contains__(self, key: object) -> bool:
        return key in self._bearers

    def bearers(self, key: str) -> tuple[int, ...]:
        """Give the numbers of the things that bear a name, in order; empty if none does."""
        return self._bearers.get(key, ())

    def inside(self, text: str) -> list[Hit]:
        """Find the names in a text that is written as a key: from the left, the longest first, none over another."""
        hits, at, last = [], 0, len(text) - SHORTEST_INSIDE
        while at <= last:
            hit = self._longest(text, at)
            if hit:
                hits.append(hit)
            at = hit.end if hit else at + 1
        return hits

    def _longest(self, text: str, at: int) -> Hit | None:
        for length in self._lengths.get(text[at : at + LEAD], ()):
            end = at + length
            if end <= len(text) and text[at:end] in self._bearers and _whole(text, at, end):
                return Hit(at, end, text[at:end])
        return None

    def slips(self, key: str) -> tuple[str, ...]:
        """Find the names that differ from a key by one slip (``name_forms.one_slip_apart``), sorted."""
        if len(key) < (SHORTEST_LATIN_SLIP if key.isascii() else SHORTEST_SLIP) or key in self._bearers:
            return ()
        found = {name for form in (key, *_shortened(key)) for name in self._forms.get(form, ())}
        return tuple(sorted(name for name in found if one_slip_apart(key, name)))

    @cached_property
    def _forms(self) -> dict[str, list[str]]:
        forms: dict[str, list[str]] = defaultdict(list)
        for key in self._bearers:
            if len(key) >= SHORTEST_SLIP - 1:
                for form in {key, *_shortened(key)}:
                    forms[form].append(key)
        return forms


def _shortened(key: str) -> Iterator[str]:
    """Give a key without each of its letters in turn: two keys one slip apart share one of these."""
    return (key[:at] + key[at + 1 :] for at in range(len(key)))


def _whole(text: str, start: int, end: int) -> bool:
    """Tell whether a piece of a text breaks no number and no Latin word at its ends."""
    return not (_runs_on(text, start) or _runs_on(text, end))


def _runs_on(text: str, at: int) -> bool:
    if at <= 0 or at >= len(text):
        return False
    before, after = text[at - 1], text[at]
    if before.isdigit() or after.isdigit():
        return before.isdigit() and after.isdigit()
    return before.isascii() and after.isascii() and before.isalpha() and after.isalpha()
