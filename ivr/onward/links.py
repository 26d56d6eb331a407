"""The port to where links are kept."""

from datetime import datetime
from typing import Protocol

from ivr.onward.codes import LinkName
from ivr.onward.link import Link


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
