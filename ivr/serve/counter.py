"""Where errands are handed in: nothing is done that is not allowed, and nothing twice."""

import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import Lock
from time import monotonic, sleep

from biometrics import VoiceProblem
from ivr.breaker import Breaker
from ivr.call import Assurance
from ivr.errand import Declined, Done, Errand, Served, Step, Unavailable
from ivr.serve.business import Action, Business
from ivr.serve.business_system import BusinessSystem
from ivr.serve.receipts import Receipt, ReceiptName, Receipts, State, name_of

log = logging.getLogger(__name__)

_LOOK_AGAIN_S = 0.05
_GIVEN_UP = timedelta(seconds=60)
"""Whoever is at an errand for longer has died over it."""

_FACTS_KEPT = 1_000

_ONLY_READ = (Step.OPTIONS, Step.DOCUMENT)
_UNDER_WAY = (State.DOING, State.UNDOING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """The time, three ways."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    """Aware."""

    seconds: Callable[[], float] = monotonic
    """Runs evenly."""

    wait: Callable[[float], None] = sleep
    """Lets so many seconds pass."""


class Counter:
    """The only way to a business system. One a process, shared by every call."""

    def __init__(
        self,
        business: Business,
        system: BusinessSystem,
        receipts: Receipts,
        breaker: Breaker,
        clocks: Clocks | None = None,
    ) -> None:
        self._business = business
        self._system = system
        self._receipts = receipts
        self._breaker = breaker
        self._clocks = clocks or Clocks()
        self._facts = _Facts()

    def run(self, errand: Errand) -> Served:
        """Serve it, if it may be served."""
        action = self._business.actions.get(errand.intent)
        if action is None:
            log.warning("an errand that no business system serves")
            return Declined(code="unknown_action")
        refusal = _refusal(action, errand)
        if refusal is not None:
            log.warning("errand refused", extra={"intent": errand.intent, "code": refusal.code})
            return refusal
        changes = errand.step not in _ONLY_READ and action.changes
        try:
            served = self._once(action, errand) if changes else self._asked(errand)
        except VoiceProblem as err:
            log.error("no receipts, so nothing is done", extra={"code": err.code})  # noqa: TRY400
            return Unavailable()
        log.info(
            "errand served",
            extra={
                "intent": errand.intent,
                "step": errand.step.value,
                "outcome": type(served).__name__,
                "code": served.code if isinstance(served, Declined) else "",
            },
        )
        return served

    def is_paused(self) -> bool:
        """Whether the business system failed so often that it is left alone for a while."""
        return self._breaker.is_open()

    def tidy(self, keep: timedelta) -> int:
        """Forget errands that are older than `keep`; how many.

        Raises:
            VoiceProblem: the receipts cannot be written.
        """
        return self._receipts.forget(self._clocks.now() - keep)

    def _asked(self, errand: Errand) -> Served:
        seconds = self._clocks.seconds
        if not self._breaker.may_ask(seconds()):
            log.warning("the business system is left alone", extra={"intent": errand.intent})
            return Unavailable()
        served = self._system.run(errand)
        if isinstance(served, Unavailable):
            self._breaker.failed(seconds())
        else:
            self._breaker.answered()
        return served

    def _once(self, action: Action, errand: Errand) -> Served:
        """The same errand does its work once; whoever comes meanwhile waits for its outcome."""
        name = name_of(errand)
        until = self._clocks.seconds() + action.timeout_ms / 1_000
        while True:
            found = self._receipts.find(name)
            if found is not None and found.state in _UNDER_WAY:
                if self._is_given_up(found):
                    self._receipts.replace(found, found.now(State.UNSURE, self._clocks.now()))
                elif self._clocks.seconds() >= until:
                    return Unavailable(may_be_done=True)
                else:
                    self._clocks.wait(_LOOK_AGAIN_S)
                continue
            answer = self._known(errand, found)
            if answer is not None:
                return answer
            claimed = self._claimed(errand, found, name)
            if self._receipts.replace(found, claimed):
                return self._carried_out(errand, claimed)

    def _known(self, errand: Errand, found: Receipt | None) -> Served | None:
        """What need not be asked any more; None where the business system must be."""
        state = found.state if found else State.OPEN
        if errand.step is Step.UNDO:
            if state is State.OPEN:
                return Declined(code="nothing_to_undo")
            return Done() if state is State.UNDONE else None
        if state is State.DONE and found and (done := self._facts.find(found)) is not None:
            return done
        if state in (State.DONE, State.UNSURE) and not self._business.honours_idempotency_key:
            return Unavailable(may_be_done=True)
        return None

    def _claimed(self, errand: Errand, found: Receipt | None, name: ReceiptName) -> Receipt:
        now = self._clocks.now()
        state = State.UNDOING if errand.step is Step.UNDO else State.DOING
        if found is None:
            return Receipt(name=name, state=state, at=now)
        return found.now(state, now)

    def _carried_out(self, errand: Errand, claimed: Receipt) -> Served:
        """Whoever takes back and asks again starts anew, under a key of its own."""
        key = f"{errand.key}-again-{claimed.times}" if claimed.times else errand.key
        served: Served = Unavailable(may_be_done=True)
        try:
            served = self._asked(replace(errand, key=key))
        finally:
            self._settle(errand.step, claimed, served)
        return served

    def _settle(self, step: Step, claimed: Receipt, served: Served) -> None:
        receipt = claimed.now(_state_after(step, served), self._clocks.now())
        if isinstance(served, Done) and step is Step.DO:
            self._facts.keep(receipt, served)
        try:
            self._receipts.replace(claimed, receipt)
        except VoiceProblem as err:
            # What was done is done, and is told; a repetition finds it given up, and thus unsure.
            log.error("receipt not written", extra={"code": err.code})  # noqa: TRY400

    def _is_given_up(self, found: Receipt) -> bool:
        return self._clocks.now() - found.at > _GIVEN_UP


class _Facts:
    """What was told of errands that were done lately. In memory only: it is about customers."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[ReceiptName, int], Done] = OrderedDict()
        self._lock = Lock()

    def keep(self, receipt: Receipt, done: Done) -> None:
        with self._lock:
            self._kept[receipt.name, receipt.times] = done
            while len(self._kept) > _FACTS_KEPT:
                self._kept.popitem(last=False)

    def find(self, receipt: Receipt) -> Done | None:
        with self._lock:
            return self._kept.get((receipt.name, receipt.times))


def rank(assurance: Assurance) -> int:
    """How much it proves, least first."""
    return list(Assurance).index(assurance)


def _refusal(action: Action, errand: Errand) -> Declined | None:
    if rank(errand.assurance) < rank(action.assurance):
        return Declined(code="assurance_too_low")
    if action.is_about_a_customer and not errand.customer_id:
        return Declined(code="customer_unknown")
    if errand.step is Step.OPTIONS and action.options is None:
        return Declined(code="no_options")
    if errand.step is Step.DOCUMENT and action.document is None:
        return Declined(code="no_document")
    if errand.step is Step.UNDO and not action.can_be_undone:
        return Declined(code="cannot_be_undone")
    if any(not errand.slots.get(slot) for slot in action.needs):
        return Declined(code="slot_missing")
    return None


def _state_after(step: Step, served: Served) -> State:
    is_undo = step is Step.UNDO
    match served:
        case Done():
            return State.UNDONE if is_undo else State.DONE
        case Unavailable(may_be_done=True):
            return State.UNSURE
        case _:
            # It said no, or was not reached: what was before is so still.
            return State.DONE if is_undo else State.OPEN
