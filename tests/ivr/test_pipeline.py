import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from fakes.log_lines import logged
from fakes.scripted import HEARD, SOUND, FakeSpoken, say_done, scripted_rooms

from biometrics import Outcome, SubjectId, Verdict
from ivr.call import (
    Assurance,
    Caller,
    CallId,
    CustomerId,
    Intent,
    Language,
    Line,
    Malformed,
    Say,
    Unheard,
)
from ivr.decide.moment import Decision, Moment, decided
from ivr.errand import Done, Errand, Served
from ivr.errors import (
    DirectoryUnavailable,
    EmptyRecording,
    NoRecogniser,
    NoVoice,
    SourceUnavailable,
)
from ivr.pipeline import Pipeline
from ivr.turn import Live, SoFar, Turn
from ivr.verify.evidence import Evidence

NOW = datetime(2026, 3, 10, tzinfo=UTC)
TURN = Turn(call_id=CallId("c-1"), number=Malformed(), audio=b"...")


def failing(err: Exception) -> Callable[..., object]:
    def fail(*_: object) -> object:
        raise err

    return fail


def pipeline_with(**rooms: Callable[..., object]) -> Pipeline:
    return Pipeline(scripted_rooms(**rooms), default_language=Language.GERMAN)


def test_a_recording_that_cannot_be_used_is_the_gateways_problem() -> None:
    pipeline = pipeline_with(listen=failing(EmptyRecording("empty")))

    with pytest.raises(EmptyRecording):
        pipeline.answer(TURN, SoFar(), now=NOW)


@pytest.mark.parametrize("room", ["understand", "decide"])
@pytest.mark.parametrize("err", [NoRecogniser("none"), RuntimeError("Klaus said one-two-three")])
def test_whatever_breaks_the_caller_hears_something_and_gets_a_person(
    room: str, err: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    answer = pipeline_with(**{room: failing(err)}).answer(TURN, SoFar(), now=NOW)

    assert (
        answer.result.action.type,
        answer.result.action.prompt,
        answer.result.action.queue,
        answer.result.action.priority,
    ) == ("queue", "tell.apology", "agents", 50)
    assert answer.result.verification.decision == "inconclusive"
    assert answer.so_far.dialogue.is_over
    assert "turn failed" in caplog.text
    assert "Klaus" not in caplog.text
    assert all("one-two-three" not in line for line in logged(caplog.records))


def test_without_its_directory_every_caller_is_unknown_and_goes_to_a_person() -> None:
    pipeline = pipeline_with(identify=failing(DirectoryUnavailable("gone")))

    answer = pipeline.answer(TURN, SoFar(), now=NOW)

    assert not answer.result.caller.known
    assert (answer.result.action.type, answer.result.action.queue) == ("queue", "agents")
    assert answer.so_far.dialogue.is_over
    assert answer.result.reasons == [
        "the directory cannot be read -> caller unknown",
        "the directory cannot be read -> queue agents",
    ]


def test_without_a_source_that_may_know_more_strangers_are_answered() -> None:
    pipeline = pipeline_with(identify=failing(SourceUnavailable("gone")))

    result = pipeline.answer(TURN, SoFar(), now=NOW).result

    assert (result.caller.known, result.action.type) == (False, "say")
    assert result.reasons == ["the directory cannot be read -> caller unknown", "a reason"]


def test_a_prompt_comes_in_parts_only_where_it_may() -> None:
    rest = (lambda: SOUND,)
    pipeline = pipeline_with(speak=lambda *_, **__: FakeSpoken(text="", rest=rest))

    whole = pipeline.answer(TURN, SoFar(), now=NOW)
    parts = pipeline.answer(replace(TURN, may_answer_in_parts=True), SoFar(), now=NOW)

    assert (len(whole.sound.samples), whole.rest) == (2 * len(SOUND.samples), ())
    assert (len(parts.sound.samples), parts.rest) == (len(SOUND.samples), rest)
    assert np.array_equal(whole.sound.samples, parts.whole().samples)


def test_a_voice_that_fails_in_the_middle_is_noticed_where_a_prompt_must_be_whole() -> None:
    spoken = [FakeSpoken(text="", rest=(failing(NoVoice("gone")),)), FakeSpoken(text="sorry")]  # type: ignore[arg-type]
    pipeline = pipeline_with(speak=lambda *_, **__: spoken.pop(0))

    answer = pipeline.answer(TURN, SoFar(), now=NOW)

    assert answer.result.action.type == "queue"
    assert answer.so_far.dialogue.is_over


def test_what_sources_could_not_tell_is_a_reason() -> None:
    caller = Caller(
        customer_id=CustomerId("C-1"),
        subject=SubjectId("s-1"),
        name="Klaus",
        missing=("crm: slow", "billing: down"),
    )

    result = pipeline_with(identify=lambda _: caller).answer(TURN, SoFar(), now=NOW).result

    assert result.caller.known
    assert result.reasons == [
        "crm: slow -> what it knows of the caller is not used",
        "billing: down -> what it knows of the caller is not used",
        "a reason",
    ]


def test_a_turn_goes_through_all_rooms() -> None:
    answer = pipeline_with().answer(TURN, SoFar(), now=NOW)

    assert SOUND is answer.sound
    assert (
        answer.result.call_id,
        answer.result.transcript.text,
        answer.result.transcript.language,
        answer.result.intent.name,
        answer.result.action.type,
        answer.result.action.prompt,
    ) == ("c-1", "ein Wort", "de", "go", "say", "tell.done")


def test_nothing_heard_is_not_understood() -> None:
    asked: list[object] = []
    pipeline = pipeline_with(
        transcribe=lambda *_: Unheard.SILENCE, understand=lambda *args: asked.append(args)
    )

    result = pipeline.answer(TURN, SoFar(), now=NOW).result

    assert asked == []
    assert (result.intent.name, result.transcript.text) == (None, "")


@pytest.mark.parametrize(
    ("given", "heard", "spoken"),
    [
        (None, HEARD, Language.GERMAN),
        (Language.ENGLISH, Unheard.NOISE, Language.ENGLISH),
        (None, Unheard.NOISE, Language.GERMAN),
    ],
)
def test_the_answer_is_in_the_callers_language(
    given: Language | None, heard: object, spoken: Language
) -> None:
    used: list[Language] = []
    rooms = scripted_rooms()

    def speak(lines: object, language: Language, attempt: int, *, is_slow: bool = False) -> object:
        used.append(language)
        return rooms.speak(lines, language, attempt, is_slow=is_slow)  # type: ignore[arg-type]

    pipeline = pipeline_with(transcribe=lambda *_: heard, speak=speak)
    turn = Turn(call_id=CallId("c-1"), number=Malformed(), audio=b"...", language=given)
    pipeline.answer(turn, SoFar(), now=NOW)

    assert [spoken] == used


ACCEPTED = Evidence(subject=SubjectId("s-1"), verdict=Verdict(outcome=Outcome.ACCEPTED))
TYPED = replace(TURN, audio=b"", keys="12#")


def test_keys_take_no_proof_away_and_give_none() -> None:
    """Neither is anything compared, nor are tones taken for words."""
    untouched = failing(RuntimeError("no voice is in keys"))
    pipeline = pipeline_with(listen=untouched, verify=untouched, transcribe=untouched)

    answer = pipeline.answer(TYPED, SoFar(evidence=ACCEPTED), now=NOW)

    assert answer.result.action.prompt == "tell.done"
    assert answer.result.verification.decision == "accepted"


def test_keys_at_the_beginning_of_a_call_prove_nothing() -> None:
    answer = pipeline_with().answer(TYPED, SoFar(), now=NOW)

    assert answer.result.verification.decision == "not_enrolled"


def test_keys_in_the_sound_of_a_turn_are_keys() -> None:
    seen: list[str] = []

    def decide(moment: Moment) -> Decision:
        seen.append(moment.keys)
        return say_done(moment)

    pipeline_with(keys_in=lambda _: "0", decide=decide).answer(TURN, SoFar(), now=NOW)

    assert seen == ["0"]


def test_what_was_typed_is_in_no_result() -> None:
    answer = pipeline_with().answer(replace(TYPED, keys="271828"), SoFar(), now=NOW)

    assert "271828" not in str(answer.result)


def test_a_typed_turn_is_answered_in_the_language_spoken_before() -> None:
    answer = pipeline_with().answer(TYPED, SoFar(spoken_in=Language.ENGLISH), now=NOW)

    assert answer.result.transcript.language == "en"


ERRAND = Errand(intent="go", customer_id=None, assurance=Assurance.OPEN, key="k")


def with_errand(moment: Moment) -> Decision:
    return replace(say_done(moment), errand=ERRAND)


def test_an_errand_is_run_and_its_outcome_told() -> None:
    run: list[Errand] = []

    def serve(errand: Errand) -> Served:
        run.append(errand)
        return Done(facts={"days": "3"})

    def told(moment: Moment, decision: Decision, served: Served) -> Decision:
        assert decision.errand == ERRAND
        assert served == Done(facts={"days": "3"})
        return decided(moment, Say(lines=(Line(key="tell.undone"),)), "an outcome")

    answer = pipeline_with(decide=with_errand, serve=serve, told=told).answer(
        TURN, SoFar(), now=NOW
    )

    assert run == [ERRAND]
    assert answer.result.action.prompt == "tell.undone"
    assert answer.result.reasons == ["an outcome"]


def test_an_errand_that_nobody_can_run_ends_with_a_person() -> None:
    answer = pipeline_with(decide=with_errand).answer(TURN, SoFar(), now=NOW)

    assert (answer.result.action.type, answer.result.action.prompt) == ("queue", "tell.apology")


def test_whoever_refuses_the_voice_leaves_none_behind() -> None:
    def decide(moment: Moment) -> Decision:
        said = say_done(moment)
        return replace(said, dialogue=replace(said.dialogue, refuses_voice=True))

    answer = pipeline_with(decide=decide).answer(TURN, SoFar(evidence=ACCEPTED), now=NOW)

    assert answer.so_far.evidence is None


def test_words_of_a_gateway_are_understood_and_prove_no_voice() -> None:
    asked: list[str] = []
    pipeline = pipeline_with(
        listen=lambda _: asked.append("listen"), transcribe=lambda *_: asked.append("transcribe")
    )

    result = pipeline.answer(replace(TURN, audio=b"", said=HEARD), SoFar(), now=NOW).result

    assert asked == []
    assert (result.transcript.text, result.intent.name) == (HEARD.text, "go")
    assert result.verification.net_speech_ms == 0


def test_where_the_gateway_listens_nobody_is_asked_for_more_speech() -> None:
    decided_on: list[Moment] = []

    def decide(moment: Moment) -> Decision:
        decided_on.append(moment)
        return say_done(moment)

    pipeline_with(decide=decide).answer(replace(TURN, audio=b"", said=HEARD), SoFar(), now=NOW)

    assert decided_on[0].dialogue.has_asked_for_speech


def test_a_live_turn_brings_its_words_and_what_they_mean() -> None:
    asked: list[str] = []
    meaning = Intent(name="told_before", confidence=1.0)
    pipeline = pipeline_with(
        transcribe=lambda *_: asked.append("transcribe"),
        understand=lambda *_: asked.append("understand"),
    )
    live = Live(sound=SOUND, words=lambda: HEARD, read=(HEARD, meaning))

    result = pipeline.answer(replace(TURN, audio=b"", live=live), SoFar(), now=NOW).result

    assert asked == []
    assert (result.transcript.text, result.intent.name) == (HEARD.text, "told_before")


def test_what_other_words_would_have_meant_does_not_count() -> None:
    other = replace(HEARD, text="something else")
    live = Live(
        sound=SOUND, words=lambda: HEARD, read=(other, Intent(name="other", confidence=1.0))
    )

    result = pipeline_with().answer(replace(TURN, audio=b"", live=live), SoFar(), now=NOW).result

    assert result.intent.name == "go"


def test_what_is_tried_changes_nothing_and_is_what_an_answer_would_rest_on() -> None:
    pipeline = pipeline_with()
    awaited = pipeline.awaited(TURN, SoFar(), now=NOW)

    assert pipeline.tried(Unheard.NOISE, awaited, now=NOW).meaning is None
    tried = pipeline.tried(HEARD, awaited, now=NOW)
    assert tried.heard == HEARD
    assert isinstance(tried.meaning, Intent)
    assert tried.meaning.name == "go"


@pytest.mark.parametrize(("said", "language"), [("Yeah.", "de"), ("I would like that.", "en")])
def test_a_word_alone_does_not_change_the_language_of_a_call(said: str, language: str) -> None:
    """A German "Ja" over a telephone is heard as "Yeah"."""
    heard = replace(HEARD, text=said, language=Language.ENGLISH)
    pipeline = pipeline_with(transcribe=lambda *_: heard)

    answer = pipeline.answer(TURN, SoFar(spoken_in=Language.GERMAN), now=NOW)

    assert answer.so_far.spoken_in == language
