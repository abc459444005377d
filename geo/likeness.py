"""How alike short texts are, Chinese, English or mixed, as a number from 0 to 1.

Chinese is not parted into words: its single characters stand for them. A text is taken as the set of its words
(Latin words, digits, single Chinese characters) and the set of its pairs of neighbouring characters; the likeness is
the mean of Dice's coefficient (Dice 1945) of the two. Word order inside a pair matters, the rest does not.
"""

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff\U00020000-\U0003ffff]|[^\W\d_a-z\u3400-\u9fff]+")
_RUN = re.compile(r"[^\W_]+")


def folded(text: str) -> str:
    """Give a text as it is compared: one width, lower case, accents as they are."""
    return unicodedata.normalize("NFKC", text).casefold()


def features(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Give the words and the pairs of characters of a text; a run of one character is its own pair."""
    plain = folded(text)
    pairs = set[str]()
    for run in _RUN.findall(plain):
        pairs.update([run] if len(run) == 1 else (run[at : at + 2] for at in range(len(run) - 1)))
    return frozenset(_WORD.findall(plain)), frozenset(pairs)


def likeness(one: str, other: str) -> float:
    """Give the likeness of two texts: 1 if they have the same words and pairs, 0 if none; NaN if one says nothing."""
    return float(pair_likeness([one, other], [0], [1])[0])


def pair_likeness(texts: Sequence[str], first: ArrayLike, second: ArrayLike) -> NDArray[np.float64]:
    """Give the likeness of pairs out of a list of texts; equal texts are read once.

    Args:
        texts: the texts; "" says nothing.
        first: number of the first text of each pair, shape (n,).
        second: number of the second.

    Returns:
        0 to 1, shape (n,); NaN where one of the two says nothing.
    """
    one, other = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
    known: dict[str, int] = {}
    row = {at: known.setdefault(texts[at], len(known)) for at in np.unique(np.concatenate([one, other])).tolist()}
    found = [features(text) for text in known]
    left = np.array([row[at] for at in one.tolist()], dtype=np.int64)
    right = np.array([row[at] for at in other.tolist()], dtype=np.int64)
    return (_dice([words for words, _ in found], left, right) + _dice([pairs for _, pairs in found], left, right)) / 2


def _dice(sets: Sequence[frozenset[str]], left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.float64]:
    from scipy.sparse import csr_matrix  # noqa: PLC0415 (heavy)

    size = np.array([len(one) for one in sets], dtype=np.int64)
    code: dict[str, int] = {}
    columns = np.fromiter(
        (code.setdefault(word, len(code)) for one in sets for word in sorted(one)), dtype=np.int64, count=size.sum()
    )
    starts = np.concatenate([[0], np.cumsum(size)])
    shape = (len(sets), max(len(code), 1))
    table = csr_matrix((np.ones(len(columns), dtype=np.int32), columns, starts), shape=shape)
    shared = np.asarray(table[left].multiply(table[right]).sum(axis=1), dtype=float).ravel()
    total = (size[left] + size[right]).astype(float)
    usable = (size[left] > 0) & (size[right] > 0)
    return np.asarray(np.divide(2 * shared, total, out=np.full(len(left), np.nan), where=usable))
