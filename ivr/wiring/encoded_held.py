"""What folders of encoded voices hold on one subject."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from biometrics import EncodedPart, SubjectId
from ivr.bulk.folder import opened
from ivr.bulk.known_folders import KnownFolder
from ivr.errors import BadBulkFolder, DiskReadOnly
from ivr.wiring.bulk import Bulk
from ivr.wiring.folder_keys import FolderKeys, key_name

if TYPE_CHECKING:
    from ivr.wiring.house import House


@dataclass(frozen=True)
class EncodedHeld:
    """Asked when a person wants to know what is held."""

    house: "House"

    def on(self, subject: SubjectId) -> tuple[EncodedPart, ...]:
        """Every folder with recordings of the subject, and every one that cannot be looked into.

        All files of all folders are opened for it.

        Raises:
            BadBulkFolder: the list of folders is damaged.
            DiskReadOnly: it cannot be read.
            StoreUnavailable: keys cannot be asked.
        """
        return tuple(self._found(subject))

    def _found(self, subject: SubjectId) -> Iterator[EncodedPart]:
        bulk = Bulk(self.house)
        for folder in bulk.known.all():
            if bulk.keys.is_destroyed(folder.id):
                continue
            recordings = _recordings(folder, bulk.keys, subject)
            if recordings != 0:
                yield EncodedPart(
                    folder=key_name(folder.id),
                    begun_at=folder.begun_at,
                    expires_at=bulk.expires_at(folder),
                    recordings=recordings,
                )


def _recordings(known: KnownFolder, keys: FolderKeys, subject: SubjectId) -> int | None:
    """As the first place says that can be read whole; None where none can."""
    for path in known.paths:
        with suppress(BadBulkFolder, DiskReadOnly):
            folder = opened(path, keys.find)
            if folder.id == known.id:
                return sum(row.subject == subject for rows in folder.shards() for row in rows)
    return None
