import pytest

from biometrics import StoreUnavailable
from biometrics.vault.cipher import Tampered, derived, new_key, seal, unseal

KEY = bytes(range(32))


@pytest.mark.parametrize("at", range(len(seal(KEY, b"voice", bound_to=b"row"))))
def test_no_byte_can_be_changed(at: int) -> None:
    sealed = bytearray(seal(KEY, b"voice", bound_to=b"row"))
    sealed[at] ^= 1

    with pytest.raises(Tampered):
        unseal(KEY, bytes(sealed), bound_to=b"row")


@pytest.mark.parametrize("length", range(len(seal(KEY, b"", bound_to=b"row"))))
def test_nothing_can_be_cut_off(length: int) -> None:
    sealed = seal(KEY, b"", bound_to=b"row")

    with pytest.raises(Tampered):
        unseal(KEY, sealed[:length], bound_to=b"row")


def test_another_key_or_another_place_opens_nothing() -> None:
    sealed = seal(KEY, b"voice", bound_to=b"row")

    with pytest.raises(Tampered):
        unseal(new_key(), sealed, bound_to=b"row")
    with pytest.raises(Tampered):
        unseal(KEY, sealed, bound_to=b"another row")


def test_what_was_tampered_with_is_no_store_to_any_guard() -> None:
    assert issubclass(Tampered, StoreUnavailable)


def test_what_is_sealed_comes_back_and_never_looks_the_same() -> None:
    first, second = (seal(KEY, b"voice", bound_to=b"row") for _ in range(2))

    assert b"voice" == unseal(KEY, first, bound_to=b"row") == unseal(KEY, second, bound_to=b"row")
    assert first[1:13] != second[1:13]


def test_derived_keys_differ_by_purpose_and_stay_the_same() -> None:
    assert derived(KEY, purpose="a") != derived(KEY, purpose="b")
    assert (
        derived(KEY, purpose="axes of the voice").hex()
        == "7aa66c58f37bc819b0e9220e984b009b1a2619253da9efb37663adf0aea23c4f"
    )
