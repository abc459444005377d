"""Personal data kept apart from the map: what it looks like, columns of it set aside, text without it.

Columns of names, phones, numbers of identity cards, plates and mail addresses leave the table for one of their
own; free text stays whole inside (people have to be called back) and is masked for public editions.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from layers.intake.cells.distinct import cell_text, matches

MASKED = "***"
"""What stands in the place of personal data in a text."""
_HAN = r"[\u4e00-\u9fff]"
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛"
    "闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝"
)
_CN_DIGIT = "零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"
_CN_NUMBER = r"[\d一二三四五六七八九十百A-Za-z]"
_TITLES = "先生|女士|小姐|阿姨|大爷|大妈|大叔|大姐|师傅|婆婆|奶奶|爷爷|老人|老师|书记|主任|同志|某某|某"
_GAP = r"[\s.·\-－–—]"
_MOBILE = rf"(?:[+＋]?\s?(?:86|８６){_GAP}{{0,3}})?[1１][3-9３-９](?:{_GAP}{{0,3}}\d){{9}}"
_LANDLINE = rf"[(（]?[0０]\d{{2,3}}[)）]?{_GAP}{{0,3}}\d{{7,8}}(?:{_GAP}{{0,3}}(?:转|ext\.?)\s{{0,3}}\d{{1,5}})?"
_IDENTITY = rf"\d{{6}}{_GAP}?\d{{8}}{_GAP}?\d{{3}}[\dXxＸｘ]|\d{{15,19}}"
_MAIL = r"[A-Za-z0-9._%+-]{1,64}[@＠][A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"
_PLATE = (
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Za-hj-np-z][·•.\s-]?"
    r"[A-HJ-NP-Za-hj-np-z0-9]{4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳]"
)
_PERSONAL = re.compile(
    rf"(?P<mail>{_MAIL})|(?P<identity>(?<!\d)(?:{_IDENTITY})(?!\d))|(?P<mobile>(?<!\d){_MOBILE}(?!\d))"
    rf"|(?P<landline>(?<!\d){_LANDLINE}(?!\d))|(?P<spoken>[{_CN_DIGIT}](?:[\s-]{{0,3}}[{_CN_DIGIT}]){{6,30}})|(?P<plate>{_PLATE})"
    rf"|(?P<told>(?<=电话|手机|微信|号码)号?\s{{0,3}}(?:[:：是为])?\s{{0,3}}\d[\d\s-]{{5,30}}\d)"
    r"|(?P<label>(?:微信号?|weixin|wechat|vx|wx|v信|QQ号?)\s{0,3}[:：是为]?\s{0,3})(?P<account>[A-Za-z0-9][-_A-Za-z0-9]{4,19})"
    rf"|(?P<house>{_CN_NUMBER}{{1,8}}\s{{0,3}}(?:栋|幢|号楼|座|楼)\s{{0,3}})?(?P<door>{_CN_NUMBER}{{1,8}}\s{{0,3}}单元(?:\s{{0,3}}{_CN_NUMBER}{{1,5}})?(?:\s{{0,3}}[室号房户])?"
    r"|(?<!\d)\d{3,4}\s{0,3}(?:室|号房))|(?P<dashed>(?<![\d-])\d{1,3}-\d{1,2}-\d{3,4}(?![\d-]))"
    rf"|(?P<called>[{_SURNAMES}]{_HAN}?{_HAN}??)(?P<title>{_TITLES})"
    rf"|(?P<contact>联系(?:人|业主|居民)?\s{{0,3}}[:：]?\s{{0,3}})(?P<named>[{_SURNAMES}]{_HAN}{{1,2}})(?=[\s\d,，。;；(（:：、]|$)",
    re.IGNORECASE,
)
_IDENTITIES = re.compile(rf"(?<!\d)[1-9１-９](?:{_GAP}?\d){{16}}{_GAP}?[\dXxＸｘ](?!\d)")
_NUMBERED = re.compile(
    rf"(?P<id_number>{_IDENTITIES.pattern})"
    rf"|(?P<phone>(?<!\d)(?:{_MOBILE}|{_LANDLINE})(?!\d))"
)
_NUMBER_HINT = rf"(?:[\d０-９]{_GAP}{{0,3}}){{9}}"
_KEPT = ("label", "house", "contact")
_HINT = (
    rf"(?i)[\d０-９]{_GAP}{{0,3}}[\d０-９]{_GAP}{{0,3}}[\d０-９]|[@＠]|单元|[{_CN_DIGIT}]{_GAP}{{0,3}}[{_CN_DIGIT}]{_GAP}{{0,3}}[{_CN_DIGIT}]"
    rf"|[A-Z][·•.\s-]?[A-Z0-9]{{5}}|{_TITLES}|联系|微信|QQ|vx|wx|v信|wechat"
)
"""RE2 pattern that occurs in every text that ``_PERSONAL`` finds something in, and in few others."""
_PHONE = re.compile(rf"(?<!\d)(?:{_MOBILE}|{_LANDLINE})(?!\d)")
_KINDS = {
    "phone": re.compile(rf"(?:{_MOBILE}|{_LANDLINE})(?:\s*[/,，;；、]\s*(?:{_MOBILE}|{_LANDLINE}))*"),
    "id_number": re.compile(r"[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"),
    "email": re.compile(_MAIL),
    "plate": re.compile(_PLATE),
}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SHORTEST_NAME = 2
_ENOUGH = 0.5


class Apart(NamedTuple):
    """A table without its personal columns, and these alone; both on the index of the cells."""

    public: pd.DataFrame
    private: pd.DataFrame


def person_kind(cells: pd.Series) -> str | None:
    """Tell which personal data most cells of a column are: "phone", "id_number", "email", "plate"; None for none."""
    texts = [cell_text(value).strip() for value in cells.dropna().unique().tolist()]
    texts = [text for text in texts if text]
    for kind, pattern in _KINDS.items():
        if texts and sum(pattern.fullmatch(text) is not None for text in texts) > _ENOUGH * len(texts):
            return kind
    return None


def id_number_valid(text: str) -> bool:
    """Check the last character of an 18-digit identity number (GB 11643: weights, modulo 11)."""
    if re.fullmatch(r"\d{17}[\dXx]", text) is None:
        return False
    rest = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text[:17], strict=True)) % 11
    return "10X98765432"[rest] == text[17].upper()


def keep_apart(cells: pd.DataFrame, apart: Mapping[str, str]) -> Apart:
    """Part a table into what may go on and the personal columns.

    Args:
        cells: the table of a ``Source``.
        apart: what each personal heading holds ("reporter", "phone" ...), as ``ColumnMap.apart`` gives it.

    Returns:
        The parts; the private one has text columns named by what they hold, joined by " / " where several
        headings hold the same, and empty cells null.
    """
    personal = [str(heading) for heading in cells if heading in apart]
    private = pd.DataFrame(index=cells.index)
    for target in dict.fromkeys(apart[heading] for heading in personal):
        columns = [
            cells[heading].map(cell_text, na_action="ignore") for heading in personal if apart[heading] == target
        ]
        joined = columns[0].astype("string").str.strip()
        for further in columns[1:]:
            other = further.astype("string").str.strip()
            joined = joined.str.cat(other, sep=" / ").fillna(joined).fillna(other)
        private[target] = joined.where(joined != "")
    return Apart(cells.drop(columns=personal), private)


class Freed(NamedTuple):
    """Texts with stars for the numbers of persons, and these by what they are, joined by " / "; null where none was."""

    texts: pd.Series
    private: pd.DataFrame


def numbers_apart(texts: pd.Series) -> Freed:
    """Take phones and numbers of identity cards out of free text, so that the text can be on a map.

    An identity number counts if its date exists and its last character is right, however it is parted; longer and
    other numbers (of orders, metres, dates) stay.

    Args:
        texts: free text, null where there is none; columns of single numbers are no free text (``person_kind``).

    Returns:
        The texts, and a table with the columns "phone" and "id_number" on their index.
    """
    plain = texts.astype("string")
    hinted = matches(pa.array(plain, pa.large_string(), from_pandas=True), _NUMBER_HINT)
    if not hinted.any():
        return Freed(plain, pd.DataFrame({"phone": None, "id_number": None}, index=texts.index, dtype="string"))
    out = np.array(plain.to_list(), dtype=object)
    found: dict[str, dict[int, list[str]]] = {"phone": {}, "id_number": {}}
    for at in np.flatnonzero(plain.notna().to_numpy(dtype=bool) & hinted).tolist():
        out[at] = _parted(str(out[at]), at, found)
    columns = {
        kind: pd.Series({at: " / ".join(held) for at, held in rows.items()}, dtype="string").reindex(range(len(out)))
        for kind, rows in found.items()
    }
    private = pd.DataFrame(columns).set_axis(texts.index, axis=0)
    return Freed(pd.Series(out, index=texts.index, name=texts.name, dtype="string"), private)


def texts_apart(cells: pd.DataFrame, free: Iterable[str], private: pd.DataFrame) -> Apart:
    """Take the numbers of persons out of columns of free text and put them with the other personal data.

    Args:
        cells: the table of a ``Source``.
        free: headings of free text.
        private: what is kept apart already, see ``keep_apart``.

    Returns:
        The table with stars for the numbers, other cells untouched, and all that is kept apart.
    """
    for heading in free:
        texts = cells[heading]
        if not isinstance(texts.dtype, pd.StringDtype):
            texts = texts.where(texts.map(lambda cell: isinstance(cell, str)), None)
        found = numbers_apart(texts)
        hit = found.private.notna().any(axis=1)
        if not hit.any():
            continue
        cells = cells.assign(**{heading: cells[heading].mask(hit, found.texts.astype(object))})
        for kind in found.private.columns[found.private.notna().any()]:
            held = private[kind] if kind in private else pd.Series(None, index=cells.index, dtype="string")
            both = held.str.cat(found.private[kind], sep=" / ")
            private = private.assign(**{kind: both.fillna(held).fillna(found.private[kind])})
    return Apart(cells, private)


def _parted(text: str, at: int, found: dict[str, dict[int, list[str]]]) -> str:
    """Put stars for the numbers in a text and note them."""

    def star(one: re.Match[str]) -> str:
        kind = str(one.lastgroup)
        if kind == "id_number" and not _is_identity(one[0]):
            # What is no identity number may be a date and a phone.
            return _PHONE.sub(lambda inner: keep("phone", inner[0]), one[0])
        return keep(kind, one[0])

    def keep(kind: str, number: str) -> str:
        found[kind].setdefault(at, []).append(number)
        return MASKED

    return _NUMBERED.sub(star, text)


def _is_identity(written: str) -> bool:
    """Tell whether digits, however parted, are an identity number: its date of birth exists and its check is right."""
    number = "".join(c for c in unicodedata.normalize("NFKC", written) if c.isalnum()).upper()
    return _KINDS["id_number"].fullmatch(number) is not None and id_number_valid(number)


def masked_text(texts: pd.Series, *, names: Iterable[str] = (), private: pd.DataFrame | None = None) -> pd.Series:
    """Give a copy of free text without personal data, for public editions.

    Masked are phones (with blanks, dashes, full-width digits, a country code, written out as 一三八…), numbers of
    identity cards and bank cards, mail addresses, plates, accounts behind 微信 or QQ, unit and door numbers (the
    building stays), names before a form of address or behind 联系, and the names that are given.

    Args:
        texts: free text.
        names: names of persons to mask wherever they stand, such as those of the people table.
        private: the private table of ``keep_apart``; all its values are masked in the text of their own row.
    """
    plain = texts.astype("string")
    hinted = matches(pa.array(plain, pa.large_string(), from_pandas=True), _HINT)
    known = sorted({name for name in names if len(name) >= _SHORTEST_NAME}, key=lambda name: (-len(name), name))
    named = re.compile("|".join(map(re.escape, known))) if known else None
    out = np.array(plain.to_list(), dtype=object)
    own = _own_values(private, len(out))
    told = np.array([bool(values) for values in own], dtype=bool)
    for at in np.flatnonzero(plain.notna().to_numpy(dtype=bool) & (hinted | told | bool(known))).tolist():
        text = out[at]
        for value in own[at]:
            text = text.replace(value, MASKED)
        text = named.sub(MASKED, text) if named else text
        out[at] = _PERSONAL.sub(_mask, _IDENTITIES.sub(_starred, text)) if hinted[at] else text
    return pd.Series(out, index=texts.index, name=texts.name, dtype="string")


def _starred(found: re.Match[str]) -> str:
    return MASKED if _is_identity(found[0]) else found[0]


def _own_values(private: pd.DataFrame | None, size: int) -> list[list[str]]:
    """Give the personal values of each row, the longest first."""
    if private is None or private.empty:
        return [[]] * size
    rows = private.astype("string").fillna("").to_numpy(dtype=object)
    parts = [[part for cell in row for part in str(cell).split(" / ") if len(part) >= _SHORTEST_NAME] for row in rows]
    return [sorted(set(row), key=lambda value: (-len(value), value)) for row in parts]


def _mask(found: re.Match[str]) -> str:
    """Put stars for what was found; the words that lead to it stay."""
    lead = next((found[name] for name in _KEPT if found[name]), "")
    return f"{lead}{MASKED}{found['title'] or ''}"
