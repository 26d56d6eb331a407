from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from biometrics import Flaw, Outcome, Poor, Sign, Verdict
from ivr.call import (
    Ask,
    HangUp,
    Intent,
    Language,
    Line,
    Mood,
    OutOfScope,
    Queue,
    Say,
    Unheard,
    Unknown,
    Unsure,
)
from ivr.decide.decide import decide
from ivr.decide.dialogue import AnythingElse, Choosing, Dialogue, Offered, Proving
from ivr.decide.failing import menu_lines
from ivr.decide.moment import Moment
from ivr.decide.policy import Policy

Moments = Callable[..., Moment]

GREETING = Line(key="greet.personal", facts={"name": "Klaus"})
OFFER = Line(
    key="offer.flight_cancelled",
    facts={"flight": "LH815", "origin": "München", "destination": "Los Angeles"},
)
UNPROVEN = [
    "rejected",
    "inconclusive",
    "not_enrolled",
    "opted_out",
    "expired",
    "spoof_suspected",
]
OFFERED = Offered(intent=Intent(name="rebook_flight", confidence=1.0), is_personal=True)


QUIET = Poor(code=Flaw.TOO_QUIET, reason="Quiet.")
SEVERAL = Poor(code=Flaw.SEVERAL_VOICES, reason="Several.", is_meaningless=True)


def to_agents(line: str) -> Queue:
    return Queue(lines=(Line(key=line),), queue="agents", priority=50)


@pytest.mark.parametrize("outcome", UNPROVEN)
@pytest.mark.parametrize(
    "wants", ["rebook_flight", "baggage_lost", "baggage_allowance", "loyalty_miles", "person"]
)
@pytest.mark.parametrize("tier", ["standard", "vip"])
def test_nothing_personal_is_said_before_the_voice_is_accepted(
    moment: Moments, policy: Policy, outcome: str, wants: str, tier: str
) -> None:
    caller = replace(moment().caller, tier=tier)  # type: ignore[type-var]
    now = moment(outcome=outcome, wants=wants, caller=caller)

    action = decide(now, policy).action

    assert all(not line.facts for line in action.lines)
    said = {line.key for line in action.lines}
    assert not {key for key in said if key.startswith(("greet.personal", "offer.", "tell.queue_"))}


@pytest.mark.parametrize("outcome", ["rejected", "spoof_suspected", "expired", "opted_out"])
def test_private_business_without_a_proven_voice_goes_to_an_agent(
    moment: Moments, policy: Policy, outcome: str
) -> None:
    action = decide(moment(outcome=outcome), policy).action

    assert isinstance(action, Queue)
    assert action.queue == "agents"


def test_too_little_speech_is_asked_for_once_and_then_an_agent_helps(
    moment: Moments, policy: Policy
) -> None:
    first = decide(moment(outcome="inconclusive"), policy)

    assert Ask(lines=(Line(key="ask.more_speech"),)) == first.action
    assert Proving(intent=Intent(name="rebook_flight", confidence=0.9)) == first.dialogue.pending

    second = decide(moment(outcome="inconclusive", dialogue=first.dialogue), policy)

    assert to_agents("tell.not_proven") == second.action


@pytest.mark.parametrize(
    ("poor", "line"),
    [((QUIET,), "poor.too_quiet"), ((QUIET, SEVERAL), "poor.several_voices")],
)
def test_the_caller_is_told_what_keeps_the_voice_from_being_known(
    moment: Moments, policy: Policy, poor: tuple[Poor, ...], line: str
) -> None:
    verdict = Verdict(outcome=Outcome.INCONCLUSIVE, poor=poor)

    assert Ask(lines=(Line(key=line),)) == decide(moment(verdict=verdict), policy).action


def test_when_more_speech_would_not_help_an_agent_does_and_no_reason_is_told(
    moment: Moments, policy: Policy
) -> None:
    verdict = Verdict(outcome=Outcome.INCONCLUSIVE, needs_person=True)

    assert to_agents("tell.queue") == decide(moment(verdict=verdict), policy).action


def test_a_voice_that_may_be_made_is_no_proof_and_is_not_asked_again(
    moment: Moments, policy: Policy
) -> None:
    action = decide(moment(outcome="spoof_suspected"), policy).action

    assert to_agents("tell.not_proven") == action


def test_speech_that_was_asked_for_serves_what_was_wanted(moment: Moments, policy: Policy) -> None:
    first = decide(moment(outcome="inconclusive", wants="refund"), policy)

    second = decide(moment(meaning=OutOfScope(confidence=0.1), dialogue=first.dialogue), policy)

    assert (
        Queue(lines=(GREETING, Line(key="tell.queue")), queue="bookings", priority=50)
        == second.action
    )


def test_a_second_factor_is_not_replaced_by_the_voice(moment: Moments, policy: Policy) -> None:
    nobody_repeats = replace(policy, repeat_digits_for=frozenset())
    action = decide(moment(wants="loyalty_miles"), nobody_repeats).action

    assert isinstance(action, Queue)
    assert (GREETING, Line(key="tell.needs_second_factor")) == action.lines


def test_an_intent_nobody_described_needs_everything(moment: Moments, policy: Policy) -> None:
    action = decide(moment(wants="empty_the_account", outcome="not_enrolled"), policy).action

    assert to_agents("tell.queue") == action


def test_open_business_needs_no_voice_and_no_number(moment: Moments, policy: Policy) -> None:
    now = moment(caller=Unknown(), outcome="not_enrolled", wants="baggage_allowance")

    assert (
        Say(lines=(Line(key="intent.baggage_allowance.answer"), Line(key="ask.anything_else")))
        == decide(now, policy).action
    )


@pytest.mark.parametrize(
    ("caller_known", "outcome", "queue"),
    [(False, "not_enrolled", "agents"), (True, "rejected", "agents"), (True, "expired", "baggage")],
)
def test_business_for_known_numbers_refuses_strangers_and_foreign_voices(
    moment: Moments, policy: Policy, caller_known: bool, outcome: str, queue: str
) -> None:
    caller = moment().caller if caller_known else Unknown()

    action = decide(moment(caller=caller, outcome=outcome, wants="baggage_lost"), policy).action

    assert isinstance(action, Queue)
    assert queue == action.queue


def test_a_proven_caller_is_greeted_and_asked_about_the_cancelled_flight(
    moment: Moments, policy: Policy
) -> None:
    decision = decide(moment(), policy)

    assert Ask(lines=(GREETING, OFFER)) == decision.action
    assert decision.reasons == ("recent flight_cancelled suggests rebook_flight -> ask",)
    assert decision.dialogue.is_greeted


def test_an_event_settles_which_of_two_is_meant(moment: Moments, policy: Policy) -> None:
    meaning = Unsure(
        first=Intent(name="cancel_flight", confidence=0.4),
        second=Intent(name="rebook_flight", confidence=0.35),
    )

    assert Ask(lines=(GREETING, OFFER)) == decide(moment(meaning=meaning), policy).action


@pytest.mark.parametrize(
    "change",
    [
        {"may_mention": False},
        {"at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"kind": "payment_due"},
        {"facts": {"flight": "LH815"}},
        {"facts": {"flight": " ", "origin": "München", "destination": "Los Angeles"}},
    ],
)
def test_what_may_not_be_mentioned_is_long_ago_or_incomplete_is_not_guessed(
    moment: Moments, policy: Policy, change: dict[str, object]
) -> None:
    klaus = moment().caller
    event = replace(klaus.events[0], **change)  # type: ignore[union-attr, arg-type]
    now = moment(caller=replace(klaus, events=(event,)))  # type: ignore[type-var]

    action = decide(now, policy).action

    assert OFFER.key not in {line.key for line in action.lines}
    assert not any("LH815" in line.facts.values() for line in action.lines)


def test_what_was_said_counts_more_than_what_we_guess(moment: Moments, policy: Policy) -> None:
    action = decide(moment(wants="baggage_allowance"), policy).action

    assert (
        Say(
            lines=(
                GREETING,
                Line(key="intent.baggage_allowance.answer"),
                Line(key="ask.anything_else"),
            )
        )
        == action
    )


def test_yes_to_a_guess_serves_it(moment: Moments, policy: Policy) -> None:
    dialogue = Dialogue(pending=OFFERED, is_greeted=True)

    action = decide(moment(wants="affirm", dialogue=dialogue), policy).action

    assert Line(key="intent.rebook_flight.answer") == action.lines[0]


@pytest.mark.parametrize("outcome", UNPROVEN)
def test_yes_from_another_voice_does_not_get_what_was_offered_to_the_proven_one(
    moment: Moments, policy: Policy, outcome: str
) -> None:
    personal = Offered(
        intent=Intent(name="flight_status", confidence=1.0, slots={"flight": "LH815"}),
        is_personal=True,
    )
    dialogue = Dialogue(pending=personal, is_greeted=True)

    action = decide(moment(wants="affirm", outcome=outcome, dialogue=dialogue), policy).action

    assert Ask(lines=(Line(key="ask.rephrase"),)) == action


def test_no_to_a_guess_asks_what_is_wanted(moment: Moments, policy: Policy) -> None:
    dialogue = Dialogue(pending=OFFERED, is_greeted=True)

    assert (
        Ask(lines=(Line(key="ask.request"),))
        == decide(moment(wants="deny", dialogue=dialogue), policy).action
    )


def test_something_else_than_the_guess_is_served_as_said(moment: Moments, policy: Policy) -> None:
    dialogue = Dialogue(pending=OFFERED, is_greeted=True)

    action = decide(moment(wants="baggage_allowance", dialogue=dialogue), policy).action

    assert Line(key="intent.baggage_allowance.answer") == action.lines[0]


def test_an_unlikely_reading_is_read_back_first(moment: Moments, policy: Policy) -> None:
    meaning = Intent(name="check_in", confidence=0.4)

    decision = decide(moment(meaning=meaning), policy)

    assert (
        Ask(lines=(GREETING, Line(key="ask.confirm", facts={"want_key": "intent.check_in.want"})))
        == decision.action
    )
    assert Offered(intent=meaning) == decision.dialogue.pending


def test_two_readings_are_both_offered(moment: Moments, policy: Policy) -> None:
    first = Intent(name="check_in", confidence=0.4)
    second = Intent(name="seat_or_upgrade", confidence=0.35)
    now = moment(caller=Unknown(), meaning=Unsure(first=first, second=second))

    decision = decide(now, policy)

    facts = {"first_key": "intent.check_in.want", "second_key": "intent.seat_or_upgrade.want"}
    assert Ask(lines=(Line(key="ask.which_of_two", facts=facts),)) == decision.action
    assert Choosing(first=first, second=second) == decision.dialogue.pending


def test_three_failures_of_any_kind_lead_to_a_person(moment: Moments, policy: Policy) -> None:
    dialogue = Dialogue()
    actions = []
    for change in (
        {"heard": Unheard.SILENCE, "meaning": None},
        {"meaning": OutOfScope(confidence=0.2)},
        {"heard": Unheard.NOISE, "meaning": None},
    ):
        decision = decide(moment(caller=Unknown(), dialogue=dialogue, **change), policy)
        dialogue = decision.dialogue
        actions.append(decision.action)

    assert [
        Ask(lines=(Line(key="ask.repeat"),)),
        Ask(lines=(Line(key="tell.cannot_serve"), *menu_lines(policy))),
        to_agents("tell.queue"),
    ] == actions
    assert dialogue.is_over


@pytest.mark.parametrize(
    ("change", "queue", "priority"),
    [
        ({"birth_date": date(1961, 3, 10)}, "senior", 80),
        ({"tier": "vip"}, "vip", 85),
        ({"is_vulnerable": True}, "care", 90),
        ({"is_vulnerable": True, "tier": "vip", "birth_date": date(1940, 1, 1)}, "care", 90),
    ],
)
def test_customers_of_a_kind_go_to_their_queue(
    moment: Moments, policy: Policy, change: dict[str, object], queue: str, priority: int
) -> None:
    caller = replace(moment().caller, **change)  # type: ignore[type-var, arg-type]

    decision = decide(moment(caller=caller), policy)

    assert isinstance(decision.action, Queue)
    assert (queue, priority) == (decision.action.queue, decision.action.priority)


def test_the_day_before_the_birthday_is_not_yet_the_age(moment: Moments, policy: Policy) -> None:
    caller = replace(moment().caller, birth_date=date(1961, 3, 11))  # type: ignore[type-var]

    assert not isinstance(decide(moment(caller=caller), policy).action, Queue)


def test_a_rejected_voice_gains_no_priority_from_the_number_it_used(
    moment: Moments, policy: Policy
) -> None:
    caller = replace(moment().caller, tier="vip")  # type: ignore[type-var]

    assert (
        to_agents("tell.not_proven")
        == decide(moment(caller=caller, outcome="rejected"), policy).action
    )


def test_an_upset_caller_reaches_a_person_whoever_it_is(moment: Moments, policy: Policy) -> None:
    decision = decide(moment(caller=Unknown(), outcome="not_enrolled", mood=Mood.UPSET), policy)

    assert (
        Queue(lines=(Line(key="tell.queue_upset"),), queue="upset", priority=70) == decision.action
    )
    assert decision.reasons == ("upset -> queue upset",)


def test_goodbye_ends_the_call(moment: Moments, policy: Policy) -> None:
    dialogue = Dialogue(pending=AnythingElse(), last_lines=(Line(key="ask.anything_else"),))
    decision = decide(moment(caller=Unknown(), wants="goodbye", dialogue=dialogue), policy)

    assert HangUp(lines=(Line(key="tell.goodbye"),)) == decision.action
    assert decision.dialogue.is_over


def test_a_call_does_not_end_on_words_poorly_heard_or_half_understood(
    moment: Moments, policy: Policy
) -> None:
    heard = replace(moment().heard, confidence=0.3)  # type: ignore[type-var]
    poorly = decide(moment(caller=Unknown(), wants="goodbye", heard=heard), policy)
    unsure = decide(
        moment(caller=Unknown(), meaning=Intent(name="goodbye", confidence=0.47)), policy
    )
    confirmed = decide(moment(caller=Unknown(), wants="affirm", dialogue=unsure.dialogue), policy)

    assert poorly.action == Ask(lines=(Line(key="ask.rephrase"),))
    assert unsure.action == Ask(
        lines=(Line(key="ask.confirm", facts={"want_key": "intent.goodbye.want"}),)
    )
    assert confirmed.action == HangUp(lines=(Line(key="tell.goodbye"),))


def test_what_was_personal_is_not_repeated_to_another_voice(
    moment: Moments, policy: Policy
) -> None:
    dialogue = Dialogue(is_greeted=True, last_lines=(OFFER,), was_proven=True)

    proven = decide(moment(wants="repeat", dialogue=dialogue), policy)
    other = decide(moment(wants="repeat", outcome="rejected", dialogue=dialogue), policy)

    assert Ask(lines=(OFFER,)) == proven.action
    assert Ask(lines=(Line(key="ask.request"),)) == other.action


def test_a_caller_may_change_the_language(moment: Moments, policy: Policy) -> None:
    decision = decide(moment(caller=Unknown(), wants="speak_english"), policy)

    assert Language.ENGLISH is decision.dialogue.language


def test_no_to_anything_else_ends_the_call(moment: Moments, policy: Policy) -> None:
    answered = decide(moment(wants="baggage_allowance"), policy)

    bare = replace(moment().heard, text="Nein, danke.")  # type: ignore[type-var]
    no = decide(moment(wants="deny", heard=bare, dialogue=answered.dialogue), policy)
    yes = decide(moment(wants="affirm", dialogue=answered.dialogue), policy)

    assert no.action == HangUp(lines=(Line(key="tell.goodbye"),))
    assert yes.action == Ask(lines=(Line(key="ask.request"),))


def test_a_likely_yes_is_a_yes_after_a_question_and_never_offered(
    moment: Moments, policy: Policy
) -> None:
    meaning = Unsure(
        first=Intent(name="affirm", confidence=0.45),
        second=Intent(name="check_in", confidence=0.4),
    )
    dialogue = Dialogue(pending=OFFERED, is_greeted=True)

    asked = decide(moment(meaning=meaning, dialogue=dialogue), policy)
    unasked = decide(moment(caller=Unknown(), meaning=meaning), policy)

    assert asked.action.lines[0] == Line(key="intent.rebook_flight.answer")
    assert unasked.action == Ask(
        lines=(Line(key="ask.confirm", facts={"want_key": "intent.check_in.want"}),)
    )


def test_a_name_is_said_once(moment: Moments, policy: Policy) -> None:
    first = decide(moment(wants="baggage_allowance"), policy)
    second = decide(moment(wants="baggage_allowance", dialogue=first.dialogue), policy)

    assert GREETING in first.action.lines
    assert GREETING not in second.action.lines


@pytest.mark.parametrize("text", ["Nein, das war nicht meine Frage", "No, that's not what I asked"])
def test_a_no_from_somebody_who_was_not_helped_does_not_end_the_call(
    moment: Moments, policy: Policy, text: str
) -> None:
    heard = replace(moment().heard, text=text)  # type: ignore[type-var]
    dialogue = Dialogue(pending=AnythingElse(), is_greeted=True)

    decision = decide(moment(wants="deny", heard=heard, dialogue=dialogue), policy)

    assert decision.action == Ask(lines=(Line(key="ask.request"),))
    assert decision.dialogue.failures == 1


@pytest.mark.parametrize("wants", ["repeat", "speak_english", "hello"])
def test_a_question_stays_asked_while_the_caller_asks_back(
    moment: Moments, policy: Policy, wants: str
) -> None:
    dialogue = Dialogue(
        pending=OFFERED, is_greeted=True, has_guessed=True, last_lines=(OFFER,), was_proven=True
    )

    back = decide(moment(wants=wants, dialogue=dialogue), policy)
    yes = decide(moment(wants="affirm", dialogue=back.dialogue), policy)

    assert yes.action.lines[0] == Line(key="intent.rebook_flight.answer")


@pytest.mark.parametrize(
    ("text", "queue"),
    [("das erste", None), ("Das zweite bitte", "bookings"), ("the latter", "bookings")],
)
def test_one_of_two_can_be_named_by_its_place(
    moment: Moments, policy: Policy, text: str, queue: str | None
) -> None:
    two = Choosing(
        first=Intent(name="check_in", confidence=0.4),
        second=Intent(name="seat_or_upgrade", confidence=0.3),
    )
    heard = replace(moment().heard, text=text)  # type: ignore[type-var]
    dialogue = Dialogue(pending=two, is_greeted=True)

    decision = decide(
        moment(meaning=OutOfScope(confidence=0.1), heard=heard, dialogue=dialogue), policy
    )

    if queue is None:
        assert decision.action.lines[0] == Line(key="intent.check_in.answer")
    else:
        assert isinstance(decision.action, Queue)
        assert decision.action.queue == queue


def test_yes_to_one_of_two_is_no_answer(moment: Moments, policy: Policy) -> None:
    two = Choosing(
        first=Intent(name="check_in", confidence=0.4),
        second=Intent(name="refund", confidence=0.3),
    )
    asked = (Line(key="ask.which_of_two", facts={"first_key": "a", "second_key": "b"}),)
    dialogue = Dialogue(pending=two, is_greeted=True, last_lines=asked)

    decision = decide(moment(wants="affirm", dialogue=dialogue), policy)

    assert decision.action == Ask(lines=asked)
    assert decision.dialogue.pending == two


def test_yes_as_likely_as_no_is_neither(moment: Moments, policy: Policy) -> None:
    meaning = Unsure(
        first=Intent(name="affirm", confidence=0.31), second=Intent(name="deny", confidence=0.3)
    )
    dialogue = Dialogue(pending=OFFERED, is_greeted=True)

    decision = decide(moment(meaning=meaning, dialogue=dialogue), policy)

    assert decision.action == Ask(lines=(Line(key="ask.rephrase"),))


def test_no_with_a_request_is_the_request(moment: Moments, policy: Policy) -> None:
    meaning = Unsure(
        first=Intent(name="deny", confidence=0.8),
        second=Intent(name="baggage_allowance", confidence=0.75),
    )
    dialogue = Dialogue(pending=OFFERED, is_greeted=True)

    decision = decide(moment(meaning=meaning, dialogue=dialogue), policy)

    assert decision.action.lines[0] == Line(key="intent.baggage_allowance.answer")


def test_wrong_guesses_lead_to_a_person_too(moment: Moments, policy: Policy) -> None:
    dialogue = Dialogue(pending=OFFERED, is_greeted=True, failures=2)

    assert decide(moment(wants="deny", dialogue=dialogue), policy).action == to_agents("tell.queue")


def test_who_asks_the_same_again_was_not_helped(moment: Moments, policy: Policy) -> None:
    first = decide(moment(wants="baggage_allowance"), policy)
    second = decide(moment(wants="baggage_allowance", dialogue=first.dialogue), policy)

    assert second.action == to_agents("tell.queue")


@pytest.mark.parametrize("change", [{"heard": Unheard.SILENCE, "meaning": None}])
def test_who_cannot_be_understood_keeps_the_priority(
    moment: Moments, policy: Policy, change: dict[str, object]
) -> None:
    caller = replace(moment().caller, is_vulnerable=True)  # type: ignore[type-var]
    dialogue = Dialogue(failures=2)

    action = decide(moment(caller=caller, dialogue=dialogue, **change), policy).action

    assert isinstance(action, Queue)
    assert (action.queue, action.priority) == ("care", 90)


def test_thanks_in_the_middle_of_a_call_does_not_end_it(moment: Moments, policy: Policy) -> None:
    dialogue = Dialogue(pending=OFFERED, is_greeted=True, last_lines=(OFFER,))

    decision = decide(moment(wants="goodbye", dialogue=dialogue), policy)

    assert decision.action == Ask(
        lines=(Line(key="ask.confirm", facts={"want_key": "intent.goodbye.want"}),)
    )


def test_another_flight_than_the_one_that_was_named_is_not_offered(
    moment: Moments, policy: Policy
) -> None:
    meaning = Intent(name="rebook_flight", confidence=0.9, slots={"flight": "LH400"})

    action = decide(moment(meaning=meaning), policy).action

    assert OFFER not in action.lines


@pytest.mark.parametrize("wants", ["rebook_flight", "baggage_lost", "flight_status"])
def test_a_voice_that_a_person_has_to_look_at_goes_to_a_person_whatever_is_wanted(
    moment: Moments, policy: Policy, wants: str
) -> None:
    """And hears what every caller hears who is handed on."""
    sign = Sign(
        name="watchlist",
        risk=1.0,
        is_spoof=False,
        may_gate=False,
        reason="A person has to look.",
        needs_person=True,
    )
    verdict = Verdict(outcome=Outcome.INCONCLUSIVE, needs_person=True, signs=(sign,))

    decision = decide(moment(wants=wants, verdict=verdict), policy)

    assert decision.action == Queue(
        lines=(Line(key="tell.queue"),), queue=policy.person.queue, priority=policy.person.priority
    )
    assert decision.reasons == ("a person has to look at the voice -> queue agents",)


def test_no_thanks_to_what_else_is_wanted_ends_the_call(moment: Moments, policy: Policy) -> None:
    heard = replace(moment().heard, text="Nein danke, das war es.")  # type: ignore[type-var]
    asked = Dialogue(is_greeted=True, last_lines=(Line(key="ask.request"),))

    first = decide(moment(caller=Unknown(), wants="deny", heard=heard), policy)
    later = decide(moment(caller=Unknown(), wants="deny", heard=heard, dialogue=asked), policy)

    assert not isinstance(first.action, HangUp)
    assert isinstance(later.action, HangUp)


@pytest.mark.parametrize(
    ("hearing", "probability", "is_taken"),
    [(0.25, 0.95, True), (0.25, 0.8, False), (0.1, 1.0, False)],
)
def test_a_plain_yes_may_be_heard_a_little_worse(
    moment: Moments, policy: Policy, hearing: float, probability: float, is_taken: bool
) -> None:
    heard = replace(moment().heard, text="Ja, bitte.", confidence=hearing)  # type: ignore[type-var]
    meaning = Intent(name="affirm", confidence=probability)
    dialogue = Dialogue(pending=OFFERED, is_greeted=True)

    decision = decide(moment(meaning=meaning, heard=heard, dialogue=dialogue), policy)

    assert (decision.reasons[0] != "words poorly heard -> ask again") == is_taken
