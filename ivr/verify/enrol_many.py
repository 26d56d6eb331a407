"""Many people enrolled one after the other; what is done stays done when it is interrupted."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from biometrics import (
    Codec,
    ConsentMissing,
    ConsentTextUnknown,
    PoorRecording,
    Said,
    SamplesDisagree,
    SubjectId,
    SubjectOptedOut,
    TooLittleSpeech,
)
from ivr.errors import BadEnrolmentList, DiskReadOnly, RefusedRecording
from ivr.verify.enrolling import Enrolled, EnrolRoom, enrol_all
from ivr.verify.enrolment_list import Wanted

_OF_ONE_PERSON = (
    ConsentMissing,
    ConsentTextUnknown,
    PoorRecording,
    RefusedRecording,
    SamplesDisagree,
    SubjectOptedOut,
    TooLittleSpeech,
)
"""What keeps one subject from being enrolled and says nothing about the next. Everything else, such
as a store that is gone, would keep everybody out, and ends the run."""

_WITHDRAWN = (
    "This person has withdrawn their consent, and a list does not give it back. If they agree "
    "again, write it down with ivr voiceprint consent."
)


class Outcome(StrEnum):
    """What became of a subject of the list."""

    ENROLLED = "enrolled"
    REFUSED = "refused"
    SKIPPED = "skipped"
    """Enrolled from the same files before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the report."""

    subject: SubjectId
    outcome: Outcome
    code: str = ""
    """Why it was refused, for machines."""

    reason: str = ""
    """The same for people."""

    recordings: int = 0
    """Recordings the voiceprint was made from."""

    net_speech_ms: int = 0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyRoom:
    """What enrolling many people needs from the rest of the house."""

    room: EnrolRoom
    read: Callable[[Path], bytes]
    """A recording's bytes; raises RefusedRecording."""

    agree: Callable[[SubjectId, Said, datetime], object]
    """Writes a consent down."""

    has_withdrawn: Callable[[SubjectId], bool]
    clock: Callable[[], datetime]


class Done:
    """Who is enrolled already, from which files: ids and hashes, a line each in their own file.

    Raises:
        BadEnrolmentList: the file is none that was written here.
        DiskReadOnly: it cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._digests = self._read()

    def has(self, subject: SubjectId, digest: str) -> bool:
        return self._digests.get(subject) == digest

    def add(self, subject: SubjectId, digest: str) -> None:
        """On the disk when this returns; however many there are, it is one line more."""
        self._digests[subject] = digest
        line = json.dumps({"subject": subject, "digest": digest}) + "\n"
        try:
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                out.write(line)
                out.flush()
                os.fsync(out.fileno())
        except OSError as err:
            raise DiskReadOnly(f"{self._path} cannot be written.") from err

    def _read(self) -> dict[str, str]:
        try:
            data = self._path.read_bytes()
            whole = data[: data.rfind(b"\n") + 1]
            found = [json.loads(line) for line in whole.splitlines()]
            digests = {str(one["subject"]): str(one["digest"]) for one in found}
            if len(whole) < len(data):
                self._cut(data, len(whole))
        except FileNotFoundError:
            return {}
        except OSError as err:
            raise DiskReadOnly(f"{self._path} cannot be read.") from err
        except (ValueError, KeyError, TypeError) as err:
            raise self._unfit() from err
        return digests

    def _cut(self, data: bytes, length: int) -> None:
        """Take away a line that was being written when the machine stopped."""
        if not data[length:].startswith(b'{"subject"'[: len(data) - length]):
            raise self._unfit()
        os.truncate(self._path, length)

    def _unfit(self) -> BadEnrolmentList:
        return BadEnrolmentList(
            f"{self._path} is no list of who is enrolled already; remove it to begin again."
        )


def enrol_many(
    wanted: Iterable[Wanted], house: ManyRoom, done: Done, *, codec: Codec
) -> Iterator[Entry]:
    """Each subject by itself: one that is refused keeps nobody else out.

    Raises:
        VoiceProblem: nobody can be enrolled at present; whoever was enrolled before stays so.
        CallProblem: likewise.
    """
    for one in wanted:
        try:
            yield _entry(one, house, done, codec)
        except _OF_ONE_PERSON as err:
            yield Entry(
                subject=one.subject, outcome=Outcome.REFUSED, code=err.code, reason=err.sentence
            )


def _entry(one: Wanted, house: ManyRoom, done: Done, codec: Codec) -> Entry:
    if one.wrong:
        code = BadEnrolmentList.code
        return Entry(subject=one.subject, outcome=Outcome.REFUSED, code=code, reason=one.wrong)
    recordings = [house.read(file) for file in one.files]
    digest = _digest(recordings, codec, house.room.enrolling().encoder.id)
    if done.has(one.subject, digest) and house.room.find(one.subject) is not None:
        return Entry(subject=one.subject, outcome=Outcome.SKIPPED)
    if one.said is not None:
        _write_down(one.subject, one.said, house)
    enrolled = enrol_all(house.room, one.subject, recordings, now=house.clock(), codec=codec)
    done.add(one.subject, digest)
    return Entry(
        subject=one.subject,
        outcome=Outcome.ENROLLED,
        recordings=enrolled.voiceprint.recordings,
        net_speech_ms=enrolled.voiceprint.net_speech_ms,
        warnings=warnings(enrolled),
    )


def warnings(enrolled: Enrolled) -> tuple[str, ...]:
    """For operators at this machine alone: they name other subjects."""
    return tuple(
        f"{alike.subject} sounds like this subject (log-likelihood ratio {alike.llr:.1f}); have "
        "somebody look at both."
        for alike in enrolled.lookalikes
    )


def _write_down(subject: SubjectId, said: Said, house: ManyRoom) -> None:
    if house.has_withdrawn(subject):
        raise ConsentMissing(_WITHDRAWN)
    house.agree(subject, said, house.clock())


def _digest(recordings: Iterable[bytes], codec: Codec, encoder: str) -> str:
    """Of all that a voiceprint is made from."""
    found = hashlib.sha256(f"{codec.value} {encoder}".encode())
    for recording in recordings:
        found.update(hashlib.sha256(recording).digest())
    return found.hexdigest()
