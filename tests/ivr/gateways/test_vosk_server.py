"""A client of vosk-server, over a real WebSocket."""

import asyncio
import contextlib
import json
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import pytest
from anyio import CapacityLimiter
from fakes.live import FakeHearing, fake_ear, quiet, spoken
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from ivr.call import CallId, Language
from ivr.errors import NoRecogniser
from ivr.gateways import vosk_server
from ivr.gateways.sentences import Recognition
from ivr.gateways.vosk_server import _Door, serve_vosk
from ivr.settings import LiveSettings, VoskServerSettings

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

CONFIG = '{"config" : {"sample_rate" : 8000, "words" : true}}'


class House:
    """What answers, and what was asked of it."""

    def __init__(self, *words: str, partials: tuple[str, ...] = ()) -> None:
        self.words = list(words)
        self.partials = partials
        self.languages: list[Language | None] = []
        self.judged: list[tuple[CallId, int]] = []
        self.fails = False

    def hearing(self, language: Language | None) -> FakeHearing:
        if self.fails:
            raise NoRecogniser("none")
        self.languages.append(language)
        return FakeHearing(self.words.pop(0) if self.words else "", partials=self.partials)

    async def speaker(self, call_id: CallId, pcm: bytes) -> Mapping[str, Any] | None:
        if not call_id:
            return None
        self.judged.append((call_id, len(pcm) // 16))
        return {"decision": "accepted"}


class Client:
    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.answers: list[dict[str, Any]] = []

    async def say(self, sound: bytes, size: int = 3_200) -> None:
        """Each piece is answered before the next is sent, as clients do."""
        for at in range(0, len(sound), size):
            await self.connection.send(sound[at : at + size])
            self.answers.append(json.loads(await self.connection.recv()))

    async def tell(self, text: str, *, is_answered: bool = True) -> None:
        await self.connection.send(text)
        if is_answered:
            self.answers.append(json.loads(await self.connection.recv()))

    @property
    def texts(self) -> list[str]:
        return [answer["text"] for answer in self.answers if answer.get("text")]


Story = Callable[[Client], Coroutine[Any, Any, None]]


def over(house: House, *stories: Story, most: int = 5) -> list[Client]:
    """What clients have received that called at the same time."""

    async def call(port: int, story: Story) -> Client:
        async with connect(f"ws://127.0.0.1:{port}", compression=None, proxy=None) as connection:
            client = Client(connection)
            with contextlib.suppress(ConnectionClosed):
                await story(client)
            return client

    async def run() -> list[Client]:
        recognition = Recognition(
            hearing=house.hearing,
            ear=fake_ear,
            settings=LiveSettings(),
            limiter=CapacityLimiter(4),
        )
        settings = VoskServerSettings()
        async with (
            serve_vosk(recognition, settings, speaker=house.speaker, most=most) as port,
            asyncio.timeout(10),
        ):
            return list(await asyncio.gather(*(call(port, story) for story in stories)))

    return asyncio.run(run())


def test_words_in_quotation_marks_are_no_empty_answer() -> None:
    """mod_vosk takes every answer with two double quotes in a row for none."""

    async def story(client: Client) -> None:
        await client.connection.send(spoken(800) + quiet(1_000))
        answer = await client.connection.recv(decode=True)
        assert '""' not in answer
        client.answers.append(json.loads(answer))

    (client,) = over(House('er sagt "ja"'), story)

    assert client.texts == ["er sagt ja"]


def test_who_is_not_allowed_is_not_heard() -> None:
    class Elsewhere:
        remote_address = ("203.0.113.9", 4711)
        code = 0

        async def close(self, code: int = 1000) -> None:
            self.code = code

    house, client = House("geheim"), Elsewhere()
    stranger: Any = client
    nothing: Any = None
    asyncio.run(_Door(nothing, house.speaker, (), 5).open(stranger))

    assert client.code == 1008
    assert house.languages == []


def test_one_client_too_many_is_sent_away() -> None:
    async def story(client: Client) -> None:
        await client.tell(CONFIG, is_answered=False)
        await client.say(quiet(400))

    clients = over(House(), story, story, most=1)

    assert sorted(len(client.answers) for client in clients) == [0, 2]


def test_words_come_while_they_are_spoken_and_a_sentence_when_it_is_over() -> None:
    async def story(client: Client) -> None:
        await client.tell(CONFIG, is_answered=False)
        await client.say(quiet(200) + spoken(800) + quiet(1_000))
        await client.tell('{"eof" : 1}')

    house = House("ich möchte umbuchen", partials=("ich", "ich möchte"))
    client = over(house, story)[0]

    assert client.texts == ["ich möchte umbuchen"]
    partials = [answer["partial"] for answer in client.answers if answer.get("partial")]
    assert partials[-1] == "ich möchte"
    assert {"partial": ""} in client.answers
    assert all("speaker" not in answer for answer in client.answers)


@pytest.mark.parametrize("eof", ['{"eof" : 1}', '{"eof":1}'])
def test_the_end_gives_what_was_not_over(eof: str) -> None:
    async def story(client: Client) -> None:
        await client.say(spoken(800))
        await client.tell(eof)

    assert over(House("umbuchen"), story)[0].texts == ["umbuchen"]


def test_a_reset_begins_anew() -> None:
    async def story(client: Client) -> None:
        await client.say(spoken(800))
        await client.tell('{"reset" : 1}')
        await client.say(spoken(800))
        await client.tell('{"eof" : 1}')

    # Each sentence begins a hearing, and so does the reset.
    assert over(House("eins", "zwei"), story)[0].texts == ["eins", "zwei"]


def test_of_an_announced_call_the_voice_is_judged_too() -> None:
    async def story(client: Client) -> None:
        config = {"sample_rate": 8000, "call_id": "c-1", "lang": "de", "phrase_list": ["ja"]}
        await client.tell(json.dumps({"config": config}), is_answered=False)
        await client.say(quiet(200) + spoken(800) + quiet(1_000))

    house = House("umbuchen")
    client = over(house, story)[0]

    said = next(answer for answer in client.answers if answer.get("text"))
    assert said["speaker"] == {"decision": "accepted"}
    assert [call for call, _ in house.judged] == ["c-1"]
    assert house.judged[0][1] >= 1_000
    assert house.languages[0] is Language.GERMAN


def test_what_makes_no_sense_disturbs_nothing() -> None:
    async def story(client: Client) -> None:
        for junk in (
            "{",
            "[]",
            '{"config": 3}',
            '{"config": {"sample_rate": "x", "lang": 7}}',
            '{"config": {"sample_rate": NaN}}',
            '{"config": {"sample_rate": 1e999}}',
        ):
            await client.tell(junk, is_answered=False)
        await client.say(quiet(200) + spoken(800) + quiet(1_000))

    assert over(House("umbuchen"), story)[0].texts == ["umbuchen"]


def test_where_nothing_recognises_the_client_is_told_by_the_end() -> None:
    async def story(client: Client) -> None:
        await client.say(quiet(200))

    house = House()
    house.fails = True

    assert over(house, story)[0].answers == []


def test_no_answer_but_an_empty_one_looks_empty_to_mod_vosk() -> None:
    async def story(client: Client) -> None:
        await client.say(quiet(200) + spoken(800) + quiet(1_000))

    client = over(House("umbuchen"), story)[0]

    assert all('""' not in json.dumps(answer) for answer in client.answers if answer.get("text"))
    assert {8_000, 16_000} <= vosk_server.RATES_HZ
