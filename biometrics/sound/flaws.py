"""What is wrong with the sound of a turn, in words.

Limits are set so that people pass. In brackets: how many of 719 recordings of people with at least
1.5 s of speech, over mu-law lines, have the flaw all the same, and how much is found of what was
made to have it. Of 900 other recordings of people, after the limits were set, 9 were muffled, 8 of
them of one set, 3 too quiet, and 1 each too loud and with tones.
"""

from collections.abc import Iterator

from biometrics.encoder import CONTEXT_MS
from biometrics.sound.echo import echo_of
from biometrics.sound.music import steadiness
from biometrics.sound.poor import Flaw, Poor
from biometrics.sound.quality import Quality, quality
from biometrics.sound.tones import tones
from biometrics.speech import Speech
from biometrics.waveform import Waveform

_KEYS_MS = 150
"""More than one key (0 of 719; 96 % of three keys of 100 ms over speech)."""

_STEADY_SHARE = 0.35
"""Of the speech (0 of 719; all dial and busy tones). Machines that say "null" again and again have
up to a third."""

_MUSIC = 3.2
"""1 of 719; all generated music, 94 % of it as loud as the speech, 57 % of it 10 dB below."""

_ECHO = 20.0
"""1 of 520; all of a prompt alone, 92 % of one as loud as the speech over it, 62 % at -6 dB."""

_LEAST_OVER_QUIET_DB = 8.0
"""0 of 649 with pauses; all white noise as loud as the speech, 69 % of it 5 dB below."""

_MOST_FLATTENED = 0.012
"""0 of 719; 90 % of speech clipped 12 dB below its peak, 100 % of it at 20 dB, 32 % at 6 dB."""

_QUIETEST_DBFS = -42.0
"""1 of 719; all speech at -50 dBFS."""

_LOUDEST_DBFS = -10.0
"""1 of 719."""

_LEAST_BAND_HZ = 2_600
"""3 of 719; 98 % of speech without what is above 2 kHz. Handsets of 300 to 3,400 Hz pass."""


def flaws(speech: Speech, *, played: Waveform | None = None) -> tuple[Poor, ...]:
    """What is wrong with a recording in which speech was looked for.

    `played` is what the caller heard before or meanwhile; without it no echo is looked for.
    """
    if not speech.spans:
        return tuple(_not_voice(speech, played))
    near = speech.in_context(CONTEXT_MS)
    return (*_not_voice(near, played), *_unclear(quality(near)))


def refusals(speech: Speech, found: Quality) -> tuple[Poor, ...]:
    """Why a recording is not fit to be enrolled; empty when it is.

    `found` is the quality of `speech.in_context(CONTEXT_MS)`.
    """
    if not speech.spans:
        return (Poor(code=Flaw.TOO_LITTLE_SPEECH, reason="Nobody speaks in the recording."),)
    return (*_not_voice(speech.in_context(CONTEXT_MS), None), *_unclear(found))


def _not_voice(near: Speech, played: Waveform | None) -> Iterator[Poor]:
    waveform = near.waveform
    heard = tones(waveform)
    length_ms = near.net_ms or max(waveform.duration_ms, 1)
    if heard.keys_ms >= _KEYS_MS or heard.steady_ms >= _STEADY_SHARE * length_ms:
        yield Poor(code=Flaw.TONES, reason="Tones were heard.", is_meaningless=True)
    elif steadiness(waveform) >= _MUSIC:
        yield Poor(code=Flaw.MUSIC, reason="Music was heard.", is_meaningless=True)
    if played is not None and echo_of(played, waveform) >= _ECHO:
        reason = "What was played to the caller came back."
        yield Poor(code=Flaw.ECHO, reason=reason, is_meaningless=True)


def _unclear(found: Quality) -> Iterator[Poor]:
    level, quiet, band = found.level_dbfs, found.quiet_dbfs, found.bandwidth_hz
    if level is not None and level < _QUIETEST_DBFS:
        yield Poor(code=Flaw.TOO_QUIET, reason="The voice is too quiet.")
    if level is not None and level > _LOUDEST_DBFS:
        yield Poor(code=Flaw.TOO_LOUD, reason="The voice is too loud.")
    if found.flattened > _MOST_FLATTENED:
        yield Poor(code=Flaw.CLIPPED, reason="The voice is cut off at its loudest.")
    if level is not None and quiet is not None and level - quiet < _LEAST_OVER_QUIET_DB:
        yield Poor(code=Flaw.NOISY, reason="There is much noise around the voice.")
    if band is not None and band < _LEAST_BAND_HZ:
        yield Poor(code=Flaw.MUFFLED, reason="The high sounds of the voice are missing.")
