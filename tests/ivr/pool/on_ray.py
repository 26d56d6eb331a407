"""The pool on a real Ray, started by the real command."""

import json
import logging
import signal
from base64 import b64decode
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from subprocess import CompletedProcess

import httpx2
import numpy as np
import pytest
from fakes.process import serving, variables
from fakes.ray_pools import Pooled, pooled, ray_pool

from biometrics import Encoder, Waveform
from ivr.call import Language, Transcript
from ivr.errors import PoolBusy, PoolDiffers, PoolUnavailable
from ivr.listen.wav import read_wav
from ivr.models.installed import find, local_folders
from ivr.pool.face import Pool, Voice
from ivr.pool.token import make_token
from ivr.settings import ListenSettings, Settings
from ivr.wiring.encoder import chosen_encoder, encoder_in_use
from ivr.wiring.places import Places
from ivr.wiring.pooling import pool_of
from ivr.wiring.words import Words, loaded_whisper

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.filterwarnings("default"),  # Ray's own
]

DATABASES = ("DATABASE_URL", "KEYS__DATABASE", "KEYS__FILE")
FIXTURES = Path(__file__).parents[3] / "audio_fixtures"
_QUICKLY = {"RAY_NUM_REDIS_GET_RETRIES": "4"}
"""Ray's tries to connect, one a second."""

WHISPER = find("whisper-base", home=Settings().home, local_folders=local_folders(None))
needs_whisper = pytest.mark.skipif(WHISPER is None, reason="whisper-base is not installed")


def sound(name: str) -> Waveform:
    return read_wav((FIXTURES / name).read_bytes(), ListenSettings())


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pooled]:
    with pooled(tmp_path_factory.mktemp("home"), has_whisper=WHISPER is not None) as one:
        yield one
        assert one.end() == 0


@pytest.fixture(scope="module", autouse=True)
def stranger(
    served: Pooled, tmp_path_factory: pytest.TempPathFactory
) -> Iterator["Future[CompletedProcess[str]]"]:
    """Comes with a token of its own. Ray tries again and again; others are tested then."""
    home = tmp_path_factory.mktemp("stranger")
    make_token(home / "pool.token")
    with ThreadPoolExecutor(1) as threads:
        file = str(home / "pool.token")
        yield threads.submit(served.ivr, "pool", "status", IVR_POOL__TOKEN_FILE=file, **_QUICKLY)


@pytest.fixture(scope="module")
def worker(served: Pooled) -> Iterator[Places]:
    """Of a process that has joined."""
    places = Places(served.settings)
    assert places.pool is not None
    yield places
    ray_pool().disconnect()


@pytest.fixture
def pool(worker: Places) -> Pool:
    assert worker.pool is not None
    return worker.pool


@pytest.fixture(scope="module")
def local(served: Pooled) -> Encoder:
    return chosen_encoder(Places(served.settings))[0]


def test_lines_of_the_log_hold_nothing_of_ray(worker: Places) -> None:
    assert logging.getLogRecordFactory() is logging.LogRecord


def test_nobody_asks_without_the_token(served: Pooled, tmp_path: Path) -> None:
    answer = served.ivr("pool", "status", IVR_POOL__TOKEN_FILE=str(tmp_path / "none"))

    assert answer.returncode == 1
    assert "[bad_settings]" in answer.stderr
    assert "token" in answer.stderr


def test_a_worker_with_another_encoder_does_not_start(worker: Places, served: Pooled) -> None:
    other = replace(served.settings, encoder="telephone-ecapa-0")
    places = Places(other)
    places.__dict__["pool"] = worker.pool  # one process joins once

    with pytest.raises(PoolDiffers, match="this worker needs telephone-ecapa-0"):
        encoder_in_use(places)


def test_an_answer_is_not_waited_for_longer_than_is_set(
    worker: Places, served: Pooled, local: Encoder
) -> None:
    hurried = ray_pool().RayPool(replace(served.settings.pool, request_ms=1))
    voice = Voice(speech=sound("klaus-enrol-1.wav"), weights_sha256=local.weights_sha256)

    with pytest.raises(PoolUnavailable, match="in time"):
        hurried.encode(voice)


def test_what_fails_again_and_again_is_not_waited_for(
    worker: Places, served: Pooled, local: Encoder
) -> None:
    hurried = ray_pool().RayPool(replace(served.settings.pool, request_ms=1))
    voice = Voice(speech=sound("klaus-enrol-1.wav"), weights_sha256=local.weights_sha256)
    for _ in range(3):
        with pytest.raises(PoolUnavailable):
            hurried.encode(voice)

    with pytest.raises(PoolUnavailable, match="is not asked"):
        hurried.encode(voice)


def test_more_than_may_wait_is_refused_at_once(pool: Pool, local: Encoder) -> None:
    pool.encoder()  # as every worker does first: a handle learns its limits with its first answer
    once = sound("klaus-enrol-1.wav")
    long = Waveform(samples=np.tile(once.samples, 20), rate_hz=once.rate_hz)
    voice = Voice(speech=long, weights_sha256=local.weights_sha256)

    def asked(_: int) -> str:
        try:
            pool.encode(voice)
        except PoolBusy as err:
            return err.code
        return "answered"

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(asked, range(8)))

    assert set(answers) == {"answered", "pool_busy"}


def test_the_status_tells_what_answers(served: Pooled) -> None:
    answer = served.ivr("pool", "status")

    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.splitlines()[0].split() == ["encoder", "ready", "1", "answer"]


@pytest.mark.parametrize("name", ["klaus-enrol-1.wav", "erna-baggage.wav"])
def test_a_voice_is_the_same_as_here(worker: Places, local: Encoder, name: str) -> None:
    encoder, folder = encoder_in_use(worker)

    np.testing.assert_allclose(local.encode(sound(name)), encoder.encode(sound(name)), atol=1e-5)
    assert (folder / "calibration.json").exists()


@needs_whisper
def test_the_words_are_the_same_as_here_and_in_no_log(worker: Places, served: Pooled) -> None:
    def heard(words: Words) -> object:
        hearing = words.recogniser_of("whisper").start(Language.GERMAN)
        hearing.feed(sound("erna-baggage.wav"))
        return hearing.finish()

    here = loaded_whisper(worker).hear(sound("erna-baggage.wav"), Language.GERMAN)
    there = heard(Words(worker))

    assert isinstance(here, Transcript)
    assert isinstance(there, Transcript)
    assert (there.text, there.engine) == (here.text, "whisper")
    said = max(here.text.split(), key=len).strip(".,?!")
    logs = [file for file in served.folder.rglob("*") if file.is_file()]
    assert logs
    assert [file.name for file in logs if said.encode() in file.read_bytes()] == []


def test_sound_is_never_spilled_to_a_disk(served: Pooled) -> None:
    lines = [file.read_bytes().split(b"\0") for file in Path("/proc").glob("[0-9]*/cmdline")]
    heads = [line for line in lines if line[0].endswith(b"/gcs_server")]
    given = [
        json.loads(b64decode(word.partition(b"=")[2]))
        for line in heads
        if str(served.folder).encode() in b" ".join(line)
        for word in line
        if word.startswith(b"--config_list=")
    ]

    assert [one["automatic_object_spilling_enabled"] for one in given] == [False]


def test_a_service_knows_a_voice_by_the_pool_and_ends_when_told_to(
    served: Pooled, tmp_path: Path
) -> None:
    ours = {name: value for name, value in served.environment.items() if name.startswith("IVR_")}
    settings = {name.removeprefix("IVR_"): value for name, value in ours.items()}
    database = {f"IVR_{name}": variables(tmp_path)[f"IVR_{name}"] for name in DATABASES}
    takes = [str(take) for take in sorted(FIXTURES.glob("klaus-enrol-*.wav"))]
    consent = ("--consent-text", "recognition-1")

    listed = served.ivr("callers", "import", str(FIXTURES / "manifest.toml"), **database)
    enrolled = served.ivr("enrol", "s-7f3a", *takes, *consent, **database)
    with serving(tmp_path, **settings, LOAD__DRAIN_S="1", LOAD__DRAIN_LEAST_S="0.5") as service:
        for name in ("klaus-flight.wav", "klaus-yes.wav"):
            answer = httpx2.post(
                service.url + "/v1/calls",
                data={"from": "+4989123456", "call_id": "c-1"},
                files={"audio": (name, (FIXTURES / name).read_bytes())},
                timeout=60,
            )
        service.process.send_signal(signal.SIGTERM)
        assert service.ended() == 0

    assert (listed.returncode, enrolled.returncode) == (0, 0), listed.stderr + enrolled.stderr
    assert answer.status_code == 200, answer.text
    assert answer.json()["verification"]["decision"] == "accepted"
    assert "timestamp_ns" not in service.told


def test_no_pool_is_asked_where_none_is_set(tmp_path: Path) -> None:
    assert pool_of(Settings(home=tmp_path)) is None


def test_another_token_opens_nothing(stranger: "Future[CompletedProcess[str]]") -> None:
    answer = stranger.result()

    assert answer.returncode == 1
    assert "[pool_unavailable]" in answer.stderr
    assert "ready" not in answer.stdout
