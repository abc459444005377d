"""Several ways to rank the same units side by side, and how firm the ranking of the house is."""

from reports.rivals.by_method import ranked_by
from reports.rivals.certificate import Certificate, certificate
from reports.rivals.contest import Contest, contest_of
from reports.rivals.methods import Rivals, methods, rivals

__all__ = ["Certificate", "Contest", "Rivals", "certificate", "contest_of", "methods", "ranked_by", "rivals"]
