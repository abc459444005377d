"""Writes the pages that follow from the code: measures, data dictionary, problems, commands.

``python -m docs.generate`` writes them; with ``--check`` it names the pages that are out of date and ends with 1.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from data.huolong.build import build
from docs.making import commands, dictionary, measures, problems

FOLDER = Path(__file__).resolve().parent


def pages(huolong: Path) -> dict[str, str]:
    """Give the text of every generated page by its file name.

    Args:
        huolong: folder of the bundled synthetic workspace, in which the examples of the commands run.
    """
    return {
        "commands.md": commands.page(huolong),
        "data-dictionary.md": dictionary.page(),
        "measures.md": measures.page(),
        "problems.md": problems.page(),
    }


def outdated(huolong: Path) -> list[str]:
    """Name the pages whose committed text is not what the code says now."""
    return [name for name, text in pages(huolong).items() if _committed(name) != text]


def _committed(name: str) -> str | None:
    path = FOLDER / name
    return path.read_text(encoding="utf-8") if path.is_file() else None


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or check them."""
    with tempfile.TemporaryDirectory() as home:
        huolong = Path(home) / "huolong"
        build(huolong)
        if "--check" in arguments:
            wrong = outdated(huolong)
            sys.stdout.write("".join(f"docs/{name} is out of date: run python -m docs.generate\n" for name in wrong))
            return 1 if wrong else 0
        for name, text in pages(huolong).items():
            (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
