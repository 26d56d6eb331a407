"""What every store of voiceprints does, in memory and in a database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from fakes.databases import SQL, an_engine
from fakes.vaults import vault_of

from biometrics import (
    EncoderId,
    MemoryStore,
    OptedOut,
    SubjectId,
    SubjectOptedOut,
    Voiceprint,
    VoiceprintStore,
)
from biometrics.storage.sql_store import SqlStore

KLAUS = SubjectId("s-1")
VOICE = Voiceprint(
    subject=KLAUS,
    encoder=EncoderId("pattern-0"),
    weights_sha256="ab" * 32,
    vector=np.array([0.6, -0.8], dtype=np.float32),
    net_speech_ms=12_000,
    recordings=3,
    enrolled_at=datetime(2026, 5, 20, 12, 0, 0, 123_456, tzinfo=UTC),
)


@pytest.fixture(params=["memory", *SQL])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[VoiceprintStore]:
    if request.param == "memory":
        yield MemoryStore()
        return
    with an_engine(request, tmp_path) as engine, an_engine(request, tmp_path) as keys:
        yield SqlStore(engine, vault_of(keys))


def values(found: Voiceprint | OptedOut | None) -> tuple[object, ...]:
    assert isinstance(found, Voiceprint)
    return (
        found.subject,
        found.encoder,
        found.weights_sha256,
        found.vector.tolist(),
        found.vector.dtype,
        found.net_speech_ms,
        found.recordings,
        found.enrolled_at,
    )


def test_an_unknown_subject_has_nothing(store: VoiceprintStore) -> None:
    assert store.get(KLAUS) is None
    assert not store.remove(KLAUS)


def test_who_opted_out_cannot_be_enrolled(store: VoiceprintStore) -> None:
    store.opt_out(KLAUS)

    with pytest.raises(SubjectOptedOut, match="has refused"):
        store.put(VOICE)
    assert store.get(KLAUS) == OptedOut(subject=KLAUS)


def test_opting_out_destroys_the_voiceprint(store: VoiceprintStore) -> None:
    store.put(VOICE)
    store.opt_out(KLAUS)

    assert store.get(KLAUS) == OptedOut(subject=KLAUS)


def test_opting_out_twice_changes_nothing(store: VoiceprintStore) -> None:
    store.opt_out(KLAUS)
    store.opt_out(KLAUS)

    assert store.get(KLAUS) == OptedOut(subject=KLAUS)


def test_removing_forgets_print_and_refusal(store: VoiceprintStore) -> None:
    store.put(VOICE)
    assert store.remove(KLAUS)
    assert store.get(KLAUS) is None

    store.opt_out(KLAUS)
    assert store.remove(KLAUS)
    store.put(VOICE)
    assert values(store.get(KLAUS)) == values(VOICE)


def test_what_is_put_comes_back_whole(store: VoiceprintStore) -> None:
    store.put(VOICE)

    assert values(store.get(KLAUS)) == values(VOICE)


def test_time_comes_back_as_the_same_moment(store: VoiceprintStore) -> None:
    elsewhere = VOICE.enrolled_at.astimezone(timezone(timedelta(hours=2)))
    store.put(replace(VOICE, enrolled_at=elsewhere))

    found = store.get(KLAUS)
    assert isinstance(found, Voiceprint)
    assert found.enrolled_at == VOICE.enrolled_at


def test_a_newer_voiceprint_replaces_the_older(store: VoiceprintStore) -> None:
    newer = replace(VOICE, recordings=5, vector=np.array([0.8, 0.6], dtype=np.float32))
    store.put(VOICE)
    store.put(newer)

    assert values(store.get(KLAUS)) == values(newer)


def test_subjects_do_not_touch_each_other(store: VoiceprintStore) -> None:
    store.put(VOICE)
    store.opt_out(SubjectId("s-2"))
    store.remove(SubjectId("s-3"))

    assert values(store.get(KLAUS)) == values(VOICE)


def test_a_refusal_wins_against_enrolments_at_the_same_moment(store: VoiceprintStore) -> None:
    def put(_: int) -> bool:
        try:
            store.put(VOICE)
        except SubjectOptedOut:
            return False
        return True

    with ThreadPoolExecutor(max_workers=4) as threads:
        attempts = [threads.submit(put, n) for n in range(8)]
        threads.submit(store.opt_out, KLAUS).result()
        attempts += [threads.submit(put, n) for n in range(8)]
        outcomes = [attempt.result() for attempt in attempts]

    assert store.get(KLAUS) == OptedOut(subject=KLAUS)
    assert outcomes[8:] == [False] * 8


def test_many_writers_lose_nothing(store: VoiceprintStore) -> None:
    subjects = [SubjectId(f"s-{n}") for n in range(24)]

    with ThreadPoolExecutor(max_workers=4) as threads:
        list(threads.map(lambda subject: store.put(replace(VOICE, subject=subject)), subjects))

    assert all(isinstance(store.get(subject), Voiceprint) for subject in subjects)


NEWER = replace(VOICE, recordings=5, vector=np.array([0.8, 0.6], dtype=np.float32))
NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)


def test_nothing_is_reverted_where_nothing_was_replaced(store: VoiceprintStore) -> None:
    assert not store.revert(KLAUS)

    store.put(VOICE)
    assert not store.revert(KLAUS)
    assert values(store.get(KLAUS)) == values(VOICE)


def test_reverting_brings_back_the_print_before_and_only_once(store: VoiceprintStore) -> None:
    store.put(VOICE)
    store.put(NEWER)

    assert store.revert(KLAUS)
    assert values(store.get(KLAUS)) == values(VOICE)
    assert not store.revert(KLAUS)


@pytest.mark.parametrize("end", ["opt_out", "remove", "erase"])
def test_what_was_destroyed_cannot_be_reverted(store: VoiceprintStore, end: str) -> None:
    store.put(VOICE)
    store.put(NEWER)
    destroy(store, end)

    assert not store.revert(KLAUS)
    assert not isinstance(store.get(KLAUS), Voiceprint)


@pytest.mark.parametrize("end", ["remove", "erase"])
def test_a_print_after_an_erasure_has_none_before_it(store: VoiceprintStore, end: str) -> None:
    store.put(VOICE)
    destroy(store, end)
    store.put(NEWER)

    assert not store.revert(KLAUS)
    assert values(store.get(KLAUS)) == values(NEWER)


def test_revoking_keeps_the_voice_and_the_one_before_it(store: VoiceprintStore) -> None:
    assert not store.revoke(KLAUS)
    store.put(VOICE)
    store.put(NEWER)

    assert store.revoke(KLAUS)
    assert values(store.get(KLAUS)) == values(NEWER)
    assert store.revert(KLAUS)
    assert values(store.get(KLAUS)) == values(VOICE)


def test_erasing_where_nothing_is_kept_destroys_nothing(store: VoiceprintStore) -> None:
    receipt = store.erase(KLAUS, at=NOW)

    assert (receipt.subject, receipt.at, receipt.what) == (KLAUS, NOW, ())
    assert receipt.proof == "Nothing was kept."


def test_erasing_destroys_both_prints_and_says_so(store: VoiceprintStore) -> None:
    store.put(VOICE)
    store.put(NEWER)
    receipt = store.erase(KLAUS, at=NOW)

    assert receipt.what[:2] == ("voiceprint", "earlier voiceprint")
    assert len(receipt.sha256) == 64
    assert store.get(KLAUS) is None
    assert store.erase(KLAUS, at=NOW).what == ()


def test_a_refusal_outlives_an_erasure(store: VoiceprintStore) -> None:
    store.opt_out(KLAUS)
    store.erase(KLAUS, at=NOW)

    assert store.get(KLAUS) == OptedOut(subject=KLAUS)
    with pytest.raises(SubjectOptedOut):
        store.put(VOICE)


def test_prints_can_be_made_and_revoked_at_the_same_moment(store: VoiceprintStore) -> None:
    store.put(VOICE)

    with ThreadPoolExecutor(max_workers=4) as threads:
        changes = [threads.submit(store.put, VOICE) for _ in range(6)]
        changes += [threads.submit(store.revoke, KLAUS) for _ in range(6)]
        for change in changes:
            change.result()

    assert values(store.get(KLAUS)) == values(VOICE)


def destroy(store: VoiceprintStore, how: str) -> None:
    if how == "erase":
        store.erase(KLAUS, at=NOW)
    else:
        getattr(store, how)(KLAUS)
