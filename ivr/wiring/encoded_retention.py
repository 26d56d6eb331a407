"""Folders of encoded voices that are over destroyed, and people taken out of the others."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from biometrics import AuditKind, StoreUnavailable, SubjectId, Witness
from ivr.bulk.folder import destroy, folder_id, opened
from ivr.bulk.gone import TakenOut, take_out
from ivr.bulk.known_folders import KnownFolder
from ivr.errors import BadBulkFolder, CallProblem, DiskReadOnly, NoBulkFolder
from ivr.wiring.bulk import Bulk
from ivr.wiring.folder_keys import key_name
from ivr.wiring.gone import Gone

if TYPE_CHECKING:
    from ivr.wiring.house import House


@dataclass(slots=True, kw_only=True)
class Done:
    """What was done, in numbers."""

    known: int = 0
    """Folders that there were."""

    destroyed: int = 0
    rows: int = 0
    """Recordings of people who were taken out."""

    shards: int = 0
    """Files that were written anew for that."""

    told: list[str] = field(default_factory=list)
    """What an operator has to know, a sentence each."""

    failed: int = 0
    """Places out of which somebody may not have been taken."""


@dataclass(frozen=True)
class EncodedRetention:
    """What time asks of folders, run once a day."""

    house: "House"

    def expire(self, now: datetime) -> Done:
        """Destroy the folders whose time is over, and take people out of the others.

        One place that cannot be changed keeps no other from it.

        Raises:
            BadBulkFolder: the list of folders is damaged; nothing was done.
            DiskReadOnly: the list cannot be read or written.
            StoreUnavailable: something cannot be written down, so it was not done.
        """
        done = Done()
        for folder in self._bulk.known.all():
            done.known += 1
            is_destroyed = self._bulk.keys.is_destroyed(folder.id)
            if is_destroyed or self._bulk.expires_at(folder) <= now:
                self._destroy(folder, done, is_destroyed=is_destroyed)
            else:
                self._take_out(folder, done)
        return done

    def _destroy(self, folder: KnownFolder, done: Done, *, is_destroyed: bool) -> None:
        """The key first: a copy that nobody knows of is noise then too."""
        if not is_destroyed:
            self._bulk.keys.destroy(folder.id, self._witness)
        for path in folder.paths:
            try:
                if folder_id(path) == folder.id:
                    destroy(path)
            except NoBulkFolder:
                continue
            except (BadBulkFolder, DiskReadOnly) as err:
                done.told.append(
                    f"{err.sentence} Its key is destroyed, so what is left there is noise; "
                    "remove it."
                )
        self._bulk.known.discard(folder.id)
        done.destroyed += 1

    def _take_out(self, folder: KnownFolder, done: Done) -> None:
        for path in folder.paths:
            try:
                taken = self._taken_out(folder, path)
            except NoBulkFolder:
                done.told.append(
                    f"{path} is not there, so nobody was taken out of it. If it was moved, run "
                    "ivr bulk evaluate with it; its key is destroyed in time wherever it is."
                )
            except (BadBulkFolder, DiskReadOnly) as err:
                done.told.append(f"{err.sentence} Nobody more was taken out of {path}.")
                done.failed += 1
            else:
                self._count(path, taken, done)

    def _taken_out(self, known: KnownFolder, path: Path) -> TakenOut:
        if folder_id(path) != known.id:
            raise NoBulkFolder(f"{path} is another folder by now.")
        folder = opened(path, self._bulk.keys.find)

        @contextmanager
        def taking(subjects: AbstractSet[str]) -> Iterator[None]:
            with ExitStack() as announced:
                for subject in sorted(subjects):
                    announced.enter_context(self._announced(SubjectId(subject), folder.id))
                yield

        is_gone = partial(Gone(self.house.voices).may_not_stay, since=known.begun_at)
        return take_out(folder, is_gone, taking)

    @contextmanager
    def _announced(self, subject: SubjectId, folder: str) -> Iterator[None]:
        """As a witness announces; a disk that refuses is told of too."""
        kind, witness = AuditKind.ENCODED_REMOVED, self._witness
        with witness.announced(kind, subject, folder=key_name(folder)):
            try:
                yield
            except CallProblem as err:
                with suppress(StoreUnavailable):
                    witness.saw(AuditKind.FAILED, subject, what=kind, why=err.code)
                raise

    @staticmethod
    def _count(path: Path, taken: TakenOut, done: Done) -> None:
        done.rows += taken.rows
        done.shards += taken.shards
        if taken.damaged:
            done.told.append(
                f"{taken.damaged} files in {path} are damaged, so nobody was taken out of them. "
                "Encode again into the same folder, or destroy it with ivr bulk forget."
            )
            done.failed += 1

    @property
    def _witness(self) -> Witness:
        return self.house.voices.records.witness("retention")

    @cached_property
    def _bulk(self) -> Bulk:
        return Bulk(self.house)
