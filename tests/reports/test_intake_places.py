"""Typed places, kept answers, and the layer that a file is proposed for."""

from pathlib import Path

import pytest

from geo.errors import DataError, GuatuError
from layers.catalog import CATALOG
from layers.intake.look import setting_of
from layers.intake.mapping.layer_proposal import UNSURE
from layers.intake.whereabouts import Answers
from reports.intake_answers import place_of
from reports.intake_desk import Desk
from reports.intake_kept import Kept
from reports.intake_places import NOT_TWO, TOO_FAR, spot_of, spot_text
from reports.intake_uploads import Upload
from tests import intake_files as files
from tests import samples
from tests.intake_kinds import KINDS, Kind

SPOT = (samples.X0 + 40.0, samples.Y0 + 60.0)


def test_a_place_is_read_in_degrees_in_either_order_and_in_metres() -> None:
    tables = [samples.grids()]
    lon, lat = spot_text(SPOT, samples.CRS).split(", ")
    for text in (f"{lon}, {lat}", f"{lat} {lon}", f"{lon}，{lat}", f"{SPOT[0]}, {SPOT[1]}"):
        assert spot_of(text, samples.CRS, tables) == pytest.approx(SPOT, abs=0.05)


@pytest.mark.parametrize(("text", "words"), [("", NOT_TWO), ("111", NOT_TWO), ("1, 2", TOO_FAR), ("9e9, 1 1", NOT_TWO)])
def test_a_place_that_is_none_or_far_away_is_told(text: str, words: object) -> None:
    with pytest.raises(GuatuError) as caught:
        spot_of(text, samples.CRS, [samples.grids()])
    assert caught.value.message.en.endswith(words.en.rsplit("}", maxsplit=1)[1][-20:])  # type: ignore[attr-defined]


def test_small_answers_are_kept_together_and_of_large_ones_the_last() -> None:
    kept: Kept[str] = Kept(10)
    made: list[str] = []

    def make(word: str) -> str:
        made.append(word)
        return word

    for word in ("aaa", "bbb", "aaa", "c" * 20, "c" * 20, "aaa"):
        assert kept.give(word, lambda word=word: make(word), len) == word
    assert made == ["aaa", "bbb", "c" * 20, "aaa"]
    kept.clear()
    assert "aaa" not in kept


def test_a_refusal_is_kept_too() -> None:
    kept: Kept[str] = Kept(10)
    tries: list[int] = []

    def refuse() -> str:
        tries.append(1)
        raise DataError([])

    for _ in range(2):
        with pytest.raises(DataError):
            kept.give("a", refuse, len)
    assert len(tries) == 1


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_a_file_of_each_kind_finds_its_layer_and_is_stored(folder: Path, tmp_path: Path, kind: Kind) -> None:
    desk = Desk()
    desk.receive(Upload(name, name, lambda content=content: content) for name, content in kind.make(tmp_path).items())
    (file,) = desk.files
    setting = setting_of(folder)
    found = desk.proposal(setting, file)
    assert (found.spec.key, found.sure) == (kind.layer, True)
    assert found.why.zh
    assert found.why.en
    look = desk.look(setting, "now", file, found.spec).look
    assert bool(look.questions) == kind.asks
    if kind.asks:
        place = place_of(look)
        assert place is not None
        desk.say(file, found.spec, answers=Answers(datum=next(iter(place.choices))))
        look = desk.look(setting, "now", file, found.spec).look
    done = desk.take(setting, file, look).record
    assert (done["rows_read"], done["rows_kept"], done["rows_added"]) == (kind.read, kind.kept, kind.kept)
    assert (done["rejects_file"] is not None) == (kind.kept < kind.read)


def test_a_file_that_says_nothing_of_its_layer_is_a_guess_and_a_person_decides(folder: Path) -> None:
    desk = Desk()
    desk.receive([Upload("1", "a.csv", "甲,乙\n1,2\n".encode)])
    file, setting = desk.files[0], setting_of(folder)
    assert UNSURE.zh in desk.proposal(setting, file).why.zh
    desk.choose(file, "households")
    assert desk.spec(setting, file) == CATALOG["households"]
    desk.receive([Upload("2", "图.dwg", files.dwg_file)])
    assert desk.spec(setting, desk.files[0]) == CATALOG["issues"]
