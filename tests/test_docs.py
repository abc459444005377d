"""The documentation says what the code does: nothing missing, nothing stale, no link that leads nowhere."""

import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from commands import VERBS, verb
from docs import generate
from docs.making import codes, intake_codes, problems
from layers.catalog import CATALOG
from layers.ledger.faults import LEDGER_FAULTS
from layers.problems import FAULTS
from layers.standard_tables import TABLES
from layers.standards import indicators, standard
from reports.criteria import MEASURES, read_criteria

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
README = ROOT / "README.md"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])
OWN_FOLDERS = {".venv", ".git", "__pycache__", "guatu-workspaces", "dist", "node_modules"}
TEXTS = {
    ".py", ".md", ".toml", ".csv", ".txt", ".json", ".ipynb", ".js", ".css", ".jinja", ".html", ".cfg", ".yml", ""
}  # fmt: skip
REGISTRIES = "|".join(re.escape(".".join(host)) for host in (
    ("pypi", "org"), ("files", "pythonhosted", "org"), ("registry", "npmjs", "org"), ("deb", "debian", "org"),
    ("proxy", "golang", "org"), ("conda", "anaconda", "org"), ("static", "crates", "io"),
))  # fmt: skip
MACHINE = r"(?<![\w.~/}])/(?:home|root|work|Users|mnt|srv|opt/[a-z])/\w"
MARKS = "|".join(("TO" + "DO", "FIX" + "ME"))


def _read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def _entries(text: str) -> set[str]:
    """Give the names that begin a row of a table."""
    return set(re.findall(r"^\| \[?`([^`]+)`", text, re.MULTILINE))


def _heads(text: str) -> set[str]:
    return {found.strip("`") for found in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


@pytest.fixture(scope="module")
def pages(workspaces: Mapping[str, Path]) -> Mapping[str, str]:
    return generate.pages(workspaces)


@pytest.mark.parametrize("name", ["commands.md", "data-dictionary.md", "health-check.md", "measures.md", "problems.md"])
def test_generated_page_is_up_to_date(name: str, pages: Mapping[str, str]) -> None:
    assert _read(name) == pages[name], "run python -m docs.generate"


def test_every_verb_has_its_entry() -> None:
    assert set(VERBS) <= _heads(_read("commands.md"))
    for name in VERBS:
        assert verb(name).examples
        assert all(example.split()[0] == name for example in verb(name).examples)


def test_every_layer_and_its_columns_have_their_entry() -> None:
    text = _read("data-dictionary.md")
    assert set(CATALOG) <= _heads(text)
    for spec in CATALOG.values():
        section = text.split(f"\n### {spec.key}\n")[1].split("\n### ")[0]
        assert set(spec.columns) <= _entries(section)


def test_every_standards_table_has_its_entry() -> None:
    shipped = {path.stem for path in (ROOT / "data" / "standards").glob("*.csv")}
    assert shipped == set(TABLES)
    assert {f"{name}.csv" for name in TABLES} <= _heads(_read("data-dictionary.md"))
    readme = (ROOT / "data" / "standards" / "README.md").read_text(encoding="utf-8")
    assert {f"{name}.csv" for name in TABLES} | {"criteria.toml"} <= _entries(readme)


def test_every_measure_and_policy_number_has_its_entry() -> None:
    text = _read("measures.md")
    assert set(MEASURES) <= _heads(text)
    assert set(MEASURES) | set(standard("policy")["key"]) <= _entries(text)
    assert {criterion.key for criterion in read_criteria().items} <= set(MEASURES)
    assert {measure.source for measure in MEASURES.values()} <= set(indicators().index)


def test_every_indicator_has_its_entry() -> None:
    assert set(standard("indicators")["id"]) <= _entries(_read("health-check.md"))


def test_every_problem_code_has_its_entry() -> None:
    raised, incoming = set(codes.codes()), set(intake_codes.intake_faults()) | set(LEDGER_FAULTS)
    assert raised <= set(FAULTS) | set(problems.ENTRIES) | incoming
    assert set(problems.ENTRIES) <= raised, "an entry that nothing raises"
    assert not set(problems.ENTRIES) & set(FAULTS)
    assert set(FAULTS) | set(problems.ENTRIES) | incoming <= _entries(_read("problems.md"))


def test_codes_are_found_through_helpers_and_defaults() -> None:
    raised = codes.codes()
    assert {"geo/files.py", "geo/formats.py"} <= raised["unreadable"]
    assert "commands/workspace.py" in raised["exists"]
    assert {"layers/workspace.py", "layers/manifest_faults.py"} <= raised["manifest"]


def test_readme_commands_exist() -> None:
    text = README.read_text(encoding="utf-8")
    assert re.findall(r"^python3 bootstrap\.py (\w+)$", text, re.MULTILINE) == ["demo", "gate"]
    named = set(re.findall(r"`guatu (\w+)", text))
    assert named == set(VERBS)
    for path in re.findall(r"^\| `([\w./]+?)/?` \|", text, re.MULTILINE):
        assert (ROOT / path).exists(), path


def test_decisions_are_whole_and_listed() -> None:
    listed = set(re.findall(r"\(adr/([\w-]+\.md)\) \|", _read("design.md")))
    records = sorted((DOCS / "adr").glob("*.md"))
    assert {path.name for path in records} == listed
    for number, path in enumerate(records, start=1):
        text = path.read_text(encoding="utf-8")
        assert path.name.startswith(f"{number:04d}-")
        assert text.startswith(f"# {number}. ")
        assert re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]


def _anchor(head: str) -> str:
    return re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=[str(path.relative_to(ROOT)) for path in PAGES])
def test_links_resolve(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        if anchor:
            assert anchor in {_anchor(head) for head in _heads(target.read_text(encoding="utf-8"))}, link


def _committed() -> Iterator[Path]:
    """Give the text files that are or will be committed, as git sees them, or all files of a bare copy."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listing.returncode == 0:
        paths = [ROOT / line for line in listing.stdout.splitlines()]
    else:
        paths = [p for p in ROOT.rglob("*") if not OWN_FOLDERS & set(p.relative_to(ROOT).parts)]
    yield from (path for path in paths if path.is_file() and path.suffix in TEXTS)


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("address of a package registry", REGISTRIES),
        ("path of one machine", MACHINE),
        ("mark of unfinished work", MARKS),
    ],
    ids=["registry", "machine", "unfinished"],
)
def test_no_file_holds(what: str, pattern: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in _committed()
        if (match := re.search(rf"\b(?:{pattern})\b" if what.startswith("mark") else pattern, _text(path)))
    ]
    assert not found, what


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="ignore")
