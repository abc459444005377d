"""The tutorials run, stay clean, and still end in the table that was checked by hand."""

import ast
import io
import time
from collections.abc import Mapping
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
ANSWERS = ROOT / "tests" / "data" / "notebooks"
SECONDS = 60
PUBLIC = {"pathlib", "numpy", "pandas", "geopandas", "shapely", "geo", "layers", "reports"}
LAST = """
from pathlib import Path
Path("result.csv").write_text(result.to_csv(), encoding="utf-8")
"""

named = pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])


def _cells(path: Path, kind: str) -> list[str]:
    return [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def test_there_are_tutorials_and_each_has_its_checked_table() -> None:
    assert len(NOTEBOOKS) >= 3
    assert {path.stem for path in NOTEBOOKS} == {path.stem for path in ANSWERS.glob("*.csv")}


@named
def test_notebook_is_committed_clean(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    for number, cell in enumerate(notebook.cells, start=1):
        assert cell.id == f"{path.stem[:2]}-{number:02d}", "ids follow the order of the cells"
        assert not cell.metadata, "no marks of the editor"
        if cell.cell_type == "code":
            assert cell.execution_count is None
            assert not cell.outputs, "clear the outputs before you commit"


@named
def test_notebook_speaks_both_languages(path: Path) -> None:
    sections = "\n".join(_cells(path, "markdown")).split("\n## ")
    assert all("**中文小结**" in section for section in sections[:2])
    chinese = sum("**中文小结**" in section for section in sections)
    assert chinese >= 0.8 * len(sections)


@named
def test_notebook_uses_public_packages_only(path: Path) -> None:
    for source in _cells(path, "code"):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ImportFrom):
                assert node.module is not None
                assert node.module.split(".")[0] in PUBLIC, node.module
                assert not any(one.name.startswith("_") for one in node.names)
            elif isinstance(node, ast.Import):
                assert {one.name for one in node.names} <= PUBLIC


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::RuntimeWarning:zmq")
@named
def test_notebook_ends_in_the_checked_table(
    path: Path, workspaces: Mapping[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    for name, folder in workspaces.items():
        (home / name).symlink_to(folder, target_is_directory=True)
    monkeypatch.setenv("GUATU_HOME", str(home))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(LAST))
    start = time.perf_counter()
    NotebookClient(
        notebook, timeout=2 * SECONDS, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    assert time.perf_counter() - start < SECONDS
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in shown if output.output_type == "stream" and output.name == "stderr"]
    assert any("guatu" in str(output.get("data", {}).get("text/html", "")).lower() for output in shown), "a map"
    found = (tmp_path / "result.csv").read_text(encoding="utf-8")
    wanted = (ANSWERS / f"{path.stem}.csv").read_text(encoding="utf-8")
    pd.testing.assert_frame_equal(_table(found), _table(wanted), rtol=1e-6, check_exact=False, obj=path.stem)


def _table(text: str) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(text), index_col=0, dtype={0: str})
