"""Enrolments that are going on: takes add up from request to request, in memory only."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from biometrics import (
    Codec,
    ConsentEntry,
    ConsentMissing,
    EncoderId,
    Meter,
    SubjectId,
    SubjectOptedOut,
    Take,
    Voiceprint,
    with_take,
)
from ivr.errors import AlreadyEnrolled, EnrolmentBusy, TooManyTakes
from ivr.verify.enrolling import EnrolRoom

_MOST_TAKES = 20
"""An enrolment needs about three; whoever sends so many is helped by a person, or is guessing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentSettings:
    """How much is kept in memory, and for how long."""

    capacity: int
    """Enrolments; the oldest are forgotten for new ones."""

    idle: timedelta
    """One that nothing was added to for so long is forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the enrolment of a subject has come."""

    meter: Meter
    encoder: EncoderId | None
    """Of the voiceprint that is kept; None where there is none."""

    is_finished: bool = False
    """The takes were enough, and the voiceprint was made from them."""

    lookalikes: int = 0
    """Other subjects who sound like the voiceprint that was made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finished:
    """What is left of an enrolment once it is done: no sound, no voice."""

    enrolled_at: datetime
    progress: Progress


@dataclass(slots=True, kw_only=True)
class _Open:
    changed_at: datetime
    consent: ConsentEntry | None
    takes: tuple[Take, ...] = field(default=(), repr=False)
    files: frozenset[str] = field(default=frozenset(), repr=False)
    """SHA-256 of the files that came."""

    finished: _Finished | None = None
    turn: Lock = field(default_factory=Lock)

    def begin_again(self, consent: ConsentEntry | None) -> None:
        self.consent, self.takes, self.files, self.finished = consent, (), frozenset(), None


class Enrolments:
    """Keeps takes of unfinished enrolments in this process alone; they never rest on a disk.

    Every method asks for the consent first, and forgets the takes where there is none.
    """

    def __init__(self, room: EnrolRoom, settings: EnrolmentSettings) -> None:
        self._room = room
        self._settings = settings
        self._open: OrderedDict[SubjectId, _Open] = OrderedDict()
        self._changing = Lock()

    def add(
        self,
        subject: SubjectId,
        recordings: Sequence[bytes],
        *,
        codec: Codec,
        may_replace: bool,
        now: datetime,
    ) -> Progress:
        """Add takes, all of them or none; once they are enough the voiceprint is made and kept.

        Files that came before change nothing, and what they led to is answered again.

        Raises:
            ConsentMissing: nobody may be listened to who has not agreed; the takes are forgotten.
            SubjectOptedOut: the subject has refused; the takes are forgotten.
            AlreadyEnrolled: there is a voiceprint, and it may not be replaced.
            EnrolmentBusy: another request of the same subject is being answered.
            TooManyTakes: so many were sent without a voiceprint to show for it.
            StoreUnavailable: nothing was kept; the takes are as they were before.
            CallProblem: a file is no recording; likewise.
        """
        consent = self._consent(subject, self._room.agreed)
        with self._alone(subject, consent, now) as mine:
            found = self._room.find(subject)
            files = {_file_digest(data, codec): data for data in recordings}
            fresh = {digest: data for digest, data in files.items() if digest not in mine.files}
            if not fresh and _is_of(mine.finished, found):
                return mine.finished.progress  # type: ignore[union-attr]
            if found is not None and not may_replace:
                raise AlreadyEnrolled(
                    "There is a voiceprint of this subject already. Send existing=overwrite to "
                    "replace it, or erase it first."
                )
            if mine.finished is not None:
                mine.begin_again(consent)
                fresh = files
            return self._added(subject, mine, fresh, codec=codec, found=found, now=now)

    def look(self, subject: SubjectId, *, now: datetime) -> Progress:
        """How far the enrolment has come; that of nobody has not begun. Raises as `add` does."""
        self.forget_the_old(now)
        consent = self._consent(subject, self._room.may_enrol)
        found = self._room.find(subject)
        with self._changing:
            mine = self._open.get(subject)
        if mine is None or mine.consent != consent:
            return self._progress((), found)
        if mine.finished is not None and _is_of(mine.finished, found):
            return mine.finished.progress
        return self._progress(mine.takes, found)

    def forget(self, subject: SubjectId) -> None:
        """Throw the takes away; those of nobody too."""
        with self._changing:
            self._open.pop(subject, None)

    def forget_the_old(self, now: datetime) -> None:
        """Let go of enrolments that nobody goes on with."""
        with self._changing:
            old = [
                subject
                for subject, mine in self._open.items()
                if now - mine.changed_at > self._settings.idle and not mine.turn.locked()
            ]
            for subject in old:
                del self._open[subject]

    def _added(  # noqa: PLR0913 - what came, what was there, and when
        self,
        subject: SubjectId,
        mine: _Open,
        fresh: dict[str, bytes],
        *,
        codec: Codec,
        found: Voiceprint | None,
        now: datetime,
    ) -> Progress:
        if len(mine.takes) + len(fresh) > _MOST_TAKES:
            raise TooManyTakes(
                f"An enrolment has at most {_MOST_TAKES} recordings. Throw them away "
                "(DELETE /v1/subjects/{id}/enrolment) and begin again."
            )
        takes = mine.takes
        for data in fresh.values():
            takes = with_take(takes, self._room.hear(subject, data, codec))
        progress = self._progress(takes, found)
        if not progress.meter.is_complete:
            mine.takes, mine.files, mine.changed_at = takes, mine.files | set(fresh), now
            return progress
        enrolled = self._room.keep(subject, takes, now)
        progress = Progress(
            meter=progress.meter,
            encoder=enrolled.voiceprint.encoder,
            is_finished=True,
            lookalikes=len(enrolled.lookalikes),
        )
        mine.takes, mine.files, mine.changed_at = (), mine.files | set(fresh), now
        mine.finished = _Finished(enrolled_at=enrolled.voiceprint.enrolled_at, progress=progress)
        return progress

    def _progress(self, takes: Sequence[Take], found: Voiceprint | None) -> Progress:
        return Progress(
            meter=self._room.enrolling().meter(takes),
            encoder=None if found is None else found.encoder,
        )

    def _consent(
        self, subject: SubjectId, ask: Callable[[SubjectId], ConsentEntry | None]
    ) -> ConsentEntry | None:
        try:
            return ask(subject)
        except (ConsentMissing, SubjectOptedOut):
            self.forget(subject)
            raise

    @contextmanager
    def _alone(
        self, subject: SubjectId, consent: ConsentEntry | None, now: datetime
    ) -> Iterator[_Open]:
        """The subject's enrolment, for one request at a time. An empty one leaves nothing."""
        self.forget_the_old(now)
        with self._changing:
            mine = self._open.setdefault(subject, _Open(changed_at=now, consent=consent))
            if not mine.turn.acquire(blocking=False):
                raise EnrolmentBusy(
                    "Another recording of this subject is being listened to; wait for its answer."
                )
            self._open.move_to_end(subject)
            self._make_room()
        try:
            # Takes that an earlier consent allowed do not count under a later one.
            if mine.consent != consent:
                mine.begin_again(consent)
            yield mine
        except (ConsentMissing, SubjectOptedOut):
            mine.begin_again(None)
            raise
        finally:
            with self._changing:
                if not mine.takes and mine.finished is None and self._open.get(subject) is mine:
                    del self._open[subject]
            mine.turn.release()

    def _make_room(self) -> None:
        idle = [subject for subject, mine in self._open.items() if not mine.turn.locked()]
        for subject in idle[: max(len(self._open) - self._settings.capacity, 0)]:
            del self._open[subject]


def _is_of(finished: _Finished | None, found: Voiceprint | None) -> bool:
    """Whether the voiceprint that is kept is the one that was made then."""
    if finished is None or found is None:
        return False
    return found.enrolled_at == finished.enrolled_at


def _file_digest(data: bytes, codec: Codec) -> str:
    return hashlib.sha256(codec.value.encode() + b" " + data).hexdigest()
