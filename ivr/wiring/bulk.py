"""Encoding lists of recordings beforehand, put together."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from biometrics import (
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
)
from biometrics.labelled import Labelled
from biometrics.records.consented_store import ConsentedStore
from biometrics.vault.vault import Opened
from ivr.bulk.crew import Crew, alone, processes
from ivr.bulk.folder import Folder, begin, check_made_with, destroy, folder_id, opened
from ivr.bulk.hearing import Hearing, Known
from ivr.bulk.index import Index
from ivr.bulk.row import Line
from ivr.errors import BadBulkFolder, BadEnrolmentList
from ivr.listen.turn import read_turn
from ivr.seal import Seal
from ivr.verify.enrol_many import ManyRoom
from ivr.verify.enrolment_list import Listed, stream_enrolment_list

if TYPE_CHECKING:
    from ivr.wiring.house import House


_UNHEARD = frozenset(
    problem.code
    for problem in (BadEnrolmentList, ConsentMissing, ConsentTextUnknown, SubjectOptedOut)
)
"""Why a row was not listened to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderSeal:
    """Seals under a key of the vault that is one folder's, so that it can be destroyed alone."""

    opened: Opened

    def seal(self, plain: bytes, *, bound_to: bytes) -> bytes:
        return self.opened.seal(bound_to.decode(), plain)

    def unseal(self, sealed: bytes, *, bound_to: bytes) -> bytes:
        return self.opened.unseal(bound_to.decode(), sealed)[0]


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
        """For encoding into, new or gone on with; raises BadBulkFolder, DiskReadOnly."""
        made_with = self._made_with(codec) | {
            "list": wanted.sha256,
            "number_of_rows_in_a_shard": str(shard_rows),
        }
        return begin(path, made_with, self._seal_of)

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
        """
        check_made_with(path, self._made_with(codec))
        known = Known(
            index=Index.of(opened(path, self._seal_of)),
            sound=partial(read_turn, settings=self.house.settings.listen),
            codec=codec,
        )
        return replace(room, room=replace(room.room, known=known))

    def takes(self, path: Path, codec: Codec) -> Iterator[tuple[Labelled, Take | None]]:
        """Whose each recording of the folder is, and what was heard; those heard in vain too.

        Raises:
            BadBulkFolder: as `many_room`.
        """
        check_made_with(path, self._made_with(codec))
        for row in (row for shard in opened(path, self._seal_of).shards() for row in shard):
            if row.heard or row.code not in _UNHEARD:
                take = row.heard.take if row.heard else None
                yield Labelled(person=row.subject, file=Path(row.file)), take

    def forget(self, path: Path) -> int:
        """Destroy the folder's key, then its files; how many shards there were."""
        _ = self.house.voices.sealed
        self.house.voices.keys.vault.destroy(_key_name(folder_id(path)))
        return destroy(path)

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

    def _seal_of(self, folder: str) -> Seal:
        # The store comes first: opening it makes the keys where there are none yet.
        _ = self.house.voices.sealed
        vault = self.house.voices.keys.vault
        found = vault.find(_key_name(folder))
        if found is None:
            found = vault.find_or_make(_key_name(folder))
        if not isinstance(found, Opened):
            raise BadBulkFolder(
                "The folder's key was destroyed; what it holds is noise. Remove it."
            )
        return FolderSeal(opened=found)


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


def _key_name(folder: str) -> SubjectId:
    return SubjectId(f"encoded.{folder}")


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
