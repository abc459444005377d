"""The rasters of a workspace as a table, as its layers are listed: what each is, and how much of the place it covers."""

from collections.abc import Mapping, Sequence

import pandas as pd

from geo.text import Text
from layers.intake.rasters.facts import cell_words, crs_words, nodata_words, size_words
from layers.intake.rasters.stored import Stored

RASTER_TITLES: Mapping[str, Text] = {
    "name": Text("栅格", "Raster"),
    "state": Text("状态", "state"),
    "crs": Text("坐标系", "coordinate system"),
    "size": Text("大小", "size"),
    "cell": Text("像元", "cell"),
    "values": Text("数值范围", "values"),
    "nodata": Text("无数据值", "no data"),
    "unknown": Text("无值的像元", "cells without a value"),
    "covered": Text("覆盖工作区", "of the workspace covered"),
    "taken_at": Text("收入时间", "taken in"),
}
GOOD, DOUBTFUL, UNREADABLE = (
    Text("可用", "usable"),
    Text("有问题，见上", "has problems, see above"),
    Text("打不开，见上", "does not open, see above"),
)
NOT_KNOWN = Text("未知", "not known")
NOTHING = Text("无", "none")


def raster_table(stored: Sequence[Stored], lang: str) -> pd.DataFrame:
    """Give a row for each raster with the columns of ``RASTER_TITLES``; "" where nothing can be said."""
    rows = [{name: words.in_(lang) for name, words in _said(one).items()} for one in stored]
    return pd.DataFrame(rows, columns=list(RASTER_TITLES), dtype="str").fillna("")


def _said(one: Stored) -> dict[str, Text]:
    head = one.head
    if head is None:
        return {"name": Text.same(one.name), "state": UNREADABLE}
    share = one.unknown_share
    return {
        "name": Text.same(one.name),
        "state": DOUBTFUL if one.problems else GOOD,
        "crs": crs_words(head),
        "size": size_words(head),
        "cell": cell_words(head),
        "values": NOTHING if one.low is None else Text.same(f"{one.low:,.6g} … {one.high:,.6g}"),
        "nodata": nodata_words(head),
        "unknown": NOT_KNOWN if share is None else Text.same(f"{share:.1%}"),
        "covered": NOT_KNOWN if one.covered is None else Text.same(f"{one.covered:.1%}"),
        "taken_at": NOT_KNOWN if one.taken_at is None else Text.same(f"{one.taken_at.astimezone():%Y-%m-%d %H:%M}"),
    }
