"""The project is held against the scheme that QGIS 3.22 wrote; it was opened with that version when it was made."""

import shutil
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from defusedxml.ElementTree import parse

from geo.errors import DataError
from layers import PEOPLE, Workspace, open_workspace
from layers.exports.qgis import export_qgis
from layers.exports.qgis_styles import RAMP

SYMBOLS = {"Point": "marker", "Line": "line", "Polygon": "fill"}


def ranking(ws: Workspace) -> pd.DataFrame:
    grids = ws.grids()
    score = np.linspace(90.0, 10.0, len(grids))
    return pd.DataFrame({"name": grids["name"], "score": score, "rank": range(1, len(grids) + 1)}, index=grids.index)


@pytest.fixture(scope="module")
def project(huolong: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export_qgis(huolong, tmp_path_factory.mktemp("qgis"), ranking=ranking(huolong)).paths[0]


def layers(path: Path) -> dict[str, ET.Element]:
    return {one.findtext("layername") or "": one for one in parse(path).iter("maplayer")}


def test_every_layer_is_there_with_its_data(project: Path, huolong: Workspace) -> None:
    assert [p.name for p in sorted(project.parent.iterdir())] == ["huolong.gpkg", "huolong.qgs"]
    tables = dict(pyogrio.list_layers(project.with_suffix(".gpkg")))
    for title, one in layers(project).items():
        file, name, *subset = (one.findtext("datasource") or "").split("|")
        table = name.removeprefix("layername=")
        assert file == "./huolong.gpkg"
        found = pyogrio.read_dataframe(
            project.with_suffix(".gpkg"), layer=table, where=subset[0].removeprefix("subset=") if subset else None
        )
        assert len(found), title
        if one.attrib["geometry"] != "No geometry":
            assert tables[table] == one.attrib["wkbType"]
    wanted = {key for key in huolong.tables if key != PEOPLE.key}
    assert {t.removesuffix("_point").removesuffix("_line").removesuffix("_polygon") for t in tables} == {
        *wanted,
        "ranking",
    }


def test_the_project_has_what_qgis_looks_for(project: Path, huolong: Workspace) -> None:
    root = parse(project).getroot()
    assert root.tag == "qgis"
    assert root.attrib["version"].startswith("3.")
    assert root.findtext("title") == huolong.title.zh
    assert root.findtext("projectCrs/spatialrefsys/authid") == "EPSG:4546"
    assert root.findtext("properties/SpatialRefSys/ProjectionsEnabled") == "1"
    assert root.findtext("properties/Paths/Absolute") == "false"
    ids = [one.findtext("id") for one in root.iter("maplayer")]
    assert (
        [one.attrib["id"] for one in root.iter("layer-tree-layer")]
        == ids
        == [o.attrib["id"] for o in root.find("layerorder") or []]
    )
    assert len(set(ids)) == len(ids)
    for one in root.iter("maplayer"):
        assert one.findtext("provider") == "ogr"
        if one.attrib["geometry"] != "No geometry":
            assert one.findtext("srs/spatialrefsys/authid") == "EPSG:4546"
            symbols = one.findall("renderer-v2/symbols/symbol")
            assert {s.attrib["type"] for s in symbols} == {SYMBOLS[one.attrib["geometry"]]}
    box = [float(root.findtext(f"mapcanvas/extent/{end}") or "nan") for end in ("xmin", "ymin", "xmax", "ymax")]
    assert shapely.box(*box).contains(shapely.box(*huolong["grids"].total_bounds))


def test_nothing_is_absolute_or_online(project: Path, huolong: Workspace) -> None:
    text = project.read_text("utf-8")
    for word in ("http", "www.", "/vsi", str(project.parent), str(huolong.folder), "type=xyz", "wms"):
        assert word not in text


def test_colours_are_those_of_the_map(project: Path) -> None:
    drawn = layers(project)
    fill = {
        o.attrib["name"]: o.attrib["value"] for o in drawn["建筑"].find("renderer-v2/symbols/symbol/layer/Option") or []
    }
    assert fill["color"] == "185,165,140,217"
    issues = next(one for title, one in drawn.items() if title.startswith("问题"))
    renderer = issues.find("renderer-v2")
    assert renderer is not None
    assert (renderer.attrib["type"], renderer.attrib["attr"]) == ("categorizedSymbol", "standing")
    assert [c.attrib["value"] for c in renderer.iter("category")] == ["closed", "open", "overdue"]


def test_issues_stand_as_of_the_workspace(project: Path, huolong: Workspace) -> None:
    found = gpd.read_file(project.with_suffix(".gpkg"), layer="issues")["standing"].value_counts()
    stand = huolong.standing
    assert found["overdue"] == stand["is_overdue"].sum()
    assert found["open"] == (stand["is_open"] & ~stand["is_overdue"]).sum()


def test_a_ranking_is_shaded_from_best_to_worst(project: Path, huolong: Workspace) -> None:
    renderer = layers(project)["排序：第 2 级网格"].find("renderer-v2")
    assert renderer is not None
    assert (renderer.attrib["type"], renderer.attrib["attr"]) == ("graduatedSymbol", "score")
    ranges = [(float(r.attrib["lower"]), float(r.attrib["upper"])) for r in renderer.iter("range")]
    assert (ranges[0][0], ranges[-1][1]) == (10, 90)
    assert all(a[1] == b[0] for a, b in pairwise(ranges))
    colours = [
        o.attrib["value"] for s in renderer.iter("symbol") for o in s.iter("Option") if o.attrib.get("name") == "color"
    ]
    assert colours == [",".join(str(int(c[n : n + 2], 16)) for n in (1, 3, 5)) + ",217" for c in RAMP]
    found = gpd.read_file(project.with_suffix(".gpkg"), layer="ranking")
    assert len(found) == len(huolong.grids())


def test_limits_of_the_map_can_be_handed_over(sample: Workspace, tmp_path: Path) -> None:
    done = export_qgis(sample, tmp_path, lang="en", ranking=ranking(sample), limits=[40, 90])
    renderer = layers(done.paths[0])["Ranking: level 2 grids"].find("renderer-v2")
    assert renderer is not None
    assert [r.attrib["upper"] for r in renderer.iter("range")] == ["40.0", "90.0"]


def test_titles_words_and_labels(project: Path) -> None:
    buildings = layers(project)["建筑"]
    aliases = {a.attrib["field"]: a.attrib["name"] for a in buildings.iter("alias")}
    assert aliases["floor_area_m2"] == "建筑面积 (m²)"
    words = {
        o.attrib["value"]: o.attrib["name"]
        for o in buildings.findall(
            "fieldConfiguration/field[@name='use']/editWidget/config/Option/Option/Option/Option"
        )
    }
    assert words["residential"] == "住宅"
    style = buildings.find("labeling/settings/text-style")
    assert style is not None
    assert (style.attrib["fieldName"], style.attrib["multilineHeight"]) == ("name", "1")


def test_two_runs_are_alike_and_the_workspace_stays_as_it_is(sample: Workspace, tmp_path: Path) -> None:
    first, again = export_qgis(sample, tmp_path / "a"), export_qgis(sample, tmp_path / "b")
    for one, other in zip(first.paths, again.paths, strict=True):
        assert one.read_bytes() == other.read_bytes()
    own = Path(shutil.copytree(sample.folder, tmp_path / "own"))
    ws = open_workspace(own)
    done = export_qgis(ws, own)
    assert [p.parent for p in done.paths] == [own / "qgis"] * 2
    assert open_workspace(own).digest == ws.digest


def test_a_folder_that_cannot_be_written_to_gives_one_answer(sample: Workspace, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(DataError) as refused:
        export_qgis(sample, tmp_path / "file")
    assert [p.code for p in refused.value.problems] == ["export_unwritable"]
