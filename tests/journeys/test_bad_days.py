"""What goes wrong around a call, with real parts: a code, a sentence, and nothing half-done."""

import errno
import io
import logging
import sqlite3
import wave
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile
from fakes.log_lines import logged
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from biometrics import (
    Channel,
    ConsentMissing,
    Purpose,
    Said,
    SamplesDisagree,
    StoreUnavailable,
    SubjectId,
    TooLittleSpeech,
    Waveform,
)
from ivr.call import Language
from ivr.cli import app
from ivr.errors import DiskFull, DiskReadOnly, ModelMissing
from ivr.result import new_call_id
from ivr.settings import Settings
from ivr.understand.recogniser import transcribe
from ivr.wiring import House

KLAUS = "+4989123456"


def wav(samples: np.ndarray, rate_hz: int = 8000, subtype: str = "PCM_16") -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, rate_hz, format="WAV", subtype=subtype)
    return file.getvalue()


def pcm(*, channels: int, width: int, frames: bytes) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(width)
        out.setframerate(8000)
        out.writeframes(frames)
    return file.getvalue()


def two_hours() -> bytes:
    return pcm(channels=1, width=1, frames=b"\x80" * 8000 * 60 * 60 * 2)


def many_channels() -> bytes:
    return pcm(channels=40, width=2, frames=b"\0" * 80 * 800)


def no_rate() -> bytes:
    data = bytearray(wav(np.zeros(800)))
    data[24:28] = b"\0\0\0\0"
    return bytes(data)


@pytest.mark.parametrize(
    ("recording", "status", "code"),
    [
        (b"", 400, "empty_recording"),
        (b"this is a letter and no sound at all", 415, "unreadable_audio"),
        (b"\xff\xfb\x90\x00" + b"\0" * 5000, 415, "unreadable_audio"),
        (wav(np.zeros(800))[:30], 400, "truncated_recording"),
        (no_rate(), 415, "unsupported_audio"),
        (many_channels(), 415, "unsupported_audio"),
        (wav(np.full(8000, np.nan), subtype="FLOAT"), 415, "unreadable_audio"),
        (two_hours(), 413, "upload_too_large"),
    ],
    ids=["empty", "letter", "mp3", "truncated", "0 Hz", "40 channels", "NaN", "two hours"],
)
def test_a_recording_that_cannot_be_used_is_refused_and_the_call_goes_on(
    house: House, fixtures: Path, recording: bytes, status: int, code: str
) -> None:
    client = TestClient(house.service())
    call = {"from": KLAUS, "call_id": new_call_id()}

    refused = client.post("/v1/calls", data=call, files={"audio": ("a.wav", recording)})
    good = (fixtures / "silence.wav").read_bytes()
    after = client.post("/v1/calls", data=call, files={"audio": ("a.wav", good)})

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert refused.json()["detail"]
    assert after.json()["action"]["type"] == "ask"


TOKEN = "a-token-of-forty-characters-that-opens-all"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture(scope="module")
def locked(
    tmp_path_factory: pytest.TempPathFactory, house: House, fixtures: Path
) -> Iterator[House]:
    """A house whose database somebody else holds."""
    folder = tmp_path_factory.mktemp("locked")
    settings = House.for_rehearsal(folder).settings
    other = House(replace(settings, service=replace(settings.service, token=TOKEN)))
    other.stage(fixtures)
    holder = sqlite3.connect(folder / "rehearsal.db", isolation_level=None)
    holder.execute("PRAGMA locking_mode=EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    yield other
    holder.close()
    other.close()


def test_with_its_store_locked_nobody_is_known_and_nobody_is_accepted(
    locked: House, fixtures: Path
) -> None:
    client = TestClient(locked.service())

    refused = client.post("/v1/calls", data={"from": KLAUS}, headers=bearer("not-the-token"))
    assert (refused.status_code, refused.json()["code"]) == (401, "not_allowed")
    answer = client.post(
        "/v1/calls",
        headers=bearer(TOKEN),
        data={"from": KLAUS},
        files={"audio": ("a.wav", (fixtures / "klaus-flight.wav").read_bytes())},
    ).json()
    ready = client.get("/ready")

    assert answer["caller"]["known"] is False
    assert answer["verification"]["decision"] == "not_enrolled"
    assert answer["action"]["type"] == "queue"
    assert "Klaus" not in answer["action"]["prompt"]
    assert ready.status_code == 503
    assert ready.json()["missing"] == ["directory_unavailable", "store_unavailable"]


def test_with_its_store_locked_nobody_is_enrolled(locked: House, fixtures: Path) -> None:
    recordings = [(fixtures / f"klaus-enrol-{n}.wav").read_bytes() for n in (1, 2, 3)]

    with pytest.raises(StoreUnavailable):
        locked.voices.enrol(SubjectId("s-new"), recordings, now=datetime.now(UTC))


def agree(house: House, subject: str) -> SubjectId:
    """Somebody who may be enrolled."""
    said = Said(text="recognition-1", language="de", channel=Channel.WEB)
    who = SubjectId(subject)
    house.subjects.rights.grant(who, Purpose.RECOGNITION, said, datetime.now(UTC))
    return who


def test_who_has_not_agreed_is_not_even_listened_to(house: House) -> None:
    with pytest.raises(ConsentMissing, match="No valid consent"):
        house.voices.enrol(SubjectId("s-unasked"), [b"no recording"] * 3, now=datetime.now(UTC))


def test_two_voices_do_not_make_one_print(house: House, fixtures: Path) -> None:
    files = ("klaus-enrol-1.wav", "klaus-enrol-2.wav", "emily-enrol-1.wav")
    recordings = [(fixtures / file).read_bytes() for file in files]

    with pytest.raises(SamplesDisagree, match="Recording 3"):
        house.voices.enrol(agree(house, "s-two"), recordings, now=datetime.now(UTC))

    assert house.voices.store.get(SubjectId("s-two")) is None


def test_one_recording_three_times_is_one_recording(house: House, fixtures: Path) -> None:
    recordings = [(fixtures / "klaus-enrol-1.wav").read_bytes()] * 3

    with pytest.raises(TooLittleSpeech, match="2 more recordings"):
        house.voices.enrol(agree(house, "s-once"), recordings, now=datetime.now(UTC))


def test_silence_is_no_voice_to_enrol(house: House, fixtures: Path) -> None:
    files = ("silence.wav", "line-noise.wav", "klaus-one-second.wav")

    with pytest.raises(TooLittleSpeech, match=r"Recording 1 cannot be used\. Nobody speaks"):
        house.voices.enrol(
            agree(house, "s-silent"),
            [(fixtures / file).read_bytes() for file in files],
            now=datetime.now(UTC),
        )


def test_a_home_that_cannot_be_made_says_where(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file, no folder")
    house = House(Settings(home=tmp_path / "home"))

    with pytest.raises(DiskReadOnly, match="home"):
        _ = house.directory


def test_a_full_disk_leaves_no_half_written_prompt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> int:
        with path.open("wb") as file:
            file.write(data[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    sound = Waveform(samples=np.zeros(8000, dtype=np.float32), rate_hz=8000)

    with pytest.raises(DiskFull):
        House(Settings(home=tmp_path)).places.save(sound, tmp_path / "prompt.wav")

    assert list(tmp_path.iterdir()) == []


def test_a_whole_call_leaves_nothing_of_the_caller_in_the_logs(
    house: House, fixtures: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = TestClient(house.service())
    call_id = new_call_id()

    for recording in ("klaus-flight.wav", "klaus-yes.wav"):
        answer = client.post(
            "/v1/calls",
            data={"from": KLAUS, "call_id": call_id},
            files={"audio": (recording, (fixtures / recording).read_bytes())},
        )
    everything = " ".join(logged(caplog.records))

    assert answer.json()["verification"]["decision"] == "accepted"
    for secret in ("Klaus", "89123456", "LH815", "Los Angeles", "umbuchen", "C-1001", "s-7f3a"):
        assert secret not in everything


def test_prompts_are_kept_where_asked(
    house: House, fixtures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(House, "from_environment", lambda **_: house)
    monkeypatch.setattr(house, "close", lambda: None)  # shared with the other tests
    wavs = [str(fixtures / "klaus-flight.wav"), str(fixtures / "klaus-yes.wav")]

    done = CliRunner().invoke(
        app, ["call", *wavs, "--from", KLAUS, "--save-audio", str(tmp_path / "prompts")]
    )

    assert done.exit_code == 0
    assert "Hallo Klaus." in done.stdout
    kept = [soundfile.info(path) for path in sorted((tmp_path / "prompts").iterdir())]
    assert [(one.samplerate, one.subtype) for one in kept] == [(8000, "ULAW")] * 2
    assert all(one.duration > 2 for one in kept)


def test_the_english_model_of_vosk_answers_where_whisper_is_not_wanted(
    house: House, fixtures: Path
) -> None:
    try:
        vosk = house.words.recogniser_of("vosk")
    except ModelMissing as missing:
        pytest.skip(missing.sentence)
    heard = transcribe(
        vosk,
        house.voices.listen((fixtures / "emily-refund.wav").read_bytes()),
        Language.ENGLISH,
    )

    assert (heard.engine, heard.language) == ("vosk", Language.ENGLISH)  # type: ignore[union-attr]
    assert "money" in heard.text  # type: ignore[union-attr]
