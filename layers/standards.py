"""Issue types, deadlines, indicators, renewal items and policy numbers: cited tables, never constants in code.

The shipped tables lie in ``data/standards``. A workspace may hold files of the same names in its own
``standards`` folder: their rows replace shipped rows of equal key or are added. Any table whose name ends
with ``_types`` (other than ``issue_types``) maps the types of a source to ours, with dates of validity.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from geo.errors import DataError, Problem
from geo.findings import value_found
from geo.text import Text
from layers.cited import Row, Rows, as_table, laid_over, problems_of, read_rows
from layers.standard_tables import MAPPING, TABLES


@cache
def shipped_digests() -> Mapping[str, str]:
    """SHA-256 of the content of each shipped file by name, read once in a process."""
    found = sorted(files("data").joinpath("standards").iterdir(), key=lambda one: one.name)
    return MappingProxyType({one.name: sha256(one.read_bytes()).hexdigest() for one in found if one.is_file()})


def standard(name: str, folder: Path | None = None) -> pd.DataFrame:
    """Give one table in the order of its file, a workspace's own rows over the shipped ones.

    Text is read as text (an id keeps its zeros, "NA" stays a word); an empty cell is null. A workspace's
    file ``standards/NAME.csv`` needs the columns of the key and those that it changes.

    Args:
        name: a key of ``TABLES``, or a mapping of the workspace's own such as "porto_types".
        folder: the workspace; None for the shipped table.

    Raises:
        DataError: no such table, or a file with faults; names file, row, column, found, expected, remedy.
    """
    stamps = tuple(_stamp(_own(folder, table)) for table in dict.fromkeys(("issue_types", name)))
    return _table(name, folder, stamps).copy(deep=False)


def _own(folder: Path | None, name: str) -> Path | None:
    path = None if folder is None else folder / "standards" / f"{name}.csv"
    return path if path is not None and path.is_file() else None


def _stamp(path: Path | None) -> tuple[int, int] | None:
    return None if path is None else (path.stat().st_mtime_ns, path.stat().st_size)


@lru_cache(maxsize=64)
def _table(name: str, folder: Path | None, _stamps: tuple[tuple[int, int] | None, ...]) -> pd.DataFrame:
    """Read, lay over, check and type one table; the stamps make an edited file a new entry of the cache."""
    spec = TABLES.get(name, MAPPING if name.endswith("_types") else None)
    shipped = files("data").joinpath("standards", f"{name}.csv")
    own = _own(folder, name)
    if spec is None or (own is None and not shipped.is_file()):
        expected = Text(f"取自 {'、'.join(TABLES)}", f"out of {', '.join(TABLES)}")
        remedy = Text(
            "改正表名，或在工作区 standards 中增加该表", "correct the name, or add the table to the workspace"
        )
        raise DataError([Problem("no_table", "error", f"{name}.csv", None, None, Text.same(name), expected, remedy)])
    rows: Rows = read_rows(shipped.read_bytes(), f"{name}.csv", spec, whole=True) if shipped.is_file() else {}
    if own is not None:
        rows = laid_over(rows, read_rows(own.read_bytes(), f"standards/{name}.csv", spec, whole=False), spec)
    problems = problems_of(rows, spec, lambda table: frozenset(standard(table, folder).iloc[:, 0]))
    problems += _overlaps(rows) if spec is MAPPING else []
    if problems:
        raise DataError(problems)
    return as_table(rows, spec)


def _overlaps(rows: Rows) -> list[Problem]:
    """Find rows of a mapping that give one source type two meanings on one day."""
    found: list[Problem] = []
    last: dict[str, Row] = {}
    for row in sorted(rows.values(), key=lambda r: (r.cells["source_type"], r.cells["valid_from"])):
        before = last.get(row.cells["source_type"])
        if before is not None and (before.cells["valid_to"] or "9999") >= row.cells["valid_from"]:
            end = before.cells["valid_to"] or "…"
            expected = Text(
                f"晚于 {before.file} 第 {before.line} 行的 {end}", f"after {end} of {before.file} line {before.line}"
            )
            found.append(row.fault("dates_overlap", "valid_from", expected))
        last[row.cells["source_type"]] = row
    return found


def issue_types(folder: Path | None = None) -> pd.DataFrame:
    """Give the issue types, indexed by code; ``zh`` and ``en`` are the words, ``severity`` runs from 1 to 5."""
    return standard("issue_types", folder).set_index("code")


def type_words(code: str, *, folder: Path | None = None) -> Text:
    """Give the words of an issue type.

    Raises:
        DataError: no such code.
    """
    row = issue_types(folder).loc[_known(pd.Series([code]), folder).iloc[0]]
    return Text(str(row["zh"]), str(row["en"]))


def severity_of(codes: pd.Series, *, folder: Path | None = None) -> pd.Series:
    """Give the default severity (1 to 5, "Int64") of each code of an issue type; null where there is no code.

    Raises:
        DataError: a code that is no issue type.
    """
    number, different = pd.factorize(codes)
    known = _known(pd.Series(different), folder)
    each = issue_types(folder)["severity"].astype("Int64")
    severity = each.array.take(each.index.get_indexer(pd.Index(known)), allow_fill=True)
    return pd.Series(severity.take(number, allow_fill=True), index=codes.index, name="severity")


def _known(codes: pd.Series, folder: Path | None) -> pd.Series:
    """Give the codes as text.

    Raises:
        DataError: some are no issue types; each is named once.
    """
    types = issue_types(folder).index
    strange = sorted({str(code) for code in codes.dropna().unique()} - set(types))
    expected = Text(f"取自 {'、'.join(types)}", f"out of {', '.join(types)}")
    remedy = Text(
        "改正代码，或在 standards/issue_types.csv 中增加", "correct the code or add it to standards/issue_types.csv"
    )
    if strange:
        raise DataError(
            Problem("unknown_type", "error", "issue_types.csv", None, "code", value_found(code), expected, remedy)
            for code in strange
        )
    return codes.astype("string")


def mapped_types(source: pd.Series, when: pd.Series | None, table: pd.DataFrame) -> pd.Series:
    """Translate the types of a source to our codes.

    Args:
        source: types as the source has them, compared letter by letter.
        when: local times of the reports, for mappings that change; None or a null time fits every row.
        table: a mapping such as ``standard("boston_types")``.

    Returns:
        Our codes as text on the index of ``source``; null where the mapping leaves a type out.

    Raises:
        DataError: a type with several meanings over time and no time to choose by.
    """
    asked = pd.DataFrame({"source_type": source.astype("string").array, "at": range(len(source))})
    asked["when"] = pd.NaT if when is None else pd.to_datetime(when).array
    both = asked.merge(table, on="source_type")
    starts = both["valid_from"].isna() | (both["when"] >= both["valid_from"])
    ends = both["valid_to"].isna() | (both["when"] < both["valid_to"] + pd.Timedelta(days=1))
    fits = both[both["when"].isna() | (starts & ends)]
    if fits["at"].duplicated().any():
        expected = Text("带时间的上报，或不随时间变化的对应关系", "a time of report, or a mapping that does not change")
        remedy = Text("补充上报时间", "fill in the time of report")
        twice = fits.loc[fits["at"].duplicated(), "source_type"].unique()
        raise DataError(
            Problem("ambiguous_type", "error", "mapping", None, "source_type", value_found(t), expected, remedy)
            for t in twice
        )
    codes = fits.set_index("at")["issue_type"].reindex(range(len(source))).astype("string")
    return pd.Series(codes.array, index=source.index, name="issue_type")


def unmapped(source: pd.Series, codes: pd.Series) -> pd.DataFrame:
    """Count the rows without a code by type of the source: ``source_type`` and ``rows``, the largest first."""
    counts = source.astype("string")[codes.isna().to_numpy()].value_counts(dropna=False)
    left = pd.DataFrame({"source_type": counts.index.astype("string"), "rows": counts.to_numpy(dtype="int64")})
    return left.sort_values(["rows", "source_type"], ascending=[False, True], ignore_index=True)


def policy(folder: Path | None = None) -> Mapping[str, float]:
    """Give the numbers of policy by key, in the unit that the table names."""
    table = standard("policy", folder)
    return MappingProxyType(dict(zip(table["key"], table["value"].astype(float), strict=True)))


def indicators(profile: str | None = None, folder: Path | None = None) -> pd.DataFrame:
    """Give the indicators indexed by id; with a profile only its own, each once; without one all rows."""
    table = standard("indicators", folder).set_index("id")
    return table if profile is None else table[[profile in words.split("|") for words in table["profile"]]]


def deadlines(folder: Path | None = None) -> pd.DataFrame:
    """Give the staged deadlines: ``type``, ``stage``, ``limit`` and its ``unit``; null limit: by plan."""
    return standard("deadlines", folder)


def renewal_items(folder: Path | None = None) -> pd.DataFrame:
    """Give the items of renewal works, indexed by code, with class and unit costs where known."""
    return standard("renewal_items", folder).set_index("code")
