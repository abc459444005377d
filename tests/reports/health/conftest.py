"""The small community, opened once for the tests that only set thresholds."""

import pytest

from layers import Workspace
from tests.reports.health import ground


@pytest.fixture(scope="session")
def sample_ws(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    stop = ground.facilities(("bus_stop", 30, 30))
    return ground.opened(tmp_path_factory.mktemp("ground"), {"streets": ground.streets(), "facilities": stop})
