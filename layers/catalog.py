"""The layers that Guatu knows: key, title, schema, shape and colour. Adding one is one line here."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from geo.text import Text
from layers import schema as s
from layers.schema.column import UNITS


@dataclass(frozen=True)
class LayerSpec:
    """What a layer is. ``shape`` is "point", "line", "area", "any" or "none" (no geometry)."""

    key: str
    title: Text
    schema: type[s.Table]
    shape: str
    colour: str
    one: Text
    located: bool = True
    sensitivity: str = "public"

    @cached_property
    def id_column(self) -> str:
        """Name of the column that identifies a row."""
        return str(self.schema.to_schema().index.name)

    @cached_property
    def columns(self) -> Mapping[str, Mapping[str, Any]]:
        """Declared columns by name, each with title, unit, about, codes, required, popup, sensitivity."""
        return {name: dict(col.metadata or {}) for name, col in self.schema.to_schema().columns.items()}

    def title_of(self, column: str) -> Text:
        """Title of a column in both languages, its own name if it is not declared."""
        found = self.columns.get(column)
        if found is None:
            return Text(column, column)
        title: Text = found["title"]
        return title


GRIDS = LayerSpec("grids", Text("网格", "Grids"), s.Grids, "area", "#5b6770", Text("个网格", "grid"), located=False)
BUILDINGS = LayerSpec("buildings", Text("建筑", "Buildings"), s.Buildings, "area", "#b9a58c", Text("栋", "building"))
TOILETS = LayerSpec("toilets", Text("公厕", "Toilets"), s.Toilets, "point", "#0072b2", Text("座", "toilet"))
PARKS = LayerSpec("parks", Text("公园与活动场地", "Parks and grounds"), s.Parks, "any", "#4c9f5b", Text("处", "park"))
MURALS = LayerSpec("murals", Text("墙绘", "Murals"), s.Murals, "point", "#cc79a7", Text("幅", "mural"))
PARKING = LayerSpec("parking", Text("停车", "Parking"), s.Parking, "any", "#56779c", Text("处", "parking place"))
ISSUES = LayerSpec("issues", Text("问题", "Issues"), s.Issues, "point", "#d55e00", Text("件", "issue"))
STREETS = LayerSpec("streets", Text("街巷", "Streets"), s.Streets, "line", "#8a8f94", Text("条", "street"))
FACILITIES = LayerSpec(
    "facilities", Text("服务设施", "Facilities"), s.Facilities, "any", "#e69f00", Text("处", "facility")
)
LIGHTS = LayerSpec("lights", Text("路灯", "Street lights"), s.Lights, "point", "#c9a800", Text("盏", "light"))
DRAINS = LayerSpec(
    "drains", Text("排水设施", "Drains"), s.Drains, "any", "#3f6f8f", Text("处", "drain"), sensitivity="internal"
)
SITES = LayerSpec("sites", Text("地块", "Sites"), s.Sites, "area", "#a0522d", Text("块", "site"))
PROJECTS = LayerSpec("projects", Text("项目", "Projects"), s.Projects, "any", "#7b5ea7", Text("个", "project"))
HOUSING_ESTATES = LayerSpec(
    "housing_estates", Text("小区", "Housing estates"), s.HousingEstates, "area", "#c8b8a0", Text("个", "estate")
)
BOUNDARY = LayerSpec(
    "boundary", Text("边界", "Boundary"), s.Boundary, "area", "#222222", Text("个", "boundary"), located=False
)
FORMER_GRIDS = LayerSpec(
    "former_grids",
    Text("原网格", "Former grids"),
    s.FormerGrids,
    "area",
    "#8d7b9c",
    Text("个", "former grid"),
    located=False,
)
PEOPLE = LayerSpec("people", Text("人员", "People"), s.People, "none", "", Text("人", "person"), sensitivity="secret")
DUTIES = LayerSpec("duties", Text("职责", "Duties"), s.Duties, "none", "", Text("项", "duty"))
HOUSEHOLDS = LayerSpec("households", Text("住户", "Households"), s.Households, "none", "", Text("户", "household"))
BUDGET_ITEMS = LayerSpec("budget_items", Text("费用项", "Budget items"), s.BudgetItems, "none", "", Text("项", "item"))
SERVICE_STATS = LayerSpec(
    "service_stats", Text("统计", "Statistics"), s.ServiceStats, "none", "", Text("项", "statistic")
)

CATALOG: Mapping[str, LayerSpec] = {
    spec.key: spec
    for spec in (
        GRIDS,
        BUILDINGS,
        TOILETS,
        PARKS,
        MURALS,
        PARKING,
        ISSUES,
        STREETS,
        FACILITIES,
        LIGHTS,
        DRAINS,
        SITES,
        PROJECTS,
        HOUSING_ESTATES,
        BOUNDARY,
        FORMER_GRIDS,
        PEOPLE,
        DUTIES,
        HOUSEHOLDS,
        BUDGET_ITEMS,
        SERVICE_STATS,
    )
}

DERIVED: Mapping[str, tuple[Text, Text | None]] = {
    "grid_id": (Text("所属网格", "grid"), None),
    "measured_area_m2": (Text("图上面积", "measured area"), UNITS["m²"]),
    "length_m": (Text("长度", "length"), UNITS["m"]),
}
"""Columns that are computed when a workspace opens, with title and unit."""
