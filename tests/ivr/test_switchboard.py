import gc
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event
from types import FunctionType, ModuleType

import pytest
from fakes.scripted import SOUND, scripted_rooms

from biometrics import Waveform
from ivr.call import CallId, HangUp, Language, Line, Malformed, PhoneNumber, Transcript
from ivr.decide.dialogue import Dialogue
from ivr.decide.moment import Decision, Moment, decided, remembered
from ivr.errors import BadCallId, CallBusy, CallOver, EmptyRecording, OtherCaller, UnknownCall
from ivr.pipeline import Pipeline
from ivr.rooms import Rooms
from ivr.story import Story
from ivr.switchboard import AfterCall, Switchboard, Witnesses
from ivr.turn import Turn
from ivr.verify.evidence import Evidence

NOW = datetime(2026, 3, 10, tzinfo=UTC)


def turn(call_id: str = "c-1", number: str = "") -> Turn:
    who = PhoneNumber(e164=number) if number else Malformed()
    return Turn(call_id=CallId(call_id), number=who, audio=b"...")


def board(rooms: Rooms | None = None, capacity: int = 10) -> Switchboard:
    pipeline = Pipeline(rooms or scripted_rooms(), default_language=Language.GERMAN)
    return Switchboard(pipeline, capacity=capacity)


@pytest.mark.parametrize("call_id", ["", "a b", "../x", "x" * 129, "ä", "a\nb"])
def test_an_odd_call_id_is_refused(call_id: str) -> None:
    with pytest.raises(BadCallId):
        board().take(turn(call_id), now=NOW)


def test_a_call_nobody_made_is_unknown() -> None:
    with pytest.raises(UnknownCall):
        board().results(CallId("c-1"))
    with pytest.raises(UnknownCall):
        board().sound(CallId("c-1"))


def test_a_call_cannot_be_taken_over_from_another_number() -> None:
    switchboard = board()
    switchboard.take(turn(number="+4989123456"), now=NOW)

    with pytest.raises(OtherCaller):
        switchboard.take(turn(number="+4989654321"), now=NOW)


def test_a_second_turn_does_not_overtake_the_first() -> None:
    def take_another(moment: Moment) -> Decision:
        with pytest.raises(CallBusy):
            switchboard.take(turn(), now=NOW)
        return scripted_rooms().decide(moment)

    switchboard = board(scripted_rooms(decide=take_another))

    assert switchboard.take(turn(), now=NOW).result.action.type == "say"


def test_after_goodbye_nothing_more_is_answered_and_no_voice_is_kept() -> None:
    def hang_up(moment: Moment) -> Decision:
        action = HangUp(lines=(Line(key="tell.goodbye"),))
        return remembered(decided(moment, action, "said goodbye"), moment)

    switchboard = board(scripted_rooms(decide=hang_up))
    switchboard.take(turn(), now=NOW)

    with pytest.raises(CallOver):
        switchboard.take(turn(), now=NOW)
    live = switchboard._calls[CallId("c-1")]
    assert [one for one in held_by(live) if isinstance(one, Evidence | Transcript | Moment)] == []
    assert len(switchboard.results(CallId("c-1"))) == 1


def test_what_was_streamed_is_not_kept_to_be_fetched() -> None:
    switchboard = board()
    switchboard.take(replace(turn(), may_answer_in_parts=True), now=NOW)

    with pytest.raises(UnknownCall):
        switchboard.sound(CallId("c-1"))
    assert [one for one in held_by(switchboard._calls) if isinstance(one, Waveform)] == []


def held_by(live: object) -> Iterator[object]:
    """Everything that stays in memory as long as this does, wherever it is."""
    seen, left = {id(live)}, [live]
    while left:
        one = left.pop()
        yield one
        if isinstance(one, type | ModuleType | FunctionType):
            continue
        new = [each for each in gc.get_referents(one) if id(each) not in seen]
        seen.update(map(id, new))
        left += new


def test_a_recording_that_is_refused_leaves_the_call_as_it_was() -> None:
    refusals = iter([EmptyRecording("empty")])

    def listen(audio: bytes) -> object:
        for refusal in refusals:
            raise refusal
        return scripted_rooms().listen(audio)

    switchboard = board(scripted_rooms(listen=listen))
    with pytest.raises(EmptyRecording):
        switchboard.take(turn(), now=NOW)

    assert switchboard.take(turn(), now=NOW).result.action.type == "say"
    assert SOUND is switchboard.sound(CallId("c-1"))


def test_a_first_turn_that_is_refused_begins_no_call() -> None:
    def refuse(_audio: bytes) -> object:
        raise EmptyRecording("empty")

    switchboard = board(scripted_rooms(listen=refuse))
    for number in ("+4989123456", "+4989654321"):
        with pytest.raises(EmptyRecording):
            switchboard.take(turn(number=number), now=NOW)

    assert len(switchboard._calls) == 0


def test_a_call_that_is_being_answered_is_not_pushed_out() -> None:
    others = ["b"]

    def meanwhile(moment: Moment) -> Decision:
        if others:
            switchboard.take(turn(others.pop()), now=NOW)
            with pytest.raises(CallBusy):
                switchboard.take(turn("a"), now=NOW)
        return scripted_rooms().decide(moment)

    switchboard = board(scripted_rooms(decide=meanwhile), capacity=1)
    switchboard.take(turn("a"), now=NOW)

    assert len(switchboard.results(CallId("a"))) == 1


def test_a_caller_who_hung_up_leaves_nothing() -> None:
    switchboard = board()
    switchboard.take(turn("a"), now=NOW)
    switchboard.forget(CallId("a"))

    with pytest.raises(UnknownCall):
        switchboard.results(CallId("a"))


def test_silent_calls_are_forgotten_without_another_turn() -> None:
    switchboard = board()
    switchboard.take(turn("a"), now=NOW)
    switchboard.forget_the_old(NOW + timedelta(minutes=61))

    with pytest.raises(UnknownCall):
        switchboard.results(CallId("a"))


def test_only_so_many_calls_are_kept_the_latest() -> None:
    switchboard = board(capacity=2)
    for call_id in ("a", "b", "c"):
        switchboard.take(turn(call_id), now=NOW)

    with pytest.raises(UnknownCall):
        switchboard.results(CallId("a"))
    assert len(switchboard.results(CallId("b"))) == 1


def test_a_call_that_is_long_silent_is_forgotten() -> None:
    switchboard = board()
    switchboard.take(turn("a"), now=NOW)
    switchboard.take(turn("b"), now=NOW + timedelta(minutes=61))

    with pytest.raises(UnknownCall):
        switchboard.results(CallId("a"))


class Afterwards:
    """What was done after calls."""

    def __init__(self) -> None:
        self.told: list[tuple[bool, datetime]] = []

    def __call__(self, evidence: Evidence | None, at: datetime) -> None:
        self.told.append((evidence is not None, at))


def learning_board(after_call: AfterCall, **rooms: Callable[..., object]) -> Switchboard:
    pipeline = Pipeline(scripted_rooms(**rooms), default_language=Language.GERMAN)
    return Switchboard(pipeline, capacity=10, witnesses=Witnesses(after_call=after_call))


def hang_up(moment: Moment) -> Decision:
    action = HangUp(lines=(Line(key="tell.goodbye"),))
    return remembered(decided(moment, action, "said goodbye"), moment)


def test_what_fails_after_a_call_disturbs_no_other() -> None:
    def broken(evidence: Evidence | None, at: datetime) -> None:
        raise ZeroDivisionError

    switchboard = learning_board(broken)
    for call_id in ("a", "b"):
        switchboard.take(turn(call_id), now=NOW)
        switchboard.forget(CallId(call_id))

    assert switchboard.take(turn("c"), now=NOW).result.action.type == "say"
    switchboard.close()


def test_a_call_is_learned_from_when_the_caller_hangs_up() -> None:
    afterwards = Afterwards()
    switchboard = learning_board(afterwards)
    switchboard.take(turn("a"), now=NOW)
    assert afterwards.told == []

    switchboard.forget(CallId("a"))
    switchboard.forget(CallId("a"))
    switchboard.close()

    assert afterwards.told == [(True, NOW)]


def test_a_call_that_was_handed_on_is_learned_from_once_and_no_voice_is_kept() -> None:
    afterwards = Afterwards()
    switchboard = learning_board(afterwards, decide=hang_up)
    switchboard.take(turn("a"), now=NOW)
    live = switchboard._calls[CallId("a")]
    switchboard.forget(CallId("a"))
    switchboard.close()

    assert afterwards.told == [(True, NOW)]
    assert live.so_far.evidence is None


def test_a_call_that_ended_without_telling_us_is_learned_from() -> None:
    afterwards = Afterwards()
    switchboard = learning_board(afterwards)
    switchboard.take(turn("a"), now=NOW)
    switchboard.forget_the_old(NOW + timedelta(hours=2))
    switchboard.close()

    assert afterwards.told == [(True, NOW)]


def test_who_hangs_up_while_a_turn_is_answered_has_said_what_is_in_it() -> None:
    """The answer may be that it was somebody else: nothing is learned before."""
    afterwards = Afterwards()

    def hung_up_meanwhile(moment: Moment) -> Decision:
        switchboard.forget(CallId("a"))
        assert afterwards.told == []
        return scripted_rooms().decide(moment)

    switchboard = learning_board(afterwards, decide=hung_up_meanwhile)
    switchboard.take(turn("a"), now=NOW)
    switchboard.close()

    assert afterwards.told == [(True, NOW)]


def test_whoever_hangs_up_in_the_middle_is_told_of_once() -> None:
    hung_up: list[Dialogue] = []
    pipeline = Pipeline(scripted_rooms(), default_language=Language.GERMAN)
    calls = Switchboard(pipeline, capacity=5, witnesses=Witnesses(hung_up=hung_up.append))
    calls.take(turn(), now=NOW)

    calls.forget(CallId("c-1"))
    calls.forget(CallId("c-1"))
    calls.forget(CallId("never-called"))

    assert len(hung_up) == 1


def test_whoever_was_handed_on_has_not_hung_up() -> None:
    hung_up: list[Dialogue] = []

    def bye(moment: Moment) -> Decision:
        action = HangUp(lines=(Line(key="tell.goodbye"),))
        return remembered(decided(moment, action, "bye"), moment)

    pipeline = Pipeline(scripted_rooms(decide=bye), default_language=Language.GERMAN)
    calls = Switchboard(pipeline, capacity=5, witnesses=Witnesses(hung_up=hung_up.append))
    calls.take(turn(), now=NOW)

    calls.forget(CallId("c-1"))

    assert hung_up == []


# Handing on what was not decided here


def handing_board(stories: list[Story], **rooms: Callable[..., object]) -> Switchboard:
    pipeline = Pipeline(scripted_rooms(**rooms), default_language=Language.GERMAN)
    return Switchboard(pipeline, capacity=10, witnesses=Witnesses(hand_over=stories.append))


def test_a_call_that_is_over_or_busy_is_not_handed_on() -> None:
    def meanwhile(moment: Moment) -> Decision:
        with pytest.raises(CallBusy):
            switchboard.hand_on(turn("a"), "the service ends", now=NOW)
        return hang_up(moment)

    stories: list[Story] = []
    switchboard = handing_board(stories, decide=meanwhile)
    assert switchboard.take(turn("a"), now=NOW).result.action.type == "hangup"

    with pytest.raises(CallOver):
        switchboard.hand_on(turn("a"), "the service ends", now=NOW)
    assert stories == []


def test_a_person_finds_everything_that_was_said_before() -> None:
    stories: list[Story] = []
    switchboard = handing_board(stories)
    switchboard.take(turn("a"), now=NOW)

    answer = switchboard.hand_on(turn("a"), "the service ends", now=NOW)

    action = answer.result.action
    assert (action.type, action.queue, action.prompt) == ("queue", "agents", "tell.queue")
    assert answer.result.reasons == ["the service ends -> queue agents"]
    (story,) = stories
    assert [told.result.transcript.text for told in story.turns] == ["ein Wort", ""]
    assert story.last.result.action.context_token
    assert story.last.moment is story.turns[0].moment
    with pytest.raises(CallOver):
        switchboard.take(turn("a"), now=NOW)


def test_whoever_has_said_nothing_yet_is_handed_on_too() -> None:
    stories: list[Story] = []

    handing_board(stories).hand_on(turn("a"), "the service ends", now=NOW)

    assert [told.moment for told in stories[0].turns] == [None]


def test_who_ends_while_too_much_waits_leaves_no_voice_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ivr.switchboard.MOST_AFTERWARDS", 1)
    release, afterwards = Event(), Afterwards()

    def slow(evidence: Evidence | None, at: datetime) -> None:
        release.wait(30)
        afterwards(evidence, at)

    switchboard = learning_board(slow)
    for call_id in ("a", "b"):
        switchboard.take(turn(call_id), now=NOW)
    live = switchboard._calls[CallId("b")]
    switchboard.forget(CallId("a"))
    switchboard.forget(CallId("b"))
    kept = live.so_far.evidence, live.told
    release.set()
    switchboard.close()

    assert kept == (None, [])
    assert len(afterwards.told) == 1
