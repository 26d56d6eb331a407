"""What callers are told while they wait: true, and never longer than it was without a cause."""

from datetime import UTC, datetime, timedelta

import pytest

from ivr.call import Language
from ivr.queue.announce import Manner, Promised, Told, announcement
from ivr.queue.estimate import Estimate
from ivr.queue.queues import QueueRules
from ivr.queue.seating import Seat
from ivr.speak.prompts import read_prompts

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MANNER = Manner(costs="free", tells_position=False, offers_call_back_after_min=5)
RULES = QueueRules.model_validate(
    {
        "name": {"de": "A", "en": "A"},
        "languages": ["de"],
        "service_level": {"percent": 80, "within_s": 20},
        "handling_s": 240,
        "hours": {"zone": "Europe/Berlin", "days": {"mon": ["08:00-18:00"]}},
    }
)
OPEN = Seat(queue="agents", rules=RULES, is_open=True)
CLOSED = Seat(queue="agents", rules=RULES, is_open=False)


def expected(minutes: float, position: int = 3) -> Estimate:
    seconds = round(minutes * 60)
    return Estimate(low_s=seconds // 2, likely_s=seconds, high_s=seconds * 2, position=position)


def keys(told: Told) -> list[str]:
    return [line.key for line in told.lines]


def minutes_told(told: Told) -> str:
    return told.lines[0].facts.get("minutes", "1")


def test_a_closed_queue_promises_nothing_but_when_it_opens() -> None:
    told = announcement(expected(3), CLOSED, MANNER, NOW)

    assert keys(told) == ["queue.closed_until"]
    assert told.lines[0].facts == {"until": "2026-11-30T08:00"}
    assert told.promised.minutes is None


def test_a_closed_queue_may_offer_to_ring_back() -> None:
    there = Seat(
        queue="agents", rules=RULES.model_copy(update={"closed": "call_back"}), is_open=False
    )
    told = announcement(None, there, MANNER, NOW)

    assert keys(told) == ["queue.closed", "queue.call_back_offer"]
    assert told.offers_call_back


def test_a_queue_that_never_opens_says_only_that_it_is_closed() -> None:
    never = RULES.model_copy(update={"hours": None})
    told = announcement(None, Seat(queue="a", rules=never, is_open=False), MANNER, NOW)

    assert keys(told) == ["queue.closed"]


def test_what_is_not_known_is_not_made_up() -> None:
    told = announcement(None, OPEN, MANNER, NOW)

    assert keys(told) == ["queue.unknown", "queue.free", "queue.call_back_offer"]


@pytest.mark.parametrize(
    ("costs", "key"), [("free", "queue.free"), ("fixed_price", "queue.fixed_price")]
)
def test_the_price_is_told_at_the_beginning_and_once(costs: str, key: str) -> None:
    manner = Manner(costs=costs, tells_position=False, offers_call_back_after_min=0)  # type: ignore[arg-type]
    first = announcement(expected(3), OPEN, manner, NOW)
    second = announcement(expected(2), OPEN, manner, NOW + MINUTE, first.promised)

    assert keys(first) == ["queue.expected_minutes", key]
    assert keys(second) == ["queue.expected_minutes"]
    unsaid = Manner(costs="unsaid", tells_position=False, offers_call_back_after_min=0)
    assert keys(announcement(expected(1), OPEN, unsaid, NOW)) == ["queue.about_a_minute"]


@pytest.mark.parametrize(
    ("minutes", "said"), [(0.1, "1"), (1.4, "1"), (1.6, "2"), (12, "12"), (600, "90")]
)
def test_minutes_are_told_in_whole_ones(minutes: float, said: str) -> None:
    assert minutes_told(announcement(expected(minutes), OPEN, MANNER, NOW)) == said


def test_a_later_announcement_goes_down_with_the_clock() -> None:
    last = Promised(at=NOW, minutes=8)

    told = announcement(expected(7), OPEN, MANNER, NOW + 3 * MINUTE, last)
    assert minutes_told(told) == "5"
    assert told.promised == Promised(at=NOW + 3 * MINUTE, minutes=5)
    assert minutes_told(announcement(expected(2), OPEN, MANNER, NOW + 3 * MINUTE, last)) == "2"
    assert minutes_told(announcement(expected(2), OPEN, MANNER, NOW + 9 * MINUTE, last)) == "1"


def test_it_takes_longer_only_when_it_does_by_a_margin() -> None:
    last = Promised(at=NOW, minutes=6)

    assert minutes_told(announcement(expected(8), OPEN, MANNER, NOW, last)) == "6"
    assert minutes_told(announcement(expected(9), OPEN, MANNER, NOW, last)) == "9"
    short = Promised(at=NOW, minutes=1)
    assert minutes_told(announcement(expected(2), OPEN, MANNER, NOW, short)) == "1"
    assert minutes_told(announcement(expected(3), OPEN, MANNER, NOW, short)) == "3"


def test_what_was_promised_stands_while_nothing_is_known() -> None:
    last = Promised(at=NOW, minutes=6)
    told = announcement(None, OPEN, MANNER, NOW + MINUTE, last)

    assert told.promised == last
    assert keys(told) == ["queue.unknown", "queue.call_back_offer"]


def test_a_call_back_is_offered_where_it_takes_long() -> None:
    assert not announcement(expected(4), OPEN, MANNER, NOW).offers_call_back
    assert announcement(expected(5), OPEN, MANNER, NOW).offers_call_back
    never = Manner(costs="free", tells_position=False, offers_call_back_after_min=0)
    assert not announcement(expected(50), OPEN, never, NOW).offers_call_back


def test_the_position_is_told_where_that_is_wanted() -> None:
    manner = Manner(costs="unsaid", tells_position=True, offers_call_back_after_min=0)
    told = announcement(expected(3), OPEN, manner, NOW)

    assert keys(told) == ["queue.expected_minutes", "queue.position"]
    assert told.lines[1].facts == {"ahead": "2"}
    assert keys(announcement(expected(1, 1), OPEN, manner, NOW)) == ["queue.about_a_minute"]


@pytest.mark.parametrize("language", Language)
def test_everything_can_be_said(language: Language) -> None:
    prompts = read_prompts(language, "airline")
    manner = Manner(costs="fixed_price", tells_position=True, offers_call_back_after_min=2)
    told = [
        announcement(expected(3), OPEN, manner, NOW),
        announcement(expected(1), OPEN, MANNER, NOW),
        announcement(None, OPEN, MANNER, NOW),
        announcement(None, CLOSED, MANNER, NOW),
    ]

    said = [prompts.spoken(line) for one in told for line in one.lines]
    assert all(sentence.endswith(".") for sentence in said)
    german = "Die Wartezeit beträgt voraussichtlich drei Minuten."
    english = "The wait is expected to be three minutes."
    assert said[0] == (german if language is Language.GERMAN else english)
    until = prompts.text(told[-1].lines[0])
    assert ("wieder am 30. November um 8" in until) is (language is Language.GERMAN)
