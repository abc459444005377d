"""What a briefing says: situation, immediate list, ranking, reasons per grid, definitions, unknowns."""

import pandas as pd

from geo.ownership import BORDER_RULE
from geo.text import Text, listed
from layers import Workspace
from layers.places import WHOLE_RULE
from layers.schema import Grids
from reports.document import Bars, Block, Column, Paragraph, Report, Section, Table
from reports.explanation import explain
from reports.measures import STATUS_WORDS
from reports.priority import Ranking, caution, conventions, rank
from reports.situation import situation

FIRST_GRIDS = 5
MOST_ROWS = 40
TITLE = Text("zh", "en")
"""Takes the column of the frame in the reader's language."""
AT_ONCE = (
    Column("name", Text("网格", "Grid")),
    Column(TITLE, Text("事项", "What")),
    Column("where", Text("位置", "Where")),
    Column("in_charge", Text("责任单位", "In charge")),
    Column("thing_id", Text("编号", "Id")),
    Column("since", Text("自", "Since")),
)
DEFINED = (
    Column(TITLE, Text("指标", "Measure")),
    Column("weight", Text("权重", "Weight"), digits=2),
    Column("posts", Text("标杆（好–差）", "Goalposts (best to worst)")),
    Column(Text("status_zh", "status_en"), Text("数据", "Data")),
    Column(Text("denominator_zh", "denominator_en"), Text("分母", "Denominator")),
    Column(Text("missing_zh", "missing_en"), Text("缺失与说明", "Missing, remarks")),
)
NAME = Column(Grids.name, Text("网格", "Grid"))


def brief(ws: Workspace, ranking: Ranking | None = None) -> Report:
    """Compose the renovation-priority briefing of a workspace.

    Args:
        ws: an opened workspace.
        ranking: a ranking of it; None ranks the finest level with the default criteria.
    """
    found = ranking or rank(ws)
    sections = (
        situation(ws),
        _immediate(found),
        _priorities(found),
        _reasons(found),
        *_rasters(ws),
        _definitions(found),
        _doubts(ws),
    )
    crs = ws.manifest.crs
    footer = Text(
        f"坐标系 {crs} · 内部工作用图 不得公开", f"coordinates {crs} · internal working document, not for publication"
    )
    title = Text("{t}改造优先级简报", "{t}: renovation priorities").format(t=ws.title)
    level = ws.manifest.level_words(found.level)
    subtitle = Text("按{level}排名", "ranked by {level}").format(level=level)
    if ws.manifest.synthetic:
        subtitle = Text(f"合成示例数据 · {subtitle.zh}", f"synthetic example data · {subtitle.en}")
    return Report(title, subtitle, ws.manifest.as_of, sections, footer)


def _rasters(ws: Workspace) -> list[Section]:
    """Show the rasters, where there are any."""
    if not any((ws.folder / "rasters").glob("*.tif")):
        return []
    from reports.rasters.printed import raster_section  # noqa: PLC0415 (heavy)

    return [raster_section(ws)]


def _priorities(ranking: Ranking) -> Section:
    table = ranking.ordered()
    shown = table.head(MOST_ROWS)
    source = conventions(ranking)
    caption = Text(
        f"优先级排名（共 {len(table):,} 个，列出前 {len(shown):,} 个）",
        f"Ranking ({len(shown):,} of {len(table):,} grids)",
    )
    first = table.index[:FIRST_GRIDS]
    warned = caution(ranking)
    sentences = [Paragraph(text) for text in ((warned, *ranking.notices) if warned else ranking.notices)]
    sentences += [Paragraph(explain(ranking, grid_id).sentence) for grid_id in first]
    columns = (
        Column("rank", Text("名次", "Rank"), digits=0),
        NAME,
        Column("score", Text("需求分", "Need"), digits=1),
        Column("rank_low", Text("区间上限", "Rank from"), digits=0),
        Column("rank_high", Text("区间下限", "to"), digits=0),
        Column("share_top5", Text("进入前 5 的比例", "Share in first 5"), digits=2),
    )
    chart = Bars(
        Text("需求分的构成", "What the need is made of"),
        tuple(shown[Grids.name].head(20)),
        ranking.parts.loc[shown.index[:20]],
        tuple(c.title for c in ranking.used),
        source,
    )
    return Section(Text("优先级", "Priorities"), (*sentences, chart, Table(caption, shown, columns, source)))


def _immediate(ranking: Ranking) -> Section:
    todo = ranking.immediate
    title = Text("立即处理清单", "Immediate list")
    rule = Paragraph(
        Text(
            "危险事项先列出、先处理；得分不能代替处理。",
            "Dangerous things are listed and dealt with first; no score stands in for that.",
        )
    )
    if todo.empty:
        return Section(title, (rule, Paragraph(Text("目前没有。", "There are none at present."))))
    names = ranking.grids[Grids.name]
    shown = todo.head(MOST_ROWS).rename(columns={"what_zh": "zh", "what_en": "en"})
    shown = shown.assign(
        name=shown["grid_id"].map(names).fillna("–"),
        where=shown["where"].fillna("–"),
        in_charge=shown["in_charge"].fillna("–"),
        since=shown["since"].dt.strftime("%Y-%m-%d").fillna("–"),
    )
    caption = Text(
        f"立即处理（共 {len(todo):,} 项，列出 {len(shown):,} 项）", f"Immediate ({len(shown):,} of {len(todo):,})"
    )
    source = Text("问题严重程度 5；C、D 级危房", "issues of severity 5; hazard grades C and D")
    return Section(title, (rule, Table(caption, shown, AT_ONCE, source)))


def _reasons(ranking: Ranking) -> Section:
    blocks: list[Block] = []
    for grid_id in ranking.ordered().index[:FIRST_GRIDS]:
        found = explain(ranking, grid_id)
        rows = pd.DataFrame(
            [
                {
                    "zh": p.criterion.title.zh,
                    "en": p.criterion.title.en,
                    "value": p.value,
                    "unit_zh": p.criterion.unit.zh,
                    "unit_en": p.criterion.unit.en,
                    "points": p.points,
                    "limit": p.limit,
                    "status_zh": STATUS_WORDS[p.status].zh,
                    "status_en": STATUS_WORDS[p.status].en,
                }
                for p in found.parts
            ]
        )
        columns = (
            Column(TITLE, Text("指标", "Measure")),
            Column("value", Text("数值", "Value"), digits=1),
            Column(Text("unit_zh", "unit_en"), Text("单位", "Unit")),
            Column("points", Text("得分", "Points"), digits=1),
            Column("limit", Text("满分", "of"), digits=1),
            Column(Text("status_zh", "status_en"), Text("数据", "Data")),
        )
        blocks.append(Table(Text(found.name, found.name), rows, columns, conventions(ranking)))
        blocks += [Paragraph(move) for move in found.moves]
    return Section(Text("为什么", "Why"), tuple(blocks))


def _definitions(ranking: Ranking) -> Section:
    rows = []
    for c in ranking.criteria.items:
        m = ranking.measures.by_key[c.key]
        none = Text("–", "–")
        rows.append(
            {
                "zh": c.title.zh,
                "en": c.title.en,
                "weight": c.weight,
                "posts": f"{c.best:g} – {c.worst:g}" if ranking.criteria.normalisation == "goalposts" else "–",
                "status_zh": STATUS_WORDS[m.status].zh,
                "status_en": STATUS_WORDS[m.status].en,
                "denominator_zh": m.denominator.zh,
                "denominator_en": m.denominator.en,
                "missing_zh": (m.missing or m.note or none).zh,
                "missing_en": (m.missing or m.note or none).en,
            }
        )
    blocks: list[Block] = [
        Table(Text("指标定义与权重", "Measures and weights"), pd.DataFrame(rows), DEFINED, conventions(ranking))
    ]
    if ranking.left_out:
        what = listed([c.title for c in ranking.left_out])
        blocks.append(Paragraph(Text("因无数据未计入：{w}。", "Left out for lack of data: {w}.").format(w=what)))
    blocks.append(
        Paragraph(
            Text(
                f"{BORDER_RULE.zh}；{WHOLE_RULE.zh}。",
                f"{BORDER_RULE.en[0].upper()}{BORDER_RULE.en[1:]}; {WHOLE_RULE.en}.",
            )
        )
    )
    return Section(Text("定义与方法", "Definitions and method"), tuple(blocks))


def _doubts(ws: Workspace) -> Section:
    title = Text("数据中的疑点", "Doubts in the data")
    if not ws.problems:
        return Section(title, (Paragraph(Text("未发现问题。", "None were found.")),))
    rows = pd.DataFrame(
        [
            {
                "place": " · ".join(x for x in (p.file, p.row, p.column) if x),
                "found_zh": p.found.zh,
                "found_en": p.found.en,
                "zh": p.remedy.zh,
                "en": p.remedy.en,
            }
            for p in ws.problems[:MOST_ROWS]
        ]
    )
    columns = (
        Column("place", Text("位置", "Where")),
        Column(Text("found_zh", "found_en"), Text("发现", "Found")),
        Column(TITLE, Text("处理办法", "What to do")),
    )
    caption = Text(f"共 {len(ws.problems):,} 项", f"{len(ws.problems):,} in all")
    return Section(title, (Table(caption, rows, columns, Text("guatu check", "guatu check")),))
