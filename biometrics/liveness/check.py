"""Was this spoken by a person, now? Several signs, none of which is perfect or speaks for another.

Shares of errors by kind of attack follow ISO/IEC 30107-3 and are in the model card of the detector
and in `ivr evaluate liveness`.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np

from biometrics.liveness.detector import SpoofDetector
from biometrics.liveness.fingerprint import RATE_HZ, Fingerprint, difference, fingerprint
from biometrics.liveness.kept import FingerprintStore, Kept, Visit
from biometrics.liveness.line_sound import line_sound
from biometrics.resample import resampled
from biometrics.speech import Speech
from biometrics.verification.signs import Examined, Sign
from biometrics.voiceprint import SubjectId

EXACT_REPLAY = "exact_replay"
NEAR_REPLAY = "near_replay"
TWO_AT_ONCE = "two_at_once"
TOO_MANY_TURNS = "too_many_turns"
OTHER_LINE = "other_line"
SYNTHETIC_VOICE = "synthetic_voice"
"""Of the project's own detector."""

_UNRELATED = 0.5
"""Share of different signs between recordings that have nothing in common."""

_MUST_BE_CLEAR = frozenset({EXACT_REPLAY, NEAR_REPLAY, SYNTHETIC_VOICE})
"""What must have been looked for, in whatever mode, before anything is learned from a turn."""


class Mode(StrEnum):
    """What signs of an attack may do."""

    OFF = "off"
    """Nothing is looked for and nothing remembered."""
    ADVISE = "advise"
    """They are told with the verdict and change nothing."""
    GATE = "gate"
    """Those that are sure enough take an acceptance away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LivenessSettings:
    """From where on something is a sign."""

    mode: Mode = Mode.ADVISE

    near_replay: float = 0.30
    """Share of different signs in 1.5 s under which two recordings are one and the same."""

    overlap_ms: int = 1_000
    """Turns of two calls may overlap so far, as clocks and gateways are not exact."""

    turns_an_hour: int = 60
    """More is no person."""

    other_line_db: float = 15.0
    """Distance of lines from which on they are different ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LivenessCheck:
    """Looks for signs of an attack. One per process, shared by every call."""

    store: FingerprintStore
    detectors: Sequence[SpoofDetector] = ()
    missing: Sequence[str] = ()
    """Names of detectors whose models are not here: said, and never an alarm."""

    gating: frozenset[str] = frozenset({EXACT_REPLAY, NEAR_REPLAY})
    """Names of the signs that are sure enough to take an acceptance away."""

    settings: LivenessSettings = LivenessSettings()

    fingerprint_of: Callable[[Speech], Fingerprint] = fingerprint
    """As `fingerprint` does, or as one who has heard it before."""

    def rehearse(self, speech: Speech) -> None:
        """Hear a turn as `listen` will; nothing comes of it, and nobody's recordings are read.

        It is for a `fingerprint_of` and for detectors that remember what they heard.
        """
        if self.settings.mode is not Mode.OFF:
            self.fingerprint_of(speech)
            for detector in self.detectors:
                detector.judge(speech)

    def listen(self, subject: SubjectId, speech: Speech, now: datetime) -> tuple[Sign, ...]:
        """The signs in one turn that ended `now`, aware.

        Raises:
            StoreUnavailable: earlier recordings cannot be read.
        """
        if self.settings.mode is Mode.OFF:
            return ()
        earlier = self.store.kept(subject)
        return (
            self._exact(speech, earlier),
            self._near(speech, earlier),
            *self._visits(subject, speech, now),
            self._line(speech, earlier),
            *(self._made(detector, speech) for detector in self.detectors),
            *(_unchecked(name, "its model is not here") for name in self.missing),
        )

    def remember(self, subject: SubjectId, speech: Speech, now: datetime) -> None:
        """From now on this recording, enrolled or accepted, is an earlier one.

        Raises:
            StoreUnavailable: it cannot be kept.
        """
        if self.settings.mode is not Mode.OFF:
            recording = Kept(
                digest=_digest(speech),
                fingerprint=self.fingerprint_of(speech),
                line=line_sound(speech),
                heard_at=now,
            )
            self.store.keep(subject, recording)

    def examined(self, heard: Sequence[Sign]) -> Examined:
        """Whether a voice may be learned from a turn in which these signs were heard.

        Stricter than what an acceptance needs, for it costs a caller nothing: what is only told in
        one mode forbids here in every mode. Another line than usual is no reason, nor is a second
        opinion, which takes most people for machines.
        """
        no_alarm = {OTHER_LINE, *(each.name for each in self.detectors)} - {SYNTHETIC_VOICE}
        alarms = (sign.is_spoof and sign.name not in no_alarm for sign in heard)
        if any(alarms) or any(sign.forbids or sign.needs_person for sign in heard):
            return Examined.ALARMING
        looked_for = {sign.name for sign in heard if sign.is_checked}
        return Examined.CLEAR if looked_for >= _MUST_BE_CLEAR else Examined.UNCLEAR

    def forget(self, subject: SubjectId) -> bool:
        """Forget every recording of a subject; says whether there was any.

        Raises:
            StoreUnavailable: nothing was forgotten.
        """
        return self.store.forget(subject)

    def _exact(self, speech: Speech, earlier: Sequence[Kept]) -> Sign:
        digest = _digest(speech)
        is_same = any(recording.digest == digest for recording in earlier)
        reason = "is" if is_same else "is not"
        return self._sign(
            EXACT_REPLAY,
            risk=float(is_same),
            is_spoof=is_same,
            reason=f"The sound {reason} bit for bit one that was heard before.",
        )

    def _near(self, speech: Speech, earlier: Sequence[Kept]) -> Sign:
        heard = self.fingerprint_of(speech)
        if not heard.has_a_block:
            return _unchecked(NEAR_REPLAY, "the turn is too short")
        least = min((difference(heard, kept.fingerprint) for kept in earlier), default=1.0)
        is_same = least < self.settings.near_replay
        said = "Part of the sound was" if is_same else "No part of the sound was"
        return self._sign(
            NEAR_REPLAY,
            risk=min(max(1 - least / _UNRELATED, 0.0), 1.0),
            is_spoof=is_same,
            reason=f"{said} heard before in an earlier recording.",
        )

    def _visits(self, subject: SubjectId, speech: Speech, now: datetime) -> tuple[Sign, ...]:
        length = timedelta(milliseconds=speech.waveform.duration_ms)
        visit = Visit(began_at=now - length, ended_at=now)
        earlier = self.store.visited(subject, visit)
        allowed = timedelta(milliseconds=self.settings.overlap_ms)
        overlaps = any(_overlap(visit, one) > allowed for one in earlier)
        lately = sum(now - one.ended_at < timedelta(hours=1) for one in earlier)
        too_many = lately >= self.settings.turns_an_hour
        return (
            self._sign(
                TWO_AT_ONCE,
                risk=float(overlaps),
                is_spoof=overlaps,
                reason="This subject speaks in two calls at once."
                if overlaps
                else "This subject speaks in one call at a time.",
            ),
            self._sign(
                TOO_MANY_TURNS,
                risk=min(lately / self.settings.turns_an_hour, 1.0),
                is_spoof=too_many,
                reason=f"{lately} turns of this subject were heard in the last hour.",
            ),
        )

    def _line(self, speech: Speech, earlier: Sequence[Kept]) -> Sign:
        now = line_sound(speech)
        known = [kept.line for kept in earlier if kept.line is not None]
        if now is None or not known:
            return _unchecked(OTHER_LINE, "there is too little to compare")
        distance_db = min(now.distance_db(one) for one in known)
        is_other = distance_db >= self.settings.other_line_db
        return self._sign(
            OTHER_LINE,
            risk=min(distance_db / (2 * self.settings.other_line_db), 1.0),
            is_spoof=is_other,
            reason=f"The line is {distance_db:.0f} dB from the nearest one known.",
        )

    def _made(self, detector: SpoofDetector, speech: Speech) -> Sign:
        opinion = detector.judge(speech)
        if opinion is None:
            return _unchecked(detector.name, "there is too little speech")
        sounds = "sounds" if opinion.is_spoof else "does not sound"
        return self._sign(
            detector.name,
            risk=opinion.risk,
            is_spoof=opinion.is_spoof,
            reason=f"The voice {sounds} made by a machine.",
        )

    def _sign(self, name: str, *, risk: float, is_spoof: bool, reason: str) -> Sign:
        may_gate = self.settings.mode is Mode.GATE and name in self.gating
        return Sign(name=name, risk=risk, is_spoof=is_spoof, may_gate=may_gate, reason=reason)


def _unchecked(name: str, why: str) -> Sign:
    """Nothing is known, so nothing is held against the caller."""
    return Sign(
        name=name,
        risk=0.0,
        is_spoof=False,
        may_gate=False,
        is_checked=False,
        reason=f"Not checked: {why}.",
    )


def _overlap(first: Visit, second: Visit) -> timedelta:
    return min(first.ended_at, second.ended_at) - max(first.began_at, second.began_at)


def _digest(speech: Speech) -> bytes:
    """Of the samples as 16 bits at 8 kHz, so that the container does not matter."""
    samples = resampled(speech.waveform, RATE_HZ).samples
    whole = np.rint(np.clip(samples, -1.0, 1.0) * 32767).astype("<i2")
    return hashlib.sha256(whole.tobytes()).digest()
