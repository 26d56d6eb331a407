"""A live call in virtual time: in lockstep a frame that comes is 20 ms, however long it took."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from threading import Event
from typing import Any

import numpy as np
import pytest
from anyio import CapacityLimiter
from fakes.live import FakeTalk, FakeWire, Watcher, fake_ear, quiet, sound, spoken

from biometrics import Waveform
from ivr.call import Intent
from ivr.decide.dialogue import AnythingElse, Filling, Typing
from ivr.errors import CallOver, NoVoice
from ivr.live.pcm import waveform_of
from ivr.live.talk import Opening
from ivr.live.wire import FRAME_BYTES
from ivr.session import Equipment, Session
from ivr.settings import LiveSettings

SETTINGS = LiveSettings(pacing="lockstep")
OPENING_MS = 1_000


class Call:
    """A session with everything around it."""

    def __init__(
        self, talk: FakeTalk, settings: LiveSettings = SETTINGS, *, reads_along: bool = False
    ) -> None:
        self.talk, self.wire, self.watch = talk, FakeWire(), Watcher()
        limiter = CapacityLimiter(4)
        self.session = Session(
            self.wire,
            talk,
            Equipment(settings=settings, ear=fake_ear, limiter=lambda: limiter),
            watch=self.watch,
            reads_along=reads_along,
        )
        self.task = asyncio.create_task(self.session.run())

    async def hear(self, *sounds: bytes) -> None:
        for one in sounds:
            for at in range(0, len(one), FRAME_BYTES):
                await self.session.hear(one[at : at + FRAME_BYTES])

    async def hung_up(self) -> None:
        self.session.hang_up()
        await self.task


def played(
    talk: FakeTalk,
    story: Callable[[Call], Coroutine[Any, Any, None]],
    *,
    reads_along: bool = False,
    **settings: Any,
) -> Call:
    """The call after what the story tells, hung up."""

    async def run() -> Call:
        call = Call(talk, replace(SETTINGS, **settings), reads_along=reads_along)
        await story(call)
        await call.hung_up()
        return call

    return asyncio.run(run())


def test_the_greeting_begins_at_once_and_is_heard_whole_even_if_somebody_speaks() -> None:
    async def story(call: Call) -> None:
        await call.hear(spoken(400), quiet(100))

    call = played(FakeTalk(["Flug umbuchen"]), story)

    assert call.wire.is_speaking[:20] == [True] * 20
    assert call.watch.at("prompt_begins") <= 20


def test_what_was_said_during_the_greeting_is_heard_and_stops_the_question() -> None:
    async def story(call: Call) -> None:
        await call.hear(spoken(600), quiet(1_500))

    call = played(FakeTalk(["Flug umbuchen"]), story)

    assert call.talk.heard == ["Flug umbuchen"]
    assert call.watch.at("barge_in") < OPENING_MS


def test_a_turn_that_makes_sense_ends_after_a_short_pause() -> None:
    async def story(call: Call) -> None:
        await call.hear(quiet(OPENING_MS + 200), spoken(1_000), quiet(800))

    call = played(FakeTalk(["Flug umbuchen"]), story)

    assert call.talk.heard == ["Flug umbuchen"]
    assert call.watch.at("turn_ends") - call.watch.at("speech_ends") <= 400


def test_a_turn_that_does_not_make_sense_yet_is_waited_for() -> None:
    async def story(call: Call) -> None:
        await call.hear(quiet(OPENING_MS + 200), spoken(1_000), quiet(600), spoken(500))
        assert call.talk.taken == []
        await call.hear(quiet(800))

    call = played(FakeTalk(["Ich möchte"]), story)

    assert call.talk.heard == ["Ich möchte"]
    assert call.talk.taken[0][0] is not None
    assert call.talk.taken[0][0].sound.duration_ms >= 2_100


def test_a_turn_is_heard_ahead_once_and_all_of_it() -> None:
    async def story(call: Call) -> None:
        await call.hear(quiet(OPENING_MS + 200), spoken(1_000), quiet(800))

    talk = played(FakeTalk(["Flug umbuchen"]), story).talk

    assert len(talk.rehearsed) == 1
    live = talk.taken[0][0]
    assert live is not None
    assert np.array_equal(talk.rehearsed[0].samples, live.sound.samples)
    assert live.ahead is talk.ahead[0]


def test_what_was_heard_ahead_of_more_words_is_forgotten() -> None:
    async def story(call: Call) -> None:
        await call.hear(quiet(OPENING_MS + 200), spoken(1_000), quiet(600), spoken(500))
        await call.hear(quiet(800))

    talk = played(FakeTalk(["Ich möchte"]), story).talk

    assert len(talk.rehearsed) == 2
    live = talk.taken[0][0]
    assert live is not None
    assert talk.rehearsed[0].duration_ms < live.sound.duration_ms
    assert np.array_equal(talk.rehearsed[1].samples, live.sound.samples)
    assert live.ahead is talk.ahead[1]


def test_what_fails_ahead_of_time_fails_nothing() -> None:
    async def story(call: Call) -> None:
        await call.hear(quiet(OPENING_MS + 200), spoken(1_000), quiet(800))

    talk = FakeTalk(["Flug umbuchen"])
    talk.fails_ahead = RuntimeError("not ready")

    assert played(talk, story).talk.heard == ["Flug umbuchen"]
    assert talk.taken[0][0] is not None
    assert talk.taken[0][0].ahead is None


def test_callers_who_need_time_are_given_it() -> None:
    async def story(call: Call) -> None:
        await call.hear(quiet(OPENING_MS + 200), spoken(1_000), quiet(900))
        assert call.talk.taken == []
        await call.hear(quiet(300))

    talk = FakeTalk(["Ich möchte"])
    talk.needs_time = True

    assert played(talk, story).talk.heard == ["Ich möchte"]


def test_a_number_that_is_read_out_may_pause_for_more_than_a_second() -> None:
    async def story(call: Call) -> None:
        await call.hear(quiet(OPENING_MS + 200), spoken(1_000), quiet(1_300), spoken(900))
        assert call.talk.taken == []
        await call.hear(quiet(1_600))

    iban = Filling(intent=Intent(name="transfer_money", confidence=1.0), slot="iban")

    assert len(played(FakeTalk(["DE"], pending=iban), story).talk.taken) == 1


def test_a_plain_yes_is_answered_sooner_than_anything_else() -> None:
    async def story(call: Call) -> None:
        await call.hear(quiet(OPENING_MS + 200), spoken(300), quiet(600))

    call = played(FakeTalk(["Ja"], pending=AnythingElse()), story)

    assert call.watch.at("turn_ends") - call.watch.at("speech_ends") <= 300


def test_whoever_goes_on_at_the_last_moment_is_not_answered_yet() -> None:
    async def story(call: Call) -> None:
        await call.hear(quiet(OPENING_MS + 200), spoken(300), quiet(200), spoken(400), quiet(600))

    talk = played(FakeTalk(["Ja"], pending=AnythingElse()), story).talk

    assert len(talk.taken) == 1
    assert talk.taken[0][0] is not None
    assert talk.taken[0][0].sound.duration_ms >= 900


def test_a_click_is_no_turn() -> None:
    async def story(call: Call) -> None:
        await call.hear(quiet(OPENING_MS + 200), spoken(40), quiet(2_000))

    assert played(FakeTalk(), story).talk.taken == []


def test_silence_is_a_turn_of_its_own() -> None:
    async def story(call: Call) -> None:
        await call.hear(quiet(OPENING_MS + 5_200))

    call = played(FakeTalk(), story)

    assert call.talk.heard == ["silence"]
    assert "no_input" in call.watch.kinds


def test_the_wait_for_an_answer_begins_when_the_prompt_ends() -> None:
    async def story(call: Call) -> None:
        await call.hear(quiet(OPENING_MS + 4_800))

    assert played(FakeTalk(), story).talk.taken == []


def barged(talk: FakeTalk, during: bytes, after_ms: int = 2_000) -> Call:
    """A first turn, and something said half a second into the answer."""

    async def story(call: Call) -> None:
        await call.hear(quiet(OPENING_MS + 200), spoken(1_000), quiet(1_400), during)
        await call.hear(quiet(after_ms))

    return played(talk, story)


def test_a_prompt_that_comes_in_parts_is_heard_without_a_gap() -> None:
    talk = FakeTalk(["Flug umbuchen"])
    talk.prompt, talk.rest = sound(110), (lambda: sound(500), lambda: sound(390))

    async def story(call: Call) -> None:
        await call.hear(quiet(OPENING_MS + 200), spoken(1_000), quiet(2_400))

    call = played(talk, story)

    begins = call.watch.at("prompt_begins", after="answer") // 20 - 1
    assert call.wire.is_speaking[begins:].count(True) == 50
    assert call.wire.is_speaking[begins:][:50] == [True] * 50
    assert [one for one in call.watch.kinds if one.startswith("prompt")][-2:] == [
        "prompt_begins",
        "prompt_ends",
    ]


def test_the_rest_of_a_prompt_that_was_interrupted_is_not_heard() -> None:
    talk = FakeTalk(["Flug umbuchen", "nein, anders"])
    talk.prompt, talk.rest = sound(700), (lambda: sound(3_000),)
    talk.ends_after = 2

    call = barged(talk, spoken(900), after_ms=1_000)

    stopped = call.watch.at("barge_in") // 20
    begins = call.watch.at("prompt_begins", after="barge_in") // 20 - 1
    assert talk.heard == ["Flug umbuchen", "nein, anders"]
    assert not any(call.wire.is_speaking[stopped:begins])


def test_a_prompt_that_breaks_off_sends_the_caller_to_a_person() -> None:
    def fail() -> Waveform:
        raise NoVoice("It broke.")

    talk = FakeTalk(["Flug umbuchen"])
    talk.rest = (fail,)

    async def story(call: Call) -> None:
        await call.hear(quiet(OPENING_MS + 200), spoken(1_000), quiet(2_000))
        await call.task

    call = played(talk, story)

    assert [one.type for one in call.wire.endings] == ["queue"]
    assert sum(call.wire.is_speaking) * 20 == OPENING_MS + 1_000


def test_speech_stops_a_prompt_within_200_ms() -> None:
    talk = FakeTalk(["Flug umbuchen", "nein, anders"])
    talk.prompt = sound(3_000)

    call = barged(talk, spoken(900))

    paused = call.watch.at("prompt_pauses")
    begun = next(
        one.at_ms
        for one in call.watch.happened
        if one.kind == "speech_begins" and one.at_ms > 2_500
    )
    assert 0 <= paused - begun <= 100
    assert call.wire.cleared >= 1
    assert not any(call.wire.is_speaking[paused // 20 + 1 : paused // 20 + 40])
    assert talk.heard == ["Flug umbuchen", "nein, anders"]


def test_a_cough_pauses_the_prompt_which_then_goes_on_a_little_earlier() -> None:
    talk = FakeTalk(["Flug umbuchen", ""])
    talk.prompt = sound(3_000)

    call = barged(talk, spoken(200), after_ms=4_000)

    assert talk.heard == ["Flug umbuchen"]
    assert {"prompt_pauses", "prompt_resumes"} <= set(call.watch.kinds)
    said_ms = sum(call.wire.is_speaking) * 20
    assert OPENING_MS + 3_000 < said_ms <= OPENING_MS + 3_000 + 300


def test_one_word_that_answers_interrupts() -> None:
    talk = FakeTalk(["Flug umbuchen", "Mitarbeiter"])
    talk.prompt = sound(3_000)

    barged(talk, spoken(300))

    assert talk.heard == ["Flug umbuchen", "Mitarbeiter"]


def test_two_words_interrupt_before_they_are_over() -> None:
    talk = FakeTalk(["Flug umbuchen", "lieber stornieren"])
    talk.partials = [[], ["lieber", "lieber stornieren", "lieber stornieren", "lieber stornieren"]]
    talk.prompt = sound(3_000)

    call = barged(talk, spoken(1_500))

    barge_in = call.watch.at("barge_in")
    begun = [one.at_ms for one in call.watch.happened if one.kind == "speech_begins"][1]
    assert barge_in - begun < SETTINGS.barge_in_ms


@pytest.mark.parametrize("reads_along", [False, True])
def test_words_are_looked_for_early_only_if_they_interrupt_or_are_read(reads_along: bool) -> None:
    async def story(call: Call) -> None:
        await call.hear(quiet(OPENING_MS + 200), spoken(1_000), quiet(800))

    talk = FakeTalk(["Flug umbuchen"])
    talk.partials = [["Flug", "Flug umbuchen"] * 9]

    call = played(talk, story, reads_along=reads_along)

    assert talk.heard == ["Flug umbuchen"]
    assert ("partial" in call.watch.kinds) is reads_along


def test_our_own_voice_does_not_interrupt_us() -> None:
    talk = FakeTalk(["Flug umbuchen"])
    generator_sound = spoken(3_000, level=8_000)

    async def story(call: Call) -> None:
        await call.hear(quiet(OPENING_MS + 200), spoken(1_000), quiet(420))
        for _ in range(60):  # what was played two frames ago comes back weaker
            echo = call.wire.frames[-2]
            await call.hear(bytes(echo))

    talk.prompt = waveform_of(generator_sound)
    call = played(talk, story)

    assert "echo" in call.watch.kinds
    assert "barge_in" not in call.watch.kinds


def test_the_rest_of_a_turn_does_not_answer_the_next_question() -> None:
    talk = FakeTalk(["Ja", "Ja"], pending=AnythingElse())
    talk.prompt = sound(3_000)

    async def story(call: Call) -> None:
        await call.hear(quiet(OPENING_MS + 200), spoken(300), quiet(360), spoken(300))
        await call.hear(quiet(4_000))

    call = played(talk, story)

    assert talk.heard == ["Ja"]
    assert "prompt_resumes" in call.watch.kinds


def test_the_rest_of_a_request_is_a_turn_of_its_own() -> None:
    talk = FakeTalk(["Flug umbuchen", "Flug umbuchen"])
    talk.prompt = sound(3_000)

    async def story(call: Call) -> None:
        await call.hear(quiet(OPENING_MS + 200), spoken(600), quiet(400), spoken(1_000))
        await call.hear(quiet(2_000))

    assert played(talk, story).talk.heard == ["Flug umbuchen", "Flug umbuchen"]


def test_a_key_silences_even_the_greeting_and_answers() -> None:
    async def story(call: Call) -> None:
        await call.hear(quiet(100))
        await call.session.press("9")
        await call.hear(quiet(200))

    call = played(FakeTalk(), story)

    assert [keys for _, keys in call.talk.taken] == ["9"]


def test_a_row_of_keys_ends_with_a_hash_or_with_a_pause() -> None:
    async def story(call: Call) -> None:
        await call.hear(quiet(OPENING_MS + 100))
        for key in "12":
            await call.session.press(key)
            await call.hear(quiet(500))
        assert call.talk.taken == []
        await call.session.press("#")
        await call.hear(quiet(2_000))
        await call.session.press("7")
        await call.hear(quiet(3_200))

    pin = Typing(intent=Intent(name="unblock_card", confidence=1.0))
    call = played(FakeTalk(pending=pin), story)

    assert [keys for _, keys in call.talk.taken] == ["12#", "7"]


def test_letters_of_old_telephones_are_no_keys() -> None:
    async def story(call: Call) -> None:
        await call.session.press("AD")
        await call.hear(quiet(100))

    assert played(FakeTalk(), story).talk.taken == []


def test_the_last_prompt_is_heard_whole_and_then_the_gateway_is_told() -> None:
    async def story(call: Call) -> None:
        await call.hear(
            quiet(OPENING_MS + 200), spoken(1_000), quiet(500), spoken(900), quiet(2_000)
        )
        await call.task

    talk = FakeTalk(["Flug umbuchen"])
    talk.ends_after = 1
    call = played(talk, story)

    assert [one.type for one in call.wire.endings] == ["hangup"]
    assert sum(call.wire.is_speaking) * 20 == OPENING_MS + 1_000
    assert talk.is_gone == 1


def test_whoever_hangs_up_is_told_nothing_more() -> None:
    async def story(call: Call) -> None:
        await call.hear(quiet(300))

    call = played(FakeTalk(), story)

    assert call.wire.endings == []
    assert call.talk.is_gone == 1
    assert call.talk.lines_lost == 1
    assert call.watch.kinds[-1] == "hung_up"


@pytest.mark.parametrize("error", [CallOver("over"), RuntimeError("nobody foresaw this")])
def test_whatever_fails_the_caller_reaches_a_person(error: Exception) -> None:
    async def story(call: Call) -> None:
        await call.hear(quiet(OPENING_MS + 200), spoken(1_000), quiet(1_000))
        await call.task

    talk = FakeTalk(["Flug umbuchen"])
    talk.fails = error

    assert [one.type for one in played(talk, story).wire.endings] == ["queue"]
    assert talk.lines_lost == 0


async def until(condition: Callable[[], object]) -> None:
    """Wait for what another thread brings about."""
    while not condition():  # noqa: ASYNC110 - nobody there would set an event
        await asyncio.sleep(0.02)


def by_the_clock(talk: FakeTalk, story: Callable[[Call], Awaitable[None]]) -> Call:
    async def run() -> Call:
        call = Call(talk, LiveSettings(pacing="clock", filler_ms=100, longest_think_ms=1_000))
        await story(call)
        await call.hung_up()
        return call

    return asyncio.run(run())


def test_a_slow_answer_is_announced() -> None:
    talk = FakeTalk(["Flug umbuchen"])
    talk.protected = talk.question = sound(40)
    talk.wait = lambda: time.sleep(0.5)

    async def story(call: Call) -> None:
        await asyncio.sleep(0.2)
        await call.hear(spoken(400), quiet(900))
        await until(lambda: call.talk.taken)

    assert "filler" in by_the_clock(talk, story).watch.kinds


async def asks_and_waits(call: Call) -> None:
    """One request, and then until the call ends."""
    await asyncio.sleep(0.2)
    await call.hear(spoken(400), quiet(900))
    await until(lambda: call.wire.endings)


def test_an_answer_that_never_comes_sends_the_caller_to_a_person() -> None:
    talk = FakeTalk(["Flug umbuchen"])
    talk.protected = talk.question = sound(40)
    talk.wait = lambda: time.sleep(2)

    endings = by_the_clock(talk, asks_and_waits).wire.endings

    assert [one.type for one in endings] == ["queue"]


def test_the_rest_of_a_prompt_is_made_while_its_beginning_is_heard() -> None:
    def later() -> Waveform:
        time.sleep(0.1)
        return sound(290)

    talk = FakeTalk(["Flug umbuchen"])
    talk.protected = talk.question = sound(40)
    talk.prompt, talk.rest = sound(1_010), (later,)

    async def story(call: Call) -> None:
        await asyncio.sleep(0.2)
        await call.hear(spoken(400), quiet(500))
        await until(lambda: call.watch.kinds.count("prompt_ends") == 2)

    said = by_the_clock(talk, story).wire.is_speaking

    begins = len(said) - said[::-1].index(True) - 65
    assert said[begins:][:65] == [True] * 65
    assert said.count(True) == 4 + 65


def test_a_gateway_that_sends_no_silence_is_understood_all_the_same() -> None:
    talk = FakeTalk(["Flug umbuchen"])
    talk.protected = talk.question = sound(40)

    async def story(call: Call) -> None:
        await asyncio.sleep(0.2)
        await call.hear(spoken(400))
        await until(lambda: call.talk.taken)

    assert by_the_clock(talk, story).talk.heard == ["Flug umbuchen"]


def test_frames_that_come_late_all_at_once_are_heard_in_order() -> None:
    talk = FakeTalk(["Flug umbuchen"])
    talk.protected = talk.question = sound(40)

    async def story(call: Call) -> None:
        await asyncio.sleep(0.2)
        await call.session.hear(spoken(800) + quiet(900))
        await until(lambda: call.talk.taken)

    call = by_the_clock(talk, story)

    assert call.talk.taken[0][0] is not None
    assert call.talk.taken[0][0].sound.duration_ms >= 1_100


# When the house ends, or stands still


def test_whoever_is_sent_away_hears_so_and_a_person_takes_over() -> None:
    async def story(call: Call) -> None:
        await call.hear(quiet(OPENING_MS + 200))
        call.session.send_away("the service ends")
        await call.hear(quiet(1_500))

    call = played(FakeTalk(), story)

    assert call.talk.sent_away == ["the service ends"]
    assert [one.type for one in call.wire.endings] == ["hangup"]
    said_ms = sum(call.wire.is_speaking) * 20
    assert said_ms == OPENING_MS + 1_000


def test_a_turn_that_is_being_answered_is_answered_first() -> None:
    talk = FakeTalk(["Flug umbuchen"])
    talk.protected = talk.question = sound(40)
    calls: list[Call] = []

    def send_away() -> None:
        calls[0].session.send_away("the service ends")
        time.sleep(0.1)

    talk.wait = send_away

    async def story(call: Call) -> None:
        calls.append(call)
        await asyncio.sleep(0.2)
        await call.hear(spoken(400), quiet(900))
        await until(lambda: call.wire.endings)

    call = by_the_clock(talk, story)

    assert call.talk.heard == ["Flug umbuchen"]
    assert call.talk.sent_away == ["the service ends"]


def test_whoever_cannot_be_handed_on_is_queued_for_a_person_all_the_same() -> None:
    async def story(call: Call) -> None:
        await call.hear(quiet(OPENING_MS + 200))
        call.session.send_away("the service ends")
        await call.hear(quiet(1_500))

    talk = FakeTalk()
    talk.fails = CallOver("over")

    assert [one.type for one in played(talk, story).wire.endings] == ["queue"]


def test_a_greeting_that_hangs_is_given_up_and_a_person_takes_the_call() -> None:
    release = Event()

    class Hanging(FakeTalk):
        def opening(self) -> Opening:
            release.wait(30)
            return super().opening()

    async def story(call: Call) -> None:
        await asyncio.sleep(0.05)
        call.session.give_up()
        await until(lambda: call.wire.endings)

    async def run() -> Call:
        call = Call(Hanging(), LiveSettings())
        await story(call)
        await asyncio.gather(call.task, return_exceptions=True)
        release.set()
        return call

    call = asyncio.run(run())

    assert [one.type for one in call.wire.endings] == ["queue"]
    assert call.talk.is_gone == 1


def test_a_turn_that_never_ends_does_not_keep_its_call_for_ever() -> None:
    release = Event()
    talk = FakeTalk(["Flug umbuchen"])
    talk.protected = talk.question = sound(40)
    talk.wait = lambda: release.wait(30)

    async def run() -> Call:
        call = Call(talk, LiveSettings(longest_think_ms=200))
        await asks_and_waits(call)
        await asyncio.wait_for(call.task, 10)
        release.set()
        return call

    assert asyncio.run(run()).talk.is_gone == 1


def test_only_a_call_on_the_clock_can_stand_still() -> None:
    async def run() -> tuple[float, float]:
        calls = [Call(FakeTalk(), LiveSettings(pacing="clock")), Call(FakeTalk())]
        for call in calls:
            call.session._moved_at_s -= 100
        stood = [call.session.stands_still_s() for call in calls]
        for call in calls:
            await call.hung_up()
        return stood[0], stood[1]

    by_clock, in_lockstep = asyncio.run(run())

    assert by_clock >= 100
    assert in_lockstep == 0
