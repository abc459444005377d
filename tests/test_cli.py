"""The command line: exit codes, one JSON document on standard output, and every fault of bad input."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import cli
from cli import main
from geo.text import Lang
from layers import open_workspace, save_workspace
from tests import samples
from tests.faults import FAULTS
from tests.layers.test_reading import everything_wrong

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process: exit code, standard output, standard error."""

    def run_it(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run_it


def document(out: str) -> Any:
    """The one JSON document that makes up the output."""
    assert out.endswith("\n")
    assert out.count("\n") == 1
    return json.loads(out, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))


IN_SHORT = ("no manifest", "layer without CRS", "cycle", "duplicate id", "unclosed ring")
VERBS = [*(("check", name) for name in FAULTS), *(("rank", name) for name in IN_SHORT)]


@pytest.mark.parametrize(("verb", "name"), VERBS)
def test_bad_input_ends_with_1_and_every_detail(verb: str, name: str, run: Run, tmp_path: Path) -> None:
    fault = FAULTS[name]
    fault.break_at(tmp_path / "broken")
    code, out, err = run(verb, tmp_path / "broken", "--json", "--lang", "en")
    assert code == 1
    problems = [p for p in document(out)["problems"] if (p["code"], p["row"]) == (fault.code, fault.row)]
    assert problems
    assert problems[0]["file"].endswith(fault.file)
    for key in ("expected", "remedy"):
        assert set(problems[0][key]) == {"zh", "en"}
    assert "Traceback" not in err
    if verb == "rank":
        assert problems[0]["remedy"]["en"] in err


def test_several_faults_are_all_listed_in_words(run: Run, tmp_path: Path) -> None:
    everything_wrong(tmp_path / "broken")
    code, out, _ = run("check", tmp_path / "broken", "--lang", "en")
    assert code == 1
    lines = [line for line in out.splitlines() if not line.startswith("[warning]")]
    kinds = ["grid_orphan", "no_crs", "unreadable_geometry", "no_geometry", "duplicate_id", "bad_value"]
    assert sorted(line.split("]")[1].split(":")[0].strip() for line in lines) == sorted(kinds)
    assert "layers.gpkg:grids · W1 · parent_id: found X; expected a parent grid that exists." in out
    code, out, err = run("rank", tmp_path / "broken", "--lang", "zh")
    assert (code, out) == (1, "")
    assert "W1" in err
    assert "上级网格存在" in err


def test_a_sound_workspace_ends_with_0(folder: Path, run: Run) -> None:
    code, out, err = run("check", folder, "--json")
    assert (code, err) == (0, "")
    found = document(out)
    assert found["layers"] == {"buildings": 5, "grids": 6, "issues": 13, "parks": 1, "toilets": 1}
    assert {p["severity"] for p in found["problems"]} == {"warning"}
    code, out, _ = run("check", folder)
    assert code == 0
    assert "issues: 13" in out.splitlines()


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("[criteria.happiness]\nweight = 1\n", ["criteria.happiness"]),
        ("[criteria.elderly_share_pct]\nweight = 0\n", ["weight"]),
        (
            'normalisation = "x"\n[criteria.happiness]\nweight = 1\n[criteria.elderly_share_pct]\nweight = 0\n',
            ["normalisation", "criteria.happiness", "weight"],
        ),
    ],
)
def test_criteria_that_cannot_be_used(text: str, columns: list[str], folder: Path, run: Run) -> None:
    (folder / "mine.toml").write_text(text, "utf-8")
    code, out, err = run("rank", folder, "--criteria", folder / "mine.toml", "--json")
    assert code == 1
    assert [p["column"] for p in document(out)["problems"]] == columns
    assert all(p["file"] == "mine.toml" for p in document(out)["problems"])
    assert "Traceback" not in err
    code, out, err = run("rank", folder, "--criteria", folder / "none.toml")
    assert (code, out) == (1, "")
    assert "none.toml" in err


def test_rank_as_json_and_as_lines(folder: Path, run: Run) -> None:
    code, out, err = run("rank", folder, "--json", "--draws", 50)
    assert (code, err) == (0, "")
    found = document(out)
    assert (found["draws"], found["level"], found["unlocated"], len(found["grids"])) == (50, 2, 2, 4)
    assert run("rank", folder, "--json", "--draws", 50)[1] == out
    code, out, _ = run("rank", folder, "--level", 1, "--lang", "en")
    assert code == 0
    now, first, second, footer = out.splitlines()
    assert now.startswith("2 things to do at once, before any ranking")
    assert first.split()[0] == "1"
    assert second.split()[0] == "2"
    assert "Dirichlet" in footer
    code, _, err = run("rank", folder, "--level", 5, "--lang", "en")
    assert code == 1
    assert "one of the levels 1, 2" in err


def test_explain_by_id_and_by_name(folder: Path, run: Run) -> None:
    code, out, err = run("explain", folder, "W1", "--json")
    assert (code, err) == (0, "")
    found = document(out)
    assert found["name"] == "SW"
    assert sum(p["points"] or 0 for p in found["parts"]) == pytest.approx(found["score"], abs=1e-9)
    assert run("explain", folder, "SW", "--json")[1] == out
    code, out, _ = run("explain", folder, "W1", "--lang", "zh")
    assert code == 0
    assert out.splitlines()[0] == found["sentence"]["zh"]
    code, out, err = run("explain", folder, "Z9", "--json", "--lang", "en")
    assert code == 1
    assert document(out)["problems"][0]["found"] == "Z9"
    assert "guatu rank" in err


def test_report_and_map_are_written(folder: Path, run: Run, tmp_path: Path) -> None:
    for verb in ("report", "map"):
        target = tmp_path / "out" / f"{verb}.html"
        code, out, _ = run(verb, folder, "--out", target, "--json", "--lang", "en")
        assert code == 0
        assert document(out) == {"file": str(target), "bytes": target.stat().st_size}
        content = target.read_bytes()
        run(verb, folder, "--out", target, "--lang", "en")
        assert target.read_bytes() == content


def test_a_place_that_cannot_be_written_to_is_told(folder: Path, run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    code, out, err = run("report", folder, "--out", tmp_path / "file" / "a.html", "--json", "--lang", "en")
    assert code == 1
    assert document(out)["problems"] == []
    assert "Check the path" in err
    assert str(tmp_path / "file") in err


def test_new_makes_a_workspace_that_opens(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("new", tmp_path / "mine", "--name", "我的社区", "--json")
    assert code == 0
    assert document(out)["name"] == "我的社区"
    assert open_workspace(tmp_path / "mine").title.zh == "我的社区"
    assert run("check", tmp_path / "mine")[0] == 0
    code, out, _ = run("rank", tmp_path / "mine", "--json")
    assert code == 1
    assert document(out)["problems"][0]["code"] == "no_grids"
    before = (tmp_path / "mine" / "workspace.toml").read_bytes()
    code, out, _ = run("new", tmp_path / "mine", "--name", "other", "--json")
    assert code == 1
    assert document(out)["problems"][0]["code"] == "exists"
    assert (tmp_path / "mine" / "workspace.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--name", "two words"), "manifest"),
        (("--name", "x", "--crs", "4546"), "manifest"),
        (("--name", "x", "--crs", "EPSG:4326"), "crs_not_metric"),
        (("--name", "x", "--crs", "EPSG:999999"), "crs_not_metric"),
    ],
)
def test_new_refuses_what_would_not_open(words: tuple[str, ...], code: str, run: Run, tmp_path: Path) -> None:
    exit_code, out, _ = run("new", tmp_path / "mine", *words, "--json")
    assert exit_code == 1
    assert [p["code"] for p in document(out)["problems"]] == [code]
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["dance"],
        ["rank"],
        ["rank", "x", "--draws", "0"],
        ["rank", "x", "--draws", "many"],
        ["rank", "x", "--method", "magic"],
        ["check", "x", "--lang", "fr"],
        ["report", "x"],
        ["report", "x", "--out", "x.docx"],
        ["map", "x", "--out", "x.png"],
        ["map", "x", "--out", "map"],
        ["demo", "--city", "atlantis"],
    ],
)
def test_wrong_usage_ends_with_2_and_says_nothing_on_output(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(words)
    assert stop.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "usage: guatu" in said.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rank", "x", "--draws", "0"], "0 不是大于 0 的整数 / 0 is no whole number above 0"),
        (["map", "x", "--out", "a.png"], "a.png 的结尾应为 .html / a.png should end with .html"),
    ],
)
def test_wrong_usage_is_told_in_both_languages(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(words)
    assert said in capsys.readouterr().err


def test_check_lists_the_faults_of_the_criteria_too(folder: Path, run: Run) -> None:
    (folder / "standards").mkdir()
    (folder / "standards" / "criteria.toml").write_text("[criteria.happiness]\nweight = 1\n", "utf-8")
    code, out, _ = run("check", folder, "--json")
    assert code == 1
    found = document(out)
    assert [p["column"] for p in found["problems"] if p["severity"] == "error"] == ["criteria.happiness"]
    assert found["layers"]["issues"] == 13
    (folder / "workspace.toml").write_text("name = 1", "utf-8")
    code, out, _ = run("check", folder, "--json")
    assert code == 1
    assert {"manifest", "criteria"} <= {p["code"] for p in document(out)["problems"]}


def test_help_names_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--help"])
    assert stop.value.code == 0
    said = capsys.readouterr().out
    for verb in ("demo", "new", "check", "rank", "explain", "map", "report", "app"):
        assert verb in said


def test_no_such_workspace(run: Run, tmp_path: Path) -> None:
    code, out, err = run("check", tmp_path / "nothing", "--json", "--lang", "en")
    assert code == 1
    assert document(out)["problems"][0]["code"] == "manifest"
    code, _, err = run("rank", tmp_path / "nothing", "--lang", "en")
    assert code == 1
    assert "guatu new" in err


def test_demo_builds_opens_and_does_not_build_twice(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Path] = []

    class Small:
        @staticmethod
        def build(folder: Path) -> None:
            calls.append(folder)
            save_workspace(folder, samples.manifest(), samples.tables())

    monkeypatch.setattr(cli, "import_module", lambda name: Small if name == "data.huolong.build" else None)
    words = ("demo", "--city", "huolong", "--dir", tmp_path, "--no-app", "--json", "--lang", "en")
    code, out, err = run(*words)
    assert code == 0
    assert document(out) == {"workspaces": [{"name": "sample", "folder": str(tmp_path / "huolong")}]}
    assert "building huolong" in err
    assert run(*words)[0] == 0
    assert len(calls) == 1
    assert run(*words, "--rebuild")[0] == 0
    assert len(calls) == 2
    monkeypatch.setenv("GUATU_HOME", str(tmp_path / "home"))
    assert run("demo", "--city", "huolong", "--no-app")[0] == 0
    assert calls[2] == tmp_path / "home" / "huolong"


def test_the_app_is_served_with_all_workspaces_found(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from views import server  # noqa: PLC0415 (streamlit is slow to import)

    served: list[tuple[list[Path], dict[str, object]]] = []
    monkeypatch.setattr(server, "serve", lambda folders, **options: served.append((folders, options)))
    assert run("app", folder, "--port", 8600)[0] == 0
    assert served[0][0] == [folder]
    assert served[0][1]["port"] == 8600
    home = folder.parent / "guatu-workspaces"
    home.mkdir()
    folder.rename(home / "one")
    monkeypatch.chdir(folder.parent)
    assert run("app")[0] == 0
    assert [one.name for one in served[1][0]] == ["one"]
    assert run("app", "one")[0] == 0
    assert served[2][0] == [Path("guatu-workspaces/one")]
    monkeypatch.chdir("/")
    monkeypatch.setenv("GUATU_HOME", str(home))
    assert run("app")[0] == run("app", "one")[0] == 0
    assert served[3][0] == served[4][0] == [home / "one"]


@pytest.mark.parametrize(("setting", "lang"), [("zh_CN.UTF-8", Lang.ZH), ("en_GB.UTF-8", Lang.EN), ("C", Lang.EN)])
def test_the_language_follows_the_system(setting: str, lang: Lang, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LANG", setting)
    assert cli._language() == lang


def test_as_a_program_of_its_own(folder: Path, tmp_path: Path) -> None:
    """Exit codes and clean output as a script sees them, from another folder."""

    def program(*words: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-W", "error", "-m", "cli", *map(str, words)]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)

    good = program("rank", folder, "--json", "--draws", 20)
    assert (good.returncode, good.stderr) == (0, "")
    assert len(document(good.stdout)["grids"]) == 4
    everything_wrong(tmp_path / "broken")
    bad = program("rank", tmp_path / "broken", "--json", "--lang", "en")
    assert bad.returncode == 1
    assert len([p for p in document(bad.stdout)["problems"] if p["severity"] != "warning"]) == 6
    assert "Traceback" not in bad.stderr
    assert program("rank").returncode == 2
