"""Which function computes which indicator of ``data/standards/indicators.csv``.

An indicator without an entry is said to be unavailable, with what its row says is needed.
"""

from collections.abc import Callable, Mapping

from reports.health import facilities, fire_check, lamps, parking, parks, roads, stock, toilets, voices, works, world
from reports.health.check import Check
from reports.health.finding import Outcome

Compute = Callable[[Check], Outcome]

COMPUTED: Mapping[str, Compute] = {
    **facilities.COMPUTED,
    **toilets.COMPUTED,
    **parks.COMPUTED,
    **parking.COMPUTED,
    **roads.COMPUTED,
    **fire_check.COMPUTED,
    **lamps.COMPUTED,
    **stock.COMPUTED,
    **voices.COMPUTED,
    **works.COMPUTED,
    **world.COMPUTED,
}
