"""The verbs that write a file: the map and the briefing."""

import argparse
from pathlib import Path

from commands.options import AS_OF, CRITERIA, LEVEL, WORKSPACE, out
from commands.ranking import ranked
from commands.verb import Done, Say, Verb
from geo.text import Text
from reports import brief, save, write_map
from reports.render import FORMATS


def draw_map(options: argparse.Namespace, say: Say) -> Done:  # noqa: ARG001 (verbs are called alike)
    """Export the interactive map."""
    ranking = ranked(options)
    write_map(ranking.ws, options.out, ranking=ranking, lang=options.lang)
    return _written(options.out)


def write_report(options: argparse.Namespace, say: Say) -> Done:  # noqa: ARG001
    """Export the briefing."""
    ranking = ranked(options)
    save(brief(ranking.ws, ranking), options.out, lang=options.lang)
    return _written(options.out)


def _written(path: Path) -> Done:
    size = path.stat().st_size
    return Done({"file": str(path), "bytes": size}, [f"{path}  {size / 1e6:.2f} MB"])


VERBS = {
    "map": Verb(
        Text(
            "导出一个自成一体的网页地图，断网也能打开；按所给层级和权重着色。",
            "Writes the interactive map as one page that needs no network, shaded by the level and criteria given.",
        ),
        (WORKSPACE, out(".html"), LEVEL, CRITERIA, AS_OF),
        ("map huolong --out map.html", "map huolong --out map.html --level 1 --json"),
        draw_map,
    ),
    "report": Verb(
        Text(
            "导出改造优先级简报，按所给层级和权重排名。",
            "Writes the briefing of renovation priorities, ranked by the level and criteria given.",
        ),
        (WORKSPACE, out(*FORMATS), LEVEL, CRITERIA, AS_OF),
        ("report huolong --out briefing.html", "report huolong --out briefing.html --level 1 --json"),
        write_report,
    ),
}
