"""One set of places in the five forms in which Chinese offices hand it in, with nothing known but the boundary."""

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from layers import FACILITIES, HOUSING_ESTATES, LayerSpec
from layers.intake.look import Look, Setting, Wishes, setting_of
from layers.intake.looking import look
from layers.intake.whereabouts import Answers
from tests.samples import community

DATA = Path(__file__).parents[2] / "data" / "intake" / "coordinates"
CRS = "EPSG:4528"
HERE_M = 1.0


@pytest.fixture(scope="module")
def hangzhou(tmp_path_factory: pytest.TempPathFactory) -> Setting:
    """A workspace that holds the outline of the city and nothing else."""
    rings = json.loads((DATA / "hangzhou.json").read_text("utf-8"))
    outline = gpd.GeoSeries([shapely.Polygon(ring) for ring in rings], crs=4326).to_crs(CRS).buffer(0)
    level = {"name": ["杭州", "杭州"], "parent_id": [None, "HZ"], "level": [1, 2]}
    index = pd.Index(["HZ", "HZ01"], name="grid_id", dtype="str")
    grids = gpd.GeoDataFrame(level, geometry=[outline[0]] * 2, crs=CRS, index=index)
    nothing = dict.fromkeys(("buildings", "issues", "toilets", "parks", "streets", "parking", "murals", "facilities"))
    folder = community(tmp_path_factory.mktemp("cities") / "hangzhou", {**nothing, "grids": grids}, crs=CRS)
    return setting_of(folder)


@pytest.fixture(scope="module")
def places() -> pd.DataFrame:
    return pd.read_csv(DATA / "communities.csv", dtype={"osm_id": str}).drop_duplicates("osm_id")


@pytest.fixture(scope="module")
def estates() -> gpd.GeoDataFrame:
    """Residential land in the metres of the workspace, with Chinese columns."""
    parts = json.loads((DATA / "residential.json").read_text("utf-8"))
    shapes = [shapely.Polygon(rings[0]) for rings in parts]
    names = {"编号": [f"E{n:03d}" for n in range(len(shapes))], "小区名称": [f"第{n}小区" for n in range(len(shapes))]}
    return gpd.GeoDataFrame(names, geometry=shapes, crs=4326).to_crs(CRS)


def table(places: pd.DataFrame, kind: str, headings: tuple[str, str], **more: str) -> str:
    cells = {"OSM编号": places["osm_id"], "小区名称": places["name"]}
    cells |= {headings[0]: places[f"{kind}_lon"], headings[1]: places[f"{kind}_lat"], **more}
    return pd.DataFrame(cells).to_csv(index=False)


def zipped(estates: gpd.GeoDataFrame, folder: Path, *, cpg: bool, degrees: bool) -> Path:
    """Write a shapefile in GBK: with .cpg and .prj, without .cpg, or without both."""
    path = folder / "小区.shp"
    with_crs = estates.to_crs(4326) if degrees else estates
    with_crs.to_file(path, driver="ESRI Shapefile", encoding="GBK")
    dbf = bytearray(path.with_suffix(".dbf").read_bytes())
    dbf[29] = 0  # the language of the table is not said either
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        for end in (".shp", ".shx", *([".prj"] if degrees else [])):
            out.write(path.with_suffix(end), f"communities{end}")
        out.writestr("communities.dbf", bytes(dbf))
        if cpg:
            out.writestr("communities.cpg", "GBK")
    made = folder / "communities.zip"
    made.write_bytes(packed.getvalue())
    return made


def taken(setting: Setting, path: Path, spec: LayerSpec, answer: str) -> tuple[Look, bool]:
    """Look at a file; a question is answered, and must be the one about coordinates with the right answer in it."""
    seen = look(setting, path, Wishes(spec))
    if not seen.questions:
        return seen, False
    (asked,) = seen.questions
    verdict = seen.parts[0].located.verdict
    assert asked.code == "needs_answer"
    assert verdict is not None
    assert answer in [one.key for one in verdict.candidates]
    answers = Answers(crs=answer) if answer.startswith("EPSG") else Answers(datum=answer)
    return look(setting, path, Wishes(spec, answers=answers)), True


@pytest.mark.parametrize(
    ("kind", "encoding", "headings", "more"),
    [
        ("gcj", "gb18030", ("经度", "纬度"), {"坐标系": "GCJ-02"}),
        ("bd", "utf-8-sig", ("X坐标", "Y坐标"), {}),
    ],
)
def test_tables_in_offset_degrees(
    kind: str, encoding: str, headings: tuple[str, str], more: Mapping[str, str], hangzhou: Setting, places: pd.DataFrame,
    tmp_path: Path,
) -> None:  # fmt: skip
    path = tmp_path / "communities.csv"
    path.write_bytes(table(places, kind, headings, **more).encode(encoding))
    seen, asked = taken(hangzhou, path, FACILITIES, {"gcj": "gcj02", "bd": "bd09"}[kind])
    assert asked == (not more)  # the first one names its system in a column
    assert not set(more) & set(seen.table)
    assert not seen.questions
    assert seen.rows_kept == len(places)
    truth = gpd.GeoSeries.from_xy(places["wgs_lon"], places["wgs_lat"], crs=4326).to_crs(CRS)
    by_id = seen.table.set_index("OSM编号") if "OSM编号" in seen.table else seen.table
    found = by_id.loc[places["osm_id"]]
    apart = np.hypot(found.geometry.x.to_numpy() - truth.x.to_numpy(), found.geometry.y.to_numpy() - truth.y.to_numpy())
    assert apart.max() < HERE_M
    assert set(found["小区名称"]) == set(places["name"])


@pytest.mark.parametrize(
    ("cpg", "degrees", "answer"), [(True, True, "wgs84"), (False, True, "wgs84"), (False, False, CRS)]
)
def test_shapefiles_in_gbk(
    cpg: bool, degrees: bool, answer: str, hangzhou: Setting, estates: gpd.GeoDataFrame, tmp_path: Path  # noqa: FBT001
) -> None:  # fmt: skip
    path = zipped(estates, tmp_path, cpg=cpg, degrees=degrees)
    seen, _ = taken(hangzhou, path, HOUSING_ESTATES, answer)
    assert not seen.questions
    assert seen.rows_kept == len(estates)
    found = seen.table.set_index("name").loc[estates["小区名称"]]
    apart = found.geometry.to_numpy()
    far = shapely.hausdorff_distance(apart, estates.geometry.to_numpy())
    assert far.max() < HERE_M
