"""Written numbers: digits with separators, Chinese numerals, and both together (3万5千, 1.2亿)."""

import re

DIGITS = {
    **{c: n for n, c in enumerate("零一二三四五六七八九")},
    **{c: n for n, c in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    "两": 2,
}
SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "k": 1000}
LARGE = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
CHINESE = "".join((*DIGITS, *(c for c in SMALL if c != "k"), *LARGE))
NUMBER = rf"[+-]?(?:\d[\d,.'\u00a0 ]*(?<=\d)|[{CHINESE}半])(?:[{CHINESE}半]|\d|[.](?=\d))*"
"""A written number; blanks, points, commas and apostrophes only between digits."""
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_GROUPED_COMMA = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_SPACED = re.compile(r"([+-]?\d{1,3}(?:[ \u00a0']\d{3})+)([.,]\d+)?")
_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")
_COMMA = re.compile(r"[+-]?\d+,\d+")
_POWERS = re.compile(rf"[\d.,]+([{''.join((*SMALL, *LARGE)).replace('k', '')}]+)")
_PIECE = re.compile(rf"\d+(?:\.\d+)?|[{CHINESE}半k]")


def shows(digits: str) -> str | None:
    """Tell which decimal mark a written number shows: "." or ",", None if both or neither are possible."""
    commas, points = digits.count(","), digits.count(".")
    if commas and points:
        return "," if digits.rindex(",") > digits.rindex(".") else "."
    if commas > 1 or points > 1:
        return "." if commas else ","
    if commas:
        return None if _GROUPED.fullmatch(digits) and not digits.lstrip("+-").startswith("0") else ","
    if points:
        return None if _GROUPED_COMMA.fullmatch(digits) and not digits.lstrip("+-").startswith("0") else "."
    return None


def number_of(text: str, decimal: str = ".") -> float | None:
    """Read a written number; None for what is none, or for separators in the wrong places.

    Args:
        text: digits with separators, Chinese numerals, or both.
        decimal: the decimal mark, for numbers such as 1,234 that do not show it.
    """
    text = text.strip()
    if _PLAIN.fullmatch(text) and not (decimal == "," and _GROUPED_COMMA.fullmatch(text)):
        return float(text)
    if re.fullmatch(r"[+-]?[\d.,' \u00a0]+", text):
        return _separated(text, decimal)
    return _chinese(text)


def _separated(text: str, decimal: str) -> float | None:
    """Read digits with separators of thousands, a decimal comma, or both."""
    if spaced := _SPACED.fullmatch(text):
        return float(re.sub(r"[ \u00a0']", "", spaced[1]) + (spaced[2] or "").replace(",", "."))
    mark = shows(text) or decimal
    if mark == ".":
        return float(text.replace(",", "")) if _GROUPED.fullmatch(text) else None
    if _GROUPED_COMMA.fullmatch(text):
        return float(text.replace(".", "").replace(",", "."))
    return float(text.replace(",", ".")) if _COMMA.fullmatch(text) else None


def _chinese(text: str) -> float | None:
    """Read Chinese numerals, also mixed with digits, by summing what stands before each power of ten."""
    sign = -1 if text[:1] in {"-", "负"} else 1
    pieces = _PIECE.findall(text.lstrip("+-负").replace(",", ""))
    if not pieces or "".join(pieces) != text.lstrip("+-负").replace(",", ""):
        return None
    if all(DIGITS.get(piece, 10) < 10 for piece in pieces) and len(pieces) != 2:  # noqa: PLR2004 (三五 is 3 to 5)
        return float(sign * int("".join(str(DIGITS[piece]) for piece in pieces)))
    total = section = 0.0
    unit = 1.0
    waiting: float | None = None
    for piece in pieces:
        if piece in LARGE:
            section, waiting = section + (waiting or 0), None
            unit = LARGE[piece]
            total, section = _grown(total, section, unit), 0.0
        elif piece in SMALL or piece == "半":
            power, unit = (unit / 2, unit) if piece == "半" else (SMALL[piece], SMALL[piece])
            own = (waiting or 0) + power if piece == "半" else (1 if waiting is None else waiting) * power
            section, waiting = section + own, None
        elif waiting:
            return None
        else:
            waiting = float(DIGITS[piece]) if piece in DIGITS else float(piece)
    value = round(total + section + _last(pieces, waiting or 0, unit), 6)  # 1.13 万 is 11,300 without dust
    return sign * value if value or set(pieces) <= {"零", "〇"} else None


def power_of(text: str) -> float:
    """Give the power of ten at the end of digits: 10,000 of "5万", 1 of "5" and of "五万三"."""
    power = 1.0
    for piece in found[1] if (found := _POWERS.fullmatch(text)) else "":
        power *= {**SMALL, **LARGE}[piece]
    return power


def _grown(total: float, section: float, unit: float) -> float:
    """Close a section by 万 or 亿; 一万亿 multiplies what came before as a whole."""
    return (total + section) * unit if unit > LARGE["万"] else total + section * unit


def _last(pieces: list[str], rest: float, unit: float) -> float:
    """Give what the last digit is worth: 三百二 is 320 and 一万二 12,000, but 三百零二 is 302."""
    short = rest and pieces[-1] in DIGITS and unit > SMALL["十"] and pieces[-2] not in "零〇"
    return rest * unit / 10 if short else rest
