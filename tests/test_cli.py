"""The command line: exit codes, one JSON document on standard output, and every fault of bad input."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import cli
import commands
from cli import main
from commands import demo
from commands.verb import Done
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
    for key in ("found", "expected", "remedy"):
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


RANKING = (
    ("rank",),
    ("explain", "W1"),
    ("map", "--out", "{tmp}/out.html"),
    ("report", "--out", "{tmp}/out.html"),
)
"""Calls of the verbs that rank, all with the same options and the same errors; the folder goes after the verb."""


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
@pytest.mark.parametrize("call", RANKING)
def test_criteria_that_cannot_be_used(
    call: tuple[str, ...], text: str, columns: list[str], folder: Path, run: Run, tmp_path: Path
) -> None:
    verb, *words = call
    words = [word.format(tmp=tmp_path) for word in words]
    (folder / "mine.toml").write_text(text, "utf-8")
    code, out, err = run(verb, folder, *words, "--criteria", folder / "mine.toml", "--json")
    assert code == 1
    assert [p["column"] for p in document(out)["problems"]] == columns
    assert all(p["file"] == "mine.toml" for p in document(out)["problems"])
    assert "Traceback" not in err
    code, out, err = run(verb, folder, *words, "--criteria", folder / "none.toml")
    assert (code, out) == (1, "")
    assert "none.toml" in err
    assert not (tmp_path / "out.html").exists()


@pytest.mark.parametrize("call", RANKING)
def test_a_level_that_the_workspace_does_not_have(
    call: tuple[str, ...], folder: Path, run: Run, tmp_path: Path
) -> None:
    verb, *words = call
    words = [word.format(tmp=tmp_path) for word in words]
    for level in (5, 0, -1):
        code, out, err = run(verb, folder, *words, "--level", level, "--json", "--lang", "en")
        assert code == 1
        assert [p["code"] for p in document(out)["problems"]] == ["no_level"]
        assert "one of the levels 1, 2" in err
    assert not (tmp_path / "out.html").exists()


def test_rank_as_json_and_as_lines(folder: Path, run: Run) -> None:
    code, out, err = run("rank", folder, "--json", "--draws", 50)
    assert (code, err) == (0, "")
    found = document(out)
    assert (found["draws"], found["level"], found["unlocated"], len(found["grids"])) == (50, 2, 2, 4)
    assert run("rank", folder, "--json", "--draws", 50)[1] == out
    code, out, _ = run("rank", folder, "--level", 1, "--lang", "en")
    assert code == 0
    now, *said, footer = out.splitlines()
    assert any("Over 10,000 weightings" in line for line in said)
    todo, (first, second) = said[:2], said[2:4]
    assert now.startswith("2 things to do at once, before any ranking")
    assert [one.split()[0] for one in todo] == ["!", "!"]  # the immediate list comes first
    assert first.split()[0] == "1"
    assert second.split()[0] == "2"
    assert "Dirichlet" in footer
    code, _, err = run("rank", folder, "--level", 5, "--lang", "en")
    assert code == 1
    assert "one of the levels 1, 2" in err


def test_map_and_report_follow_level_and_criteria(folder: Path, run: Run, tmp_path: Path) -> None:
    (folder / "mine.toml").write_text("[criteria.elderly_share_pct]\nweight = 1\n", "utf-8")
    for verb in ("map", "report"):
        pages = []
        for words in ((), ("--level", 1), ("--criteria", folder / "mine.toml")):
            target = tmp_path / f"{verb}{len(pages)}.html"
            assert run(verb, folder, "--out", target, "--lang", "en", *words)[0] == 0
            pages.append(target.read_text("utf-8"))
        assert len(set(pages)) == 3
    small, large, mine = (tmp_path / f"report{n}.html" for n in range(3))
    assert "ranked by small grid" in small.read_text("utf-8")
    assert "ranked by large grid" in large.read_text("utf-8")
    assert "overdue share" in small.read_text("utf-8")
    assert "overdue share" not in mine.read_text("utf-8")


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
    assert document(out)["problems"][0]["found"] == {"zh": "Z9", "en": "Z9"}
    assert "guatu rank" in err


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("w1", "nearest: W1 SW, "),
        ("W3", "nearest: "),
        ("sww", "nearest: W1 SW"),
        ("s", "nearest: E1 SE, W1 SW."),
        ("Elsewhere at all", "such as E1 SE, E2 NE, W1 SW, W2 NW."),
        ("", "such as E1 SE"),
        ("W", "a grid of level 2; this one is of level 1. add --level 1 (large grid)"),
    ],
)
def test_explain_names_what_may_be_meant(wanted: str, words: str, folder: Path, run: Run) -> None:
    code, out, err = run("explain", folder, wanted, "--lang", "en")
    assert (code, out) == (1, "")
    assert words in err


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
    assert (document(out)["crs"], document(out)["why"]["en"][:11]) == ("EPSG:4546", "the default")
    assert document(out)["assumed"]
    for lang, words in (
        ("zh", "EPSG:4546：缺省值，因为没有说明社区在哪里"),
        ("en", "EPSG:4546: the default, since nothing says"),
    ):
        code, out, _ = run("new", tmp_path / lang, "--name", "x", "--lang", lang)
        assert (code, out.splitlines()[0]) == (0, str(tmp_path / lang))
        assert out.splitlines()[1].startswith(words)
    code, out, _ = run("new", tmp_path / "near", "--name", "x", "--near", "111.61,26.43", "--json")
    assert (code, document(out)["assumed"]) == (0, False)
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
    ("words", "crs", "why"),
    [
        (("--near", "111.61,26.43"), "EPSG:4546", "CGCS2000 3-degree zone of 111° E"),
        (("--near", "117.1，36.6", "--crs", "auto"), "EPSG:4548", "CGCS2000 3-degree zone of 117° E"),
        (("--near", "-71.06,42.36"), "EPSG:32619", "UTM zone 19N"),
        (("--near=-51.2,-30",), "EPSG:32722", "UTM zone 22S"),
        (("--near", "112.45,28"), "EPSG:4546", "ask the surveying office"),
        (("--crs", "EPSG:4549"), "EPSG:4549", "as --crs says"),
    ],
)
def test_new_chooses_the_coordinate_system(
    words: tuple[str, ...], crs: str, why: str, run: Run, tmp_path: Path
) -> None:
    code, out, err = run("new", tmp_path / "mine", "--name", "x", *words, "--json", "--lang", "en")
    assert code == 0
    assert document(out)["crs"] == crs == open_workspace(tmp_path / "mine").manifest.crs
    assert why in document(out)["why"]["en"]
    assert f"{crs}: {document(out)['why']['en']}" in err
    code, _, err = run("new", tmp_path / "zh", "--name", "x", *words, "--lang", "zh")
    assert code == 0
    assert document(out)["why"]["zh"] in err


def test_new_looks_at_a_file(folder: Path, run: Run, tmp_path: Path) -> None:
    words = ("--name", "x", "--json", "--lang", "en")
    code, out, _ = run("new", tmp_path / "a", *words, "--data", folder / "layers.gpkg")
    assert code == 0
    assert document(out)["crs"] == "EPSG:4546"
    point = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [-71.06, 42.36]}}
    (tmp_path / "b.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [point]}), "utf-8")
    code, out, _ = run("new", tmp_path / "b", *words, "--crs", "auto", "--data", tmp_path / "b.geojson")
    assert code == 0
    assert document(out)["crs"] == "EPSG:32619"
    assert "--crs" not in document(out)["why"]["en"]
    other = {key: table.to_crs(32649) for key, table in samples.tables().items() if key == "grids"}
    save_workspace(tmp_path / "east", samples.manifest(), other)
    code, out, _ = run("new", tmp_path / "e", *words, "--data", tmp_path / "east" / "layers.gpkg")
    assert document(out)["crs"] == "EPSG:4546"
    assert "say --crs EPSG:32649 to use it without converting it" in document(out)["why"]["en"]
    point["geometry"]["coordinates"] = [26.43, 111.61]
    (tmp_path / "c.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [point]}), "utf-8")
    code, out, err = run("new", tmp_path / "c", *words, "--data", tmp_path / "c.geojson")
    assert code == 1
    assert "latitude seems to come first" in err
    save_workspace(tmp_path / "plain", samples.manifest(), {"budget_items": samples.tables()["buildings"].iloc[:0, :0]})
    for name, said in (("none.gpkg", "none.gpkg"), ("plain/layers.gpkg", "say --near LON,LAT")):
        code, out, err = run("new", tmp_path / "d", *words, "--data", tmp_path / name)
        assert code == 1
        assert said in err
        assert len(document(out)["problems"]) == 1
    assert not any((tmp_path / name).exists() for name in ("c", "d"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--crs", "auto"], "add --near LON,LAT (such as --near 111.61,26.43) or --data FILE"),
        (["--crs", "EPSG:4546", "--near", "111,26"], "give one or the other"),
        (["--crs", "EPSG:4546", "--data", "x.gpkg"], "give one or the other"),
        (["--near", "26.43,111.61"], "check whether the two are swapped"),
        (["--near", "111.61"], "is no LON,LAT"),
        (["--near", "111.61,26.43,0"], "is no LON,LAT"),
        (["--near", "here,there"], "is no LON,LAT"),
        (["--near", "nan,0"], "is no usable place"),
    ],
)
def test_new_says_what_to_give(words: list[str], said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["new", str(tmp_path / "mine"), "--name", "x", *words])
    assert stop.value.code == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    assert " / " in told.err
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
        ["map", "x", "--out", "map.html", "--level", "deep"],
        ["report", "x", "--out", "a.html", "--draws", "5"],
        ["app", "--port", "0"],
        ["app", "--port", "80000"],
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
        (["rank", "x", "--level", "1.5"], "1.5 不是整数 / 1.5 is no whole number"),
        (["rank"], "用法错误，见 guatu rank --help / wrong usage, see guatu rank --help"),
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
    assert list(commands.VERBS) == [
        "demo",
        "new",
        "add",
        "undo",
        "check",
        "rank",
        "explain",
        "ahp",
        "coverage",
        "supply",
        "health",
        "hotspots",
        "trends",
        "zonal",
        "terrain",
        "change",
        "closing",
        "forecast",
        "need",
        "items",
        "plan",
        "site",
        "scenario",
        "consent",
        "relocation",
        "ledger",
        "grids",
        "map",
        "report",
        "export",
        "app",
    ]
    for name, entry in commands.VERBS.items():
        assert re.search(rf"^    {name}\s+{entry.words.zh} / ", said, re.MULTILINE)


@pytest.mark.parametrize("name", commands.VERBS)
def test_help_of_every_verb_says_it_twice_and_shows_examples(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([name, "--help"])
    assert stop.value.code == 0
    said = capsys.readouterr().out
    found = commands.verb(name)
    assert f"{found.about.zh}\n{found.about.en}\n" in said
    assert "示例 / examples:\n" in said
    assert all(f"  guatu {example}\n" in said for example in found.examples)
    for option in found.options:
        assert option.names[0] in said or option.settings["metavar"] in said
        assert " / " in str(option.words)


@pytest.mark.parametrize("name", commands.VERBS)
def test_the_examples_are_good_calls(name: str) -> None:
    for example in commands.verb(name).examples:
        options = cli._parser(name).parse_args(cli._joined(example.split()))
        assert options.run is commands.verb(name).run


def test_the_help_waits_for_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys, cli\ntry:\n    cli.main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print(*{name.split('.')[0] for name in sys.modules}, *(n for n in sys.modules if n.startswith('commands')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert {"cli", "geo", "commands.verb"} <= loaded
    assert not loaded & {"numpy", "pandas", "shapely", "pyproj", "layers", "reports", "views", "commands.ranking"}


def test_done_without_an_answer_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    options = cli._parser("check").parse_args(["check", "x", "--json"])
    assert cli._print(Done(), options) == 0
    assert cli._print(Done({"a": 1}, code=1), options) == 1
    assert capsys.readouterr().out == '{"a": 1}\n'


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

    monkeypatch.setattr(demo, "import_module", lambda name: Small if name == "data.huolong.build" else None)
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
