"""One published state of all edited texts, and the list of it that lies beside them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ivr.editing.document import Digest, DocumentName
from ivr.errors import EditedDamaged

_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)
"""Whatever reading JSON of another shape ends with; Infinity is a number there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """Who published what and when. Every version is whole: it holds the unchanged texts too."""

    number: int
    """1 for the first; 0 stands for the texts nobody has edited."""

    follows: int
    at: datetime
    """Aware, UTC."""

    author: str
    """The id of an account, or operator on the command line."""

    message: str = field(repr=False)
    """Why, in the author's words."""

    files: Mapping[DocumentName, Digest]
    again: int = 0
    """The version whose texts these are once more; 0 where they are new."""

    def changed_from(self, before: "Version | None") -> tuple[DocumentName, ...]:
        """Texts that the version before did not have like this, or that are gone."""
        then = dict(before.files) if before else {}
        names = {*self.files, *then}
        return tuple(sorted(one for one in names if self.files.get(one) != then.get(one)))


def write_manifest(version: Version) -> str:
    """As JSON that people can read."""
    content = {
        "number": version.number,
        "follows": version.follows,
        "again": version.again,
        "at": version.at.isoformat(),
        "author": version.author,
        "message": version.message,
        "files": dict(sorted(version.files.items())),
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def read_manifest(text: str, *, number: int) -> Version:
    """What `write_manifest` wrote.

    Raises:
        EditedDamaged: it is something else, or that of another version.
    """
    try:
        content = json.loads(text)
        version = Version(
            number=int(content["number"]),
            follows=int(content["follows"]),
            again=int(content["again"]),
            at=datetime.fromisoformat(content["at"]),
            author=str(content["author"]),
            message=str(content["message"]),
            files={DocumentName(str(k)): Digest(str(v)) for k, v in content["files"].items()},
        )
    except _UNREADABLE as err:
        raise EditedDamaged(f"The list of version {number} cannot be read.") from err
    if version.number != number:
        raise EditedDamaged(f"The list in the folder of version {number} is of another one.")
    return version
