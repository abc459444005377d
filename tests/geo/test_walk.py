"""The walk network: noding, snapping, barriers, distances, pairs, reach; a case of five features by hand."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiLineString, Point, box

from geo.coverage import nearest_m, straight_pairs
from geo.walk import (
    gates,
    isochrone_areas,
    isochrone_lines,
    metres_of,
    minutes_of,
    nearest_on_foot,
    network_of_edges,
    pairs_on_foot,
    reach,
    snapped,
    walk_network,
)

SOUTH, NORTH = LineString([(0, 0), (200, 0)]), LineString([(0, 60), (200, 60)])
BRIDGE = LineString([(200, 0), (200, 60)])
RAILWAY = LineString([(-50, 30), (250, 30)])
WALKED = [True, True, True, False]
FIVE = [SOUTH, NORTH, BRIDGE, RAILWAY]  # and a house at (50, 10) with a toilet at (50, 50) over the railway


def test_a_railway_is_crossed_on_the_bridge_only() -> None:
    """By hand: 10 m to the street, 150 m to the bridge, 60 m over it, 150 m back, 10 m to the toilet."""
    network = walk_network(FIVE, walkable=WALKED)
    found = nearest_on_foot(network, [50], [10], [50], [50])
    assert found.distance_m == pytest.approx([10 + 150 + 60 + 150 + 10])
    assert nearest_m([50], [10], [50], [50]) == pytest.approx([40])
    assert found.status.tolist() == ["reached"]
    assert found.snapped_m == pytest.approx([10])
    assert (len(network.nodes), len(network.edges), network.meta["parts"]) == (4, 3, 1)


def test_a_way_to_the_street_does_not_cross_the_railway() -> None:
    """A house at (50, 28) is 28 m from the street on its side; one at (50, 32) takes the northern one, 28 m."""
    network = walk_network(FIVE, walkable=WALKED)
    both = snapped(network, [50, 50, 50], [28, 32, 29.9])
    assert both.leg_m == pytest.approx([28, 28, 29.9])
    near = walk_network([SOUTH, LineString([(0, 31), (200, 31)]), RAILWAY], walkable=[True, True, False])
    over = snapped(near, [50], [28])  # 3 m to the street over the railway, 28 m to its own
    assert over.leg_m == pytest.approx([28])
    assert over.status.tolist() == ["placed"]
    only = walk_network([NORTH, RAILWAY], walkable=[True, False])
    assert snapped(only, [50], [28]).status.tolist() == ["blocked"]
    assert np.isnan(nearest_on_foot(only, [50], [28], [50], [60]).distance_m).all()


def test_where_bridges_are_declared_other_drawn_crossings_are_cut() -> None:
    lines = [SOUTH, NORTH, BRIDGE, LineString([(0, 0), (0, 60)]), RAILWAY]
    walked = [True, True, True, True, False]
    free = walk_network(lines, walkable=walked)
    assert nearest_on_foot(free, [50], [0], [50], [60]).distance_m == pytest.approx([50 + 60 + 50])
    told = walk_network(lines, walkable=walked, bridges=[(200, 30)])
    assert nearest_on_foot(told, [50], [0], [50], [60]).distance_m == pytest.approx([150 + 60 + 150])
    none = walk_network(lines, walkable=walked, bridges=np.empty((0, 2)))
    found = nearest_on_foot(none, [50], [0], [50], [60])
    assert found.status.tolist() == ["unreached"]
    assert np.isinf(found.distance_m).all()
    assert none.meta["cut_at_barriers"] == 2
    assert none.meta["parts"] == 2


def test_lines_are_joined_at_crossings_at_ends_and_near_misses() -> None:
    cross = [LineString([(0, 0), (100, 0)]), LineString([(50, -50), (50, 50)])]
    assert len(walk_network(cross).edges) == 4
    assert len(walk_network(cross, crossings=False).edges) == 2
    assert walk_network(cross, level=[0, 1]).meta["parts"] == 2
    miss = [LineString([(0, 0), (100, 0)]), LineString([(50, 0.4), (50, 50)])]
    joined = walk_network(miss, crossings=False, tolerance_m=0.5)
    assert (len(joined.edges), joined.meta["parts"]) == (3, 1)
    assert joined.meta["length_m"] == pytest.approx(100 + 50, abs=0.5)
    assert walk_network(miss, tolerance_m=0.1).meta["parts"] == 2
    over = [LineString([(0, 0), (100, 0)]), LineString([(50, -0.3), (50, 50)])]
    assert len(walk_network(over).edges) == 3


def test_loops_and_lines_that_cross_themselves() -> None:
    loop = LineString([(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)])
    network = walk_network([loop])
    assert (len(network.nodes), len(network.edges)) == (1, 1)
    found = nearest_on_foot(network, [100, 10], [50, 0], [0], [90])  # 160 m one way, 240 m the other; 100 over the end
    assert found.distance_m == pytest.approx([310 - 150, 10 + 90])
    eight = LineString([(0, 0), (100, 100), (100, 0), (0, 100)])
    crossed = walk_network([eight])
    assert len(crossed.edges) == 3
    assert nearest_on_foot(crossed, [0], [0], [0], [100]).distance_m == pytest.approx([2 * np.hypot(50, 50)])


def test_points_lie_on_edges_and_share_one() -> None:
    street = walk_network([LineString([(0, 0), (1000, 0)])])
    found = nearest_on_foot(street, [400, 900], [3, 0], [500, 480], [4, 40])
    assert found.distance_m == pytest.approx([3 + 100 + 4, 400 + 4])
    assert found.facility.tolist() == [0, 0]


def test_what_cannot_be_known_is_told_apart() -> None:
    lines = [SOUTH, LineString([(5000, 0), (5100, 0)]), None, LineString()]
    network = walk_network(lines)
    assert network.meta["lines_without_shape"] == 2
    assert network.parts["length_m"].tolist() == [200, 100]
    found = nearest_on_foot(network, [10, 5010, 10, np.nan], [0, 0, 500, 0], [100, 9000], [0, 0], snap_m=50)
    assert found.status.tolist() == ["reached", "unreached", "too_far", "unplaced"]
    assert found.distance_m[:2].tolist() == [90, np.inf]
    assert np.isnan(found.distance_m[2:]).all()
    assert found.snapped_m[2] == 500
    assert found.part.tolist() == [0, 1, -1, -1]
    assert found.facility_status.tolist() == ["placed", "too_far"]
    assert found.meta["facilities_not_on_network"] == 1


def test_limits_and_caps_include_the_rim() -> None:
    network = walk_network([SOUTH])
    assert nearest_on_foot(network, [0], [0], [100], [0], limit_m=100).status.tolist() == ["reached"]
    assert nearest_on_foot(network, [0], [0], [100], [0], limit_m=99.999).status.tolist() == ["unreached"]
    assert snapped(network, [0], [50], snap_m=50).status.tolist() == ["placed"]
    assert len(pairs_on_foot(network, [0], [0], [100], [0], limit_m=100).place) == 1
    assert len(straight_pairs([0], [0], [100], [0], limit_m=100).place) == 1
    assert len(straight_pairs([0, np.nan], [0, 1], [100], [0], limit_m=99.9).place) == 0


def test_no_streets_and_no_facilities() -> None:
    nothing = walk_network([])
    assert nearest_on_foot(nothing, [0], [0], [1], [1]).status.tolist() == ["too_far"]
    assert len(pairs_on_foot(nothing, [0], [0], [1], [1], limit_m=500).place) == 0
    assert np.isnan(reach(nothing, [0], [0], limit_m=500).length_m).all()
    network = walk_network([SOUTH])
    assert nearest_on_foot(network, [0], [0], [], []).status.tolist() == ["unreached"]
    with pytest.raises(ValueError, match="marks"):
        walk_network([SOUTH], walkable=[True, False])
    with pytest.raises(ValueError, match="tolerance"):
        walk_network([SOUTH], tolerance_m=0)
    with pytest.raises(ValueError, match="shorter"):
        network_of_edges([(0, 0), (100, 0)], [0], [1], shapes=[LineString([(0, 0), (50, 0)])])


def test_how_far_a_walk_goes_to_the_metre() -> None:
    """From (50, 10): 10 m to the street, 100 m left: 50 m west to its end, 100 m east."""
    network = walk_network(FIVE, walkable=WALKED)
    found = reach(network, [50, 9000], [10, 0], limit_m=110)
    assert found.length_m[0] == pytest.approx(50 + 100)
    assert np.isnan(found.length_m[1])
    assert found.status.tolist() == ["placed", "too_far"]
    assert found.parts.to_dict("records") == [{"start": 0, "edge": 0, "from_m": 0.0, "to_m": 150.0}]
    far = reach(network, [50], [10], limit_m=250)  # 150 m to the bridge, 60 m over it, 30 m of the northern street
    assert far.length_m == pytest.approx([200 + 60 + 30])
    assert shapely.length(isochrone_lines(network, far)).sum() == pytest.approx(far.length_m[0])
    both = reach(network, [50, 60], [10, 10], limit_m=110, together=True)
    assert both.length_m == pytest.approx([160])
    area = isochrone_areas(network, far, beside_m=10)[0]
    assert area.covers(SOUTH)
    assert not area.covers(NORTH)
    assert reach(network, [50], [10], limit_m=5).length_m == pytest.approx([0])


def test_small_holes_of_a_drawing_are_filled() -> None:
    loop = walk_network([LineString([(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)])])
    found = reach(loop, [0], [0], limit_m=1000)
    assert isochrone_areas(loop, found, beside_m=10, hole_m2=10_000)[0].covers(Point(50, 50))
    assert not isochrone_areas(loop, found, beside_m=10, hole_m2=100)[0].covers(Point(50, 50))


def test_areas_are_entered_where_streets_touch_them() -> None:
    network = walk_network([SOUTH])
    found = gates(network, [box(50, 10, 90, 50), box(80, -40, 120, 40), Point(3, 4), None, box(0, 80, 20, 90)])
    rows = list(zip(found.owner, found.x, found.y, strict=True))
    places = {number: {(x, y) for owner, x, y in rows if owner == number} for number in range(5)}
    assert {y for _, y in places[0]} == {10.0}  # its southern side runs along the street
    assert {(80.0, 0.0), (120.0, 0.0)} <= places[1]  # the street crosses it
    assert places[2] == {(3.0, 4.0)}
    assert places[3] == set()
    assert {y for _, y in places[4]} == {80.0}  # no street near: the nearest place
    assert (found.meta["areas_on_streets"], found.meta["areas_off_streets"]) == (2, 1)


def test_minutes_and_metres() -> None:
    assert metres_of([5, 10], 1.25).tolist() == [375, 750]
    assert minutes_of([375, np.inf], 1.25).tolist() == [5, np.inf]
    with pytest.raises(ValueError, match="pace"):
        metres_of(5, 0)


@st.composite
def cities(draw: st.DrawFn) -> tuple[list[LineString], np.ndarray, np.ndarray]:
    """Streets of a lattice with some missing, houses and facilities in whole metres."""
    size = draw(st.integers(2, 5))
    every = [LineString([(100 * i, 100 * j), (100 * i + 100, 100 * j)]) for i in range(size) for j in range(size)]
    every += [LineString([(100 * i, 100 * j), (100 * i, 100 * j + 100)]) for i in range(size) for j in range(size)]
    keep = draw(st.lists(st.booleans(), min_size=len(every), max_size=len(every)))
    lines = [line for line, kept in zip(every, keep, strict=True) if kept] or every[:1]
    place = st.tuples(st.integers(-50, 100 * size + 50), st.integers(-50, 100 * size + 50))
    houses = draw(st.lists(place, min_size=1, max_size=12))
    facilities = draw(st.lists(place, min_size=1, max_size=4))
    return lines, np.array(houses, dtype=float), np.array(facilities, dtype=float)


@settings(deadline=None, max_examples=60)
@given(cities(), st.randoms(use_true_random=False))
def test_walks_are_no_shorter_than_lines_and_do_not_depend_on_order_or_origin(city: tuple, chance: object) -> None:
    lines, houses, facilities = city
    network = walk_network(lines)
    found = nearest_on_foot(network, *houses.T, *facilities.T)
    straight = nearest_m(*houses.T, *facilities.T)
    reached = found.status == "reached"
    assert (found.distance_m[reached] >= straight[reached] - 1e-9).all()
    mixed = list(lines)
    chance.shuffle(mixed)
    order = np.arange(len(houses))
    chance.shuffle(order)
    again = nearest_on_foot(walk_network(mixed), *houses[order].T, *facilities[::-1].T)
    assert np.allclose(again.distance_m, found.distance_m[order], atol=1e-6, equal_nan=True)
    away = np.array([500_000, 3_000_000])
    moved = [shapely.transform(line, lambda xy: xy + away) for line in lines]
    there = nearest_on_foot(walk_network(moved), *(houses + away).T, *(facilities + away).T)
    assert np.allclose(there.distance_m, found.distance_m, atol=1e-6, equal_nan=True)


@settings(deadline=None, max_examples=60)
@given(cities(), st.integers(10, 400))
def test_pairs_reach_and_nearest_tell_the_same(city: tuple, limit_m: int) -> None:
    lines, houses, facilities = city
    network = walk_network(lines)
    nearest = nearest_on_foot(network, *houses.T, *facilities.T, limit_m=limit_m)
    pairs = pairs_on_foot(network, *houses.T, *facilities.T, limit_m=limit_m)
    least = np.full(len(houses), np.inf)
    np.minimum.at(least, pairs.place, pairs.distance_m)
    assert np.allclose(least, np.where(np.isnan(nearest.distance_m), np.inf, nearest.distance_m), atol=1e-6)
    turned = pairs_on_foot(network, *facilities.T, *houses.T, limit_m=limit_m)
    assert sorted(zip(turned.facility, turned.place, strict=True)) == list(
        zip(pairs.place, pairs.facility, strict=True)
    )
    apart = reach(network, *facilities.T, limit_m=limit_m)
    wider = reach(network, *facilities.T, limit_m=limit_m + 10)
    together = reach(network, *facilities.T, limit_m=limit_m, together=True)
    known = ~np.isnan(apart.length_m)
    assert (apart.length_m[known] <= wider.length_m[known] + 1e-9).all()
    assert together.length_m[0] <= apart.length_m[known].sum() + 1e-6
    assert together.length_m[0] >= (apart.length_m[known].max() if known.any() else 0) - 1e-6
    assert (apart.length_m[known] <= network.length_m.sum() + 1e-6).all()


@settings(deadline=None, max_examples=60)
@given(cities(), st.integers(0, 4), st.integers(0, 4))
def test_more_streets_and_more_facilities_never_lengthen_a_walk(city: tuple, i: int, j: int) -> None:
    """Between places on the streets: a house that stands beside them may choose a new street that leads nowhere."""
    lines, houses, facilities = city
    on = [line.interpolate(line.project(Point(xy))) for xy in facilities for line in lines[:1]]
    from_ = [line.interpolate(0.3, normalized=True) for line in lines]
    to_x, to_y, x, y = shapely.get_x(on), shapely.get_y(on), shapely.get_x(from_), shapely.get_y(from_)
    before = nearest_on_foot(walk_network(lines), x, y, to_x, to_y)
    more = nearest_on_foot(walk_network([*lines, LineString([(100 * i, 0), (100 * j, 400)])]), x, y, to_x, to_y)
    assert (more.distance_m <= before.distance_m + 1e-6).all()
    added = nearest_on_foot(walk_network(lines), x, y, [*to_x, x[0]], [*to_y, y[0]])
    assert (added.distance_m <= before.distance_m).all()
    assert len(houses)


def test_parts_of_a_line_are_streets_of_their_own() -> None:
    network = walk_network([MultiLineString([[(0, 0), (100, 0)], [(100, 0), (100, 100)]])])
    assert network.meta["parts"] == 1
    assert network.edges["line"].tolist() == [0, 0]


def test_second_opinion_of_networkx() -> None:
    networkx = pytest.importorskip("networkx")
    chance = np.random.default_rng(5)
    xy = chance.random((60, 2)) * 1000
    u, v = chance.integers(0, 60, (2, 150))
    u, v = u[u != v], v[u != v]
    network = network_of_edges(xy, u, v)
    peer = networkx.Graph()
    peer.add_nodes_from(range(60))
    peer.add_weighted_edges_from(zip(u.tolist(), v.tolist(), network.length_m.tolist(), strict=True))
    theirs = networkx.multi_source_dijkstra_path_length(peer, {0, 7})
    ours = nearest_on_foot(network, *xy.T, *xy[[0, 7]].T).distance_m
    linked = [one for one in range(60) if peer.degree(one)]
    assert np.allclose(ours[linked], [theirs.get(one, np.inf) for one in linked])
