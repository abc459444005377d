"""The scripts and style sheets of the map in ``data/web``, in the order in which they are loaded."""

from importlib import resources

SCRIPTS = ("leaflet.js", "guatu-codec.js", "guatu-paint.js", "guatu-panel.js", "guatu-map.js", "guatu-swipe.js")
STYLES = ("leaflet.css", "guatu-map.css")


def asset(name: str) -> str:
    """Read a vendored script or style sheet."""
    return (resources.files("data") / "web" / name).read_text(encoding="utf-8")
