"""Officers, chiefs and their duties. All persons are made up: no name, no telephone number."""

import geopandas as gpd
import pandas as pd

from data.huolong.plan import WAYS, Plan
from data.huolong.roadside import street_id
from layers.schema import Duties, People

SHARED = {"HL-01-03": "HL-01-02", "HL-02-03": "HL-02-02", "HL-04-02": "HL-04-01"}  # one officer for both
HELPED = (("HL-01-01", "HL-03-01"), ("HL-05-01", "HL-06-02"))  # a second officer for two grids each
ROLE_WORDS = {"grid_officer": "网格员", "building_chief": "楼栋长", "lane_chief": "街巷长"}
ROLE_LETTERS = {"grid_officer": "W", "building_chief": "L", "lane_chief": "X"}


def duties_table(plan: Plan, buildings: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give who looks after what: grid officers many-to-many, 54 building chiefs, 9 lane chiefs."""
    lanes = [street_id(key) for key, way in WAYS.items() if way.kind == "lane"]
    rows = [
        *(("grid_officer", number, "grids", grid_id) for number, grid_id in _officers(plan)),
        *(("building_chief", i, "buildings", thing) for i, thing in enumerate(buildings.index, start=1)),
        *(("lane_chief", i, "streets", thing) for i, thing in enumerate(lanes, start=1)),
    ]
    table = pd.DataFrame(rows, columns=[Duties.role, "number", Duties.layer, Duties.thing_id])
    table[Duties.person_id] = [person_id(r, n) for r, n in zip(table[Duties.role], table["number"], strict=True)]
    table.index = pd.Index([f"HL-Z{i:03d}" for i in range(1, len(table) + 1)], name=Duties.duty_id)
    return table.drop(columns="number")


def _officers(plan: Plan) -> list[tuple[int, str]]:
    """Give (officer, grid): one leader a large grid, then the officers of the small ones."""
    rows = list(enumerate(plan.large, start=1))
    number = len(rows)
    own: dict[str, int] = {}
    for grid_id in plan.small:
        if grid_id not in SHARED:
            number += 1
        own[grid_id] = own[SHARED[grid_id]] if grid_id in SHARED else number
    rows += [(officer, grid_id) for grid_id, officer in own.items()]
    for grids in HELPED:
        number += 1
        rows += [(number, grid_id) for grid_id in grids]
    return rows


def person_id(role: str, number: int) -> str:
    """Give the id of the nth person in a role."""
    return f"HL-{ROLE_LETTERS[role]}{number:02d}"


def people_table(duties: pd.DataFrame) -> pd.DataFrame:
    """Give the persons that the duties name, by role and number instead of a name."""
    persons = duties.drop_duplicates(Duties.person_id).set_index(Duties.person_id)
    numbers = persons.index.str.slice(-2)
    return pd.DataFrame(
        {People.name: persons[Duties.role].map(ROLE_WORDS) + numbers, People.phone: None},
        index=pd.Index(persons.index, name=People.person_id),
    ).sort_index()
