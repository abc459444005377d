"""The page of the health check: every indicator, what is asked, and what the bundled workspaces can say of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from docs.making.markdown import both, code, finished, head, table
from geo.text import Text
from layers.standards import standard
from layers.workspace import open_workspace
from reports.health.answers import value_words
from reports.health.examination import Health, health_check
from reports.health.finding import VERDICTS, Finding
from reports.health.registry import COMPUTED
from reports.health.tables import CONFIDENCE
from reports.health.thresholds import GROUPS, PROFILES
from reports.measures import STATUS_WORDS

TITLE = Text("体检指标", "Indicators of the health check")
INTRO = Text(
    "体检的全部指标：要求、依据，以及三个内置工作区（整体，最小网格层级）各自能说什么、不能说什么。"
    "“替代指标”和“不作判定”不是达标结论；“无法计算”写明缺什么。",
    "Every indicator of the health check: what is asked and on whose word, and what the three bundled workspaces can and "
    "cannot say of it (the whole, with the finest grids). A proxy or “no verdict” is no finding of compliance; what cannot "
    "be known says what is missing.",
)
CITIES = ("huolong", "boston", "cambridge")
SHIPPED = ("CN-old", "CN-new", "WHO")
VERIFY = Text("待核", "to be verified")


def page(folders: Mapping[str, Path]) -> str:
    """Give the page.

    Args:
        folders: of the bundled workspaces by name.
    """
    checks = {city: _checks(folders[city]) for city in CITIES}
    lines = head(TITLE, INTRO)
    lines += _legend()
    for profile in SHIPPED:
        lines += [f"## {both(PROFILES[profile])}", ""]
        lines += _indicators(profile, {city: each[profile] for city, each in checks.items()})
    lines += ["## What the bundled workspaces cannot know · 内置工作区不能知道的", ""]
    for city in CITIES:
        lines += [f"### {city}", "", *_unknown([checks[city][profile] for profile in SHIPPED])]
    return finished([*lines, *_kinds(), *_circles()])


def _checks(folder: Path) -> dict[str, Health]:
    ws = open_workspace(folder)
    return {profile: health_check(ws, profile=profile) for profile in SHIPPED}


def _legend() -> list[str]:
    rows = [
        ("meets", Text("已知的数值达到要求", "a known value keeps to what is asked")),
        ("fails", Text("已知的数值没有达到要求", "a known value does not")),
        (
            "context",
            Text("有数值，但属计数、替代指标、没有阈值，或尺度、资料不足以判定",
                 "there is a value, but it is a count or a proxy, nothing is asked, or size or data do not carry a verdict"),
        ),
        ("unknown", Text("没有数值，写明缺什么", "there is no value, and what is missing is said")),
    ]  # fmt: skip
    return table(
        ["verdict · 结论", "words · 用词", "means · 含义"], ((code(key), VERDICTS[key], means) for key, means in rows)
    )


def _indicators(profile: str, checks: Mapping[str, Health]) -> list[str]:
    columns = ["id", "indicator · 指标", "asked · 要求", "standard · 标准", "confidence · 可信度", *CITIES]
    first = checks[CITIES[0]]
    lines: list[str] = []
    for group in dict.fromkeys(one.group for one in first.cited.values()):
        ids = [key for key, one in first.cited.items() if one.group == group]
        rows = [[*_about(first, key), *(_standing(checks[city].findings[key]) for city in CITIES)] for key in ids]
        lines += [f"### {both(GROUPS[group])} ({profile})", "", *table(columns, rows)]
    return lines


def _about(health: Health, key: str) -> list[object]:
    one = health.cited[key]
    sure = CONFIDENCE[one.confidence]
    said = Text(f"{sure.zh}（{VERIFY.zh}）", f"{sure.en} ({VERIFY.en})") if one.to_verify else sure
    standard = " ".join(filter(None, (one.standard, one.clause, one.edition)))
    computed = "" if key in COMPUTED else " *"
    return [f"{code(key)}{computed}", one.title, health.check.thresholds[key].words, standard, said]


def _standing(findings: Sequence[Finding]) -> str:
    """Say how it stands with the whole, and count the verdicts of the grids."""
    *grids, whole = findings
    counts = Counter(one.verdict for one in grids)
    told = ", ".join(f"{VERDICTS[key].en} {counts[key]}" for key in VERDICTS if counts[key])
    value = "" if whole.verdict == "unknown" else f"{value_words(whole).en}, "
    return f"{value}{VERDICTS[whole.verdict].en} ({STATUS_WORDS[whole.status].en})<br>grids: {told}"


def _unknown(checks: Sequence[Health]) -> list[str]:
    """List what is missing, each reason once, with the indicators that want it."""
    wanted: dict[Text, list[str]] = {}
    for health in checks:
        for key, findings in health.findings.items():
            missing = findings[-1].missing
            if missing is not None and key not in wanted.setdefault(missing, []):
                wanted[missing].append(key)
    rows = ((", ".join(map(code, ids)), missing) for missing, ids in wanted.items())
    return table(["indicators · 指标", "missing · 缺少"], rows)


def _kinds() -> list[str]:
    rows = standard("facility_kinds")
    found = []
    for answer, each in rows.groupby("answer", sort=False):
        for counts, some in each.groupby("counts", sort=False):
            words = "count · 计入" if counts else "do not count · 不计入"
            kinds = ", ".join(f"{code(kind)}" for kind in some["kind"])
            found.append((code(answer), ", ".join(dict.fromkeys(some["layer"])), words, kinds))
    lines = ["## Which kinds answer which indicator · 哪些类别对应哪项指标", ""]
    lines += [
        "`facility_kinds.csv`; letters are compared without case. A workspace adds rows of its own. 工作区可增补。",
        "",
    ]
    return lines + table(["answers · 对应", "layers · 图层", "", "kinds · 类别"], found)


def _circles() -> list[str]:
    rows = standard("life_circles")
    each = (
        (code(circle), code(answer), Text(zh, en))
        for circle, answer, zh, en in rows[["circle", "answer", "zh", "en"]].to_numpy()
    )
    return [
        "## What a life circle needs · 生活圈须含设施",
        "",
        *table(["circle · 生活圈", "answers · 对应", "facility · 设施"], each),
    ]
