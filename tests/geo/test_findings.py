"""What was found is said in words that fit each language, never as Python would print it."""

import errno
import re
import tomllib

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.findings import LONGEST, NOTHING, is_binary, looks_like, rows_found, system_fault, text_fault, value_found
from geo.text import Text

CHINESE = re.compile(r"[\u3400-\u9fff]")
ZIP = b"PK\x03\x04\x14\x00\xff\xfe"


@pytest.mark.parametrize("value", [None, "", "  ", float("nan"), pd.NA, pd.NaT])
def test_what_is_missing_is_nothing(value: object) -> None:
    assert value_found(value) == NOTHING


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (-3.0, "-3"),
        (1.5, "1.5"),
        (float("-inf"), "-∞"),
        (7, "7"),
        (True, "true"),
        (pd.Timestamp("2024-01-01 08:00"), "2024-01-01 08:00:00"),
        ("a\tb\n", "a b"),
        ("nan", "nan"),
        ("x" * (LONGEST + 1), "x" * LONGEST + "…"),
    ],
)
def test_a_value_is_the_same_in_both_languages(value: object, words: str) -> None:
    assert value_found(value) == Text.same(words)


@settings(deadline=None)
@given(st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.binary() | st.lists(st.none()))
def test_every_value_has_words(value: object) -> None:
    for words in value_found(value):
        assert words
        assert words.isprintable()


@settings(deadline=None)
@given(st.binary())
def test_bytes_are_described_in_each_language(content: bytes) -> None:
    found = looks_like(content)
    assert CHINESE.search(found.zh)
    assert found.en.isprintable()
    assert "b'" not in found.en


def test_content_is_known_by_its_first_bytes() -> None:
    assert looks_like(ZIP).en.startswith("a zip archive")
    assert is_binary(ZIP)
    assert looks_like("社区".encode("gb18030")).en == "text in GBK"
    assert looks_like("幸".encode() * 3_000).zh.startswith("以“幸幸")
    assert not is_binary("社区".encode("gb18030"))
    assert looks_like("a".encode("utf-16")).en == "text in UTF-16"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (ZIP, "not text: looks like a zip archive (.zip, .xlsx, .docx or .kmz)"),
        ("a = 1\nb = '社区'".encode("gb18030"), "line 2 is not UTF-8: looks like text in GBK"),
        (b"a = 1\nb = \n", "line 2 cannot be read: b ="),
        (b"a = 1\nb = [1 2]\nc = 3\n", "line 2 cannot be read: b = [1 2]"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(content: bytes, words: str) -> None:
    with pytest.raises((UnicodeDecodeError, tomllib.TOMLDecodeError)) as caught:
        tomllib.loads(content.decode())
    found = text_fault(content, caught.value)
    assert found.en == words
    assert CHINESE.search(found.zh)


def test_faults_of_the_system_and_counts() -> None:
    assert system_fault(OSError(errno.ENOSPC, "No space left on device")) == Text("磁盘已满", "a full disk")
    assert system_fault(OSError("strange")) == Text("系统错误 0", "system error 0")
    assert rows_found(1) == Text("1 行", "1 row")
    assert rows_found(1_700) == Text("1,700 行", "1,700 rows")
