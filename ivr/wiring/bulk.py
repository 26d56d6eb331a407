"""Encoding lists of recordings beforehand, put together."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from biometrics import (
    AuditKind,
    Codec,
    ConsentMissing,
    ConsentTextUnknown,
    Purpose,
    Said,
    StoreUnavailable,
    SubjectId,
    SubjectOptedOut,
    Take,
    VoiceProblem,
    Witness,
)
from biometrics.labelled import Labelled
from biometrics.records.consented_store import ConsentedStore
from ivr.bulk.crew import Crew, alone, processes
from ivr.bulk.folder import (
    Folder,
    begin,
    begun_at,
    check_made_with,
    destroy,
    folder_id,
    opened,
)
from ivr.bulk.hearing import Hearing, Known
from ivr.bulk.index import Index
from ivr.bulk.known_folders import KnownFolder, KnownFolders
from ivr.bulk.row import TAKEN_OUT, Line
from ivr.errors import BadEnrolmentList
from ivr.listen.turn import read_turn
from ivr.verify.enrol_many import ManyRoom
from ivr.verify.enrolment_list import Listed, stream_enrolment_list
from ivr.wiring.folder_keys import FolderKeys, key_name
from ivr.wiring.records import now

if TYPE_CHECKING:
    from ivr.wiring.house import House


_UNHEARD = frozenset(
    problem.code
    for problem in (BadEnrolmentList, ConsentMissing, ConsentTextUnknown, SubjectOptedOut)
) | {TAKEN_OUT}
"""Why a row was not listened to, or holds nothing any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A list that was read once to its end."""

    rows: int
    sha256: str

    @classmethod
    def of(cls, path: Path) -> Self:
        """Raises BadEnrolmentList: it cannot be read; nothing was begun."""
        rows = sum(1 for _ in stream_enrolment_list(path))
        if not rows:
            raise BadEnrolmentList("The list names nobody; it needs a row for each recording.")
        with path.open("rb") as file:
            return cls(rows=rows, sha256=hashlib.file_digest(file, "sha256").hexdigest())


@dataclass(frozen=True)
class Bulk:
    """Lists of recordings, and folders of what was heard in them."""

    house: "House"

    def folder(self, path: Path, wanted: Counted, codec: Codec, shard_rows: int) -> Folder:
        """For encoding into, new or gone on with; known and written down when this returns.

        Raises:
            BadBulkFolder: it was begun otherwise, or the list of folders is damaged.
            DiskReadOnly: it cannot be written to.
            StoreUnavailable: it cannot be written down, so nothing may be encoded.
        """
        made_with = self._made_with(codec) | {
            "list": wanted.sha256,
            "number_of_rows_in_a_shard": str(shard_rows),
        }
        # A key is made for what holds nothing yet: shards without one are another house's.
        seal_of = self.keys.find if any(path.glob("*.shard")) else self.keys.made
        folder = begin(path, made_with, seal_of, now=now())
        self._note(folder, AuditKind.ENCODED_KEPT)
        return folder

    def crew(self, codec: Codec, workers: int) -> Crew:
        """As many processes of this machine; one is this process."""
        if workers <= 1:
            return alone(partial(_hearing, self.house, codec))
        return processes(partial(_hearing_anew, codec), workers)

    def lines(self, path: Path) -> Iterator[Line]:
        """The list, with who may not be listened to."""
        allowed = _Allowed(self)
        for listed in stream_enrolment_list(path):
            code = allowed.code(listed) if listed.is_usable else BadEnrolmentList.code
            yield Line(subject=listed.subject, file=listed.file, path=listed.path, code=code)

    def many_room(self, room: ManyRoom, path: Path, codec: Codec) -> ManyRoom:
        """The room, which takes from the folder what was heard there.

        Raises:
            BadBulkFolder: it was made otherwise than this house would hear now, or is damaged.
            StoreUnavailable: it cannot be written down, so nothing was read.
        """
        check_made_with(path, self._made_with(codec))
        known = Known(
            index=Index.of(self._to_read(path)),
            sound=partial(read_turn, settings=self.house.settings.listen),
            codec=codec,
        )
        return replace(room, room=replace(room.room, known=known))

    def takes(self, path: Path, codec: Codec) -> Iterator[tuple[Labelled, Take | None]]:
        """Whose each recording of the folder is, and what was heard; those heard in vain too.

        Raises:
            BadBulkFolder: as `many_room`.
            StoreUnavailable: likewise.
        """
        check_made_with(path, self._made_with(codec))
        for row in (row for shard in self._to_read(path).shards() for row in shard):
            if row.heard or row.code not in _UNHEARD:
                take = row.heard.take if row.heard else None
                yield Labelled(person=row.subject, file=Path(row.file)), take

    def forget(self, path: Path) -> int:
        """Destroy the folder's key, then its files; how many shards there were.

        Raises:
            BadBulkFolder: there is no such folder; or the list of folders is damaged, in which
                case the key and the files are gone all the same.
            DiskReadOnly: the files cannot be removed; the key is destroyed, so they are noise.
            StoreUnavailable: it cannot be written down, so nothing was destroyed.
        """
        found = folder_id(path)
        self.keys.destroy(found, self._witness)
        count = destroy(path)
        self.known.discard(found)
        return count

    @property
    def keys(self) -> FolderKeys:
        return FolderKeys(self.house.voices)

    @cached_property
    def known(self) -> KnownFolders:
        """Every folder that was begun or opened here."""
        return KnownFolders(self.house.settings.home)

    def expires_at(self, folder: KnownFolder) -> datetime:
        """When the folder is to be destroyed."""
        return folder.begun_at + timedelta(days=self.house.settings.verify.encoded_days)

    def refusal(self, subject: SubjectId) -> VoiceProblem | None:
        """Why nobody may listen to the subject, as the ledger has it."""
        try:
            self._agreed.check_may_enrol(subject)
        except StoreUnavailable:
            raise
        except VoiceProblem as err:
            return err
        return None

    def text_is_known(self, said: Said) -> bool:
        return (said.text, said.language) in self._texts

    @cached_property
    def _agreed(self) -> ConsentedStore:
        return self.house.voices.records.agreed(self.house.voices.sealed)

    @cached_property
    def _texts(self) -> frozenset[tuple[str, str]]:
        texts = self.house.subjects.texts()
        known = (text for text in texts if text.purpose is Purpose.RECOGNITION)
        return frozenset((text.version, text.language) for text in known)

    def _made_with(self, codec: Codec) -> dict[str, str]:
        """All that decides what is heard in a recording, by its name in words."""
        voices, settings = self.house.voices, self.house.settings
        return {
            "encoder": f"{voices.encoder.id} {voices.encoder.weights_sha256}",
            "engine_of_the_encoder": settings.verify.engine,
            "calibration": hashlib.sha256(repr(voices.calibration).encode()).hexdigest(),
            "line": codec.value,
            "setting_of_what_a_turn_is": repr(settings.listen),
            "setting_of_what_an_enrolment_needs": repr(voices.enrolling.settings),
        }

    def _to_read(self, path: Path) -> Folder:
        folder = opened(path, self.keys.find)
        self._note(folder, AuditKind.ENCODED_READ)
        return folder

    def _note(self, folder: Folder, kind: AuditKind) -> None:
        """Known first, so that nothing is kept that no day destroys."""
        begun = begun_at(folder.path)
        self.known.add(folder.id, folder.path, min(begun, now()) if begun else now())
        self._witness.saw(kind, None, folder=key_name(folder.id))

    @property
    def _witness(self) -> Witness:
        return self.house.voices.records.witness("operator")


class _Allowed:
    """Who may be listened to; rows of one subject mostly follow each other."""

    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk
        self._subject, self._code = "", ""

    def code(self, listed: Listed) -> str:
        """Why not; empty where the ledger or the list tells of a consent that stands."""
        if listed.subject != self._subject or (self._code and listed.said):
            self._subject, self._code = listed.subject, self._asked(listed)
        return self._code

    def _asked(self, listed: Listed) -> str:
        refusal = self._bulk.refusal(listed.subject)
        if not isinstance(refusal, ConsentMissing):
            return refusal.code if refusal else ""
        if listed.said is None or self._bulk.house.subjects.has_withdrawn(listed.subject):
            return refusal.code
        return "" if self._bulk.text_is_known(listed.said) else ConsentTextUnknown.code


def _hearing(house: "House", codec: Codec) -> Hearing:
    return Hearing(
        read=house.places.read_recording,
        listen=house.voices.listen,
        enrolling=house.voices.enrolling,
        codec=codec,
    )


def _hearing_anew(codec: Codec) -> Hearing:
    """In a process of its own, which has neither keys nor database."""
    from ivr.wiring.house import House

    return _hearing(House.from_environment(), codec)
