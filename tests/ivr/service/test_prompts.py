"""Prompts that gateways fetch without a token."""

from datetime import UTC, datetime, timedelta

import pytest
from fakes.live import sound
from fastapi import FastAPI
from fastapi.testclient import TestClient

from biometrics import Waveform
from ivr.service.prompts import Published, prompt_routes


class Clock:
    now = datetime(2026, 5, 13, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def as_wav(sound: Waveform) -> bytes:
    return b"RIFF" + bytes(len(sound.samples))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def published(clock: Clock) -> Published:
    return Published(as_wav=as_wav, clock=clock)


@pytest.fixture
def client(published: Published) -> TestClient:
    app = FastAPI()
    app.include_router(prompt_routes(published))
    return TestClient(app)


@pytest.mark.parametrize("path", ["/prompts/.wav", "/prompts/guess.wav", "/prompts/../x.wav"])
def test_who_guesses_gets_nothing(client: TestClient, published: Published, path: str) -> None:
    published.publish(sound(20))

    assert client.get(path).status_code == 404


def test_a_prompt_is_fetched_as_often_as_a_gateway_likes_and_never_cached(
    client: TestClient, published: Published
) -> None:
    path = published.publish(sound(20))

    for _ in range(2):
        answer = client.get(path)
        assert answer.content == as_wav(sound(20))
        assert answer.headers["cache-control"] == "no-store"


def test_after_some_minutes_it_is_gone(
    client: TestClient, published: Published, clock: Clock
) -> None:
    path = published.publish(sound(20))
    clock.now += timedelta(minutes=6)

    assert client.get(path).status_code == 404


def test_memory_is_bounded(published: Published) -> None:
    first = published.publish(sound(20))
    for _ in range(500):
        published.publish(sound(20))

    assert published.get(first.removeprefix("/prompts/").removesuffix(".wav")) is None


def test_addresses_differ_and_are_long(published: Published) -> None:
    paths = {published.publish(sound(20)) for _ in range(20)}

    assert len(paths) == 20
    assert all(len(path) > 50 for path in paths)


def test_freeswitch_may_ask_whether_it_is_there(client: TestClient, published: Published) -> None:
    assert client.head("/prompts/guess.wav").status_code == 404

    answer = client.head(published.publish(sound(20)))

    assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/wav")
