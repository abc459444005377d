"""How sure a rank is: under other weights, drawn or all of them, without one criterion, with doubtful data."""

from geo.robust.draws import HIGH, LOW, drawn_weights, rank_acceptability, rank_draws, rank_summary, ranks_under

__all__ = ["HIGH", "LOW", "drawn_weights", "rank_acceptability", "rank_draws", "rank_summary", "ranks_under"]
