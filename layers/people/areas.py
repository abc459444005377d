"""The tree of grids as areas of responsibility: what lies under what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import pandas as pd

from geo.text import Text
from layers.schema import Grids

EVERYWHERE = Text("整个工作区", "the whole workspace")
NOWHERE = Text("未落入任何网格的位置", "a place that lies in no grid")


@dataclass(frozen=True)
class Areas:
    """Grids by id: the parent of each (None at the top) and its name."""

    parents: Mapping[str, str | None]
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def above(self, grid_id: str | None) -> tuple[str, ...]:
        """Give a grid and all that it lies in, the nearest first; nothing for None.

        A grid that is not in the tree stands alone, and grids whose parents run in a ring have nothing above them:
        a faulty tree takes rights away and never gives any.
        """
        found: list[str] = []
        one = grid_id
        while one is not None:
            if one in found:
                return (found[0],)
            found.append(one)
            one = self.parents.get(one)
        return tuple(found)

    def words(self, grid_id: str | None) -> Text:
        """Name a grid by its name, else by its id; None is the whole workspace."""
        return EVERYWHERE if grid_id is None else Text.same(self.names.get(grid_id, grid_id))


def areas(grids: pd.DataFrame) -> Areas:
    """Make the tree of a table of grids of all levels.

    Args:
        grids: indexed by grid id, with ``parent_id`` (null at the top) and, if there, ``name``.
    """
    ids = [str(one) for one in grids.index]
    parents = [None if pd.isna(one) else str(one) for one in grids[Grids.parent_id]]
    names = [str(one) for one in grids[Grids.name]] if Grids.name in grids else ids
    return Areas(
        MappingProxyType(dict(zip(ids, parents, strict=True))), MappingProxyType(dict(zip(ids, names, strict=True)))
    )
