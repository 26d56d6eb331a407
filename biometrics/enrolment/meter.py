"""How far an enrolment has come, and what it needs next."""

from collections.abc import Sequence
from dataclasses import dataclass

from biometrics.calibration.calibration import Calibration
from biometrics.enrolment.one_voice import outliers
from biometrics.enrolment.take import Take
from biometrics.sound.poor import advice

OTHER_VOICE = "other_voice"
"""Code of a take that does not sound like the rest."""

_NOT_LIKE_THE_OTHERS = "It does not sound like the same person as the others."
_RECORD_AGAIN = "Please record it again."
_NOT_ONE_PERSON = "The recordings do not sound like one person."


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolSettings:
    """What a voiceprint is made from at the least."""

    recordings: int
    """Recordings; at least 2, since each is compared with the others."""

    net_ms: int
    """Speech, all recordings together."""

    recording_net_ms: int
    """Speech in each recording."""

    @property
    def fewest(self) -> int:
        return max(self.recordings, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What became of one take."""

    number: int
    """From 1, in the order they came."""

    net_speech_ms: int
    counts: bool
    codes: tuple[str, ...] = ()
    """Why it does not count: flaws of the sound, or `other_voice`."""

    reasons: tuple[str, ...] = ()
    """The same in words."""

    ask: tuple[str, ...] = ()
    """What to ask of whoever speaks."""

    is_narrowed: bool = False
    """It came from a studio; what a telephone line leaves of it was heard."""

    @property
    def told(self) -> str:
        """Reasons and wishes as one text; empty where it counts."""
        return " ".join((*self.reasons, *self.ask))


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """How far an enrolment has come."""

    takes: tuple[Mark, ...]
    net_speech_ms: int
    """Speech in the takes that count."""

    needed_ms: int
    recordings: int
    """Takes that count."""

    needed_recordings: int
    is_consistent: bool
    """The takes that count sound like one person; so does a single one."""

    @property
    def is_complete(self) -> bool:
        """A voiceprint can be made."""
        enough = self.net_speech_ms >= self.needed_ms and self.recordings >= self.needed_recordings
        return enough and self.is_consistent

    @property
    def percent(self) -> int:
        """Of what is needed; 100 exactly when a voiceprint can be made."""
        speech = self.net_speech_ms * 100 // max(self.needed_ms, 1)
        takes = self.recordings * 100 // self.needed_recordings
        return min(speech, takes, 100 if self.is_consistent else 99)

    @property
    def next(self) -> str:
        """What is needed next, for a person to read or hear."""
        if self.is_complete:
            return "Enough was heard."
        if not self.is_consistent:
            return f"{_NOT_ONE_PERSON} Please record once more, the same person alone."
        missing = self.needed_recordings - self.recordings
        missing_ms = self.needed_ms - self.net_speech_ms
        if missing <= 0:
            return f"{_up(missing_ms)} s more speech is needed."
        noun = "recording is" if missing == 1 else "recordings are"
        if missing_ms <= 0:
            return f"{missing} more {noun} needed."
        return f"{missing} more {noun} needed, and {_up(missing_ms)} s more speech."


def read_meter(
    takes: Sequence[Take], *, calibration: Calibration, settings: EnrolSettings
) -> Meter:
    """What the takes come to."""
    fit = [place for place, take in enumerate(takes) if take.voice is not None]
    voices = [take.voice for take in takes if take.voice is not None]
    apart = outliers(voices, [takes[place].net_ms for place in fit], calibration)
    others = {fit[place] for place in apart or ()}
    counted = [takes[place] for place in fit if place not in others]
    return Meter(
        takes=tuple(
            _mark(place + 1, take, is_other=place in others) for place, take in enumerate(takes)
        ),
        net_speech_ms=sum(take.net_ms for take in counted),
        needed_ms=settings.net_ms,
        recordings=len(counted),
        needed_recordings=settings.fewest,
        is_consistent=apart is not None,
    )


def _mark(number: int, take: Take, *, is_other: bool) -> Mark:
    if is_other:
        return Mark(
            number=number,
            net_speech_ms=take.net_ms,
            counts=False,
            codes=(OTHER_VOICE,),
            reasons=(_NOT_LIKE_THE_OTHERS,),
            ask=(_RECORD_AGAIN,),
            is_narrowed=take.is_narrowed,
        )
    return Mark(
        number=number,
        net_speech_ms=take.net_ms,
        counts=not take.poor,
        codes=tuple(poor.code.value for poor in take.poor),
        reasons=tuple(poor.reason for poor in take.poor),
        ask=tuple(advice(poor.code) for poor in take.poor),
        is_narrowed=take.is_narrowed,
    )


def _up(ms: int) -> str:
    """Seconds with one decimal, never less than `ms`."""
    return f"{-(-ms // 100) / 10:.1f}"
