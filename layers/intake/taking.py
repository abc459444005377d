"""Taking in what was looked at: one transaction, with a copy of the rejected rows and a record of what happened."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from geo.errors import DataError
from geo.files import whole_file, write_layers
from geo.text import Text
from layers.intake.faults import fault
from layers.intake.history import Intake, commit, next_intake
from layers.intake.look import Look, Part
from layers.intake.looking import map_path
from layers.intake.mapping.map_file import to_toml
from layers.intake.merging import MEASURED
from layers.intake.parcel import Parcel
from layers.intake.rejects.copy import write_rejects
from layers.intake.stored import require_opening
from layers.intake.verdicts import private_path
from layers.reading import LAYERS_FILE

Tell = Callable[[Text], None]
Ahead = Callable[[Path, Path], None]
"""Takes the folder of the workspace and the new layers that lie ready."""
WRITING = Text("正在写入图层“{layer}”的 {n} 行", "Writing the {n} rows of {layer}")
COPYING = Text("正在整理退回的 {n} 行", "Copying the rejected rows: {n}")
CHECKING = Text("正在检查图层“{layer}”的 {n} 行", "Checking the {n} rows of {layer}")


def silent(_words: Text) -> None:
    """Tell nobody."""


def take_in(folder: Path, look: Look, original: Path | None = None) -> Intake:
    """Store what was looked at, as a whole or not at all.

    Args:
        folder: the workspace.
        look: see ``layers.intake.looking.look``.
        original: the user's file, for a copy with the rejected rows; None for none.

    Raises:
        DataError: a question is open, there is nothing to store, or another intake is under way.
    """
    return store(folder, parcel_of(look), original)


def parcel_of(look: Look) -> Parcel:
    """Give what a look would store.

    Args:
        look: see ``layers.intake.looking.look``.

    Raises:
        DataError: a question is open, or there is nothing to store.
    """
    if look.questions:
        raise DataError(look.questions)
    if look.merge is None:
        raise DataError(
            [fault("nothing_kept", look.file, found=Text(f"{look.rows_read:,} 行", f"{look.rows_read:,} rows"))]
        )
    table = look.merge.table.drop(columns=list(MEASURED), errors="ignore")
    private = [
        part.private.assign(file=look.file, row=part.source.rows) for part in look.parts if not part.private.empty
    ]
    rejected = look.parts if look.rows_rejected else ()
    return Parcel(
        look.wishes.layer,
        table,
        answer(look),
        tuple(part.source for part in rejected),
        tuple(part.lost for part in rejected),
        pd.concat(private) if private else pd.DataFrame(),
        {map_path(Path(), part.columns).as_posix(): to_toml(part.columns) for part in look.parts},
    )


def store(
    folder: Path, parcel: Parcel, original: Path | None, *, tell: Tell = silent, ahead: Ahead | None = None
) -> Intake:
    """Store a parcel, as a whole or not at all.

    Args:
        folder: the workspace.
        parcel: see ``parcel_of``.
        original: the user's file, see ``take_in``.
        tell: hears what is being done.
        ahead: what is done with the folder of the intake while the new layers lie there, before they count.

    Raises:
        DataError: the layers would not open, or another intake is under way.
    """
    spec, table, rows = parcel.layer, parcel.table, f"{len(parcel.table):,}"
    with next_intake(folder) as home:
        layers = home / LAYERS_FILE
        old = folder / LAYERS_FILE
        tell(WRITING.format(n=rows, layer=spec.title))
        same = write_layers(layers, {spec.key: table}, base=old if old.is_file() else None, again=True)
        rejects = _rejects(parcel, original, home, tell)
        tell(CHECKING.format(n=rows, layer=spec.title))
        require_opening(folder, home, spec, table, same=same)
        _keep_private(parcel, home)
        if ahead is not None:
            ahead(folder, layers)
        record = {**parcel.record, "rejects_file": rejects.name if rejects else None}
        done = commit(folder, home, layers, record)
    _remember(folder, parcel)
    return done


def _rejects(parcel: Parcel, original: Path | None, home: Path, tell: Tell) -> Path | None:
    if original is None or not parcel.sources:
        return None
    tell(COPYING.format(n=f"{parcel.record['rows_rejected']:,}"))
    return write_rejects(original, parcel.sources, parcel.lost, home / f"rejected{original.suffix}")


def _keep_private(parcel: Parcel, home: Path) -> None:
    """Keep names and phones by file and row in the folder of the intake, readable for its owner only."""
    if parcel.private.empty:
        return
    path = private_path(home, parcel.layer.key)
    with whole_file(path) as partial:
        partial.touch(mode=0o600)
        parcel.private.to_csv(partial, index=False, encoding="utf-8-sig")


def _remember(folder: Path, parcel: Parcel) -> None:
    for place, words in parcel.maps.items():
        with whole_file(folder / place) as partial:
            partial.write_text(words, encoding="utf-8")


def answer(look: Look) -> dict[str, Any]:
    """Give what an intake found and does, ready for JSON."""
    merge = look.merge
    verdicts = [part.located.verdict for part in look.parts if part.located.verdict is not None]
    return {
        "layer": look.wishes.layer.key,
        "file": look.file,
        "rows_read": look.rows_read,
        "rows_kept": look.rows_kept,
        "rows_rejected": look.rows_rejected,
        "rows_added": len(merge.added) if merge else 0,
        "rows_updated": len(merge.updated) if merge else 0,
        "rows_unchanged": len(merge.unchanged) if merge else 0,
        "crs": {
            "declared": next((p.source.crs for p in look.parts if p.source.crs), None),
            "used": next((v.chosen.crs for v in verdicts if v.chosen), None),
            "evidence": [words._asdict() for v in verdicts for words in v.evidence],
        },
        "datum": {
            "used": next((v.datum_origin for v in verdicts if v.datum_origin), None),
            "shares": {key: share for v in reversed(verdicts) for key, share in v.inside.items()},
        },
        "columns": {heading: target for part in look.parts for heading, target in part.columns.columns.items()},
        "rejected": [_lost(one, part) for part in look.parts for one in part.lost],
        "problems": [_problem(one) for one in (*look.questions, *look.problems)],
    }


def _lost(one: Any, part: Part) -> Mapping[str, Any]:  # noqa: ANN401 (a LostRow)
    return {
        "part": part.source.part,
        "row": one.row,
        "code": one.code,
        "column": one.column,
        "found": one.found._asdict(),
        "remedy": one.remedy._asdict(),
    }


def _problem(one: Any) -> Mapping[str, Any]:  # noqa: ANN401 (a Problem)
    words = {name: getattr(one, name)._asdict() for name in ("found", "expected", "remedy")}
    return {"code": one.code, "severity": one.severity, "row": one.row, "column": one.column, **words}
