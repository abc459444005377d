"""Minutes of walking and metres of way, at a pace that is told."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

_SECONDS = 60.0


def metres_of(minutes: ArrayLike, pace_m_per_s: float) -> NDArray[np.float64]:
    """Give the metres that are walked in some minutes.

    Raises:
        ValueError: a pace that is not positive.
    """
    return np.asarray(np.asarray(minutes, dtype=float) * _SECONDS * _checked(pace_m_per_s))


def minutes_of(distance_m: ArrayLike, pace_m_per_s: float) -> NDArray[np.float64]:
    """Give the minutes that some metres take; what is infinite or unknown stays so.

    Raises:
        ValueError: a pace that is not positive.
    """
    return np.asarray(np.asarray(distance_m, dtype=float) / (_SECONDS * _checked(pace_m_per_s)))


def _checked(pace_m_per_s: float) -> float:
    if not pace_m_per_s > 0 or not np.isfinite(pace_m_per_s):
        msg = f"a pace is more than 0 metres a second, not {pace_m_per_s}"
        raise ValueError(msg)
    return pace_m_per_s
