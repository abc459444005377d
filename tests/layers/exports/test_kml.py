from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from defusedxml.ElementTree import parse
from hypothesis import HealthCheck, given, settings

from layers import Workspace
from layers.exports import export_layer, export_table
from layers.exports.cells import for_xml
from tests.layers.exports.tables import NASTY, kinds, nasty, texts
from tests.samples import CRS, point

K = "{http://www.opengis.net/kml/2.2}"


def placemarks(path: Path) -> list[tuple[str, dict[str, str]]]:
    return [
        (
            mark.findtext(f"{K}name") or "",
            {d.attrib["name"]: d.findtext(f"{K}value") or "" for d in mark.iter(f"{K}Data")},
        )
        for mark in parse(path).iter(f"{K}Placemark")
    ]


def test_nasty_text_is_data(tmp_path: Path) -> None:
    export_table(nasty(), tmp_path / "a.kml")
    assert [name for name, _ in placemarks(tmp_path / "a.kml")] == NASTY
    assert [data["name"] for _, data in placemarks(tmp_path / "a.kml")] == NASTY
    assert "<script>" not in (tmp_path / "a.kml").read_text("utf-8")


@given(texts)
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back_but_for_what_xml_cannot_hold(tmp_path: Path, text: str) -> None:
    table = gpd.GeoDataFrame({"words": pd.Series([text], dtype=object)}, geometry=[point(0, 0)], crs=CRS)
    export_table(table, tmp_path / "a.kml")
    assert placemarks(tmp_path / "a.kml")[0][1]["words"] == for_xml(text)


@pytest.mark.parametrize(("lang", "title"), [("zh", "网格名称"), ("en", "grid name")])
def test_places_are_in_degrees_and_titles_in_words(sample: Workspace, tmp_path: Path, lang: str, title: str) -> None:
    path = export_layer(sample, "grids", tmp_path / "a.kml", lang=lang).paths[0]
    root = parse(path).getroot()
    assert title in {one.text for one in root.iter(f"{K}displayName")}
    rings = [one.text or "" for one in root.iter(f"{K}coordinates")]
    found = [shapely.Polygon([tuple(map(float, spot.split(","))) for spot in ring.split()]) for ring in rings]
    wanted = sample["grids"].to_crs("EPSG:4326").geometry
    assert all(a.hausdorff_distance(b) < 1e-6 for a, b in zip(found, wanted, strict=True))
    assert all(one.exterior.is_ccw for one in found)
    assert root.find(f".//{K}LineStyle/{K}color").text == "ff70675b"  # type: ignore[union-attr]


def test_holes_parts_and_rows_without_a_place(tmp_path: Path) -> None:
    export_table(kinds(), tmp_path / "a.kml")
    root = parse(tmp_path / "a.kml").getroot()
    counts = [
        len(list(root.iter(f"{K}{name}")))
        for name in ("Placemark", "innerBoundaryIs", "MultiGeometry", "Polygon", "Point", "LineString")
    ]
    assert counts == [5, 1, 1, 3, 1, 1]
