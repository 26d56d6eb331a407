"""What the counter lets through, and what it remembers."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from fakes.log_lines import logged

from biometrics import StoreUnavailable
from ivr.breaker import Breaker
from ivr.call import Assurance, CustomerId
from ivr.errand import Choices, Declined, Done, Errand, Option, Served, Step, Unavailable
from ivr.serve.business import Business
from ivr.serve.counter import Clocks, Counter
from ivr.serve.receipts import MemoryReceipts, Receipt, ReceiptName, Receipts, State, name_of

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
OPTIONS = Choices(options=(Option(slots={"flight": "LH453"}, facts={}),))
DONE = Done(facts={"flight": "LH453"})
UNSURE = Unavailable(may_be_done=True)

UNDO = {"method": "DELETE", "path": "/changes/{key}"}
BUSINESS = Business.model_validate(
    {
        "business": "airline",
        "honours_idempotency_key": True,
        "actions": {
            "rebook_flight": {
                "assurance": "voice",
                "options": {
                    "ask": {"path": "/c/{customer_id}/f"},
                    "entries": "f",
                    "slots": {"flight": "n"},
                },
                "parts": [
                    {
                        "do": {"method": "POST", "path": "/c/{customer_id}/b/{flight}"},
                        "undo": UNDO,
                    }
                ],
            },
            "cancel_flight": {
                "assurance": "voice_and_second_factor",
                "needs": ["flight"],
                "parts": [{"do": {"method": "POST", "path": "/c/{customer_id}/x/{flight}"}}],
            },
            "flight_status": {
                "assurance": "open",
                "needs": ["flight"],
                "parts": [{"do": {"path": "/f/{flight}"}}],
            },
        },
    }
)
FORGETFUL = BUSINESS.model_copy(update={"honours_idempotency_key": False})

REBOOK = Errand(
    intent="rebook_flight",
    slots={"flight": "LH453"},
    customer_id=CustomerId("C-1001"),
    assurance=Assurance.VOICE,
    key="k",
)
STATUS = Errand(
    intent="flight_status",
    slots={"flight": "LH453"},
    customer_id=None,
    assurance=Assurance.OPEN,
    key="k",
)


@dataclass
class FakeSystem:
    """Serves as told, in the order told; the last of it goes on."""

    outcomes: list[Served] = field(default_factory=lambda: [DONE])
    ran: list[Errand] = field(default_factory=list)
    wait: Callable[[], object] = lambda: None

    def run(self, errand: Errand) -> Served:
        self.ran.append(errand)
        self.wait()
        return self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]


class FakeBrokenReceipts(MemoryReceipts):
    """Cannot be written from a certain state on."""

    def __init__(self, *refused: State) -> None:
        super().__init__()
        self.refused = refused

    def replace(self, before: Receipt | None, after: Receipt) -> bool:
        if after.state in self.refused:
            raise StoreUnavailable("The disk is full.")
        return super().replace(before, after)


class FakeUnreadableReceipts(MemoryReceipts):
    """Cannot be read."""

    def find(self, name: ReceiptName) -> Receipt | None:
        raise StoreUnavailable("The disk is gone.")


def counter(
    system: FakeSystem,
    receipts: Receipts | None = None,
    *,
    business: Business = BUSINESS,
    clocks: Clocks | None = None,
) -> Counter:
    breaker = Breaker(failures=3, pause_s=30)
    kept = MemoryReceipts() if receipts is None else receipts
    return Counter(business, system, kept, breaker, clocks or Clocks(now=lambda: NOW))


# who may have what


def test_what_no_business_system_serves_is_refused() -> None:
    system = FakeSystem()

    served = counter(system).run(replace(REBOOK, intent="sing"))

    assert (served, system.ran) == (Declined(code="unknown_action"), [])


@pytest.mark.parametrize("assurance", [Assurance.OPEN, Assurance.CALLER_ID])
@pytest.mark.parametrize("step", Step)
def test_less_assurance_than_an_action_needs_is_refused_at_every_step(
    assurance: Assurance, step: Step
) -> None:
    system = FakeSystem()

    served = counter(system).run(replace(REBOOK, assurance=assurance, step=step))

    assert (served, system.ran) == (Declined(code="assurance_too_low"), [])


def test_a_voice_alone_is_not_enough_where_a_second_factor_is_needed() -> None:
    cancel = replace(REBOOK, intent="cancel_flight")

    assert counter(FakeSystem()).run(cancel) == Declined(code="assurance_too_low")
    sure = replace(cancel, assurance=Assurance.VOICE_AND_SECOND_FACTOR)
    assert counter(FakeSystem()).run(sure) == DONE


@pytest.mark.parametrize("customer", [None, CustomerId("")])
def test_nobodys_business_is_not_done(customer: CustomerId | None) -> None:
    served = counter(FakeSystem()).run(replace(REBOOK, customer_id=customer))

    assert served == Declined(code="customer_unknown")


def test_what_has_no_options_or_no_undo_is_refused() -> None:
    cancel = replace(REBOOK, intent="cancel_flight", assurance=Assurance.VOICE_AND_SECOND_FACTOR)
    system = FakeSystem()

    for step, code in (
        (Step.OPTIONS, "no_options"),
        (Step.DOCUMENT, "no_document"),
        (Step.UNDO, "cannot_be_undone"),
    ):
        assert counter(system).run(replace(cancel, step=step)) == Declined(code=code)
    assert system.ran == []


@pytest.mark.parametrize("slots", [{}, {"flight": ""}, {"date": "2026-11-26"}])
def test_what_lacks_a_slot_is_refused(slots: dict[str, str]) -> None:
    assert counter(FakeSystem()).run(replace(STATUS, slots=slots)) == Declined(code="slot_missing")


def test_a_refusal_is_logged_without_words(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    counter(FakeSystem()).run(replace(REBOOK, assurance=Assurance.OPEN))
    counter(FakeSystem()).run(REBOOK)

    shown = logged(caplog.records)
    assert [record.message for record in caplog.records] == ["errand refused", "errand served"]
    assert "assurance_too_low" in shown[0]
    assert [text for text in shown if "LH453" in text or "C-1001" in text] == []


# once


def test_the_same_errand_is_done_once_and_answered_alike() -> None:
    system = FakeSystem()
    at = counter(system)

    assert [at.run(REBOOK), at.run(REBOOK)] == [DONE, DONE]
    assert len(system.ran) == 1


def test_of_errands_that_come_at_once_one_is_done() -> None:
    arrived, system = threading.Event(), FakeSystem()
    system.wait = lambda: arrived.wait(5)
    at = counter(system, clocks=Clocks(now=lambda: NOW))

    with ThreadPoolExecutor(4) as threads:
        outcomes = [threads.submit(at.run, REBOOK) for _ in range(4)]
        arrived.set()
        assert [outcome.result() for outcome in outcomes] == [DONE] * 4

    assert len(system.ran) == 1


def test_whoever_waits_too_long_for_another_is_not_told_that_it_is_done() -> None:
    seconds, receipts, system = [0.0], MemoryReceipts(), FakeSystem()
    receipts.replace(None, Receipt(name=name_of(REBOOK), state=State.DOING, at=NOW))

    def wait(passing: float) -> None:
        seconds[0] += passing

    clocks = Clocks(now=lambda: NOW, seconds=lambda: seconds[0], wait=wait)

    assert counter(system, receipts, clocks=clocks).run(REBOOK) == UNSURE
    assert system.ran == []
    assert 2.5 <= seconds[0] < 2.7


@pytest.mark.parametrize(
    "other", [{"key": "k2"}, {"customer_id": CustomerId("C-1002")}, {"key": "k3"}]
)
def test_another_errand_is_another_errand(other: dict[str, str]) -> None:
    system = FakeSystem()
    at = counter(system)
    at.run(REBOOK)
    at.run(replace(REBOOK, **other))  # type: ignore[arg-type]

    assert len(system.ran) == 2


@pytest.mark.parametrize("no", [Declined(code="sold_out"), Unavailable()])
def test_what_was_not_done_may_be_tried_again_under_a_key_of_its_own(no: Served) -> None:
    """Parts of it may have been done and taken back under the first."""
    system = FakeSystem([no, DONE])
    at = counter(system)

    assert [at.run(REBOOK), at.run(REBOOK)] == [no, DONE]
    assert [one.key for one in system.ran] == ["k", "k-again-1"]


def test_what_is_unsure_is_asked_again_only_where_that_is_safe() -> None:
    safe, unsafe = FakeSystem([UNSURE, DONE]), FakeSystem([UNSURE, DONE])
    there, elsewhere = counter(safe), counter(unsafe, business=FORGETFUL)

    assert [there.run(REBOOK), there.run(REBOOK)] == [UNSURE, DONE]
    assert safe.ran[0].key == safe.ran[1].key
    assert [elsewhere.run(REBOOK), elsewhere.run(REBOOK)] == [UNSURE, UNSURE]
    assert len(unsafe.ran) == 1


def test_after_a_restart_the_business_system_is_asked_under_the_same_key() -> None:
    receipts, before, after = MemoryReceipts(), FakeSystem(), FakeSystem()
    counter(before, receipts).run(REBOOK)

    assert counter(after, receipts).run(REBOOK) == DONE
    assert [one.key for one in after.ran] == ["k"]
    assert counter(FakeSystem(), receipts, business=FORGETFUL).run(REBOOK) == UNSURE


def test_what_somebody_died_over_is_unsure() -> None:
    receipts = MemoryReceipts()
    died_at = NOW - timedelta(minutes=2)
    receipts.replace(None, Receipt(name=name_of(REBOOK), state=State.DOING, at=died_at))

    assert counter(FakeSystem(), receipts, business=FORGETFUL).run(REBOOK) == UNSURE
    assert counter(FakeSystem(), receipts).run(REBOOK) == DONE


def test_a_system_that_breaks_down_leaves_it_unsure() -> None:
    def breaks() -> None:
        raise RuntimeError

    receipts, system = MemoryReceipts(), FakeSystem()
    system.wait = breaks
    with pytest.raises(RuntimeError):
        counter(system, receipts).run(REBOOK)

    kept = receipts.find(name_of(REBOOK))
    assert kept is not None
    assert kept.state is State.UNSURE


def test_without_receipts_nothing_is_done() -> None:
    system = FakeSystem()

    assert counter(system, FakeUnreadableReceipts()).run(REBOOK) == Unavailable()
    assert counter(system, FakeBrokenReceipts(State.DOING)).run(REBOOK) == Unavailable()
    assert system.ran == []


def test_what_was_done_is_told_even_if_it_cannot_be_written_down() -> None:
    assert counter(FakeSystem(), FakeBrokenReceipts(State.DONE)).run(REBOOK) == DONE


def test_questions_and_options_leave_no_receipt() -> None:
    system = FakeSystem([OPTIONS, DONE])
    at = counter(system, FakeUnreadableReceipts())

    assert at.run(replace(REBOOK, step=Step.OPTIONS)) == OPTIONS
    assert [at.run(STATUS), at.run(STATUS)] == [DONE, DONE]
    assert len(system.ran) == 3


# taking back


def test_what_was_not_done_cannot_be_taken_back() -> None:
    system = FakeSystem()

    served = counter(system).run(replace(REBOOK, step=Step.UNDO))

    assert (served, system.ran) == (Declined(code="nothing_to_undo"), [])


def test_another_customer_cannot_take_it_back() -> None:
    system = FakeSystem()
    at = counter(system)
    at.run(REBOOK)

    served = at.run(replace(REBOOK, step=Step.UNDO, customer_id=CustomerId("C-1002")))

    assert (served, len(system.ran)) == (Declined(code="nothing_to_undo"), 1)


def test_what_was_taken_back_is_taken_back_once() -> None:
    system = FakeSystem()
    at = counter(system)
    for step in (Step.DO, Step.UNDO, Step.UNDO):
        assert isinstance(at.run(replace(REBOOK, step=step)), Done)

    assert [one.step for one in system.ran] == [Step.DO, Step.UNDO]


def test_what_was_taken_back_may_be_done_anew_under_a_key_of_its_own() -> None:
    system = FakeSystem()
    at = counter(system)
    for step in (Step.DO, Step.UNDO, Step.DO, Step.DO, Step.UNDO):
        at.run(replace(REBOOK, step=step))

    assert [(one.step, one.key) for one in system.ran] == [
        (Step.DO, "k"),
        (Step.UNDO, "k"),
        (Step.DO, "k-again-1"),
        (Step.UNDO, "k-again-1"),
    ]


def test_what_could_not_be_taken_back_is_still_done() -> None:
    system = FakeSystem([DONE, Declined(code="other"), DONE])
    at = counter(system)
    at.run(REBOOK)

    assert at.run(replace(REBOOK, step=Step.UNDO)) == Declined(code="other")
    assert at.run(REBOOK) == DONE
    assert len(system.ran) == 2


# a system that is down


def test_a_system_that_fails_again_and_again_is_left_alone() -> None:
    seconds, system = [0.0], FakeSystem([Unavailable()])
    at = counter(system, clocks=Clocks(now=lambda: NOW, seconds=lambda: seconds[0]))
    for number in range(5):
        assert at.run(replace(REBOOK, key=f"k{number}")) == Unavailable()

    assert len(system.ran) == 3
    assert at.is_paused()

    seconds[0], system.outcomes = 31.0, [DONE]
    assert at.run(REBOOK) == DONE
    assert not at.is_paused()


def test_a_no_is_not_a_failure() -> None:
    system = FakeSystem([Declined(code="sold_out")])
    at = counter(system)
    for number in range(5):
        at.run(replace(REBOOK, key=f"k{number}"))

    assert len(system.ran) == 5


def test_old_receipts_are_dropped() -> None:
    receipts = MemoryReceipts()
    counter(FakeSystem(), receipts).run(REBOOK)
    later = Clocks(now=lambda: NOW + timedelta(hours=49))

    assert counter(FakeSystem(), receipts, clocks=later).tidy(timedelta(hours=48)) == 1
