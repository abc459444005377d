import numpy as np
import pytest
import shapely

from geo.rings import ring_faults

HOUSE = [(-71.06, 42.35), (-71.05, 42.35), (-71.05, 42.36), (-71.06, 42.36)]
YARD = [(-71.057, 42.353), (-71.053, 42.353), (-71.053, 42.357), (-71.057, 42.357)]
METRES = [(330_000, 4_690_000), (330_010, 4_690_000), (330_010, 4_690_010), (330_000, 4_690_010)]


def test_a_courtyard_left_in_metres_is_found_and_dropped() -> None:
    shapes = [shapely.Polygon(HOUSE), shapely.Polygon(HOUSE, [YARD, METRES]), None, shapely.Point(0, 0)]
    found = ring_faults(shapes)
    assert [(one.row, one.part, one.ring) for one in found.faults] == [(1, 0, 2)]
    assert found.faults[0].found.en == "(330000, 4690000)"
    assert list(found.repaired) == [1]
    assert found.repaired[1] is not None
    assert found.repaired[1].equals(shapely.Polygon(HOUSE, [YARD]))
    assert found.repaired[1].is_valid


def test_a_courtyard_left_in_degrees_is_found() -> None:
    outer = [(x + 1e3 * k, y) for k, (x, y) in enumerate(METRES)]
    assert len(ring_faults([shapely.Polygon(outer, [YARD])]).faults) == 1


def test_courtyards_that_only_cross_their_outline_are_not_meant() -> None:
    crossing = [(-71.052, 42.353), (-71.04, 42.353), (-71.04, 42.357)]
    assert ring_faults([shapely.Polygon(HOUSE, [crossing]), shapely.Polygon(HOUSE, [YARD])]).faults == ()


def test_a_part_in_other_units_than_the_layer_is_found() -> None:
    mixed = shapely.MultiPolygon([shapely.Polygon(HOUSE), shapely.Polygon(METRES)])
    found = ring_faults([shapely.Polygon(HOUSE), mixed, shapely.Polygon(HOUSE)])
    assert [(one.row, one.part, one.ring) for one in found.faults] == [(1, 1, 0)]
    assert found.repaired[1] == shapely.Polygon(HOUSE)
    both = shapely.MultiPolygon([shapely.Polygon(METRES), shapely.Polygon([(x + 50, y) for x, y in METRES])])
    assert ring_faults([shapely.Polygon(HOUSE)] * 5 + [both]).repaired == {5: None}


def test_parts_with_and_without_faulty_courtyards_stay_parts() -> None:
    second = shapely.Polygon([(x + 1, y) for x, y in HOUSE])
    found = ring_faults([shapely.MultiPolygon([shapely.Polygon(HOUSE, [METRES]), second])])
    assert found.repaired[0] == shapely.MultiPolygon([shapely.Polygon(HOUSE), second])


@pytest.mark.parametrize("shapes", [[], [None], [shapely.Polygon()], np.array([shapely.Polygon(HOUSE)], dtype=object)])
def test_layers_without_such_faults(shapes: list[object]) -> None:
    found = ring_faults(shapes)
    assert (found.faults, found.repaired) == ((), {})


def test_a_courtyard_without_numbers_is_faulty() -> None:
    with np.errstate(invalid="ignore"):
        ring = shapely.LinearRing([(-71.057, 42.353), (-71.053, np.nan), (-71.053, 42.357), (-71.057, 42.353)])
        house = shapely.Polygon(HOUSE, [ring])
        found = ring_faults([house])
    assert len(found.faults) == 1
    assert found.repaired[0] == shapely.Polygon(HOUSE)
