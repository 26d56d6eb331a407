from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from biometrics import Codec, DetectorUnusable, SpeechDetector, Waveform, over_telephone
from biometrics.silero import load_silero
from ivr.errors import EmptyRecording
from ivr.listen.turn import heard, listen
from ivr.listen.wav import write_wav
from ivr.settings import ListenSettings

SETTINGS = ListenSettings()
SPOKEN = Path(__file__).parents[3].parent / "shared/speech/eval/kerstin/kerstin"

Writer = Callable[..., bytes]
Tone = Callable[..., NDArray[np.float64]]


class FakeDetector:
    """Finds speech wherever it is loud, and remembers what it was given."""

    frame_ms = 20

    def __init__(self, *, certainty: float = 1.0) -> None:
        self._certainty = np.float32(certainty)
        self.rates_hz: list[int] = []

    def probabilities(self, waveform: Waveform) -> NDArray[np.float32]:
        self.rates_hz.append(waveform.rate_hz)
        size = waveform.rate_hz * self.frame_ms // 1000
        whole = len(waveform.samples) // size * size
        loudest = np.abs(waveform.samples[:whole].reshape(-1, size)).max(axis=1, initial=0)
        return np.where(loudest > 0.1, self._certainty, np.float32(0))


def quiet_then_tone(tone: Tone, rate_hz: int) -> NDArray[np.float64]:
    return np.concatenate([np.zeros(rate_hz), tone(ms=1_000, rate_hz=rate_hz), np.zeros(rate_hz)])


def test_a_recording_that_cannot_be_read_is_never_shown_to_the_detector() -> None:
    detector = FakeDetector()

    with pytest.raises(EmptyRecording):
        listen(b"", settings=SETTINGS, detector=detector)

    assert detector.rates_hz == []


@pytest.mark.parametrize("frames", [1, 100, 8_000])
@pytest.mark.parametrize("rate_hz", [8_000, 48_000, 192_000])
def test_silence_holds_no_speech_and_is_no_problem(
    by_libsndfile: Writer, frames: int, rate_hz: int
) -> None:
    silence = by_libsndfile(np.zeros(frames), rate_hz, "PCM_16")

    speech = listen(silence, settings=SETTINGS, detector=FakeDetector())

    assert speech.spans == ()
    assert speech.net_ms == 0


@pytest.mark.parametrize(
    ("rate_hz", "kept_hz"),
    [(6_000, 6_000), (8_000, 8_000), (11_025, 11_025), (16_000, 16_000), (48_000, 16_000)],
)
def test_the_rate_of_the_file_is_kept_up_to_16_khz(
    by_libsndfile: Writer, tone: Tone, rate_hz: int, kept_hz: int
) -> None:
    detector = FakeDetector()
    data = by_libsndfile(quiet_then_tone(tone, rate_hz), rate_hz, "PCM_16")

    speech = listen(data, settings=SETTINGS, detector=detector)

    assert (speech.waveform.rate_hz, speech.waveform.duration_ms) == (kept_hz, 3_000)
    assert detector.rates_hz == [kept_hz]


def test_speech_is_found_where_it_is(by_libsndfile: Writer, tone: Tone) -> None:
    data = by_libsndfile(quiet_then_tone(tone, 8_000), 8_000, "ULAW")

    speech = listen(data, settings=SETTINGS, detector=FakeDetector())

    (span,) = speech.spans
    assert span.start_ms == pytest.approx(1_000, abs=100)
    assert span.end_ms == pytest.approx(2_000, abs=100)


def test_the_operator_says_how_sure_the_detector_must_be(by_libsndfile: Writer, tone: Tone) -> None:
    data = by_libsndfile(quiet_then_tone(tone, 8_000), 8_000, "ULAW")
    unsure = FakeDetector(certainty=0.6)

    easy, strict = ListenSettings(speech_probability=0.5), ListenSettings(speech_probability=0.7)

    assert len(listen(data, settings=easy, detector=unsure).spans) == 1
    assert listen(data, settings=strict, detector=unsure).spans == ()


# --- with the real detector -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def silero() -> SpeechDetector:
    try:
        return load_silero()
    except DetectorUnusable as problem:
        pytest.skip(problem.sentence)


@pytest.fixture(scope="module")
def sentence() -> Waveform:
    """A German sentence, 16 kHz, with a second of quiet on either side."""
    files = sorted(SPOKEN.glob("*.opus"))
    if not files:
        pytest.skip("The recordings of speech are not beside this checkout.")
    samples, rate_hz = soundfile.read(files[0], dtype="float32")
    quiet = np.zeros(rate_hz, dtype=np.float32)
    return Waveform(samples=np.concatenate([quiet, samples, quiet]), rate_hz=rate_hz)


def test_a_tone_on_the_line_is_not_taken_for_a_caller(
    silero: SpeechDetector, by_libsndfile: Writer, tone: Tone
) -> None:
    dial_tone = by_libsndfile(tone(425, ms=3_000, level=0.3), 8_000, "ALAW")

    assert listen(dial_tone, settings=SETTINGS, detector=silero).spans == ()


@pytest.mark.parametrize("codec", list(Codec))
def test_a_sentence_is_found_on_every_line(
    silero: SpeechDetector, sentence: Waveform, codec: Codec
) -> None:
    clean = heard(sentence, settings=SETTINGS, detector=silero)
    call = write_wav(over_telephone(sentence, codec), encoding="pcm16")

    speech = listen(call, settings=SETTINGS, detector=silero)

    assert speech.net_ms > 1_000
    assert speech.net_ms == pytest.approx(clean.net_ms, rel=0.15)
    assert speech.spans[0].start_ms > 700
    assert speech.spans[-1].end_ms < speech.waveform.duration_ms - 500
