"""A scenario as differences: things added, moved, removed, changed, resized or closed; other grids, weights and money."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from geo.text import Text
from layers.catalog import CATALOG, ISSUES
from reports.gridworks.plan import Plan

ADD, MOVE, REMOVE, SET, RESIZE, CLOSE = "add", "move", "remove", "set", "resize", "close"
DEEDS: Mapping[str, Text] = {
    ADD: Text("新增", "add"),
    MOVE: Text("迁移", "move"),
    REMOVE: Text("拆除", "remove"),
    SET: Text("改属性", "change"),
    RESIZE: Text("改面积", "resize"),
    CLOSE: Text("封闭", "close"),
}
EDITABLE = tuple(key for key, spec in CATALOG.items() if spec.shape != "none" and spec.located and spec != ISSUES)
"""Layers whose things a scenario may change; issues are what happened, and grids have plans of their own."""
OF = "/"
"""Parts layer and id in ``outline_of``."""
NO_VALUES: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One difference.

    Attributes:
        do: a key of ``DEEDS``.
        layer: one of ``EDITABLE``.
        id: of the thing; of a new one its id, proposed where none is given.
        wkt: where a new or moved thing lies, metres of the workspace.
        outline_of: "layer/id" of a thing whose outline a new one takes, such as a site that becomes a square.
        values: declared columns of the layer and what they are to hold.
        area_m2: area afterwards, of "resize".
        cost_yuan: what it costs, None where that is not known.
        note: why, in a word.
    """

    do: str
    layer: str
    id: str = ""
    wkt: str = ""
    outline_of: str = ""
    values: Mapping[str, Any] = field(default_factory=lambda: NO_VALUES)
    area_m2: float | None = None
    cost_yuan: float | None = None
    note: str = ""

    @property
    def words(self) -> Text:
        """The difference in a few words."""
        spec, deed = CATALOG[self.layer], DEEDS[self.do]
        called = str(self.values.get("name", "")) if self.do == ADD else ""
        more = f" → {self.area_m2:g} m²" if self.area_m2 is not None else ""
        what = Text("", "")
        if self.do == SET:
            said = [spec.title_of(key) for key in self.values]
            what = Text(f"（{'、'.join(w.zh for w in said)}）", f" ({', '.join(w.en for w in said)})")
        which = f"{called or self.id}{more}"
        return Text(
            f"{deed.zh}{spec.title.zh} {which}".rstrip() + what.zh,
            f"{deed.en} {spec.one.en} {which}".rstrip() + what.en,
        )


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """Differences from a workspace, with what is said of them.

    Attributes:
        name: of the file, letters, digits, - and _.
        title: what people call it.
        edits: differences of assets, in order.
        grids: a redrawing, see ``reports.gridworks.plan``.
        weights: of criteria by key, those that differ from the workspace's.
        budget_yuan: money there is for it, None if nothing was said.
        author, made_on: who made it and when.
        layers: hash of the layers that it was made for, "" where it was not said.
    """

    name: str
    title: Text
    edits: tuple[Edit, ...] = ()
    grids: Plan | None = None
    weights: Mapping[str, float] = field(default_factory=lambda: NO_VALUES)
    budget_yuan: float | None = None
    author: str = ""
    made_on: date | None = None
    layers: str = ""

    @property
    def changes_layers(self) -> bool:
        """Whether there is anything that can be merged into the layers of a workspace."""
        return bool(self.edits) or self.grids is not None

    @property
    def costs_yuan(self) -> float:
        """Sum of the costs that are known."""
        return float(sum(one.cost_yuan for one in self.edits if one.cost_yuan is not None))

    @property
    def costs_unknown(self) -> int:
        """Differences that cost money and of which is not known how much."""
        return sum(one.cost_yuan is None for one in self.edits)

    def but(self, **changed: Any) -> "Scenario":  # noqa: ANN401 (fields of the scenario)
        """Give the scenario with other parts."""
        return replace(self, **changed)


def digest_of(text: str) -> str:
    """Hash what a scenario says, 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
