"""What every store does with what calls have taught, in memory and in a database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from fakes.databases import SQL, an_engine
from fakes.vaults import vault_of

from biometrics import (
    Collected,
    Collecting,
    EncoderId,
    Learned,
    MemoryStore,
    OptedOut,
    ProvenBy,
    SubjectId,
    Voiceprint,
    VoiceprintStore,
)
from biometrics.storage.sql_store import SqlStore

KLAUS = SubjectId("s-1")
NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
VOICE = Voiceprint(
    subject=KLAUS,
    encoder=EncoderId("pattern-0"),
    weights_sha256="ab" * 32,
    vector=np.array([0.6, -0.8], dtype=np.float32),
    net_speech_ms=12_000,
    recordings=3,
    enrolled_at=datetime(2026, 5, 20, 12, tzinfo=UTC),
)
NEWER = replace(
    VOICE, encoder=EncoderId("pattern-1"), vector=np.array([0.36, 0.48, 0.8], dtype=np.float32)
)
LATER = np.array([0.96, 0.28], dtype=np.float32)
HEARD = Collected(
    vector=np.array([0.48, 0.6, 0.64], dtype=np.float32),
    net_ms=4_000,
    at=NOW,
    proven_by=ProvenBy.EARLIER_ENCODER,
)
COLLECTING = Collecting(
    subject=KLAUS,
    expired=EncoderId("pattern-0"),
    encoder=EncoderId("pattern-1"),
    weights_sha256="cd" * 32,
    calls=(HEARD, replace(HEARD, net_ms=5_000, proven_by=ProvenBy.SECOND_FACTOR)),
)


@pytest.fixture(params=["memory", *SQL])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[VoiceprintStore]:
    if request.param == "memory":
        yield MemoryStore()
        return
    with an_engine(request, tmp_path) as engine, an_engine(request, tmp_path) as keys:
        yield SqlStore(engine, vault_of(keys))


def both(kept: Learned) -> Learned:
    following = replace(kept.following, later=LATER, later_net_ms=6_000, calls=2, share=0.25)
    return Learned(following=following, collecting=COLLECTING)


def is_as_enrolled(store: VoiceprintStore) -> bool:
    found, kept = store.get(KLAUS), store.learned(KLAUS)
    assert isinstance(found, Voiceprint)
    assert kept is not None
    return found.vector.tolist() == VOICE.vector.tolist() and kept.is_empty


def test_nothing_is_learned_about_whom_no_print_is_kept_of(store: VoiceprintStore) -> None:
    def never(kept: Learned) -> Learned:
        raise AssertionError("There is nothing to learn about.")

    assert not store.learn(KLAUS, never)
    assert store.learned(KLAUS) is None
    assert store.get(KLAUS) is None


def test_nothing_is_learned_about_who_refused(store: VoiceprintStore) -> None:
    store.put(VOICE)
    store.opt_out(KLAUS)

    assert not store.learn(KLAUS, both)
    assert store.learned(KLAUS) is None
    assert store.get(KLAUS) == OptedOut(subject=KLAUS)


def test_nothing_is_learned_about_an_erased_voice(store: VoiceprintStore) -> None:
    store.put(VOICE)
    store.erase(KLAUS, at=NOW)

    assert not store.learn(KLAUS, both)
    assert store.get(KLAUS) is None


def test_a_lesson_that_changes_nothing_leaves_the_print(store: VoiceprintStore) -> None:
    store.put(VOICE)

    assert not store.learn(KLAUS, lambda kept: None)
    assert is_as_enrolled(store)


def test_a_lesson_that_breaks_leaves_the_print(store: VoiceprintStore) -> None:
    def broken(kept: Learned) -> Learned:
        raise ZeroDivisionError

    store.put(VOICE)
    with pytest.raises(ZeroDivisionError):
        store.learn(KLAUS, broken)

    assert is_as_enrolled(store)
    assert store.learn(KLAUS, both)


def test_what_was_learned_comes_back_whole_beside_the_enrolment(store: VoiceprintStore) -> None:
    store.put(VOICE)
    assert store.learn(KLAUS, both)

    kept = store.learned(KLAUS)
    assert kept is not None
    assert kept.following.later is not None
    assert kept.collecting is not None
    following, collecting = kept.following, kept.collecting
    assert following.original.vector.tolist() == VOICE.vector.tolist()
    assert kept.following.later.tolist() == LATER.tolist()
    assert (following.later_net_ms, following.calls, following.share) == (6_000, 2, 0.25)
    assert [
        (call.vector.tolist(), call.net_ms, call.at, call.proven_by) for call in collecting.calls
    ] == [(call.vector.tolist(), call.net_ms, call.at, call.proven_by) for call in COLLECTING.calls]
    assert (collecting.subject, collecting.expired) == (KLAUS, "pattern-0")
    assert (collecting.encoder, collecting.weights_sha256) == ("pattern-1", "cd" * 32)


def test_calls_are_compared_with_the_print_as_it_has_followed(store: VoiceprintStore) -> None:
    store.put(VOICE)
    store.learn(KLAUS, both)

    found, kept = store.get(KLAUS), store.learned(KLAUS)
    assert isinstance(found, Voiceprint)
    assert kept is not None
    assert found.vector.tolist() == kept.following.current.vector.tolist()
    assert found.vector.tolist() != VOICE.vector.tolist()
    assert found.enrolled_at == VOICE.enrolled_at


def test_reverting_destroys_what_was_learned_and_then_brings_back_the_print_before(
    store: VoiceprintStore,
) -> None:
    store.put(NEWER)
    store.put(VOICE)
    store.learn(KLAUS, both)

    assert store.revert(KLAUS)
    assert is_as_enrolled(store)
    assert store.revert(KLAUS)
    found = store.get(KLAUS)
    assert isinstance(found, Voiceprint)
    assert found.encoder == "pattern-1"
    assert not store.revert(KLAUS)


def test_a_renewed_print_takes_the_place_and_can_be_taken_back(store: VoiceprintStore) -> None:
    store.put(VOICE)
    store.learn(KLAUS, both)

    assert store.learn(KLAUS, lambda kept: NEWER)
    found, kept = store.get(KLAUS), store.learned(KLAUS)
    assert isinstance(found, Voiceprint)
    assert (found.encoder, found.vector.tolist()) == ("pattern-1", NEWER.vector.tolist())
    assert kept is not None
    assert kept.is_empty
    assert store.revert(KLAUS)
    assert is_as_enrolled(store)


def test_another_enrolment_ends_what_was_learned(store: VoiceprintStore) -> None:
    store.put(NEWER)
    store.learn(KLAUS, lambda kept: replace(kept, collecting=COLLECTING))
    store.put(VOICE)

    assert is_as_enrolled(store)


def test_revoking_keeps_what_was_learned(store: VoiceprintStore) -> None:
    store.put(VOICE)
    store.learn(KLAUS, both)

    assert store.revoke(KLAUS)
    kept = store.learned(KLAUS)
    assert kept is not None
    assert kept.following.calls == 2
    assert kept.collecting is not None


@pytest.mark.parametrize("end", ["opt_out", "remove"])
def test_what_was_learned_goes_with_the_print(store: VoiceprintStore, end: str) -> None:
    store.put(VOICE)
    store.learn(KLAUS, both)
    getattr(store, end)(KLAUS)

    assert store.learned(KLAUS) is None
    store.remove(KLAUS)
    store.put(VOICE)
    assert is_as_enrolled(store)


def test_an_erasure_destroys_what_was_learned_and_says_so(store: VoiceprintStore) -> None:
    store.put(VOICE)
    store.learn(KLAUS, both)

    receipt = store.erase(KLAUS, at=NOW)

    assert receipt.what[:2] == ("voiceprint", "learned from calls")
    assert store.learned(KLAUS) is None
    store.put(VOICE)
    assert is_as_enrolled(store)
