"""The page Priorities asks whether other methods, weights or data would say the same, after what cannot wait."""

import pytest

from tests.views.conftest import Visit
from views import priorities, priorities_rivals
from views.plain import plain


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_view_says_something_and_shows_a_table(visit: Visit, lang: str) -> None:
    app = visit("priorities", ws="huolong", lang=lang)
    heads = [one.value for one in app.subheader]
    assert heads.index(priorities.IMMEDIATE.in_(lang)) < heads.index(priorities_rivals.HEAD.in_(lang))
    assert heads[0] == priorities.IMMEDIATE.in_(lang)
    (choice,) = [one for one in app.segmented_control if one.label == priorities_rivals.HEAD.in_(lang)]
    tables = set()
    for view in priorities_rivals.VIEWS:
        choice.set_value(view).run()
        assert not app.exception
        tables.add("\n".join(one.value.to_string() for one in app.dataframe))
        (choice,) = [one for one in app.segmented_control if one.label == priorities_rivals.HEAD.in_(lang)]
    assert len(tables) == len(priorities_rivals.VIEWS)


def test_it_follows_the_sliders(visit: Visit) -> None:
    app = visit("priorities", ws="boston", level="1", lang="en")
    said = [one.value for one in app.markdown]
    assert any("do not agree on the first" in one for one in said)
    next(one for one in app.slider if "Elderly" in one.label).set_value(100).run()
    assert not app.exception
    assert [one.value for one in app.markdown] != said


def test_nothing_to_compare_is_said(visit: Visit) -> None:
    app = visit("priorities", ws="cambridge", lang="en")
    assert not app.exception
    shown = [one.value for one in app.info]
    ranked = any(plain(priorities_rivals.NOBODY_RANKED.en) in one for one in shown)
    assert ranked == (priorities_rivals.BUMP.en not in [one.value for one in app.caption])
