"""Files of formats that this process may not write: made by a process of its own, with all of GDAL's drivers."""

import atexit
import os
import shutil
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

MAKE = """
import sys
from pathlib import Path
import geopandas as gpd, pyogrio, shapely
out = Path(sys.argv[1])
points = gpd.GeoDataFrame(
    {"name": ["幸福里", "二"], "n": [1, None]},
    geometry=[shapely.Point(112.1, 32.0), shapely.Point(112.2, 32.1)], crs="EPSG:4326",
)
areas = points.assign(geometry=points.buffer(0.001).simplify(0.0001))
metres = areas.to_crs("EPSG:4547")
pyogrio.write_dataframe(metres, out / "areas.gdb", driver="OpenFileGDB", layer="areas")
pyogrio.write_dataframe(points, out / "areas.gdb", driver="OpenFileGDB", layer="points", append=True)
pyogrio.write_dataframe(metres, out / "areas.tab", driver="MapInfo File", encoding="GB18030")
pyogrio.write_dataframe(points, out / "points.mif", driver="MapInfo File", FORMAT="MIF", encoding="GB18030")
pyogrio.write_dataframe(metres, out / "areas.gml", driver="GML")
pyogrio.write_dataframe(points[["name", "geometry"]], out / "points.gpx", driver="GPX")
pyogrio.write_dataframe(metres, out / "areas.fgb", driver="FlatGeobuf")
"""


@cache
def made() -> Path:
    """Give the folder with all of them; made once for all tests."""
    out = Path(mkdtemp(prefix="guatu-test-"))
    atexit.register(shutil.rmtree, out, ignore_errors=True)
    env = {**os.environ, "GDAL_SKIP": "", "CPL_LOG": os.devnull}
    subprocess.run([sys.executable, "-W", "ignore", "-c", MAKE, str(out)], env=env, check=True)
    return out


def zipped(path: Path, *parts: Path, under: str = "") -> Path:
    """Pack files, or all files of a folder under its name."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            for one in sorted(part.rglob("*")) if part.is_dir() else [part]:
                archive.write(one, under + str(one.relative_to(part.parent)))
    return path
