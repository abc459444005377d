"""Who speaks: through which channel each report came, over what its grid's reports are counted, and who reported."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from geo.text import Text
from layers import Workspace
from layers.ledger.log.events import CREATE
from layers.standards import standard
from reports.denominators import households, residents

RESIDENTS, STAFF, UNKNOWN = "residents", "staff", "unknown"
BY_PHONE_OR_APP = {"phone": RESIDENTS, "app": RESIDENTS, "web": RESIDENTS, "staff": STAFF}
APPS = frozenset({"app", "web"})
CHANNEL_WORDS = {
    "phone": Text("电话", "by phone"),
    "app": Text("应用、群或表单", "by app or form"),
    "web": Text("网页", "by web form"),
    "staff": Text("巡查或内部登记", "by staff"),
    "other": Text("其他", "other"),
    UNKNOWN: Text("渠道未知", "channel not known"),
}
PERSONS, HOMES = Text("每 1,000 名居民", "per 1,000 residents"), Text("每 100 户", "per 100 households")
_M2_PER_HA = 10_000


class Base(NamedTuple):
    """What rates are counted over: amounts by grid, for how many one is told, how good it is, and its words."""

    amount: pd.Series
    per: float
    status: str
    words: Text
    missing: Text | None


def channels(cases: pd.DataFrame, folder: Path | None = None) -> np.ndarray:
    """Give the channel of each report by ``source_channels.csv``; what the table does not know is ``UNKNOWN``."""
    table = standard("source_channels", folder).set_index("word")["channel"]
    found = cases["source"].astype("object").map(table.to_dict())
    return found.where(found.notna(), UNKNOWN).to_numpy(dtype=object)


def voices(channel: np.ndarray) -> np.ndarray:
    """Say for each channel whether residents spoke or staff found it."""
    return np.array([BY_PHONE_OR_APP.get(str(one), UNKNOWN) for one in channel], dtype=object)


def base_of(ws: Workspace, level: int) -> Base:
    """Give what reports of a grid are counted over: residents, else households, else its area."""
    for found, per, words in ((residents(ws, level), 1000.0, PERSONS), (households(ws, level), 100.0, HOMES)):
        if found.status != "unavailable" and found.by_grid.notna().any():
            return Base(found.by_grid.astype(float), per, found.status, words, found.missing or found.note)
    grids = ws.grids(level)
    area = pd.Series(grids.geometry.area.to_numpy() / _M2_PER_HA, index=grids.index)
    missing = Text("网格或建筑的居民人数、户数", "residents or households of grids or buildings")
    return Base(area, 1.0, "proxy", Text("每公顷网格面积", "per ha of grid area"), missing)


def reporters(ws: Workspace) -> pd.Series | None:
    """Give who reported each case of a ledger, by its id; None without a ledger, for a register does not tell."""
    if ws.living is None:
        return None
    log = ws.living.ledger.log().select(["subject", "kind", "by"]).to_pandas()
    own = log[log["kind"] == CREATE].drop_duplicates("subject").set_index("subject")["by"]
    return own if len(own) else None
