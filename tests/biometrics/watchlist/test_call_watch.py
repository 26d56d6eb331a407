"""Within a call: what is looked for when, and what a likeness and a failure become."""

from collections.abc import Callable

import numpy as np
import pytest
from fakes.lists import Lists, voiceprint

from biometrics import (
    ListPurpose,
    Outcome,
    ReviewStatus,
    Span,
    Speech,
    Standing,
    StoreUnavailable,
    SubjectId,
    Verdict,
    Waveform,
)
from biometrics.watchlist import CallWatch, CallWatchSettings, MemoryReviews, Watchlist

KLAUS = SubjectId("s-1")

Watch = Callable[..., CallWatch]


def standing(*voice: float, net_ms: int = 3_000) -> Standing:
    samples = np.full(net_ms * 8, 0.5, dtype=np.float32)
    speech = Speech(
        waveform=Waveform(samples=samples, rate_hz=8_000),
        spans=(Span(start_ms=0, end_ms=net_ms),),
    )
    verdict = Verdict(outcome=Outcome.ACCEPTED)
    return Standing(verdict=verdict, evidence=speech, voice=voiceprint(*voice).vector)


@pytest.fixture
def watch(house: Lists) -> Watch:
    def of(*, blind_needs_person: bool = True, alarms: float = 0.01) -> CallWatch:
        return CallWatch(
            search=house.search(alarms=alarms),
            reviews=house.reviews,
            calibration=house.calibration,
            settings=CallWatchSettings(least_net_ms=3_000, blind_needs_person=blind_needs_person),
        )

    return of


@pytest.fixture
def listed(house: Lists) -> Watchlist:
    made = house.made()
    house.add(made, 1, 0, 0, 0)
    return made


def searches(house: Lists) -> int:
    return sum(told.startswith("watchlist_searched") for told in house.told())


def test_lists_that_cannot_be_read_are_told_and_take_the_call_to_a_person(
    house: Lists, watch: Watch, listed: Watchlist, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> int:
        raise StoreUnavailable("gone")

    monkeypatch.setattr(house.lists, "revision", gone)
    seen = watch().look(KLAUS, standing(0, 1, 0, 0), None, house.now)

    assert [sign.reason for sign in seen.signs] == [
        "Not checked: the watchlists cannot be searched."
    ]
    assert seen.signs[0].needs_person


def test_whoever_chose_so_is_only_told(
    house: Lists, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> tuple[Watchlist, ...]:
        raise StoreUnavailable("gone")

    monkeypatch.setattr(house.lists, "lists", gone)
    (sign,) = (
        watch(blind_needs_person=False).look(KLAUS, standing(0, 1, 0, 0), None, house.now).signs
    )

    assert not sign.needs_person
    assert sign.reason.startswith("Not checked")


def test_a_call_that_could_not_be_looked_for_is_looked_for_again(
    house: Lists, watch: Watch, listed: Watchlist, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking, lists = watch(), house.lists.lists

    def gone() -> tuple[Watchlist, ...]:
        raise StoreUnavailable("gone")

    monkeypatch.setattr(house.lists, "lists", gone)
    before = looking.look(KLAUS, standing(0, 1, 0, 0), None, house.now)
    monkeypatch.setattr(house.lists, "lists", lists)
    after = looking.look(KLAUS, standing(0, 1, 0, 0), before.watched, house.now)

    assert len(before.signs) == 1
    assert after.signs == ()


def test_a_list_that_may_not_be_used_is_told_and_harms_nobody(house: Lists, watch: Watch) -> None:
    house.made(decided=False)

    (sign,) = watch().look(KLAUS, standing(1, 0, 0, 0), None, house.now).signs

    assert sign.reason == "Not checked: a watchlist may not be used."
    assert not sign.needs_person
    assert searches(house) == 0


@pytest.mark.parametrize(
    "told",
    [
        None,
        Standing(verdict=Verdict(outcome=Outcome.NOT_ENROLLED)),
        standing(1, 0, 0, 0, net_ms=2_900),
    ],
)
def test_whose_voice_was_not_compared_or_too_short_is_not_looked_for(
    house: Lists, watch: Watch, listed: Watchlist, told: Standing | None
) -> None:
    seen = watch().look(KLAUS, told, None, house.now)

    assert (seen.watched, seen.signs) == (None, ())
    assert searches(house) == 0


def test_those_who_are_only_enrolled_are_not_compared_in_calls(house: Lists, watch: Watch) -> None:
    house.made(ListPurpose.DUPLICATES)

    assert watch().look(KLAUS, standing(1, 0, 0, 0), None, house.now).signs == ()
    assert searches(house) == 0


def test_a_stranger_to_the_list_has_no_sign(house: Lists, watch: Watch, listed: Watchlist) -> None:
    seen = watch().look(KLAUS, standing(0, 1, 0, 0), None, house.now)

    assert seen.signs == ()
    assert searches(house) == 1


def test_a_likeness_takes_the_call_to_a_person_and_gates_nothing(
    house: Lists, watch: Watch, listed: Watchlist
) -> None:
    (sign,) = watch().look(KLAUS, standing(1, 0, 0, 0), None, house.now).signs

    assert (sign.name, sign.needs_person, sign.is_spoof, sign.forbids) == (
        "watchlist",
        True,
        False,
        False,
    )
    assert len(house.reviews.of(listed.id)) == 1


def test_the_sign_stays_until_a_person_dismisses_it(
    house: Lists, watch: Watch, listed: Watchlist
) -> None:
    looking = watch()
    seen = looking.look(KLAUS, standing(1, 0, 0, 0), None, house.now)
    seen = looking.look(KLAUS, None, seen.watched, house.now)
    assert len(seen.signs) == 1

    (review,) = house.reviews.of(listed.id)
    house.desk.settle(review.id, ReviewStatus.DISMISSED, house.now)

    assert looking.look(KLAUS, None, seen.watched, house.now).signs == ()


def test_reviews_that_cannot_be_read_are_not_taken_for_dismissed(
    house: Lists, watch: Watch, listed: Watchlist, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking = watch()
    seen = looking.look(KLAUS, standing(1, 0, 0, 0), None, house.now)

    def gone(*_: object) -> ReviewStatus:
        raise StoreUnavailable("gone")

    monkeypatch.setattr(MemoryReviews, "status", gone)
    (sign,) = looking.look(KLAUS, None, seen.watched, house.now).signs

    assert sign.needs_person


def test_a_list_too_long_to_be_sure_takes_no_call_anywhere(
    house: Lists, watch: Watch, listed: Watchlist
) -> None:
    for _ in range(10):
        house.add(listed, 0, 0, 1, 0)

    (sign,) = watch().look(KLAUS, standing(1, 0, 0, 0), None, house.now).signs

    assert not sign.needs_person
    assert "wait for a person's look" in sign.reason


def test_a_call_is_searched_once_and_again_with_twice_the_speech(
    house: Lists, watch: Watch, listed: Watchlist
) -> None:
    looking, watched = watch(), None
    for net_ms in (3_000, 4_000, 5_900, 6_000, 8_000):
        told = standing(0, 1, 0, 0, net_ms=net_ms)
        watched = looking.look(KLAUS, told, watched, house.now).watched

    assert searches(house) == 2


def test_whoever_takes_over_is_looked_for_too(
    house: Lists, watch: Watch, listed: Watchlist
) -> None:
    looking = watch()
    seen = looking.look(KLAUS, standing(0, 1, 0, 0, net_ms=5_000), None, house.now)
    assert seen.signs == ()

    seen = looking.look(KLAUS, standing(1, 0, 0, 0), seen.watched, house.now)

    assert [sign.needs_person for sign in seen.signs] == [True]
