"""The first facts of a workspace as headline numbers and small tables, for a page."""

import pandas as pd

from geo.text import Text
from layers import Workspace
from layers.schema import Grids
from reports.document import Fact
from reports.ledger_table import STANDING_WORDS
from reports.overview import IssueCounts, grid_counts, issue_counts, layer_counts, type_counts
from reports.ranking_table import capital

MOST_TYPES = 12
COUNT_TITLES = {"issues_open": Text("未办结问题", "Open issues"), "issues_overdue": Text("超期问题", "Overdue issues")}


def headline(ws: Workspace) -> tuple[Fact, ...]:
    """Give the headline numbers: grids of each level, then issues, or the things on the ground where there are none."""
    words = [ws.manifest.level_words(level) for level in ws.levels]
    sizes = " / ".join(f"{len(ws.grids(level)):,}" for level in ws.levels)
    grids = Fact(Text("网格", "Grids"), sizes, Text("、".join(w.zh for w in words), " / ".join(w.en for w in words)))
    counts = issue_counts(ws)
    facts = _of_issues(counts) if counts else _of_layers(ws)
    return (grids, *facts) if words else tuple(facts)


def _of_issues(counts: IssueCounts) -> list[Fact]:
    share = Text("占上报 {s}", "{s} of reported").format(s=_percent(counts.is_open, counts.reported))
    dated = counts.is_open - counts.without_deadline
    late = Text("占有期限的 {s}", "{s} of dated").format(s=_percent(counts.overdue, dated))
    closed = Text("占已办结 {s}", "{s} of closed").format(s=_percent(counts.closed_late, counts.closed))
    return [
        Fact(Text("上报问题", "Issues reported"), f"{counts.reported:,}"),
        Fact(Text("未办结", "Open"), f"{counts.is_open:,}", share),
        Fact(Text("超期未办结", "Open and overdue"), f"{counts.overdue:,}", late),
        Fact(Text("超期办结", "Closed late"), f"{counts.closed_late:,}", closed),
    ]


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}%" if whole else "–"


def _of_layers(ws: Workspace) -> list[Fact]:
    found = [c for c in layer_counts(ws) if c.spec.located and c.rows]
    return [Fact(c.spec.title, f"{c.rows:,}") for c in sorted(found, key=lambda c: -c.rows)[:4]]


def layer_table(ws: Workspace, lang: str) -> pd.DataFrame:
    """Count the things of each layer: title, rows, outside (how many lie in no grid)."""
    return pd.DataFrame(
        [{"title": c.spec.title.in_(lang), "rows": c.rows, "outside": c.outside} for c in layer_counts(ws)],
        columns=["title", "rows", "outside"],
    )


def type_bars(ws: Workspace, lang: str, *, most: int = MOST_TYPES) -> pd.DataFrame:
    """Give the most frequent issue types, one row a type and standing, for stacked bars.

    Returns:
        Table with type (title), standing (words), place (order in the bar), issues and total.
    """
    table = type_counts(ws).head(most)
    parts = {
        "overdue": table["overdue"],
        "open": table["open"] - table["overdue"],
        "closed": table["reported"] - table["open"],
    }
    rows = [
        pd.DataFrame(
            {
                "type": table[f"title_{lang}"].map(capital),
                "standing": STANDING_WORDS[key].in_(lang),
                "place": place,
                "issues": part,
                "total": table["reported"],
            }
        )
        for place, (key, part) in enumerate(parts.items())
    ]
    return pd.concat(rows, ignore_index=True)


def grid_facts(ws: Workspace, grid_id: str, level: int, lang: str) -> dict[str, str]:
    """Give counts of one grid by title: residents and households as recorded, things of each layer, open issues."""
    titles = {c.spec.key: c.spec.title for c in layer_counts(ws)} | COUNT_TITLES
    row = grid_counts(ws, level).loc[[grid_id]].drop(columns=Grids.name)
    found = {titles[str(key)].in_(lang): f"{int(row[key].iloc[0]):,}" for key in row}
    return _recorded(ws, grid_id, level, lang) | found


def _recorded(ws: Workspace, grid_id: str, level: int, lang: str) -> dict[str, str]:
    grid = ws.grids(level).loc[grid_id]
    titles = {Grids.residents: Text("居民人数", "Residents"), Grids.households: Text("户数", "Households")}
    return {
        words.in_(lang): f"{int(grid[name]):,}"
        for name, words in titles.items()
        if name in grid and pd.notna(grid[name])
    }
