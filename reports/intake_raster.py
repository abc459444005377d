"""A raster on its way in, for a page: a small picture, what is known of it, what stands in the way."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geo.raster.head import MARKS
from geo.text import Text
from layers.intake.rasters.facts import facts_of
from layers.intake.rasters.look import RasterLook

_LIGHT, _DARK = np.array([247, 251, 255]), np.array([8, 48, 107])
_SHARES = (2, 98)  # per cent of the values between which the colours run, so that strays do not flatten the rest


def is_raster(path: Path) -> bool:
    """Tell by its first bytes whether a file is a TIFF."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4).startswith(MARKS)


def picture(look: RasterLook) -> NDArray[np.uint8] | None:
    """Draw a raster from light (low) to dark (high); cells without a value are clear.

    Returns:
        Red, green, blue and opacity, shape (rows, columns, 4), at most 256 cells along a side; None without cells.
    """
    if look.survey is None or not look.survey.known:
        return None
    values = look.survey.picture
    known = np.isfinite(values)
    drawn = np.zeros((*values.shape, 4), dtype=np.uint8)
    if not known.any():
        return drawn
    low, high = np.percentile(values[known], _SHARES)
    share = np.clip((values[known] - low) / ((high - low) or 1.0), 0, 1)[:, None]
    drawn[known, :3] = np.round(_LIGHT + (_DARK - _LIGHT) * share)
    drawn[known, 3] = 255
    return drawn


def fact_lines(look: RasterLook, lang: str) -> list[str]:
    """Give what was found out of a raster, a line each."""
    words = Text("{title}：{value}", "{title}: {value}")
    return [words.format(title=one.title, value=one.value).in_(lang) for one in facts_of(look)]


def blocked(look: RasterLook) -> Text | None:
    """Say why a raster cannot be taken in yet, None if it can."""
    if look.questions:
        return Text("请先解决上面的问题。", "Settle the questions above first.")
    if not look.is_new:
        return Text("与已有的栅格完全相同，无需再入库。", "The workspace has this very raster already.")
    return None
