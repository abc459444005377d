"""The verb that turns sheets of pairwise judgements into weights and lists published ones."""

import argparse
from collections.abc import Mapping
from typing import Any

from commands.options import AS_OF, LEVEL, WORKSPACE, ending
from commands.verb import Done, Option, Say, Verb
from commands.weighing import read_sheets
from geo.files import whole_file
from geo.text import Text
from layers.workspace import open_workspace
from reports import rank, read_criteria
from reports.answers import number
from reports.criteria_file import criteria_toml
from reports.panel import Judged, Panel, panel, panel_criteria, presets
from reports.panel.compared import Compared, compared_sets, known_sets
from reports.panel.sheets import latest, stored_sheets

NO_SHEETS = Text(
    "没有判断表。在“判断矩阵”页填写，或给出文件。", "No sheets. Fill one in on the page AHP, or name a file."
)
DRAWS = 1  # rank intervals are not asked for here


def weigh(options: argparse.Namespace, say: Say) -> Done:  # noqa: ARG001 (verbs are called alike)
    """Give the weights of a panel, how consistent they are, and what other sets of weights say."""
    ws = open_workspace(options.folder, as_of=options.as_of)
    criteria = read_criteria(folder=ws.folder)
    sheets = read_sheets(options.files, ws.folder) if options.files else latest(stored_sheets(ws.folder))
    found = panel(sheets, [one.key for one in criteria.items], ws.folder) if sheets else None
    chosen = panel_criteria(criteria, found.weights) if found else criteria
    if options.out and found:
        with whole_file(options.out) as part:
            part.write_text(criteria_toml(chosen), encoding="utf-8")
    ranking = rank(ws, level=options.level, criteria=chosen, draws=DRAWS)
    side = compared_sets(ranking, list(known_sets(ranking).values()))
    answer = {
        "workspace": ws.name,
        "panel": _panel_answer(found) if found else None,
        "presets": [_preset_answer(key, one) for key, one in presets(ws.folder).items()],
        "side_by_side": _side_answer(side),
    }
    return Done(answer, _lines(found, side, options.lang))


def _panel_answer(found: Panel) -> dict[str, Any]:
    people = [
        {
            "file": name,
            "author": sheet.author,
            "role": sheet.role,
            "date": sheet.made_at.isoformat(),
            "blocks": [_block_answer(one) for one in found.by_author[name]],
        }
        for name, sheet in found.sheets.items()
    ]
    return {
        "weights": dict(found.weights),
        "ratio": number(found.ratio),
        "blocks": [_block_answer(one) for one in found.judged],
        "sheets": people,
        "left_out": [one._asdict() for one in found.left_out],
    }


def _block_answer(one: Judged) -> dict[str, Any]:
    weights = dict(zip(one.block.items, map(float, one.hierarchy.weights), strict=True))
    doubt = one.doubt._asdict() if one.doubt else None
    said = {"ratio": number(one.hierarchy.ratio), "verdict": one.verdict, "worst_triad": doubt}
    return {"block": one.block.key, "title": one.block.title._asdict(), "weights": weights, **said}


def _preset_answer(key: str, one: Any) -> dict[str, Any]:  # noqa: ANN401 (a preset)
    said = {"title": one.title._asdict(), "source": one.source, "mapped_share": one.mapped_share}
    return {"preset": key, **said, "weights": dict(one.weights), "note": one.note._asdict() if one.note else None}


def _side_answer(side: Compared) -> dict[str, Any]:
    keys = [one.key for one in side.sets]
    return {
        "sets": [{"key": one.key, "title": one.title._asdict()} for one in side.sets],
        "grids": [
            {"grid_id": str(grid_id), "ranks": {key: number(row[key]) for key in keys}}
            for grid_id, row in side.ranks.iterrows()
        ],
        "agreement": [
            {"first": row.first, "second": row.second, "kendall": number(row.kendall), "overlap": number(row.overlap)}
            for row in side.agreement.itertuples()
        ],
    }


def _lines(found: Panel | None, side: Compared, lang: str) -> list[str]:
    lines = [NO_SHEETS.in_(lang)] if found is None else []
    for one in found.judged if found else ():
        lines.append(f"{one.block.title.in_(lang)}  CR {one.hierarchy.ratio:.3f}")
        names = zip(one.block.names, one.hierarchy.weights, strict=True)
        lines += [f"  {weight:6.1%}  {name.in_(lang)}" for name, weight in names]
        lines += [f"  {one.doubt.in_(lang)}"] if one.doubt else []
    lines += [one.in_(lang) for one in found.left_out] if found else []
    lines.append(" | ".join(one.title.in_(lang) for one in side.sets))
    for grid_id, row in side.ranks.iterrows():
        lines.append("  ".join([*(_rank(row, one.key) for one in side.sets), str(grid_id), str(row["name"])]))
    return lines


def _rank(row: Mapping[str, Any] | Any, key: str) -> str:  # noqa: ANN401 (a row of a table)
    return f"{row[key]:>4}" if number(row[key]) is not None else "   –"


FILES = Option(
    ("files",),
    Text("判断表，缺省为工作区 plans 中各人最近一份", "sheets; default the latest of each person among the plans"),
    {"nargs": "*", "metavar": "FILE"},
)
OUT = Option(
    ("--out",),
    Text("把权重写成 rank --criteria 可用的 TOML", "write the weights as TOML for rank --criteria"),
    {"type": ending(".toml"), "metavar": "FILE"},
)
VERBS = {
    "ahp": Verb(
        Text(
            "由两两比较的判断表求权重：一致性比率、矛盾最大的三项、多人几何平均；并列出已公布的权重和各套权重的名次。",
            "Turns sheets of pairwise judgements into weights: consistency ratio, the worst triad, the mean of several "
            "people. Lists published weights, and the ranks by every set side by side.",
        ),
        (WORKSPACE, FILES, LEVEL, AS_OF, OUT),
        ("ahp huolong",),
        weigh,
    ),
}
