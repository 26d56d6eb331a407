"""Speaking to a business system as its file describes."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from fakes.log_lines import logged

from ivr.call import Assurance, CustomerId
from ivr.errand import Choices, Declined, Done, Errand, Option, Served, Step, Unavailable
from ivr.serve.business import Business
from ivr.serve.described_system import DescribedSystem
from ivr.serve.sender import Answered, Method, Outgoing, Unanswered

FINE = Answered(status=200, body={"days": 5})

BUSINESS = Business.model_validate(
    {
        "business": "bank",
        "actions": {
            "account_balance": {
                "assurance": "voice",
                "parts": [
                    {
                        "do": {"path": "/customers/{customer_id}/account"},
                        "facts": {"days": "days"},
                    }
                ],
            },
            "replace_card": {
                "assurance": "voice",
                "needs": ["card_last4"],
                "options": {
                    "ask": {"path": "/designs"},
                    "entries": "designs",
                    "slots": {"design": "name"},
                },
                "parts": [
                    {
                        "do": {"method": "POST", "path": "/cards/{card_last4}/block"},
                        "undo": {"method": "DELETE", "path": "/changes/{key}"},
                    },
                    {
                        "do": {
                            "method": "POST",
                            "path": "/cards",
                            "body": {"for": "{customer_id}", "design": "{design?}"},
                        },
                        "facts": {"days": "days"},
                        "undo": {"method": "DELETE", "path": "/changes/{key}"},
                    },
                ],
                "declined": {"NONE": "no_such_card_last4"},
            },
            "block_card": {
                "assurance": "voice",
                "needs": ["card_last4"],
                "parts": [{"do": {"method": "POST", "path": "/cards/{card_last4}/block"}}],
                "document": {
                    "ask": {"path": "/cards/{card_last4}/letter"},
                    "facts": {"number": "letter.number"},
                },
            },
        },
    }
)

REPLACE = Errand(
    intent="replace_card",
    slots={"card_last4": "4417"},
    customer_id=CustomerId("C-1001"),
    assurance=Assurance.VOICE,
    key="k",
)
BLOCK = replace(REPLACE, intent="block_card")
PAPER = replace(BLOCK, step=Step.DOCUMENT)
BALANCE = replace(REPLACE, intent="account_balance", slots={})


@dataclass
class FakeSender:
    """Answers what it was told to, in its order; then that all is fine. Each takes a while."""

    answers: list[Answered | Unanswered] = field(default_factory=list)
    takes_s: float = 0.0
    now: float = 0.0
    sent: list[Outgoing] = field(default_factory=list)
    timeouts_ms: list[int] = field(default_factory=list)

    def send(self, outgoing: Outgoing, timeout_ms: int) -> Answered | Unanswered:
        self.sent.append(outgoing)
        self.timeouts_ms.append(timeout_ms)
        self.now += self.takes_s
        return self.answers.pop(0) if self.answers else FINE

    @property
    def asked(self) -> list[str]:
        return [f"{one.method.value} {one.path}" for one in self.sent]


def run(errand: Errand, sender: FakeSender, *, honours: bool = False) -> Served:
    business = BUSINESS.model_copy(update={"honours_idempotency_key": honours})
    return DescribedSystem(business, sender, clock=lambda: sender.now).run(errand)


def status(code: int) -> Answered:
    return Answered(status=code)


@pytest.mark.parametrize("code", [401, 403])
def test_a_token_that_is_not_taken_is_our_trouble_not_the_callers(code: int) -> None:
    assert run(BLOCK, FakeSender([status(code)])) == Unavailable()


@pytest.mark.parametrize("code", [408, 425, 429])
def test_what_was_not_worked_on_was_not_done(code: int) -> None:
    assert run(BLOCK, FakeSender([status(code)])) == Unavailable()


@pytest.mark.parametrize(
    "answer", [status(302), status(303), status(500), status(502), Unanswered.NO_ANSWER]
)
def test_a_change_that_is_not_confirmed_may_be_done(answer: Answered | Unanswered) -> None:
    sender = FakeSender([answer])

    assert run(BLOCK, sender) == Unavailable(may_be_done=True)
    assert len(sender.sent) == 1


def test_what_was_not_sent_was_not_done() -> None:
    assert run(BLOCK, FakeSender([Unanswered.NOT_SENT])) == Unavailable()


@pytest.mark.parametrize("answer", [status(500), Unanswered.NO_ANSWER, Unanswered.NOT_SENT])
def test_a_question_changes_nothing(answer: Answered | Unanswered) -> None:
    assert run(BALANCE, FakeSender([answer, answer])) == Unavailable()


def test_a_no_has_our_code() -> None:
    answer = Answered(status=404, body={"code": "NONE"})

    assert run(REPLACE, FakeSender([answer])) == Declined(code="no_such_card_last4")


@pytest.mark.parametrize("answer", [status(503), Unanswered.NO_ANSWER, Unanswered.NOT_SENT])
def test_a_question_is_asked_once_more(answer: Answered | Unanswered) -> None:
    sender = FakeSender([answer])

    assert run(BALANCE, sender) == Done(facts={"days": "5"})
    assert sender.asked == ["GET /customers/C-1001/account"] * 2


@pytest.mark.parametrize("answer", [status(500), FINE])
def test_a_paper_that_does_not_come_is_no_paper(answer: Answered) -> None:
    assert run(PAPER, FakeSender([answer, answer])) == Unavailable()


def test_a_paper_is_asked_for_and_changes_nothing() -> None:
    sender = FakeSender([Answered(status=200, body={"letter": {"number": 7}})])

    assert run(PAPER, sender) == Done(facts={"number": "7"})
    assert sender.asked == ["GET /cards/4417/letter"]
    assert sender.sent[0].key == ""


def test_a_change_is_sent_once_more_only_where_its_key_is_honoured() -> None:
    sender = FakeSender([Unanswered.NO_ANSWER])

    assert run(BLOCK, sender, honours=True) == Done()
    assert [one.key for one in sender.sent] == ["k", "k"]


def test_one_that_was_sent_first_and_not_reached_then_may_be_done() -> None:
    sender = FakeSender([Unanswered.NO_ANSWER, Unanswered.NOT_SENT])

    assert run(BLOCK, sender, honours=True) == Unavailable(may_be_done=True)


def test_everything_together_keeps_to_the_time_limit() -> None:
    sender = FakeSender([Unanswered.NO_ANSWER] * 3, takes_s=2.45)

    assert run(BALANCE, sender) == Unavailable()
    assert sender.timeouts_ms == [2_500]

    sender = FakeSender([Unanswered.NO_ANSWER] * 3, takes_s=1.5)
    run(BALANCE, sender)
    assert sender.timeouts_ms == [2_500, 1_000]


def test_an_answer_that_lacks_a_fact_does_not_pass_for_done() -> None:
    assert run(BALANCE, FakeSender([status(200)])) == Unavailable()
    assert run(REPLACE, FakeSender([FINE, status(200), status(500)])) == Unavailable(
        may_be_done=True
    )


def test_parts_are_done_in_their_order_each_under_its_own_key() -> None:
    sender = FakeSender()

    assert run(REPLACE, sender) == Done(facts={"days": "5"})
    assert sender.sent == [
        Outgoing(method=Method.POST, path="/cards/4417/block", key="k"),
        Outgoing(method=Method.POST, path="/cards", body={"for": "C-1001"}, key="k-1"),
    ]


def test_where_a_later_part_is_declined_the_earlier_is_taken_back() -> None:
    sender = FakeSender([FINE, Answered(status=409, body={"code": "NONE"})])

    assert run(REPLACE, sender) == Declined(code="no_such_card_last4")
    assert sender.asked[2:] == ["DELETE /changes/k"]
    assert sender.sent[2].key == "k-undo"


def test_where_a_later_part_is_unsure_everything_is_taken_back() -> None:
    sender = FakeSender([FINE, Unanswered.NO_ANSWER])

    assert run(REPLACE, sender) == Unavailable()
    assert sender.asked[2:] == ["DELETE /changes/k-1", "DELETE /changes/k"]


@pytest.mark.parametrize("undone", [status(500), status(404), Unanswered.NOT_SENT])
def test_what_cannot_be_taken_back_is_not_passed_over(undone: Answered | Unanswered) -> None:
    sender = FakeSender([FINE, status(409), undone, undone])

    assert run(REPLACE, sender) == Unavailable(may_be_done=True)


def test_there_is_time_to_take_back_when_all_time_is_used_up() -> None:
    sender = FakeSender([FINE, Unanswered.NO_ANSWER], takes_s=1.25)

    run(REPLACE, sender)

    assert sender.asked[2:] == ["DELETE /changes/k-1", "DELETE /changes/k"]


def test_undo_takes_back_every_part_last_first() -> None:
    sender = FakeSender()

    assert run(replace(REPLACE, step=Step.UNDO), sender) == Done()
    assert sender.asked == ["DELETE /changes/k-1", "DELETE /changes/k"]


def test_undo_that_is_declined_is_a_no_and_one_that_stops_halfway_is_unsure() -> None:
    undo = replace(REPLACE, step=Step.UNDO)

    assert run(undo, FakeSender([status(404)])) == Declined(code="other")
    assert run(undo, FakeSender([FINE, status(404)])) == Unavailable(may_be_done=True)


def test_options_are_read_and_none_is_a_no() -> None:
    ask = replace(REPLACE, step=Step.OPTIONS)
    answer = Answered(status=200, body={"designs": [{"name": "blue"}]})

    assert run(ask, FakeSender([Answered(status=200, body={"designs": []})])) == Declined(
        code="nothing_to_choose"
    )
    assert run(ask, FakeSender([status(200)])) == Unavailable()
    assert run(ask, FakeSender([answer])) == Choices(
        options=(Option(slots={"design": "blue"}, facts={}),)
    )


def test_a_value_that_fits_no_path_is_not_sent() -> None:
    sender = FakeSender()

    assert run(replace(BLOCK, slots={"card_last4": ".."}), sender) == Declined(code="slot_missing")
    assert sender.sent == []


def test_nothing_that_was_said_is_shown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    tell: list[Callable[[], object]] = [
        lambda: run(REPLACE, FakeSender([FINE, status(409), status(500)])),
        lambda: run(replace(BLOCK, slots={"card_last4": ".."}), FakeSender()),
        lambda: run(BALANCE, FakeSender([status(200)])),
    ]
    for one in tell:
        one()

    sender = FakeSender()
    run(REPLACE, sender)
    shown = [*logged(caplog.records), repr(sender.sent)]

    assert len(shown) > 3
    assert [text for text in shown if "4417" in text or "C-1001" in text] == []
