"""Partitions: worked by hand on five grids, and laws that hold for any."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.partition import (
    PartitionError,
    audited,
    balanced,
    count_interval,
    cut_in_two,
    merged,
    neighbours,
    reading_order,
    redrawn,
    regrouped,
    snapped,
    split,
    spread_of,
)
from geo.partition.faces import faces_of
from geo.partition.redraw import Redrawn

SIDE = 300.0
ORIGIN = np.array([500_000.0, 2_900_000.0])
FEW = settings(max_examples=25)
# Five grids of 100 m: two rows of two, and one as high as both in the east.
#   C D E
#   A B E
FIVE = np.array(
    [shapely.box(x, y, x + 100, y + h) for x, y, h in ((0, 0, 100), (100, 0, 100), (0, 100, 100), (100, 100, 100), (200, 0, 200))],
    dtype=object,
)  # fmt: skip
A, B, C, D, E = range(5)
FIVE[E] = shapely.Polygon([(200, 0), (300, 0), (300, 200), (200, 200), (200, 100)])  # with the corner of B and D
seeds = st.integers(0, 10_000)


def cells(seed: int, number: int = 7) -> np.ndarray:
    """A square divided among random points, far from the origin as real coordinates are."""
    spots = np.random.default_rng(seed).uniform(0, SIDE, (number, 2)).round(2) + ORIGIN
    square = np.array([shapely.box(*ORIGIN, *(ORIGIN + SIDE))], dtype=object)
    between = shapely.voronoi_polygons(shapely.multipoints(spots), extend_to=square[0], only_edges=True)
    return faces_of(square, shapely.get_parts(between)).shapes


def is_whole(found: Redrawn, before: np.ndarray) -> None:
    """The new polygons tile the same ground: no gap, no overlap, the same area."""
    assert shapely.coverage_is_valid(found.polygons)
    assert shapely.area(found.polygons).sum() == pytest.approx(shapely.area(before).sum(), rel=1e-12)
    first, second = shapely.STRtree(found.polygons).query(found.polygons, predicate="intersects")
    pair = first < second
    shared = shapely.area(shapely.intersection(found.polygons[first[pair]], found.polygons[second[pair]]))
    assert shared.max(initial=0.0) < 1e-6


def same_set(first: np.ndarray, second: np.ndarray) -> bool:
    """The same shapes in any order; corners are compared to a micrometre."""

    def words(shapes: np.ndarray) -> list[str]:
        return sorted(shapely.to_wkt(shapely.normalize(shapely.set_precision(shapes, 1e-5)), rounding_precision=5))

    return words(first) == words(second)


# ---- five grids by hand ----


def test_five_sound_grids_have_no_fault() -> None:
    found = audited(FIVE)
    assert found.faults.empty
    assert found.shapes["area_m2"].tolist() == [10_000, 10_000, 10_000, 10_000, 20_000]
    assert found.shapes["compactness"].tolist() == pytest.approx([np.pi / 4] * 4 + [4 * np.pi * 20_000 / 600**2])
    assert found.shapes["width_m"].tolist() == pytest.approx([100] * 5, rel=0.01)
    assert (found.meta["area_m2"], found.meta["doubled_m2"]) == (60_000.0, 0.0)


def test_five_grids_with_one_fault_of_each_kind() -> None:
    areas = FIVE.copy()
    areas[B] = shapely.box(100.4, 0, 200, 100)  # a gap of 40 m² beside A
    areas[D] = shapely.box(98, 100, 200, 200)  # an overlap of 200 m² with C
    areas[E] = shapely.difference(areas[E], shapely.box(230, 80, 250, 90))  # a hole of 200 m²
    areas = np.append(
        areas,
        [
            shapely.box(0, 200, 300, 202),
            shapely.MultiPolygon([shapely.box(0, 300, 50, 350), shapely.box(60, 300, 90, 330)]),
        ],
    )
    found = audited(areas).faults
    told = {(row["kind"], row["first"], row["second"]): row for row in found.to_dict("records")}
    assert set(told) == {("gap", A, B), ("overlap", C, D), ("hole", E, -1), ("sliver", 5, -1), ("parts", 6, -1)}
    assert told["gap", A, B]["area_m2"] == pytest.approx(40, rel=0.02)
    assert told["overlap", C, D]["area_m2"] == pytest.approx(200)
    assert told["overlap", C, D]["width_m"] == pytest.approx(2, rel=0.1)
    assert told["overlap", C, D]["share"] == pytest.approx(0.02)
    assert told["hole", E, -1]["area_m2"] == pytest.approx(200)
    assert told["sliver", 5, -1]["width_m"] == pytest.approx(2, rel=0.1)


def test_a_broken_outline_is_told_and_left_out() -> None:
    found = audited(np.append(FIVE, [shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), None]))
    assert found.faults[["kind", "first"]].to_numpy().tolist() == [["broken", 5], ["broken", 6]]
    with pytest.raises(PartitionError):
        merged(np.append(FIVE, [None]), [A, B])


def test_five_grids_are_read_as_a_page() -> None:
    # Typical height 100, so a row is 50 high: E, in the middle, is 50 south of the upper row and begins one of its own.
    assert reading_order(FIVE).tolist() == [C, D, E, A, B]
    assert reading_order(FIVE[[E, D, C, B, A]], ["E", "D", "C", "B", "A"]).tolist() == [2, 1, 0, 4, 3]
    assert reading_order(FIVE, row_share=0.6).tolist() == [C, D, E, A, B]  # now E is in the upper row


def test_a_staircase_is_no_row() -> None:
    steps = np.array([shapely.box(100 * k, -30 * k, 100 * k + 100, -30 * k + 100) for k in range(5)], dtype=object)
    assert reading_order(steps).tolist() == [0, 1, 2, 3, 4]
    falling = np.array([shapely.box(-100 * k, -30 * k, -100 * k + 100, -30 * k + 100) for k in range(5)], dtype=object)
    assert reading_order(falling).tolist() == [1, 0, 3, 2, 4]  # rows of 0 and 1, 2 and 3, 4


def test_neighbours_share_a_border_and_not_a_corner() -> None:
    first, second, length = neighbours(FIVE)
    told = dict(zip(zip(first.tolist(), second.tolist(), strict=True), length.tolist(), strict=True))
    assert set(told) == {(A, B), (A, C), (B, D), (B, E), (C, D), (D, E)}
    assert told[A, B] == pytest.approx(100, abs=0.2)


def test_merging_by_hand() -> None:
    found = merged(FIVE, [A, B])
    is_whole(found, FIVE)
    assert shapely.area(found.new).tolist() == [20_000]
    assert found.old.tolist() == [C, D, E, -1]
    with pytest.raises(PartitionError, match="2"):
        merged(FIVE, [A, D])  # they touch in a corner only
    with pytest.raises(PartitionError):
        merged(FIVE, [A, E])


def test_splitting_by_hand() -> None:
    street = shapely.LineString([(30, -5), (30, 95)])  # ends 5 m short of the north border
    with pytest.raises(PartitionError):
        split(FIVE, A, [street])
    found = split(FIVE, A, [street], reach_m=10)
    is_whole(found, FIVE)
    assert shapely.area(found.new).tolist() == pytest.approx([3_000, 7_000])
    assert shapely.get_num_coordinates(found.polygons[found.old == C]).tolist() == [6]  # C got the corner of the cut
    with pytest.raises(PartitionError):
        split(FIVE, A, [shapely.LineString([(150, 0), (150, 100)])])


def test_small_pieces_join_the_longest_neighbour() -> None:
    cut = [shapely.LineString([(60, -1), (60, 101)]), shapely.LineString([(62, -1), (62, 101)])]
    assert shapely.area(split(FIVE, A, cut).new).tolist() == pytest.approx([6_000, 200, 3_800])
    assert shapely.area(split(FIVE, A, cut, least_m2=500).new).tolist() == pytest.approx([6_200, 3_800])


def test_halving_by_hand() -> None:
    found = cut_in_two(FIVE, E)
    is_whole(found, FIVE)
    assert shapely.area(found.new).tolist() == pytest.approx([10_000, 10_000])
    assert found.meta["cut_m"] == pytest.approx(100)  # across the long side
    load = (np.full(4, 250.0), np.array([10.0, 20.0, 30.0, 190.0]), np.ones(4))
    found = cut_in_two(FIVE, E, load)
    assert shapely.area(found.new).tolist() == pytest.approx([17_500, 2_500])  # midway between 20 and 30
    assert found.meta["imbalance_share"] == 0.0


def test_redrawing_by_hand() -> None:
    found = redrawn(FIVE, shapely.box(0, 0, 150, 50), A)  # A takes half of B's south and gives its north to C
    is_whole(found, FIVE)
    area = {int(old): float(a) for old, a in zip(found.old, shapely.area(found.polygons), strict=True)}
    assert area == pytest.approx({A: 7_500, B: 7_500, C: 15_000, D: 10_000, E: 20_000})
    new = redrawn(FIVE, shapely.box(50, 50, 150, 150), None)  # a quarter of each of four
    is_whole(new, FIVE)
    assert sorted(shapely.area(new.polygons).tolist()) == pytest.approx([7_500] * 4 + [10_000, 20_000])
    assert shapely.area(new.new).tolist() == pytest.approx([10_000])


def test_redrawing_refuses_what_cannot_be() -> None:
    with pytest.raises(PartitionError):
        redrawn(FIVE, shapely.box(1_000, 0, 1_100, 100), None)  # no land
    with pytest.raises(PartitionError):
        redrawn(FIVE, shapely.box(-1, -1, 201, 101), None)  # swallows A and B
    with pytest.raises(PartitionError):
        redrawn(FIVE, shapely.box(240, -1, 260, 201), None)  # tears E apart
    with pytest.raises(PartitionError):
        redrawn(FIVE, shapely.LineString([(0, 0), (1, 1)]), None)
    alone = np.array([shapely.box(0, 0, 100, 100), shapely.box(300, 0, 400, 100)], dtype=object)
    with pytest.raises(PartitionError):
        redrawn(alone, shapely.box(0, 0, 50, 100), 0)  # the rest would be nobody's


def test_balancing_by_hand() -> None:
    # Four cells in a row with 4, 1, 1, 4: only a cut in the middle is even.
    weight, centres = [4, 1, 1, 4], [(0, 0), (1, 0), (2, 0), (3, 0)]
    found = balanced(weight, centres, ([0, 1, 2], [1, 2, 3], [1.0, 1.0, 1.0]), 2)
    assert found.label[0] == found.label[1] != found.label[2] == found.label[3]
    assert (found.meta["most_over_mean"], found.meta["bound"], found.meta["is_heuristic"]) == (1.0, 1.0, True)
    with pytest.raises(PartitionError):
        balanced(weight, centres, ([0, 1, 2], [1, 2, 3], [1.0, 1.0, 1.0]), 5)
    with pytest.raises(PartitionError):
        balanced(weight, centres, ([0, 2], [1, 3], [1.0, 1.0]), 2)


def test_balancing_five_grids() -> None:
    x, y = np.array([10.0, 20, 30, 150, 250]), np.full(5, 50.0)
    lines = [shapely.LineString([(50, -1), (50, 101)]), shapely.LineString([(25, -1), (25, 101)])]
    found = regrouped(FIVE, [A, B], 2, (x, y, np.ones(5)), lines=lines)
    is_whole(found, FIVE)
    assert found.meta["most_over_mean_before"] == pytest.approx(1.5)  # A has 3 of 4
    assert found.meta["most_over_mean"] == pytest.approx(1.0)
    assert shapely.area(found.new).tolist() == pytest.approx([2_500, 17_500])
    with pytest.raises(PartitionError):
        regrouped(FIVE, [A, E], 2, (x, y, np.ones(5)), lines=lines)


def test_snapping_closes_a_strip() -> None:
    areas = FIVE.copy()
    areas[B] = shapely.box(100.1, 0, 200, 100)
    areas[D] = shapely.box(99.9, 100, 200, 200)
    found = snapped(areas, tolerance_m=0.3)
    assert shapely.coverage_is_valid(found.polygons)
    assert audited(found.polygons).faults.empty
    assert 0 < found.meta["farthest_m"] <= 0.3
    assert same_set(snapped(FIVE, tolerance_m=0.3).polygons, FIVE)


def test_spread_by_hand() -> None:
    found = spread_of([1, 2, 3, 4, 10])
    # sum |xi - xj| over pairs = 40, twice is 80; 80 / (2 * 25 * 4) = 0.4
    assert (found.mean, found.most_over_mean, found.gini) == (4.0, 2.5, pytest.approx(0.4))
    assert found.cv == pytest.approx(np.sqrt(10) / 4)
    assert spread_of([5, 5, 5]).gini == 0
    assert np.isnan(spread_of([0, 0]).gini)
    assert spread_of([1.0, np.nan]).meta["unknown"] == 1
    low, high = spread_of([3, 3, 3, 3], draws=500, seed=1).gini_by_chance
    assert 0 < low < high < 0.6
    with pytest.raises(ValueError, match="negative"):
        spread_of([-1])


def test_count_interval_is_garwoods() -> None:
    low, high = count_interval([0, 3, 10])
    assert low.tolist() == pytest.approx([0, 0.6187, 4.7954], abs=1e-4)
    assert high.tolist() == pytest.approx([3.6889, 8.7673, 18.3904], abs=1e-4)


# ---- laws ----


@given(seeds)
@FEW
def test_a_merge_keeps_the_ground(seed: int) -> None:
    ground = cells(seed)
    first, second, _ = neighbours(ground)
    is_whole(merged(ground, [int(first[0]), int(second[0])]), ground)


@given(seeds, st.floats(0, 3.14), st.integers(0, 6))
@FEW
def test_a_cut_keeps_the_ground(seed: int, angle: float, index: int) -> None:
    ground = cells(seed)
    middle = shapely.get_coordinates(shapely.point_on_surface(ground[index]))[0]
    step = 1000 * np.array([np.cos(angle), np.sin(angle)])
    is_whole(split(ground, index, [shapely.LineString([middle - step, middle + step])]), ground)


@given(seeds, st.integers(2, 40), st.integers(0, 6))
@FEW
def test_halves_differ_by_one_thing_at_most(seed: int, number: int, index: int) -> None:
    ground, random = cells(seed), np.random.default_rng(seed)
    box = shapely.bounds(ground[index])
    x, y = random.uniform(box[0], box[2], number), random.uniform(box[1], box[3], number)
    found = cut_in_two(ground, index, (x, y, np.ones(number)))
    is_whole(found, ground)
    inside = [int(shapely.intersects_xy(one, x, y).sum()) for one in found.new]
    assert sum(inside) == int(shapely.intersects_xy(ground[index], x, y).sum())
    assert abs(inside[0] - inside[1]) <= 1 or sum(inside) < 2


@given(seeds, st.tuples(*[st.floats(0.05, 0.95)] * 4), st.booleans())
@settings(max_examples=40)
def test_a_drawn_outline_keeps_the_ground_or_is_refused(seed: int, corners: tuple[float, ...], new: bool) -> None:  # noqa: FBT001 (hypothesis)
    ground = cells(seed)
    (x0, x1), (y0, y1) = sorted(corners[:2]), sorted(corners[2:])
    drawn = shapely.box(*(ORIGIN + SIDE * np.array([x0, y0])), *(ORIGIN + SIDE * np.array([x1 + 0.01, y1 + 0.01])))
    try:
        found = redrawn(ground, drawn, None if new else 0, snap_m=0.5, sliver_m=0.5)
    except PartitionError:
        return
    is_whole(found, ground)
    assert len(found.polygons) == len(ground) + new


@given(seeds, st.integers(1, 4))
@settings(max_examples=15)
def test_a_balance_keeps_ground_and_load(seed: int, k: int) -> None:
    ground, random = cells(seed, 5), np.random.default_rng(seed)
    x, y = (random.uniform(0, SIDE, 60) + ORIGIN[axis] for axis in (0, 1))
    at = np.column_stack([x, y])[:15]
    found = regrouped(ground, range(5), k, (x, y, np.ones(60)), cells_at=at)
    is_whole(found, ground)
    assert len(found.new) == k
    assert (shapely.get_num_geometries(found.new) == 1).all()
    loads = [int(shapely.intersects_xy(one, x, y).sum()) for one in found.new]
    assert sum(loads) == 60
    assert max(loads) / (60 / k) == pytest.approx(found.meta["most_over_mean"])
    assert found.meta["bound"] <= found.meta["most_over_mean"] + 1e-12
    assert found.meta["most_over_mean"] <= found.meta["most_over_mean_start"] + 1e-12


@given(seeds, st.randoms(use_true_random=False))
@settings(max_examples=15)
def test_the_order_of_rows_does_not_matter(seed: int, random: object) -> None:
    ground = cells(seed, 6)
    order = list(range(6))
    random.shuffle(order)  # type: ignore[attr-defined]
    turned = ground[order]
    place = [order.index(one) for one in range(6)]
    ids = [f"G{one}" for one in range(6)]
    read = [ids[one] for one in reading_order(ground, ids)]
    assert [ids[order[one]] for one in reading_order(turned, [ids[one] for one in order])] == read
    rng = np.random.default_rng(seed)
    x, y = (rng.uniform(0, SIDE, 40) + ORIGIN[axis] for axis in (0, 1))
    load, at = (x, y, np.ones(40)), np.column_stack([x, y])[:12]
    assert same_set(
        regrouped(ground, range(6), 3, load, cells_at=at).new, regrouped(turned, range(6), 3, load, cells_at=at).new
    )
    assert same_set(cut_in_two(ground, 2, load).new, cut_in_two(turned, place[2], load).new)
    assert len(audited(ground).faults) == len(audited(turned).faults)


@given(seeds, st.floats(-1e4, 1e4), st.sampled_from([0.5, 2.0, 10.0]))
@FEW
def test_reading_order_moves_and_scales_along(seed: int, shift: float, scale: float) -> None:
    ground = cells(seed)
    moved = shapely.transform(ground, lambda xy: (xy - ORIGIN) * scale + shift)
    assert reading_order(ground).tolist() == reading_order(moved).tolist()
    assert sorted(reading_order(ground).tolist()) == list(range(len(ground)))


@given(seeds)
@FEW
def test_snapping_mends_what_was_shaken(seed: int) -> None:
    ground, random = cells(seed, 6), np.random.default_rng(seed)
    moves = random.uniform(-0.01, 0.01, (len(ground), 2))
    shaken = np.array(
        [shapely.transform(one, lambda xy, by=by: xy + by) for one, by in zip(ground, moves, strict=True)], dtype=object
    )
    found = snapped(shaken, tolerance_m=0.1)
    assert audited(found.polygons, gap_width_m=0.05, overlap_m2=0.5).faults["kind"].isin(["gap", "overlap"]).sum() == 0
    assert shapely.area(found.polygons).sum() == pytest.approx(SIDE**2, rel=1e-3)


@given(st.lists(st.integers(0, 500), min_size=2, max_size=30), st.sampled_from([0.1, 7.0]))
def test_gini_does_not_mind_units_or_order(loads: list[int], unit: float) -> None:
    if not sum(loads):
        return
    found = spread_of(loads)
    assert 0 <= found.gini <= (len(loads) - 1) / len(loads) + 1e-12
    assert spread_of([unit * one for one in reversed(loads)]).gini == pytest.approx(found.gini)
