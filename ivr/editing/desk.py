"""Editing: drafts, what is wrong with them, publishing and going back."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime

from ivr.editing.difference import Difference, difference
from ivr.editing.document import MOST_LETTERS, Digest, Document, DocumentName, plain
from ivr.editing.drafts import Draft, Drafts
from ivr.editing.mirror import Mirror
from ivr.editing.shelf import Change, Publication, Shelf
from ivr.editing.trouble import Trouble
from ivr.editing.version import Version
from ivr.errors import EditRefused, UnknownDocument

Texts = Mapping[DocumentName, str]
"""Of a whole version; documents that are not in it say what they say originally."""

Check = Callable[[Texts, Document], tuple[Trouble, ...]]
"""What the house's own readers find wrong with a document among all texts."""

Announce = Callable[[str, str], AbstractContextManager[None]]
"""By whom and what: written into the audit trail before it is done."""

_MOST_OF_MESSAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A document as one person sees it."""

    document: Document
    published: str = field(repr=False)
    """What is in use."""

    seen: Digest | None
    """Of the published text; None where nobody has published one."""

    draft: Draft | None = None

    @property
    def text(self) -> str:
        return self.draft.text if self.draft else self.published

    @property
    def is_changed(self) -> bool:
        return self.text != self.published

    @property
    def is_overtaken(self) -> bool:
        """Somebody else has published it since the draft began."""
        return self.draft is not None and self.draft.seen != self.seen

    @property
    def difference(self) -> Difference:
        return difference(self.published, self.text)


@dataclass(frozen=True, kw_only=True)
class EditingDesk:
    """Where people edit. Every thread may use it."""

    documents: tuple[Document, ...]
    shelf: Shelf
    drafts: Drafts
    mirror: Mirror
    check: Check
    must_measure: Callable[[Texts, Document], None]
    """Raises EditRefused unless the text is measured well enough, where it has to be."""

    announce: Announce

    def document(self, name: str) -> Document:
        """Raises UnknownDocument: only what is listed is ever read or written."""
        found = next((one for one in self.documents if one.name == name), None)
        if found is None:
            raise UnknownDocument("Nothing of this name can be edited here.")
        return found

    def sheets(self, person: str) -> tuple[Sheet, ...]:
        """Everything, as `person` sees it."""
        return tuple(self.sheet(person, one.name) for one in self.documents)

    def sheet(self, person: str, name: str) -> Sheet:
        """Raises UnknownDocument, EditedDamaged."""
        document = self.document(name)
        current = self.shelf.current()
        text = self.shelf.text(current, document.name)
        return Sheet(
            document=document,
            published=plain(document.original()) if text is None else text,
            seen=current.files.get(document.name) if current else None,
            draft=self.drafts.find(person, document.name),
        )

    def save(self, person: str, name: str, text: str, seen: str) -> Sheet:
        """Keep a draft. `seen` is the digest the page was made with, empty for none.

        Raises:
            UnknownDocument, DiskReadOnly.
            EditRefused: it is far too long.
        """
        document = self.document(name)
        if len(text) > MOST_LETTERS:
            raise EditRefused(f"A text has at most {MOST_LETTERS} letters.")
        draft = Draft(name=document.name, text=plain(text), seen=Digest(seen) if seen else None)
        self.drafts.put(person, draft)
        return self.sheet(person, name)

    def begin_again(self, person: str, name: str) -> None:
        """Drop the draft."""
        self.drafts.drop(person, self.document(name).name)

    def troubles(self, sheet: Sheet) -> tuple[Trouble, ...]:
        """What keeps it from being published."""
        return self.check(self._texts_with(sheet), sheet.document)

    def texts(self, sheet: Sheet) -> Texts:
        """All texts as they would be with this one published."""
        return self._texts_with(sheet)

    def publish(self, person: str, name: str, message: str, now: datetime) -> Version:
        """Put somebody's draft into use.

        Raises:
            EditRefused: nothing is changed, something is wrong with it, or it was not measured.
            EditedMeanwhile: somebody else was quicker; the draft stays.
            StoreUnavailable: it could not be written down, so it was not done.
        """
        sheet = self.sheet(person, name)
        if not sheet.is_changed or sheet.draft is None:
            raise EditRefused("The draft says what is in use already.")
        if found := self.troubles(sheet):
            raise EditRefused(found[0].sentence)
        self.must_measure(self._texts_with(sheet), sheet.document)
        why = _message(message)
        change = Change(text=sheet.text, seen=sheet.draft.seen)
        with self.announce(person, "published"):
            version = self.shelf.publish(
                {sheet.document.name: change}, Publication(author=person, message=why, at=now)
            )
        self.drafts.drop(person, sheet.document.name)
        self._show(version)
        return version

    def go_back(self, person: str, number: int, now: datetime) -> Version:
        """Publish an old version again; 0 is the originals.

        Raises:
            UnknownVersion, EditedDamaged, DiskReadOnly.
            EditRefused: its texts do not fit what the house is today.
            StoreUnavailable: it could not be written down, so it was not done.
        """
        old = self.shelf.version(number) if number else None
        texts = self._published(old)
        for document in self.documents:
            if found := self.check(texts, document):
                raise EditRefused(found[0].sentence)
        with self.announce(person, "went_back"):
            version = self.shelf.go_back(
                number, Publication(author=person, message=f"Back to {number}", at=now)
            )
        self._show(version)
        return version

    def history(self) -> tuple[Version, ...]:
        """The latest first."""
        return self.shelf.versions()

    def changes(self, number: int) -> Mapping[DocumentName, Difference]:
        """What a version changed against the one before.

        Raises:
            UnknownVersion, EditedDamaged.
        """
        version = self.shelf.version(number)
        before = self.shelf.version(version.follows) if version.follows else None
        return {
            name: difference(self._said(before, name), self._said(version, name))
            for name in version.changed_from(before)
        }

    def _show(self, version: Version) -> None:
        texts = self._published(version)
        names = [one.name for one in self.documents]
        self.mirror.show(version, texts, gone=[name for name in names if name not in texts])

    def _said(self, version: Version | None, name: DocumentName) -> str:
        text = self.shelf.text(version, name)
        known = next((one for one in self.documents if one.name == name), None)
        return text if text is not None else plain(known.original()) if known else ""

    def _published(self, version: Version | None) -> dict[DocumentName, str]:
        names = version.files if version else {}
        found = ((name, self.shelf.text(version, name)) for name in names)
        return {name: text for name, text in found if text is not None}

    def _texts_with(self, sheet: Sheet) -> dict[DocumentName, str]:
        texts = self._published(self.shelf.current())
        return texts | {sheet.document.name: sheet.text}


def _message(text: str) -> str:
    """One line, without what hides or moves letters."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    if not line:
        raise EditRefused("Say in a few words why it is changed.")
    return line[:_MOST_OF_MESSAGE]
