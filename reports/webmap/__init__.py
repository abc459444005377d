"""Interactive maps: one engine in the browser for the exported page, the notebook and the app.

The only place that knows folium, and the only place that turns metres into degrees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.files import whole_file
from geo.memory import collection_put_off
from reports.rasters.overlay import overlays
from reports.webmap.payload import payload as plain_data

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import folium
    import pandas as pd

    from layers.catalog import LayerSpec
    from layers.workspace import Workspace
    from reports.priority import Ranking

__all__ = ["draw", "write_map"]


def draw(
    ws: Workspace,
    layers: Iterable[LayerSpec | str] | None = None,
    *,
    shade: pd.Series | None = None,
    ranking: Ranking | None = None,
    level: int | None = None,
    lang: str = "zh",
    public: bool = False,
) -> folium.Map:
    """Draw a map of a workspace that shows itself in a notebook and needs no network.

    Args:
        ws: the workspace.
        layers: what to show (None: every layer it has).
        shade: numbers by grid id of ``level``; ``attrs`` may hold "title" and "unit", each a Text.
        ranking: shades by score and by each criterion, and adds ranks to the grids' pop-ups.
        level: grid level shown first (None: that of the ranking, else the finest).
        lang: language shown first, "zh" or "en"; the map can be switched.
        public: leaves out internal layers and columns and rounds positions.

    Returns:
        A folium map; more folium layers may be added to it.
    """
    from reports.webmap.page import GuatuMap  # noqa: PLC0415 (folium takes half a second)

    made = plain_data(ws, layers, shade=shade, ranking=ranking, level=level, lang=lang, public=public)
    return GuatuMap(made)


@collection_put_off()
def write_map(
    ws: Workspace, path: Path, *, ranking: Ranking | None = None, lang: str = "zh", public: bool = False
) -> None:
    """Write one self-contained page with every layer, in both languages; the same map gives the same bytes.

    The file is whole or absent, never half written.
    """
    made = plain_data(ws, ranking=ranking, lang=lang, public=public)
    if not public and (pictures := overlays(ws)):
        made = {**made, "overlays": pictures}
    write_payload(made, path)


def drawn_payload(made: dict[str, Any]) -> folium.Map:
    """Give a map that was put together elsewhere, to show in a notebook."""
    from reports.webmap.page import GuatuMap  # noqa: PLC0415 (folium takes half a second)

    return GuatuMap(made)


def write_payload(made: dict[str, Any], path: Path) -> None:
    """Write a map that was put together elsewhere as one self-contained page."""
    from reports.webmap.page import GuatuMap  # noqa: PLC0415 (folium takes half a second)

    page = GuatuMap(made, font=True).get_root().render()
    with whole_file(path) as part:
        part.write_bytes(page.encode())
