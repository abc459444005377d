"""Rankings by many criteria: weights, weighted sum, TOPSIS, VIKOR, PROMETHEE II, and whether they agree.

The package hands on the weighted sum; the other methods are taken from their modules or from ``geo``.
"""

from geo.mcda.weighted import (
    Normalisation,
    Notice,
    Parts,
    Utilities,
    normalised_weights,
    ranks_min,
    utilities,
    weighted_parts,
)

__all__ = [
    "Normalisation",
    "Notice",
    "Parts",
    "Utilities",
    "normalised_weights",
    "ranks_min",
    "utilities",
    "weighted_parts",
]
