"""A condition is what it says: the codec, the noise beside the voice, the temper."""

import numpy as np
import pytest

from biometrics import Codec, Waveform
from ivr.call import Language
from ivr.errors import BadTestSet
from ivr.evaluate.conditions import angry_voice, condition_of, only_coded
from ivr.studio import Studio

RATE_HZ = 16_000
HUM = Waveform(
    samples=(0.2 * np.sin(np.arange(2 * RATE_HZ) / 6)).astype(np.float32), rate_hz=RATE_HZ
)


def say(text: str) -> Waveform:
    return HUM


def noise_db(name: str) -> float:
    """How far the noise is below the hum."""
    clean = condition_of("mulaw", angry=say).over(HUM, number=1).samples
    noisy = condition_of(name, angry=say).over(HUM, number=1).samples
    return float(20 * np.log10(np.std(clean) / np.std(noisy - clean)))


def test_an_unknown_codec_is_refused() -> None:
    with pytest.raises(BadTestSet, match="mulaw, alaw, gsm, opus, g726, none"):
        only_coded("mp3")


def test_an_unknown_condition_is_refused() -> None:
    with pytest.raises(BadTestSet, match="clean, mulaw, gsm, office20, office10, angry"):
        condition_of("sunshine", angry=say)


@pytest.mark.parametrize(
    ("name", "codec"), [("clean", Codec.NONE), ("mulaw", Codec.MULAW), ("gsm", Codec.GSM)]
)
def test_a_quiet_room_adds_nothing_but_the_codec(name: str, codec: Codec) -> None:
    condition = condition_of(name, angry=say)

    assert (condition.codec, condition.snr_db, condition.speak) == (codec, None, None)
    assert condition.over(HUM, number=1).rate_hz == 8_000


@pytest.mark.parametrize(("name", "snr_db"), [("office20", 20), ("office10", 10)])
def test_an_office_is_so_much_quieter_than_the_voice(name: str, snr_db: int) -> None:
    assert noise_db(name) == pytest.approx(snr_db, abs=1.0)


def test_the_same_number_has_the_same_noise() -> None:
    office = condition_of("office10", angry=say)
    first, again, other = (office.over(HUM, number=number).samples for number in (1, 1, 2))

    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("language", list(Language))
def test_who_is_angry_shouts_until_the_line_is_full(language: Language) -> None:
    studio = Studio(
        engines={name: lambda text, **_: HUM for name in ("pico-de", "hibari")},
        on_the_line=lambda sound: sound,
        as_wav=lambda _: b"",
    )

    sound = angry_voice(studio, language)("Das ist eine Frechheit!")

    peak = np.abs(sound.samples).max()
    assert 0.7 < peak <= 1.0
    assert np.std(sound.samples) > 3 * np.std(HUM.samples)
