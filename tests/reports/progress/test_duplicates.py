# ruff: noqa: DTZ001 (workspaces keep naive local time)
from collections.abc import Callable
from datetime import datetime

import numpy as np
import pandas as pd

from reports.progress import suggestions
from reports.progress.duplicates import TITLES

NOW = datetime(2024, 3, 31)
Cases = Callable[..., pd.DataFrame]


def lamp(name: str, x: float, day: int, **more: object) -> dict[str, object]:
    return {
        "issue_id": name, "issue_type": "LIGHT_OUT", "x_m": 500_000 + x, "y_m": 3_400_000.0,
        "reported_at": f"2024-03-{day:02}", "description": "三栋门口路灯不亮",
    } | more  # fmt: skip


def suggest(table: pd.DataFrame, **more: object) -> pd.DataFrame:
    return suggestions(table, **{"as_of": NOW, "max_distance_m": 30.0, "max_hours": 72.0, **more})  # type: ignore[arg-type]


def test_a_suggestion_gives_its_reasons(cases: Cases) -> None:
    table = cases(lamp("B", 12, 3, description="三栋门口路灯不亮，很黑"), lamp("A", 0, 1), lamp("C", 0, 20))
    found = suggest(table, photo_hashes={"A": [0b111, 0], "B": [0b110]})
    assert list(found) == list(TITLES)
    row = found.iloc[0]
    assert len(found) == 1
    assert (row["issue_id"], row["other_id"], row["distance_m"], row["hours"]) == ("A", "B", 12, 48)
    assert row["photo_bits"] == 1
    assert 0.7 < row["text"] < 1
    assert (
        row["reason_zh"]
        == f"同为“路灯不亮”，相距 12 米，相隔 48.0 小时，文字相似度 {row['text']:.2f}，照片指纹相差 1 位"
    )
    assert row["reason_en"].startswith("both “Street light out”, 12 m and 48.0 hours apart")
    assert table["head"].isna().all()


def test_only_open_questions_are_asked(cases: Cases) -> None:
    done = {"closed_at": "2024-03-10"}
    assert suggest(cases(lamp("A", 0, 1, **done), lamp("B", 0, 2, **done))).empty
    assert len(suggest(cases(lamp("A", 0, 1, **done), lamp("B", 0, 2)))) == 1
    assert suggest(cases(lamp("A", 0, 1), lamp("B", 0, 2, head="A"))).empty
    assert suggest(cases(lamp("A", 0, 1), lamp("B", 0, 2, state="rejected"))).empty
    assert suggest(cases(lamp("A", 0, 1), lamp("B", 0, 2, issue_type="GAS"))).empty
    assert suggest(cases(lamp("A", 0, 1), lamp("B", 0, 2)), as_of=datetime(2024, 3, 1, 12)).empty
    assert suggest(cases(lamp("A", 0, 1), lamp("B", 0, 2)), kept_apart=[("B", "A")]).empty
    assert list(suggest(cases())) == list(TITLES)


def test_groups_show_how_far_a_chain_goes(cases: Cases) -> None:
    found = suggest(cases(*(lamp(f"I{at}", 25 * at, 1 + at) for at in range(4))))
    assert len(found) == 3
    assert len(set(found["group"])) == 1
    assert found[["group_size", "group_extent_m", "group_span_hours"]].iloc[0].tolist() == [4, 75, 72]


def test_a_default_point_is_no_place(cases: Cases) -> None:
    crowd = [lamp(f"I{at}", 0, 1 + at % 28) for at in range(60)]
    near = [lamp("A", 900, 1), lamp("B", 905, 1)]
    assert suggest(cases(*crowd, *near))[["issue_id", "other_id"]].to_numpy().tolist() == [["A", "B"]]


def test_silent_reports_have_no_likeness(cases: Cases) -> None:
    found = suggest(cases(lamp("A", 0, 1, description=None), lamp("B", 5, 1)))
    assert np.isnan(found["text"].iloc[0])
    assert "相似度" not in found["reason_zh"].iloc[0]
    assert found["photo_bits"].isna().all()
