import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import geo
from geo.candidates import BD09MC, GCJ02, WGS84, in_crs
from geo.conversion import transformer
from geo.datum import bd09_from_wgs84, bd09mc_from_bd09, gcj02_from_wgs84
from geo.evidence import Trusted
from geo.georeference import examine
from geo.similarity import ControlPoint
from geo.text import Text
from geo.verdict import Verdict, moved
from geo.weighing import Ground

DATA = Path(__file__).parent.parent / "data" / "intake" / "coordinates"
HANGZHOU = "EPSG:4549"
NUMBERS = tuple[np.ndarray, np.ndarray]


def project(lon: object, lat: object, crs: str) -> NUMBERS:
    x, y = transformer("EPSG:4326", crs).transform(np.asarray(lon), np.asarray(lat))
    return np.asarray(x), np.asarray(y)


@cache
def communities() -> pd.DataFrame:
    return pd.read_csv(DATA / "communities.csv")


@cache
def city() -> Ground:
    rings = json.loads((DATA / "hangzhou.json").read_text("utf-8"))
    return Ground(
        HANGZHOU, [shapely.Polygon(np.column_stack(project(*zip(*ring, strict=True), HANGZHOU))) for ring in rings]
    )


@cache
def known_city() -> Ground:
    rings = json.loads((DATA / "residential.json").read_text("utf-8"))
    shapes = [shapely.Polygon(np.column_stack(project(*zip(*ring[0], strict=True), HANGZHOU))) for ring in rings]
    return city()._replace(trusted=[Trusted(Text("居住用地", "residential land"), np.array(shapes, dtype=object))])


def columns(form: str) -> NUMBERS:
    names = ("poly_e", "poly_n") if form == "poly" else (f"{form}_lon", f"{form}_lat")
    return communities()[names[0]].to_numpy(), communities()[names[1]].to_numpy()


def truth(form: str) -> NUMBERS:
    if form == "poly":
        return columns("poly")[0] - 40e6, columns("poly")[1]
    return project(*columns("wgs"), HANGZHOU)


def worst(found: Verdict, form: str) -> float:
    x, y = truth(form)
    return float(np.hypot(found.x_m - x, found.y_m - y).max())


FORMS = [("wgs", "wgs84"), ("gcj", "gcj02"), ("bd", "bd09"), ("poly", "EPSG:4528")]


@pytest.mark.parametrize(("form", "key"), FORMS)
def test_files_of_offices_come_in_to_a_metre_by_trusted_layers(form: str, key: str) -> None:
    found = examine(*columns(form), known_city())
    assert (found.status, found.chosen and found.chosen.key) == ("certain", key)
    assert worst(found, form) < 0.2
    assert not found.faults
    assert any("100.0%" in words.en and "residential land" in words.en for words in found.evidence)


@pytest.mark.parametrize(("form", "key"), FORMS)
def test_with_the_boundary_of_a_city_alone_the_one_right_question_is_asked(form: str, key: str) -> None:
    found = examine(*columns(form), city())
    assert found.status == "ask"
    assert np.isnan(found.x_m).all()
    assert key in [one.key for one in found.candidates]
    assert len(found.candidates) == 3
    assert "?" not in str(found.evidence)
    assert found.question is not None
    assert ("CGCS2000" if form == "poly" else "device") in found.question.en
    answered = examine(*columns(form), city(), answer=key)
    assert answered.status == "certain"
    assert worst(answered, form) < 0.2


@pytest.mark.parametrize("form", ["wgs", "gcj", "bd"])
def test_plain_wgs84_is_believed_only_where_it_fits(form: str) -> None:
    assert examine(*columns(form), city(), said="EPSG:4326").status == "ask"
    found = examine(*columns(form), known_city(), said="EPSG:4326")
    assert found.status == ("certain" if form == "wgs" else "ask")
    if form != "wgs":
        assert found.question is not None
        assert "EPSG:4326" in found.question.zh


@pytest.mark.parametrize(
    ("form", "said"),
    [("gcj", "高德(GCJ-02)"), ("bd", "百度"), ("wgs", "EPSG:4490"), ("poly", "EPSG:4528"), ("poly", "CGCS2000")],
)
def test_what_nobody_says_without_knowing_breaks_a_tie(form: str, said: str) -> None:
    found = examine(*columns(form), city(), said=said)
    assert found.status == "certain"
    assert worst(found, form) < 0.2


def test_what_the_numbers_contradict_is_asked() -> None:
    found = examine(*columns("wgs"), known_city(), said="GCJ-02")
    assert (found.status, found.candidates[0].key) == ("ask", "wgs84")


def test_the_way_of_an_offset_is_told() -> None:
    found = examine(*columns("gcj"), known_city())
    words = [one.en for one in found.evidence]
    assert any("521 m to the north-west" in one for one in words)
    assert any("residual at most 0.1 mm" in one for one in words)
    assert found.residual_m is not None
    assert found.residual_m < 0.01
    assert found.datum_origin == "gcj02"


def test_an_offset_is_never_undone_twice() -> None:
    x, y = columns("gcj")
    again = examine(x, y, known_city(), converted_from="gcj02")
    assert "gcj02" not in {one.key for one in again.candidates}
    back = project(*columns("wgs"), "EPSG:4326")
    assert examine(*back, known_city(), said="GCJ-02", converted_from="gcj02").datum_origin == "wgs84"


@settings(deadline=None, max_examples=25)
@given(st.floats(30, 160), st.floats(0, 6.28), st.integers(0, 5))
def test_an_unknown_datum_is_not_taken_for_cgcs2000(shift: float, side: float, seed: int) -> None:
    rows = np.random.default_rng(seed).choice(len(communities()), 200, replace=False)
    x, y = (values[rows] for values in truth("wgs"))
    assert examine(x + shift * np.cos(side), y + shift * np.sin(side), known_city()).status == "ask"


def encoded(form: str, lon: np.ndarray, lat: np.ndarray) -> NUMBERS:
    if form in {"gcj02", "bd09"}:
        return {"gcj02": gcj02_from_wgs84, "bd09": bd09_from_wgs84}[form](lon, lat)
    if form == "bd09mc":
        return bd09mc_from_bd09(*bd09_from_wgs84(lon, lat))
    if form == "gcj02-mercator":
        return project(*gcj02_from_wgs84(lon, lat), "EPSG:3857")
    return project(lon, lat, {"wgs84": "EPSG:4326", "wgs84-mercator": "EPSG:3857"}.get(form, form))


@st.composite
def quarters(draw: st.DrawFn) -> tuple[Ground, np.ndarray, np.ndarray]:
    """A community somewhere in China, with places in it and a few astray."""
    lon, lat = draw(st.sampled_from([87.3, 104.1, 112.6, 120.2])) + draw(st.floats(-0.8, 0.8)), draw(st.floats(19, 50))
    side, number = draw(st.floats(150, 5_000)), draw(st.integers(3, 120))
    rng = np.random.default_rng(draw(st.integers(0, 1_000)))
    crs = f"EPSG:{4534 + round(lon / 3) - 25}"
    x, y = project(lon, lat, crs)
    east, north = rng.uniform(0, side, number) + x, rng.uniform(0, side, number) + y
    astray = rng.random(number) < draw(st.floats(0, 0.15))
    east[astray] += rng.normal(0, 1_000, astray.sum())
    places = transformer(crs, "EPSG:4326").transform(east, north)
    return Ground(crs, [shapely.box(x, y, x + side, y + side)]), *places


@settings(deadline=None, max_examples=60)
@given(
    quarters(),
    st.sampled_from(["wgs84", "gcj02", "bd09", "wgs84-mercator", "gcj02-mercator", "bd09mc", "3cm", "3zone", "6zone"]),
    st.booleans(),
)
def test_the_doctor_is_right_or_asks(where: tuple[Ground, np.ndarray, np.ndarray], form: str, swapped: bool) -> None:  # noqa: FBT001
    ground, lon, lat = where
    zone = int(ground.crs[5:]) - 4534
    wide = int(np.median(lon) // 6) - 12
    form = {"3cm": ground.crs, "3zone": f"EPSG:{4513 + zone}", "6zone": f"EPSG:{4491 + wide}"}.get(form, form)
    x, y = encoded(form, lon, lat)
    x, y = (np.round(values, 7 if abs(values[0]) < 180 else 3) for values in (x, y))
    found = examine(*((y, x) if swapped else (x, y)), ground)
    east, north = project(lon, lat, ground.crs)
    assert found.status in {"certain", "ask"}
    if found.status == "certain":
        assert np.nanmax(np.hypot(found.x_m - east, found.y_m - north)) < 0.1
    answer = form + "/yx" * swapped
    assert found.status == "certain" or answer in {one.key for one in found.candidates}
    settled = examine(*((y, x) if swapped else (x, y)), ground, answer=answer)
    assert np.nanmax(np.hypot(settled.x_m - east, settled.y_m - north)) < 0.1


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.floats(), st.floats()), max_size=12),
    st.sampled_from([None, "EPSG:4326", "EPSG:4547", "x", "EPSG:4610"]),
)
def test_any_numbers_get_a_verdict(rows: list[tuple[float, float]], said: str | None) -> None:
    x, y = np.array(rows, dtype=float).reshape(-1, 2).T
    found = examine(x, y, Ground("EPSG:4547", [shapely.box(5e5, 3e6, 5.1e5, 3.01e6)]), said=said)
    assert found.status in {"certain", "ask", "refused"}
    assert found.x_m.shape == x.shape
    assert (found.question is None) == (found.status == "certain")


SQUARE = [
    shapely.Polygon(
        np.column_stack(
            project([112.1385, 112.1425, 112.1425, 112.1385], [32.0392, 32.0392, 32.0432, 32.0432], "EPSG:4546")
        )
    )
]
XIANG = Ground("EPSG:4546", SQUARE)
ISSUES = np.random.default_rng(3).uniform([112.1387, 32.0394], [112.1423, 32.043], (40, 2)).T


def test_gcj02_labelled_wgs84_is_asked_with_both_shares() -> None:
    found = examine(*gcj02_from_wgs84(*ISSUES), XIANG, said="EPSG:4326")
    assert (found.status, [one.key for one in found.candidates]) == ("ask", ["gcj02"])
    assert found.question is not None
    assert "0.0% lie inside" in found.question.en
    assert "100.0% inside" in found.question.en
    assert any("613 m" in words.en for words in found.evidence)
    assert np.isnan(found.x_m).all()
    assert examine(*gcj02_from_wgs84(*ISSUES), XIANG).chosen == GCJ02  # nothing was said: no contradiction


@pytest.mark.parametrize("ground", [XIANG, Ground("EPSG:4546")])
@pytest.mark.parametrize(
    ("x", "y", "said", "offered"),
    [
        ([112.1405, 112.1415, 112.142], [32.0412] * 3, "EPSG:4547", "wgs84"),
        ([32.0412] * 3, [112.1405, 112.1415, 112.142], "EPSG:4326", "wgs84/yx"),
        ([38_800_000.0], [3_546_000.0], "EPSG:4547", "EPSG:4526"),
        ([3_546_900.0] * 2, [607_700.0, 607_710.0], "EPSG:4546", "EPSG:4546/yx"),
    ],
)  # fmt: skip
def test_declarations_that_cannot_be_are_asked_with_what_fits(
    ground: Ground, x: list[float], y: list[float], said: str, offered: str
) -> None:
    found = examine(x, y, ground, said=said)
    assert found.status == "ask"
    assert offered in [one.key for one in found.candidates]
    assert found.question is not None
    assert said in found.question.en


@pytest.mark.parametrize("said", ["EPSG:4610", "EPSG:2364", "西安80", "EPSG:4214", "EPSG:2416", "北京54坐标系"])
def test_systems_without_parameters_are_refused_with_what_is_needed(said: str) -> None:
    found = examine(*columns("poly"), city(), said=said)
    assert found.status == "refused"
    assert found.question is not None
    assert "seven local parameters" in found.question.en
    assert "七参数" in found.question.zh
    assert np.isnan(found.x_m).all()
    assert examine(*columns("poly"), city(), answer="EPSG:2364").status == "refused"


def test_a_workspace_in_xian_1980_takes_its_own_numbers() -> None:
    found = examine([516_950.0] * 9, np.arange(9) + 3_350_000.0, Ground("EPSG:2384"), said="EPSG:2384")
    assert found.status == "certain"
    assert found.x_m[0] == pytest.approx(516_950)


BOSTON = Ground("EPSG:26986", [shapely.box(230_000, 893_000, 240_000, 903_000)])


@pytest.mark.parametrize(
    ("crs", "said", "key"),
    [
        ("EPSG:4326", None, "wgs84"), ("EPSG:4326", "EPSG:4326", "wgs84"), ("EPSG:32619", None, "EPSG:32619"),
        ("EPSG:26986", None, "EPSG:26986"), ("EPSG:3857", None, "wgs84-mercator"), ("EPSG:2249", "EPSG:2249", "EPSG:2249"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("swapped", [False, True])
def test_outside_china_places_are_found_without_offsets(crs: str, said: str | None, key: str, swapped: bool) -> None:  # noqa: FBT001
    rng = np.random.default_rng(4)
    east, north = rng.uniform(231_000, 239_000, 50), rng.uniform(894_000, 902_000, 50)
    x, y = transformer("EPSG:26986", crs).transform(east, north)
    found = examine(*((y, x) if swapped else (x, y)), BOSTON, said=said)
    if swapped and said:
        assert (found.status, found.candidates[0].key) == ("ask", f"{key}/yx")
    else:
        assert (found.status, found.chosen and found.chosen.key) == ("certain", key + "/yx" * swapped)
        assert np.hypot(found.x_m - east, found.y_m - north).max() < 0.01


def test_a_declared_system_is_kept_where_data_reach_beyond_the_boundary() -> None:
    rng = np.random.default_rng(5)
    x, y = rng.uniform(220_000, 250_000, 300), rng.uniform(885_000, 912_000, 300)
    assert examine(x, y, BOSTON, said="EPSG:26986").status == "certain"
    assert examine(x, y, BOSTON).status == "ask"


def test_rows_without_a_place_are_told_and_the_others_placed() -> None:
    lon, lat = ISSUES.copy()
    lon[0], lat[0] = lat[0], lon[0]
    lon[1], lat[1] = 0, 0
    lon[2] = np.nan
    lat[3] = np.inf
    lon[4] = 11.214
    lon[5], lat[5] = np.nan, np.nan
    lon[6:36], lat[6:36] = lon[6], lat[6]
    found = examine(lon, lat, XIANG, answer="wgs84")
    assert {code: rows.tolist() for code, rows in found.faults.items()} == {
        "coordinate_half": [2], "coordinate_infinite": [3], "coordinate_zero": [1], "coordinate_swapped": [0], "coordinate_far": [4],
    }  # fmt: skip
    assert np.flatnonzero(np.isnan(found.x_m)).tolist() == [0, 1, 2, 3, 4, 5]
    assert found.proposals == pytest.approx(
        np.column_stack(project(ISSUES[0, :1], ISSUES[1, :1], "EPSG:4546")), abs=1e-3
    )
    assert [(one.rows, one.default) for one in found.stacks] == [(30, False)]
    assert any("30 rows" in words.en for words in found.evidence)


def test_few_places_are_not_enough_without_a_declaration() -> None:
    lon, lat = ISSUES[:, :3]
    assert examine(lon, lat, XIANG).status == "ask"
    assert examine(lon, lat, XIANG, said="WGS84").status == "certain"


def test_rounded_degrees_do_not_show_an_offset() -> None:
    lon, lat = ISSUES
    wide = Ground("EPSG:4546", [SQUARE[0].buffer(500)])
    assert examine(lon, lat, XIANG).status == "certain"
    found = examine(lon.round(2) + 0.002 * np.arange(40) // 1, lat.round(2), wide)
    assert found.status == "ask"


def test_columns_without_numbers_are_refused() -> None:
    for rows in ([], [np.nan], [0.0]):
        found = examine(rows, rows, XIANG)
        assert found.status == "refused"
        assert found.question is not None
    with pytest.raises(ValueError, match="one length"):
        examine([1.0], [1.0, 2.0], XIANG)


def local(swapped: bool) -> tuple[NUMBERS, list[ControlPoint]]:  # noqa: FBT001
    """Places of the square in a system of its own, and three points known in both."""
    east, north = project(*ISSUES, "EPSG:4546")
    plane = (east - east[0] + 1j * (north - north[0])) * np.exp(0.02j) + 30_000 + 40_000j
    x, y = (plane.imag, plane.real) if swapped else (plane.real, plane.imag)
    return (x, y), [ControlPoint(x[k], y[k], east[k], north[k]) for k in (1, 5, 9)]


@pytest.mark.parametrize("swapped", [False, True])
def test_local_numbers_need_control_points_and_come_in_with_them(swapped: bool) -> None:  # noqa: FBT001
    (x, y), points = local(swapped)
    asked = examine(x, y, XIANG)
    assert asked.status == "ask"
    assert asked.question is not None
    assert "control points" in asked.question.en
    found = examine(x, y, XIANG, control_points=points)
    assert (found.status, found.chosen and found.chosen.swapped, found.datum_origin) == ("certain", swapped, "local")
    east, north = project(*ISSUES, "EPSG:4546")
    assert np.hypot(found.x_m - east, found.y_m - north).max() < 1e-3
    assert found.chosen is not None
    again = moved(found.chosen, x, y, "EPSG:4546", control_points=points)
    assert np.hypot(again[0] - found.x_m, again[1] - found.y_m).max() < 1e-6
    assert any("residuals 0.000 m" in words.en for words in found.evidence)


def test_control_points_that_do_not_do_are_asked_about() -> None:
    (x, y), points = local(swapped=False)
    loose = [*points[:2], points[2]._replace(east_m=points[2].east_m + 50)]
    assert examine(x, y, XIANG, control_points=loose).status == "ask"
    away = [one._replace(east_m=one.east_m + 50_000) for one in points]
    found = examine(x, y, XIANG, control_points=away)
    assert found.question is not None
    assert "0.0% of the places" in found.question.en
    assert examine(x, y, XIANG, control_points=points[:1]).status == "refused"
    assert examine(x, y, Ground("EPSG:4546"), control_points=points[:2]).status == "ask"


def test_shapes_move_as_their_verdict_says() -> None:
    x, y = bd09mc_from_bd09(*bd09_from_wgs84(*ISSUES))
    east, north = moved(BD09MC, x, y, "EPSG:4546")
    assert np.hypot(east - project(*ISSUES, "EPSG:4546")[0], north - project(*ISSUES, "EPSG:4546")[1]).max() < 0.01
    assert moved(WGS84.turned, *ISSUES[::-1], "EPSG:4546")[0] == pytest.approx(project(*ISSUES, "EPSG:4546")[0])
    with pytest.raises(geo.CrsError):
        moved(in_crs("EPSG:2364"), *ISSUES, "EPSG:4546")


def test_a_declaration_nobody_understands_counts_as_unsaid() -> None:
    found = examine(*ISSUES, XIANG, said="某某坐标系")
    assert found.status == "certain"
    assert "某某坐标系" in found.evidence[0].zh


def test_the_same_numbers_give_the_same_verdict() -> None:
    one, other = (examine(*columns("gcj"), known_city()) for _ in range(2))
    assert one.evidence == other.evidence
    assert (one.x_m == other.x_m).all()
