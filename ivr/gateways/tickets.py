"""Which streams are awaited: each was announced by a signed webhook, and comes once."""

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable

from anyio.to_thread import run_sync

from ivr.call import CallId
from ivr.live.reception import SharedTickets
from ivr.live.wire import Incoming

_KEEP_S = 120
"""jambonz connects as soon as it has read our answer; queues of verbs before it are ours."""

_MOST = 2_000
_TOKEN_BYTES = 32


class Tickets:
    """One per process. Tokens are kept as digests, so looking one up tells nothing by its time."""

    def __init__(self, clock: Callable[[], float], shared: SharedTickets | None = None) -> None:
        """`clock` tells seconds."""
        self._clock = clock
        self._shared = shared
        self._kept: OrderedDict[bytes, tuple[float, Incoming]] = OrderedDict()

    async def issue(self, incoming: Incoming) -> str:
        """A token for the stream of this call."""
        token, now = secrets.token_urlsafe(_TOKEN_BYTES), self._clock()
        if self._shared is not None:
            await run_sync(self._shared.put, _digest(token).hex(), incoming)
            return token
        self._kept[_digest(token)] = (now, incoming)
        while len(self._kept) > _MOST or next(iter(self._kept.values()))[0] < now - _KEEP_S:
            self._kept.popitem(last=False)
        return token

    async def redeem(self, token: str) -> Incoming | None:
        """The call that it was issued for; None for every other token, and the second time."""
        if self._shared is not None:
            return await run_sync(self._shared.redeem, _digest(token).hex())
        at, incoming = self._kept.pop(_digest(token), (0.0, None))
        return incoming if self._clock() - at <= _KEEP_S else None

    def drop(self, call_id: CallId) -> None:
        """The call is over. What other workers could redeem is good for two minutes yet."""
        gone = [key for key, (_, incoming) in self._kept.items() if incoming.call_id == call_id]
        for key in gone:
            del self._kept[key]


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
