"""Every store of fingerprints keeps the same promises."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from fakes.databases import SQL, an_engine

from biometrics import SubjectId
from biometrics.liveness import (
    Fingerprint,
    FingerprintStore,
    Kept,
    LineSound,
    MemoryFingerprints,
    Visit,
)
from biometrics.liveness.kept import MOST_KEPT, MOST_VISITS
from biometrics.liveness.sql_fingerprints import SqlFingerprints

KLAUS, ERNA = SubjectId("s-1"), SubjectId("s-2")
NOW = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)


class Upended:
    """A sealing that anybody can see through, to tell sealed rows from plain ones."""

    def row(self, subject: SubjectId) -> str:
        return subject[::-1]

    def seal(self, subject: SubjectId, plain: bytes) -> bytes:
        return plain[::-1]

    def opener(self, subject: SubjectId) -> Callable[[bytes], bytes | None]:
        return lambda sealed: sealed[::-1]


@pytest.fixture(params=["memory", *SQL, *(f"{kind}, sealed" for kind in SQL)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FingerprintStore]:
    if request.param == "memory":
        yield MemoryFingerprints()
        return
    sealing = Upended() if request.param.endswith("sealed") else None
    with an_engine(request, tmp_path) as engine:
        yield SqlFingerprints(engine, sealing=sealing)


def recording(number: int, *, line: LineSound | None = None) -> Kept:
    chance = np.random.default_rng(number)
    return Kept(
        digest=bytes([number % 256]) * 32,
        fingerprint=Fingerprint(
            words=chance.integers(0, 2**32, 150 + number, dtype=np.uint32),
            is_spoken=chance.random(150 + number) < 0.7,
        ),
        line=line,
        heard_at=NOW + timedelta(minutes=number),
    )


def minute(number: int) -> Visit:
    began_at = NOW + timedelta(minutes=number)
    return Visit(began_at=began_at, ended_at=began_at + timedelta(seconds=5))


def test_nothing_is_known_of_a_stranger(store: FingerprintStore) -> None:
    assert store.kept(KLAUS) == ()
    assert store.forget(KLAUS) is False


def test_a_recording_comes_back_as_it_was(store: FingerprintStore) -> None:
    line = LineSound(edges_db=(-30.0, -12.5, -3.0, -20.0, -60.0))
    store.keep(KLAUS, recording(3, line=line))

    (found,) = store.kept(KLAUS)

    wanted = recording(3)
    assert (found.digest, found.line, found.heard_at) == (wanted.digest, line, wanted.heard_at)
    np.testing.assert_array_equal(wanted.fingerprint.words, found.fingerprint.words)
    np.testing.assert_array_equal(wanted.fingerprint.is_spoken, found.fingerprint.is_spoken)


def test_the_newest_comes_first_and_the_oldest_gives_way(store: FingerprintStore) -> None:
    for number in range(MOST_KEPT + 2):
        store.keep(KLAUS, recording(number))

    found = [kept.digest[0] for kept in store.kept(KLAUS)]

    assert found == list(range(MOST_KEPT + 1, 1, -1))


def test_subjects_do_not_share_what_is_kept(store: FingerprintStore) -> None:
    store.keep(KLAUS, recording(1))
    store.visited(KLAUS, minute(1))

    assert store.kept(ERNA) == ()
    assert store.visited(ERNA, minute(2)) == ()


def test_one_subject_does_not_push_another_out(store: FingerprintStore) -> None:
    store.keep(KLAUS, recording(1))
    for number in range(MOST_KEPT + 2):
        store.keep(ERNA, recording(number))

    assert len(store.kept(KLAUS)) == 1


def test_a_visit_is_told_the_earlier_ones(store: FingerprintStore) -> None:
    assert store.visited(KLAUS, minute(1)) == ()
    assert store.visited(KLAUS, minute(2)) == (minute(1),)
    assert store.visited(KLAUS, minute(3)) == (minute(2), minute(1))


def test_visits_are_bounded(store: FingerprintStore) -> None:
    for number in range(MOST_VISITS + 5):
        earlier = store.visited(KLAUS, minute(number))

    assert len(earlier) == MOST_VISITS


def test_who_is_forgotten_is_a_stranger(store: FingerprintStore) -> None:
    store.keep(KLAUS, recording(1))
    store.keep(ERNA, recording(2))
    store.visited(KLAUS, minute(1))

    assert store.forget(KLAUS) is True

    assert store.kept(KLAUS) == ()
    assert store.visited(KLAUS, minute(2)) == ()
    assert len(store.kept(ERNA)) == 1
