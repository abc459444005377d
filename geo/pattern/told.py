"""What a result tells of how it was made: method, parameters, conventions, seed, doubts."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from geo.text import Text

Meta = Mapping[str, object]
"""``method``, ``source``, ``parameters``, ``conventions`` (texts), ``seed`` (None: no chance in it), ``warnings``."""


def told(
    method: str,
    *,
    source: str,
    conventions: Iterable[Text] = (),
    seed: int | None = None,
    warnings: Iterable[Text | None] = (),
    **parameters: object,
) -> Meta:
    """Put together what a result tells; warnings that are None are left out."""
    return MappingProxyType(
        {
            "method": method,
            "source": source,
            "parameters": MappingProxyType(parameters),
            "conventions": tuple(conventions),
            "seed": seed,
            "warnings": tuple(one for one in warnings if one is not None),
        }
    )
