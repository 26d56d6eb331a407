import base64

import pytest

from biometrics import KeysUnavailable
from biometrics.vault.cipher import Tampered, new_key
from biometrics.vault.master_keys import GivenKeys, Wrapped, key_id, printed, read_key, read_keys

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "secret",
        "ä",
        base64.b64encode(KEY).decode(),
        base64.b64encode(bytes(36)).decode(),
        printed(KEY)[:-1],
        printed(KEY)[1:],
        "B" + printed(KEY)[1:],
        printed(KEY) + ",",
    ],
)
def test_a_slip_in_a_key_is_noticed_and_not_repeated(text: str) -> None:
    with pytest.raises(KeysUnavailable, match="ivr keys make") as refusal:
        read_keys(text)

    assert not text.strip() or text not in str(refusal.value)


def test_a_printed_key_is_read_again() -> None:
    assert read_key(printed(KEY) + "\n") == KEY
    assert [*read_keys(f"{printed(KEY)},{printed(OTHER)}").keys] == [KEY, OTHER]


def test_a_key_that_is_not_here_is_named() -> None:
    wrapped = GivenKeys((OTHER,)).wrap(bytes(32), bound_to=b"row")

    with pytest.raises(KeysUnavailable, match=f"{key_id(OTHER)} is needed.*here is {key_id(KEY)}"):
        GivenKeys((KEY,)).unwrap(wrapped, bound_to=b"row")


def test_a_wrapped_key_opens_in_its_own_row_only() -> None:
    masters = GivenKeys((KEY,))
    wrapped = masters.wrap(bytes(32), bound_to=b"row")

    with pytest.raises(Tampered):
        masters.unwrap(wrapped, bound_to=b"another row")
    with pytest.raises(Tampered):
        masters.unwrap(Wrapped(master=wrapped.master, key=wrapped.key[:-1]), bound_to=b"row")


def test_the_first_key_wraps_and_all_unwrap() -> None:
    before = GivenKeys((OTHER,)).wrap(b"k" * 32, bound_to=b"row")
    masters = GivenKeys((KEY, OTHER))

    assert masters.wrap(b"k" * 32, bound_to=b"row").master == masters.current == key_id(KEY)
    assert masters.unwrap(before, bound_to=b"row") == b"k" * 32


def test_nothing_secret_is_shown() -> None:
    masters = GivenKeys((KEY,))
    shown = repr(masters) + repr(masters.wrap(new_key(), bound_to=b"row"))

    assert KEY.hex() not in shown
    assert str(KEY) not in shown
    assert "key=" not in shown
