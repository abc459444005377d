"""Errors say everything at once, in both languages."""

import pytest

from geo.errors import CriteriaError, CrsError, DataError, GuatuError, ManifestError, Problem
from geo.text import Text

ONE = Problem("x", "error", "a.gpkg", "7", None, Text("红", "red"), Text("蓝", "blue"), Text("改色", "paint it"))
TWO = ONE._replace(row=None, column="colour", found=Text.same("#0f0"))


def test_a_problem_is_one_sentence_with_its_place() -> None:
    assert ONE.line("en") == "a.gpkg · 7: found red; expected blue. paint it"
    assert TWO.line("en") == "a.gpkg · colour: found #0f0; expected blue. paint it"
    assert all(word in ONE.line("zh") for word in ("a.gpkg · 7", "发现 红", "蓝", "改色"))


def test_all_problems_are_in_the_message() -> None:
    error = DataError(iter([ONE, TWO]))
    assert error.problems == (ONE, TWO)
    for lang in ("zh", "en"):
        assert error.message.in_(lang).splitlines()[1:] == [ONE.line(lang), TWO.line(lang)]
    assert error.message.en.startswith("the data have 2 problems\n")
    assert DataError([ONE]).message.en.startswith("the data have 1 problem\n")
    assert str(error) == str(error.message)


@pytest.mark.parametrize("kind", [ManifestError, CriteriaError, DataError, CrsError])
def test_every_error_is_a_guatu_error_and_a_value_error(kind: type[Exception]) -> None:
    assert issubclass(kind, GuatuError)
    assert issubclass(kind, ValueError)
