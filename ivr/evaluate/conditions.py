"""Under which circumstances words are heard: the line, the room, the caller's temper."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from biometrics import Codec, Waveform, over_telephone
from biometrics.evaluation.noise import active_level, with_noise
from ivr.call import Language
from ivr.errors import BadTestSet
from ivr.evaluate.non_speech_sounds import office
from ivr.studio import Studio, Timbre

Voice = Callable[[str], Waveform]
"""Says a text."""

_ANGRY = {
    Language.GERMAN: Timbre(engine="pico-de", formants=0.86, pitch=1.1, tempo=1.15),
    Language.ENGLISH: Timbre(engine="hibari", tempo=1.15),
}
"""High and in a hurry, as the fixtures' angry speaker. Real anger is not to be had from a voice."""

_SEED = 20_260
_SHOUTED = 4.0
"""Of the level; whoever shouts into a telephone is cut off at its full scale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """How a recording is heard."""

    name: str
    codec: Codec = Codec.MULAW
    snr_db: int | None = None
    """An office is around the caller, whose speech is so much louder; None is a quiet room."""

    speak: Voice | None = None
    """The text is spoken by this voice; None takes the recording."""

    def over(self, sound: Waveform, *, number: int) -> Waveform:
        """The sound at the far end; `number` chooses the noise, the same for the same number."""
        if self.snr_db is not None:
            sound = _in_an_office(sound, self.snr_db, np.random.default_rng([_SEED, number]))
        return over_telephone(sound, self.codec)


def only_coded(codec: str) -> Condition:
    """A quiet room and this codec.

    Raises:
        BadTestSet: there is no such codec.
    """
    try:
        return Condition(name=codec, codec=Codec(codec))
    except ValueError as err:
        raise BadTestSet(f"The codec must be one of {', '.join(Codec)}.") from err


def condition_of(name: str, *, angry: Voice) -> Condition:
    """The condition of this name; `angry` is the voice of an angry caller.

    Raises:
        BadTestSet: there is no such condition.
    """
    known = [
        Condition(name="clean", codec=Codec.NONE),
        Condition(name="mulaw"),
        Condition(name="gsm", codec=Codec.GSM),
        Condition(name="office20", snr_db=20),
        Condition(name="office10", snr_db=10),
        Condition(name="angry", speak=angry),
    ]
    for condition in known:
        if condition.name == name:
            return condition
    raise BadTestSet(f"The condition must be one of {', '.join(each.name for each in known)}.")


def angry_voice(studio: Studio, language: Language) -> Voice:
    """What comes nearest to an angry caller who speaks the language."""
    return lambda text: _shouted(studio.say(text, _ANGRY[language]))


def _in_an_office(sound: Waveform, snr_db: int, rng: np.random.Generator) -> Waveform:
    narrow = over_telephone(sound, Codec.NONE)
    noise = office(rng, len(narrow.samples)).astype(np.float32)
    noise /= np.sqrt(np.mean(np.square(noise)))
    level = active_level(narrow.samples, rate_hz=narrow.rate_hz)
    samples = with_noise(narrow.samples, noise, snr_db=snr_db, level=level)
    return Waveform(samples=samples, rate_hz=narrow.rate_hz)


def _shouted(sound: Waveform) -> Waveform:
    samples = np.clip(sound.samples * np.float32(_SHOUTED), -1.0, 1.0)
    return Waveform(samples=samples, rate_hz=sound.rate_hz)
