"""What a look at a file needs and what it finds: everything that taking it in would do, before anything is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from geo.errors import DataError, Problem
from geo.memory import collection_put_off
from geo.text import Text, counted
from layers.catalog import ISSUES, LayerSpec
from layers.intake.damage import require_as_written
from layers.intake.faults import fault
from layers.intake.mapping.proposal import ColumnMap, Settings
from layers.intake.meaning import Meant
from layers.intake.merging import PLACE_SOURCE, Merge
from layers.intake.places.gazetteer import Gazetteer, gazetteer
from layers.intake.source import LostRow, Source
from layers.intake.whereabouts import Answers, Located
from layers.manifest import Manifest, read_manifest
from layers.reading import LAYERS_FILE, read_tables


@dataclass(frozen=True)
class Wishes:
    """What the user says of a file: the layer, and whatever the file does not say itself.

    ``columns`` are edited mappings, each for the tables with its headings (others: remembered, else proposed),
    ``part`` the sheet or layer to take (None: all that fit), ``options`` go to the reader ("encoding", "separator",
    "sheet", "unit"). ``mend``: outlines that cross themselves may be repaired. ``points`` are places set by hand in
    metres of the workspace, by table and row of the file, for rows that have none.
    """

    layer: LayerSpec
    columns: tuple[ColumnMap, ...] = ()
    answers: Answers = field(default_factory=Answers)
    settings: Settings = field(default_factory=Settings)
    part: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    mend: bool = False
    points: Mapping[tuple[str, int], tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Setting:
    """The workspace that a file comes to: its folder, manifest and layers so far."""

    folder: Path
    manifest: Manifest
    tables: Mapping[str, pd.DataFrame]

    @cached_property
    def places(self) -> Gazetteer:
        """Names of the workspace, for addresses."""
        issues = self.tables.get(ISSUES.key)
        by_address: Sequence[str] = ()
        if issues is not None and PLACE_SOURCE in issues:
            by_address = tuple(issues.index[issues[PLACE_SOURCE] == "address"])
        return gazetteer(self.tables, unlearnt=by_address, folder=self.folder)


@collection_put_off()
def setting_of(folder: Path) -> Setting:
    """Read the workspace that files are to come to.

    Raises:
        ManifestError: no or a wrong ``workspace.toml``.
        DataError: its layers are damaged, or have faults, which have to be mended first.
    """
    manifest = read_manifest(folder)
    require_as_written(folder)
    tables, problems = read_tables(folder, manifest)
    bad = [one for one in problems if one.severity in {"error", "row"}]
    if bad:
        raise DataError(
            [
                fault(
                    "workspace_faulty",
                    LAYERS_FILE,
                    found=Text(f"{len(bad)} 个错误", counted(len(bad), "error", "errors")),
                ),
                *bad,
            ]
        )
    return Setting(folder, manifest, tables)


@dataclass(frozen=True)
class Part:
    """One table of a file with what became of it."""

    source: Source
    columns: ColumnMap
    meant: Meant
    located: Located
    lost: tuple[LostRow, ...]
    private: pd.DataFrame

    @property
    def rows_read(self) -> int:
        """Rows of data in the file, those that could not be read too."""
        return len(self.source.cells) + len(self.source.lost)


@dataclass(frozen=True)
class Look:
    """What taking a file in would do.

    ``table``: the rows that would be stored, by id, in the workspace CRS. ``merge``: what they would do to the layer,
    None while something has to be asked. ``questions`` must be answered first; ``problems`` are told.
    """

    file: str
    wishes: Wishes
    parts: tuple[Part, ...]
    table: pd.DataFrame
    merge: Merge | None
    questions: tuple[Problem, ...]
    problems: tuple[Problem, ...]

    @property
    def is_new(self) -> bool:
        """Tell whether the layer would change at all."""
        return self.merge is not None and bool(self.merge.added or self.merge.updated)

    @property
    def rows_read(self) -> int:
        """Rows of data in the file."""
        return sum(part.rows_read for part in self.parts)

    @property
    def rows_rejected(self) -> int:
        """Rows that cannot be taken in."""
        return sum(len(part.lost) for part in self.parts)

    @property
    def rows_kept(self) -> int:
        """Rows that are taken in; exact repeats among them count once in the layer."""
        return self.rows_read - self.rows_rejected
