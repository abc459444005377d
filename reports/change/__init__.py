"""What changed between two days or two states: the ledger, any layer, any measure of the grids."""

from reports.change.layer import LayerChange, layer_change
from reports.change.ledger import LedgerChange, ledger_change
from reports.change.states import State, states

__all__ = ["LayerChange", "LedgerChange", "State", "layer_change", "ledger_change", "states"]
