from pathlib import Path

import pytest

import data

HOME = Path(str(data.__file__)).parent
README = (HOME / "README.md").read_text(encoding="utf-8")
SOURCES = sorted(path for city in ("boston", "cambridge") for path in (HOME / city / "source").iterdir())


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.parent.name}/{path.name}")
def test_every_committed_file_is_named_with_its_origin(path: Path) -> None:
    assert f"`{path.relative_to(HOME).as_posix()}`" in README


def test_no_file_is_named_that_is_not_there() -> None:
    cells = [line.split("`")[1] for line in README.splitlines() if line.startswith("| `") and "/source/" in line]
    assert sorted(cells) == [path.relative_to(HOME).as_posix() for path in SOURCES]


def test_the_data_are_small() -> None:
    def size(folder: Path) -> int:
        return sum(
            path.stat().st_size for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts
        )

    assert size(HOME) <= 25_000_000
    assert size(HOME / "boston") + size(HOME / "cambridge") <= 15_000_000


def test_origins_and_licences_are_stated() -> None:
    for word in ("@f19ec622", "@5d0fea1a", "@136df46d", "@8bfbe71c", "@74be222d", "@44a03d19", "PDDL 1.0", "MIT"):
        assert word in README
