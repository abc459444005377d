"""Local coordinates tied to the map by control points: shift, turn and scale (Helmert in the plane).

The parameters of a city's local system are confidential in many countries, and a state secret in China:
a ``Similarity`` shows them in no message, cannot be copied into a file, and is made anew for every import.
"""

from typing import NamedTuple, NoReturn, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import CrsError
from geo.text import Text

FEWEST = 2
"""Control points needed; with three or more the residuals show mistakes."""
_SAME_PLACE = 1e-8  # of the extent of the coordinates: nearer than that, two control points are one
_SCALE_LIMIT = 0.01  # a plane system in metres is stretched by less


class ControlPoint(NamedTuple):
    """A place known in both systems: as it stands in the file, and in the workspace CRS, metres."""

    x: float
    y: float
    east_m: float
    north_m: float


class Similarity:
    """A shift, turn and scale from one plane to another, from control points or from four parameters.

    ``residuals_m``: distance of each control point from where the fit puts it, metres; ``rms_m`` their root
    mean square, NaN with two points, which always fit. ``repr`` and ``str`` keep the parameters to themselves.
    """

    __slots__ = ("_factor", "_from", "_to", "residuals_m")

    residuals_m: NDArray[np.float64]

    def __init__(self, factor: complex, origin: complex, target: complex, residuals_m: NDArray[np.float64]) -> None:
        self._factor, self._from, self._to = factor, origin, target
        self.residuals_m = residuals_m

    @classmethod
    def of_points(cls, points: ArrayLike) -> Self:
        """Fit to control points by least squares.

        Args:
            points: rows of ``ControlPoint`` (x, y in the file, east_m, north_m), at least two.

        Raises:
            CrsError: fewer than two, not finite, or all in one place.
        """
        table = np.asarray(points, dtype=float)
        if table.size == 0:
            table = table.reshape(0, 4)
        if len(table) < FEWEST:
            raise CrsError(
                Text(
                    f"只有 {len(table)} 个控制点，至少需要 {FEWEST} 个（三个以上才能检查错误）",
                    f"only {len(table)} control points, at least {FEWEST} are needed (three or more to show mistakes)",
                )
            )
        _require_numbers(table)
        source, target = table[:, 0] + 1j * table[:, 1], table[:, 2] + 1j * table[:, 3]
        _require_spread(source, Text("文件坐标", "coordinates of the file"))
        _require_spread(target, Text("已知坐标", "known coordinates"))
        origin, centre = complex(source.mean()), complex(target.mean())
        factor = complex(np.vdot(source - origin, target - centre) / np.vdot(source - origin, source - origin))
        residuals = np.abs(centre + factor * (source - origin) - target)
        return cls(factor, origin, centre, np.asarray(residuals, dtype=float))

    @classmethod
    def of_parameters(cls, dx_m: float, dy_m: float, turn_rad: float, scale: float) -> Self:
        """Take the four parameters: east = dx + scale (x cos - y sin), north = dy + scale (x sin + y cos).

        Raises:
            CrsError: not finite, or a scale of zero or below.
        """
        values = np.array([[dx_m, dy_m, turn_rad, scale]], dtype=float)
        _require_numbers(values)
        if scale <= 0:
            raise CrsError(Text("比例必须大于 0", "the scale must be above zero"))
        return cls(complex(scale * np.exp(1j * turn_rad)), 0j, complex(dx_m, dy_m), np.array([], dtype=float))

    def apply(self, x: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Turn coordinates of the file into metres of the workspace; NaN stays NaN."""
        return _parts(self._to + self._factor * (_plane(x, y) - self._from))

    def undo(self, east_m: ArrayLike, north_m: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Turn metres of the workspace back into coordinates of the file."""
        return _parts(self._from + (_plane(east_m, north_m) - self._to) / self._factor)

    @property
    def rms_m(self) -> float:
        """Root mean square of the residuals, metres; NaN if there is nothing to check with."""
        if len(self.residuals_m) <= FEWEST:
            return float("nan")
        return float(np.sqrt(np.mean(self.residuals_m**2)))

    @property
    def is_stretched(self) -> bool:
        """Tell whether it scales by more than one in a hundred: other units, or wrong control points."""
        return abs(abs(self._factor) - 1) > _SCALE_LIMIT

    def __repr__(self) -> str:
        """Say what it is, without the parameters."""
        return f"<Similarity of {len(self.residuals_m)} control points, parameters not shown>"

    def __reduce_ex__(self, _protocol: object) -> NoReturn:
        """Refuse to be pickled or copied, and so to be stored in a cache or sent to another process."""
        msg = "the parameters of a local coordinate system are not stored"
        raise TypeError(msg)


def _plane(x: ArrayLike, y: ArrayLike) -> NDArray[np.complex128]:
    return np.asarray(np.asarray(x, dtype=float) + 1j * np.asarray(y, dtype=float), dtype=np.complex128)


def _parts(plane: NDArray[np.complex128]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return plane.real.copy(), plane.imag.copy()


def _require_numbers(table: NDArray[np.float64]) -> None:
    if table.ndim != 2 or table.shape[1] != 4 or not np.isfinite(table).all():  # noqa: PLR2004 (four numbers)
        raise CrsError(
            Text(
                "控制点每行须有四个数：文件中的两个坐标和已知的东、北坐标",
                "each control point needs four numbers: two of the file, and the known easting and northing",
            )
        )


def _require_spread(plane: NDArray[np.complex128], what: Text) -> None:
    """Refuse points that lie so close together that a turn cannot be told."""
    spread = float(np.abs(plane - plane.mean()).max())
    if spread <= _SAME_PLACE * max(1.0, float(np.abs(plane).max())):
        raise CrsError(
            Text(
                f"控制点的{what.zh}都在同一处，无法确定旋转；请选相距较远的点",
                f"the {what.en} of the control points are all in one place, which shows no turn; "
                "choose points far apart",
            )
        )
