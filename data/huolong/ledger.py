"""The ledger of Huolong: its 436 issues, worked through in the simulated month of August 2021."""

from datetime import datetime
from pathlib import Path

import pandas as pd

from data.simulation.month import simulated_month
from data.simulation.people import People, people
from layers.catalog import DUTIES, GRIDS, ISSUES
from layers.ledger.store.files import FILE, QUEUE
from layers.ledger.store.opening import open_ledger
from layers.schema import Issues
from layers.workspace import Workspace, open_workspace

START, DAYS, SEED = datetime(2021, 8, 1), 31, 20_210_831  # noqa: DTZ001 (local time of the community)


def located_issues(ws: Workspace) -> pd.DataFrame:
    """Give the issues of the layer with their grid and coordinates."""
    x_m, y_m = ws.xy(ISSUES)
    return pd.DataFrame(ws[ISSUES]).assign(grid_id=ws.owner(ISSUES), x_m=x_m, y_m=y_m)


def crew(ws: Workspace) -> People:
    """Give the made-up persons of the community."""
    return people(ws[GRIDS], ws[DUTIES], ws[ISSUES][Issues.unit_in_charge].dropna(), since=START, prefix="HL")


def build_ledger(folder: Path) -> None:
    """Write the ledger beside the layers, in place of one that was there; its events are the same on each build."""
    for name in (FILE, f"{FILE}-wal", f"{FILE}-shm"):
        (folder / name).unlink(missing_ok=True)
    ws = open_workspace(folder)
    ledger = open_ledger(folder)
    simulated_month(ledger, located_issues(ws), crew(ws), start=START, days=DAYS, seed=SEED)
    ledger.engine.dispose()  # the last connection folds the log of writes into the file
    (folder / QUEUE).unlink(missing_ok=True)
