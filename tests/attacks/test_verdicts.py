"""Every attack file and every broken file gives the verdict that is written down for it, and touches nothing."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from geo.errors import DataError
from layers.intake.history import history
from layers.intake.upload.opening import open_upload
from tests.attacks.conftest import SECRETS, Canary
from tests.attacks.reading import Outcome, read_all
from tests.attacks.whole_way import SITES, Arrival, Way, arrive, good_list, read_table, site

DATA = Path(__file__).parents[1] / "data" / "intake"
HOSTILE, BROKEN = DATA / "attacks", DATA / "broken"
NO_UPLOADS = {"SOURCES.md", "expected.json", "reading.json", "whole_way.json", "file_names.json", "path_strings.txt"}
BESIDE = {".gpkg-journal"}
EXPECTED = {
    one["file"].split(" ")[0]: one["verdict"] for one in json.loads((HOSTILE / "expected.json").read_text("utf-8"))
}
READING = {
    folder: json.loads((folder / "reading.json").read_text("utf-8")) if (folder / "reading.json").exists() else {}
    for folder in (HOSTILE, BROKEN)
}
STORES = {"store_gpkg_bitflip.gpkg", "store_parquet_bitflip.parquet"}
"""Sound by all that they hold: their bit shows only beside the digest of what was stored, see ``test_stores``."""
LATER = {"geom_antimeridian.geojson"} | STORES
"""Rejected by later steps: outside the project, or not what was stored."""
WAYS = {folder: read_table(folder / "whole_way.json") for folder in (HOSTILE, BROKEN)}
"""The whole way of each file: into which layer, with which answers, and what must come of it."""
NAMES = WAYS[HOSTILE].pop("file_names.json")
"""The same of names under which a good file comes."""


def uploads(folder: Path) -> dict[str, Path]:
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {
        str(path.relative_to(folder)): path
        for path in paths
        if path.name not in NO_UPLOADS and path.suffix not in BESIDE
    }


@pytest.fixture(scope="module")
def outcomes(canary: Canary) -> dict[Path, dict[str, Outcome]]:
    assert canary.calls == []
    return {folder: read_all(uploads(folder)) for folder in (HOSTILE, BROKEN)}


@pytest.fixture(scope="module")
def arrivals(
    outcomes: dict[Path, dict[str, Outcome]], tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, int], Arrival]:
    home = tmp_path_factory.mktemp("sites")
    sites = {name: site(home / name, name) for name in SITES}
    done = {}
    for folder, table in WAYS.items():
        for name, ways in table.items():
            for at, (way, _) in enumerate(ways):
                work = shutil.copytree(sites[way.site], home / "work")
                done[name, at] = arrive(work, way, outcomes[folder][name], file=name.rsplit("/", 1)[-1])
                shutil.rmtree(work)
    return done


@pytest.mark.parametrize(
    ("folder", "name"), [(folder, name) for folder in (HOSTILE, BROKEN) for name in uploads(folder)]
)
def test_reading_gives_what_is_written_down(folder: Path, name: str, outcomes: dict[Path, dict[str, Outcome]]) -> None:
    outcome = outcomes[folder][name]
    assert outcome.summary() == READING[folder][name]
    for problem in outcome.problems:
        assert problem.file.startswith(name.rsplit("/", maxsplit=1)[-1])
        for words in (problem.found, problem.expected, problem.remedy):
            assert words.zh
            assert words.en
        assert not problem.code.startswith("worker_"), problem.found


def test_reading_fits_the_verdict_on_the_whole_way(outcomes: dict[Path, dict[str, Outcome]]) -> None:
    for name, outcome in outcomes[HOSTILE].items():
        verdict = EXPECTED[name]
        if verdict == "reject" and name not in LATER:
            assert outcome.problems, name
        if verdict in {"accept", "partial", "needs-crs", "ask"}:
            assert outcome.sources, name
        if verdict == "ask":
            assert len(outcome.sources) > 1, name


@pytest.mark.parametrize(("folder", "name"), [(folder, name) for folder in WAYS for name in WAYS[folder]])
def test_the_whole_way_gives_what_is_written_down(
    folder: Path, name: str, arrivals: dict[tuple[str, int], Arrival]
) -> None:
    for at, (_, expected) in enumerate(WAYS[folder][name]):
        arrival = arrivals[name, at]
        assert arrival.summary() == expected
        assert arrival.problems or expected["stored"]
        for problem in arrival.problems:
            for words in (problem.found, problem.expected, problem.remedy):
                assert words.zh
                assert words.en
        if arrival.look is not None:
            lost = [one for part in arrival.look.parts for one in part.lost]
            assert arrival.look.rows_read == arrival.look.rows_kept + len(lost)
            assert all(one.row > 0 and one.found.zh and one.remedy.zh and one.remedy.en for one in lost)


def test_every_file_has_its_way() -> None:
    for folder in (HOSTILE, BROKEN):
        assert set(WAYS[folder]) == set(uploads(folder))


@pytest.mark.parametrize("name", [name for name in WAYS[HOSTILE] if name not in STORES])
def test_the_way_fits_the_verdict(name: str) -> None:
    found = [expected for _, expected in WAYS[HOSTILE][name]]
    verdict = EXPECTED[name]
    stored = [one for one in found if "stored" in one]
    if verdict == "reject":
        assert not stored
        assert all("refused" in one for one in found)
    elif verdict == "accept":
        assert stored
        assert "rejected" not in stored[-1]
    elif verdict == "needs-crs":
        assert any("needs_answer" in one.get("asks", ()) for one in found)
    elif verdict == "ask":
        assert found[0]["asks"] == ["which_part"]
    elif verdict == "partial":
        assert any("rejected" in one or "asks" in one for one in found)
    else:
        assert verdict in {"reject-or-warn", "accept-or-reject"}
        assert all("refused" in one or "told" in one or "asks" in one for one in found)


def test_nothing_was_touched(outcomes: dict[Path, dict[str, Outcome]], canary: Canary) -> None:
    seen = b"\n".join(outcome.bytes() for some in outcomes.values() for outcome in some.values())
    for secret in SECRETS:
        assert secret.encode() not in seen
    assert b"/tmp/" not in seen.replace(b"/tmp/reno_canary", b"")
    assert b"Traceback" not in seen
    canary.check()


def test_each_row_is_kept_or_lost(outcomes: dict[Path, dict[str, Outcome]]) -> None:
    for outcome in outcomes[HOSTILE].values():
        for source in outcome.sources:
            assert len(source.rows) == len(source.cells) == len(set(source.rows.tolist()))
            assert not set(source.rows.tolist()) & {lost.row for lost in source.lost}
            if source.geometry is not None:
                assert len(source.geometry) == len(source.rows)


def test_texts_survive_exactly(outcomes: dict[Path, dict[str, Outcome]]) -> None:
    done = outcomes[HOSTILE]
    for name in ("shp_gbk_no_cpg.zip", "shp_cpg_lies_utf8.zip", "zip_gbk_entry_names.zip"):
        (source,) = done[name].sources
        assert source.cells["小区名"].iloc[0] == "幸福里"
    assert list(done["shp_truncated_field_names.zip"].sources[0].cells.columns) == ["整治前", "整治_1", "整治_2"]
    assert done["csv_ids_as_numbers.csv"].sources[0].cells["grid"].iloc[0] == "001"
    assert "NA" in set(done["csv_words_that_mean_missing.csv"].sources[0].cells["grid"])
    assert len(done["store_hot_journal.gpkg"].sources[0].cells) == 500
    assert not done["store_hot_journal.gpkg"].sources[0].cells["s"].astype(str).str.contains("XXXX").any()


def test_a_photo_comes_without_what_the_phone_added(outcomes: dict[Path, dict[str, Outcome]]) -> None:
    given = (HOSTILE / "photo_exif_gps_owner.jpg").read_bytes()
    (source,) = outcomes[HOSTILE]["photo_exif_gps_owner.jpg"].sources
    picture = source.cells["picture"].iloc[0]
    assert b"Exif" in given
    assert picture.startswith(b"\xff\xd8\xff")
    assert b"Exif" not in picture
    assert source.geometry is not None
    assert source.geometry[0].x == pytest.approx(112.14, abs=0.1)


def test_typed_paths_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, canary: Canary) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    for line in (HOSTILE / "path_strings.txt").read_text("utf-8").splitlines():
        with pytest.raises(DataError, match="no such file"):
            open_upload(Path(line.replace("\\x00", "\0")))
    assert canary.calls == []


def test_every_name_has_its_way() -> None:
    assert [way.name for way, _ in NAMES] == json.loads((HOSTILE / "file_names.json").read_text("utf-8"))


@pytest.mark.parametrize(("way", "expected"), NAMES, ids=[str(at) for at in range(len(NAMES))])
def test_a_hostile_name_goes_the_whole_way_and_is_only_shown(
    way: Way, expected: dict[str, Any], tmp_path: Path, canary: Canary
) -> None:
    home = site(tmp_path / "home" / "site", way.site)
    path = good_list(tmp_path / "good.csv")
    arrival = arrive(home, way, Outcome(open_upload(path, name=way.name)), file=way.name, path=path)
    assert {name: told for name, told in arrival.summary().items() if name != "told"} == expected
    (done,) = history(home)
    assert done.record["file"] == way.name
    assert sorted(one.name for one in done.folder.iterdir()) == ["before.gpkg", "import.json", "rejected.csv"]
    assert {one.name for one in home.iterdir()} <= {".intake.lock", "imports", "layers.gpkg", "maps", "workspace.toml"}
    assert sorted(one.name for one in tmp_path.iterdir()) == ["good.csv", "home"]
    assert [one.name for one in (tmp_path / "home").iterdir()] == ["site"]
    for problem in (*(arrival.look.problems if arrival.look else ()), *arrival.problems):
        assert problem.file.isprintable()
    assert canary.calls == []


@pytest.mark.parametrize("name", json.loads((HOSTILE / "file_names.json").read_text("utf-8")))
def test_a_hostile_name_is_only_shown(name: str, tmp_path: Path) -> None:
    path = tmp_path / "good.csv"
    path.write_text("id,lon\n1,2\n")
    (source,) = open_upload(path, name=name)
    assert len(source.cells) == 1
    assert source.file
    assert source.file.isprintable()
    assert len(source.file) <= 81
    assert [one.name for one in tmp_path.iterdir()] == ["good.csv"]
