import json
from pathlib import Path
from typing import Any

import pytest

from layers import Workspace, open_workspace
from layers.exports import export_layer
from tests import samples
from tests.samples import community


def requests(path: Path) -> dict[str, dict[str, Any]]:
    return {one["service_request_id"]: one for one in json.loads(path.read_text("utf-8"))}


def test_the_issues_are_service_requests(sample: Workspace, tmp_path: Path) -> None:
    done = export_layer(sample, "issues", tmp_path / "a.json", lang="en")
    assert done.notes == ()
    found = requests(tmp_path / "a.json")
    assert list(found) == sample["issues"].index.tolist()
    one = found["i02"]
    assert one["status"] == "closed"
    assert (one["requested_datetime"], one["updated_datetime"]) == (
        "2024-05-01T09:00:00+08:00",
        "2024-05-09T09:00:00+08:00",
    )
    assert (one["service_code"], one["service_name"]) == ("ROAD_PATCH", "Road surface repair")
    assert (one["lat"], one["long"]) == pytest.approx((30.7208, 111.0002), abs=1e-4)
    assert {i for i, r in found.items() if r["status"] == "open"} == set(
        sample.standing.query("is_open or not is_known").index
    )
    assert (found["i11"]["lat"], found["i11"]["long"]) == (None, None)
    assert (found["i10"]["service_code"], found["i10"]["service_name"]) == (None, "Something else")


def test_elsewhere_times_have_no_zone_and_that_is_told(tmp_path: Path) -> None:
    moved = samples.tables()
    folder = community(
        tmp_path / "s", {k: t.set_crs("EPSG:32650", allow_override=True) for k, t in moved.items()}, crs="EPSG:32650"
    )  # type: ignore[operator]
    done = export_layer(open_workspace(folder), "issues", tmp_path / "a.json")
    assert [n.code for n in done.notes] == ["export_no_zone"]
    assert requests(tmp_path / "a.json")["i01"]["requested_datetime"] == "2024-05-01T09:00:00"


def test_a_public_list_has_no_words_of_residents(sample: Workspace, tmp_path: Path) -> None:
    export_layer(sample, "issues", tmp_path / "a.json", public=True)
    found = requests(tmp_path / "a.json")
    assert all(one["description"] is None and one["address"] is None for one in found.values())
    assert all(one["lat"] is None or one["lat"] == round(one["lat"], 4) for one in found.values())
