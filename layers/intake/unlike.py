"""Which tables of an upload are taken together: the sheets of a ledger are, files that hold different things are not."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from geo.errors import DataError, Problem
from geo.findings import names_found, shown
from geo.text import Text
from layers.intake.faults import fault
from layers.intake.look import Setting, Wishes
from layers.intake.mapping.layer_proposal import Proposal, proposal
from layers.intake.source import Source, member_of

WORKBOOKS = frozenset({"xlsx", "xls", "ods"})
"""Kinds of files whose tables are parts of one ledger."""
ALIKE = 0.5
"""Share of the headings of the smaller of two files that the other one has if both are of one ledger."""
_PLAIN = str.maketrans("", "", " \t\r\n\u3000*＊")


def chosen_of(
    setting: Setting, sources: Sequence[Source], wishes: Wishes, file: str
) -> tuple[list[Source], list[Problem]]:
    """Give the tables to take: the named ones, the only one, or all sheets of one ledger; else ask.

    Raises:
        DataError: no table or file of the name that the user says.
    """
    if wishes.part is not None:
        return [_without_notes(one) for one in _named(sources, wishes.part, file)], []
    if len(sources) > 1 and not all(one.kind in WORKBOOKS for one in sources):
        names = names_found([one.part or one.file for one in sources])
        return list(sources[:1]), [fault("which_part", file, found=names)]
    each = _by_member(sources)
    if len(each) > 1:
        layers = _layers(each, setting)
        if _are_unlike(each, layers):
            return list(sources[:1]), [fault("which_part", file, found=_listed(layers))]
        first, *rest = (_without_notes(one) for one in sources)
        note = fault("read_together", file, found=names_found(each))
        return [first._replace(notes=(note, *first.notes)), *rest], []
    return [_without_notes(one) for one in sources], []


def files_apart(sources: Sequence[Source], setting: Setting) -> tuple[str, ...]:
    """Name the files of an archive if each is to be taken in by itself; none if they are one ledger, or one file."""
    each = _by_member(sources)
    if len(each) < 2:  # noqa: PLR2004 (nothing to tell apart)
        return ()
    one_ledger = all(one.kind in WORKBOOKS for one in sources) and not _are_unlike(each, _layers(each, setting))
    return () if one_ledger else tuple(each)


def _by_member(sources: Sequence[Source]) -> dict[str, list[Source]]:
    each: dict[str, list[Source]] = {}
    for one in sources:
        each.setdefault(member_of(one), []).append(one)
    return each


def _named(sources: Sequence[Source], part: str, file: str) -> list[Source]:
    """Give the table of a name, else all tables of the file of that name in an archive, with or without its ending."""
    found = [one for one in sources if one.part == part]
    if not found:
        found = [one for one in sources if (name := member_of(one)) and part in _names(name)]
    if not found:
        names = names_found([one.part for one in sources])
        raise DataError([fault("no_part", file, found=Text.same(part))._replace(expected=names)])
    return found


def _names(member: str) -> set[str]:
    path = PurePosixPath(member)
    return {member, path.name, path.stem}


def _layers(each: Mapping[str, Sequence[Source]], setting: Setting) -> dict[str, Proposal]:
    """Propose a layer for each file of an archive."""
    return {name: proposal(sources, None, setting, file=PurePosixPath(name).name) for name, sources in each.items()}


def _are_unlike(each: Mapping[str, Sequence[Source]], layers: Mapping[str, Proposal]) -> bool:
    """Tell whether files hold different things: for different layers, or hardly a heading that they share."""
    sure = {one.spec.key for one in layers.values() if one.sure}
    if len(sure) > 1:
        return True
    headings = {name: {_plain(head) for one in sources for head in one.cells} for name, sources in each.items()}
    most = max(headings.values(), key=len)
    return any(
        len(own & most) < ALIKE * min(len(own), len(most))
        for name, own in headings.items()
        if not (layers[name].sure and sure)
    )


def _plain(heading: object) -> str:
    return str(heading).casefold().translate(_PLAIN)


def _listed(layers: Mapping[str, Proposal]) -> Text:
    """Name files, each with the layer that it seems to be for."""
    some = [(shown(PurePosixPath(name).name), one.spec.title) for name, one in layers.items()]
    return Text(
        "内容不同的文件：" + "、".join(f"{name}（{title.zh}）" for name, title in some),
        "files of different content: " + ", ".join(f"{name} ({title.en})" for name, title in some),
    )


def _without_notes(source: Source) -> Source:
    """Leave out what is no longer true once it is known which tables are taken."""
    return source._replace(notes=tuple(one for one in source.notes if one.code != "several_layers"))
