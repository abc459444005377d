"""How ready a grid is for works: consent, funds, other works under way, management; beside need, never mixed into it."""

from reports.readiness.conditions import CONDITIONS, Readiness, readiness, ready
from reports.readiness.matrix import QUADRANTS, Matrix, need_and_readiness

__all__ = ["CONDITIONS", "QUADRANTS", "Matrix", "Readiness", "need_and_readiness", "readiness", "ready"]
