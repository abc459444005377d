"""Which function computes which indicator of ``data/standards/indicators.csv``.

An indicator without an entry is said to be unavailable, with what its row says is needed.
"""

from collections.abc import Callable, Mapping

from reports.health import facilities, parks, toilets, world
from reports.health.check import Check
from reports.health.finding import Outcome

Compute = Callable[[Check], Outcome]

COMPUTED: Mapping[str, Compute] = {
    **facilities.COMPUTED,
    **toilets.COMPUTED,
    **parks.COMPUTED,
    **world.COMPUTED,
}
