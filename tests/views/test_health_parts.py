"""The parts of the health page about the complete community and fire lanes."""

import pytest

from reports.health.complete_community import TITLES
from tests.views.conftest import Visit


def part(visit: Visit, words: str, city: str = "huolong", lang: str = "en", profile: str | None = None) -> object:
    app = visit("health", ws=city, lang=lang)
    if profile is not None:
        app.segmented_control[0].set_value(profile).run()
    app.segmented_control[1].set_value(words).run()
    assert not app.exception
    return app


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_complete_community_shows_twenty_items(visit: Visit, lang: str) -> None:
    app = part(visit, "community", lang=lang)
    table = app.table[0].value  # type: ignore[attr-defined]
    assert len(table) == 20
    assert TITLES["verdict"].in_(lang) in table.columns
    chosen = next(one for one in app.selectbox if one.label in {"社区", "Community"})  # type: ignore[attr-defined]
    chosen.set_value("HL-01").run()
    assert not app.exception  # type: ignore[attr-defined]


def test_fire_lanes_of_a_city_have_their_table(visit: Visit) -> None:
    app = part(visit, "lanes", city="cambridge", profile="CN-old")
    table = app.dataframe[0].value  # type: ignore[attr-defined]
    assert len(table) > 100
    assert set(table["room"]) == {"carriageway unknown"}


def test_fire_lanes_where_nothing_stands_in_them_make_no_finding(visit: Visit) -> None:
    app = part(visit, "lanes", lang="zh")
    assert any("不能据此判定达标" in one.value for one in app.info)  # type: ignore[attr-defined]


def test_without_a_rule_there_is_the_matrix_alone(visit: Visit) -> None:
    app = visit("health", ws="cambridge", lang="en")
    assert not [one.key for one in app.segmented_control if str(one.key).startswith("health view")]
