"""What a verb of the command line is made of."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from geo.errors import GuatuError
from geo.text import Text

Say = Callable[[Text], None]
"""Tells the person at the terminal how far things are, on standard error."""


class Done(NamedTuple):
    """What a verb gives back: the JSON document, the same in lines for people, and the exit code.

    Both are empty for a verb that is done without an answer, such as one that served the app.
    """

    answer: Mapping[str, Any] | None = None
    lines: Sequence[str] = ()
    code: int = 0


class UsageError(GuatuError):
    """Options that do not go together; ends with exit code 2, as other wrong usage does."""


@dataclass(frozen=True)
class Option:
    """One option or argument: its names and words, and the other settings as argparse knows them."""

    names: tuple[str, ...]
    words: Text
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Verb:
    """A verb: what it is for, what it takes, how it is called, and the function that answers.

    Attributes:
        about: one to three sentences, for the help and for the page of commands.
        options: arguments and options, ``--json`` and ``--lang`` left out, which all verbs have.
        examples: calls without the word ``guatu``; the page of commands shows what they answer.
        run: takes the options that were read, and a way to speak meanwhile.
    """

    about: Text
    options: tuple[Option, ...]
    examples: tuple[str, ...]
    run: Callable[[argparse.Namespace, Say], Done]
