"""Small pieces of Markdown."""

from collections.abc import Iterable, Sequence

from geo.text import Text

MADE = "<!-- Written by `python -m docs.generate` from the code. Change the code, not this page. -->"


def head(title: Text, intro: Text) -> list[str]:
    """Begin a generated page: title and introduction in both languages."""
    return [MADE, "", f"# {title.en} · {title.zh}", "", intro.en, "", intro.zh, ""]


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Write a table; None becomes a dash."""
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    lines += [f"| {' | '.join(map(cell, row))} |" for row in rows]
    return [*lines, ""]


def cell(value: object) -> str:
    """Write one cell: on one line, with no sign that ends it."""
    if value is None or value == "":
        return "–"
    words = both(value, "<br>") if isinstance(value, Text) else str(value)
    return words.replace("|", "\\|").replace("\n", " ")


def both(words: Text, between: str = " · ") -> str:
    """Write words in both languages, once where they are the same."""
    return words.zh if words.zh == words.en else f"{words.zh}{between}{words.en}"


def code(value: object) -> str:
    """Write a name as it stands in code."""
    return f"`{value}`"


def number(value: float) -> str:
    """Write a number without needless digits."""
    return f"{value:,.10g}"


def finished(lines: Iterable[str]) -> str:
    """Join lines to a page with one line break at its end."""
    return "\n".join(lines).rstrip("\n") + "\n"
