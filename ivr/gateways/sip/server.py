"""Where SIP telephones call: one socket for signalling, and one a call for its sound.

Nobody registers here and nobody is asked for a password: who may call is a matter of addresses.
Answers and requests go back to where the call came from, whatever names it mentions.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial

from ivr.gateways.allow import allowed_networks, may_connect
from ivr.gateways.sip.address import seen_from
from ivr.gateways.sip.desk import Desk
from ivr.gateways.sip.exchange import Address
from ivr.gateways.sip.message import BadMessage, Message, Request, read_message
from ivr.live.reception import Reception
from ivr.settings import SipSettings

log = logging.getLogger(__name__)

_COMPLAIN_EVERY_S = 60


@asynccontextmanager
async def serve_sip(reception: Reception, settings: SipSettings) -> AsyncIterator[int]:
    """Listen until left; the value is the port.

    Raises:
        OSError: nobody may listen there.
        BadSettings: the addresses that may call are none.
    """
    networks = allowed_networks(settings.allow)
    transport, door = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Door(networks), local_addr=(settings.host, settings.port)
    )
    host, port = transport.get_extra_info("sockname")[:2]
    door.desk = Desk(
        reception,
        transport.sendto,
        (host, port),
        may_connect=partial(may_connect, networks=networks),
        transfer=settings.transfer,
    )
    try:
        yield port
        await door.desk.close()
    finally:
        transport.close()


class _Door(asyncio.DatagramProtocol):
    """The socket for signalling."""

    desk: Desk | None = None

    def __init__(self, networks: tuple[str, ...]) -> None:
        self._networks = networks
        self._complained_at = float("-inf")

    def error_received(self, exc: Exception) -> None:
        """Nobody listens there any more; requests are sent again, and given up in the end."""

    def datagram_received(self, data: bytes, addr: Address) -> None:
        address = (addr[0], addr[1])
        if not may_connect(address[0], self._networks):
            self._complain("address_not_allowed")
            return
        try:
            message = read_message(data)
        except BadMessage:
            if data.strip(b"\r\n\0"):  # telephones keep their way through routers open like that
                self._complain("bad_message")
            return
        if self.desk is not None:
            self.desk.take(_with_source(message, address), address)

    def _complain(self, code: str) -> None:
        """Once a minute: strangers must not fill the log."""
        now = asyncio.get_running_loop().time()
        if now - self._complained_at >= _COMPLAIN_EVERY_S:
            self._complained_at = now
            log.warning("sip refused", extra={"code": code})


def _with_source(message: Message, address: Address) -> Message:
    """The topmost Via of a request says where it came from."""
    if not isinstance(message, Request):
        return message
    headers = list(message.headers)
    top = next(place for place, (name, _) in enumerate(headers) if name == "via")
    headers[top] = ("via", seen_from(headers[top][1], address))
    return replace(message, headers=tuple(headers))
