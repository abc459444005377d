"""The first section of a briefing: what there is, where, how many and how late."""

import pandas as pd

from geo.text import Text
from layers import SERVICE_STATS, Workspace
from layers.schema import ServiceStats
from layers.schema.places import QUALIFIERS
from reports.document import Block, Column, Fact, Facts, Paragraph, Section, Table
from reports.overview import issue_counts, layer_counts, type_counts, unplaced_note

TITLE = Text("zh", "en")
LAYERS = Text("layers.gpkg", "layers.gpkg")


def situation(ws: Workspace) -> Section:
    """Give the section."""
    facts = [
        Fact(
            Text(
                "、".join(ws.manifest.level_words(n).zh for n in ws.levels),
                ", ".join(ws.manifest.level_words(n).en for n in ws.levels),
            ),
            " / ".join(f"{len(ws.grids(n)):,}" for n in ws.levels),
        )
    ]
    blocks: list[Block] = []
    counts = issue_counts(ws)
    if counts:
        facts += [
            Fact(Text("上报问题", "issues reported"), f"{counts.reported:,}"),
            Fact(Text("未办结", "open"), f"{counts.is_open:,}"),
            Fact(Text("超期", "overdue"), f"{counts.overdue:,}"),
            Fact(Text("无截止时间", "open without a deadline"), f"{counts.without_deadline:,}"),
        ]
    else:
        blocks.append(
            Paragraph(
                Text(
                    "本工作区没有问题图层，与问题有关的内容不列出。",
                    "This workspace has no issues layer; what needs issues is left out.",
                )
            )
        )
    note = unplaced_note(ws)
    if note:
        blocks.append(Paragraph(note))
    blocks.append(_layer_table(ws))
    if counts:
        blocks.append(_type_table(ws))
    if SERVICE_STATS in ws:
        blocks.append(_stat_table(ws))
    return Section(Text("基本情况", "Situation"), (Facts(tuple(facts)), *blocks))


def _stat_table(ws: Workspace) -> Table:
    stats = ws[SERVICE_STATS]
    rows = pd.DataFrame(
        {
            "zh": stats[ServiceStats.name],
            "en": stats[ServiceStats.name_en].fillna(stats[ServiceStats.name]),
            "value": stats[ServiceStats.value],
            "unit": stats[ServiceStats.unit].fillna(""),
            "precision_zh": [QUALIFIERS[q].zh if q in QUALIFIERS else "" for q in stats[ServiceStats.qualifier]],
            "precision_en": [QUALIFIERS[q].en if q in QUALIFIERS else "" for q in stats[ServiceStats.qualifier]],
        }
    )
    columns = (
        Column(TITLE, Text("统计", "Statistic")),
        Column(Text("precision_zh", "precision_en"), Text("精度", "Precision")),
        Column("value", Text("数值", "Value"), digits=0),
        Column("unit", Text("单位", "Unit")),
    )
    return Table(Text("已公布的统计", "Published statistics"), rows, columns, LAYERS)


def _layer_table(ws: Workspace) -> Table:
    layers = pd.DataFrame(
        [{"zh": c.spec.title.zh, "en": c.spec.title.en, "rows": c.rows, "outside": c.outside} for c in layer_counts(ws)]
    )
    columns = (
        Column(TITLE, Text("图层", "Layer")),
        Column("rows", Text("数量", "Count"), digits=0),
        Column("outside", Text("不在任何网格内", "In no grid"), digits=0),
    )
    return Table(Text("图层与数量", "Layers and counts"), layers, columns, LAYERS)


def _type_table(ws: Workspace) -> Table:
    types = type_counts(ws).head(12).rename(columns={"title_zh": "zh", "title_en": "en"})
    columns = (
        Column(TITLE, Text("类别", "Type")),
        Column("reported", Text("上报", "Reported"), digits=0),
        Column("open", Text("未办结", "Open"), digits=0),
        Column("overdue", Text("超期", "Overdue"), digits=0),
    )
    return Table(Text("问题类别（前 12 类）", "Issue types (first 12)"), types, columns, LAYERS)
