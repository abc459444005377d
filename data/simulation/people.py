"""The persons of the simulation: officers, offices and residents. All are made up, and their names say so (示例)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

from layers.ledger.log.case import Case
from layers.people.appointments import Appointment, Register, nearest
from layers.people.areas import areas
from layers.people.powers import Granted
from layers.people.rights import rights
from layers.people.rules import Rules, rules
from layers.schema import Duties, Grids

RESIDENTS = 12
OFFICER, BRANCH, COMMUNITY, STREET, DISTRICT, DEPARTMENT, REPORTER = (
    "grid_officer",
    "branch",
    "community",
    "street",
    "district",
    "department",
    "reporter",
)
_WORDS = {OFFICER: "网格员", BRANCH: "支部干部", COMMUNITY: "社区干部", STREET: "街道干部", DISTRICT: "区级干部"}
_WORDS |= {DEPARTMENT: "经办人", REPORTER: "居民"}
_LETTERS = {BRANCH: "F", COMMUNITY: "C", STREET: "T", DISTRICT: "Q", DEPARTMENT: "M", REPORTER: "R"}


@dataclass(frozen=True)
class People:
    """Persons with their appointments, and what each may do.

    Attributes:
        register: appointments, names and areas.
        rules: roles and rights.
    """

    register: Register
    rules: Rules
    _known: dict[str, Granted] = field(default_factory=dict, repr=False)

    def powers(self, person_id: str, at: datetime) -> Granted:
        """Give what a person may do; all appointments hold without an end."""
        found = self._known.get(person_id)
        if found is None:
            mine = rights(self.register.appointments, person_id, at, self.register.areas, rules=self.rules)
            found = self._known[person_id] = Granted(mine, self.register)
        return found

    def holders(self, role: str, grid_id: str | None, department: str | None = None) -> list[str]:
        """Give those who hold a role nearest to a grid, in order; nobody where there is none."""
        wanted = (
            one
            for one in self.register.appointments
            if one.role == role and (department is None or one.department == department)
        )
        found = nearest(wanted, self.register.areas.above(grid_id))
        return [one.person_id for one in found if one.grid_id == found[0].grid_id]

    def doer(self, case: Case) -> str:
        """Give who gets a case: the person of its department, else the officer of its grid, else the community."""
        found = self.holders(DEPARTMENT, case.grid_id, case.department) if case.department else []
        return (found or self.holders(OFFICER, case.grid_id) or self.holders(COMMUNITY, None))[0]


def people(
    grids: pd.DataFrame, duties: pd.DataFrame, departments: Iterable[str], *, since: datetime, prefix: str
) -> People:
    """Make the persons of a community.

    Args:
        grids: of all levels.
        duties: who walks which grid; the ids of those officers are kept.
        departments: one person acts for each.
        since: when all begin.
        prefix: what new ids begin with, as "HL".

    Returns:
        The officers, a branch for each grid of the first level, two of the community, two of the street office, one
        of the district, one for each department, and residents.
    """
    walks = duties[(duties[Duties.role] == OFFICER) & (duties[Duties.layer] == "grids")]
    pairs = sorted(zip(walks[Duties.person_id], walks[Duties.thing_id], strict=True))
    held = [Appointment(str(person), OFFICER, str(grid), since) for person, grid in pairs]
    names = {one.person_id: f"示例{_WORDS[OFFICER]}{one.person_id[-2:]}" for one in held}
    top = sorted(map(str, grids.index[grids[Grids.level] == grids[Grids.level].min()]))
    offices: list[tuple[str, str | None, str | None]] = [(BRANCH, one, None) for one in top]
    offices += [(role, None, None) for role in (COMMUNITY, COMMUNITY, STREET, STREET, DISTRICT)]
    offices += [(DEPARTMENT, None, one) for one in sorted(set(departments))]
    offices += [(REPORTER, None, None)] * RESIDENTS
    numbers: dict[str, int] = {}
    for role, grid_id, department in offices:
        number = numbers[role] = numbers.get(role, 0) + 1
        person = f"{prefix}-{_LETTERS[role]}{number:02d}"
        held.append(Appointment(person, role, grid_id, since, None, department))
        names[person] = f"示例{department or ''}{_WORDS[role]}{number:02d}"
    return People(Register(tuple(held), names, areas(grids)), rules())


def offices(one: People) -> Mapping[str, str]:
    """Give the department of each person who acts for one."""
    return {held.person_id: held.department for held in one.register.appointments if held.department is not None}
