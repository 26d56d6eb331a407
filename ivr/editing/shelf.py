"""Every version that was published, in a folder, and a pointer to the one in use."""

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from ivr.editing.document import Digest, DocumentName, digest_of
from ivr.editing.durable import disk, only_one, write
from ivr.editing.version import Version, read_manifest, write_manifest
from ivr.errors import EditedDamaged, EditedMeanwhile, UnknownVersion
from ivr.whole_files import flush

_MANIFEST = "version.json"
_NUMBER = re.compile(r"[0-9]{4,9}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A text that is to be published."""

    text: str = field(repr=False)
    seen: Digest | None
    """Of the text that its author began with; None where nothing was published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """Who publishes, and why."""

    author: str
    message: str = field(repr=False)
    at: datetime
    """Aware."""


class Shelf:
    """Versions of edited texts. Every process may read and publish at any time.

    A version is a folder of whole texts that never changes once it is there. Which one is in use
    is one small file that is replaced in a single step, so that nobody reads half of one version
    and half of another.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def pointer(self) -> Path:
        """Another file whenever another version is in use."""
        return self.folder / "current"

    def current(self) -> Version | None:
        """The one in use; None where nothing was published, or that was gone back to.

        Raises:
            EditedDamaged: it is not as it was published.
        """
        number = self._pointed()
        return self.version(number) if number else None

    def in_use(self) -> Path | None:
        """The folder of the version in use, its texts compared with their digests.

        Raises:
            EditedDamaged: one of them is not as it was published.
        """
        version = self.current()
        if version is None:
            return None
        for name in version.files:
            self.text(version, name)
        return self._folder_of(version.number)

    def versions(self) -> tuple[Version, ...]:
        """The latest first; one that cannot be read is left out."""
        found = []
        for number in sorted(self._numbers(), reverse=True):
            try:
                found.append(self.version(number))
            except EditedDamaged:
                continue
        return tuple(found)

    def version(self, number: int) -> Version:
        """Raises UnknownVersion where there is none, EditedDamaged where it cannot be read."""
        file = self._folder_of(number) / _MANIFEST
        try:
            return read_manifest(file.read_text("utf-8"), number=number)
        except FileNotFoundError as err:
            raise UnknownVersion(f"There is no version {number} of what was edited.") from err
        except (OSError, UnicodeDecodeError) as err:
            raise EditedDamaged(f"The list of version {number} cannot be read.") from err

    def text(self, version: Version | None, name: DocumentName) -> str | None:
        """What a document said in a version; None where that is its original.

        Raises:
            EditedDamaged: it is not as it was published.
        """
        if version is None or name not in version.files:
            return None
        try:
            text = (self._folder_of(version.number) / name).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as err:
            raise _damaged(version.number, name) from err
        if digest_of(text) != version.files[name]:
            raise _damaged(version.number, name)
        return text

    def publish(self, changes: Mapping[DocumentName, Change], publication: Publication) -> Version:
        """A new version of these and all other texts, in use from now on.

        Raises:
            EditedMeanwhile: somebody else has published one of them since.
            EditedDamaged: the version in use cannot be read.
            DiskReadOnly: it cannot be written; the version before is in use.
        """
        with disk(self.folder), only_one(self.folder):
            current = self.current()
            files = current.files if current else {}
            for name, change in changes.items():
                if files.get(name) != change.seen:
                    raise EditedMeanwhile(f"{name} was published by somebody else meanwhile.")
            texts = self._texts(current) | {name: one.text for name, one in changes.items()}
            return self._put(texts, publication, follows=current.number if current else 0)

    def go_back(self, number: int, publication: Publication) -> Version:
        """The texts of an old version once more, as a version of their own; 0 for the originals.

        Raises:
            UnknownVersion: there is none of this number.
            EditedDamaged: it is not as it was published.
            DiskReadOnly: as for `publish`.
        """
        with disk(self.folder), only_one(self.folder):
            old = self.version(number) if number else None
            return self._put(self._texts(old), publication, follows=self._pointed(), again=number)

    def _texts(self, version: Version | None) -> dict[DocumentName, str]:
        names = version.files if version else {}
        return {name: text for name in names if (text := self.text(version, name)) is not None}

    def _put(
        self,
        texts: Mapping[DocumentName, str],
        publication: Publication,
        *,
        follows: int,
        again: int = 0,
    ) -> Version:
        number = max([follows, *self._numbers()]) + 1
        version = Version(
            number=number,
            follows=follows,
            again=again,
            at=publication.at.astimezone(UTC),
            author=publication.author,
            message=publication.message,
            files={name: digest_of(text) for name, text in texts.items()},
        )
        self._lay_down(version, texts)
        write(self.pointer, f"{number:04}\n")
        return version

    def _lay_down(self, version: Version, texts: Mapping[DocumentName, str]) -> None:
        place = self._folder_of(version.number)
        part = place.with_name(f"{place.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        for name, text in texts.items():
            write(part / name, text)
        write(part / _MANIFEST, write_manifest(version))
        part.rename(place)
        flush(place.parent)

    def _pointed(self) -> int:
        try:
            found = self.pointer.read_text("utf-8").strip()
        except FileNotFoundError:
            return 0
        except (OSError, UnicodeDecodeError) as err:
            raise EditedDamaged("Which version is in use cannot be read.") from err
        if not _NUMBER.fullmatch(found):
            raise EditedDamaged("Which version is in use cannot be read.")
        return int(found)

    def _numbers(self) -> list[int]:
        folders = self._versions.glob("*") if self._versions.is_dir() else ()
        return [int(one.name) for one in folders if _NUMBER.fullmatch(one.name)]

    @property
    def _versions(self) -> Path:
        return self.folder / "versions"

    def _folder_of(self, number: int) -> Path:
        return self._versions / f"{number:04}"


def _damaged(number: int, name: DocumentName) -> EditedDamaged:
    return EditedDamaged(
        f"{name} of version {number} is not as it was published; go back to another version."
    )
