"""What an intake found, in lines for a terminal."""

import argparse
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

from geo.text import Text, counted
from layers.intake.look import Look
from reports.intake_confirm import to_confirm

MOST_SHOWN = 20


def lines_of(found: Look, rejects: Path | None, options: argparse.Namespace) -> list[str]:
    """Say the outcome for a terminal: counts, questions, lost rows, then what somebody should know."""
    lang = options.lang
    merge = found.merge
    read = Text(
        f"{found.file}：读取 {found.rows_read:,} 行", f"{found.file}: {counted(found.rows_read, 'row', 'rows')} read"
    )
    kept = Text(
        f"{read.zh}，入库 {found.rows_kept:,}，退回 {found.rows_rejected:,}",
        f"{read.en}, {found.rows_kept:,} kept, {found.rows_rejected:,} rejected",
    )
    lines = [(read if found.questions else kept).in_(lang)]
    if merge is not None:
        done = Text("试运行，未写入：", "dry run, nothing stored: ") if options.dry_run else Text("", "")
        words = Text(
            f"{done.zh}新增 {len(merge.added):,}，更新 {len(merge.updated):,}，不变 {len(merge.unchanged):,}",
            f"{done.en}{len(merge.added):,} added, {len(merge.updated):,} updated, {len(merge.unchanged):,} unchanged",
        )
        lines.append(words.in_(lang))
    if found.questions:
        lines.append(Text("尚未写入，请先回答：", "nothing stored yet; answer this first:").in_(lang))
    lines += [one.line(lang) for one in found.questions]
    lost = [(part, one) for part in found.parts for one in part.lost]
    for part, one in lost[:MOST_SHOWN]:
        place = " ".join(word for word in (part.source.part, str(one.row), one.column) if word)
        lines.append(f"  {place}: {one.found.in_(lang)} → {one.remedy.in_(lang)}")
    if len(lost) > MOST_SHOWN:
        lines.append(Text(f"  另有 {len(lost) - MOST_SHOWN:,} 行", f"  {len(lost) - MOST_SHOWN:,} more rows").in_(lang))
    lines += _confirm_lines(found, lang)
    if rejects is not None:
        lines.append(Text(f"退回的行：{rejects}", f"rejected rows: {rejects}").in_(lang))
    return lines + [one.line(lang) for one in found.problems]


def _confirm_lines(found: Look, lang: str) -> list[str]:
    waiting = to_confirm(found)
    if waiting.empty:
        return []
    words = Text(
        f"{len(waiting):,} 行的位置待确认（--accept 行号 表示接受建议；其余在文件里补坐标）：",
        f"{counted(len(waiting), 'place', 'places')} to confirm (--accept ROW takes the proposed one; else add coordinates):",
    )
    shown = waiting.head(MOST_SHOWN).to_dict("records")
    return [words.in_(lang), *(_confirm_line(one, lang) for one in shown)]


def _confirm_line(one: Mapping[Hashable, Any], lang: str) -> str:
    place = " ".join(filter(None, (one["part"], str(one["row"]))))
    return f"  {place}: {one['address']} · {one['confidence']:.0%} · {one['reason'].in_(lang)}"
