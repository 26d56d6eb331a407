"""Texts that somebody is working on: each person's own, used by no call."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from ivr.editing.document import Digest, DocumentName
from ivr.editing.durable import disk, write
from ivr.errors import EditedDamaged


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A text that is not published."""

    name: DocumentName
    text: str = field(repr=False)
    seen: Digest | None
    """Of the published text it began with; None where nothing was published."""


class Drafts:
    """Drafts of everybody. `person` is an account's id, which is a safe name of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "drafts"

    def put(self, person: str, draft: Draft) -> None:
        """Keep it in place of the one before.

        Raises:
            DiskReadOnly: it cannot be kept.
        """
        file = self._file(person, draft.name)
        with disk(self._folder):
            write(file, json.dumps({"seen": draft.seen, "text": draft.text}, ensure_ascii=False))

    def find(self, person: str, name: DocumentName) -> Draft | None:
        """Raises EditedDamaged where it cannot be read."""
        try:
            content = json.loads(self._file(person, name).read_text("utf-8"))
            seen = content["seen"]
            return Draft(name=name, text=str(content["text"]), seen=seen and Digest(str(seen)))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as err:
            raise EditedDamaged(f"The draft of {name} cannot be read; drop it.") from err

    def drop(self, person: str, name: DocumentName) -> bool:
        """Whether there was one."""
        file = self._file(person, name)
        was_there = file.exists()
        with disk(self._folder):
            file.unlink(missing_ok=True)
        return was_there

    def _file(self, person: str, name: DocumentName) -> Path:
        return self._folder / person / f"{name.replace('/', '_')}.json"
