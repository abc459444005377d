"""The vendored web files are those that THIRD_PARTY.md describes, and a fetch of others is refused."""

import shutil
from pathlib import Path

import pytest

from data.web.build import HERE, check, recorded


def test_committed_files_are_those_on_record() -> None:
    check(HERE)
    assert len(recorded()) == 5


def test_a_file_that_is_not_the_one_on_record_is_named(tmp_path: Path) -> None:
    for name in recorded():
        shutil.copy(HERE / name, tmp_path)
    with (tmp_path / "leaflet.js").open("ab") as script:
        script.write(b"//")
    with pytest.raises(ValueError, match=r"^leaflet\.js: SHA-256 is .{64}, THIRD_PARTY\.md has dc71f8a6") as caught:
        check(tmp_path)
    assert "\n" not in str(caught.value)
