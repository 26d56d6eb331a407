"""Connections to the service: how many one source has, and how long they keep us waiting."""

from asyncio import TimerHandle, Transport
from collections import Counter
from dataclasses import dataclass, field
from typing import ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from ivr.service.address import source_of
from ivr.settings import LimitSettings


def impatient_protocol(limits: LimitSettings, *, trusted_proxies: int) -> type[H11Protocol]:
    """What uvicorn speaks HTTP with, for one server.

    Behind proxies all connections come from them, so that nothing but their time is limited.
    """
    told = _Rules(
        most_of_one=None if trusted_proxies else limits.at_once,
        most=limits.connections,
        waits={h11.IDLE: limits.head_s, h11.SEND_BODY: limits.body_s},
    )

    class Impatient(_Impatient):
        rules = told

    return Impatient


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    most_of_one: int | None
    most: int
    waits: dict[object, float]
    """Seconds, by what is waited for."""

    open_of: Counter[str] = field(default_factory=Counter)
    """Connections, by source; of all that share these rules."""


class _Impatient(H11Protocol):
    """HTTP/1.1 with whoever says in time what is wanted; uvicorn would wait for ever."""

    rules: ClassVar[_Rules]

    _source = ""
    _waits_for: object = None
    _patience: TimerHandle | None = None
    _is_gone = False

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._source = source_of(self.client[0]) if self.client else ""
        open_of, most = self.rules.open_of, self.rules.most_of_one
        open_of[self._source] += 1
        if (most is not None and open_of[self._source] > most) or open_of.total() > self.rules.most:
            transport.abort()
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._let_go()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._wait()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """The connection has another protocol from now on; open WebSockets are counted as such."""
        super().handle_websocket_upgrade(event)
        self._let_go()

    def _wait(self) -> None:
        """A time begins with what is waited for, however slowly that drips in."""
        waits_for = self.conn.their_state
        if self._is_gone or waits_for is self._waits_for:
            return
        self._stop_waiting()
        self._waits_for = waits_for
        seconds = self.rules.waits.get(waits_for)
        if seconds is not None:
            self._patience = self.loop.call_later(seconds, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _let_go(self) -> None:
        self._is_gone = True
        self._stop_waiting()
        open_of = self.rules.open_of
        open_of[self._source] -= 1
        if open_of[self._source] <= 0:
            del open_of[self._source]
