"""One call from a browser, from its first message to its last."""

import asyncio
import contextlib
import logging
from typing import Protocol

from starlette.websockets import WebSocket, WebSocketDisconnect

from ivr.errors import BadOrder, CallProblem
from ivr.gateways.phone.door import check
from ivr.gateways.phone.line import Line
from ivr.gateways.phone.order import Dial, Order, Press, read_order
from ivr.live.happening import Watch, nobody
from ivr.live.wire import FRAME_BYTES, Incoming, LiveCall, Wire
from ivr.result import new_call_id
from ivr.settings import PhoneSettings
from ivr.trace import trace

log = logging.getLogger(__name__)

_DIAL_S = 10
"""The page dials at once; who says nothing is no page."""

_SILENT_S = 30
"""The page sends sound all the time, silence too. A browser that sends none sleeps."""

_LARGEST_BYTES = 50 * FRAME_BYTES
"""A second of sound at once."""


class Operator(Protocol):
    """Answers calls, and lets somebody watch them."""

    def answer(
        self,
        incoming: Incoming,
        wire: Wire,
        *,
        watch: Watch = nobody,
        reads_along: bool = False,
    ) -> LiveCall:
        """A call whose sound is streamed.

        Raises:
            CallProblem: HouseFull where no more calls are taken.
        """


class Visit:
    """A browser that opened a socket. Never shared."""

    def __init__(self, operator: Operator, socket: WebSocket, settings: PhoneSettings) -> None:
        self._operator = operator
        self._socket = socket
        self._settings = settings
        self._line = Line(socket)

    async def serve(self) -> None:
        """The whole call. Whatever goes wrong, the page is told."""
        await self._socket.accept()
        sending = asyncio.create_task(self._line.run())
        try:
            await self._call(await self._dialled())
        except (WebSocketDisconnect, TimeoutError):
            pass  # the browser is gone, or asleep
        except CallProblem as err:
            log.warning("phone refused", extra={"code": err.code})
            self._line.refused(err)
        except Exception as err:  # noqa: BLE001 - the page must learn of it all the same
            log.error("phone failed", extra=trace(err))  # noqa: TRY400 - messages hold words
            self._line.refused(CallProblem("Something failed that nobody foresaw."))
        finally:
            await self._line.finish(sending)
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                await self._socket.close()

    async def _dialled(self) -> Dial:
        async with asyncio.timeout(_DIAL_S):
            first = await self._receive()
        if not isinstance(first, Dial):
            raise BadOrder("The first message of a call dials.")
        client = self._socket.client
        host = self._socket.headers.get("host", "")
        check(client.host if client else "", host, first.token, self._settings)
        return first

    async def _call(self, dial: Dial) -> None:
        incoming = Incoming(
            call_id=new_call_id(),
            caller_id=dial.caller_id,
            language=dial.language,
            source="phone",
            gateway="phone",
        )
        call = self._operator.answer(incoming, self._line, watch=self._line.watch, reads_along=True)
        self._line.answered(incoming.call_id)
        running = asyncio.create_task(call.run())
        reading = asyncio.create_task(self._read(call))
        try:
            await asyncio.wait([running, reading], return_when=asyncio.FIRST_COMPLETED)
        finally:
            call.hang_up()
            reading.cancel()
            ended = await asyncio.gather(running, reading, return_exceptions=True)
        for problem in ended:
            if isinstance(problem, Exception):
                raise problem

    async def _read(self, call: LiveCall) -> None:
        while True:
            async with asyncio.timeout(_SILENT_S):
                came = await self._receive()
            match came:
                case bytes():
                    await call.hear(came)
                case Press():
                    await call.press(came.keys)
                case Dial():
                    raise BadOrder("A call that goes on dials no more.")
                case _:
                    return

    async def _receive(self) -> bytes | Order:
        """The next message.

        Raises:
            WebSocketDisconnect: there is none any more.
            BadOrder: it is not of the page.
        """
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect
        sound = message.get("bytes")
        if sound is None:
            return read_order(message.get("text") or "")
        if len(sound) > _LARGEST_BYTES or len(sound) % 2:
            raise BadOrder("Sound comes in whole samples, and a second of it at most.")
        return bytes(sound)
