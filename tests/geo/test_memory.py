"""The search for cycles is put off, and put back as it was."""

import gc

import pytest

from geo.memory import collection_put_off


def test_collection_comes_back_as_it_was() -> None:
    assert gc.isenabled()
    with collection_put_off():
        assert not gc.isenabled()
        with collection_put_off():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_collection_comes_back_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), collection_put_off():
        1 / 0  # noqa: B018 (the error is the point)
    assert gc.isenabled()
