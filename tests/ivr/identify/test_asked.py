"""A source as calls ask it, with threads that really wait."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from time import monotonic

import pytest
from fakes.log_lines import logged

from ivr.breaker import Breaker
from ivr.identify.asked import AskedSource, Flight, landed
from ivr.identify.fact import Answer, Failed, Nobody, Told, Why
from ivr.identify.kept import KeptAnswers, Lives

TOLD, OTHER = Told(unread=("first",)), Told(unread=("second",))
DOWN = Failed(why=Why.DOWN)


class Crm:
    """Answers as it is told, once it may."""

    def __init__(self, answer: Callable[[], Answer]) -> None:
        self.answer = answer
        self.may_answer = Event()
        self.may_answer.set()
        self.asked: list[str] = []

    def ask(self, key: str) -> Answer:
        self.asked.append(key)
        self.may_answer.wait(10)
        return self.answer()

    def close(self) -> None:
        self.may_answer.set()


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def crm() -> Crm:
    return Crm(lambda: TOLD)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def source(crm: Crm, clock: Clock) -> Iterator[AskedSource]:
    kept = KeptAnswers(Lives(fresh_s=10, stale_s=20, nobody_s=5), most=100)
    breaker = Breaker(failures=3, pause_s=30)
    asked = AskedSource("crm", crm, kept, breaker, at_once=2, clock=clock)
    yield asked
    crm.may_answer.set()
    asked.close()


def answer(source: AskedSource, key: str = "+49") -> Answer:
    return waited(source.begin(key))


def waited(begun: Answer | Flight) -> Answer:
    now = begun.begun if isinstance(begun, Flight) else 0
    return landed(begun, patience_s=5, until=now + 5, now=now)


def test_a_source_that_breaks_is_a_failure_and_its_words_are_not_logged(
    crm: Crm, source: AskedSource, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks() -> Answer:
        raise RuntimeError("Klaus +4989123456")

    crm.answer = breaks

    assert answer(source) == Failed(why=Why.FAILED)
    shown = str(logged(caplog.records))
    assert "source broke" in shown
    assert "Klaus" not in shown
    assert "89123" not in shown


def test_a_failure_is_never_remembered_as_nobody(crm: Crm, source: AskedSource) -> None:
    crm.answer = lambda: DOWN
    assert answer(source) == DOWN

    crm.answer = lambda: TOLD
    assert answer(source) == TOLD


def test_after_failures_in_a_row_it_is_left_alone_and_then_tried_by_one(
    crm: Crm, source: AskedSource, clock: Clock
) -> None:
    crm.answer = lambda: DOWN
    for _ in range(3):
        answer(source)

    assert answer(source) == Failed(why=Why.PAUSED)
    assert len(crm.asked) == 3

    clock.now += 31
    crm.answer = lambda: TOLD
    assert answer(source, "+44") == TOLD
    assert answer(source) == TOLD


@pytest.mark.parametrize("why", [Why.AMBIGUOUS, Why.NOT_AS_DESCRIBED, Why.TOO_LARGE])
def test_trouble_with_one_customer_does_not_close_the_source_for_all(
    crm: Crm, source: AskedSource, why: Why
) -> None:
    crm.answer = lambda: Failed(why=why)
    told = [answer(source) for _ in range(9)]

    assert told == [Failed(why=why)] * 9


def test_more_questions_than_it_bears_are_not_asked(crm: Crm, source: AskedSource) -> None:
    crm.may_answer.clear()

    begun = [source.begin(f"+49{number}") for number in range(11)]

    assert [one for one in begun if isinstance(one, Failed)] == [Failed(why=Why.BUSY)]
    assert begun[10] == Failed(why=Why.BUSY)


def test_nobody_waits_longer_than_the_first_who_asked(
    crm: Crm, source: AskedSource, clock: Clock
) -> None:
    crm.may_answer.clear()
    first = source.begin("+49")
    clock.now += 0.5
    joined = source.begin("+49")
    begun = monotonic()

    assert first is joined
    told = landed(joined, patience_s=0.4, until=clock.now + 5, now=clock.now)
    assert told == Failed(why=Why.SLOW)
    assert monotonic() - begun < 2


def test_what_comes_late_is_there_for_the_next_turn(crm: Crm, source: AskedSource) -> None:
    crm.may_answer.clear()
    begun = source.begin("+49")
    assert isinstance(begun, Flight)
    assert landed(begun, patience_s=0, until=0, now=0) == Failed(why=Why.SLOW)

    crm.may_answer.set()
    begun.answer.result(5)

    assert source.begin("+49") == TOLD
    assert len(crm.asked) == 1


def test_many_calls_at_once_ask_once(crm: Crm, source: AskedSource) -> None:
    crm.may_answer.clear()
    together = Barrier(16)

    def call(_: int) -> Answer:
        together.wait(10)
        begun = source.begin("+49")
        crm.may_answer.set()
        return waited(begun)

    with ThreadPoolExecutor(16) as calls:
        told = list(calls.map(call, range(16)))

    assert told == [TOLD] * 16
    assert crm.asked == ["+49"]


def test_a_stale_answer_is_used_while_it_is_asked_for_anew(
    crm: Crm, source: AskedSource, clock: Clock
) -> None:
    assert answer(source) == TOLD
    clock.now += 15
    crm.answer = lambda: OTHER

    assert source.begin("+49") == TOLD
    while source.begin("+49") == TOLD:
        Event().wait(0.001)

    assert source.begin("+49") == OTHER
    assert len(crm.asked) == 2


def test_a_stale_answer_outlives_an_outage_up_to_its_limit(
    crm: Crm, source: AskedSource, clock: Clock
) -> None:
    assert answer(source) == TOLD
    crm.answer = lambda: DOWN

    clock.now += 29
    assert source.begin("+49") == TOLD
    clock.now += 1
    assert answer(source) in (DOWN, Failed(why=Why.PAUSED))


def test_what_is_forgotten_on_its_way_is_not_kept(crm: Crm, source: AskedSource) -> None:
    crm.may_answer.clear()
    begun = source.begin("+49")
    assert isinstance(begun, Flight)

    source.forget()
    crm.answer = Nobody
    crm.may_answer.set()

    assert begun.answer.result(5) == Nobody()
    assert answer(source) == Nobody()
    assert len(crm.asked) == 2
