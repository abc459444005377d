"""Words that stand for codes: states of a case, yes and no, severity, issue types, codes of columns.

Which words mean what stands in ``status_words.csv`` (a workspace may add its own) and, for issue types, in
``issue_types.csv``. A word is compared without regard to case, width of characters, blanks and punctuation.
What stands in brackets behind a known word, or behind a comma, is passed over ("已完成（更换3盏）"). A word is
never found inside another, since 未完成 holds 完成.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import pandas as pd

from geo.findings import value_found
from geo.text import Text
from layers.catalog import CATALOG
from layers.intake.cells.distinct import LONGEST, MASK, NONE, UNKNOWN, Draft, Parsed, distinct, fault_of, named
from layers.intake.source import CellFault, Readings
from layers.problems import Fault
from layers.standards import issue_types, standard

STATES: Mapping[str, Text] = {
    "new": Text("待受理", "new"),
    "accepted": Text("已受理", "accepted"),
    "assigned": Text("已派单", "assigned"),
    "working": Text("处置中", "under way"),
    "deferred": Text("缓办", "deferred"),
    "to_project": Text("已转项目", "turned into a project"),
    "fixed": Text("已处置待核查", "fixed, to be verified"),
    "rework": Text("返工", "to be done again"),
    "closed": Text("已办结", "closed"),
    "struck": Text("已销号", "struck off"),
    "revisit_ok": Text("回访满意", "resident satisfied"),
    "revisit_bad": Text("回访不满意", "resident not satisfied"),
    "rejected": Text("不予受理", "not accepted"),
}
"""States of a case by code."""
FLAGS: Mapping[str, Text] = {"true": Text("是", "yes"), "false": Text("否", "no")}
SEVERITIES: Mapping[str, Text] = {
    "1": Text("轻微", "minor"),
    "2": Text("一般", "low"),
    "3": Text("较重", "medium"),
    "4": Text("严重", "high"),
    "5": Text("特别严重", "critical"),
}
ADD_WORD = Text(
    "改用已知的写法，或在工作区 standards/status_words.csv 中增加这个词",
    "use a known word, or add this one to standards/status_words.csv of the workspace",
)
FAULTS: dict[str, Fault] = {
    "word_unknown": Fault("row", Text("已知的写法", "a known word"), ADD_WORD),
    "word_unclear": Fault("row", Text("只有一个意思的写法", "words of one meaning"), ADD_WORD),
    "type_unknown": Fault(
        "warning",
        Text("已知的问题类别", "a known issue type"),
        Text("在类别对照表中补充；原始类别已保留", "add it to the mapping of types; the type as written is kept"),
    ),
}
_SILENT = re.compile(r"[\s\"'“”‘’《》【】\[\]:：;；。.!！·_-]+")
_ASIDE = re.compile(r"[(（【\[][^()（）【】\[\]]*[)）】\]]?$")
_PARTS = re.compile(r"[,，;；、。/→>\n]+")
_ENDING = re.compile(r"类?(?:问题|现象|隐患|情况|类)$")
_STATES_ASKED = (
    ("销号", "struck"),
    ("销账", "struck"),
    ("归档", "struck"),
    ("办结", "closed"),
    ("结案", "closed"),
    ("闭环", "closed"),
    ("满意", "revisit_ok"),
    ("转项目", "to_project"),
    ("完成", "fixed"),
    ("整改", "fixed"),
    ("解决", "fixed"),
    ("立案", "accepted"),
    ("受理", "accepted"),
)
_MOST_SHOWN = 8
_MOST_NEAREST = 100
"""Different unknown words of a column for which the nearest known one is looked for."""


@dataclass(frozen=True)
class Vocabulary:
    """Words and what they mean: ``words`` by their plain form (``plain``), ``titles`` of the codes."""

    words: Mapping[str, str]
    titles: Mapping[str, Text]
    fault: str = "word_unknown"


def plain(word: str) -> str:
    """Give the form in which words are compared."""
    return _SILENT.sub("", unicodedata.normalize("NFKC", word)).casefold()


def vocabulary(kind: str, titles: Mapping[str, Text], folder: Path | None = None) -> Vocabulary:
    """Give the words of one kind of ``status_words.csv``, with the codes and their titles as words of their own."""
    table = standard("status_words", folder)
    rows = table[table["kind"] == kind]
    own = _titles(titles)
    listed = {plain(word): code for word, code in zip(rows["word"], rows["code"], strict=True)}
    return Vocabulary({**own, **listed}, titles)


def _titles(titles: Mapping[str, Text]) -> dict[str, str]:
    return {plain(word): code for code, title in titles.items() for word in (code, title.zh, title.en)}


def coded(layer: str, column: str, folder: Path | None = None) -> Vocabulary | None:
    """Give the words of a column with codes, such as the structure of a building; None for a column without."""
    codes = CATALOG[layer].columns[column]["codes"]
    return None if codes is None else vocabulary(f"{layer}.{column}", codes, folder)


def types(folder: Path | None = None) -> Vocabulary:
    """Give the words for issue types: code, titles, report words, and 311 types that mean one of ours only."""
    table = issue_types(folder)
    titles = {str(code): Text(row["zh"], row["en"]) for code, row in table.iterrows()}
    words = _titles(titles)
    for column, cut in (("aliases_zh", "|"), ("nyc311", "|")):
        cells = table[column].dropna()
        each = [(plain(word), str(code)) for code, cell in cells.items() for word in re.split(rf"[{cut}/]", cell)]
        meanings: dict[str, set[str]] = {}
        for word, code in each:
            meanings.setdefault(word, set()).add(code)
        words |= {word: codes.pop() for word, codes in meanings.items() if len(codes) == 1 and word not in words}
    return Vocabulary(words, titles, "type_unknown")


def read_words(cells: pd.Series, known: Vocabulary) -> Readings:
    """Read words as codes ("string"); an unknown word is a fault that names the nearest known one."""
    draft, names = _read(cells, known)
    draft.held = named(names, draft.held)
    return draft.readings(cells, "string")


def read_types(cells: pd.Series, folder: Path | None = None) -> Readings:
    """Read issue types by code, title or report word; in "大类/小类" the part that is known counts."""
    return read_words(cells, types(folder))


def read_states(cells: pd.Series, *, heading: str = "", folder: Path | None = None) -> Readings:
    """Read states of cases; under a heading that asks (是否销号) yes means that state and no that work goes on."""
    known = vocabulary("state", STATES, folder)
    asked = state_asked(heading)
    if asked:
        denied = "revisit_bad" if asked == "revisit_ok" else "new" if asked == "accepted" else "working"
        answers = {"true": asked, "false": denied}
        flags = vocabulary("flag", FLAGS, folder).words
        known = Vocabulary({**known.words, **{word: answers[flag] for word, flag in flags.items()}}, known.titles)
    return read_words(cells, known)


def state_asked(heading: str) -> str | None:
    """Tell which state a heading such as 是否销号 asks for; None for a heading that does not ask."""
    if "是否" not in heading and "有无" not in heading:
        return None
    return next((state for word, state in _STATES_ASKED if word in heading), None)


def read_flags(cells: pd.Series, folder: Path | None = None) -> Readings:
    """Read yes and no ("boolean")."""
    draft, names = _read(cells, vocabulary("flag", FLAGS, folder))
    draft.held = np.array([*(name == "true" for name in names), None], dtype=object)[draft.held]
    return draft.readings(cells, "boolean")


def read_severity(cells: pd.Series, folder: Path | None = None) -> Readings:
    """Read words or digits of severity, 1 to 5 ("Int64")."""
    draft, names = _read(cells, vocabulary("severity", SEVERITIES, folder))
    draft.held = np.array([*map(float, names), np.nan])[draft.held]
    return draft.readings(cells, "Int64")


def _read(cells: pd.Series, known: Vocabulary) -> tuple[Draft, list[str]]:
    """Read each different text, number and flag once; gives the codes that there are and which one each cell has."""
    kinds = distinct(cells)
    draft = Draft(np.full(len(kinds.texts), NONE))
    names = sorted(set(known.words.values()))

    def parse(text: str, *, nearest: bool | None = None) -> Parsed:
        few = len(draft.faults) < _MOST_NEAREST if nearest is None else nearest
        found = code_of(text, known, nearest=few)
        return found if found.value is None else found._replace(value=names.index(found.value))

    draft.put_each(np.arange(len(kinds.texts)), kinds.texts, parse)
    wide = draft.spread(kinds.codes)
    numbers, times = ~np.isnan(kinds.numbers), ~np.isnat(kinds.times)
    for at in np.flatnonzero(numbers | times | (kinds.flags != NONE)).tolist():
        value = kinds.numbers[at] if numbers[at] else cells.iloc[at] if times[at] else bool(kinds.flags[at])
        wide.put(at, parse(value_found(value).en, nearest=True))
    return wide, names


def code_of(text: str, known: Vocabulary, *, nearest: bool = True) -> Parsed:
    """Read one word; ``nearest`` looks for the nearest known word where it is not known, which takes its time."""
    code = known.words.get(plain(text)) if len(text) <= LONGEST else None
    if code is not None:
        return Parsed(code)
    if re.search(MASK, text) or text.lower() in UNKNOWN:
        return Parsed(reason="masked" if re.search(MASK, text) else "unknown")
    if len(text) > LONGEST:
        return Parsed(fault=_unknown(text, "", known))
    bare = text
    while (shorter := _ASIDE.sub("", bare).strip()) != bare:
        bare = shorter
    parts = [part for part in map(plain, _PARTS.split(bare)) if part]
    found = [known.words.get(part, known.words.get(_ENDING.sub("", part))) for part in parts]
    codes = {code for code in found if code is not None}
    if len(codes) > 1:
        return Parsed(fault=fault_of(FAULTS, "word_unclear", text))
    if codes and (known.fault == "type_unknown" or found[0] is not None):
        return Parsed(codes.pop(), repaired=True)
    return Parsed(fault=_unknown(text, bare if nearest else "", known))


def _unknown(text: str, bare: str, known: Vocabulary) -> CellFault:
    """Name the nearest known word, or the words there are."""
    near = get_close_matches(plain(bare), known.words, n=1, cutoff=0.5) if bare else []
    if near:
        title = known.titles.get(known.words[near[0]], Text.same(known.words[near[0]]))
        expected = Text(
            f"已知的写法；最接近的是“{near[0]}”（{title.zh}）", f"a known word; the nearest is “{near[0]}” ({title.en})"
        )
        return fault_of(FAULTS, known.fault, text, expected)
    some = list(known.titles.values())
    return fault_of(FAULTS, known.fault, text, _some(some))


def _some(titles: Iterable[Text]) -> Text:
    every = list(titles)
    more = len(every) > _MOST_SHOWN
    zh, en = ([t.in_(lang) for t in every[:_MOST_SHOWN]] for lang in ("zh", "en"))
    return Text(
        f"已知的写法：{'、'.join(zh)}{'等' if more else ''}",
        f"a known word: {', '.join(en)}{' and others' if more else ''}",
    )
