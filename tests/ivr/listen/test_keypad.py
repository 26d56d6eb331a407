"""Entries as stories: every call names the time."""

from ivr.listen.keypad import Keypad, KeypadSettings


def test_nothing_is_entered_while_keys_come() -> None:
    keypad = Keypad()

    assert [keypad.press(key, at_ms=at) for at, key in enumerate("4417")] == [None] * 4
    assert keypad.entered(at_ms=2_999) is None


def test_nothing_typed_is_no_entry_however_long_it_takes() -> None:
    assert Keypad().entered(at_ms=60_000) is None


def test_a_pause_completes_an_entry() -> None:
    keypad = Keypad(settings=KeypadSettings(quiet_ms=3_000))
    keypad.press("4", at_ms=0)
    keypad.press("4", at_ms=2_500)

    assert keypad.entered(at_ms=5_499) is None
    assert keypad.entered(at_ms=5_500) == "44"
    assert keypad.entered(at_ms=9_000) is None


def test_the_end_key_completes_an_entry_and_is_no_part_of_it() -> None:
    keypad = Keypad()
    keypad.press("1", at_ms=0)

    assert keypad.press("#", at_ms=100) == "1"
    assert keypad.entered(at_ms=60_000) is None


def test_the_end_key_alone_is_an_entry() -> None:
    assert Keypad().press("#", at_ms=0) == "#"


def test_as_many_keys_as_were_asked_for_complete_an_entry() -> None:
    keypad = Keypad(settings=KeypadSettings(most_keys=4))

    assert [keypad.press(key, at_ms=0) for key in "0815"] == [None, None, None, "0815"]
    assert keypad.press("1", at_ms=0) is None


def test_what_was_typed_is_not_printed() -> None:
    keypad = Keypad()
    keypad.press("7", at_ms=0)

    assert "7" not in repr(keypad)
