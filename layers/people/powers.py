"""Rights as the ledger asks for them: about a case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from geo.text import Text
from layers.ledger.acting.states import Move
from layers.ledger.log.case import Case
from layers.people.appointments import Register
from layers.people.refusals import why_not, why_not_move
from layers.people.rights import Hands, Rights, may, may_move, rights


@dataclass(frozen=True)
class Granted:
    """The powers of a known person, as ``layers.ledger.acting.acts.Powers`` wants them.

    ``authors`` gives the person who reported an issue, by issue, where that person has an account.

    Raises:
        ValueError: nobody is known.
    """

    rights: Rights
    register: Register
    authors: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        if self.rights.person_id is None:
            msg = "somebody unknown has no powers"
            raise ValueError(msg)

    @property
    def person_id(self) -> str:
        """The person."""
        return str(self.rights.person_id)

    def may(self, action: str, grid_id: str | None, case: Case) -> bool:
        """Tell whether the person has the right to an action on an issue that lies in a grid."""
        return may(self.rights, action, grid_id, hands=self._hands(case))

    def may_move(self, move: Move, case: Case) -> bool:
        """Tell whether the person may make a move with an issue."""
        return may_move(self.rights, move, case.grid_id, hands=self._hands(case))

    def allows(self, person_id: str, action: str, grid_id: str | None) -> bool:
        """Tell whether somebody else, who is named in an act, has the right to an action in a grid."""
        mine = self.rights
        theirs = rights(self.register.appointments, person_id, mine.at, mine.areas, rules=mine.rules)
        return mine.open_to_all or may(theirs, action, grid_id)

    def why_not(self, action: str, grid_id: str | None, case: Case) -> Text | None:
        """Say why the person may not do it, and who may; None if they may."""
        return why_not(self.rights, action, grid_id, register=self.register, hands=self._hands(case))

    def why_not_move(self, move: Move, case: Case) -> Text | None:
        """Say why the person may not make a move, and who may; None if they may."""
        return why_not_move(self.rights, move, case.grid_id, register=self.register, hands=self._hands(case))

    def _hands(self, case: Case) -> Hands:
        return Hands(case.person, case.department, self.authors.get(case.issue_id))
