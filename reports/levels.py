"""The levels at which an issue may be solved, in words."""

from collections.abc import Mapping

from geo.text import Text

LEVELS: Mapping[str, Text] = {
    "courtyard": Text("院落", "courtyard"),
    "branch": Text("支部（片区）", "branch"),
    "community": Text("社区", "community"),
    "street": Text("街道", "street office"),
    "district": Text("区", "district"),
}
