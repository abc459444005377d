"""Where to build: candidate sites, the models that choose among them, who gains, and where bays of parking fit."""

from reports.siting.candidates import GROUNDS, Candidates, candidates
from reports.siting.gains import gainers, grid_gains, uncoverable
from reports.siting.models import MODELS
from reports.siting.siting import Siting, site

__all__ = [
    "GROUNDS",
    "MODELS",
    "Candidates",
    "Siting",
    "candidates",
    "gainers",
    "grid_gains",
    "site",
    "uncoverable",
]
