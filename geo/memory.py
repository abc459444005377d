"""Python's search for cycles, put off while many objects are made that cannot be part of one."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collection_put_off() -> Iterator[None]:
    """Keep Python from looking for unreachable cycles inside a block.

    Every some hundred new objects Python walks through all young ones, every some ten thousand
    through all there are. A hundred thousand geometries set it off a hundred times and none can be
    part of a cycle: decoding them takes three times as long as it needs. What the block leaves
    behind is found by the next search after it.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
