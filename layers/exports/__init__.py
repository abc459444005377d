"""Getting data out again: any layer or result as a file that other programs and people read."""

from layers.exports.cells import protected, unprotected
from layers.exports.export import SUFFIXES, export_layer, export_table
from layers.exports.faults import FAULTS
from layers.exports.outgoing import Exported, Told

__all__ = ["FAULTS", "SUFFIXES", "Exported", "Told", "export_layer", "export_table", "protected", "unprotected"]
