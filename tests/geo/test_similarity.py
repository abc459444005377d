import copy
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import geo
from geo.similarity import ControlPoint, Similarity


def points(turn: float, scale: float, dx: float, dy: float, number: int) -> np.ndarray:
    rng = np.random.default_rng(number)
    x, y = rng.uniform(0, 5_000, number), rng.uniform(0, 5_000, number)
    plane = complex(dx, dy) + scale * np.exp(1j * turn) * (x + 1j * y)
    return np.column_stack([x, y, plane.real, plane.imag])


@settings(deadline=None)
@given(st.floats(-3, 3), st.floats(0.9, 1.1), st.floats(-1e6, 1e6), st.floats(-1e6, 4e6), st.integers(2, 9))
def test_exact_points_give_exact_places(turn: float, scale: float, dx: float, dy: float, number: int) -> None:
    fit = Similarity.of_points(points(turn, scale, dx, dy, number))
    plane = complex(dx, dy) + scale * np.exp(1j * turn) * complex(1_234, -567)
    east, north = fit.apply([1_234.0, np.nan], [-567.0, 1.0])
    assert (east[0], north[0]) == pytest.approx((plane.real, plane.imag), abs=1e-4)
    assert np.isnan(east[1])
    assert fit.undo(east[:1], north[:1])[0][0] == pytest.approx(1_234, abs=1e-4)
    assert fit.residuals_m.max() < 1e-4
    assert np.isnan(fit.rms_m) == (number == 2)
    assert not fit.is_stretched or abs(scale - 1) > 0.0099


def test_a_wrong_point_shows_in_the_residuals() -> None:
    table = points(0.3, 1.0, 5e5, 3e6, 6)
    table[4, 2] += 40
    fit = Similarity.of_points(table)
    assert fit.residuals_m.argmax() == 4
    assert fit.rms_m > 5


def test_parameters_give_the_same_as_points() -> None:
    fit = Similarity.of_parameters(500_000, 3_000_000, 0.01, 1.0001)
    east, north = fit.apply([100.0], [200.0])
    again = Similarity.of_points(points(0.01, 1.0001, 500_000, 3_000_000, 4)).apply([100.0], [200.0])
    assert (east[0], north[0]) == pytest.approx((again[0][0], again[1][0]), abs=1e-5)


def test_millimetres_are_noticed() -> None:
    assert Similarity.of_points(points(0, 0.001, 0, 0, 3)).is_stretched


def test_the_parameters_show_nowhere_and_are_not_stored() -> None:
    fit = Similarity.of_points(points(0.123456, 1.0004, 512_345.678, 3_098_765.432, 4))
    for words in (repr(fit), str(fit), f"{fit}", repr({"fit": fit})):
        assert not any(secret in words for secret in ("123", "0004", "512", "3098", "765"))
    with pytest.raises(TypeError, match="not stored"):
        pickle.dumps(fit)
    with pytest.raises(TypeError, match="not stored"):
        copy.deepcopy(fit)
    assert not hasattr(fit, "__dict__")


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ([], "only 0"),
        ([(1, 2, 3, 4)], "only 1"),
        ([(1, 2, 3, 4), (1, 2, 5_000, 6_000)], "文件坐标都在同一处"),
        ([(1, 2, 3, 4), (900, 2, 3, 4)], "known coordinates"),
        ([(1, 2, 3, 4), (900, np.nan, 3, 4)], "four numbers"),
        ([(1, 2, 3), (900, 5, 3)], "four numbers"),
    ],
)
def test_points_that_do_not_do_are_refused(table: list[ControlPoint], words: str) -> None:
    with pytest.raises(geo.CrsError, match=words):
        Similarity.of_points(table)


def test_a_scale_must_be_above_zero() -> None:
    with pytest.raises(geo.CrsError, match="above zero"):
        Similarity.of_parameters(1, 2, 0.1, 0)
    with pytest.raises(geo.CrsError, match="four numbers"):
        Similarity.of_parameters(np.inf, 2, 0.1, 1)
