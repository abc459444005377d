"""A button that asks the phone where it is. The browser itself answers; no other host is asked."""

from functools import cache
from typing import Any, NamedTuple

import streamlit as st

from geo.text import Text
from views.state import t

ASK = Text("用手机定位", "Use my position")
ASKING = Text("正在定位……", "Finding your position…")
HTML = '<button type="button" class="ask"></button>'
CSS = """
.ask { width: 100%; min-height: 3rem; font: inherit; font-weight: 700; color: #0b5394; background: #fff;
  border: 1px solid #0b5394; border-radius: 6px; cursor: pointer; }
.ask:disabled { color: #50595f; border-color: #d5dadd; cursor: default; }
"""
SCRIPT = """
export default function ({ data, parentElement, setTriggerValue }) {
  const button = parentElement.querySelector(".ask");
  const rest = () => { button.textContent = data.ask; button.disabled = false; };
  const fail = (fault) => { rest(); setTriggerValue("found", { fault }); };
  rest();
  button.onclick = () => {
    if (!globalThis.isSecureContext || !navigator.geolocation) { fail("not_secure"); return; }
    button.textContent = data.asking;
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => { rest(); setTriggerValue("found", { lon: coords.longitude, lat: coords.latitude, accuracy: coords.accuracy }); },
      (error) => fail(error.code === 1 ? "refused" : "none"),
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 20000 },
    );
  };
}
"""
FAULTS = {
    "not_secure": Text(
        "浏览器只在 https 网址或本机上允许定位；请改用楼栋或地图。",
        "Browsers tell positions only to https addresses or on this computer; choose a building or the map instead.",
    ),
    "refused": Text(
        "您没有允许定位；可在浏览器设置中允许，或改用楼栋或地图。",
        "You did not allow it; allow it in the browser's settings, or choose a building or the map.",
    ),
    "none": Text(
        "手机没有给出位置（室内常见）；请改用楼栋或地图。",
        "The phone found no position, as often indoors; choose a building or the map.",
    ),
}


class Fix(NamedTuple):
    """Where a phone says it is, degrees (WGS 84) and metres; or ``fault``, a key of ``FAULTS``."""

    lon: float = 0.0
    lat: float = 0.0
    accuracy_m: float = 0.0
    fault: str = ""


@cache
def _component() -> Any:  # noqa: ANN401 (Streamlit's own type is private)
    """Register the component with Streamlit, once a process."""
    return st.components.v2.component("guatu_geolocation", html=HTML, css=CSS, js=SCRIPT)


def geolocation(*, key: str) -> Fix | None:
    """Show the button; give what the phone said in the one run that its answer causes, else None."""
    data = {"ask": t(ASK), "asking": t(ASKING)}
    result = _component()(key=key, data=data, on_found_change=lambda: None, height=54)
    return read_fix(result.found)


def read_fix(found: object) -> Fix | None:
    """Read what the browser sent, believing nothing."""
    if not isinstance(found, dict):
        return None
    if "fault" in found:
        return Fix(fault=found["fault"] if found["fault"] in FAULTS else "none")
    lon, lat, accuracy = (_number(found.get(name)) for name in ("lon", "lat", "accuracy"))
    return Fix(fault="none") if lon is None or lat is None or accuracy is None else Fix(lon, lat, accuracy)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
