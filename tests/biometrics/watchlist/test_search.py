"""Who on a list sounds alike: what is refused first, then what is found."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from fakes.lists import Lists, voiceprint

from biometrics import (
    AuditEvent,
    CalibrationUnusable,
    ConsentMissing,
    EncoderId,
    ListPurpose,
    MemoryAudit,
    Purpose,
    StoreUnavailable,
    SubjectId,
    UnknownWatchlist,
    WatchlistUnusable,
)
from biometrics.watchlist import Heard, Likeness, MemoryWatchlists, Watchlist

Say = Callable[..., Heard]
BOTH = (Purpose.RECOGNITION, Purpose.WATCHLIST)


class GoneLists(MemoryWatchlists):
    def revision(self, watchlist: str) -> int:
        raise StoreUnavailable("gone")


class FullAudit(MemoryAudit):
    def record(self, event: AuditEvent) -> None:
        raise StoreUnavailable("full")


def likeness(house: Lists) -> Likeness:
    return Likeness(search=house.search(), enrolled=house.enrolled, witness=house.witness)


def test_a_list_without_a_legal_basis_is_of_no_use(house: Lists, heard: Say) -> None:
    undecided = house.made(decided=False)

    with pytest.raises(WatchlistUnusable, match="No legal basis"):
        house.add(undecided, 1, 0, 0, 0)
    with pytest.raises(WatchlistUnusable, match="No legal basis"):
        house.search().search(undecided, heard(1, 0, 0, 0), house.now)


def test_a_list_whose_time_is_over_is_of_no_use(house: Lists, heard: Say) -> None:
    listed = house.made()
    house.add(listed, 1, 0, 0, 0)
    house.now += timedelta(days=30)

    with pytest.raises(WatchlistUnusable, match="is over"):
        house.search().search(listed, heard(1, 0, 0, 0), house.now)
    with pytest.raises(WatchlistUnusable, match="is over"):
        house.add(listed, 0, 1, 0, 0)


def test_a_voice_that_another_encoder_heard_is_not_taken_up(house: Lists) -> None:
    listed = house.made()
    for other in (
        replace(voiceprint(1, 0, 0, 0), encoder=EncoderId("pattern-1")),
        replace(voiceprint(1, 0, 0, 0), weights_sha256="cd" * 32),
    ):
        with pytest.raises(WatchlistUnusable, match="Another encoder"):
            house.desk.add(listed, other, encoder=house.encoder, now=house.now)


def test_a_list_with_voices_of_another_encoder_is_not_searched_in_part(
    house: Lists, heard: Say
) -> None:
    listed = house.made()
    house.add(listed, 1, 0, 0, 0)
    house.encoder = replace(house.encoder, weights_sha256="cd" * 32)
    house.calibration = replace(house.calibration, weights_sha256="cd" * 32)

    with pytest.raises(WatchlistUnusable, match="1 of the entries of this list were made by anoth"):
        house.search().search(listed, heard(1, 0, 0, 0), house.now)


def test_a_calibration_of_another_encoder_is_refused(house: Lists) -> None:
    house.calibration = replace(house.calibration, encoder=EncoderId("pattern-1"))

    with pytest.raises(CalibrationUnusable):
        house.search()


def test_a_store_that_is_gone_is_never_nobody_found(house: Lists, heard: Say) -> None:
    listed = house.made()
    gone = GoneLists()
    gone._lists = house.lists._lists
    house.lists = gone

    with pytest.raises(StoreUnavailable):
        house.search().search(listed, heard(1, 0, 0, 0), house.now)


def test_what_cannot_be_written_down_is_not_searched_and_not_changed(
    house: Lists, heard: Say
) -> None:
    listed = house.made()
    house.add(listed, 1, 0, 0, 0)
    house.audit = FullAudit()

    with pytest.raises(StoreUnavailable):
        house.search().search(listed, heard(1, 0, 0, 0), house.now)
    with pytest.raises(StoreUnavailable):
        house.add(listed, 0, 1, 0, 0)
    assert len(house.lists.entries(listed.id)) == 1
    assert house.reviews.of(listed.id) == ()


def test_a_stranger_is_not_found_and_the_search_is_in_the_trail(house: Lists, heard: Say) -> None:
    listed = house.made()
    house.add(listed, 1, 0, 0, 0)

    found = house.search().search(listed, heard(0, 1, 0, 0), house.now)

    assert (found.hits, found.review) == ((), None)
    assert house.told()[-2:] == ["watchlist_loaded", "watchlist_searched nobody"]


def test_a_hit_waits_for_a_person_and_is_in_the_trail(house: Lists, heard: Say) -> None:
    listed = house.made()
    entry = house.add(listed, 1, 0, 0, 0)
    house.add(listed, 0, 1, 0, 0)

    found = house.search().search(listed, heard(1, 0.2, 0, 0), house.now)

    assert [hit.entry for hit in found.hits] == [entry]
    (review,) = house.reviews.of(listed.id)
    assert found.review == review
    assert review.is_open
    assert review.is_promised
    assert review.subject == "s-1"
    assert [(one.entry, one.band) for one in review.candidates] == [(entry, "llr_8_10")]
    assert house.told()[-2:] == ["watchlist_searched somebody", "watchlist_hit"]


def test_the_same_question_is_asked_once(house: Lists, heard: Say) -> None:
    listed = house.made()
    house.add(listed, 1, 0, 0, 0)
    search = house.search()

    first = search.search(listed, heard(1, 0, 0, 0), house.now)
    again = search.search(listed, heard(1, 0.1, 0, 0), house.now)
    of_another = search.search(listed, heard(1, 0, 0, 0, subject="s-2"), house.now)

    assert first.review == again.review != of_another.review
    assert len(house.reviews.of(listed.id)) == 2


def test_a_list_too_long_to_be_sure_only_names_candidates(house: Lists, heard: Say) -> None:
    listed = house.made()
    for _ in range(11):
        house.add(listed, 1, 0, 0, 0)

    found = house.search(most=3).search(listed, heard(1, 0, 0, 0), house.now)

    assert not found.strictness.is_promised
    assert len(found.hits) == 3
    assert found.review is not None
    assert not found.review.is_promised
    assert "watchlist_searched candidates" in house.told()


def test_what_others_add_and_take_away_counts_from_the_next_search_on(
    house: Lists, heard: Say
) -> None:
    listed = house.made()
    first = house.add(listed, 1, 0, 0, 0)
    search = house.search()
    assert search.search(listed, heard(0, 1, 0, 0), house.now).hits == ()

    second = house.add(listed, 0, 1, 0, 0)
    house.desk.remove(listed, first, house.now)

    assert [hit.entry for hit in search.search(listed, heard(0, 1, 0, 0), house.now).hits] == [
        second
    ]
    assert search.search(listed, heard(1, 0, 0, 0), house.now).hits == ()


@pytest.mark.parametrize("seed", range(8))
def test_erased_entries_are_never_found(house: Lists, heard: Say, seed: int) -> None:
    """Whatever the order in which entries come and go, only those that are there are told."""
    chance = np.random.default_rng(seed)
    listed, search = house.made(), house.search(alarms=0.9, most=20)
    there: dict[SubjectId, tuple[float, ...]] = {}
    for _ in range(40):
        if there and chance.random() < 0.4:
            gone = list(there)[int(chance.integers(len(there)))]
            del there[gone]
            house.desk.remove(listed, gone, house.now)
        else:
            voice = tuple(chance.normal(size=4).tolist())
            there[house.add(listed, *voice)] = voice
        voice = tuple(chance.normal(size=4).tolist())
        found = {hit.entry for hit in search.search(listed, heard(*voice), house.now).hits}
        assert found <= there.keys()
    own = {name: search.search(listed, heard(*v), house.now).hits[0] for name, v in there.items()}
    assert len(own) > 0
    assert all(hit.entry == name for name, hit in own.items())


def test_an_entry_moved_to_another_list_is_on_neither(house: Lists, heard: Say) -> None:
    listed = house.made()
    other = house.desk.create("other", ListPurpose.FRAUD, listed.basis, house.now)
    house.add(other, 1, 0, 0, 0)
    kept = house.lists._lists
    kept[listed.id].entries, kept[other.id].entries = kept[other.id].entries, {}

    for one in (listed, other):
        assert house.search().search(one, heard(1, 0, 0, 0), house.now).hits == ()


def test_among_the_enrolled_nobody_is_looked_for_who_did_not_agree(
    house: Lists, heard: Say
) -> None:
    listed = house.made(ListPurpose.DUPLICATES)
    mine = house.enrol("s-1", 1, 0, 0, 0, purposes=(Purpose.RECOGNITION,))
    house.enrol("s-2", 1, 0.1, 0, 0, purposes=BOTH)

    for subject in ("s-1", None):
        with pytest.raises(ConsentMissing):
            house.search().search(listed, heard(1, 0, 0, 0, subject=subject), house.now)
    assert likeness(house).of(mine) == ()
    assert house.told()[-1] == "watchlist_searched no_consent"


def test_who_did_not_agree_is_not_among_those_who_are_searched(house: Lists) -> None:
    house.made(ListPurpose.DUPLICATES)
    mine = house.enrol("s-1", 1, 0, 0, 0, purposes=BOTH)
    house.enrol("s-2", 1, 0.1, 0, 0, purposes=(Purpose.RECOGNITION,))
    house.enrol("s-3", 1, 0.1, 0, 0, purposes=(Purpose.WATCHLIST,))

    assert likeness(house).of(mine) == ()


def test_a_list_that_may_not_be_used_finds_no_lookalikes(house: Lists) -> None:
    house.made(ListPurpose.DUPLICATES, decided=False)
    mine = house.enrol("s-1", 1, 0, 0, 0, purposes=BOTH)
    house.enrol("s-2", 1, 0.1, 0, 0, purposes=BOTH)

    assert likeness(house).of(mine) == ()
    assert house.told()[-1] == "watchlist_searched not_allowed"


def test_one_voice_under_two_ids_is_found_and_oneself_is_not(house: Lists) -> None:
    listed = house.made(ListPurpose.DUPLICATES)
    mine = house.enrol("s-1", 1, 0, 0, 0, purposes=BOTH)
    house.enrol("s-2", 1, 0.3, 0, 0, purposes=BOTH)
    house.enrol("s-3", 1, 0.1, 0, 0, purposes=BOTH)
    house.enrol("s-4", 0, 1, 0, 0, purposes=BOTH)

    found = likeness(house).of(mine)

    assert [one.subject for one in found] == ["s-3", "s-2"]
    assert found[0].llr > found[1].llr > 0
    (review,) = house.reviews.of(listed.id)
    assert [one.entry for one in review.candidates] == ["s-3", "s-2"]


def test_who_agrees_no_longer_or_is_erased_is_not_found_from_then_on(house: Lists) -> None:
    house.made(ListPurpose.DUPLICATES)
    mine = house.enrol("s-1", 1, 0, 0, 0, purposes=BOTH)
    house.enrol("s-2", 1, 0.3, 0, 0, purposes=BOTH)
    house.enrol("s-3", 1, 0.1, 0, 0, purposes=BOTH)
    looking = likeness(house)
    assert len(looking.of(mine)) == 2

    house.ledger.withdraw(SubjectId("s-2"), Purpose.WATCHLIST, house.now)
    house.prints.erase(SubjectId("s-3"), at=house.now)

    assert looking.of(mine) == ()


def test_nobody_is_added_by_hand_to_those_who_are_enrolled(house: Lists) -> None:
    listed = house.made(ListPurpose.DUPLICATES)

    with pytest.raises(WatchlistUnusable, match="nobody is added"):
        house.add(listed, 1, 0, 0, 0)


def test_a_name_is_given_once_and_is_not_blank(house: Lists) -> None:
    listed = house.made()

    for name in (listed.name, listed.id, " "):
        with pytest.raises(WatchlistUnusable):
            house.desk.create(name, ListPurpose.FRAUD, None, house.now)
    with pytest.raises(UnknownWatchlist):
        house.desk.find("no such list")


def test_an_entry_of_another_list_is_not_removed(house: Lists) -> None:
    listed = house.made()
    other: Watchlist = house.desk.create("other", ListPurpose.FRAUD, listed.basis, house.now)
    entry = house.add(listed, 1, 0, 0, 0)

    with pytest.raises(UnknownWatchlist):
        house.desk.remove(other, entry, house.now)
    assert house.lists.entries(listed.id) == {entry}


def test_lists_end_with_their_time_and_take_everything_along(house: Lists, heard: Say) -> None:
    listed = house.made()
    undecided = house.desk.create("other", ListPurpose.FRAUD, None, house.now)
    house.add(listed, 1, 0, 0, 0)
    house.search().search(listed, heard(1, 0, 0, 0), house.now)
    assert house.desk.expire(house.now) == ()

    (receipt,) = house.desk.expire(house.now + timedelta(days=30))

    assert receipt.what == ("watchlist", "entry")
    assert house.lists.lists() == (undecided,)
    assert house.reviews.of(listed.id) == ()
