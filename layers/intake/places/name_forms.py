"""One spelling for the many in which a name is written: width, case, brackets, numerals, St and Street."""

import re
import unicodedata
from functools import lru_cache

from layers.intake.cells.numerals import DIGITS

LETTERS = 200
"""Letters of a text that are looked at: an address is shorter, and no text may cost more than this one."""
HAN = "\u3400-\u9fff"
TELLING = frozenset("0123456789东西南北中上下前后左右新老大小甲乙丙丁")
"""Letters that tell one place from its neighbour: 活龙一巷 is no slip of the pen for 活龙二巷."""

_VARIANTS = str.maketrans(
    "號樓棟單東側門對園區廠鐵員橋場職醫學廣車與邊內處", "号楼栋单东侧门对园区厂铁员桥场职医学广车与边内处"
)
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0f\ufeff]")
_SIGNS = {
    **str.maketrans("【】〔〕［］｛｝〈〉《》「」『』", "()()()()()()()()"),
    **str.maketrans("‐‑‒–—―－−～~", "----------"),
}
_NUMERAL = re.compile("[一二三四五六七八九]?十[一二三四五六七八九]?|[零〇一二两三四五六七八九]{1,5}")
_HUNDREDS = re.compile(
    "([一二两三四五六七八九])百(?:零?([一二两三四五六七八九])?(十)?([一二三四五六七八九])?)(?=[号栋幢座楼层单室])"
)
_APOSTROPHES = str.maketrans("", "", "'’‘`´.")
_NOT_LETTERS = re.compile(f"[^0-9a-z{HAN}]+")
_WORD = re.compile(f"[0-9a-z]+|[{HAN}]+")
_BRACKETED = re.compile(r"^([^()]{1,40})\(([^()]{1,40})\)$")

TYPES = {
    "street": "st", "str": "st", "avenue": "ave", "av": "ave", "road": "rd", "place": "pl", "square": "sq",
    "court": "ct", "drive": "dr", "lane": "ln", "terrace": "ter", "terr": "ter", "boulevard": "blvd",
    "parkway": "pkwy", "pky": "pkwy", "highway": "hwy", "circle": "cir", "plaza": "plz", "alley": "aly",
    "extension": "ext", "wharf": "whf", "crescent": "cres", "close": "cl", "expressway": "expy", "turnpike": "tpke",
}  # fmt: skip
"""English words for kinds of streets and how they are shortened."""
POINTS = {
    "north": "n", "south": "s", "east": "e", "west": "w", "northeast": "ne", "northwest": "nw", "southeast": "se",
    "southwest": "sw",
}  # fmt: skip
ORDINALS = {
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th", "sixth": "6th", "seventh": "7th",
    "eighth": "8th", "ninth": "9th", "tenth": "10th", "eleventh": "11th", "twelfth": "12th",
}  # fmt: skip
TITLES = {"mount": "mt", "monsignor": "msgr", "saint": "saint", "doctor": "dr", "reverend": "rev", "fort": "ft"}
_SHORT = {**TYPES, **POINTS, **ORDINALS, **TITLES}


def folded(text: str) -> str:
    """Give the first ``LETTERS`` letters of a text in one width, with one kind of brackets, dashes and signs."""
    if text.isascii():
        return text[:LETTERS].replace("~", "-")
    cut = _UNSEEN.sub("", text[:LETTERS]).translate(_SIGNS)
    return unicodedata.normalize("NFKC", cut)[:LETTERS].translate(_VARIANTS)


def counted(numeral: str) -> int:
    """Read a Chinese numeral below 1,000: 三, 十二, 二十, 一百零三, or digit by digit (三〇一).

    Raises:
        ValueError: no numeral.
    """
    if not numeral:
        msg = "no numeral"
        raise ValueError(msg)
    total, digit, placed = 0, 0, False
    for letter in numeral:
        if letter in "十百":
            total += (digit or 1) * (10 if letter == "十" else 100)
            digit, placed = 0, True
        elif letter not in DIGITS:
            msg = f"no numeral: {numeral}"
            raise ValueError(msg)
        else:
            digit = DIGITS[letter] if placed else digit * 10 + DIGITS[letter]
    return total + digit


def in_digits(text: str) -> str:
    """Write the Chinese numerals of a text in digits; a hundred only before what is counted in addresses."""
    if text.isascii():
        return text
    text = _HUNDREDS.sub(lambda found: str(counted(found[0])), text)
    return _NUMERAL.sub(lambda found: str(counted(found[0])), text)


@lru_cache(maxsize=1 << 16)
def name_key(name: str) -> str:
    """Give the spelling by which a name is looked up: two names that mean the same have the same one.

    Chinese names lose spaces and signs and have their numerals in digits; English ones are lower-case words
    with one blank between, kinds of streets, points of the compass and ordinals shortened.
    """
    plain = in_digits(folded(name)).lower()
    words = _NOT_LETTERS.sub(" ", plain.translate(_APOSTROPHES)).split()
    if not words:
        return ""
    short = [_SHORT.get(word, word) for word in words]
    short = [_saint(short, at) for at in range(len(short))]
    if short[0] == "the" and len(short) > 1:
        short = short[1:]
    return _tight(short)


def _saint(words: list[str], at: int) -> str:
    """Tell the saint (St James Ave, 5 St James Ave) from the street (James St)."""
    first = at == 0 or words[at - 1][-1].isdigit() or words[at - 1] in {"of", "and", "at"}
    return "saint" if words[at] == "st" and first and at + 1 < len(words) else words[at]


def _tight(words: list[str]) -> str:
    """Join words; blanks stay between two words in Latin letters only."""
    parts: list[str] = []
    for word in words:
        if parts and parts[-1][-1].isascii() and word[0].isascii():
            parts.append(" ")
        parts.append(word)
    return "".join(parts)


def names_of(name: str) -> tuple[str, ...]:
    """Give the keys by which a thing may be called: 快递驿站（天桥花园） also as 快递驿站 and 天桥花园快递驿站."""
    found = _BRACKETED.match(folded(name).strip())
    forms = [name, found[1], f"{found[2]} {found[1]}"] if found else [name]
    return tuple(dict.fromkeys(key for key in map(name_key, forms) if key))


_ENDINGS = re.compile("(?:小区|社区|花园|家属院|家属楼|宿舍楼|宿舍|居民区|住宅区|住宅小区|生活区|新村|公寓|大院|院)$")
_SHORTEST_STEM = 2


def stems_of(key: str) -> tuple[str, ...]:
    """Give the shorter keys that stand for an estate right before a house number: 育才 for 育才小区."""
    found = _ENDINGS.search(key)
    if found is None or found.start() < _SHORTEST_STEM:
        return ()
    return (key[: found.start()],)


def one_slip_apart(one: str, other: str) -> bool:
    """Tell whether two keys differ by one letter added, left out or mistaken, and that letter tells no places apart."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    if one.isascii() and ({*one.split()} ^ {*other.split()}) & {*POINTS.values()}:
        return False
    short, long = sorted((one, other), key=len)
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) == len(long):
        return short[at + 1 :] == long[at + 1 :] and not {short[at], long[at]} & TELLING
    return short[at:] == long[at + 1 :] and long[at] not in TELLING


def joined_words(key: str) -> list[str]:
    """Split a key into its words: runs of Latin letters and digits, runs of Han letters."""
    return _WORD.findall(key)
