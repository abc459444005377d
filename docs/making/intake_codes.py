"""The faults of files and photos that come in and of what goes out: each module of these packages lists its own."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import NamedTuple

import layers.exports
import layers.intake
import layers.photos
from geo.angle_pairs import PAIR_FAULTS
from geo.angles import ANGLE_FAULTS
from geo.coordinate_faults import ROW_FAULTS
from geo.text import Text

CORRECT = Text("改正该单元格后重新入库", "correct the cell and take the file in again")


class IntakeFault(NamedTuple):
    """A kind of fault, and the module that lists it."""

    severity: str
    expected: Text
    remedy: Text
    module: str


def intake_faults() -> dict[str, IntakeFault]:
    """Give every kind of fault of intake, exports and photos by its code."""
    found = dict(_listed())
    found |= {code: IntakeFault("warning", *words, "geo/coordinate_faults.py") for code, words in ROW_FAULTS.items()}
    angles = (("geo/angles.py", ANGLE_FAULTS), ("geo/angle_pairs.py", PAIR_FAULTS))
    for module, faults in angles:
        found |= {code: IntakeFault("warning", words, CORRECT, module) for code, words in faults.items()}
    return dict(sorted(found.items()))


def _listed() -> Iterator[tuple[str, IntakeFault]]:
    for package in (layers.intake, layers.exports, layers.photos):
        for info in walk_packages(package.__path__, f"{package.__name__}."):
            module = import_module(info.name)
            if "FAULTS" not in getattr(module, "__annotations__", {}):  # others only use the list of their package
                continue
            path = f"{info.name.replace('.', '/')}.py"
            for code, fault in module.FAULTS.items():
                yield code, IntakeFault(fault.severity, fault.expected, fault.remedy, path)
