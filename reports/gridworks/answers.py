"""What the command line says of grids: JSON documents, and the same in lines."""

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from geo.text import Text
from layers import Workspace
from layers.schema import FormerGrids
from layers.succession import PARTING, former_grids, successors
from reports.gridworks.audit import KINDS, GridAudit
from reports.gridworks.codes import VERDICTS, Codes
from reports.gridworks.plan import Plan
from reports.gridworks.redraw import Redraw
from reports.gridworks.tables import even_words
from reports.gridworks.totals import TITLES
from reports.gridworks.workload import AGAINST, LOADS, Workload

Answer = dict[str, Any]
MOST_LINES = 40
LEVEL = Text(
    "第 {level} 级：{n} 个网格，{area:,.0f} m²；需改 {faults} 处，待确认 {doubts} 处",
    "level {level}: {n} grids, {area:,.0f} m²; {faults} to mend, {doubts} to look at",
)
NESTED = Text(
    "  {n} 个位于上级之内；在所属上级内的面积占比平均 {mean:.1%}，最低 {least:.1%}",
    "  {n} lie inside one grid above; the part in the best is {mean:.1%} on average and {least:.1%} at least",
)
MORE = Text("……另有 {n} 行", "… and {n} more")
SPREAD = Text(
    "{load}：平均 {mean:,.1f}，{least:,.0f} 至 {most:,.0f}，最大为平均的 {ratio:.2f} 倍，基尼系数 {gini:.2f}{chance}",
    "{load}: mean {mean:,.1f}, {least:,.0f} to {most:,.0f}, the largest {ratio:.2f} times the mean, Gini {gini:.2f}{chance}",
)
CHANCE = Text(
    "（平均分配时偶然可达 {low:.2f}–{high:.2f}）", " (an even spread would show {low:.2f}–{high:.2f} by chance)"
)
KEPT, LOST = Text("不变", "kept"), Text("有变化", "CHANGED")
PREVIEW = Text("仅预览，未写入；加 --apply 写入", "preview only, nothing stored; --apply stores it")
STORED = Text("已写入（第 {n} 次），可用 guatu undo 撤销", "stored (number {n}); guatu undo takes it back")
MOVED = Text("{n} 件问题换了网格", "{n} issues change grid")
RETIRED = Text("停用编号：{ids}", "codes no longer used: {ids}")
NO_FORMER = Text("没有重划过网格", "no grid was ever redrawn")
FORMER = Text("{day} 停用 {code} {name} → {after}", "until {day} {code} {name} → {after}")


def value(found: Any) -> Any:  # noqa: ANN401 (what JSON knows)
    """Give a cell as JSON knows it; unknown is null."""
    if isinstance(found, Text):
        return found._asdict()
    if isinstance(found, Mapping):
        return {str(key): value(one) for key, one in found.items()}
    if isinstance(found, list | tuple | set | frozenset):
        return [value(one) for one in found]
    if pd.isna(found):
        return None
    plain = found.item() if hasattr(found, "item") else found
    return plain if isinstance(plain, bool | int | float | str) else str(plain)


def rows(table: pd.DataFrame) -> list[Answer]:
    """Give the rows of a table as JSON knows them."""
    return [{str(key): value(one) for key, one in row.items()} for row in table.astype(object).to_dict("records")]


def audit_answer(found: GridAudit) -> Answer:
    """Give the answer of ``guatu grids audit``."""
    return {
        "levels": rows(found.levels),
        "faults": [{**row, "words": KINDS[row["kind"]]._asdict()} for row in rows(found.faults)],
        "nesting": rows(found.nesting),
        "grids": rows(found.shapes.rename_axis("grid_id").reset_index()),
        "meta": value(found.meta),
    }


def audit_lines(found: GridAudit, lang: str) -> list[str]:
    """Give the lines of ``guatu grids audit``."""
    lines = []
    for one in found.levels.to_dict("records"):
        head = {name: one[name] for name in ("level", "faults", "doubts")}
        lines.append(LEVEL.in_(lang).format(n=one["grids"], area=one["area_m2"], **head))
        if pd.notna(one["nested"]):
            numbers = {"n": int(one["nested"]), "mean": one["share_mean"], "least": one["share_least"]}
            lines.append(NESTED.in_(lang).format(**numbers))
        part = found.faults[found.faults["level"] == one["level"]]
        lines += [_fault_line(fault, lang) for fault in part.head(MOST_LINES).to_dict("records")]
        if len(part) > MOST_LINES:
            lines.append(f"  {MORE.in_(lang).format(n=len(part) - MOST_LINES)}")
    return lines


def _fault_line(fault: Mapping[Any, Any], lang: str) -> str:
    size = "" if pd.isna(fault["area_m2"]) else f" {fault['area_m2']:,.2f} m²"
    ids = " / ".join(filter(None, (str(fault["grid_id"]), str(fault["other_id"] or ""))))
    return f"  {KINDS[str(fault['kind'])].in_(lang)}  {ids}{size}"


def codes_answer(found: Codes, proposal: pd.DataFrame) -> Answer:
    """Give the answer of ``guatu grids codes``."""
    checked = [{**row, "words": VERDICTS[row["verdict"]]._asdict()} for row in rows(found.table)]
    return {"codes": checked, "proposed": rows(proposal), "meta": value(found.meta)}


def codes_lines(found: Codes, proposal: pd.DataFrame, lang: str) -> list[str]:
    """Give the lines of ``guatu grids codes``, in reading order."""
    verdict = found.table.set_index("grid_id")["verdict"]
    return [
        f"{row['grid_id']}  {VERDICTS[verdict[row['grid_id']]].in_(lang)}  → {row['proposed']}"
        for row in proposal.to_dict("records")
    ]


def workload_answer(found: Workload) -> Answer:
    """Give the answer of ``guatu grids workload``."""
    spread = {
        load: value({k: v for k, v in one._asdict().items() if k != "meta"}) for load, one in found.spread.items()
    }
    return {
        "grids": rows(found.table.rename_axis("grid_id").reset_index()),
        "spread": spread,
        "meta": value(found.meta),
    }


def workload_lines(found: Workload, lang: str) -> list[str]:
    """Give the lines of ``guatu grids workload``: the spread of each load, then the grids clearly above or below the mean."""
    lines = []
    for load, one in found.spread.items():
        low, high = one.gini_by_chance
        chance = "" if pd.isna(low) else CHANCE.in_(lang).format(low=low, high=high)
        words = SPREAD.in_(lang)
        numbers = {
            "mean": one.mean,
            "least": one.least,
            "most": one.most,
            "ratio": one.most_over_mean,
            "gini": one.gini,
        }
        lines.append(words.format(load=LOADS[load].in_(lang), chance=chance, **numbers))
    if "against" in found.table:
        for code, row in found.table.sort_values("issues", ascending=False, kind="stable").head(MOST_LINES).iterrows():
            said = AGAINST[str(row["against"])].in_(lang)
            lines.append(
                f"{code}  {row['name']}  {row['issues']:,.0f} ({row['issues_low']:,.1f}–{row['issues_high']:,.1f})  {said}"
            )
    return lines


def redraw_answer(found: Redraw, number: int | None) -> Answer:
    """Give the answer of a redrawing: the plan, old and new grids, totals; ``number`` of the record if it was stored."""
    level = found.after.grids(found.plan.level)
    new = level[level.index.isin(found.correspondence["new_id"])]
    return {
        "plan": found.plan.as_json(),
        "applied": number is not None,
        "number": number,
        "retired": found.retired,
        "grids": rows(new.drop(columns="geometry").rename_axis("grid_id").reset_index()),
        "correspondence": rows(found.correspondence),
        "issues_moved": len(found.moved),
        "totals": [{**row, "title": TITLES[row["key"]]._asdict()} for row in rows(found.totals)],
        "totals_kept": found.is_kept,
        "meta": value({key: one for key, one in found.meta.items() if key != "new_problems"}),
    }


def redraw_lines(found: Redraw, number: int | None, lang: str) -> list[str]:
    """Give the lines of a redrawing."""
    lines = [found.plan.words.in_(lang)]
    for row in found.correspondence.to_dict("records"):
        told = f"  {row['issues']:,}" if "issues" in row else ""
        lines.append(f"{row['old_id']} → {row['new_id']}  {row['area_m2']:,.1f} m²  {row['area_share']:.1%}{told}")
    if found.retired:
        lines.append(RETIRED.in_(lang).format(ids=", ".join(found.retired)))
    lines.append(MOVED.in_(lang).format(n=f"{len(found.moved):,}"))
    for total in found.totals.to_dict("records"):
        said = (KEPT if total["is_kept"] else LOST).in_(lang)
        title = TITLES[str(total["key"])].in_(lang)
        lines.append(f"{title}: {total['before']:,.0f} → {total['after']:,.0f}  {said}")
    lines += [one.in_(lang) for one in even_words(found)]
    return [*lines, PREVIEW.in_(lang) if number is None else STORED.in_(lang).format(n=number)]


def history_answer(ws: Workspace) -> Answer:
    """Give the answer of ``guatu grids history``."""
    past = former_grids(ws.tables)
    table = past.drop(columns=["geometry"], errors="ignore").rename_axis("former_id").reset_index(drop=not len(past))
    return {"former": rows(table), "successors": value(successors(ws.tables))}


def history_lines(ws: Workspace, lang: str) -> list[str]:
    """Give the lines of ``guatu grids history``, the last redrawing first."""
    past = former_grids(ws.tables)
    if not len(past):
        return [NO_FORMER.in_(lang)]
    return [
        FORMER.in_(lang).format(
            day=row[FormerGrids.valid_until].date(), code=row[FormerGrids.former_code], name=row[FormerGrids.name],
            after=str(row[FormerGrids.replaced_by]).replace(PARTING, ", "),
        )
        for _, row in past.iterrows()
    ]  # fmt: skip


def plan_json(plan: Plan) -> bytes:
    """Write a plan as the file that ``guatu grids WORKSPACE plan --plan FILE`` reads."""
    return json.dumps(plan.as_json(), ensure_ascii=False, indent=1).encode()
