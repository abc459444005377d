"""One colour for each criterion, the same in every chart and report, whatever its weight."""

from collections.abc import Mapping
from types import MappingProxyType

from reports.criteria import MEASURES

COLOURS = (
    "#0b5394", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#6b4c9a",
    "#8c564b", "#7a9a01", "#50595f", "#b8a37e", "#882255", "#f0e442",
)  # fmt: skip
"""Okabe and Ito's colours among them: those stay apart for colour-blind readers."""

CRITERION_COLOURS: Mapping[str, str] = MappingProxyType(dict(zip(MEASURES, COLOURS, strict=True)))
"""Colour by key of the measure."""
