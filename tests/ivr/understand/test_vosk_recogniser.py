"""Vosk hears while the caller speaks, keeps to a grammar, and says nothing on noise."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from biometrics import Waveform
from ivr.call import Language, Transcript, Unheard
from ivr.errors import ModelDamaged, ModelMissing, NoRecogniser
from ivr.understand.vosk_recogniser import VoskHearing, VoskRecogniser

Speaking = Callable[[str, str], Waveform]
DE, EN = Language.GERMAN, Language.ENGLISH


@pytest.fixture(scope="module")
def vosk(vosk_folder: Path) -> VoskRecogniser:
    return VoskRecogniser({EN: vosk_folder})


def heard(
    vosk: VoskRecogniser, sound: Waveform, grammar: tuple[str, ...] = ()
) -> Transcript | Unheard:
    hearing = vosk.start(EN, grammar=grammar)
    hearing.feed(sound)
    return hearing.finish()


def sound_of(samples: np.ndarray) -> Waveform:
    return Waveform(samples=samples.astype(np.float32), rate_hz=8_000)


def test_an_empty_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        VoskRecogniser({EN: tmp_path})


def test_files_that_are_no_model_are_refused(tmp_path: Path) -> None:
    (tmp_path / "am").mkdir()
    (tmp_path / "am" / "final.mdl").write_bytes(b"no model")

    with pytest.raises(ModelDamaged):
        VoskRecogniser({EN: tmp_path})


@pytest.mark.parametrize("language", [None, DE])
def test_without_a_model_nobody_listens(language: Language | None) -> None:
    with pytest.raises(NoRecogniser):
        VoskRecogniser({}).start(language)


def test_a_language_without_a_model_is_refused(vosk: VoskRecogniser) -> None:
    with pytest.raises(NoRecogniser):
        vosk.start(DE)


def test_a_turn_without_sound_is_silence(vosk: VoskRecogniser) -> None:
    assert vosk.start(EN).finish() is Unheard.SILENCE


@pytest.mark.parametrize("level", [0.0, 0.001, 0.1])
@pytest.mark.parametrize("grammar", [(), ("yes", "no")])
def test_noise_gives_no_words(vosk: VoskRecogniser, level: float, grammar: tuple[str, ...]) -> None:
    noise = level * np.random.default_rng(3).standard_normal(16_000)

    assert heard(vosk, sound_of(noise), grammar) is Unheard.NOISE


def test_a_word_outside_the_grammar_gives_no_words(vosk: VoskRecogniser, spoken: Speaking) -> None:
    assert heard(vosk, spoken("Umbrella.", "en-GB"), ("yes", "no")) is Unheard.NOISE


def test_a_clear_voice_is_heard_word_for_word(vosk: VoskRecogniser, spoken: Speaking) -> None:
    found = heard(vosk, spoken("My flight was cancelled.", "en-GB"))

    assert isinstance(found, Transcript)
    assert (found.text, found.language, found.engine) == ("my flight was cancelled", EN, "vosk")
    assert 0.7 < found.confidence <= 1.0


def test_a_grammar_makes_yes_usable_over_the_telephone(
    vosk: VoskRecogniser, telephoned: Speaking
) -> None:
    found = heard(vosk, telephoned("Yes.", "en-GB"), ("Yes", "No"))

    assert isinstance(found, Transcript)
    assert found.text == "yes"


def test_words_come_while_the_caller_still_speaks(vosk: VoskRecogniser, spoken: Speaking) -> None:
    sound = spoken("I would like to speak to an agent.", "en-GB")
    hearing = vosk.start(EN)
    partials = []

    for start_ms in range(0, sound.duration_ms + 20, 20):
        hearing.feed(sound.cut(start_ms, start_ms + 20))
        partials.append(hearing.partial())
    found = hearing.finish()

    assert isinstance(found, Transcript)
    assert found.text == "i would like to speak to an agent"
    assert "" in partials
    assert "i would like to speak" in partials[:-20]


def test_with_no_language_the_only_model_listens(vosk: VoskRecogniser) -> None:
    assert isinstance(vosk.start(None), VoskHearing)
    assert vosk.languages == {EN}


def test_with_two_models_the_surer_one_answers(vosk_folder: Path, spoken: Speaking) -> None:
    both = VoskRecogniser({EN: vosk_folder, DE: vosk_folder})
    hearing = both.start(None)

    hearing.feed(spoken("My flight was cancelled.", "en-GB"))
    found = hearing.finish()

    assert hearing.partial() == ""
    assert isinstance(found, Transcript)
    assert found.text == "my flight was cancelled"
