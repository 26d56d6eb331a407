"""A SIP telephone on this machine, written out byte by byte."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from ivr.gateways.sip.message import Message, Request, Response, read_message
from ivr.gateways.sip.rtp import Packet, read_packet, write_packet

Address = tuple[str, int]

OFFER = """v=0\r
o=- 1 1 IN IP4 127.0.0.1\r
s=-\r
c=IN IP4 127.0.0.1\r
t=0 0\r
m=audio {port} RTP/AVP 8 0 101\r
a=rtpmap:101 telephone-event/8000\r
a=sendrecv\r
"""


class Socket(asyncio.DatagramProtocol):
    """Keeps what comes, and hands it to whoever waits."""

    def __init__(self) -> None:
        self.came: asyncio.Queue[bytes] = asyncio.Queue()
        self.transport: asyncio.DatagramTransport | None = None

    @classmethod
    async def open(cls) -> "Socket":
        loop = asyncio.get_running_loop()
        transport, one = await loop.create_datagram_endpoint(cls, local_addr=("127.0.0.1", 0))
        one.transport = transport
        return one

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self.came.put_nowait(data)

    @property
    def port(self) -> int:
        assert self.transport
        return int(self.transport.get_extra_info("sockname")[1])

    def send(self, data: bytes, port: int) -> None:
        assert self.transport
        self.transport.sendto(data, ("127.0.0.1", port))

    def close(self) -> None:
        assert self.transport
        self.transport.close()


@dataclass
class Softphone:
    """One call of it."""

    server: int
    line: Socket
    sound: Socket
    to_tag: str = ""
    sound_port: int = 0
    cseq: int = 1
    branch: str = "z9hG4bKone"
    call_id: str = "call@softphone"
    heard: list[Packet] = field(default_factory=list)

    @classmethod
    async def near(cls, server: int) -> "Softphone":
        return cls(server=server, line=await Socket.open(), sound=await Socket.open())

    def request(self, method: str, body: str = "", *extra: str) -> bytes:
        """With the headers that every request has, and `extra` lines."""
        tag = f";tag={self.to_tag}" if self.to_tag else ""
        lines = [
            f"{method} sip:ivr@127.0.0.1:{self.server} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{self.line.port};branch={self.branch};rport",
            "Max-Forwards: 70",
            'From: "Klaus" <sip:+4989123456@127.0.0.1>;tag=from1',
            f"To: <sip:ivr@127.0.0.1>{tag}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {self.cseq} {method}",
            f"Contact: <sip:klaus@127.0.0.1:{self.line.port}>",
            *extra,
            f"Content-Length: {len(body)}",
        ]
        return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()

    def send(self, method: str, body: str = "", *extra: str) -> None:
        self.line.send(self.request(method, body, *extra), self.server)

    def again(self, method: str, body: str = "", *extra: str) -> None:
        """A new request of the same call."""
        self.cseq += 1
        self.branch = f"z9hG4bK{self.cseq}"
        self.send(method, body, *extra)

    async def next(self, is_wanted: Callable[[Message], bool] = lambda _: True) -> Message:
        """What the house sends next, of what is wanted."""
        while True:
            message = read_message(await asyncio.wait_for(self.line.came.get(), 5))
            if is_wanted(message):
                return message

    async def response(self) -> Response:
        answer = await self.next(lambda one: isinstance(one, Response))
        assert isinstance(answer, Response)
        return answer

    async def asked(self, method: str) -> Request:
        """A request of the house."""
        asked = await self.next(lambda one: isinstance(one, Request) and one.method == method)
        assert isinstance(asked, Request)
        return asked

    def reply(self, request: Request, status: int = 200) -> None:
        """Say what came of a request of the house."""
        kept = ("via", "from", "to", "call-id", "cseq")
        lines = [f"SIP/2.0 {status} Fine"]
        lines += [f"{name}: {value}" for name, value in request.headers if name in kept]
        self.line.send(("\r\n".join(lines) + "\r\n\r\n").encode(), self.server)

    async def call(self, *extra: str, offer: str = OFFER) -> Response:
        """The whole beginning of a call."""
        self.send(
            "INVITE",
            offer.format(port=self.sound.port),
            "Content-Type: application/sdp",
            *extra,
        )
        answer = await self.response()
        if answer.status == 200:
            self.to_tag = answer.get("to").rpartition("tag=")[2]
            media = answer.body.decode().partition("m=audio ")[2]
            self.sound_port = int(media.partition(" ")[0])
            self.send("ACK")
        return answer

    def speak(self, payload: bytes, sequence: int, kind: int = 8, timestamp: int = -1) -> None:
        """One packet."""
        packet = Packet(
            payload_type=kind,
            sequence=sequence % 2**16,
            timestamp=sequence * 160 if timestamp < 0 else timestamp,
            source=7,
            payload=payload,
        )
        self.sound.send(write_packet(packet), self.sound_port)

    async def listen(self) -> Packet:
        """The next packet of the house."""
        packet = read_packet(await asyncio.wait_for(self.sound.came.get(), 5))
        assert packet
        return packet

    def close(self) -> None:
        self.line.close()
        self.sound.close()
