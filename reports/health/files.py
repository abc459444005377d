"""A health check as files: a workbook or CSV with every finding, and JSON."""

import json
import tempfile
from pathlib import Path

from geo.text import Text
from layers.exports import export_table
from reports.health.answers import health_answer
from reports.health.examination import Health
from reports.health.tables import long_table

TITLE = Text("体检结果", "Health check")


def health_file(health: Health, ending: str, lang: str) -> bytes:
    """Write every finding as ".xlsx", ".csv" or ".json".

    Raises:
        DataError: another ending.
    """
    if ending == ".json":
        return json.dumps(health_answer(health), ensure_ascii=False, indent=1).encode()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"health{ending}"
        done = export_table(long_table(health, lang), path, title=TITLE, lang=lang)
        return done.paths[0].read_bytes()
