from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.ledger.acting.references import SIGNS, check_sign, new_reference, reference_of

BODIES = st.text(alphabet=SIGNS, min_size=8, max_size=8)


def drawn(body: str) -> str:
    """Give the reference of given signs."""
    left = iter(body)
    return new_reference(lambda _: next(left))


@given(BODIES)
def test_a_reference_is_read_however_it_is_typed(body: str) -> None:
    name = drawn(body)
    assert len(name) == 11
    assert name[3] == name[7] == "-"
    for typed in (name, name.lower(), name.replace("-", ""), f" {name.replace('-', ' ')}\n", name.replace("-", "－")):
        assert reference_of(typed) == name
    wide = "".join(chr(ord(one) + 0xFEE0) for one in name)
    assert reference_of(wide) == name


@given(BODIES, st.integers(0, 8), st.sampled_from(SIGNS))
def test_one_wrong_sign_is_found(body: str, at: int, sign: str) -> None:
    signs = list(body + check_sign(body))
    is_same = signs[at] == sign
    signs[at] = sign
    assert (reference_of("".join(signs)) is not None) == is_same


@given(BODIES)
def test_any_two_signs_that_changed_places_are_found(body: str) -> None:
    signs = body + check_sign(body)
    for one, other in combinations(range(9), 2):
        moved = list(signs)
        moved[one], moved[other] = moved[other], moved[one]
        assert (reference_of("".join(moved)) is not None) == (signs[one] == signs[other])


@pytest.mark.parametrize(
    "text", ["", "K7Q-M2X", "K7Q-M2X-W9HH", "KOQ-M2X-W9H", "没有", "../../etc/passwd", "0" * 9, "K" * 10_000]
)
def test_what_is_none_is_none(text: str) -> None:
    assert reference_of(text) is None


def test_references_tell_no_order_and_do_not_repeat() -> None:
    names = [new_reference() for _ in range(2000)]
    assert len(set(names)) == 2000
    assert {one[0] for one in names} == set(SIGNS)
    assert names != sorted(names)
    assert all(reference_of(one) == one for one in names)
