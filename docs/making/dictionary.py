"""The data dictionary: layers and their columns, the manifest, the standards tables."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from docs.making.markdown import code, finished, head, number, table
from geo.text import Text
from layers.catalog import CATALOG, DERIVED, LayerSpec
from layers.cited import Column, Spec
from layers.manifest import Extent, Level, Manifest
from layers.people.identity import Identity, OpenId, Proxy
from layers.standard_tables import TABLES

TITLE = Text("数据字典", "Data dictionary")
INTRO = Text(
    "工作区是一个文件夹：workspace.toml 加 layers.gpkg（每个图层一张表，坐标系与清单一致，单位为米）。"
    "下面列出每个图层的字段。空值表示未知，不表示零。表中没有的字段会原样保留。",
    "A workspace is a folder: workspace.toml and layers.gpkg (one table a layer, in the coordinate system of the "
    "manifest, metres). These are the columns of each layer. Empty means unknown and never zero. Columns that are not "
    "listed are kept as they are.",
)
SHAPES: Mapping[str, Text] = {
    "point": Text("点", "points"),
    "line": Text("线", "lines"),
    "area": Text("面", "areas"),
    "any": Text("点、线或面", "points, lines or areas"),
    "none": Text("无几何", "a table without geometry"),
}
TYPES: Mapping[str, str] = {
    "str": "text",
    "string": "text",
    "Int64": "whole number",
    "float64": "number",
    "boolean": "yes or no",
    "datetime64": "local time",
}
BOUNDS = {
    "greater_than_or_equal_to": ("min_value", "≥ "),
    "greater_than": ("min_value", "> "),
    "less_than_or_equal_to": ("max_value", "≤ "),
    "less_than": ("max_value", "< "),
}
MANIFEST: Mapping[str, Text] = {
    "name": Text("短名：字母、数字、汉字、-、_", "short name: letters, digits, - and _"),
    "title": Text("标题，两种语言", "title in both languages"),
    "crs": Text("坐标系，EPSG:n，必须以米为单位", "coordinate system, EPSG:n, in metres"),
    "as_of": Text(
        "数据截止的当地时间；未办结与超期以它计算", "local time of the data; open and overdue are counted on it"
    ),
    "profile": Text("适用的指标集", "set of indicators that applies"),
    "language": Text("工作区的语言", "language of the workspace"),
    "levels": Text("网格层级，1 为最大", "levels of grids, 1 is the largest"),
    "extents": Text("图层完整的范围；范围外未知", "boxes inside which a layer is complete; unknown outside"),
    "synthetic": Text("是否为合成数据", "whether the data are made up"),
    "open311": Text("是否以 Open311 接口公开问题", "whether issues are published by the Open311 interface"),
    "credit": Text("数据来源署名", "whom the data come from"),
    "ledger": Text(
        "区级台账数据库的地址；缺省为工作区内的文件",
        "address of the database of a district's ledger; by default a file here",
    ),
    "identity": Text("登录方式，见下表", "ways to log in, see the tables below"),
    "password": Text("可用登录名和密码登录", "log in with login and password"),
    "password_least": Text("密码最少字符数", "characters that a password needs"),
    "session_hours": Text("一次登录保持多少小时", "hours for which a login holds"),
    "public_report": Text("居民上报表对所有人开放", "the form for residents is open to everybody"),
    "openid": Text("身份提供方（OpenID Connect）", "identity provider (OpenID Connect)"),
    "issuer": Text("身份提供方的地址", "address of the identity provider"),
    "provider": Text("在 Streamlit 登录设置中的名称", "its name in Streamlit's settings of login"),
    "match": Text(
        "按 subject 还是已验证的邮箱认人", "whether persons are known by subject or by verified mail address"
    ),
    "group": Text("必须属于的用户组", "group that persons must be in"),
    "proxy": Text("已核实身份的反向代理", "proxy that has checked who somebody is"),
    "header": Text("写有登录名的请求头", "header with the login"),
    "addresses": Text("反向代理的地址或网段", "addresses or networks of the proxy"),
    "secret_header": Text("写有口令的请求头", "header with the secret of the proxy"),
    "secret_sha256": Text("该口令的 SHA-256", "SHA-256 of that secret"),
    "zh": Text("中文", "in Chinese"),
    "en": Text("英文", "in English"),
    "level": Text("层级号", "number of the level"),
    "nests": Text("每个网格是否完整位于一个上级内", "whether each grid of it lies in one parent"),
    "layer": Text("图层", "layer"),
    "west": Text("西界，米", "west, metres"),
    "south": Text("南界，米", "south, metres"),
    "east": Text("东界，米", "east, metres"),
    "north": Text("北界，米", "north, metres"),
}


def page() -> str:
    """Give the page."""
    lines = head(TITLE, INTRO)
    lines += ["## Layers · 图层", ""]
    lines += table(
        ["key", "title · 名称", "shape · 几何", "id", "in a grid · 归属网格", "sensitivity · 敏感级别"],
        (
            (
                f"[`{s.key}`](#{s.key})",
                s.title,
                SHAPES[s.shape],
                code(s.id_column),
                _yes(s.located and s.shape != "none"),
                s.sensitivity,
            )
            for s in CATALOG.values()
        ),
    )
    for spec in CATALOG.values():
        lines += _layer(spec)
    lines += ["## Computed columns · 计算字段", ""]
    lines += ["Added when a workspace opens, never stored. 打开时计算，不存储。", ""]
    lines += table(["column", "title · 名称", "unit"], ((code(k), t, u) for k, (t, u) in DERIVED.items()))
    return finished([*lines, *_manifest(), *_standards()])


def _yes(value: bool) -> str | None:  # noqa: FBT001 (one cell)
    return "✓" if value else None


def _layer(spec: LayerSpec) -> list[str]:
    checked = spec.schema.to_schema().columns
    about = (spec.schema.__doc__ or "").split("\n")[0]
    rows = [
        (code(name), _type(str(checked[name].dtype)), meta["unit"], meta["title"], _yes(meta["required"]), _allowed(checked[name], meta), _remark(meta))
        for name, meta in spec.columns.items()
    ]  # fmt: skip
    columns = ["column", "type", "unit", "title · 名称", "required", "allowed · 取值", "remarks · 说明"]
    return [
        f"### {spec.key}",
        "",
        f"{spec.title.zh} · {spec.title.en}. {about} Id: `{spec.id_column}` (text, unique).",
        "",
        *table(columns, rows),
    ]


def _type(name: str) -> str:
    return next(words for start, words in TYPES.items() if name.startswith(start))


def _allowed(column: Any, meta: Mapping[str, Any]) -> str | None:  # noqa: ANN401 (a column of pandera)
    if meta["codes"] is not None:
        return ", ".join(f"`{key}` {words.zh} {words.en}" for key, words in meta["codes"].items())
    found = []
    for check in column.checks:
        if check.name in BOUNDS:
            key, sign = BOUNDS[check.name]
            found.append(sign + number(check.statistics[key]).replace(",", ""))
    return ", ".join(found) or None


def _remark(meta: Mapping[str, Any]) -> str | None:
    parts = [] if meta["about"] is None else [f"{meta['about'].zh} / {meta['about'].en}"]
    parts += ["pop-up · 弹窗"] if meta["popup"] else []
    parts += [meta["sensitivity"]] if meta["sensitivity"] != "public" else []
    return "; ".join(parts) or None


def _manifest() -> list[str]:
    lines = ["## workspace.toml", ""]
    kinds: tuple[tuple[str, type[BaseModel]], ...] = (
        ("The file · 文件", Manifest),
        ("`[[levels]]`", Level),
        ("`[[extents]]`", Extent),
        ("`[identity]`", Identity),
        ("`[identity.openid]`", OpenId),
        ("`[identity.proxy]`", Proxy),
    )
    for title, model in kinds:
        rows = (
            (code(name), _yes(field.is_required()), None if field.is_required() else _default(field.default), MANIFEST[name])
            for name, field in model.model_fields.items()
        )  # fmt: skip
        lines += [f"### {title}", "", *table(["key", "required", "default", "means · 含义"], rows)]
    return lines


def _default(value: object) -> str | None:
    match value:
        case None | () | BaseModel():
            return None
        case bool():
            return code(str(value).lower())
        case tuple():
            return ", ".join(f"{one.level} {one.zh} {one.en}" for one in value)
        case _:
            return code(value)


def _standards() -> list[str]:
    lines = ["## Standards tables · 标准表", ""]
    lines += [
        (
            "CSV files in `data/standards`; a workspace overrides rows with a file of the same name in its own `standards` "
            "folder. What the columns `source` and `confidence` mean stands in "
            "[data/standards/README.md](../data/standards/README.md). "
            "工作区可用同名文件逐行覆盖。"
        ),
        "",
    ]
    for name, spec in TABLES.items():
        lines += [f"### {name}.csv", "", *_spec(spec)]
    return lines


def _spec(spec: Spec) -> list[str]:
    rows = (
        (code(name), column.kind, _yes(name in spec.key), _yes(column.empty), _words(column))
        for name, column in spec.columns.items()
    )
    return table(["column", "type", "key", "may be empty", "allowed · 取值"], rows)


def _words(column: Column) -> str | None:
    parts = [", ".join(map(code, sorted(column.among)))] if column.among else []
    parts += [f"a key of {column.refers}"] if column.refers else []
    parts += [f"several, parted by `{column.split}`"] if column.split else []
    bounds = [f"{sign} {number(v)}" for sign, v in (("≥", column.low), ("≤", column.high)) if abs(v) != float("inf")]
    return "; ".join([*parts, *bounds]) or None
