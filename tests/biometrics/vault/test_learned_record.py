"""What was learned, sealed: whole, of this print only, or not at all."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from biometrics import (
    Collected,
    Collecting,
    EncoderId,
    Following,
    Learned,
    ProvenBy,
    StoreUnavailable,
    Voiceprint,
)
from biometrics.vault.cipher import new_key
from biometrics.vault.learned_record import seal_learned, unseal_learned
from biometrics.vault.register import Row
from biometrics.vault.vault import Opened

OPENED = Opened(row=Row("ab" * 32), keys=(new_key(),))


@pytest.fixture
def learned(voiceprint: Voiceprint) -> Learned:
    call = Collected(
        vector=np.array([0.48, 0.6, 0.64], dtype=np.float32),
        net_ms=4_000,
        at=voiceprint.enrolled_at,
        proven_by=ProvenBy.SECOND_FACTOR,
    )
    return Learned(
        following=Following(original=voiceprint),
        collecting=Collecting(
            subject=voiceprint.subject,
            expired=voiceprint.encoder,
            encoder=EncoderId("pattern-1"),
            weights_sha256="cd" * 32,
            calls=(call,),
        ),
    )


def sealed(learned: Learned) -> bytes:
    found = seal_learned(learned, OPENED)
    assert found is not None
    return found


@pytest.mark.parametrize("place", [0, 20, -1])
def test_a_changed_record_is_refused_with_the_way_out(
    learned: Learned, voiceprint: Voiceprint, place: int
) -> None:
    record = bytearray(sealed(learned))
    record[place] ^= 1

    with pytest.raises(StoreUnavailable, match="ivr voiceprint revert"):
        unseal_learned(bytes(record), voiceprint, OPENED)


def test_a_record_opens_in_its_own_row_only(learned: Learned, voiceprint: Voiceprint) -> None:
    elsewhere = replace(OPENED, row=Row("cd" * 32))

    with pytest.raises(StoreUnavailable):
        unseal_learned(sealed(learned), voiceprint, elsewhere)


@pytest.mark.parametrize("later", ["enrolment", "encoder"])
def test_what_was_learned_about_another_print_does_not_count(
    learned: Learned, voiceprint: Voiceprint, later: str
) -> None:
    """A program of an earlier version replaces prints and leaves this record where it was."""
    other = {
        "enrolment": replace(voiceprint, enrolled_at=voiceprint.enrolled_at + timedelta(days=1)),
        "encoder": replace(voiceprint, encoder=EncoderId("pattern-7")),
    }[later]

    assert unseal_learned(sealed(learned), other, OPENED).is_empty


def test_nothing_is_sealed_where_nothing_was_learned(voiceprint: Voiceprint) -> None:
    nothing = Learned(following=Following(original=voiceprint))

    assert seal_learned(nothing, OPENED) is None
    assert unseal_learned(None, voiceprint, OPENED).is_empty


def test_what_was_learned_comes_back(learned: Learned, voiceprint: Voiceprint) -> None:
    found = unseal_learned(sealed(learned), voiceprint, OPENED)

    assert found.following.later is None
    assert found.collecting is not None
    (call,) = found.collecting.calls
    assert call.vector.tolist() == pytest.approx([0.48, 0.6, 0.64])
    assert (call.net_ms, call.at, call.proven_by) == (
        4_000,
        voiceprint.enrolled_at,
        "second_factor",
    )
