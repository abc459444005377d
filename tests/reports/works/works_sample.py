"""The small community with a street of 200 m by 5 m through its south row, and issues that works can mend."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import shapely

from tests.samples import X0, Y0, community, frame, issues, point

MENDED = {"i04": "ROAD_REBUILD", "i09": "LIGHT_NEW", "i13": "TOILET"}


def street_table() -> pd.DataFrame:
    line = shapely.LineString([(X0, Y0 + 20), (X0 + 200, Y0 + 20)])
    return frame({"name": ["南街"], "kind": ["lane"], "width_m": [5.0]}, ["s1"], "street_id", [line])


def issue_table() -> pd.DataFrame:
    table = issues()
    table.loc[list(MENDED), "issue_type"] = list(MENDED.values())
    return table


def works_community(folder: Path, changed: Mapping[str, pd.DataFrame | None] | None = None) -> Path:
    return community(folder, {"streets": street_table(), "issues": issue_table(), **(changed or {})})


def site_table(use_after: str | None, status: str | None) -> pd.DataFrame:
    rows = {
        "name": ["旧料场"],
        "use_before": ["堆场"],
        "use_after": [use_after],
        "stated_area_m2": [900.0],
        "status": [status],
    }
    return frame(rows, ["x1"], "site_id", [point(60, 160).buffer(10)])
