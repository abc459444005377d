"""What the attack files require, word for word, where a table of codes does not show it."""

import csv
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from layers import open_workspace, save_workspace
from layers.catalog import CATALOG, TOILETS
from layers.intake.look import Look, Wishes, setting_of
from layers.intake.looking import look, look_at
from layers.intake.mapping.proposal import Settings
from layers.intake.taking import take_in
from layers.intake.upload.opening import open_upload
from layers.intake.whereabouts import Answers
from tests.attacks.whole_way import LEVELS, Way, site
from tests.samples import manifest

HOSTILE = Path(__file__).parents[1] / "data" / "intake" / "attacks"


def seen(folder: Path, name: str, way: Way) -> Look:
    return look(setting_of(folder), HOSTILE / name, way.wishes())


@pytest.fixture
def west(tmp_path: Path) -> Path:
    return site(tmp_path / "west", "west")


@pytest.fixture
def middle(tmp_path: Path) -> Path:
    return site(tmp_path / "middle", "middle")


def test_a_bow_tie_is_repaired_on_consent_only_with_its_area_before_and_after(middle: Path) -> None:
    asked = seen(middle, "geom_self_intersection.gpkg", Way("parks"))
    (row,) = asked.parts[0].lost
    assert "(500050.0, 3546050.0)" in row.found.zh
    assert "0.0 to 5,000.0 square metres" in row.remedy.en
    assert "--repair-shapes" in row.remedy.zh
    agreed = seen(middle, "geom_self_intersection.gpkg", Way("parks", mend=True))
    (told,) = [one for one in agreed.problems if one.code == "shape_mended"]
    assert told.row == "1"
    assert "由 0.0 变为 5,000.0 平方米" in told.found.zh
    take_in(middle, agreed)
    assert open_workspace(middle)[CATALOG["parks"]].area.tolist() == pytest.approx([5_000.0])


def test_exact_repeats_count_once_and_contradictions_stand_side_by_side(west: Path) -> None:
    way = Way("toilets", datum="wgs84")
    first = seen(west, "csv_duplicate_ids.csv", way)
    (row,) = first.parts[0].lost
    assert (row.row, row.code) == (4, "contradicts")
    assert "row 2 and this one (desc a / b; status accepted / closed)" in row.found.en
    take_in(west, first)
    again = seen(west, "csv_duplicate_ids.csv", way)
    assert again.merge is not None
    assert not again.merge.added
    assert not again.is_new
    assert len(open_workspace(west)[TOILETS]) == 2


def test_texts_are_stored_as_typed(west: Path) -> None:
    take_in(west, seen(west, "csv_words_that_mean_missing.csv", Way("toilets", datum="wgs84")))
    table = open_workspace(west)[TOILETS]
    assert table["grid"].tolist() == ["NA", "N/A"]
    assert table["desc"].tolist() == ["None", "无"]
    people = seen(west, "csv_ids_as_numbers.csv", Way("people")).table
    assert people.index.tolist() == ["0001", "0002", "0003"]
    assert people["grid"].tolist() == ["001", "002", "1-2"]


def test_text_that_looks_like_a_formula_is_text(west: Path) -> None:
    take_in(west, seen(west, "csv_formula_injection.csv", Way("toilets", datum="wgs84")))
    with (HOSTILE / "csv_formula_injection.csv").open(encoding="utf-8", newline="") as file:
        given = [row["desc"] for row in csv.DictReader(file)]
    assert open_workspace(west)[TOILETS]["desc"].sort_index().tolist() == given


def test_the_title_year_decides_dates_without_one(west: Path) -> None:
    with_year = seen(west, "xlsx_merged_header_dates.xlsx", Way(year=2025))
    assert (with_year.rows_kept, with_year.rows_rejected) == (6, 1)
    assert "2025-06-01" in with_year.table["reported_at"].dt.strftime("%Y-%m-%d").tolist()
    without = seen(west, "xlsx_merged_header_dates.xlsx", Way())
    assert (without.rows_kept, without.rows_rejected) == (5, 2)


def test_one_order_of_day_and_month_for_the_whole_file(west: Path) -> None:
    asked = seen(west, "csv_ambiguous_dates.csv", Way(datum="wgs84"))
    assert [one.code for one in asked.questions] == ["needs_order"]
    days = seen(west, "csv_ambiguous_dates.csv", Way(datum="wgs84", order="dmy")).table["reported_at"]
    assert sorted(days.dt.strftime("%m-%d")) == ["06-01", "06-05", "06-13"]
    assert days.dt.year.eq(2025).all()


def test_questions_name_the_reading_that_fits(west: Path) -> None:
    for name, part, key in (
        ("crs_lonlat_labelled_projected.gpkg", None, "wgs84"),
        ("crs_swapped_axes.gpkg", None, "wgs84/yx"),
        ("crs_gcj02_labelled_wgs84.gpkg", "issues", "gcj02"),
        ("crs_zone_prefix_lie.gpkg", None, "EPSG:4526"),
    ):
        found = seen(west, name, Way("toilets", part=part))
        (question,) = [one for one in found.questions if one.code == "needs_answer"]
        assert key in question.expected.zh
        verdict = found.parts[0].located.verdict
        assert verdict is not None
        assert verdict.chosen is None


def test_gaps_and_overlaps_of_grids_are_listed_with_pair_area_and_place(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    save_workspace(folder, manifest(crs="EPSG:4547", levels=LEVELS), {})
    (source,) = open_upload(HOSTILE / "topo_gap_overlap.gpkg")
    named = source._replace(
        cells=source.cells.rename(columns={"grid": "grid_id"}).assign(name=list("甲乙丙丁戊己"), level=1)
    )
    found = look_at(
        setting_of(folder), [named], Wishes(CATALOG["grids"], answers=Answers("EPSG:4547")), file="grids.gpkg"
    )
    assert not found.questions
    told = [one for one in found.problems if one.code == "grid_sliver"]
    words = " ".join(one.found.en + str(one.row) for one in told)
    for pair in ("1-1", "1-2", "1-3", "2-2"):
        assert pair in words
    assert "overlap of" in words
    assert "gap of" in words
    take_in(folder, found)
    assert len(open_workspace(folder)[CATALOG["grids"]]) == 6


def test_points_on_borders_lie_in_one_grid_each(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    save_workspace(folder, manifest(crs="EPSG:4547", levels=LEVELS), {})
    grids, points = open_upload(HOSTILE / "topo_border_points.gpkg")
    cells = grids.cells.rename(columns={"grid": "grid_id"}).assign(name=list("甲乙丙丁戊己"), level=1)
    answers = Answers("EPSG:4547")
    take_in(
        folder,
        look_at(setting_of(folder), [grids._replace(cells=cells)], Wishes(CATALOG["grids"], answers=answers), file="g"),
    )
    owners = []
    for order in (np.arange(10), np.arange(10)[::-1]):
        assert points.geometry is not None
        dated = points.cells.assign(reported_at="2024-05-01").rename(columns={"id": "issue_id"})
        turned = points._replace(
            cells=dated.iloc[order].reset_index(drop=True), rows=points.rows[order], geometry=points.geometry[order]
        )
        found = look_at(
            setting_of(folder), [turned], Wishes(CATALOG["issues"], answers=answers, settings=Settings()), file="i"
        )
        if found.is_new:
            take_in(folder, found)
        ws = open_workspace(folder)
        owners.append(ws.owner(CATALOG["issues"]).sort_index().astype(object).where(lambda one: one.notna(), None))
    assert owners[0].equals(owners[1])
    assert owners[0].isna().sum() == 1
    assert pd.isna(owners[0]["10"])


def test_a_photo_leaves_only_its_place(west: Path) -> None:
    found = seen(west, "photo_exif_gps_owner.jpg", Way("murals"))
    take_in(west, found)
    table = open_workspace(west)[CATALOG["murals"]]
    assert len(table) == 1
    assert "picture" not in table
    assert b"Exif" not in (west / "layers.gpkg").read_bytes()


def test_a_comb_over_a_comb_stays_bounded(middle: Path) -> None:
    for part, layer in (("plots", "parks"), ("grids", "housing_estates")):
        found = seen(middle, "geom_comb_explosion.gpkg", Way(layer, part=part))
        assert (found.rows_read, found.rows_rejected) == (1, 0)
        assert isinstance(found.table, gpd.GeoDataFrame)
        assert shapely.is_valid(found.table.geometry.to_numpy()).all()
