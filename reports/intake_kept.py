"""Answers kept for the same question: as many as are small together, and always the last one."""

from collections.abc import Callable
from typing import Generic, TypeVar

from geo.errors import DataError

Answer = TypeVar("Answer")


class Kept(Generic[Answer]):
    """Answers by question, refusals too; the oldest go when the sizes of all exceed ``most``."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: list[tuple[object, Answer | DataError, int]] = []

    def give(self, asked: object, make: Callable[[], Answer], size: Callable[[Answer], int]) -> Answer:
        """Give the answer of before, else make it.

        Raises:
            DataError: that is the answer.
        """
        if asked not in self:
            try:
                answer: Answer | DataError = make()
            except DataError as error:
                answer = error
            self._add(asked, answer, 0 if isinstance(answer, DataError) else size(answer))
        found = next(answer for question, answer, _ in self._found if question == asked)
        if isinstance(found, DataError):
            raise DataError(found.problems)
        return found

    def _add(self, asked: object, answer: Answer | DataError, size: int) -> None:
        self._found.append((asked, answer, size))
        while len(self._found) > 1 and sum(one[2] for one in self._found) > self._most:
            self._found.pop(0)

    def __contains__(self, asked: object) -> bool:
        return any(question == asked for question, _, _ in self._found)

    def clear(self) -> None:
        """Forget all."""
        self._found.clear()
