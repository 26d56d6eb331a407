"""Which PINs may be set, and what can be told from what is kept of one."""

from datetime import date

import pytest

from biometrics import StoreUnavailable, SubjectId
from ivr.errors import WeakPin
from ivr.verify.pin import Cost, Owner, PinRecord, check_pin, is_right, may_be_pin, recorded

KLAUS, ERNA = SubjectId("s-klaus"), SubjectId("s-erna")
OWNER = Owner(birth_date=date(1958, 3, 7), numbers=("+4989123457", "+49171909816"))
QUICK = Cost(n=16, r=1, p=1)
PEPPER = b"p" * 32


@pytest.mark.parametrize(
    "digits", ["", "123", "829", "829164037", "82 91", "8291#", "82a1", "٨٢٩١", "eins"]
)
def test_a_pin_is_four_to_eight_digits_and_nothing_else(digits: str) -> None:
    with pytest.raises(WeakPin, match="4 to 8 digits"):
        check_pin(digits, OWNER, least_digits=4)


@pytest.mark.parametrize(
    "digits",
    [
        *("0000", "77777777", "1234", "4321", "0123", "7890", "12345678", "98765"),
        *("1212", "292929", "123123", "47114711", "2580", "159357"),
    ],
)
def test_a_pattern_is_refused(digits: str) -> None:
    with pytest.raises(WeakPin, match="pattern"):
        check_pin(digits, OWNER, least_digits=4)


@pytest.mark.parametrize(
    "digits",
    [
        *("1958", "0703", "0307", "0358", "5803", "070358", "030758", "580307"),
        *("07031958", "03071958", "19580307", "031958", "195803"),
    ],
)
def test_the_date_of_birth_is_refused_however_it_is_written(digits: str) -> None:
    with pytest.raises(WeakPin, match="date of birth"):
        check_pin(digits, OWNER, least_digits=4)


@pytest.mark.parametrize("digits", ["3457", "123457", "909816", "9816"])
def test_the_end_of_the_own_number_is_refused(digits: str) -> None:
    with pytest.raises(WeakPin, match="own number"):
        check_pin(digits, OWNER, least_digits=4)


def test_no_refusal_repeats_the_digits() -> None:
    for digits in ("1234", "1958", "3457", "829164037"):
        with pytest.raises(WeakPin) as refused:
            check_pin(digits, OWNER, least_digits=4)
        assert digits not in refused.value.sentence


def test_an_operator_may_ask_for_longer_ones() -> None:
    with pytest.raises(WeakPin, match="6 to 8 digits"):
        check_pin("8291", OWNER, least_digits=6)


@pytest.mark.parametrize("digits", ["8291", "82916", "47119", "60318274"])
def test_other_pins_may_be_set(digits: str) -> None:
    check_pin(digits, OWNER, least_digits=4)
    check_pin(digits, Owner(), least_digits=4)


@pytest.mark.parametrize("keys", ["0", "*", "#", "829", "82*91", "8291##", "829164037", "8291 "])
def test_other_keys_are_no_pin(keys: str) -> None:
    assert not may_be_pin(keys)


@pytest.mark.parametrize("keys", ["8291", "8291#", "60318274"])
def test_the_hash_key_may_end_a_pin(keys: str) -> None:
    assert may_be_pin(keys)


def test_only_the_same_digits_of_the_same_subject_under_the_same_pepper_are_right() -> None:
    record = recorded(KLAUS, "8291", pepper=PEPPER, cost=QUICK)

    assert not is_right(record, KLAUS, "8292", pepper=PEPPER)
    assert not is_right(record, KLAUS, "82911", pepper=PEPPER)
    assert not is_right(record, ERNA, "8291", pepper=PEPPER)
    assert not is_right(record, KLAUS, "8291", pepper=b"q" * 32)
    assert is_right(record, KLAUS, "8291", pepper=PEPPER)


def test_the_same_pin_is_never_kept_alike() -> None:
    one, other = (recorded(KLAUS, "8291", pepper=PEPPER, cost=QUICK) for _ in range(2))

    assert one.salt != other.salt
    assert one.digest != other.digest


def test_what_was_kept_at_another_cost_still_opens() -> None:
    for cost in (QUICK, Cost()):
        record = recorded(KLAUS, "8291", pepper=PEPPER, cost=cost)

        assert record.cost == cost
        assert is_right(record, KLAUS, "8291", pepper=PEPPER)


@pytest.mark.parametrize("cost", [Cost(n=3), Cost(n=2**30), Cost(r=0), Cost(p=-1)])
def test_a_damaged_record_opens_nothing(cost: Cost) -> None:
    damaged = PinRecord(salt=b"s" * 16, digest=b"d" * 32, cost=cost)

    with pytest.raises(StoreUnavailable, match="damaged"):
        is_right(damaged, KLAUS, "8291", pepper=PEPPER)


def test_a_record_does_not_print() -> None:
    record = recorded(KLAUS, "8291", pepper=PEPPER, cost=QUICK)

    assert repr(record) == f"PinRecord(cost={QUICK!r})"
    assert repr(OWNER) == "Owner()"
