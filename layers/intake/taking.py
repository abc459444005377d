"""Taking in what was looked at: one transaction, with a copy of the rejected rows and a record of what happened."""

from collections.abc import Mapping
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
from layers.intake.rejects.copy import write_rejects
from layers.intake.stored import require_opening
from layers.intake.verdicts import private_path
from layers.reading import LAYERS_FILE


def take_in(folder: Path, look: Look, original: Path | None = None) -> Intake:
    """Store what was looked at, as a whole or not at all.

    Args:
        folder: the workspace.
        look: see ``layers.intake.looking.look``.
        original: the user's file, for a copy with the rejected rows; None for none.

    Raises:
        DataError: a question is open, there is nothing to store, or another intake is under way.
    """
    if look.questions:
        raise DataError(look.questions)
    if look.merge is None:
        raise DataError(
            [fault("nothing_kept", look.file, found=Text(f"{look.rows_read:,} 行", f"{look.rows_read:,} rows"))]
        )
    spec = look.wishes.layer
    with next_intake(folder) as home:
        layers = home / LAYERS_FILE
        old = folder / LAYERS_FILE
        table = look.merge.table.drop(columns=list(MEASURED), errors="ignore")
        same = write_layers(layers, {spec.key: table}, base=old if old.is_file() else None, again=True)
        rejects = _rejects(look, original, home)
        require_opening(folder, home, spec, table, same=same)
        _keep_private(look, home)
        record = {**answer(look), "rejects_file": rejects.name if rejects else None}
        done = commit(folder, home, layers, record)
    _remember(folder, look)
    return done


def _rejects(look: Look, original: Path | None, home: Path) -> Path | None:
    if original is None or not look.rows_rejected:
        return None
    return write_rejects(
        original, [p.source for p in look.parts], [p.lost for p in look.parts], home / f"rejected{original.suffix}"
    )


def _keep_private(look: Look, home: Path) -> None:
    """Keep names and phones by file and row in the folder of the intake, readable for its owner only."""
    tables = [
        part.private.assign(file=look.file, row=part.source.rows) for part in look.parts if not part.private.empty
    ]
    if not tables:
        return
    path = private_path(home, look.wishes.layer.key)
    with whole_file(path) as partial:
        partial.touch(mode=0o600)
        pd.concat(tables).to_csv(partial, index=False, encoding="utf-8-sig")


def _remember(folder: Path, look: Look) -> None:
    for part in look.parts:
        path = map_path(folder, part.columns)
        with whole_file(path) as partial:
            partial.write_text(to_toml(part.columns), encoding="utf-8")


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
