"""Why somebody may not do something: which role is missing, for which area, and who has it."""

from collections.abc import Iterable

from geo.text import Text, listed
from layers.ledger.acting.states import Move
from layers.people.appointments import Appointment, Register, in_force, nearest
from layers.people.areas import NOWHERE
from layers.people.rights import DEPARTMENT, NOBODY, Hands, Rights, may, may_appoint, may_move, owners
from layers.people.rules import PERSONS
from layers.people.tables import ASSIGNEE, AUTHOR, WORKSPACE

MOST = 3
"""Persons named in a refusal; the rest is counted."""
LOG_IN = Text("请先登录；没有身份的人不能“{deed}”", 'log in first: nobody unknown may "{deed}"')
REFUSED = Text(
    "{who}不能在{place}“{deed}”：需要的身份是{roles}。{others}",
    '{who} may not "{deed}" in {place}: that takes {roles}. {others}',
)
WHO_MAY = Text("可以办理的人：{people}。", "Who may: {people}.")
NOBODY_MAY = Text("目前没有人可以办理，请{owner}任命。", "Nobody may at present: ask {owner} to appoint somebody.")
LAPSED = Text("任期已于 {until} 届满：{role}。", "An appointment as {role} ended on {until}.")
THEIRS = Text("由承办人办理：{name}。", "It lies with {name}.")


def why_not(
    rights: Rights, action: str, grid_id: str | None, *, register: Register, hands: Hands = NOBODY
) -> Text | None:
    """Say why a person may not do something, and who may; None if they may.

    Args:
        rights: of the person.
        action: a code of ``rights.csv``.
        grid_id: where.
        register: appointments and names, to name those who may.
        hands: in whose hands the case is.

    Raises:
        KeyError: no such action.
    """
    if may(rights, action, grid_id, hands=hands):
        return None
    rule = rights.rules.actions[action]
    place = None if rule.on == WORKSPACE else grid_id
    return _refusal(rights, (rule.words, rule.roles), (place, rule.on, hands), register)


def why_not_move(
    rights: Rights, move: Move, grid_id: str | None, *, register: Register, hands: Hands = NOBODY
) -> Text | None:
    """Say why a person may not make a move, and who may; None if they may.

    Raises:
        KeyError: the kind of the move is no action of ``rights.csv``.
    """
    if may_move(rights, move, grid_id, hands=hands):
        return None
    rule = rights.rules.actions[move.kind]
    return _refusal(rights, (move.words, move.roles & rule.roles), (grid_id, rule.on, hands), register)


def why_not_appoint(rights: Rights, wanted: Appointment, *, register: Register) -> Text | None:
    """Say why a person may not make this appointment, or end it; None if they may.

    Raises:
        KeyError: no such role.
    """
    if wanted.role == DEPARTMENT and wanted.department is None:
        return Text("请写明是哪个部门", "say which department")
    if may_appoint(rights, wanted.role, wanted.grid_id):
        return None
    rules = rights.rules
    able = frozenset(r.code for r in rules.roles.values() if wanted.role in r.appoints)
    deed = Text("任免{role}", "appoint or dismiss a {role}").format(role=rules.roles[wanted.role].words)
    on = WORKSPACE if wanted.grid_id is None else "area"
    roles = able & rules.actions["appoint"].roles
    return _refusal(rights, (deed, roles), (wanted.grid_id, on, NOBODY), register)


def why_not_dismiss(rights: Rights, ended: Appointment, *, register: Register) -> Text | None:
    """Say why a person may not end this appointment; None if they may. The last owner stays."""
    refused = why_not_appoint(rights, ended, register=register)
    if refused is not None or ended.role != "owner":
        return refused
    left = [one for one in register.appointments if one != ended]
    if owners(register.appointments, rights.at) and not owners(left, rights.at):
        return Text("至少保留一位所有者，请先任命他人", "one owner has to stay: appoint somebody else first")
    return None


def _refusal(
    rights: Rights,
    deed: tuple[Text, frozenset[str]],
    where: tuple[str | None, str, Hands],
    register: Register,
) -> Text:
    words, roles = deed
    me = rights.person_id
    if me is None:
        return LOG_IN.format(deed=words)
    grid_id, on, hands = where
    able = _able(rights, roles, where, register)
    others = [_lapsed(rights, roles, register, grid_id), _assignee(roles, hands, register), _named(able, register)]
    if not able and others[1] is None:
        others.append(_vacant(rights, register))
    place = rights.areas.words(None) if on == WORKSPACE else NOWHERE if grid_id is None else rights.areas.words(grid_id)
    said = [one for one in others if one is not None]
    tail = Text("".join(one.zh for one in said), " ".join(one.en for one in said))
    return REFUSED.format(who=register.name(me), place=place, deed=words, roles=_role_words(rights, roles), others=tail)


def _role_words(rights: Rights, roles: frozenset[str]) -> Text:
    named = [PERSONS[one] for one in (ASSIGNEE, AUTHOR) if one in roles]
    named += [one.words for code, one in rights.rules.roles.items() if code in roles]
    zh, en = "或".join(one.zh for one in named), " or ".join(one.en for one in named)
    return Text(zh, en) if named else Text("目前没有任何身份可以", "a role that nobody can have at present")


def _able(
    rights: Rights, roles: frozenset[str], where: tuple[str | None, str, Hands], register: Register
) -> list[Appointment]:
    """Give the appointments of those who may, the nearest first, each person once."""
    grid_id, on, hands = where
    above = () if on == WORKSPACE else rights.areas.above(grid_id)
    found = nearest((one for one in in_force(register.appointments, rights.at) if one.role in roles), above)
    once: dict[str, Appointment] = {}
    for one in found:
        if on != "case" or one.role != DEPARTMENT or one.department == hands.department is not None:
            once.setdefault(one.person_id, one)
    return list(once.values())


def _named(able: list[Appointment], register: Register) -> Text | None:
    if not able:
        return None
    people = [Text.same(register.name(one.person_id)) for one in able[:MOST]]
    more = len(able) - MOST
    if more > 0:
        people.append(Text(f"另有 {more} 人", f"{more} more"))
    return WHO_MAY.format(people=listed(people))


def _assignee(roles: frozenset[str], hands: Hands, register: Register) -> Text | None:
    if ASSIGNEE not in roles or hands.person is None:
        return None
    return THEIRS.format(name=register.name(hands.person))


def _lapsed(rights: Rights, roles: frozenset[str], register: Register, grid_id: str | None) -> Text | None:
    """Tell of the person's own appointment that would have done and has ended, the last one."""
    above = rights.areas.above(grid_id)
    over = [
        (one.until, one.role)
        for one in register.appointments
        if one.person_id == rights.person_id
        and one.role in roles
        and one.until is not None
        and one.until <= rights.at
        and one.covers(above)
    ]
    if not over:
        return None
    until, role = max(over)
    return LAPSED.format(until=f"{until:%Y-%m-%d %H:%M}", role=rights.rules.roles[role].words)


def _vacant(rights: Rights, register: Register) -> Text:
    found: Iterable[str] = owners(register.appointments, rights.at)
    names = [Text.same(register.name(one)) for one in found]
    return NOBODY_MAY.format(owner=listed(names) if names else rights.rules.roles["owner"].words)
