"""One call over SIP: its dialog, its sound, and the wire to the house."""

import asyncio
import contextlib
import logging
import re
from collections.abc import Awaitable, Callable

from ivr.gateways.sip.dialog import Dialog
from ivr.gateways.sip.exchange import again_until
from ivr.gateways.sip.media import Media
from ivr.gateways.sip.message import Request
from ivr.gateways.sip.sdp import NotAcceptable, Offer
from ivr.gateways.sip.transfer import can_transfer, is_settled, refer
from ivr.live.wire import Ending, LiveCall
from ivr.trace import trace

log = logging.getLogger(__name__)

_MOST_WAITING = 200
"""Frames and keys that the house has not taken yet: four seconds."""

_TRANSFER_S = 5
"""Whoever is asked to take the caller elsewhere is not waited for longer."""

_OK = range(200, 300)

_INFO = re.compile(rb"(?:Signal\s*=\s*)?([0-9*#])\s*(?:\r?\n|$)", re.IGNORECASE)

Ask = Callable[[Request], Awaitable[int]]


class Call:
    """The wire of a call, and the ear of its sound. Never shared."""

    def __init__(self, invite: Request, dialog: Dialog, ask: Ask, transfer: str) -> None:
        self.dialog = dialog
        self._ask = ask
        self._transfer = transfer if can_transfer(invite) else ""
        self._media: Media | None = None
        self._live: LiveCall | None = None
        self._came: asyncio.Queue[bytes | str] = asyncio.Queue(_MOST_WAITING)
        self._is_acknowledged = asyncio.Event()
        self._is_settled = asyncio.Event()
        self._is_over = False

    async def serve(self, media: Media, live: LiveCall, accept: Callable[[], object]) -> None:
        """From our answer to the end. The answer is sent until it is acknowledged."""
        self._media, self._live = media, live
        pumping = asyncio.create_task(self._pump(live))
        try:
            if not await again_until(self._is_acknowledged, accept):
                live.hang_up()
            await live.run()
        finally:
            pumping.cancel()
            media.close()
            await self._say_goodbye()

    async def _say_goodbye(self) -> None:
        if not self._is_over:
            self._is_over = True
            await self._ask(self.dialog.request("BYE"))

    # What the other side does

    def acknowledge(self) -> None:
        self._is_acknowledged.set()

    def agree(self, offer: Offer, host: str) -> bytes:
        """The sound comes from elsewhere from now on, or is held. Our side of it."""
        if self._media is None:
            raise NotAcceptable
        self._media.agree(offer)
        return self._media.answer(host)

    def bye(self) -> None:
        """The caller hung up."""
        self._is_over = True
        self._is_settled.set()
        self.hang_up()

    def hang_up(self) -> None:
        """We end it: the house is closed."""
        self._is_acknowledged.set()
        if self._live is not None:
            self._live.hang_up()

    def informed(self, info: Request) -> None:
        """Keys of telephones that send them in no other way."""
        is_keys = info.get("content-type").lower().startswith("application/dtmf")
        comes_as_sound = self._media is not None and self._media.has_keys
        found = _INFO.match(info.body) if is_keys and not comes_as_sound else None
        if found:
            self.keys(found[1].decode())

    def notified(self, notify: Request) -> None:
        """How a transfer went."""
        if is_settled(notify):
            self._is_settled.set()

    def sound(self, pcm: bytes) -> None:
        self._put(pcm)

    def keys(self, keys: str) -> None:
        self._put(keys)

    # What the house does

    async def play(self, frame: bytes) -> None:
        if self._media is not None:
            self._media.play(frame)

    async def clear(self) -> None:
        """Nothing is kept back."""

    async def end(self, ending: Ending) -> None:
        """Hand the caller on where the other side can; then hang up."""
        if ending.type == "hangup" or not self._transfer or self._is_over:
            return
        headers = refer(ending, self._transfer, self.dialog.contact)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_TRANSFER_S):
                if await self._ask(self.dialog.request("REFER", headers)) in _OK:
                    await self._is_settled.wait()

    def _put(self, came: bytes | str) -> None:
        with contextlib.suppress(asyncio.QueueFull):  # a house that is far behind misses some
            self._came.put_nowait(came)

    async def _pump(self, live: LiveCall) -> None:
        """Whatever breaks here, the house notices that nothing comes any more."""
        try:
            while True:
                match await self._came.get():
                    case bytes() as sound:
                        await live.hear(sound)
                    case keys:
                        await live.press(keys)
        except Exception as err:  # noqa: BLE001 - one call must not end the others
            log.error("sip call failed", extra=trace(err))  # noqa: TRY400 - messages hold words
            live.hang_up()
