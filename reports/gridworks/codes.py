"""Codes of grids: whether they follow a published layout and the order of the map, and which codes would."""

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from geo.partition import READING_RULE, PartitionError, reading_order
from geo.text import Text
from layers import Workspace
from layers.schema import Grids
from layers.standards import standard
from layers.succession import former_grids
from reports.gridworks.plan import RECODE, Operation

VERDICTS: Mapping[str, Text] = {
    "ok": Text("符合", "in order"),
    "own": Text("自定编号，不属于国标格式", "a code of one's own, no published layout"),
    "damaged": Text("疑被表格软件改写或含全角字符", "perhaps rewritten by a spreadsheet, or full-width signs"),
    "length": Text("位数不属于任何已知格式", "no known layout has so many digits"),
    "province": Text(
        "前两位不是我国省级代码（境外编号属正常）",
        "no Chinese province has these first two digits; right for codes of other countries",
    ),
    "base": Text("前缀与多数网格不同", "another prefix than most grids"),
    "order": Text("顺序不是由西到东、由北到南", "not numbered from west to east, north to south"),
}
OWN_SCHEME = "parent_sequence"
NO_SCHEME = Text("没有编码格式 {scheme}；可用：{known}", "there is no layout {scheme}; known are {known}")
BASE_WANTED = Text(
    "格式 {scheme} 需要 {n} 位数字的前缀（{parts}）", "layout {scheme} takes a prefix of {n} digits ({parts})"
)
TOO_MANY = Text("{n} 个网格超出 {digits} 位顺序码", "{n} grids are too many for a sequence of {digits} digits")
NO_PROVINCE = Text("前缀 {base} 的前两位不是省级代码", "the prefix {base} does not begin with a province")
NONE_TO_CHANGE = Text("没有需要改的编号", "no code is to be changed")


class Codes(NamedTuple):
    """Codes of one level: ``table`` with grid_id, name, scheme, verdict, place_by_code, place_by_map; and ``meta``."""

    table: pd.DataFrame
    meta: Mapping[str, Any]


def checked(ws: Workspace, level: int | None = None) -> Codes:
    """Look at the codes of a level.

    Codes are text: zeros in front count. Digits of a known length are read by its layout; the first digits must
    be a province, the prefix that of most grids, and the sequence must follow the reading order of the map. Codes
    of one's own are only held against the order.
    """
    grids = ws.grids(level)
    ids = [str(one) for one in grids.index]
    known = schemes(ws.folder)
    by_length = {sum(one.layout): key for key, one in known.items() if key != OWN_SCHEME}
    of = [by_length.get(len(one), "") if re.fullmatch(r"[0-9]+", one) else "" for one in ids]
    base = {one: one[: known[key].base] if key else "" for one, key in zip(ids, of, strict=True)}
    common = Counter(found for found in base.values() if found).most_common(1)
    usual = common[0][0] if common else ""
    group = {
        one: f"{key} {base[one]}" if key else str(parent)
        for one, key, parent in zip(ids, of, grids[Grids.parent_id], strict=True)
    }
    by_code, by_map = _places(ids, group, grids.geometry)
    verdicts = [
        _verdict(one, key, is_usual=base[one] == usual, is_placed=by_code[one] == by_map[one], folder=ws.folder)
        for one, key in zip(ids, of, strict=True)
    ]
    table = pd.DataFrame(
        {
            "grid_id": ids, "name": grids[Grids.name].to_numpy(), "scheme": of, "verdict": verdicts,
            "place_by_code": [by_code[one] for one in ids], "place_by_map": [by_map[one] for one in ids],
        }
    )  # fmt: skip
    meta = {
        "method": "codes of grids",
        "order": READING_RULE,
        "prefix": usual,
        "layouts": sorted(set(filter(None, of))),
    }
    return Codes(table, meta)


class Scheme(NamedTuple):
    """A layout of codes: digits of its parts, those of the sequence, and what the parts are."""

    layout: tuple[int, ...]
    sequence: int
    parts: Text

    @property
    def base(self) -> int:
        """Digits before the sequence."""
        return sum(self.layout) - self.sequence

    @property
    def county(self) -> slice:
        """Where the county stands: first, or after a class of objects."""
        return slice(6, 12) if self.layout[:2] == (6, 6) else slice(0, 6)


def schemes(folder: Path) -> dict[str, Scheme]:
    """Give the layouts of the table ``grid_codes``."""
    return {
        str(row["scheme"]): Scheme(
            tuple(int(one) for one in str(row["layout"]).split("|")),
            int(row["sequence_digits"]),
            Text(str(row["parts_zh"]), str(row["parts_en"])),
        )
        for row in standard("grid_codes", folder).to_dict("records")
    }


def _verdict(code: str, scheme: str, *, is_usual: bool, is_placed: bool, folder: Path) -> str:
    if re.fullmatch(r"\d+(\.\d+)?[eE]\+?\d+|\d+\.0+", code) or re.search(r"[\s０-９]", code):
        return "damaged"
    if re.fullmatch(r"[0-9]{12,20}", code) and not scheme:
        return "length"
    if scheme and not _in_a_province(code, schemes(folder)[scheme], folder):
        return "province"
    if scheme and not is_usual and schemes(folder)[scheme].sequence:
        return "base"
    if not is_placed:
        return "order"
    return "ok" if scheme else "own"


def _in_a_province(code: str, scheme: Scheme, folder: Path) -> bool:
    return code[scheme.county][:2] in set(standard("provinces", folder)["code"])


def _places(ids: list[str], group: Mapping[str, str], shapes: pd.Series) -> tuple[dict[str, int], dict[str, int]]:
    """Give the place of each code among those of its group, by code and by the map."""
    by_code: dict[str, int] = {}
    by_map: dict[str, int] = {}
    for name in sorted(set(group.values())):
        members = sorted(one for one in ids if group[one] == name)
        order = reading_order(shapes[members].to_numpy(), members)
        by_code |= {one: at for at, one in enumerate(members, start=1)}
        by_map |= {members[row]: at for at, row in enumerate(order, start=1)}
    return by_code, by_map


def proposed(ws: Workspace, level: int | None = None, *, scheme: str = OWN_SCHEME, base: str = "") -> pd.DataFrame:
    """Propose codes from west to east and north to south.

    Args:
        ws: the workspace.
        level: grids to number; None: the smallest.
        scheme: a key of the table ``grid_codes``.
        base: prefix of digits for a published layout: county, street and community.

    Returns:
        One row a grid in reading order: grid_id, name, proposed, is_new, is_free (no grid has or had the code).

    Raises:
        PartitionError: no such layout, a prefix that does not fit, or too many grids.
    """
    grids = ws.grids(level)
    known = schemes(ws.folder)
    if scheme not in known:
        raise PartitionError(NO_SCHEME.format(scheme=scheme, known=", ".join(known)))
    digits = known[scheme].sequence
    order = reading_order(grids.geometry.to_numpy(), list(map(str, grids.index)))
    ids = [str(grids.index[at]) for at in order]
    if scheme == OWN_SCHEME:
        heads = {str(one): _head(parent, ids, ws.name) for one, parent in grids[Grids.parent_id].items()}
    else:
        heads = dict.fromkeys(ids, _sound_base(base, scheme, known[scheme], ws.folder))
    number: Counter[str] = Counter()
    codes = []
    for one in ids:
        number[heads[one]] += 1
        codes.append(f"{heads[one]}{number[heads[one]]:0{digits}d}" if digits else heads[one])
    most = max(number.values(), default=0)
    if most >= 10**digits and (digits or most > 1):
        raise PartitionError(TOO_MANY.format(n=most, digits=digits))
    used = {*map(str, ws.tables["grids"].index), *map(str, former_grids(ws.tables).get("former_code", ()))}
    table = pd.DataFrame({"grid_id": ids, "name": grids[Grids.name].iloc[order].to_numpy(), "proposed": codes})
    return table.assign(is_new=table["grid_id"] != table["proposed"], is_free=~table["proposed"].isin(used))


def _head(parent: object, ids: list[str], name: str) -> str:
    """Give what comes before the sequence in codes of one's own."""
    if isinstance(parent, str) and parent:
        return f"{parent}-"
    least, most = min(ids), max(ids)
    same = next((at for at, (a, b) in enumerate(zip(least, most, strict=False)) if a != b), min(len(least), len(most)))
    common = least[:same]
    head = re.match(r".*[-_.]", common) or re.match(r"\D*", common)
    return (head.group() if head else "") or f"{name}-"


def _sound_base(base: str, key: str, scheme: Scheme, folder: Path) -> str:
    if not re.fullmatch(rf"[0-9]{{{scheme.base}}}", base):
        raise PartitionError(BASE_WANTED.format(scheme=key, n=scheme.base, parts=scheme.parts))
    if not _in_a_province(base, scheme, folder):
        raise PartitionError(NO_PROVINCE.format(base=base))
    return base


def recoding(table: pd.DataFrame) -> Operation:
    """Give the step of a plan that puts proposed codes in force.

    Raises:
        PartitionError: nothing would change.
    """
    rows = table[table["is_new"]]
    if rows.empty:
        raise PartitionError(NONE_TO_CHANGE)
    return Operation(kind=RECODE, grids=tuple(rows["grid_id"]), ids=tuple(rows["proposed"]))
