import logging
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from fakes.scripted import HEARD, SOUND, scripted_rooms

from ivr.call import CallId, Language, Malformed, Unheard
from ivr.errors import DirectoryUnavailable, EmptyRecording, NoRecogniser
from ivr.pipeline import Pipeline, SoFar, Turn

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


@pytest.mark.parametrize("room", ["verify", "transcribe", "understand", "decide"])
@pytest.mark.parametrize("err", [NoRecogniser("none"), RuntimeError("Klaus said 1234")])
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
    assert all("1234" not in str(record.__dict__) for record in caplog.records)


def test_without_its_directory_every_caller_is_unknown() -> None:
    pipeline = pipeline_with(identify=failing(DirectoryUnavailable("gone")))

    result = pipeline.answer(TURN, SoFar(), now=NOW).result

    assert not result.caller.known
    assert result.reasons == ["the directory cannot be read -> caller unknown", "a reason"]


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
