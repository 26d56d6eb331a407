"""The port to where links are kept."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from ivr.onward.codes import LinkName
from ivr.onward.link import Link

_AT_ONCE = 5
"""So often a change is begun again that another came before."""


class Links(Protocol):
    """Shared by every thread and process. Methods raise StoreUnavailable: then nothing opens."""

    def find(self, name: LinkName) -> Link | None: ...

    def replace(self, before: Link | None, after: Link) -> Link | None:
        """`after`, one version on, if `before` still stood there, None being nothing.

        Else None, and nothing was changed.
        """

    def due(self, now: datetime) -> tuple[Link, ...]:
        """Those whose message is to be handed over, the longest waiting first."""

    def of(self, mark: str) -> tuple[Link, ...]:
        """One customer's, the latest first."""

    def forget(self, before: datetime) -> int:
        """Drop those that expired before then; how many."""


def changed(links: Links, link: Link, change: Callable[[Link], Link | None]) -> Link | None:
    """The link once `change` was made to it, whatever else changes it in the same moment.

    None where `change` gives none, or where it was sent anew meanwhile.
    """
    found: Link | None = link
    for _ in range(_AT_ONCE):
        if found is None or found.sends != link.sends:
            return None
        after = change(found)
        if after is None:
            return None
        if kept := links.replace(found, after):
            return kept
        found = links.find(link.name)
    return None
