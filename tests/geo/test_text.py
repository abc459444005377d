"""Words in both languages."""

import pytest

from geo.text import Lang, Text, counted, listed


def test_words_are_shown_in_one_language_or_both() -> None:
    text = Text("公厕", "toilet")
    assert (text.in_("zh"), text.in_(Lang.EN)) == ("公厕", "toilet")
    assert str(text) == "公厕 / toilet"
    assert str(Text("km²", "km²")) == "km²"
    assert Text.same(-3) == Text("-3", "-3")


def test_a_text_goes_into_each_language_in_its_own() -> None:
    found = Text("{what}:{n}", "{n} x {what}").format(what=Text("路灯", "lamp"), n=3)
    assert found == Text("路灯:3", "3 x lamp")
    with pytest.raises(KeyError):
        Text("{a}", "{b}").format(a=1)


def test_counts_have_the_right_plural() -> None:
    assert [counted(n, "grid", "grids") for n in (0, 1, 2, 1_500)] == ["0 grids", "1 grid", "2 grids", "1,500 grids"]


def test_lists() -> None:
    one, two, three = (Text(z, e) for z, e in (("甲", "a"), ("乙", "b"), ("丙", "c")))
    assert listed([]) == Text("", "")
    assert listed([one]) == one
    assert listed([one, two]) == Text("甲、乙", "a and b")
    assert listed([one, two, three]) == Text("甲、乙、丙", "a, b and c")
