"""What a browser's telephone and a softphone would send."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fakes.strict import FakeStrictReception
from fastapi import FastAPI

from ivr.gateways.phone.routes import routes
from ivr.gateways.sip.server import serve_sip
from ivr.settings import PhoneSettings, SipSettings
from tests.ivr.gateways.fuzzing.asgi import AsgiSocket, Opening, SocketDoor
from tests.ivr.gateways.fuzzing.fuzz import Door
from tests.ivr.gateways.fuzzing.mutations import Mutator

_FRAME = bytes(range(160)) * 2
_TOKEN = "a token of the tests, long enough"

_VISIT = Opening(
    path="/ws/phone",
    headers={"host": "ivr.example.com", "origin": "https://ivr.example.com"},
    script=(
        json.dumps({"type": "dial", "from": "+4989123456", "language": "de", "token": _TOKEN}),
        _FRAME,
        _FRAME * 3,
        json.dumps({"type": "press", "keys": "12*"}),
        _FRAME,
        json.dumps({"type": "press", "keys": "#"}),
        json.dumps({"type": "hang_up"}),
    ),
)


@asynccontextmanager
async def phone() -> AsyncIterator[Door]:
    reception, app = FakeStrictReception(), FastAPI()
    app.include_router(routes(reception, PhoneSettings(enabled=True, token=_TOKEN)))

    async def opening() -> Opening:
        return _VISIT

    async def steady(socket: AsgiSocket) -> None:
        socket.say(_FRAME)
        while (message := await socket.heard()).get("bytes") != _FRAME:
            assert message["type"] in ("websocket.accept", "websocket.send"), message

    door = SocketDoor(app, opening, steady, reception=reception)
    yield door
    await door.close()


_SDP = (
    b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    b"m=audio 40000 RTP/AVP 0 8 101\r\na=rtpmap:0 PCMU/8000\r\n"
    b"a=rtpmap:101 telephone-event/8000\r\n"
)


def _request(method: str, call: int, number: int, body: bytes = b"") -> bytes:
    kind = "Content-Type: application/sdp\r\n" if body else ""
    return (
        f"{method} sip:ivr@127.0.0.1 SIP/2.0\r\n"
        f"Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK{call}-{number}\r\n"
        f"Max-Forwards: 70\r\nFrom: <sip:+4989123456@127.0.0.1>;tag=t{call}\r\n"
        f"To: <sip:ivr@127.0.0.1>\r\nCall-ID: c{call}@127.0.0.1\r\nCSeq: {number} {method}\r\n"
        f"Contact: <sip:me@127.0.0.1>\r\n{kind}Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body


class _Letters(asyncio.DatagramProtocol):
    """Keeps the latest answers."""

    def __init__(self) -> None:
        self.came: asyncio.Queue[bytes] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: object) -> None:
        del addr
        self.came.put_nowait(data)


def _goodbye(answer: bytes) -> bytes:
    """Ends the call that was accepted by this answer; nothing for other answers."""
    lines = answer.partition(b"\r\n\r\n")[0].split(b"\r\n")
    if not lines[0].startswith(b"SIP/2.0 200") or not any(b"INVITE" in line for line in lines[1:]):
        return b""
    kept = [line for line in lines if line.lower().startswith((b"from:", b"to:", b"call-id:"))]
    via = b"Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK%d" % hash(answer)
    first, last = b"BYE sip:ivr@127.0.0.1 SIP/2.0", b"CSeq: 2000000000 BYE"
    return b"\r\n".join([first, via, *kept, last, b"Content-Length: 0", b"", b""])


class SipDoor:
    """A telephone that sends what it likes, and one that only asks whether we are there."""

    def __init__(
        self,
        wild: asyncio.DatagramTransport,
        calm: asyncio.DatagramTransport,
        wild_answers: _Letters,
        answers: _Letters,
        reception: FakeStrictReception,
    ) -> None:
        self.wrong = reception.wrong
        self._wild = wild
        self._calm = calm
        self._wild_answers = wild_answers
        self._answers = answers
        self._reception = reception
        self._call = 0

    @property
    def going_on(self) -> int:
        return self._reception.going_on

    async def attack(self, mutator: Mutator) -> int:
        self._call += 1
        call = self._call
        letters = mutator.script(
            [
                _request("INVITE", call, 1, _SDP),
                _request("ACK", call, 1),
                _request("OPTIONS", call, 2),
                _request("BYE", call, 3),
                _request("CANCEL", call, 1),
                b"SIP/2.0 200 OK\r\n" + _request("BYE", call, 4).partition(b"\r\n")[2],
            ]
        )
        for letter in letters:
            self._wild.sendto(mutator.data(letter)[:60_000])
        await asyncio.sleep(0.001)
        self._end_calls()
        return len(letters)

    async def steady(self) -> None:
        self._call += 1
        self._calm.sendto(_request("OPTIONS", self._call, 1))
        answer = await self._answers.came.get()
        assert answer.startswith(b"SIP/2.0 200"), answer[:40]

    async def settle(self) -> None:
        await asyncio.sleep(0.1)
        self._end_calls()

    def _end_calls(self) -> None:
        """Those that were accepted; whoever is only silent keeps a line for half a minute."""
        while not self._wild_answers.came.empty():
            if goodbye := _goodbye(self._wild_answers.came.get_nowait()):
                self._wild.sendto(goodbye)


@asynccontextmanager
async def sip() -> AsyncIterator[Door]:
    reception, loop = FakeStrictReception(most=20), asyncio.get_running_loop()
    async with serve_sip(reception, SipSettings()) as port:
        there = ("127.0.0.1", port)
        wild, wild_answers = await loop.create_datagram_endpoint(
            _Letters, remote_addr=there, local_addr=("127.0.0.1", 0)
        )
        calm, answers = await loop.create_datagram_endpoint(
            _Letters, remote_addr=there, local_addr=("127.0.0.1", 0)
        )
        try:
            yield SipDoor(wild, calm, wild_answers, answers, reception)
        finally:
            wild.close()
            calm.close()
