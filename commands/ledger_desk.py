"""The ledger of a workspace as the command line opens it."""

import argparse
from datetime import datetime
from pathlib import Path

import pandas as pd

from commands.verb import UsageError
from geo.errors import DataError, Problem
from geo.files import layer_names
from geo.text import Text
from layers.catalog import FORMER_GRIDS
from layers.ledger.acting.acts import Anybody, Powers
from layers.ledger.crew.persons import accounts, powers_of
from layers.ledger.store.files import FILE, has_ledger
from layers.ledger.store.ledger import Ledger
from layers.ledger.store.opening import open_ledger
from layers.manifest import Manifest, read_manifest
from layers.reading import LAYERS_FILE
from layers.succession import in_present_grids, responsible
from layers.workspace import open_workspace, workspace_folder


def opened(options: argparse.Namespace) -> tuple[Ledger, Manifest]:
    """Open the ledger of ``options.folder``.

    Raises:
        DataError: the workspace has none, or it cannot be opened.
    """
    folder = workspace_folder(options.folder).resolve()
    manifest = read_manifest(folder)
    if not has_ledger(folder, manifest.ledger):
        found, expected = Text("还没有台账", "no ledger yet"), Text("台账", "a ledger")
        remedy = Text("运行 guatu ledger {name} start 建立", "make one with guatu ledger {name} start")
        raise DataError(
            [Problem("no_ledger", "error", FILE, None, None, found, expected, remedy.format(name=options.folder))]
        )
    return open_ledger(folder, manifest.ledger), manifest


def clock(options: argparse.Namespace, ledger: Ledger, manifest: Manifest) -> datetime:
    """Give the moment to look at: as asked, else the manifest's, or now where the ledger has gone on since."""
    if options.as_of is not None:
        asked: datetime = options.as_of
        return asked
    latest = ledger.latest(imported=False)
    return manifest.as_of if latest is None or latest <= manifest.as_of else max(now(), latest)


def standing(options: argparse.Namespace, ledger: Ledger, as_of: datetime) -> pd.DataFrame:
    """Give where the issues stand at a moment, each in its smallest grid as the grids are drawn now."""
    found, folder = ledger.cases(as_of), workspace_folder(options.folder)
    return in_present_grids(found, open_workspace(folder)) if was_redrawn(folder) else found


def was_redrawn(folder: Path) -> bool:
    """Tell whether the grids of a workspace were ever redrawn, without opening it."""
    layers = folder / LAYERS_FILE
    return layers.is_file() and FORMER_GRIDS.key in layer_names(layers)


def now() -> datetime:
    """Give the present, naive local time to the second."""
    return datetime.now().replace(microsecond=0)  # noqa: DTZ005 (workspaces keep naive local time)


def powers(options: argparse.Namespace, ledger: Ledger) -> Powers:
    """Give the powers of ``--by``; without accounts the one at the machine may do everything.

    Raises:
        UsageError: there are accounts, and nobody is named.
    """
    if accounts(ledger) == 0:
        return Anybody(options.by or "owner")
    if options.by is None:
        raise UsageError(
            Text("台账已有账户，请用 --by 写明操作人编号", "the ledger has accounts: say with --by who does it")
        )
    ws = open_workspace(options.folder)
    return powers_of(ledger, options.by, now(), responsible(ws.tables))
