"""The page of measures: what each means, its goalposts and weight, where its threshold comes from."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from docs.making.markdown import both, code, finished, head, number, table
from geo.text import Text
from layers.standards import indicators, standard
from reports.criteria import MEASURES, NORMALISATIONS, read_criteria
from reports.measures import KNOWN_SHARE, STATUS_WORDS, Measure

TITLE = Text("指标", "Measures")
INTRO = Text(
    "每个指标给每个网格一个数。排名把数值放到固定标杆之间（最好记 0 分需求，最差记 100 分），"
    "乘以权重后相加；各项得分之和就是总分。数值未知的网格留空，不记 0。",
    "A measure gives one number to each grid. A ranking puts it between fixed goalposts (best is 0 points of need, "
    "worst is 100), weighs it and adds up; the parts are the score. What is not known of a grid stays empty and is "
    "never zero.",
)
DEFINITIONS: Mapping[str, str] = {
    "severity_per_100_households": "未办结问题的严重程度（1 至 5）之和，每百户；没有类别的问题按 1 计",
    "open_issues_per_100_households": "未办结问题件数，每百户",
    "open_issues_per_ha": "未办结问题件数，每公顷网格面积",
    "open_share_pct": "未办结问题占全部已上报问题的百分比",
    "overdue_share_pct": "超期问题占有截止时间的未办结问题的百分比",
    "hazardous_building_share_pct": "C、D 级建筑占已鉴定建筑的百分比(JGJ 125)",
    "old_building_share_pct": "截止年份及以前建成的建筑占建成年份已知建筑的百分比",
    "toilet_unserved_share_pct": "距开放公厕超过服务半径的户数（或建筑数、面积）百分比，直线距离",
    "park_unserved_share_pct": "不在任何公园服务半径内的百分比：5,000 m² 以上公园 500 m，较小者 300 m，直线距离",
    "open_space_share_pct": "公园与活动场地占网格面积的百分比，重叠只计一次",
    "parking_gap_per_100_households": "按每户目标泊位数计算、网格内尚缺的泊位，每百户",
    "unlit_street_share_pct": "离可用路灯超过规定距离的街巷长度百分比，代替照度",
    "elderly_share_pct": "老年居民占居民人数的百分比",
}
"""The definitions in Chinese; the English ones are the docstrings of the functions that compute them."""


def page() -> str:
    """Give the page."""
    weights = {c.key: c.weight for c in read_criteria().items}
    lines = head(TITLE, INTRO)
    lines += ["## At a glance · 一览", ""]
    lines += table(
        ["key", "title · 名称", "unit · 单位", "worse · 何者较差", "best", "worst", "weight · 权重"],
        (
            (code(m.key), m.title, m.unit, m.worse, number(m.best), number(m.worst), _weight(weights.get(m.key)))
            for m in MEASURES.values()
        ),
    )
    lines += [
        (
            "Weights are those of `data/standards/criteria.toml`; a measure without one is computed and not scored. "
            "权重取自内置的 criteria.toml；没有权重的指标只计算、不计分。"
        ),
        "",
    ]
    for measure in MEASURES.values():
        lines += _entry(measure)
    return finished([*lines, *_status(), *_normalisation(), *_policy()])


def _weight(value: float | None) -> str | None:
    return None if value is None else f"{value:g}"


def _entry(measure: Measure) -> list[str]:
    told = (measure.compute.__doc__ or "").split("\n")[0]
    cited = indicators().loc[[measure.source]].iloc[0]
    return [
        f"## `{measure.key}`",
        "",
        f"**{both(measure.title)}** ({both(measure.unit)})",
        "",
        f"- {told}",
        f"- {DEFINITIONS[measure.key]}。",
        f"- Indicator `{measure.source}`: {cited['en']} · {cited['zh']}. {_cited(cited)}",
        "",
    ]


def _cited(row: "pd.Series[Any]") -> str:
    where = " ".join(str(row[c]) for c in ("standard", "clause") if pd.notna(row[c]))
    doubt = "; to be verified · 待核" if bool(row["to_verify"]) else ""
    threshold = both(Text(str(row["threshold_zh"]), str(row["threshold_en"])))
    return f"Threshold / 阈值: {threshold} ({where}; confidence {row['confidence']}{doubt})"


def _status() -> list[str]:
    about = {
        "ready": Text("全部输入齐备", "all inputs are there"),
        "partial": Text(
            "部分输入未知，数值只基于已知部分", "some of the input is unknown; the number rests on the rest"
        ),
        "proxy": Text("用相近的量代替，说明中写明是什么", "something near it was measured, the note says what"),
        "unavailable": Text(
            "没有输入；权重分给其余指标", "no input; its weight goes to the others, and the result says so"
        ),
    }
    return [
        "## Status of a measure · 数据状态",
        "",
        *table(["status", "words · 名称", "means · 含义"], ((code(k), w, about[k]) for k, w in STATUS_WORDS.items())),
        (
            f"A layer with an extent counts for a grid if at least {KNOWN_SHARE:.0%} of the grid lies in it. "
            f"图层写明范围的，网格至少 {KNOWN_SHARE:.0%} 位于范围内才计算。"
        ),
        "",
    ]


def _normalisation() -> list[str]:
    return [
        "## Making measures comparable · 归一方法",
        "",
        *table(["normalisation", "words · 名称"], ((code(k), w) for k, w in NORMALISATIONS.items())),
    ]


def _policy() -> list[str]:
    rows = standard("policy")
    return [
        "## Numbers of policy · 政策参数",
        "",
        (
            "From `data/standards/policy.csv`; a workspace may override them in `standards/policy.csv`. "
            "取自 policy.csv，工作区可在 standards 文件夹内覆盖。"
        ),
        "",
        *table(
            ["key", "value", "unit", "meaning · 含义", "source · 来源", "confidence"],
            map(_number, rows.itertuples()),
        ),
    ]


def _number(row: Any) -> tuple[object, ...]:  # noqa: ANN401 (a row of itertuples has no type)
    sure = f"{row.confidence} (待核)" if row.to_verify else row.confidence
    return code(row.key), number(row.value), _plain(row.unit), Text(row.zh, row.en), row.source, sure


def _plain(value: object) -> str | None:
    return None if pd.isna(value) or value == "1" else str(value)  # type: ignore[call-overload]
