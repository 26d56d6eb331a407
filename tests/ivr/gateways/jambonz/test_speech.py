"""Real frames over a real WebSocket, as mod_jambonz_transcribe sends them."""

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from fakes.live import FakeHearing, fake_ear, quiet, spoken
from fakes.log_lines import logged
from fakes.server import serving
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from ivr.call import Language
from ivr.errors import NoRecogniser
from ivr.gateways.jambonz.speech import speech_routes
from ivr.settings import GatewaySettings, JambonzSettings, LiveSettings
from ivr.understand.recogniser import LiveHearing

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

KEY = "geheim-ä"
START = {
    "type": "start",
    "language": "de-DE",
    "format": "raw",
    "encoding": "LINEAR16",
    "interimResults": True,
    "sampleRateHz": 8_000,
    "options": {},
}
SENTENCE = quiet(300) + spoken(600) + quiet(900)


@dataclass
class House:
    """Recognition behind a real server."""

    sentences: list[str] = field(default_factory=list)
    partials: list[str] = field(default_factory=list)
    fails: Exception | None = None
    most_calls: int = 60
    key: str = KEY
    languages: list[Language | None] = field(default_factory=list)
    port: int = 0

    def hearing(self, language: Language | None) -> LiveHearing:
        self.languages.append(language)
        if self.fails is not None:
            raise self.fails
        words = self.sentences.pop(0) if self.sentences else ""
        return FakeHearing(words, partials=self.partials)

    def visited(self, visit: Callable[["House"], Coroutine[Any, Any, Any]]) -> Any:
        own = JambonzSettings(speech_key=self.key)
        settings = GatewaySettings(jambonz=own, live=LiveSettings(most_calls=self.most_calls))

        async def run() -> Any:
            async with serving(speech_routes(self.hearing, fake_ear, settings)) as port:
                self.port = port
                return await asyncio.wait_for(visit(self), 10)

        return asyncio.run(run())

    def connect(self, key: str = KEY) -> connect:
        return connect(
            f"ws://127.0.0.1:{self.port}/ws/jambonz-speech",
            additional_headers=[("Authorization", f"Bearer {key}".encode().decode("latin-1"))],
            compression=None,
            proxy=None,
        )

    def told(self, *messages: dict[str, Any] | str | bytes) -> list[dict[str, Any]]:
        """Everything that is answered until the connection is closed."""

        async def visit(house: "House") -> list[dict[str, Any]]:
            async with house.connect() as connection:
                return await answers(connection, *messages)

        answered: list[dict[str, Any]] = self.visited(visit)
        return answered

    def refused(self, key: str) -> int:
        async def visit(house: "House") -> int:
            with pytest.raises(InvalidStatus) as refused:
                async with house.connect(key):
                    pass
            return refused.value.response.status_code

        status: int = self.visited(visit)
        return status


async def answers(
    connection: ClientConnection, *messages: dict[str, Any] | str | bytes
) -> list[dict[str, Any]]:
    found = []
    try:
        for message in messages:
            for piece in pieces(message):
                await connection.send(piece)
        async for answer in connection:
            found.append(json.loads(answer))  # noqa: PERF401 - what came before a break counts
    except ConnectionClosed:
        pass
    return found


def pieces(message: dict[str, Any] | str | bytes) -> list[str | bytes]:
    match message:
        case dict():
            return [json.dumps(message)]
        case str():
            return [message]
        case bytes():
            return [message[at : at + 640] for at in range(0, len(message), 640)]


def final(words: str, language: str = "de-DE") -> dict[str, Any]:
    return {
        "type": "transcription",
        "is_final": True,
        "alternatives": [{"confidence": 0.9, "transcript": words}],
        "channel": 1,
        "language": language,
    }


STOP = {"type": "stop"}


# Who is let in


@pytest.mark.parametrize("key", ["", "other", KEY + "x", KEY[:-1]])
def test_who_does_not_show_the_key_is_refused(key: str) -> None:
    house = House()

    assert house.refused(key) == 403
    assert house.languages == []


def test_without_a_key_there_is_no_such_door() -> None:
    assert House(key="").refused("") in (403, 404)


def test_no_more_are_let_in_than_calls_may_go_on() -> None:
    async def visit(house: House) -> int:
        async with house.connect():
            with pytest.raises(InvalidStatus) as refused:
                async with house.connect():
                    pass
            return refused.value.response.status_code

    assert House(most_calls=1).visited(visit) == 403


# What is refused


@pytest.mark.parametrize(
    "first",
    [
        "",
        "{",
        b"\0" * 320,
        STOP,
        START | {"sampleRateHz": 44},
        START | {"sampleRateHz": "8000"},
        START | {"sampleRateHz": [8_000]},
        START | {"type": "begin"},
    ],
)
def test_who_does_not_begin_with_a_start_is_told(first: Any) -> None:
    answered = House().told(first)

    assert answered == [
        {"type": "error", "error": "Begin with a start that tells a sampleRateHz such as 8000."}
    ]


def test_a_language_that_is_not_spoken_here_is_told() -> None:
    assert House().told(START | {"language": "fr-FR"}) == [
        {"type": "error", "error": "The language is neither de nor en."}
    ]


def test_where_no_recogniser_is_installed_it_is_told() -> None:
    house = House(fails=NoRecogniser("No speech recogniser is installed for this language."))

    assert house.told(START) == [
        {"type": "error", "error": "No speech recogniser is installed for this language."}
    ]


def test_what_fails_inside_is_told_without_what_was_said(caplog: pytest.LogCaptureFixture) -> None:
    house = House(fails=RuntimeError("Meine Nummer ist 12345"))

    with caplog.at_level(logging.DEBUG):
        assert house.told(START) == [{"type": "error", "error": "Recognition failed."}]
    assert "12345" not in " ".join(logged(one for one in caplog.records if "ivr" in one.name))


def test_who_leaves_before_a_start_is_no_failure(caplog: pytest.LogCaptureFixture) -> None:
    async def visit(house: House) -> None:
        async with house.connect():
            pass

    House().visited(visit)

    assert [one for one in caplog.records if "jambonz" in one.name] == []


# What is recognised


def test_silence_is_answered_by_nothing() -> None:
    assert House().told(START, quiet(2_000), STOP) == []


def test_sound_without_words_is_answered_by_nothing() -> None:
    assert House([""]).told(START, SENTENCE, STOP) == []


def test_a_sentence_ends_with_a_pause_and_another_may_follow() -> None:
    house = House(["Flug umbuchen", "nach Rom"])

    assert house.told(START, SENTENCE, SENTENCE, STOP) == [
        final("Flug umbuchen"),
        final("nach Rom"),
    ]
    assert house.languages[0] is Language.GERMAN


def test_a_stop_ends_a_sentence_too() -> None:
    assert House(["ja"]).told(START, quiet(300) + spoken(400), STOP) == [final("ja")]


def test_a_short_pause_does_not_end_a_sentence() -> None:
    sound = quiet(300) + spoken(400) + quiet(400) + spoken(400)

    assert House(["nach Rom", "zu viel"]).told(START, sound, STOP) == [final("nach Rom")]


def test_words_so_far_are_told_where_they_are_wanted() -> None:
    partials = ["Flug", "Flug", "Flug um"]
    *interim, last = House(["Flug umbuchen"], partials=partials[:]).told(START, SENTENCE, STOP)

    assert [one["alternatives"][0]["transcript"] for one in interim] == ["Flug", "Flug um"]
    assert not any(one["is_final"] for one in interim)
    assert last == final("Flug umbuchen")

    quietly = START | {"interimResults": False}
    assert House(["ja"], partials=partials[:]).told(quietly, SENTENCE, STOP) == [final("ja")]


@pytest.mark.parametrize("rate_hz", [16_000, 48_000])
def test_sound_of_another_rate_is_understood_as_well(rate_hz: int) -> None:
    sound = np.frombuffer(SENTENCE, dtype="<i2").repeat(rate_hz // 8_000).tobytes()
    start = START | {"sampleRateHz": rate_hz}

    assert House(["ja"]).told(start, sound, STOP) == [final("ja")]


@pytest.mark.parametrize(
    ("tag", "language"), [("en-GB", Language.ENGLISH), ("de", Language.GERMAN), ("", None)]
)
def test_the_language_is_the_one_that_jambonz_tells(tag: str, language: Language | None) -> None:
    house = House(["ja"])

    assert house.told(START | {"language": tag}, SENTENCE, STOP) == [final("ja", tag)]
    assert house.languages[0] is language


def test_what_nobody_knows_and_what_is_too_long_is_left_out() -> None:
    house = House(["ja"])

    async def visit(house: House) -> list[dict[str, Any]]:
        async with house.connect() as connection:
            await connection.send(json.dumps(START))
            await connection.send(spoken(5_000))
            return await answers(connection, {"type": "new"}, "{", SENTENCE, STOP)

    assert house.visited(visit) == [final("ja")]


def test_a_connection_that_breaks_off_does_not_disturb_another() -> None:
    async def visit(house: House) -> list[dict[str, Any]]:
        async with house.connect() as connection:
            for message in (json.dumps(START), b"\0", spoken(100)):
                async with house.connect() as other:
                    await other.send(message)
                    other.transport.abort()
            return await answers(connection, START, SENTENCE, STOP)

    assert House(["ja"] * 9).visited(visit) == [final("ja")]
