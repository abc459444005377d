"""Patterns of a workspace: rates that are right by hand, few grids described only, and what is left out told."""

import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.errors import DataError
from layers import ISSUES, Workspace, open_workspace
from reports.patterns import (
    Asked,
    by_month,
    density,
    groups,
    hot_spots,
    months,
    point_groups,
    sequence,
    succession,
    surface,
    usual,
    words,
)
from reports.patterns.answers import hot_spots_answer, hot_spots_lines, months_answer, months_lines
from reports.patterns.asked import chosen
from reports.patterns.overlay import with_categories, with_groups, with_rates, with_surface, with_verdicts
from reports.patterns.tables import (
    GROUPS,
    KNOX,
    MONTHS,
    band_rows,
    band_shapes,
    cluster_rows,
    group_rows,
    group_shapes,
    knox_rows,
    month_rows,
    rate_heads,
    rate_rows,
    said,
)
from reports.result_files import as_csv
from reports.webmap.payload import payload
from tests import samples

SIDE, LONG = 100.0, 8
HOT = [(r, c) for r in range(3) for c in range(3)]


@pytest.fixture(scope="module")
def chessboard(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Eight by eight grids of 100 households; two years of issues, ten times as many in one corner."""
    folder = tmp_path_factory.mktemp("chess") / "chess"
    cells = [(r, c) for r in range(LONG) for c in range(LONG)]
    names = [f"G{r}{c}" for r, c in cells]
    rows = {"name": names, "level": [1] * 64, "households": [100] * 62 + [10, 0], "residents": [250] * 64}
    grids = samples.frame(rows, names, "grid_id", [samples.box(SIDE * c, SIDE * r) for r, c in cells])
    chance = np.random.default_rng(11)
    many = [int(n) for n in chance.poisson([24 if one in HOT else 2.4 for one in cells])]
    place = np.repeat(np.arange(64), many)
    corner = np.array([(c, r) for r, c in cells])[place] * SIDE
    xy = corner + chance.uniform(5, SIDE - 5, (len(place), 2))
    when = pd.Timestamp("2022-06-01") + pd.to_timedelta(chance.uniform(0, 729, len(place)), unit="D")
    kinds = np.where(np.arange(len(place)) % 2, "GARBAGE", "ROAD_PATCH")
    issues = samples.frame(
        {"issue_type": kinds, "source_type": kinds, "reported_at": when.floor("s"), "severity": [2] * len(place)},
        [f"i{n}" for n in range(len(place))], "issue_id", [samples.point(*one) for one in xy],
    )  # fmt: skip
    only = dict.fromkeys(("buildings", "toilets", "parks"))
    said_ = [{"level": 1, "zh": "网格", "en": "grid"}]
    return open_workspace(samples.community(folder, {**only, "grids": grids, "issues": issues}, levels=said_))


def test_rates_of_four_grids_by_hand(sample: Workspace) -> None:
    """E1, E2, W1 and W2 have 3, 1, 3 and 0 open issues and 100 households each."""
    found = hot_spots(sample, Asked(state="open"))
    assert found.grids["events"].to_dict() == samples.ISSUES_OPEN
    assert found.grids["raw"].to_dict() == samples.ISSUES_OPEN
    assert found.grids.loc["E1", "low"] == pytest.approx(0.618672, abs=1e-6)
    assert found.grids.loc["E1", "high"] == pytest.approx(8.767273, abs=1e-6)
    # Mean 1.75 of 100; spread seen 1.6875 less 1.75 by chance: none, so every grid has the mean.
    assert found.grids["smoothed"].tolist() == pytest.approx([1.75] * 4)
    assert found.described_only
    assert set(found.grids["verdict"]) == {"described"}
    assert found.grids["z"].isna().all()
    assert found.counts.left_out == {"outside": 1, "no_geometry": 1}
    assert "4" in words.verdict(found)[0].en
    assert found.grids["is_small"].all()


@pytest.mark.parametrize(("per", "raw"), [("residents", 15.0), ("area", 300.0), ("none", 3.0)])
def test_other_denominators(sample: Workspace, per: str, raw: float) -> None:
    found = hot_spots(sample, Asked(state="open", per=per))  # type: ignore[arg-type]
    assert found.grids.loc["E1", "raw"] == pytest.approx(raw)
    assert (words.COUNT in words.cautions(found)) == (per == "none")


def test_usual_denominator(sample: Workspace, cambridge_like: Workspace) -> None:
    assert usual(sample) == "households"
    assert usual(cambridge_like) == "area"


@pytest.fixture
def cambridge_like(tmp_path: Path) -> Workspace:
    """A community that knows nobody who lives there."""
    grids = samples.grids().drop(columns=["households", "residents", "elderly_residents"])
    return open_workspace(samples.community(tmp_path / "nobody", {"grids": grids, "buildings": None}))


def test_without_people_there_is_no_rate(cambridge_like: Workspace) -> None:
    found = hot_spots(cambridge_like, Asked(per="households"))
    assert set(found.grids["verdict"]) == {"no_rate"}
    assert found.grids["raw"].isna().all()
    assert np.isnan(found.moran.z)
    assert not hot_spots_answer(found)["grids"][0]["raw"]


def test_the_corner_is_found_and_little_else(chessboard: Workspace) -> None:
    found = hot_spots(chessboard, Asked())
    hot = set(found.grids.index[found.grids["verdict"] == "hot"])
    assert {"G00", "G11", "G21"} <= hot <= {f"G{r}{c}" for r in range(4) for c in range(4)}
    assert found.grids.loc["G76", "verdict"] == "few_people"
    assert found.grids.loc["G77", "verdict"] == "few_people"
    assert found.grids.loc[["G76", "G77"], "raw"].isna().all()
    assert found.moran.p_permuted == pytest.approx(0.002)
    assert (found.grids["q"] >= found.grids["p"]).all() or found.grids["q"].isna().any()
    assert words.FEW_PEOPLE.format(n=2) in words.cautions(found)
    again = hot_spots(chessboard, Asked())
    pd.testing.assert_frame_equal(found.grids, again.grids)


def test_sums_are_kept(chessboard: Workspace) -> None:
    found = hot_spots(chessboard, Asked(kind="GARBAGE"))
    assert found.grids["events"].sum() == chosen(chessboard, Asked(kind="GARBAGE")).sum()
    series = months(chessboard, Asked(kind="GARBAGE"))
    assert series.series.sum(axis=1).tolist() == series.grids["events"].tolist()
    assert series.whole["issues"].sum() == series.grids["events"].sum()


def test_months_with_seasons(chessboard: Workspace) -> None:
    found = months(chessboard, Asked())
    assert found.seasonal == (found.series.shape[1] >= 24)
    assert not found.few_grids
    assert not found.few_steps
    assert set(found.grids["category"]) & {"persistent hot spot", "consecutive hot spot", "sporadic hot spot"}
    assert found.grids["category"].loc["G77"] == ""
    assert [one.en for one in by_month.method(found)]


def test_whole_months_only(sample: Workspace) -> None:
    """The register of the sample begins on 1 May 2024 at nine and is seen until 1 June: one whole month."""
    found = months(sample, Asked())
    assert [f"{one:%Y-%m}" for one in found.series.columns] == ["2024-05"]
    assert found.dropped is not None
    assert "2024-06" in found.dropped.en
    assert set(found.grids["trend"]) == {"short"}
    assert by_month.verdict(found)[0].en.startswith("Only 1 whole months")


def test_density_keeps_the_number_and_says_its_bandwidth(chessboard: Workspace) -> None:
    found = surface(chessboard, Asked(bandwidth_m=60))
    assert found is not None
    assert found.grid.per_km2.sum() * found.grid.cell_m**2 / 1e6 == pytest.approx(found.points, rel=0.01)
    assert "60 m" in density.method(found)[0].en
    assert [low for low, _, _ in found.bands] == sorted(low for low, _, _ in found.bands)
    middle = shapely.Point(samples.X0 + 150, samples.Y0 + 150)
    assert shapely.union_all([area for _, _, area in found.bands[2:]]).contains(middle)
    assert surface(chessboard, Asked(state="overdue")) is None


def test_groups_have_their_extent(chessboard: Workspace) -> None:
    found = point_groups(chessboard, Asked(reach_m=25, least_points=5))
    assert found.inside == found.table["issues"].sum()
    assert found.table["issues"].is_monotonic_decreasing
    first = found.table.iloc[0]
    assert first["is_long"] == (first["extent_m"] > groups.LONG * 25)
    assert first["grid_id"] in {f"G{r}{c}" for r in range(3) for c in range(3)}
    assert found.table["kind_share"].between(0.3, 1).all()
    assert len(found.outlines) == len(found.table)
    assert point_groups(chessboard, Asked(reach_m=1, least_points=50)).table.empty


def test_default_points_take_no_part(tmp_path: Path) -> None:
    """Sixty issues on one coordinate are a geocoder's default, not a place."""
    base = samples.issues()
    one = base.loc[["i01"]]
    many = [one.set_axis(pd.Index([f"d{n}"], name="issue_id", dtype="str")) for n in range(60)]
    issues = gpd.GeoDataFrame(pd.concat([base, *many]), crs=samples.CRS)
    ws = open_workspace(samples.community(tmp_path / "default", {"issues": issues}))
    found = hot_spots(ws, Asked())
    assert found.counts.left_out["default_point"] == 61
    assert any("61" in one.en for one in words.cautions(found))
    assert point_groups(ws, Asked(least_points=3)).points < 20


def test_knox_is_told_or_why_not(chessboard: Workspace, sample: Workspace) -> None:
    found = sequence(chessboard, Asked(kind="GARBAGE"))
    assert len(found.table) == 9
    assert found.table["p"].between(0, 1).all()
    assert (
        found.table.sort_values(["metres", "days"]).groupby("metres")["both"].apply(lambda s: s.is_monotonic_increasing)
    ).all()
    assert "999" in succession.method(found)[0].en
    few = sequence(sample, Asked())
    assert few.table.empty
    assert few.why is not None


def test_unknown_types_and_missing_issues_are_refused(sample: Workspace, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="NO_SUCH"):
        hot_spots(sample, Asked(kind="NO_SUCH"))
    shutil.rmtree(folder)
    without = open_workspace(samples.community(tmp_path / "none", {"issues": None}))
    with pytest.raises(DataError, match="no layer issues"):
        hot_spots(without)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_tables_and_files_are_in_words(chessboard: Workspace, lang: str) -> None:
    asked = Asked(reach_m=25, least_points=5)
    pattern, series, points = hot_spots(chessboard, asked), months(chessboard, asked), point_groups(chessboard, asked)
    dense, knox = surface(chessboard, asked), sequence(chessboard, asked)
    assert dense is not None
    files = [
        as_csv(rate_rows(pattern, lang), rate_heads(pattern, lang), words.method(pattern), lang),  # type: ignore[arg-type]
        as_csv(month_rows(series, lang), said(MONTHS, lang), by_month.method(series), lang),  # type: ignore[arg-type]
        as_csv(group_rows(chessboard, points, lang), said(GROUPS, lang), groups.method(points), lang),  # type: ignore[arg-type]
        as_csv(knox_rows(knox), said(KNOX, lang), succession.method(knox), lang),  # type: ignore[arg-type]
    ]
    for one in files:
        text = one.decode("utf-8-sig")
        head = text.splitlines()[0]
        assert not any(name in head.split(",") for name in ("raw", "smoothed", "extent_m", "slope"))
        assert text.rstrip().endswith(('。"', '."'))
    assert len(group_shapes(chessboard, points)) == len(group_rows(chessboard, points, lang))
    areas = band_shapes(chessboard, dense).area.to_numpy() / 1e4
    assert areas == pytest.approx(band_rows(dense, lang)["area_ha"].to_numpy(), abs=0.051)
    assert len(rate_rows(pattern, lang)) == len(cluster_rows(pattern, lang)) == 64
    assert len(band_rows(dense, lang)) == 5
    lines = hot_spots_lines(pattern, lang) + months_lines(series, lang)
    assert not any("{" in line for line in lines)


def test_answers_are_plain_and_whole(chessboard: Workspace) -> None:
    answer = hot_spots_answer(hot_spots(chessboard))
    assert len(answer["grids"]) == 64
    assert answer["neighbours"]["parameters"]["how"] == "corners"
    assert answer["moran"]["meta"]["seed"] == answer["seed"]
    assert months_answer(months(chessboard, Asked()))["whole"]["issues"]


def test_overlays_keep_the_map_and_add_what_was_found(chessboard: Workspace) -> None:
    ground = payload(chessboard, ["grids"])
    pattern, asked = hot_spots(chessboard), Asked(reach_m=25, least_points=5)
    shaded = with_rates(ground, pattern)
    assert [one["key"] for one in shaded["shades"]] == ["smoothed", "raw"]
    assert shaded["levels"][0]["columns"][0]["key"] == "events"
    judged = with_verdicts(ground, pattern)["shades"][0]
    assert sum(judged["counts"]) + judged["missing"] + judged["few"] == 64
    assert judged["few"] == 2
    assert len(judged["names"]) == len(judged["colours"]) == len(judged["limits"])
    assert with_categories(ground, months(chessboard, Asked()))["shades"][0]["key"] == "category"
    dense, points = surface(chessboard, asked), point_groups(chessboard, asked)
    assert dense is not None
    assert len(with_surface(ground, chessboard, dense)["layers"]) == 5
    layer = with_groups(ground, chessboard, points, "en")["layers"][0]
    assert layer["count"] == layer["data"]["n"] == len(points.table)
    assert not ground["shades"]


@pytest.mark.slow
def test_real_communities(boston: Workspace, huolong: Workspace) -> None:
    """Boston has hot spots of litter in the old centre; Huolong's seventeen grids are described only."""
    found = hot_spots(boston, Asked(kind="GARBAGE"))
    assert {"25025020200", "25025030400"} <= set(found.grids.index[found.grids["verdict"] == "hot"])
    assert found.moran.z > 5
    few = hot_spots(huolong)
    assert few.described_only
    assert few.grids["events"].sum() == len(huolong[ISSUES]) == 436
    coarse = hot_spots(boston, Asked(level=1))
    assert coarse.described_only
    assert coarse.neighbours.meta["parameters"]["how"] == "borders"
