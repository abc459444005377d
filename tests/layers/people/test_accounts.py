"""Passwords, locks, sessions and codes: nothing kept can be turned back, and nothing works twice or too late."""

import unicodedata
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import DataError
from layers.people.attempts import ADDRESS, LOGIN, SAME, Attempt, Measure, lock_words, locked_until
from layers.people.passwords import COMMON, COST, LEAST, Cost, checked, hashed, weakness
from layers.people.tokens import CODE_LIFE, Session, new_code, new_session, opens, secret_hash, session_person

AT = datetime.fromisoformat("2021-06-01T09:00")
CHEAP = Cost(4, 8, 1)
SECOND = timedelta(seconds=1)
words = st.text(min_size=1, max_size=40)


@settings(deadline=None, max_examples=50)
@given(words, words)
def test_only_the_right_password_is_right(one: str, other: str) -> None:
    kept = hashed(one, cost=CHEAP)
    assert checked(one, kept, cost=CHEAP) == (True, False)
    same = unicodedata.normalize("NFKC", one) == unicodedata.normalize("NFKC", other)
    assert checked(other, kept, cost=CHEAP).is_right == same


def test_what_is_kept_says_how_it_was_made() -> None:
    kept = hashed("梧桐树下 2021", cost=CHEAP, salt=bytes(16))
    assert kept.startswith("scrypt$4$8$1$AAAAAAAAAAAAAAAAAAAAAA==$")
    assert kept == hashed("梧桐树下 2021", cost=CHEAP, salt=bytes(16))
    assert hashed("梧桐树下 2021", cost=CHEAP) != hashed("梧桐树下 2021", cost=CHEAP)
    assert checked("梧桐树下 ２０２１", kept, cost=CHEAP).is_right  # full-width digits of another keyboard
    assert checked("梧桐树下 2021", kept) == (True, True)
    assert checked("wrong", kept) == (False, False)
    assert checked("梧桐树下 2021", None, cost=CHEAP) == (False, False)
    assert (1 << COST.ln) * COST.r * 128 == 32 * 2**20


def test_todays_cost_works() -> None:
    kept = hashed("a long enough word")
    assert checked("a long enough word", kept) == (True, False)


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "scrypt",
        "plain$1",
        "scrypt$4$8$1$!!$AAAA",
        "scrypt$40$8$1$AAAA$AAAA",
        "md5$4$8$1$AAAA$AAAA",
        "scrypt$4$8$1$AAAA$AAAA",
        "scrypt$x$8$1$AAAA$AAAA",
        f"scrypt$30$8$1$AAAA${'A' * 43}=",
        f"scrypt$4$0$1$AAAA${'A' * 43}=",
    ],
)
def test_a_broken_record_is_told(kept: str) -> None:
    with pytest.raises(DataError, match="password"):
        checked("word", kept)


def test_lengths_have_ends() -> None:
    for wrong in ("", "a" * 257):
        with pytest.raises(DataError):
            hashed(wrong, cost=CHEAP)
    kept = hashed("a" * 256, cost=CHEAP)
    assert checked("a" * 256, kept, cost=CHEAP).is_right
    assert not checked("a" * 300, kept, cost=CHEAP).is_right


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "a" * 9,
        "1234567890",
        "Password123",
        "WOAINI1314",
        "aaaaaaaaaaaa",
        "abababababab",
        "abcdefghijkl",
        "9876543210",
        "wangfang2021!",
        "2021wangfang",
        "王芳1234567890",
        "x" * 300,
        "ｐａｓｓｗｏｒｄ１２３",
    ],
)
def test_weak_passwords_are_refused(password: str) -> None:
    assert weakness(password, own_words=("wangfang", "王芳", "")) is not None


def test_good_passwords_are_taken() -> None:
    for password in ("correct horse battery", "梧桐树下三只猫晒太阳呢", "k7-Qm2xwd9"):
        assert weakness(password, own_words=("wangfang", "王芳")) is None
    assert weakness("k7-Qm2xwd9", least=12) is not None
    assert all(weakness(one) is not None for one in COMMON)
    assert all(len(one) >= LEAST - 1 for one in COMMON)


def tries(
    number: int, *, login: str = "wang", address: str | None = "10.0.0.1", start: datetime = AT, ok: bool = False
) -> list[Attempt]:
    return [Attempt(start + at * SECOND, login, address, ok) for at in range(number)]


def test_five_failures_lock_for_half_a_minute_and_each_lock_doubles() -> None:
    now = AT + 10 * SECOND
    assert locked_until(tries(4), "wang", "10.0.0.1", now) is None
    assert locked_until(tries(5), " WANG ", "10.0.0.1", now) == AT + 34 * SECOND
    assert locked_until(tries(5), "li", "10.0.0.1", now) is None
    assert locked_until(tries(5), "wang", "10.0.0.2", now) is None
    again = [*tries(5), Attempt(AT + 34 * SECOND, "wang", "10.0.0.1", succeeded=False)]
    assert locked_until(again, "wang", "10.0.0.1", AT + 35 * SECOND) == AT + 94 * SECOND
    assert locked_until(again, "wang", "10.0.0.1", AT + 94 * SECOND) is None
    right = [*tries(5), Attempt(AT + 34 * SECOND, "wang", "10.0.0.1", succeeded=True)]
    assert locked_until([*right, *tries(4, start=AT + 40 * SECOND)], "wang", "10.0.0.1", AT + 50 * SECOND) is None


def test_a_guess_from_many_machines_and_at_many_accounts_is_locked_too() -> None:
    spread = [one for at in range(20) for one in tries(1, address=f"10.0.1.{at}", start=AT + at * SECOND)]
    assert locked_until(spread, "wang", "10.0.9.9", AT + 20 * SECOND) == AT + 49 * SECOND
    many = [one for at in range(50) for one in tries(1, login=f"u{at}", start=AT + at * SECOND)]
    assert locked_until(many, "new", "10.0.0.1", AT + 50 * SECOND) == AT + 109 * SECOND
    own = [*many[:49], Attempt(AT + 49 * SECOND, "mine", "10.0.0.1", succeeded=True)]
    own += tries(1, login="u99", start=AT + 50 * SECOND)
    assert locked_until(own, "new", "10.0.0.1", AT + 51 * SECOND) is not None  # one's own success forgives nothing
    assert locked_until(many, "new", None, AT + 50 * SECOND) is None


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5000), st.booleans()), max_size=60), st.integers(0, 6000))
def test_an_attempt_while_locked_changes_nothing_and_no_lock_is_longer_than_the_longest(
    rows: list[tuple[int, bool]], second: int
) -> None:
    past = [Attempt(AT + at * SECOND, "wang", None, succeeded) for at, succeeded in rows]
    now = AT + second * SECOND
    until = locked_until(past, "wang", None, now)
    assert until is None or now < until <= now + SAME.longest
    if until is not None:
        assert locked_until([*past, Attempt(now, "wang", None, succeeded=False)], "wang", None, now) == until
    assert locked_until(reversed(past), "wang", None, now) == until
    assert locked_until(past, "wang", None, now + timedelta(days=2)) is None


@given(st.sampled_from([SAME, LOGIN, ADDRESS]), st.integers(0, 10_000))
def test_locks_grow(measure: Measure, failures: int) -> None:
    assert measure.lock(failures) <= measure.lock(failures + 1) <= measure.longest
    assert bool(measure.lock(failures)) == (failures >= measure.free)


def test_words_of_a_lock() -> None:
    assert lock_words(AT + SECOND, AT).en == "too many attempts: try again in 1 second"
    assert lock_words(AT + 121 * SECOND, AT).zh == "尝试次数过多，请 3 分钟后再试"


def test_a_session_ends_with_its_life_and_with_the_password() -> None:
    token, session = new_session("p", AT, timedelta(hours=12))
    assert token not in repr(session)
    assert len(token) >= 43
    assert session_person([session], token, AT) == "p"
    assert session_person([session], token, AT + timedelta(hours=12)) is None
    assert session_person([session], token, AT - SECOND) is None
    assert session_person([session], token, AT, changed_at=AT) == "p"
    assert session_person([session], token, AT, changed_at=AT + SECOND) is None
    assert session_person([session], session.token_hash, AT) is None  # what is kept opens nothing
    assert session_person([Session(secret_hash(""), "q", AT, AT)], "", AT) is None
    assert new_session("p", AT, timedelta(hours=1))[0] != token
    with pytest.raises(ValueError, match="life"):
        new_session("p", AT, timedelta(0))


def test_a_code_opens_once_and_in_time() -> None:
    code, kept = new_code("owner", AT)
    assert len(code) == 19
    assert code not in repr(kept)
    assert opens(kept, code, AT, has_owner=False)
    assert opens(kept, code.lower().replace("-", " "), AT, has_owner=False)
    assert not opens(kept, code, AT, has_owner=True)
    assert not opens(kept, code, AT + CODE_LIFE, has_owner=False)
    assert not opens(kept, "K7QM-2XWD-9HTR-PV4C", AT, has_owner=False)
    used = type(kept)(kept.code_hash, kept.purpose, kept.until, None, AT)
    assert not opens(used, code, AT, has_owner=False)
    code, kept = new_code("invite", AT, person_id="p")
    assert opens(kept, code, AT, has_owner=True)
    for purpose, person in (("owner", "p"), ("invite", None), ("party", None)):
        with pytest.raises(ValueError, match="code"):
            new_code(purpose, AT, person_id=person)
