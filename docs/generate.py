"""Writes the pages that follow from the code: measures, health check, data dictionary, problems, commands.

``python -m docs.generate`` writes them; with ``--check`` it names the pages that are out of date and ends with 1.
"""

import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from data.boston.build import build as build_boston
from data.cambridge.build import build as build_cambridge
from data.huolong.build import build as build_huolong
from data.wanxiu.build import build as build_wanxiu
from docs.making import commands, dictionary, health, measures, problems

FOLDER = Path(__file__).resolve().parent
BUILDERS = {"huolong": build_huolong, "boston": build_boston, "cambridge": build_cambridge, "wanxiu": build_wanxiu}


def pages(folders: Mapping[str, Path]) -> dict[str, str]:
    """Give the text of every generated page by its file name.

    Args:
        folders: of the bundled workspaces by name; the examples of the commands run in the synthetic ones.
    """
    return {
        "commands.md": commands.page(folders["huolong"], folders["wanxiu"]),
        "data-dictionary.md": dictionary.page(),
        "health-check.md": health.page(folders),
        "measures.md": measures.page(),
        "problems.md": problems.page(),
    }


def outdated(folders: Mapping[str, Path]) -> list[str]:
    """Name the pages whose committed text is not what the code says now."""
    return [name for name, text in pages(folders).items() if _committed(name) != text]


def _committed(name: str) -> str | None:
    path = FOLDER / name
    return path.read_text(encoding="utf-8") if path.is_file() else None


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or check them."""
    with tempfile.TemporaryDirectory() as home:
        folders = {name: Path(home) / name for name in BUILDERS}
        for name, build in BUILDERS.items():
            build(folders[name])
        if "--check" in arguments:
            wrong = outdated(folders)
            sys.stdout.write("".join(f"docs/{name} is out of date: run python -m docs.generate\n" for name in wrong))
            return 1 if wrong else 0
        for name, text in pages(folders).items():
            (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
