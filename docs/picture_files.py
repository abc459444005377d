"""The files that the pictures of the import are taken with: tickets of the synthetic community as others would hand them in."""

import numpy as np

from geo.datum import gcj02_from_wgs84
from layers import ISSUES, Workspace
from reports.webmap.degrees import degrees

SPOKEN = ("铁路一村", "3号楼2单元西侧", "天桥南路旁", "电话联系", "解放巷口", "纺织新村", "建设路", "铁路一村3栋")
"""Places as people say them on the telephone."""
FEW, MANY = 3, 60


def offset_file(ws: Workspace) -> bytes:
    """Tickets whose places were read off a Chinese web map."""
    return _located(ws, MANY, offset=True)


def doubtful_file(ws: Workspace) -> bytes:
    """So few tickets that nobody can tell which map their places come from."""
    return _located(ws, FEW, offset=True)


def _located(ws: Workspace, many: int, *, offset: bool) -> bytes:
    table = ws[ISSUES]
    mine = table[table.geometry.notna()].head(many)
    lon, lat = degrees(ws.manifest.crs, mine.geometry.x.to_numpy(), mine.geometry.y.to_numpy())
    if offset:
        lon, lat = gcj02_from_wgs84(lon, lat)
    rows = [
        f"A-{at},{when:%Y-%m-%d %H:%M},{words},{kind},{x:.6f},{y:.6f}"
        for at, (when, words, kind, x, y) in enumerate(
            zip(
                mine["reported_at"],
                mine["description"],
                mine["source_type"],
                np.asarray(lon),
                np.asarray(lat),
                strict=True,
            )
        )
    ]
    return _text("问题编号,上报时间,问题描述,问题类别,经度,纬度", rows)


def spoken_file() -> bytes:
    """Tickets that have words for a place only."""
    rows = [f"N-{at},2021-08-{10 + at} 09:00,路灯不亮,路灯不亮,{words}" for at, words in enumerate(SPOKEN)]
    return _text("问题编号,上报时间,问题描述,问题类别,地址", rows)


def _text(head: str, rows: list[str]) -> bytes:
    return "\r\n".join([head, *rows, ""]).encode("gb18030")
