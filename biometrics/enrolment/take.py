"""One recording that is offered for an enrolment: what is heard in it, and whether it is fit."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from biometrics.calibration.calibration import Calibration
from biometrics.encoder import CONTEXT_MS, Encoder, voice_in
from biometrics.enrolment.one_voice import has_several_voices
from biometrics.sound.flaws import refusals
from biometrics.sound.poor import SEVERAL_VOICES, Flaw, Poor
from biometrics.sound.quality import quality
from biometrics.speech import Speech
from biometrics.telephone import LINE_RATE_HZ, Codec, over_telephone
from biometrics.voiceprint import Vector

WrongWith = Callable[[Speech], tuple[Poor, ...]]

_LINE_BAND_HZ = LINE_RATE_HZ // 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Take:
    """A recording as the encoder heard it. As secret as a voiceprint, and kept in memory only."""

    digest: str = field(repr=False)
    """SHA-256 of the sound: the same recording twice tells nothing more."""

    net_ms: int
    """Speech in it."""

    poor: tuple[Poor, ...] = ()
    """Why it is not fit to be enrolled; empty when it is."""

    is_narrowed: bool = False
    """It came from a studio, and what a telephone line leaves of it was heard."""

    speech: Speech | None = field(default=None, repr=False)
    voice: Vector | None = field(default=None, repr=False)
    """None, like the speech, where the recording is not fit: nobody needs it then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ear:
    """What hears recordings for an enrolment."""

    encoder: Encoder
    calibration: Calibration
    least_ms: int
    """Speech that a recording must hold."""

    codec: Codec = Codec.MULAW
    """Of the line that studio recordings are sent over."""

    wrong_with: WrongWith | None = None
    """What keeps a recording from being enrolled; `unfit` where it is None."""

    def hear(self, recording: Speech) -> Take:
        """The recording, judged; its voice only where it may be enrolled."""
        speech = on_the_line(recording, self.codec)
        is_narrowed = speech is not recording
        found = self._poor(recording, speech)
        is_fit = not found
        return Take(
            digest=digest_of(recording),
            net_ms=speech.net_ms,
            poor=found,
            is_narrowed=is_narrowed,
            speech=speech if is_fit else None,
            voice=voice_in(speech, self.encoder) if is_fit else None,
        )

    def _poor(self, recording: Speech, speech: Speech) -> tuple[Poor, ...]:
        wrong_with = self.wrong_with or unfit
        found = wrong_with(speech)
        if speech is not recording:
            # The line's filter rounds off what was cut off, so that is looked for before it.
            known = {poor.code for poor in found}
            before = [poor for poor in wrong_with(recording) if poor.code is Flaw.CLIPPED]
            found = (*found, *(poor for poor in before if poor.code not in known))
        least_ms = max(self.least_ms, self.encoder.shortest_ms)
        if speech.spans and speech.net_ms < least_ms:
            found = (_too_little(speech.net_ms, least_ms), *found)
        if not found and has_several_voices(speech, self.encoder, self.calibration):
            return (SEVERAL_VOICES,)
        return found


def unfit(speech: Speech) -> tuple[Poor, ...]:
    """Why a recording is not fit to be enrolled; empty when it is."""
    return refusals(speech, quality(speech.in_context(CONTEXT_MS)))


def on_the_line(recording: Speech, codec: Codec) -> Speech:
    """What a telephone line leaves of a studio's recording; a telephone's comes back as it is.

    Enrolment and calls meet in the same band. A recording of more than 8,000 samples a second whose
    speech ends at 4 kHz came over a line: a second coding would only add noise.
    """
    waveform = recording.waveform
    if waveform.rate_hz <= LINE_RATE_HZ:
        return recording
    band_hz = quality(recording).bandwidth_hz
    if band_hz is not None and band_hz <= _LINE_BAND_HZ:
        return recording
    return Speech(waveform=over_telephone(waveform, codec), spans=recording.spans)


def with_take(takes: Sequence[Take], take: Take) -> tuple[Take, ...]:
    """The takes and one more, unless it is among them already."""
    if any(take.digest == known.digest for known in takes):
        return tuple(takes)
    return (*takes, take)


def digest_of(recording: Speech) -> str:
    """Of the sound, whatever file it was in."""
    waveform = recording.waveform
    found = hashlib.sha256(f"{waveform.rate_hz} ".encode())
    found.update(waveform.samples.tobytes())
    return found.hexdigest()


def _too_little(net_ms: int, least_ms: int) -> Poor:
    return Poor(
        code=Flaw.TOO_LITTLE_SPEECH,
        reason=f"It holds {net_ms / 1000:.1f} s of speech; {least_ms / 1000:.1f} s is needed.",
    )
