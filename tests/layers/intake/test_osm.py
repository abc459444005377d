"""OpenStreetMap extracts."""

from pathlib import Path
from typing import Any

import osmium
import pytest
from osmium.osm.mutable import Node, Relation, Way

from geo.errors import DataError
from layers.intake.spatial.osm import KINDS, read_osm
from layers.intake.upload.opening import open_upload

CORNERS = {1: (112.1, 32.0), 2: (112.11, 32.0), 3: (112.11, 32.01), 4: (112.1, 32.01), 5: (112.102, 32.002), 6: (112.104, 32.002), 7: (112.103, 32.004)}  # fmt: skip


def extract(path: Path) -> Path:
    """A block with one thing of each kind, and some that miss their corners."""
    with osmium.SimpleWriter(path) as out:
        for number, place in CORNERS.items():
            out.add_node(Node(id=number, location=place, version=1))
        tags: dict[int, dict[str, Any]] = {
            20: {"amenity": "toilets", "wheelchair": "yes", "name": "公厕"},
            21: {"tourism": "artwork", "artwork_type": "mural"},
            22: {"highway": "crossing"},
            23: {"building": "no"},
        }
        for number, one in tags.items():
            out.add_node(Node(id=number, location=(112.105, 32.005), tags=one, version=1))
        ways: dict[int, tuple[list[int], dict[str, str]]] = {
            1: ([1, 2, 3, 4, 1], {}),
            2: ([5, 6, 7, 5], {}),
            3: ([1, 3], {"highway": "residential", "name": "幸福路", "lit": "yes", "ref": "X1"}),
            4: ([1, 99], {"highway": "service"}),
            5: ([1, 2, 3, 1], {"leisure": "park"}),
            6: ([5, 6, 7, 5], {"amenity": "parking", "capacity": "30"}),
            7: ([1, 2, 3, 1], {"leisure": "playground"}),
        }
        for number, (nodes, one) in ways.items():
            out.add_way(Way(id=number, nodes=nodes, tags=one, version=1))
        members = [("w", 1, "outer"), ("w", 2, "inner")]
        block = {"type": "multipolygon", "building": "apartments", "building:levels": "6"}
        out.add_relation(Relation(id=1, members=members, tags=block, version=1))
    return path


def test_each_kind_is_a_table(tmp_path: Path) -> None:
    sources = {source.part: source for source in read_osm(extract(tmp_path / "a.osm.pbf"), file="a.osm.pbf")}
    assert set(sources) == set(KINDS)
    buildings = sources["buildings"]
    assert buildings.cells["osm_id"].tolist() == ["relation/1"]
    assert buildings.cells["building:levels"].tolist() == ["6"]
    assert buildings.geometry is not None
    assert buildings.geometry[0].geom_type == "Polygon"
    assert len(buildings.geometry[0].interiors) == 1
    streets = sources["streets"]
    assert streets.cells["osm_id"].tolist() == ["way/3"]
    assert streets.cells["other_tags"].tolist() == ['{"ref": "X1"}']
    assert [(lost.row, lost.code) for lost in streets.lost] == [(2, "broken_shape")]
    assert sources["toilets"].cells["name"].tolist() == ["公厕"]
    assert sources["parking"].cells["capacity"].tolist() == ["30"]
    assert all(source.crs == "EPSG:4326" for source in sources.values())


def test_it_is_known_by_its_content_and_read_in_the_worker(tmp_path: Path) -> None:
    path = extract(tmp_path / "a.osm.pbf").rename(tmp_path / "map.bin")
    assert {source.part for source in open_upload(path)} == set(KINDS)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(DataError, match="damaged OSM"):
        open_upload(path)


def test_an_extract_without_such_things_is_refused(tmp_path: Path) -> None:
    with osmium.SimpleWriter(tmp_path / "a.osm.pbf") as out:
        out.add_node(Node(id=1, location=(1, 2), tags={"natural": "tree"}, version=1))
    with pytest.raises(DataError, match="no buildings"):
        read_osm(tmp_path / "a.osm.pbf", file="a")
