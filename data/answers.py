"""Answers that may be missing: unknown is neither yes nor no."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike


def answered(*, yes: ArrayLike | None = None, no: ArrayLike | None = None) -> pd.arrays.BooleanArray:
    """Give true where ``yes``, false where ``no`` (which wins over yes), null elsewhere.

    Args:
        yes: truth values, shape (n,); None stands for nowhere.
        no: truth values, shape (n,); None stands for nowhere.
    """
    first, second = (None if one is None else np.asarray(one, dtype=bool) for one in (yes, no))
    size = len(first) if first is not None else len(second) if second is not None else 0
    said = np.zeros(size, dtype=bool) if first is None else first
    denied = np.zeros(size, dtype=bool) if second is None else second
    return pd.arrays.BooleanArray(said & ~denied, ~(said | denied))
