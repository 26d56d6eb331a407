"""The calls that go on over SIP, and where we are for whoever calls."""

import socket
from ipaddress import ip_address

from ivr.gateways.sip.address import tag_of
from ivr.gateways.sip.call import Call
from ivr.gateways.sip.exchange import Address
from ivr.gateways.sip.message import Request


class Calls:
    """By what both sides call them."""

    def __init__(self) -> None:
        self._calls: dict[tuple[str, str], Call] = {}

    def put(self, call: Call) -> None:
        self._calls[call.dialog.call_id, call.dialog.tag] = call

    def forget(self, call: Call) -> None:
        self._calls.pop((call.dialog.call_id, call.dialog.tag), None)

    def of(self, request: Request) -> Call | None:
        """The one that a request is about; None where nobody knows it."""
        call = self._calls.get((request.get("call-id"), tag_of(request.get("to"))))
        return call if call is not None and call.dialog.is_of(request) else None

    def has_other(self, invite: Request) -> bool:
        """The same call has come on another way already."""
        return any(
            call.dialog.call_id == invite.get("call-id") and call.dialog.is_of(invite)
            for call in self._calls.values()
        )

    def hang_up(self) -> None:
        """All of them."""
        for call in self._calls.values():
            call.hang_up()


def reached_at(own: str, peer: Address) -> str:
    """Our address, as the other side reaches it."""
    if not ip_address(own).is_unspecified:
        return own
    family = socket.AF_INET6 if ":" in peer[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as way:
        way.connect(peer)  # sends nothing
        return str(way.getsockname()[0])


def in_uri(host: str, port: int) -> str:
    """Both, as they are written in addresses."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
