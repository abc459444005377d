"""Coverage and the health check say the same of who is near what: one network, one set of homes, one way to a door."""

import numpy as np
import pandas as pd
import pytest

from layers import BUILDINGS, Workspace
from reports.demand import homes_in_buildings, lived_in, samples_of_ground
from reports.health.examination import health_check
from reports.health.walking import walked_within
from reports.service.served import distances_of
from tests import samples
from tests.reports.health import ground


def test_who_walks_to_a_toilet(huolong: Workspace) -> None:
    found = health_check(huolong, profile="CN-old", only={"T-R"}).at("T-R", "*")
    near = distances_of(huolong, "toilets").foot[0].distance_m <= 300
    homes = huolong[BUILDINGS]["households"].to_numpy(dtype=float) * lived_in(huolong)
    assert found.beside["walk_percent"][1] == pytest.approx(100 * homes[near].sum() / homes.sum())
    assert 0 < found.beside["walk_percent"][1] < 100


def test_a_line_that_is_a_barrier_by_its_kind_parts_homes_in_the_check_too(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Who does not say whether one can walk on a railway: the table of street kinds does, for both."""
    streets = ground.streets()
    streets["walkable"] = pd.array([None] * len(streets), dtype="boolean")
    ws = ground.opened(tmp_path_factory.mktemp("kinds") / "ws", {"streets": streets.assign(kind="railway")})
    check = ground.checked(ws, "K-R").check
    assert check.streets.network is None
    assert walked_within(check, np.array([samples.point(20, 15)], dtype=object), 300) is None


def test_the_points_of_the_ground_stand_for_all_of_it(sample: Workspace) -> None:
    for level in sample.levels:
        points = samples_of_ground(sample, level)
        area = np.bincount(points.codes, weights=points.weight)
        assert area == pytest.approx(sample.grids(level).geometry.area.to_numpy())
        assert points.status == "proxy"


def test_homes_are_the_buildings_lived_in(huolong: Workspace) -> None:
    homes = homes_in_buildings(huolong, huolong.finest)
    assert homes is not None
    assert homes.ids is not None
    assert homes.ids.tolist() == huolong[BUILDINGS].index[lived_in(huolong)].tolist()
    some = homes.of(np.arange(3))
    assert some.ids is not None
    assert len(some.ids) == len(some.x) == 3
