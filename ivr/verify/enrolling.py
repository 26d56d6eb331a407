"""From recordings to a voiceprint that is kept: the guards before, the warnings after."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from biometrics import (
    Codec,
    ConsentEntry,
    Enrolling,
    Lookalike,
    Lookalikes,
    Meter,
    OptedOut,
    Speech,
    StoreUnavailable,
    SubjectId,
    Take,
    Voiceprint,
    VoiceprintStore,
    VoiceProblem,
    with_take,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """A voiceprint that was made and kept."""

    voiceprint: Voiceprint
    lookalikes: tuple[Lookalike, ...] = ()
    """Other subjects who sound alike. It keeps nobody out: a person has to look at it."""


def _untold(_subject: SubjectId, _code: str) -> None:
    """Where nobody keeps a list."""


def _unknown(_recording: bytes, _codec: Codec) -> Take | None:
    """Where nothing was heard beforehand."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolRoom:
    """What an enrolment needs from the rest of the house. Shared by every way to enrol."""

    may_enrol: Callable[[SubjectId], ConsentEntry | None]
    """The consent that an enrolment rests on; raises ConsentMissing, SubjectOptedOut or
    StoreUnavailable. Asked before a voice is listened to."""

    store: VoiceprintStore
    listen: Callable[[bytes], Speech]
    enrolling: Callable[[], Enrolling]
    """Loads the encoder when it is first asked for."""

    remember: Callable[[SubjectId, Speech, datetime], None]
    """An enrolled recording is an earlier one from then on: played again it is noticed."""

    lookalikes: Lookalikes | None = None
    """Looks for other subjects of the same voice; None where that is switched off."""

    refused: Callable[[SubjectId, str], None] = _untold
    """Told the code of why something of a subject could not be enrolled."""

    known: Callable[[bytes, Codec], Take | None] = _unknown
    """What was heard in the same file before, by the same encoder and with the same settings."""

    def agreed(self, subject: SubjectId) -> ConsentEntry | None:
        """As `may_enrol`, and a refusal is told of."""
        with self._telling(subject):
            return self.may_enrol(subject)

    def find(self, subject: SubjectId) -> Voiceprint | None:
        """The voiceprint that is kept."""
        found = self.store.get(subject)
        return None if isinstance(found, OptedOut) else found

    def hear(self, subject: SubjectId, recording: bytes, codec: Codec) -> Take:
        """A WAV file as a take.

        Raises:
            CallProblem: the file is no recording.
        """
        take = self.known(recording, codec)
        if take is None:
            take = self.enrolling().hear(self.listen(recording), codec)
        for poor in take.poor:
            self.refused(subject, poor.code)
        return take

    def keep(self, subject: SubjectId, takes: Sequence[Take], now: datetime) -> Enrolled:
        """Make the voiceprint and keep it.

        Raises:
            VoiceProblem: the takes are refused, or the store is; no voiceprint was kept.
        """
        enrolling = self.enrolling()
        with self._telling(subject):
            voiceprint = enrolling.voiceprint(subject, takes, now=now)
        alike = self.lookalikes(voiceprint) if self.lookalikes else ()
        # A voiceprint whose own recordings could be played to it unnoticed must not be there.
        for take in enrolling.counted(takes):
            if take.speech is not None:
                self.remember(subject, take.speech, now)
        self.store.put(voiceprint)
        return Enrolled(voiceprint=voiceprint, lookalikes=alike)

    @contextmanager
    def _telling(self, subject: SubjectId) -> Iterator[None]:
        try:
            yield
        except StoreUnavailable:
            raise
        except VoiceProblem as err:
            self.refused(subject, err.code)
            raise


def enrol_all(  # noqa: PLR0913 - who, from what, when, over which line, and who watches
    room: EnrolRoom,
    subject: SubjectId,
    recordings: Iterable[bytes],
    *,
    now: datetime,
    codec: Codec = Codec.MULAW,
    told: Callable[[int, Meter], None] = lambda _recording, _meter: None,
) -> Enrolled:
    """Enrol from WAV files; `told` hears how far it has come after each, counted from 1.

    A voiceprint that is there is replaced.

    Raises:
        VoiceProblem: the recordings are refused, or the store is; no voiceprint was kept.
        CallProblem: a file is no recording.
    """
    room.agreed(subject)
    takes: tuple[Take, ...] = ()
    for number, recording in enumerate(recordings, start=1):
        takes = with_take(takes, room.hear(subject, recording, codec))
        told(number, room.enrolling().meter(takes))
    return room.keep(subject, takes, now)
