from dataclasses import replace
from datetime import timedelta

from fakes.scripted import HEARD
from fakes.stories import (
    BEGAN,
    DONE,
    KLAUS,
    SURE,
    TO_PEOPLE,
    failed,
    sign,
    story,
    stranger,
    told,
)

from biometrics import Outcome, Verdict
from ivr.briefing import context_of, entry_of, wanted
from ivr.call import Assurance, CustomerId, Intent, Language, Line, Mood, Say, Transfer, Unheard
from ivr.decide.dialogue import Dialogue
from ivr.errand import Errand
from ivr.handover.context import Context, Earlier, Evidence, Said
from ivr.story import Story

YES = Intent(name="affirm", confidence=0.99)


def no_calls(_: CustomerId) -> tuple[Earlier, ...]:
    return ()


def context(of: Story) -> Context:
    return context_of(of, business="airline", earlier=no_calls)


def test_nothing_is_known_of_a_stranger() -> None:
    known = context(story(stranger(TO_PEOPLE)))

    assert known.customer is None
    assert known.earlier == ()
    assert known.evidence == Evidence(decision="not_enrolled")
    assert known.next_step == "ask_who"


def test_a_failure_takes_away_nothing_that_was_found_before_and_adds_nothing() -> None:
    known = context(story(told(), failed(after_s=20)))

    assert known.evidence.decision == "accepted"
    assert known.next_step == "apologise_and_ask"
    assert context(story(failed())).evidence.decision == "inconclusive"
    assert context(story(failed())).customer is None


def test_what_sounds_made_is_told_and_what_is_poor_is_told_apart() -> None:
    signs = (sign("synthetic_voice"), sign("exact_replay", is_spoof=False))
    doubt = Verdict(outcome=Outcome.ACCEPTED, signs=signs)

    known = context(story(told(TO_PEOPLE, verdict=doubt)))

    assert known.evidence.signs == ("synthetic_voice",)
    assert known.next_step == "prove_before_anything"


def test_the_person_is_told_everything() -> None:
    done = Errand(
        intent="check_in", customer_id=KLAUS.customer_id, assurance=Assurance.OPEN, key="k"
    )
    earlier = Earlier(at=BEGAN - timedelta(days=9), intent="check_in", outcome="served")
    call = story(
        told(DONE, reasons=("rebook_flight: declined, too_late",)),
        told(TO_PEOPLE, meaning=YES, after_s=20, reasons=("65 or older -> queue senior",)),
        dialogue=Dialogue(done=(done,), answered=frozenset({"baggage_allowance"})),
    )

    known = context_of(call, business="airline", earlier=lambda _: (earlier,))

    assert known.customer is not None
    assert (known.customer.name, known.customer.age) == ("Klaus", 75)
    assert known.customer.events[0]["kind"] == "flight_cancelled"
    assert known.customer.preferences == {"seat": "aisle"}
    assert known.number == "+4989123456"
    assert known.evidence == Evidence(
        decision="accepted",
        score=SURE.score,
        llr=SURE.llr,
        threshold=SURE.threshold,
        net_speech_ms=3_000,
    )
    assert known.said == (
        Said(caller=HEARD.text, machine="Gern.", intent="rebook_flight", confidence=0.9),
        Said(caller=HEARD.text, machine="Gern.", intent="affirm", confidence=0.9),
    )
    assert (known.intent, known.slots) == ("rebook_flight", {"flight": "LH815"})
    assert known.tried == (
        "check_in: done",
        "baggage_allowance: answered",
        "rebook_flight: declined, too_late",
    )
    assert (known.queue, known.priority) == ("senior", 80)
    assert known.reasons == ("65 or older -> queue senior",)
    assert known.earlier == (earlier,)
    assert known.next_step == "go_on"
    assert known.at == BEGAN + timedelta(seconds=20)


def test_what_opens_a_link_is_not_told_and_what_was_done_by_one_is() -> None:
    spoken = Say(lines=(Line(key="link.code", facts={"code": "482137"}),))
    told_code = told(spoken)
    action = replace(told_code.result.action, prompt="Der Code ist 482137.")
    told_code = replace(told_code, result=replace(told_code.result, action=action))

    known = context_of(
        story(told_code, told(TO_PEOPLE)),
        business="airline",
        earlier=no_calls,
        done_by_link=lambda _: {"rebook_flight": BEGAN},
    )

    assert known.said[0].machine == "Der Code ist ******."
    assert known.tried == ("rebook_flight: done by link",)


def test_a_yes_is_no_request() -> None:
    assert wanted(story(told(), told(meaning=YES)))[0] == "rebook_flight"
    assert wanted(story(told(meaning=YES))) == ("", {})
    assert wanted(story(told(heard=Unheard.SILENCE, meaning=None))) == ("", {})


def test_who_is_connected_elsewhere_waits_in_no_queue() -> None:
    elsewhere = Transfer(lines=(Line(key="tell.queue"),), queue="sip:a@b", priority=10)

    assert entry_of(story(told(elsewhere))) is None
    assert entry_of(story(told(DONE))) is None


def test_a_place_carries_what_the_queue_needs_and_nobody_s_name() -> None:
    call = story(told(TO_PEOPLE, mood=Mood.UPSET, reasons=("upset -> queue senior",)))

    entry = entry_of(call)

    assert entry is not None
    assert entry.token == call.last.result.action.context_token
    assert (entry.queue, entry.priority, entry.language) == ("senior", 80, Language.GERMAN)
    assert (entry.intent, entry.reasons) == ("rebook_flight", ("upset -> queue senior",))
    assert entry.joined_at == BEGAN + timedelta(seconds=8)
    assert "Klaus" not in repr(entry)


def test_whoever_a_failure_hands_over_gets_a_place_too() -> None:
    entry = entry_of(story(failed()))

    assert entry is not None
    assert entry.queue == "senior"
