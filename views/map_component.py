"""The map in a page: one component around the map of ``data/web``, which also draws the exported page.

Moving the map costs no rerun. A click gives what was clicked, once. New data (a filter, a selection, a
language) go into the map that is there and leave the view as it is. Heavy data do not travel with every
rerun: the payload holds addresses (``views.routes.link``) that the browser asks for once.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, cast

import streamlit as st

from reports.tiles import labelled
from reports.webmap.assets import SCRIPTS, STYLES, asset
from views import state
from views.routes import asset_url

TILE_SCRIPT = "protomaps-leaflet.js"
HOST = '<div class="guatu-host"></div>'
FRAME = ".guatu-host{border:1px solid #d5dadd;border-radius:6px;overflow:hidden}"
LOADER = """
const chain = (globalThis.Guatu ??= {}).loading ??= new Map();
const load = (url) => {
  if (!chain.has(url)) chain.set(url, new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = done;
    script.onerror = () => { chain.delete(url); failed(new Error(url)); };
    document.head.append(script);
  }));
  return chain.get(url);
};
export default async function ({ data, parentElement, setTriggerValue }) {
  const host = parentElement.querySelector(".guatu-host");
  host.style.height = `${data.height}px`;
  host.tell = (pick) => setTriggerValue("picked", pick);
  host.wanted = data.payload;
  for (const url of data.scripts) await load(url);
  if (!host.isConnected) return;
  if (host.map) host.map.update(host.wanted);
  else host.map = Guatu.createMap(host, host.wanted, { onPick: (pick) => host.tell(pick) });
}
"""


@cache
def _component() -> Any:  # noqa: ANN401 (Streamlit's own type is private)
    """Register the component with Streamlit, once a process."""
    css = "\n".join([*map(asset, STYLES), FRAME])
    return st.components.v2.component("guatu_map", html=HOST, css=css, js=LOADER)


def map_view(
    payload: Mapping[str, Any],
    *,
    key: str,
    selected: Mapping[str, str] | None = None,
    height: int = 600,
    brief: bool = False,
    on_pick: Callable[[Mapping[str, str]], None] | None = None,
) -> Mapping[str, str] | None:
    """Show a map.

    Args:
        payload: of ``reports.webmap.payload`` with a ``link``.
        key: name of this map in the page.
        selected: ``{"kind": layer key or "grids", "id": ...}`` to mark; the map moves there if it is out of sight.
        height: in pixels.
        brief: the pop-up of an issue names it only, for a page that shows the rest beside the map.
        on_pick: hears what was clicked before the run that the click causes, so that none is lost to another.

    Returns:
        ``{"kind", "id"}`` of what was just clicked, in the one run that the click causes; else None.
    """
    more = {"selected": dict(selected) if selected else None, "fixed_language": True, "brief": brief}
    tiled = any("tiles" in layer for layer in payload["layers"])
    scripts = [SCRIPTS[0], TILE_SCRIPT, *SCRIPTS[1:]] if tiled else SCRIPTS
    data = {"payload": labelled(payload) | more, "height": height, "scripts": [asset_url(name) for name in scripts]}
    heard = on_pick or (lambda _picked: None)
    tell = lambda: heard(state.sent(key, "picked"))  # noqa: E731 (a component wants it as a value)
    result = _component()(key=key, data=data, on_picked_change=tell, height=height + 2)
    return cast("Mapping[str, str] | None", result.picked)
