"""What made-up callers do after what was asked."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from biometrics import Outcome, Verdict
from ivr.call import Ask, Event, Intent, Language, Line, Transcript, Unheard, Unknown, Withheld
from ivr.decide.dialogue import (
    AnythingElse,
    Choosing,
    Confirming,
    Dialogue,
    Filling,
    Menu,
    Offered,
    Pending,
    Picking,
    Rating,
    Repeating,
    Troubled,
    Typing,
)
from ivr.findings import NO_SOUND
from ivr.result import (
    Result,
    TimingsPart,
    action_part,
    caller_part,
    intent_part,
    transcript_part,
    verification_part,
)
from ivr.simulate.day.caller import HangsUp, MadeUpCaller, Move, Says, Silent, Types
from ivr.simulate.day.line import Line as Telephone
from ivr.simulate.day.line import lasts, takes
from ivr.simulate.day.people import customers
from ivr.simulate.day.plan import Planned, Temper, moments, planned
from ivr.simulate.day.words import read_words
from ivr.studio import Timbre
from ivr.turn import Answer, SoFar
from ivr.verify.challenge import Challenge

DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
WORDS = read_words("airline")
DRAW = np.random.default_rng(1)
PEOPLE = customers(40, WORDS, DAY, DRAW)
CALL = replace(
    planned(moments(1, DAY, ZoneInfo("Europe/Berlin"), DRAW), PEOPLE, WORDS, [], DRAW)[0],
    goal="refund",
    language=Language.GERMAN,
    is_foreign=False,
    temper=Temper(),
)
REFUND = Intent(name="refund", confidence=0.9)
OTHER = Intent(name="check_in", confidence=0.9)
ASKED = Ask(lines=(Line(key="ask.request"),))


def answer(pending: Pending | None, challenge: Challenge | None = None) -> Answer:
    result = Result(
        call_id=CALL.id,
        caller=caller_part(Withheld(), Unknown()),
        verification=verification_part(Verdict(outcome=Outcome.INCONCLUSIVE)),
        transcript=transcript_part(Unheard.SILENCE, "de"),
        intent=intent_part(None),
        action=action_part(ASKED, ""),
        reasons=[],
        timings_ms=TimingsPart(),
    )
    so_far = SoFar(dialogue=Dialogue(pending=pending), challenge=challenge)
    return Answer(result=result, sound=NO_SOUND, action=ASKED, so_far=so_far)


def moves(pending: Pending | None, call: Planned = CALL, turn: int = 1) -> set[Move]:
    caller = MadeUpCaller(call=call, words=WORDS, draw=np.random.default_rng(1))
    return {caller.goes_on(answer(pending), turn) for _ in range(40)}


def said(kind: str) -> set[Move]:
    return {Says(text) for text in WORDS.common[Language.GERMAN][kind]}


def test_what_is_not_meant_is_not_agreed_to() -> None:
    for pending in (Offered(intent=OTHER), Confirming(intent=OTHER)):
        assert moves(pending) & said("agreed") == set()
        assert moves(pending) & said("denied")


def test_a_guess_is_sometimes_about_another_flight() -> None:
    event = Event(kind="refund_due", at=NOW)
    made = moves(Offered(intent=REFUND, event=event, is_personal=True))

    assert made & said("agreed")
    assert made & said("denied")


def test_whose_patience_is_over_hangs_up() -> None:
    impatient = replace(CALL, temper=Temper(patience=3))

    assert moves(AnythingElse(), impatient, turn=3) == {HangsUp()}
    assert HangsUp() not in moves(AnythingElse(), impatient, turn=2)


@pytest.mark.parametrize(
    ("pending", "expected"),
    [
        (Offered(intent=REFUND), said("agreed")),
        (Confirming(intent=REFUND), said("agreed")),
        (Choosing(first=REFUND, second=OTHER), said("first")),
        (Picking(intent=REFUND, options=()), said("first")),
        (AnythingElse(), said("nothing_more")),
        (Menu(intents=("check_in", "refund")), {Types("2")}),
        (Menu(intents=("check_in",)), said("person")),
        (Typing(intent=REFUND), {Types("1234#")}),
        (Filling(intent=REFUND, slot="colour"), said("person")),
        (Rating(), {Types("3"), Types("4"), Types("5")}),
    ],
)
def test_a_question_is_answered(pending: Pending, expected: set[Move]) -> None:
    assert moves(pending) <= expected


def test_who_does_not_care_to_rate_hangs_up() -> None:
    assert moves(Rating(), replace(CALL, temper=Temper(rates=False))) == {HangsUp()}


def test_digits_are_repeated() -> None:
    challenge = Challenge(
        digits="47192", language=Language.GERMAN, issued_at=NOW, expires_at=NOW + timedelta(1)
    )
    caller = MadeUpCaller(call=CALL, words=WORDS, draw=DRAW)

    asked = answer(Repeating(intent=REFUND), challenge)
    assert caller.goes_on(asked, 1) == Says("4 7 1 9 2")


def test_what_is_missing_is_told() -> None:
    told = moves(Filling(intent=REFUND, slot="flight"))

    assert all(isinstance(one, Says) and CALL.facts["flight"] in one.text for one in told)


def test_without_a_question_and_after_another_the_wish_is_said() -> None:
    for pending in (None, Choosing(first=OTHER, second=REFUND)):
        assert all(isinstance(one, Says) and len(one.text) > 20 for one in moves(pending))


def test_news_are_the_reason_for_most_who_hear_them() -> None:
    told = moves(Troubled(incident="i-1", instead=None))

    assert told & said("agreed")
    assert told & said("denied")


def test_who_wants_a_person_says_so_at_the_second_turn() -> None:
    stubborn = replace(CALL, temper=Temper(wants_person=True))

    assert moves(AnythingElse(), stubborn, turn=2) <= said("person")


def test_who_hears_badly_says_nothing_now_and_then() -> None:
    assert Silent() in moves(AnythingElse(), replace(CALL, temper=Temper(hears_badly=True)))


def telephone() -> Telephone:
    return Telephone(
        draw=np.random.default_rng(1),
        say=lambda text, timbre: NO_SOUND,
        as_wav=lambda sound: b"%d" % sound.samples.size,
        timbres={},
    )


def test_words_come_as_text_with_the_callers_number() -> None:
    turn = telephone().turn(CALL, Says("Wo ist mein Geld"))

    assert turn.said == Transcript(
        text="Wo ist mein Geld",
        language=Language.GERMAN,
        confidence=turn.said.confidence if turn.said else 0,
        engine="made-up",
    )
    assert (turn.number, turn.gateway, turn.began_at) == (CALL.number, "simulated", CALL.at)


def test_keys_and_silence_come_as_they_would() -> None:
    assert telephone().turn(CALL, Types("3")).keys == "3"
    assert telephone().turn(CALL, Silent()).audio == b"16000"


def test_who_is_heard_speaks() -> None:
    subject = PEOPLE[0].caller.subject
    spoken: list[Timbre] = []
    line = replace(
        telephone(),
        say=lambda text, timbre: (spoken.append(timbre), NO_SOUND)[1],
        timbres={subject: Timbre(engine="pico-de", pitch=0.7)},
    )
    heard = replace(CALL, customer=PEOPLE[0], is_heard=True, speaker="customer")

    turn = line.turn(heard, Says("Wo ist mein Geld"))

    assert (turn.said, turn.audio) == (None, b"0")
    assert spoken == [Timbre(engine="pico-de", pitch=0.7)]


def test_talking_takes_time() -> None:
    assert takes(Says("eins zwei drei")) > takes(Says("eins"))
    assert takes(Silent()) > takes(HangsUp()) > timedelta()
    assert lasts("") == timedelta()
    assert lasts("Was kann ich für Sie tun?") > timedelta(seconds=1)
