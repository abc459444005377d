"""Which function computes which indicator of ``data/standards/indicators.csv``.

An indicator without an entry is said to be unavailable, with what its row says is needed.
"""

from collections.abc import Callable, Mapping

from reports.health.check import Check
from reports.health.finding import Outcome

Compute = Callable[[Check], Outcome]

COMPUTED: Mapping[str, Compute] = {
    # one line for each module: **MODULE.COMPUTED,
}
