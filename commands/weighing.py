"""Where the weights of a ranking come from on the command line: a file, a panel's sheets, or a publication."""

import argparse
from pathlib import Path

from commands.verb import Option, UsageError
from geo.text import Text
from layers import Workspace
from reports import read_criteria
from reports.criteria import Criteria
from reports.panel import panel, panel_criteria, read_sheet
from reports.panel.presets import preset
from reports.panel.sheets import FOLDER, Sheet

AHP = Option(
    ("--ahp",),
    Text(
        "用判断表的权重，可重复，多份取几何平均；见 guatu ahp",
        "weights of a sheet of pairwise judgements; several are joined by their geometric mean, see guatu ahp",
    ),
    {"action": "append", "metavar": "FILE"},
)
PRESET = Option(
    ("--preset",),
    Text("用已公布的权重，见 guatu ahp 所列", "published weights, as guatu ahp lists them"),
    {"metavar": "NAME"},
)
ONE_SOURCE = Text("--ahp 和 --preset 只能用一个", "use either --ahp or --preset")


def criteria_of(options: argparse.Namespace, ws: Workspace) -> Criteria:
    """Give the criteria that ``--criteria``, ``--ahp`` and ``--preset`` ask for.

    Raises:
        CriteriaError: the file, a sheet or the name cannot be used.
        UsageError: both a sheet and a publication.
    """
    criteria = read_criteria(options.criteria, folder=ws.folder)
    sheets, name = getattr(options, "ahp", None), getattr(options, "preset", None)
    if sheets and name:
        raise UsageError(ONE_SOURCE)
    if sheets:
        found = panel(read_sheets(sheets, ws.folder), [one.key for one in criteria.items], ws.folder)
        return panel_criteria(criteria, found.weights)
    return panel_criteria(criteria, preset(name, ws.folder).weights) if name else criteria


def read_sheets(names: list[str], folder: Path) -> dict[str, Sheet]:
    """Read sheets by path, or by the name that they have among the plans of the workspace.

    Raises:
        CriteriaError: one cannot be read.
    """
    inside = {name: folder / FOLDER / name for name in names}
    return {name: read_sheet(path if path.is_file() else Path(name)) for name, path in inside.items()}
