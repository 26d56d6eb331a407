"""Words decide; a voice says only what is sure; noise and silence have no mood."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from biometrics import (
    Span,
    SpanSettings,
    Speech,
    SpeechDetector,
    Waveform,
    find_speech,
    read_recording,
)
from biometrics.silero import load_silero
from ivr.call import Language, Mood, Transcript, Unheard
from ivr.errors import MoodModelUnusable
from ivr.settings import MoodSettings
from ivr.understand.baseline import MANNER, Baseline
from ivr.understand.mood_turn import MoodHeard, mood_of_turn
from ivr.understand.mood_voice import Curve, VoiceMood, read_voice_mood, voice_mood

FIXTURES = Path(__file__).parents[3] / "audio_fixtures"
SPOKEN = sorted(
    path for path in FIXTURES.glob("*.wav") if path.stem not in {"not-audio", "silence"}
)
BY_VOICE = MoodSettings(heard_in="words_and_voice")
SILENCE = Speech(
    waveform=Waveform(samples=np.zeros(8_000, dtype=np.float32), rate_hz=8_000), spans=()
)


def said(text: str, language: Language = Language.GERMAN) -> Transcript:
    return Transcript(text=text, language=language, confidence=0.9, engine="whisper")


@cache
def spoken(name: str) -> Speech:
    return find_speech(read_recording(FIXTURES / f"{name}.wav"), detector(), SpanSettings())


@cache
def detector() -> SpeechDetector:
    return load_silero()


def told(model: VoiceMood, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivr.understand.mood_turn.voice_mood", lambda: model)


def always(probability: float) -> VoiceMood:
    """A model that says the same of every voice."""
    bias = float(np.log(probability / (1 - probability)))
    alone, compared = (
        Curve(
            mean=np.zeros(size),
            spread=np.ones(size),
            weights=np.zeros(size),
            bias=bias,
            threshold=0.6,
        )
        for size in (len(MANNER) - 1, 2 * len(MANNER) - 1)
    )
    return VoiceMood(alone=alone, compared=compared)


@pytest.mark.parametrize("heard", list(Unheard))
def test_a_turn_without_words_has_no_mood(heard: Unheard, monkeypatch: pytest.MonkeyPatch) -> None:
    told(always(0.99), monkeypatch)

    assert MoodHeard(mood=Mood.NEUTRAL, baseline=Baseline()) == mood_of_turn(
        heard, spoken("klaus-flight"), Baseline(), BY_VOICE
    )


def test_switched_off_nothing_is_looked_for() -> None:
    off = MoodSettings(heard_in="off")
    found = mood_of_turn(said("Das ist eine Frechheit!"), SILENCE, Baseline(), off)

    assert found == MoodHeard(mood=Mood.NEUTRAL, baseline=Baseline())


def test_the_voice_is_not_judged_unless_somebody_switched_it_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told(always(0.99), monkeypatch)
    found = mood_of_turn(
        said("Wo ist mein Koffer?"), spoken("klaus-flight"), Baseline(), MoodSettings()
    )

    assert found == MoodHeard(mood=Mood.NEUTRAL, baseline=Baseline())


@pytest.mark.parametrize(("probability", "mood"), [(0.55, Mood.NEUTRAL), (0.65, Mood.UPSET)])
def test_the_voice_alone_must_be_sure(
    probability: float, mood: Mood, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(always(probability), monkeypatch)
    found = mood_of_turn(said("Wo ist mein Koffer?"), spoken("klaus-flight"), Baseline(), BY_VOICE)

    assert found.mood is mood


def test_an_operator_can_ask_for_more_surety_but_not_for_less(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    strict, lax = (
        MoodSettings(heard_in="words_and_voice", upset_probability=one) for one in (0.9, 0.1)
    )
    turn = said("Wo ist mein Koffer?"), spoken("klaus-flight"), Baseline()
    told(always(0.65), monkeypatch)
    assert mood_of_turn(*turn, strict).mood is Mood.NEUTRAL
    told(always(0.3), monkeypatch)
    assert mood_of_turn(*turn, lax).mood is Mood.NEUTRAL


def test_words_decide_before_the_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    told(always(0.99), monkeypatch)
    asks = mood_of_turn(said("Wie bitte?"), spoken("klaus-flight"), Baseline(), BY_VOICE)
    told(always(0.01), monkeypatch)
    angry = mood_of_turn(
        said("So eine Unverschämtheit!"), spoken("klaus-flight"), Baseline(), BY_VOICE
    )

    assert (asks.mood, asks.reasons) == (Mood.NEEDS_HELP, ("the words ask for patience",))
    assert (angry.mood, angry.reasons) == (Mood.UPSET, ("the words are angry",))


@pytest.mark.parametrize(
    ("text", "language", "mood"),
    [
        ("I don't understand, this is ridiculous", Language.ENGLISH, Mood.UPSET),
        ("Sorry, could you speak more slowly?", Language.ENGLISH, Mood.NEEDS_HELP),
        ("Äh, ich, ähm, wollte, äh, fragen", Language.GERMAN, Mood.NEEDS_HELP),
        ("Ich möchte umbuchen", Language.GERMAN, Mood.NEUTRAL),
    ],
)
def test_words_alone_tell_all_three(text: str, language: Language, mood: Mood) -> None:
    assert mood_of_turn(said(text, language), SILENCE, Baseline(), MoodSettings()).mood is mood


def test_calm_turns_make_the_usual_and_angry_ones_do_not() -> None:
    speech = spoken("klaus-flight")
    calm = mood_of_turn(said("Wo ist mein Koffer?"), speech, Baseline(), BY_VOICE)
    angry = mood_of_turn(said("So eine Frechheit!"), speech, Baseline(), BY_VOICE)

    assert calm.baseline.net_ms > 0
    assert angry.baseline == Baseline()


@pytest.mark.parametrize("path", SPOKEN, ids=lambda path: path.stem)
def test_no_voice_of_the_fixtures_sounds_angry(path: Path) -> None:
    """Nobody acts in them; one is deep, one is light, and one is nothing but a noisy line."""
    speech = spoken(path.stem)
    words = said("Ich möchte etwas fragen")
    first = mood_of_turn(words, speech, Baseline(), BY_VOICE)
    second = mood_of_turn(words, speech, first.baseline, BY_VOICE)

    assert Mood.UPSET not in {first.mood, second.mood}


def test_a_loud_room_is_not_judged() -> None:
    calm = spoken("klaus-flight")
    room = np.random.default_rng(3).standard_normal(len(calm.waveform.samples)) * 0.2
    noisy = Waveform(samples=calm.waveform.samples + room.astype(np.float32), rate_hz=8_000)
    inner = Span(start_ms=600, end_ms=noisy.duration_ms - 600)
    speech = Speech(waveform=noisy, spans=(inner,))

    assert mood_of_turn(said("Hallo?"), speech, Baseline(), BY_VOICE).mood is Mood.NEUTRAL


def test_the_model_of_the_project_can_be_read() -> None:
    model = voice_mood()

    assert 0.05 < model.alone.threshold < 1
    assert 0.05 < model.compared.threshold < 1


def test_a_damaged_model_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "model.json"
    with pytest.raises(MoodModelUnusable, match="cannot be read"):
        read_voice_mood(file)
    file.write_text("{}", encoding="utf-8")
    with pytest.raises(MoodModelUnusable, match="cannot be read"):
        read_voice_mood(file)


def test_a_model_of_other_traits_is_refused(tmp_path: Path) -> None:
    curve = {"mean": [0.0], "spread": [1.0], "weights": [1.0], "bias": 0.0, "threshold": 0.5}
    content = {"traits": ["shouting"], "alone": curve, "compared": curve}
    file = tmp_path / "model.json"
    file.write_text(json.dumps(content), encoding="utf-8")

    with pytest.raises(MoodModelUnusable, match="other traits"):
        read_voice_mood(file)
