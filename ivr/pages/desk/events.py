"""What an open desk is told while it is open (server-sent events)."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from time import monotonic
from typing import Final

from anyio.to_thread import run_sync

from biometrics import StoreUnavailable
from ivr.pages.desk.board import Board, Snapshot
from ivr.pages.desk.shown import Queue, QueueWords, as_named, queue_of
from ivr.pages.desk.work import DeskWork
from ivr.pages.pages import Pages
from ivr.pages.visit import Visit

_SIGN_OF_LIFE_S: Final = 5
_AGAIN_MS: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Tells one desk after another."""

    pages: Pages
    work: DeskWork
    board: Board
    queue_words: QueueWords = as_named
    lasts_s: float = 10
    """Then the browser asks again, and whether it may is looked at anew. A service that is told to
    stop waits no longer than that."""

    def told(self, snapshot: Snapshot, visit: Visit) -> str:
        """The list as JSON: `html`, how many wait as `waiting`, and what is theirs as `mine`."""
        queue = queue_of(snapshot, visit.who, self.work.clock())
        return json.dumps(
            {
                "html": self.pages.part(
                    "desk_queue.html", visit, **shown(queue, visit, self.queue_words)
                ),
                "waiting": len(queue.rows),
                "mine": [row.entry.id for row in queue.mine],
            }
        )

    async def stream(self, visit: Visit) -> AsyncIterator[str]:
        """Whenever something changes, and a sign of life in between."""
        yield f"retry: {_AGAIN_MS}\n\n"
        if self.board.is_crowded:
            return
        end, before = monotonic() + self.lasts_s, None
        async with self.board.watching() as watcher:
            while monotonic() < end:
                left_s = max(0.01, min(_SIGN_OF_LIFE_S, end - monotonic()))
                snapshot = await watcher.next(patience_s=left_s)
                changed = snapshot.told() != before
                before = snapshot.told()
                yield (
                    f"event: queue\ndata: {self.told(snapshot, visit)}\n\n" if changed else ": \n\n"
                )
                await run_sync(self.is_there, visit)

    def is_there(self, visit: Visit) -> None:
        """Nobody is signed out in the middle of a call, however long they only talk.

        What cannot be noted now is noted the next time: a claim holds for longer than that.
        """
        try:
            if self.work.attendance.is_there(visit.who.id):
                self.pages.guard.entrance.who(visit.secret, self.work.clock())
        except StoreUnavailable:
            return


def shown(queue: Queue, visit: Visit, queue_words: QueueWords) -> dict[str, object]:
    return {"queue": queue, "named": lambda name: queue_words(name, visit.language)}
