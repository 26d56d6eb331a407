"""What every store of lists and of reviews does, in memory and sealed in a database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from fakes.databases import SQL, an_engine
from fakes.vaults import vault_of

from biometrics import EncoderId, SubjectId, UnknownWatchlist, Voiceprint
from biometrics.watchlist import (
    Candidate,
    LegalBasis,
    ListPurpose,
    MemoryReviews,
    MemoryWatchlists,
    Review,
    ReviewId,
    ReviewStatus,
    ReviewStore,
    Watchlist,
    WatchlistId,
    WatchlistStore,
)
from biometrics.watchlist.sql_reviews import SqlReviews
from biometrics.watchlist.sql_watchlists import SqlWatchlists

NOW = datetime(2026, 5, 20, 12, 0, 0, 123_456, tzinfo=UTC)
LIST, OTHER = WatchlistId("list-1"), WatchlistId("list-2")
BASIS = LegalBasis(text="Art. 6 (1) f", decided_by="the board", decided_at=NOW, retention_days=30)
FRAUD = Watchlist(
    id=LIST, name="callers of March", purpose=ListPurpose.FRAUD, created_at=NOW, basis=BASIS
)
REVIEW = Review(
    id=ReviewId("review-1"),
    watchlist=LIST,
    subject=SubjectId("s-7f3a"),
    candidates=(Candidate(entry=SubjectId("list-1.a"), band="llr_6_8"),),
    is_promised=True,
    found_at=NOW,
)

Stores = tuple[WatchlistStore, ReviewStore]


@pytest.fixture(params=["memory", *SQL])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    if request.param == "memory":
        yield MemoryWatchlists(), MemoryReviews()
        return
    with an_engine(request, tmp_path) as engine, an_engine(request, tmp_path) as keys:
        vault = vault_of(keys)
        vault.start(mark=None)
        yield SqlWatchlists(engine, vault), SqlReviews(engine, vault)


@pytest.fixture
def lists(stores: Stores) -> WatchlistStore:
    return stores[0]


@pytest.fixture
def reviews(stores: Stores) -> ReviewStore:
    stores[0].keep(FRAUD)
    stores[0].keep(replace(FRAUD, id=OTHER, name="others"))
    return stores[1]


def voice(entry: str, *numbers: float) -> Voiceprint:
    return Voiceprint(
        subject=SubjectId(entry),
        encoder=EncoderId("pattern-0"),
        weights_sha256="ab" * 32,
        vector=np.array(numbers or (0.6, 0.8), dtype=np.float32),
        net_speech_ms=12_000,
        recordings=3,
        enrolled_at=NOW,
    )


def test_nobody_can_be_put_on_a_list_that_is_not_there(lists: WatchlistStore) -> None:
    with pytest.raises(UnknownWatchlist):
        lists.add(LIST, voice("list-1.a"))
    with pytest.raises(UnknownWatchlist):
        lists.revision(LIST)
    assert lists.entries(LIST) == frozenset()
    assert list(lists.prints([SubjectId("list-1.a")])) == []


def test_a_list_comes_back_as_it_was_decided(lists: WatchlistStore) -> None:
    undecided = replace(FRAUD, id=OTHER, name="others", basis=None)
    lists.keep(FRAUD)
    lists.keep(undecided)
    assert lists.lists() == (FRAUD, undecided)

    decided = replace(undecided, basis=BASIS)
    lists.keep(decided)
    assert lists.lists() == (FRAUD, decided)


def test_a_voice_comes_back_as_it_was_entered(lists: WatchlistStore) -> None:
    lists.keep(FRAUD)
    lists.add(LIST, voice("list-1.a"))

    (found,) = lists.prints([SubjectId("list-1.a"), SubjectId("list-1.b")])

    np.testing.assert_allclose(found.vector, [0.6, 0.8])
    assert (found.encoder, found.weights_sha256) == ("pattern-0", "ab" * 32)
    assert lists.entries(LIST) == {"list-1.a"}


def test_every_change_of_the_entries_changes_the_revision(lists: WatchlistStore) -> None:
    lists.keep(FRAUD)
    seen = [lists.revision(LIST)]
    lists.add(LIST, voice("list-1.a"))
    seen.append(lists.revision(LIST))
    lists.add(LIST, voice("list-1.b"))
    seen.append(lists.revision(LIST))
    lists.remove(LIST, SubjectId("list-1.a"), at=NOW)
    seen.append(lists.revision(LIST))

    assert len(set(seen)) == 4


def test_deciding_again_keeps_the_entries(lists: WatchlistStore) -> None:
    lists.keep(FRAUD)
    lists.add(LIST, voice("list-1.a"))
    before = lists.revision(LIST)

    lists.keep(replace(FRAUD, basis=replace(BASIS, retention_days=60)))

    assert lists.entries(LIST) == {"list-1.a"}
    assert lists.revision(LIST) == before


def test_an_erased_entry_is_never_found_again(lists: WatchlistStore) -> None:
    lists.keep(FRAUD)
    lists.add(LIST, voice("list-1.a"))
    lists.add(LIST, voice("list-1.b"))

    receipt = lists.remove(LIST, SubjectId("list-1.a"), at=NOW)

    assert receipt.what[0] == "entry"
    assert len(receipt.sha256) == 64
    assert [it.subject for it in lists.prints([SubjectId("list-1.a"), SubjectId("list-1.b")])] == [
        "list-1.b"
    ]
    assert lists.remove(LIST, SubjectId("list-1.a"), at=NOW).what == ()


def test_a_deleted_list_takes_its_entries_with_it_and_no_others(lists: WatchlistStore) -> None:
    lists.keep(FRAUD)
    lists.keep(replace(FRAUD, id=OTHER, name="others"))
    for entry in ("list-1.a", "list-1.b"):
        lists.add(LIST, voice(entry))
    lists.add(OTHER, voice("list-2.a"))

    receipt = lists.delete(LIST, at=NOW)

    assert (receipt.what.count("entry"), receipt.what.count("watchlist")) == (2, 1)
    assert [one.id for one in lists.lists()] == [OTHER]
    everything = [SubjectId(name) for name in ("list-1.a", "list-1.b", "list-2.a")]
    assert [it.subject for it in lists.prints(everything)] == ["list-2.a"]
    assert lists.delete(LIST, at=NOW).what == ()


def test_a_review_comes_back_as_it_was_found(reviews: ReviewStore) -> None:
    of_a_recording = replace(
        REVIEW, id=ReviewId("review-2"), subject=None, found_at=NOW + timedelta(hours=1)
    )
    reviews.add(REVIEW)
    reviews.add(of_a_recording)

    assert reviews.of(LIST) == (REVIEW, of_a_recording)
    assert reviews.of(OTHER) == ()
    assert reviews.status(ReviewId("review-1")) is ReviewStatus.OPEN


def test_a_review_is_settled_once(reviews: ReviewStore) -> None:
    reviews.add(REVIEW)
    later = NOW + timedelta(days=1)

    assert reviews.settle(REVIEW.id, ReviewStatus.DISMISSED, by="operator", at=later)
    assert not reviews.settle(REVIEW.id, ReviewStatus.CONFIRMED, by="operator", at=later)

    settled = replace(REVIEW, status=ReviewStatus.DISMISSED, reviewer="operator", reviewed_at=later)
    assert reviews.of(LIST) == (settled,)


def test_what_is_not_there_cannot_be_settled(reviews: ReviewStore) -> None:
    assert not reviews.settle(REVIEW.id, ReviewStatus.CONFIRMED, by="operator", at=NOW)
    assert reviews.status(REVIEW.id) is None


def test_reviews_are_forgotten_with_their_list(reviews: ReviewStore) -> None:
    reviews.add(REVIEW)
    reviews.add(replace(REVIEW, id=ReviewId("review-2"), watchlist=OTHER))

    assert reviews.forget(LIST) == 1
    assert reviews.of(LIST) == ()
    assert len(reviews.of(OTHER)) == 1
