"""Calm people, read by the voice alone: adults, children, and a noisy room."""

import csv
import time
from pathlib import Path

import numpy as np
import pytest

from biometrics import (
    Codec,
    SpanSettings,
    Speech,
    SpeechDetector,
    Waveform,
    find_speech,
    over_telephone,
    read_recording,
)
from biometrics.silero import load_silero
from ivr.call import Language, Mood, Transcript
from ivr.settings import MoodSettings
from ivr.understand.baseline import Baseline
from ivr.understand.mood_turn import mood_of_turn

SPEECH = Path(__file__).parents[3] / "shared" / "speech"
BY_VOICE = MoodSettings(heard_in="words_and_voice")
WORDS = Transcript(text="Guten Tag", language=Language.GERMAN, confidence=0.9, engine="whisper")

pytestmark = pytest.mark.skipif(
    not SPEECH.is_dir(), reason="real recordings are not beside this checkout"
)


@pytest.fixture(scope="module")
def detector() -> SpeechDetector:
    return load_silero()


def heard(file: Path, detector: SpeechDetector, *, noise: float = 0.0) -> Speech:
    """Over a mu-law line, with so much hiss."""
    sound = over_telephone(read_recording(file), Codec.MULAW)
    hiss = np.random.default_rng(5).standard_normal(len(sound.samples)).astype(np.float32) * noise
    noisy = Waveform(samples=np.clip(sound.samples + hiss, -1, 1), rate_hz=sound.rate_hz)
    return find_speech(noisy, detector, SpanSettings())


def upset(folders: list[Path], detector: SpeechDetector, *, noise: float = 0.0) -> tuple[int, int]:
    """Turns taken for angry, and turns; a folder is a caller, and its recordings are the call."""
    moods: list[Mood] = []
    for folder in folders:
        usual = Baseline()
        for file in sorted(folder.iterdir())[:4]:
            found = mood_of_turn(WORDS, heard(file, detector, noise=noise), usual, BY_VOICE)
            moods.append(found.mood)
            usual = found.baseline
    return moods.count(Mood.UPSET), len(moods)


def folders_of(name: str) -> list[Path]:
    return sorted(path for path in (SPEECH / "eval" / name).iterdir() if path.is_dir())


@pytest.mark.parametrize("noise", [0.0, 0.02])
def test_calm_adults_are_not_taken_for_angry(detector: SpeechDetector, noise: float) -> None:
    angry, turns = upset(folders_of("librispeech_test-other"), detector, noise=noise)

    assert turns == 40
    assert angry == 0


def test_children_are_not_taken_for_angry(detector: SpeechDetector) -> None:
    with (SPEECH / "speechocean762_age_sex.csv").open(encoding="utf-8") as lines:
        ages = {row["speaker"]: int(row["age"]) for row in csv.DictReader(lines)}
    children = [one for one in folders_of("speechocean762") if ages[one.name] < 10]
    angry, turns = upset(children[:12], detector)

    assert turns > 20
    assert angry <= 1


def test_what_the_mood_costs_is_told(
    detector: SpeechDetector, capsys: pytest.CaptureFixture[str]
) -> None:
    files = sorted((SPEECH / "eval").glob("kerstin/**/*.opus"))[:40]
    turns = [heard(file, detector) for file in files]
    seconds = sum(turn.net_ms for turn in turns) / 1000
    began = time.perf_counter()
    moods = [mood_of_turn(WORDS, turn, Baseline(), BY_VOICE).mood for turn in turns]
    spent_ms = (time.perf_counter() - began) * 1000
    with capsys.disabled():
        print(f"\nmood from the voice: {spent_ms / seconds:.1f} ms a second of speech")  # noqa: T201

    assert moods.count(Mood.UPSET) == 0
