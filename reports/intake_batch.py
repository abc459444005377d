"""Several files at once: how each stands in a line, and those that are ready stored one after the other."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from geo.errors import DataError, Problem
from geo.text import Lang, Text, counted
from layers.catalog import CATALOG, GRIDS, ISSUES, LayerSpec
from layers.intake.history import Intake
from layers.intake.look import Look, Setting
from layers.intake.source import Source
from reports.intake_desk import Desk
from reports.intake_uploads import Handed
from reports.intake_words import KINDS, blocked

READY, ASKS, NOTHING, REFUSED, STORED, RASTER = "ready", "asks", "nothing", "refused", "stored", "raster"
STANDS: Mapping[str, Text] = {
    READY: Text("可以入库", "ready to store"),
    ASKS: Text("有问题要回答", "has open questions"),
    NOTHING: Text("没有可入库的行", "nothing to store"),
    REFUSED: Text("不能读取", "cannot be read"),
    STORED: Text("已入库", "stored"),
    RASTER: Text("栅格，请在下面选定后收入", "a raster: choose it below to store it"),
}
"""How a file stands."""
LIST_TITLES: Mapping[str, Text] = {
    "file": Text("文件", "File"),
    "kind": Text("类型", "Kind"),
    "layer": Text("放进图层", "Into layer"),
    "rows_read": Text("读取", "Read"),
    "rows_kept": Text("保留", "Kept"),
    "rows_rejected": Text("退回", "Rejected"),
    "questions": Text("待答", "Questions"),
    "stands": Text("状态", "State"),
}
LOOKING = Text(
    "正在查看第 {at} 个文件，共 {many} 个：{name}（已读取 {rows} 行）",
    "Looking at file {at} of {many}: {name} ({rows} rows read so far)",
)
STORING = Text(
    "正在入库 {name}：{n} 行（已完成 {done} 行，共 {all} 行）", "Storing {name}: {n} rows ({done} of {all} done)"
)
SUMMARY = Text("已入库 {files}，共新增 {a} 行、更新 {u} 行。", "Stored {files}: {a} rows added, {u} updated.")
LEFT = Text("{files} 留着没有入库：{names}。", "{files} left unstored: {names}.")
Tell = Callable[[Text, float], object]


class Brief(NamedTuple):
    """A file in a line; ``rows_new`` is what confirming it would add or update."""

    file: Handed
    kind: Text
    layer: LayerSpec | None
    rows_read: int = 0
    rows_kept: int = 0
    rows_rejected: int = 0
    questions: int = 0
    rows_new: int = 0
    stands: str = REFUSED


class Outcome(NamedTuple):
    """What became of storing several files: intakes, and the files that stayed with the reason."""

    done: tuple[Intake, ...]
    stayed: tuple[tuple[Handed, tuple[Problem, ...]], ...]


def briefs(desk: Desk, setting: Setting, mark: str, tell: Tell) -> tuple[Brief, ...]:
    """Look at all files of a session and give each in a line; those that were looked at before cost nothing."""
    found: list[Brief] = []
    for at, file in enumerate(desk.files):
        rows = sum(one.rows_read for one in found)
        words = LOOKING.format(at=str(at + 1), many=str(len(desk.files)), name=file.name, rows=f"{rows:,}")
        tell(words, at / len(desk.files))
        found.append(brief(desk, setting, mark, file))
    return tuple(found)


def brief(desk: Desk, setting: Setting, mark: str, file: Handed) -> Brief:
    """Give a file in a line."""
    if file.key in desk.done:
        return _stored(desk, file)
    if desk.is_raster(file):
        return Brief(file, _kind("geotiff"), None, stands=RASTER)
    spec = desk.spec(setting, file)

    def made() -> Brief:
        seen = desk.look(setting, mark, file, spec)
        return _told(file, seen.look, seen.sources)

    try:
        return desk.noted(file, desk.asked(setting, mark, file, spec), made)
    except DataError:  # told in full where the file is looked at
        return Brief(file, Text("", ""), None)


def _told(file: Handed, look: Look, sources: Sequence[Source]) -> Brief:
    merge = look.merge
    new = len(merge.added) + len(merge.updated) if merge is not None else 0
    stands = ASKS if look.questions else READY if blocked(look) is None else NOTHING
    kind, layer = _kind(sources[0].kind), look.wishes.layer
    rows = look.rows_read, look.rows_kept, look.rows_rejected
    return Brief(file, kind, layer, *rows, len(look.questions), new, stands)


def _kind(kind: str) -> Text:
    return KINDS.get(kind, Text.same(kind))


def _stored(desk: Desk, file: Handed) -> Brief:
    record = desk.done[file.key].record
    read, kept, rejected = (int(record[name]) for name in ("rows_read", "rows_kept", "rows_rejected"))
    return Brief(file, _kind(desk.kind(file)), CATALOG.get(record["layer"]), read, kept, rejected, stands=STORED)


def list_table(found: Sequence[Brief], lang: Lang) -> pd.DataFrame:
    """Give all files as a table with the columns of ``LIST_TITLES``; numbers are empty for one that cannot be read."""
    rows = [
        {
            **{name: None if one.stands in {REFUSED, RASTER} else getattr(one, name) for name in LIST_TITLES},
            "file": one.file.name,
            "kind": one.kind.in_(lang),
            "layer": one.layer.title.in_(lang) if one.layer is not None else "",
            "stands": STANDS[one.stands].in_(lang),
        }
        for one in found
    ]
    table = pd.DataFrame(rows, columns=list(LIST_TITLES))
    numbers = ["rows_read", "rows_kept", "rows_rejected", "questions"]
    return table.astype(dict.fromkeys(numbers, "Int64"))


def ready(found: Sequence[Brief]) -> tuple[Brief, ...]:
    """Give the files that can be stored, in the order in which they help each other: grids first, issues last."""
    order = {GRIDS.key: 0, ISSUES.key: 2}
    mine = [one for one in found if one.stands == READY]
    return tuple(sorted(mine, key=lambda one: order.get(one.layer.key if one.layer else "", 1)))


def take_ready(desk: Desk, found: Sequence[Brief], arranged: Callable[[], tuple[Setting, str]], tell: Tell) -> Outcome:
    """Store files one by one, each as an import of its own; one that is no longer ready stays.

    Args:
        desk: the files.
        found: those to store, see ``ready``.
        arranged: gives the workspace as it is at the moment.
        tell: hears which file is stored, with rows done and to do.
    """
    rows, before = sum(one.rows_kept for one in found), 0
    done, stayed = [], []
    for one in found:
        numbers = {"n": f"{one.rows_kept:,}", "done": f"{before:,}", "all": f"{rows:,}"}
        tell(STORING.format(name=one.file.name, **numbers), before / max(rows, 1))
        try:
            setting, mark = arranged()
            look = desk.look(setting, mark, one.file, desk.spec(setting, one.file)).look
            done.append(desk.take(setting, one.file, look))
        except DataError as error:
            stayed.append((one.file, error.problems))
        before += one.rows_kept
    return Outcome(tuple(done), tuple(stayed))


def outcome_words(outcome: Outcome) -> Text:
    """Say what storing several files did."""
    added, updated = (sum(int(one.record[name]) for one in outcome.done) for name in ("rows_added", "rows_updated"))
    many = _files(len(outcome.done))
    words = SUMMARY.format(files=many, a=f"{added:,}", u=f"{updated:,}")
    if not outcome.stayed:
        return words
    names = [file.name for file, _ in outcome.stayed]
    left = LEFT.format(files=_files(len(names)), names=Text("、".join(names), ", ".join(names)))
    return Text(words.zh + left.zh, f"{words.en} {left.en}")


def ready_words(found: Sequence[Brief]) -> Text:
    """Say what storing all that are ready would do."""
    new = sum(one.rows_new for one in found)
    return Text(
        f"全部入库：{len(found)} 个文件，{new:,} 行",
        f"Store all that are ready: {_files(len(found)).en}, {counted(new, 'row', 'rows')}",
    )


def _files(many: int) -> Text:
    return Text(f"{many} 个文件", counted(many, "file", "files"))
