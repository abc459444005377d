"""What can go wrong, said once for the page, the command line and the notebook.

Every error names the thing, the place and the next step, in both languages.
"""

from collections.abc import Iterable
from typing import NamedTuple

from geo.text import Text


class Problem(NamedTuple):
    """One fault in the data: where it is, what was found, what was expected and what to do.

    ``severity`` is "error" (the data cannot be used as they are), "row" (this row cannot be
    used, the others can) or "warning" (usable, but somebody should know). ``row`` holds the id or line
    of one row, or nothing: how many rows are meant stands in ``found``. A value out of a file is the
    same in both languages (``Text.same``).
    """

    code: str
    severity: str
    file: str
    row: str | None
    column: str | None
    found: Text
    expected: Text
    remedy: Text

    def line(self, lang: str) -> str:
        """Give the problem as one sentence for a terminal or a log."""
        place = " · ".join(p for p in (self.file, self.row, self.column) if p)
        if lang == "zh":
            return f"{place}：发现 {self.found.zh}；应为 {self.expected.zh}。{self.remedy.zh}"
        return f"{place}: found {self.found.en}; expected {self.expected.en}. {self.remedy.en}"


class GuatuError(Exception):
    """Any error that Guatu raises on purpose; its message is fit to be shown to a person."""

    def __init__(self, message: Text) -> None:
        super().__init__(str(message))
        self.message = message


class CrsError(GuatuError, ValueError):
    """Coordinates that are missing, not in metres, or cannot be converted with known accuracy."""


class DataError(GuatuError, ValueError):
    """Data with faults; ``problems`` holds all of them, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        many = len(self.problems)
        head = Text(f"数据有 {many} 个问题", f"the data have {many} problem{'s' if many != 1 else ''}")
        lines = [Text(p.line("zh"), p.line("en")) for p in self.problems]
        super().__init__(
            Text("\n".join([head.zh, *(t.zh for t in lines)]), "\n".join([head.en, *(t.en for t in lines)]))
        )


class ManifestError(DataError):
    """A folder that is no workspace, or a workspace.toml that cannot be used."""


class CriteriaError(DataError):
    """Criteria or weights that cannot be used for a ranking."""


class TransitionError(GuatuError, ValueError):
    """A step that an issue may not take; ``who`` are the codes of the roles that may, or that act next."""

    def __init__(self, message: Text, *, code: str, who: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.who = tuple(who)


class ConflictError(TransitionError):
    """Somebody else was faster: the issue has moved on since it was read; nothing was written."""


class PlanError(GuatuError, ValueError):
    """A siting or budget question that cannot be put as it is, or that no trustworthy answer was found for."""
