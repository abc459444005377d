"""People as tables: who holds which role where and until when, and what somebody did."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from geo.text import Lang, Text, listed
from layers.ledger.crew.persons import Person
from layers.ledger.log.events import Event
from layers.people.appointments import Appointment, Register
from layers.people.powers import Granted
from layers.people.rights import may_appoint
from layers.standards import standard

TITLES: Mapping[str, Text] = MappingProxyType(
    {
        "name": Text("姓名", "Name"),
        "role": Text("职务", "Role"),
        "area": Text("负责区域", "Area"),
        "department": Text("部门", "Department"),
        "since": Text("起", "Since"),
        "until": Text("止", "Until"),
        "account": Text("登录", "Login"),
    }
)
STORY_TITLES: Mapping[str, Text] = MappingProxyType(
    {
        "at": Text("时间", "When"),
        "by": Text("操作人", "Who"),
        "what": Text("事项", "What"),
        "about": Text("对象", "About"),
        "text": Text("说明", "Words"),
    }
)
NO_ROLE = Text("尚无职务", "no role yet")
FORGOTTEN = Text("已删除个人信息（{id}）", "forgotten ({id})")
NO_END = Text("长期", "no end")
READY = Text("可登录", "yes")
WAITING = Text("等待设置密码", "code is out")
NONE = Text("无", "none")
BEFORE = Text("启用账户之前", "before accounts")
AHEAD = Text("{day} 起", "from {day}")
_DEEDS: Mapping[str, Text] = MappingProxyType(
    {
        "create": Text("上报", "reported"),
        "reach": Text("完成阶段 {other}", "reached {other}"),
        "move": Text("改为“{state}”", "moved to {state}"),
        "assign": Text("派单", "assigned"),
        "classify": Text("改类别或严重程度", "changed type or severity"),
        "pause": Text("暂停计时", "stopped the clock"),
        "resume": Text("恢复计时", "let the clock run"),
        "extend": Text("延期", "extended the deadline"),
        "escalate": Text("提级", "raised"),
        "photo": Text("添加照片", "added a photo"),
        "fuse": Text("合并", "fused"),
        "unfuse": Text("拆分", "parted"),
        "note": Text("备注", "noted"),
        "settle": Text("裁定", "settled"),
        "appoint": Text("任命为{role}（{area}）", "appointed {role} ({area})"),
        "dismiss": Text("免去{role}（{area}）", "ended {role} ({area})"),
    }
)
_OWNER = "owner"


class Staff(NamedTuple):
    """All that the tables need: persons, appointments with areas, who has a login, roles in words, and the moment."""

    people: Sequence[Person]
    register: Register
    logins: Mapping[str, bool]
    powers: Granted
    at: datetime

    def name(self, person_id: str) -> Text:
        """Name a person; one who was forgotten by the id."""
        known = {one.person_id: one.name for one in self.people}
        if known.get(person_id):
            return Text.same(known[person_id])
        if person_id == _OWNER:
            return BEFORE
        return FORGOTTEN.format(id=person_id) if person_id in known else Text.same(person_id)

    def of(self, person_id: str, *, ended: bool = False) -> list[Appointment]:
        """Give the appointments of a person that hold or will hold; with ``ended`` also those that are over."""
        mine = [one for one in self.register.appointments if one.person_id == person_id]
        return [one for one in mine if ended or one.until is None or self.at < one.until]

    def words(self, one: Appointment) -> Text:
        """Say an appointment in words."""
        said = Text("{role}（{area}，{since} 至 {until}）", "{role} ({area}, {since} to {until})")
        role, area = self.role(one.role), self.register.areas.words(one.grid_id)
        return said.format(role=role, area=area, since=first_words(one), until=last_words(one))

    def role(self, code: str) -> Text:
        """Name a role."""
        known = self.powers.rights.rules.roles
        return known[code].words if code in known else Text.same(code)

    def may_give(self) -> list[str]:
        """Give the roles that the person of the session may give somewhere."""
        return [role for role in self.powers.rights.rules.roles if self.areas_for(role)]

    def areas_for(self, role: str) -> list[str | None]:
        """Give the areas for which the person of the session may give a role; None is the whole workspace."""
        every: list[str | None] = [None, *self.register.areas.parents]
        return [one for one in every if may_appoint(self.powers.rights, role, one)]


def people_table(staff: Staff, lang: Lang, *, ended: bool = False, text: str = "") -> pd.DataFrame:
    """Give one row for each appointment, and one for each person without any, indexed by "person number".

    Args:
        staff: persons and their appointments.
        lang: "zh" or "en".
        ended: with the appointments that are over.
        text: only rows in which this stands, without regard to case.
    """
    wanted = text.strip().casefold()
    rows: dict[str, dict[str, str]] = {}
    for person in staff.people:
        held = staff.of(person.person_id, ended=ended)
        if not held and not person.name and not ended:
            continue
        for at, one in enumerate(held or [None]):
            rows[f"{person.person_id} {at}"] = _row(staff, person, one, lang)
    found = {key: row for key, row in rows.items() if wanted in " ".join(row.values()).casefold()}
    return pd.DataFrame.from_dict(found, orient="index", columns=list(TITLES), dtype="str")


def story_table(events: Sequence[Event], staff: Staff, lang: Lang) -> pd.DataFrame:
    """Give what a person did, and what was done to their duties."""
    states = standard("states").set_index("state")
    words = {str(code): Text(str(row["zh"]), str(row["en"])) for code, row in states.iterrows()}
    rows = [
        {
            "at": f"{one.at:%Y-%m-%d %H:%M}",
            "by": staff.name(one.by).in_(lang),
            "what": _deed(one, staff, words).in_(lang),
            "about": staff.name(one.subject.removeprefix("person:")).in_(lang),
            "text": one.text or "",
        }
        for one in events
    ]
    return pd.DataFrame(rows, columns=list(STORY_TITLES), dtype="str")


def span(first: date, last: date | None, now: datetime) -> tuple[datetime, datetime | None]:
    """Give the moments of an appointment from a day until the end of another; one that begins today begins now."""
    since = now if first == now.date() else datetime.combine(first, time())
    return since, None if last is None else max(since, datetime.combine(last, time()) + timedelta(days=1))


def area_words(staff: Staff, grid_id: str | None) -> Text:
    """Name an area with those that it lies in, the largest first."""
    tree = staff.register.areas
    names = [tree.words(one) for one in reversed(tree.above(grid_id))] or [tree.words(None)]
    return Text(" › ".join(one.zh for one in names), " › ".join(one.en for one in names))


def roles_words(staff: Staff, person_id: str) -> Text:
    """Say what a person is now, in a few words."""
    said = [
        Text("{role}（{area}）", "{role} ({area})").format(
            role=staff.role(one.role), area=staff.register.areas.words(one.grid_id)
        )
        for one in staff.of(person_id)
        if one.holds(staff.at)
    ]
    return listed(said) if said else NO_ROLE


def first_words(one: Appointment) -> str:
    """Say on which day an appointment begins."""
    return f"{one.since:%Y-%m-%d}"


def last_words(one: Appointment) -> Text:
    """Say on which day an appointment ends, that day included; with the hour if it ends within one."""
    if one.until is None:
        return NO_END
    if one.until.time() == time():
        return Text.same(f"{one.until - timedelta(days=1):%Y-%m-%d}")
    return Text.same(f"{one.until:%Y-%m-%d %H:%M}")


def _row(staff: Staff, person: Person, one: Appointment | None, lang: Lang) -> dict[str, str]:
    ready = staff.logins.get(person.person_id)
    account = NONE if ready is None else READY if ready else WAITING
    row = {
        "name": staff.name(person.person_id).in_(lang),
        "role": NO_ROLE.in_(lang),
        "department": person.department,
        "account": account.in_(lang),
    }
    if one is not None:
        row |= {
            "role": staff.role(one.role).in_(lang),
            "area": staff.register.areas.words(one.grid_id).in_(lang),
            "department": one.department or person.department,
            "since": first_words(one),
            "until": last_words(one).in_(lang),
        }
    return {name: row.get(name, "") for name in TITLES}


def _deed(one: Event, staff: Staff, states: Mapping[str, Text]) -> Text:
    words = _DEEDS.get(one.kind, Text.same(one.kind))
    state = states.get(str(one.state), Text.same(str(one.state)))
    role, area = staff.role(str(one.other)), staff.register.areas.words(one.grid_id)
    return words.format(state=state, role=role, area=area, other=one.other or "")
