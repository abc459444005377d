import csv
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers import Workspace
from layers.exports import export_layer, export_table, unprotected
from layers.exports.cells import FORMULA, NEGATIVE
from tests.layers.exports.tables import NASTY, kinds, nasty, texts


def read(path: Path) -> list[list[str]]:
    """Read as any program does, then as ours: without the marks of protected text."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [[unprotected(cell) for cell in row] for row in csv.reader(file, strict=True)]


def test_nasty_text_comes_back_and_none_of_it_runs(tmp_path: Path) -> None:
    export_table(pd.DataFrame({"=name": NASTY}), tmp_path / "a.csv")
    assert [row[0] for row in read(tmp_path / "a.csv")] == ["=name", *NASTY]
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [c for c in cells if FORMULA.match(c) and not NEGATIVE.match(c) and not c.startswith("'")]


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=6))
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    export_table(pd.DataFrame(rows, columns=["a", "b"], dtype=object), tmp_path / "a.csv")
    assert read(tmp_path / "a.csv")[1:] == [[cell.replace("\0", "\ufffd") for cell in row] for row in rows]


def test_text_is_quoted_and_numbers_are_not(sample: Workspace, tmp_path: Path) -> None:
    export_layer(sample, "buildings", tmp_path / "a.csv")
    content = (tmp_path / "a.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    head, first = content.decode("utf-8-sig").splitlines()[:2]
    assert head.startswith('"楼栋编号","楼栋名称","用途","建成年份"')
    assert first.startswith('"b1","b1","",1985,')


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_words_and_titles_are_in_one_language(huolong: Workspace, tmp_path: Path, lang: str) -> None:
    export_layer(huolong, "buildings", tmp_path / "a.csv", lang=lang)
    head, *rows = read(tmp_path / "a.csv")
    table = dict(zip(head, zip(*rows, strict=True), strict=True))
    assert set(table["用途" if lang == "zh" else "use"]) <= ({"住宅", "商住混合", "商业", "公共", "工业", "其他"} if lang == "zh" else {"residential", "mixed", "commercial", "public", "industrial", "other"})  # fmt: skip
    assert set(table["有无电梯" if lang == "zh" else "has an elevator"]) <= {"", "是", "否", "yes", "no"}


def test_points_have_coordinates_twice(sample: Workspace, tmp_path: Path) -> None:
    export_layer(sample, "issues", tmp_path / "a.csv")
    head, *rows = read(tmp_path / "a.csv")
    found = pd.DataFrame(rows, columns=head).set_index("问题编号")
    degrees = sample["issues"].to_crs("EPSG:4326").geometry
    for issue, shape in sample["issues"].geometry.items():
        x, y, lon, lat = (found.loc[issue, name] for name in ("东坐标_m", "北坐标_m", "经度", "纬度"))
        if shape is None:
            assert (x, y, lon, lat) == ("", "", "", "")
        else:
            assert (float(x), float(y)) == (shape.x, shape.y)
            assert (float(lon), float(lat)) == pytest.approx((degrees[issue].x, degrees[issue].y), abs=1e-7)


def test_other_shapes_have_their_outline(sample: Workspace, tmp_path: Path) -> None:
    export_layer(sample, "grids", tmp_path / "a.csv", lang="en")
    head, *rows = read(tmp_path / "a.csv")
    table = pd.DataFrame(rows, columns=head)
    shapes = shapely.from_wkt(table["shape_wkt"].to_numpy(dtype=object))
    assert shapely.equals(shapes, sample["grids"].geometry.to_numpy()).all()
    inside = gpd.GeoSeries.from_xy(table["longitude"].astype(float), table["latitude"].astype(float), crs="EPSG:4326")
    assert sample["grids"].geometry.reset_index(drop=True).contains(inside.to_crs(sample.manifest.crs)).all()


def test_times_and_gaps(tmp_path: Path) -> None:
    export_table(kinds().drop(columns="geometry"), tmp_path / "a.csv")
    head, *rows = read(tmp_path / "a.csv")
    table = pd.DataFrame(rows, columns=head)
    assert table["day"].tolist() == ["2024-01-01", "", "2024-02-29", "1899-12-31", "2100-01-01"]
    assert table["moment"].tolist()[:2] == ["2024-01-01 08:30:15", ""]
    assert table["whole"].tolist() == ["1", "", "-3", str(2**40), "0"]
    assert [float(one) for one in table["number"] if one] == [1.5, -0.1, 1e20, 123456789.123456]
    assert table["yes"].tolist() == ["是", "", "否", "是", "是"]


def test_titles_that_are_alike_are_told_apart(tmp_path: Path) -> None:
    table = nasty(thing_id_2="x")
    export_table(table, tmp_path / "a.csv")
    head = read(tmp_path / "a.csv")[0]
    assert len(set(head)) == len(head)
