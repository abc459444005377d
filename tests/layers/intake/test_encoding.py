import pytest

from geo.errors import DataError
from layers.intake.upload.encoding import as_utf8, find_encoding, guess_note

CHINESE = "编号,问题描述,位置\n1,下水道堵塞,幸福路 3 号楼\n2,路灯不亮,胜利街\n" * 3
WESTERN = "id;adresse;état\n1;Hôtel de Ville;fermé\n2;Réunion d’été;à vérifier\n"
PLAIN = "id,name\n1,lamp\n2,drain\n"


@pytest.mark.parametrize(
    ("text", "written", "found", "sure"),
    [
        (CHINESE, "utf-8", "utf-8", True),
        (CHINESE, "utf-8-sig", "utf-8", True),
        (CHINESE, "gb18030", "gb18030", False),
        (CHINESE, "gbk", "gb18030", False),
        (CHINESE, "utf-16", "utf-16-le", True),
        (CHINESE, "utf-16-le", "utf-16-le", True),
        (CHINESE, "utf-16-be", "utf-16-be", True),
        (PLAIN, "utf-16-le", "utf-16-le", True),
        (PLAIN, "ascii", "utf-8", True),
        (WESTERN, "cp1252", "cp1252", False),
        (WESTERN, "utf-8", "utf-8", True),
    ],
)
def test_the_encoding_is_found_and_a_guess_is_told(text: str, written: str, found: str, sure: bool) -> None:  # noqa: FBT001
    content = text.encode(written)
    encoding = find_encoding(content, "a.csv")
    assert (encoding.name, encoding.whole, encoding.sure) == (found, True, sure)
    assert as_utf8(content, encoding).decode() == text
    assert [note.code for note in guess_note(encoding, "a.csv")] == ([] if sure else ["encoding_guessed"])


def test_a_mark_of_utf_16_of_the_other_order() -> None:
    content = b"\xfe\xff" + CHINESE.encode("utf-16-be")
    encoding = find_encoding(content, "a.csv")
    assert encoding.name == "utf-16-be"
    assert as_utf8(content, encoding).decode() == CHINESE


def test_a_nul_in_plain_text_is_no_utf_16() -> None:
    assert find_encoding(b"id,desc\n1,a\0b\n2,c\n", "a.csv").name == "utf-8"


def test_damage_in_utf_8_does_not_make_it_another_encoding() -> None:
    content = CHINESE.encode() + b"3,\xe4\xb8,x\n"
    encoding = find_encoding(content, "a.csv")
    assert (encoding.name, encoding.whole, encoding.sure) == ("utf-8", False, False)
    assert as_utf8(content, encoding) == content


def test_damage_in_gb18030_does_not_make_it_western() -> None:
    content = CHINESE.encode("gb18030") * 5 + b"3,\xff,x\n"
    encoding = find_encoding(content, "a.csv")
    assert (encoding.name, encoding.whole) == ("gb18030", False)
    again = as_utf8(content, encoding).decode("utf-8", "surrogateescape")
    assert again == CHINESE * 5 + "3,\udcff,x\n"


def test_a_given_encoding_is_used() -> None:
    content = "café,1\n".encode("latin-1")
    encoding = find_encoding(content, "a.csv", given="latin-1")
    assert as_utf8(content, encoding).decode() == "café,1\n"
    assert encoding.sure


@pytest.mark.parametrize(
    ("content", "given", "code"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, None, "not_text"),
        (b"PK\x03\x04\xff\xfe" + bytes(200), None, "not_text"),
        (b"a,b\n\x81\x20\x8d\xff\n", None, "encoding_unknown"),
        (b"a,b\n", "klingon", "encoding_unknown"),
        (b"a,b\n", "base64", "encoding_unknown"),
        (b"\xff\xfea\0,", None, "encoding_unknown"),
        (b"a\0\n\0\xd8", "utf-16-le", "encoding_unknown"),
    ],
)
def test_what_is_no_text_is_refused(content: bytes, given: str | None, code: str) -> None:
    with pytest.raises(DataError) as error:
        find_encoding(content, "a.csv", given=given)
    assert [one.code for one in error.value.problems] == [code]
