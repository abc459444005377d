"""Plans that are kept: ``plans/NAME.toml`` with what was asked, what was chosen, by whom, when, and of which data."""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from geo.errors import PlanError
from geo.files import whole_file
from geo.text import Text
from layers import Workspace
from reports.plan.plan import Plan
from reports.plan.terms import Terms

FOLDER = "plans"
KIND = "budget"
HEAD = "# 预算计划，由挂图保存；hash 是下列要求与入选项目的校验和。 / A budget plan; hash checks the terms and items below.\n"
_NAME = re.compile(r"[\w-]{1,60}")


@dataclass(frozen=True)
class SavedPlan:
    """A kept plan: its name, author, date, hash, the terms, the items by id and year, and its figures.

    ``intact`` says whether the file still has what was saved, ``same_data`` whether the workspace still has the data
    that it was made from.
    """

    name: str
    author: str
    date: str
    note: str
    hash: str
    terms: Terms
    items: Mapping[str, int]
    figures: Mapping[str, Any]
    intact: bool
    same_data: bool


def save_plan(plan: Plan, name: str, author: str, *, note: str = "", at: datetime | None = None) -> Path:
    """Keep a plan as ``plans/NAME.toml`` of its workspace; one of the same name is never overwritten.

    Args:
        plan: a plan that is possible.
        name: letters, digits, _ and -.
        author: who decided.
        note: why, in a word.
        at: when, naive local time; None is now.

    Raises:
        PlanError: the plan is not possible, no author, or a name that cannot be used or is taken.
    """
    if not plan.choice.feasible:
        raise PlanError(Text("没有可行方案，不能保存", "there is no plan to save"))
    if not author.strip():
        raise PlanError(Text("须写明由谁决定", "say who decides"))
    if not _NAME.fullmatch(name):
        raise PlanError(
            Text("名称只能用文字、数字、下划线和短横，不超过 60 字", "a name has letters, digits, _ and -, 60 at most")
        )
    path = plan.ws.folder / FOLDER / f"{name}.toml"
    if path.exists():
        raise PlanError(
            Text(f"已有名为“{name}”的方案，请换个名称", f"there is a plan {name} already; choose another name")
        )
    body = _body(plan)
    when = (at or datetime.now()).isoformat(sep=" ", timespec="seconds")  # noqa: DTZ005 (workspaces keep naive local time)
    head = {
        "kind": KIND, "name": name, "author": author.strip(), "date": when, "note": note,
        "hash": _hash(body), "inputs": plan.ws.digest,
    }  # fmt: skip
    path.parent.mkdir(exist_ok=True)
    with whole_file(path) as part:
        part.write_text(HEAD + _toml({**head, **body}), encoding="utf-8")
    return path


def saved_plans(ws: Workspace) -> list[SavedPlan]:
    """Give the kept plans of a workspace, the latest first; files of other kinds are left out."""
    found = []
    for path in sorted((ws.folder / FOLDER).glob("*.toml")):
        values = _read(path)
        if values.get("kind") == KIND:
            found.append(_saved(ws, values))
    return sorted(found, key=lambda one: one.date, reverse=True)


def _read(path: Path) -> Mapping[str, Any]:
    """Read a file; one that is no TOML is a plan that is not intact, so that somebody sees it."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {"kind": KIND, "name": path.stem}


def _saved(ws: Workspace, values: Mapping[str, Any]) -> SavedPlan:
    body = {key: values.get(key, {}) for key in ("terms", "figures", "years")}
    asked: dict[str, Any] = {key: tuple(one) if isinstance(one, list) else one for key, one in body["terms"].items()}
    known = {key: one for key, one in asked.items() if key in Terms.__dataclass_fields__}
    return SavedPlan(
        str(values.get("name", "")), str(values.get("author", "")), str(values.get("date", "")),
        str(values.get("note", "")), str(values.get("hash", "")),
        Terms(**{"limit_yuan": 0.0, **known}),
        body["years"], body["figures"], values.get("hash") == _hash(body), values.get("inputs") == ws.digest,
    )  # fmt: skip


def _body(plan: Plan) -> dict[str, dict[str, Any]]:
    terms = plan.terms
    asked = {name: getattr(terms, name) for name in Terms.__dataclass_fields__}
    asked = {
        key: list(one) if isinstance(one, tuple) else dict(one) if isinstance(one, Mapping) else one
        for key, one in asked.items()
    }
    figures = {
        "status": plan.choice.status, "objective": plan.choice.benefit, "gap": float(str(plan.choice.meta["gap"])),
        "need_removed": plan.removed, "spent_yuan": plan.spent_yuan,
    }  # fmt: skip
    return {
        "terms": asked,
        "figures": figures,
        "years": {str(one): int(year) for one, year in plan.chosen["year"].items()},
    }


def _hash(body: Mapping[str, Any]) -> str:
    return sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _toml(values: Mapping[str, Any]) -> str:
    """Write plain values first, then each table."""
    lines = [f"{_key(key)} = {_value(one)}" for key, one in values.items() if not isinstance(one, Mapping)]
    for key, one in values.items():
        if isinstance(one, Mapping):
            lines += ["", f"[{key}]", *(f"{_key(name)} = {_value(cell)}" for name, cell in one.items())]
    return "\n".join(lines) + "\n"


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, str):  # JSON escapes as TOML does, but for one control character
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    return json.dumps(value)
