"""Mechanism: coordinates, joins, distances, statistics, choice. Knows no toilet.

Functions on numpy arrays and geometries in metres, without a word of policy. Importing it keeps
GDAL from opening anything but the allowed formats (``geo.drivers``), and loads nothing else: the
public names (``geo.names``) come when the first of them is asked for, so that what needs words
only, such as ``guatu --help``, need not wait for numpy and its kin.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

import geo.drivers as _drivers  # noqa: F401 (first: locks GDAL down before anything opens a file)

if TYPE_CHECKING:
    from geo.names import *  # noqa: F403 (exactly the names of its __all__)
else:

    def __getattr__(name: str) -> object:
        """Give a public name, and with the first one load them all; modules (``from geo import crs``) come alone."""
        if name == "__all__" or not (name.startswith("_") or find_spec(f"geo.{name}")):
            names = import_module("geo.names")
            if name == "__all__" or name in names.__all__:
                return getattr(names, name)
        msg = f"module 'geo' has no attribute {name!r}"
        raise AttributeError(msg)

    def __dir__() -> list[str]:
        """List the public names, for completion in notebooks."""
        return sorted({*globals(), *import_module("geo.names").__all__})
