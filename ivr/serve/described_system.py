"""A business system that is spoken to as its file describes."""

import logging
from collections.abc import Callable, Mapping
from typing import assert_never

from ivr.errand import Choices, Declined, Done, Errand, Served, Step, Unavailable
from ivr.serve.answers import NotAsDescribed, declined, facts_of, options_of
from ivr.serve.blanks import NothingToFillIn, filled_body, filled_path
from ivr.serve.business import CUSTOMER, KEY, Action, Business, Listing, Part, Request
from ivr.serve.sender import Answered, Outgoing, Sender, Unanswered

log = logging.getLogger(__name__)

_LEAST_MS = 100
"""With less time left nothing is sent."""

_TRIES = 2

_TOO_MANY = 429
_NOT_YET = frozenset({408, 425, _TOO_MANY})
_NOT_US = frozenset({401, 403, 407})
_ASK_AGAIN = frozenset({502, 503, 504})


class DescribedSystem:
    """Fills in the requests of a file, sends them, and reads the answers."""

    def __init__(self, business: Business, sender: Sender, *, clock: Callable[[], float]) -> None:
        """`clock` runs evenly, in seconds."""
        self._business = business
        self._sender = sender
        self._clock = clock

    def run(self, errand: Errand) -> Served:
        action = self._business.actions[errand.intent]
        try:
            return self._run(action, errand)
        except NothingToFillIn:
            log.warning("an errand lacks what its request names", extra={"intent": errand.intent})
            return Declined(code="slot_missing")

    def _run(self, action: Action, errand: Errand) -> Served:
        match errand.step:
            case Step.OPTIONS:
                return self._options(action, errand)
            case Step.DOCUMENT:
                return self._paper(action, errand)
            case Step.DO:
                return self._done(action, errand)
            case Step.UNDO:
                return self._undone(action, errand, range(len(action.parts)))
            case other:
                assert_never(other)

    def _options(self, action: Action, errand: Errand) -> Served:
        if action.options is None:
            return Declined(code="no_options")
        listing: Listing = action.options
        answer = self._ask(action, listing.ask, errand, self._until(action))
        if not isinstance(answer, Answered):
            return answer
        try:
            options = options_of(listing, answer.body)
        except NotAsDescribed:
            return _not_as_described(errand, may_be_done=False)
        return Choices(options=options) if options else Declined(code="nothing_to_choose")

    def _paper(self, action: Action, errand: Errand) -> Served:
        if action.document is None:
            return Declined(code="no_document")
        answer = self._ask(action, action.document.ask, errand, self._until(action))
        if not isinstance(answer, Answered):
            return answer
        try:
            return Done(facts=facts_of(action.document.facts, answer.body))
        except NotAsDescribed:
            return _not_as_described(errand, may_be_done=False)

    def _done(self, action: Action, errand: Errand) -> Served:
        facts: dict[str, str] = {}
        until = self._until(action)
        for place, part in enumerate(action.parts):
            outcome = self._part(action, part, errand, (place, until))
            match outcome:
                case Done():
                    facts |= outcome.facts
                case Declined():
                    return self._given_up(action, errand, outcome, range(place))
                case Unavailable():
                    # Nobody knows whether this part was done, so it is taken back as well.
                    last = place + (outcome.may_be_done and place > 0)
                    return self._given_up(action, errand, outcome, range(last))
                case Choices():
                    return outcome
        return Done(facts=facts)

    def _part(self, action: Action, part: Part, errand: Errand, when: tuple[int, float]) -> Served:
        place, until = when
        answer = self._ask(action, part.do, errand, until, place)
        if not isinstance(answer, Answered):
            return answer
        try:
            return Done(facts=facts_of(part.facts, answer.body))
        except NotAsDescribed:
            return _not_as_described(errand, may_be_done=part.do.changes)

    def _given_up(
        self, action: Action, errand: Errand, why: Declined | Unavailable, places: range
    ) -> Served:
        """Nothing half-done is left behind, or a person has to look."""
        changing = [place for place in places if action.parts[place].do.changes]
        if not changing:
            return why
        log.warning("a part of an errand failed", extra={"intent": errand.intent})
        if isinstance(self._undone(action, errand, changing), Done):
            return why if isinstance(why, Declined) else Unavailable()
        return Unavailable(may_be_done=True)

    def _undone(self, action: Action, errand: Errand, places: range | list[int]) -> Served:
        """Last things first; one that cannot be taken back leaves it to a person."""
        until = self._until(action)
        for number, place in enumerate(reversed(places)):
            undo = action.parts[place].undo
            if undo is None:
                return Declined(code="cannot_be_undone")
            answer = self._ask(action, undo, errand, until, place, verb="undo")
            if isinstance(answer, Answered):
                continue
            is_begun = number > 0
            return Unavailable(may_be_done=True) if is_begun else answer
        return Done()

    def _ask(  # noqa: PLR0913 - what is asked, for whom, until when
        self,
        action: Action,
        request: Request,
        errand: Errand,
        until: float,
        place: int = 0,
        *,
        verb: str = "",
    ) -> Answered | Declined | Unavailable:
        key = f"{errand.key}-{place}" if place else errand.key
        outgoing = _outgoing(request, errand, key, verb)
        answer = self._sent(outgoing, until, may_repeat=self._may_repeat(request))
        match answer:
            case Unanswered():
                is_sent = answer is Unanswered.NO_ANSWER
                return Unavailable(may_be_done=is_sent and request.changes)
            case Answered(status=status) if 200 <= status < 300:  # noqa: PLR2004 - RFC 9110, 15.3
                return answer
            case Answered(status=status) if status in _NOT_US:
                log.error("the business system does not accept us", extra={"status": status})
                return Unavailable()
            case Answered(status=status) if status in _NOT_YET:
                return Unavailable()
            case Answered(status=status) if 400 <= status < 500:  # noqa: PLR2004 - as above, 15.5
                return declined(action, answer)
            case Answered(status=status):
                log.warning("the business system failed", extra={"status": status})
                # A redirect answers many a POST that was done: RFC 9110, 15.4.4.
                return Unavailable(may_be_done=request.changes)

    def _sent(self, outgoing: Outgoing, until: float, *, may_repeat: bool) -> Answered | Unanswered:
        """Once more where that does no harm and there is time."""
        answer: Answered | Unanswered = Unanswered.NOT_SENT
        was_sent = False
        for _ in range(_TRIES):
            left_ms = int((until - self._clock()) * 1_000)
            if left_ms < _LEAST_MS:
                break
            answer = self._sender.send(outgoing, left_ms)
            was_sent = was_sent or answer is not Unanswered.NOT_SENT
            if not may_repeat or not _is_passing(answer):
                break
        if answer is Unanswered.NOT_SENT and was_sent:
            return Unanswered.NO_ANSWER
        return answer

    def _may_repeat(self, request: Request) -> bool:
        return request.method.is_repeatable or self._business.honours_idempotency_key

    def _until(self, action: Action) -> float:
        return self._clock() + action.timeout_ms / 1_000


def _is_passing(answer: Answered | Unanswered) -> bool:
    return isinstance(answer, Unanswered) or answer.status in _ASK_AGAIN


def _outgoing(request: Request, errand: Errand, key: str, verb: str) -> Outgoing:
    """`key` is what this part of the errand is done under, which is how it can be taken back."""
    known: Mapping[str, str] = {**errand.slots, KEY: key}
    if errand.customer_id is not None:
        known = {**known, CUSTOMER: errand.customer_id}
    sent_under = f"{key}-{verb}" if verb else key
    return Outgoing(
        method=request.method,
        path=filled_path(request.path, request.query, known),
        body=None if request.body is None else filled_body(request.body, known),
        key=sent_under if request.changes else "",
    )


def _not_as_described(errand: Errand, *, may_be_done: bool) -> Unavailable:
    log.error("the business system answers otherwise", extra={"intent": errand.intent})
    return Unavailable(may_be_done=may_be_done)
