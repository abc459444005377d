"""Words for people, always in Chinese and English side by side."""

from enum import StrEnum
from typing import NamedTuple, Self


class Lang(StrEnum):
    """A language that Guatu speaks."""

    ZH = "zh"
    EN = "en"


class Text(NamedTuple):
    """One thing said in both languages; ``str()`` shows both."""

    zh: str
    en: str

    @classmethod
    def same(cls, value: object) -> Self:
        """Say what is alike in both languages: an id, a number, a cell of a file."""
        return cls(str(value), str(value))

    def in_(self, lang: str) -> str:
        """Give the words in one language ("zh" or "en")."""
        return self.zh if lang == Lang.ZH else self.en

    def format(self, **values: object) -> Self:
        """Fill the named fields of both languages; a ``Text`` value goes in each in its own."""
        zh, en = ({k: v.in_(lang) if isinstance(v, Text) else v for k, v in values.items()} for lang in Lang)
        return type(self)(self.zh.format(**zh), self.en.format(**en))

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}" if self.zh != self.en else self.en


def counted(number: int, one: str, many: str) -> str:
    """Give an English count with the right plural: ``counted(1, "grid", "grids")`` is "1 grid"."""
    return f"{number:,} {one if number == 1 else many}"


def listed(parts: list[Text]) -> Text:
    """Join several texts as a list in each language."""
    zh, en = [p.zh for p in parts], [p.en for p in parts]
    return Text("、".join(zh), en[0] if len(en) == 1 else ", ".join(en[:-1]) + " and " + en[-1] if en else "")
