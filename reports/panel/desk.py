"""Sheets, weights and sets of weights as tables for people, and what an edit of the matrix means."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from geo.text import Text
from reports.criteria import MEASURES, Criterion
from reports.panel.aspects import Block, blocks
from reports.panel.compared import Compared
from reports.panel.presets import FITS, Preset
from reports.panel.sheets import Pairs, Sheet, number_said, shown
from reports.panel.weights import VERDICTS, Judged, Panel, matrix
from reports.ranking_table import capital

SAME = "1"
NOT_READ = Text("“{word}”不是 1/9 到 9 的数，未采用", "“{word}” is no number from 1/9 to 9 and was not taken")
OWN_FIELD = Text("对角线恒为 1", "the diagonal is always 1")


class Edited(NamedTuple):
    """Comparisons after an edit, and what could not be taken."""

    values: dict[tuple[str, str], float]
    refused: Text | None


def cells(sheet: Sheet, block: Block, lang: str) -> pd.DataFrame:
    """Give the whole matrix of a block as words: rows by name, columns by key; both triangles, 1 on the diagonal."""
    names = [capital(name.in_(lang)) for name in block.names]
    rows = [[shown(value) for value in row] for row in matrix(sheet, block)]
    return pd.DataFrame(rows, index=pd.Index(names), columns=list(block.items), dtype="str")


def edited(values: Pairs, block: Block, edits: Mapping[int, Mapping[str, object]]) -> Edited:
    """Take over edits of a matrix; a cell of the lower triangle sets its reciprocal above, so that both always agree.

    Args:
        values: comparisons so far.
        block: the matrix that was edited.
        edits: new words by row number and key of the column.
    """
    found, refused = dict(values), None
    for row, changed in edits.items():
        for column, word in changed.items():
            first, second = block.items[row], column
            value = number_said(word)
            if first == second:
                refused = OWN_FIELD if str(word).strip() != SAME else refused
            elif value is None:
                refused = NOT_READ.format(word=word)
            else:
                found.pop((second, first), None)
                found.pop((first, second), None)
                pair = (first, second) if (first, second) in block.pairs else (second, first)
                found[pair] = value if pair == (first, second) else 1 / value
    return Edited(found, refused)


def whole_values(values: Pairs, keys: Sequence[str], folder: Path | None = None) -> dict[tuple[str, str], float]:
    """Give every comparison as the matrix shows it: those that nobody changed are 1."""
    sheet = Sheet("", "", _NEVER, values)
    return {pair: sheet.said(*pair) or 1.0 for block in blocks(keys, folder) for pair in block.pairs}


_NEVER = pd.Timestamp(0).to_pydatetime()


def block_weights(judged: Judged, lang: str) -> pd.DataFrame:
    """Give the weights of one block in percent: title and weight_pct, the heaviest first."""
    names = [capital(name.in_(lang)) for name in judged.block.names]
    table = pd.DataFrame({"title": names, "weight_pct": [100 * float(one) for one in judged.hierarchy.weights]})
    return table.sort_values("weight_pct", ascending=False, kind="stable", ignore_index=True)


def weight_table(weights: Mapping[str, float], lang: str) -> pd.DataFrame:
    """Give weights of measures in percent of their sum, the heaviest first: title and weight_pct by key."""
    total = sum(weights.values())
    rows = {
        key: {"title": capital(MEASURES[key].title.in_(lang)), "weight_pct": 100 * weight / total}
        for key, weight in weights.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").sort_values("weight_pct", ascending=False, kind="stable")


def sheet_table(panel: Panel, lang: str) -> pd.DataFrame:
    """Give the sheets of a panel: author, role, made_at, ratio (the largest of its parts) and verdict, by file name."""
    rows = {
        name: {
            "author": sheet.author,
            "role": sheet.role,
            "made_at": pd.Timestamp(sheet.made_at),
            "ratio": max((one.hierarchy.ratio for one in panel.by_author[name]), default=0.0),
            "verdict": worst_verdict(panel.by_author[name]).in_(lang),
        }
        for name, sheet in panel.sheets.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def worst_verdict(judged: Sequence[Judged]) -> Text:
    """Give the worst verdict on the parts of a sheet in words."""
    order = list(VERDICTS)
    return VERDICTS[order[max((order.index(one.verdict) for one in judged), default=0)]]


def preset_table(preset: Preset, lang: str) -> pd.DataFrame:
    """Give a published set: what (part), weight_pct, measures (ours, in words), fit and note."""
    rows = preset.rows
    measures = [
        "、".join(capital(MEASURES[one].title.in_(lang)) for one in str(words).split("|"))
        if isinstance(words, str)
        else ""
        for words in rows["measures"].astype("object")
    ]
    return pd.DataFrame(
        {
            "what": [capital(str(one)) for one in rows[lang]],
            "weight_pct": 100 * rows["weight"],
            "measures": measures,
            "fit": [FITS[str(one)].in_(lang) for one in rows["fit"]],
            "note": rows[f"note_{lang}"].fillna(""),
        }
    )


def side_table(compared: Compared, lang: str) -> pd.DataFrame:
    """Give ranks by several sets: name, one column a set (titles in ``side_titles``), and spread."""
    keys = [one.key for one in compared.sets]
    table = compared.ranks[["name", *keys, "spread"]]
    return table.rename(columns=side_titles(compared, lang))


def side_titles(compared: Compared, lang: str) -> dict[str, str]:
    """Give the title of the column of each set, no two alike."""
    titles = [one.title.in_(lang) for one in compared.sets]
    return {
        one.key: title if titles.count(title) == 1 else f"{title} ({one.key})"
        for one, title in zip(compared.sets, titles, strict=True)
    }


def agreement_words(compared: Compared, lang: str) -> list[str]:
    """Say of each pair of sets how far they agree."""
    titles = side_titles(compared, lang)
    said = Text(
        "{a}与{b}：名次相关（Kendall τ-b）{tau}，前 {k} 名重合 {share}。",
        "{a} and {b}: rank correlation (Kendall's tau-b) {tau}, {share} of the first {k} in common.",
    )
    parameters = compared.meta["parameters"]
    assert isinstance(parameters, Mapping)
    table = compared.agreement
    tau = table["kendall"].to_numpy(dtype=float)
    overlap = table["overlap"].to_numpy(dtype=float)
    return [
        said.format(
            a=titles[str(first)],
            b=titles[str(second)],
            tau="–" if np.isnan(one) else f"{one:.2f}",
            k=parameters["first"],
            share=f"{share:.0%}",
        ).in_(lang)
        for first, second, one, share in zip(table["first"], table["second"], tau, overlap, strict=True)
    ]


def slider_percents(items: Sequence[Criterion], weights: Mapping[str, float]) -> dict[str, float] | None:
    """Give weights in percent for the sliders of the ranking; None where none of its measures has any weight."""
    found = {one.key: 100 * weights.get(one.key, 0.0) for one in items}
    return found if any(found.values()) else None
