"""Each wall of the worker holds alone: with all of GDAL's drivers but confined, and unconfined but with the list."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from geo import landlock, sandbox
from tests.attacks.conftest import SECRETS, Canary

HOSTILE = Path(__file__).parents[1] / "data" / "intake" / "attacks"
FILES = [path for path in sorted(HOSTILE.iterdir()) if path.name.startswith(("drv_", "ssrf_", "xml_", "gpkg_view_ogr"))]
OPEN = '''
import json, os, sys


def opened(path):
    """Open a file as carelessly as can be; what came of it."""
    import pyogrio, rasterio
    said = []
    try:
        for name, _ in pyogrio.list_layers(path):
            said.append(str(pyogrio.read_arrow(path, layer=name, max_features=5)[1].to_pylist()))
    except Exception as error:
        said.append(repr(error)[:200])
    try:
        with rasterio.open(path) as raster:
            said.append(bytes(raster.read().tobytes()).decode("latin-1"))
    except Exception as error:
        said.append(repr(error)[:200])
    return said


def task(job):
    return {name: opened(str(job.folder / name)) for name in sorted(os.listdir(job.folder)) if "." in name}, ()
'''


def copies(folder: Path) -> Path:
    for path in FILES:
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


@pytest.mark.skipif(not landlock.refuses_network(), reason="needs Landlock 4")
def test_confined_with_every_driver_of_gdal(canary: Canary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = copies(tmp_path)
    (folder / "layers").mkdir()
    (folder / "layers" / "__init__.py").touch()
    (folder / "layers" / "careless.py").write_text(OPEN, "utf-8")
    real = sandbox._environment()
    open_to_all = {name: value for name, value in real.items() if name != "GDAL_HTTP_PROXY"}
    path = os.pathsep.join([str(folder), real["PYTHONPATH"]])
    monkeypatch.setattr(sandbox, "_environment", lambda: {**open_to_all, "GDAL_SKIP": "none", "PYTHONPATH": path})
    head = sandbox.run("layers.careless:task", folder, {}, file="all").head
    assert set(head) == {file.name for file in FILES}
    assert not [secret for secret in SECRETS if secret in json.dumps(head)]
    canary.check()


def test_unconfined_with_the_list_and_the_dead_proxy(canary: Canary, tmp_path: Path) -> None:
    code = OPEN + "\nimport geo\nprint(json.dumps([opened(path) for path in sys.argv[1:]]))"
    paths = [str(copies(tmp_path) / file.name) for file in FILES]
    command = [sys.executable, "-P", "-c", code, *paths]
    done = subprocess.run(
        command, env=sandbox._environment(), cwd=tmp_path, capture_output=True, encoding="utf-8", check=True
    )
    assert len(json.loads(done.stdout)) == len(FILES)
    assert not [secret for secret in SECRETS if secret in done.stdout]
    assert canary.calls == []
    assert not list(Path("/tmp/reno_canary").glob("PWNED*"))  # noqa: S108 (the attack files name it)
