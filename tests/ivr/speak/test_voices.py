"""The two voices, real."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from ivr.call import Language
from ivr.errors import NoVoice
from ivr.speak.hibari_voice import HibariVoice
from ivr.speak.pico_voice import PicoVoice
from ivr.speak.voice import Voice


@pytest.fixture(params=["pico-de", "pico-en", "hibari"])
def voice(
    request: pytest.FixtureRequest, german_voice: PicoVoice, english_voice: HibariVoice
) -> Voice:
    voices: dict[str, Voice] = {
        "pico-de": german_voice,
        "pico-en": PicoVoice(Language.ENGLISH),
        "hibari": english_voice,
    }
    return voices[request.param]


@pytest.mark.parametrize("text", ["", "   ", "\x00", "中文", "<>"])
def test_what_cannot_be_said_is_silence(voice: Voice, text: str) -> None:
    assert not np.any(voice.speak(text).samples)


@pytest.mark.parametrize(
    "text",
    [
        "<spell>LH</spell> Klaus",  # given to Pico as it is, this ends the process
        '<volume level="200"/><speed level="5000">Klaus',
        'Klaus "O\'Hara" \\ & Co. <break time="9999999ms"/>',
        "[Klaus](/" + "ə" * 3_000 + "/)",
        "a" * 5_000,
        "." * 300,
        "%s%n{0}\x1b]0;x\x07",
    ],
)
def test_a_hostile_name_is_harmless(voice: Voice, text: str) -> None:
    sound = voice.speak(text)

    assert np.isfinite(sound.samples).all()
    assert voice.speak("Hallo Klaus.").duration_ms > 300


def test_markup_moves_neither_loudness_nor_length(german_voice: PicoVoice) -> None:
    plain = german_voice.speak("volume level 200 Klaus")
    marked = german_voice.speak('<volume level="200"/>Klaus')

    assert abs(marked.duration_ms - plain.duration_ms) < 50
    assert np.abs(marked.samples).max() < 1


def test_pico_speaks_at_16_khz_without_clipping(german_voice: PicoVoice) -> None:
    sound = german_voice.speak("Guten Tag, was kann ich für Sie tun?")

    assert sound.rate_hz == 16_000
    assert 1_500 < sound.duration_ms < 4_000
    assert 0.1 < np.abs(sound.samples).max() < 0.99


def test_hibari_says_the_same_sentence_the_same_way(english_voice: HibariVoice) -> None:
    first, again = (english_voice.speak("Good day to you.") for _ in range(2))

    assert first.rate_hz == 24_000
    np.testing.assert_array_equal(first.samples, again.samples)


def test_hibari_never_looks_for_a_voice_outside_its_wheel(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("hibari.__file__", "/nowhere/hibari/__init__.py")

    with pytest.raises(NoVoice):
        HibariVoice()


def test_another_tempo_loads_nothing_again(
    english_voice: HibariVoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("hibari.Hibari")

    slow = HibariVoice(tempo=0.7).speak("Good day to you.")

    assert slow.duration_ms > 1.2 * english_voice.speak("Good day to you.").duration_ms


def test_names_tell_voice_and_version(german_voice: PicoVoice, english_voice: HibariVoice) -> None:
    assert german_voice.name.startswith("pico-de-0.")
    assert english_voice.name.startswith("hibari-heart-0.")


def test_many_calls_may_speak_at_once(german_voice: PicoVoice, english_voice: HibariVoice) -> None:
    voices: list[Voice] = [german_voice, english_voice, PicoVoice(Language.ENGLISH)] * 8

    with ThreadPoolExecutor(max_workers=6) as calls:
        spoken = list(calls.map(lambda voice: voice.speak("Hello Klaus.").samples, voices))

    for first in range(3):
        assert all(np.array_equal(one, spoken[first]) for one in spoken[first::3])


def test_pico_speaks_alike_in_whatever_memory_it_starts(german_voice: PicoVoice) -> None:
    chance = np.random.default_rng(815)

    def once() -> bytes:
        # Blocks of all sizes, full of noise, are what a busy service leaves behind.
        litter = [chance.bytes(int(size)) for size in chance.integers(100, 3_000_000, 30)]
        del litter
        return german_voice.speak("Hallo Klaus.").samples.tobytes()

    assert len({once() for _ in range(12)}) == 1
