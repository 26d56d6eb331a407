"""Real SIP and RTP bytes over real loopback sockets, as a softphone sends them."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import numpy as np
import pytest
from fakes.live import FakeReception, FakeTalk, quiet, spoken
from fakes.softphone import OFFER, Socket, Softphone

from ivr.errors import BadSettings
from ivr.gateways.sip.exchange import Answered, Asked
from ivr.gateways.sip.message import Request, Response
from ivr.gateways.sip.server import _Door, serve_sip
from ivr.listen.g711 import encode_alaw
from ivr.live.wire import FRAME_BYTES, Ending
from ivr.settings import SipSettings

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

Story = Callable[[Softphone], Coroutine[Any, Any, None]]


def over(reception: FakeReception, story: Story, **settings: Any) -> None:
    async def run() -> None:
        async with serve_sip(reception, SipSettings(**settings)) as port:
            phone = await Softphone.near(port)
            await story(phone)
            phone.close()

    asyncio.run(run())


def packets(sound: bytes) -> list[bytes]:
    """A-law, 20 ms each."""
    return [
        encode_alaw(np.frombuffer(sound[at : at + FRAME_BYTES], dtype="<i2"))
        for at in range(0, len(sound), FRAME_BYTES)
    ]


async def speak(phone: Softphone, sound: bytes, first: int = 0) -> None:
    for number, payload in enumerate(packets(sound)):
        phone.speak(payload, first + number)
        if number % 20 == 0:  # a socket's room is limited
            await asyncio.sleep(0.002)


def test_addresses_that_are_not_allowed_get_no_answer() -> None:
    class Nobody:
        def take(self, *_: Any) -> None:
            pytest.fail("a stranger was listened to")

    async def run() -> None:
        door = _Door(("10.0.0.0/24",))
        nobody: Any = Nobody()
        door.desk = nobody
        phone = await Softphone.near(5060)
        door.datagram_received(phone.request("OPTIONS"), ("203.0.113.9", 5060))
        phone.close()

    asyncio.run(run())


def test_addresses_that_are_none_are_no_settings() -> None:
    async def story(_: Softphone) -> None:
        """Nobody listens."""

    with pytest.raises(BadSettings):
        over(FakeReception(), story, allow="everybody")


@pytest.mark.parametrize(
    ("headers", "offer", "status"),
    [
        (["Require: timer"], OFFER, 420),
        ([], "", 488),
        ([], OFFER.replace("AVP", "SAVP"), 488),
        ([], OFFER.replace("8 0 101", "9"), 488),
    ],
)
def test_calls_that_cannot_be_are_refused(headers: list[str], offer: str, status: int) -> None:
    async def story(phone: Softphone) -> None:
        assert (await phone.call(*headers, offer=offer)).status == status

    reception = FakeReception()
    over(reception, story)

    assert reception.incoming == []


def test_a_full_house_is_busy() -> None:
    async def story(phone: Softphone) -> None:
        assert (await phone.call()).status == 486

    reception = FakeReception()
    reception.is_full = True
    over(reception, story)


def test_a_full_house_sends_the_caller_to_people_where_it_is_known_how() -> None:
    async def story(phone: Softphone) -> None:
        answered = await phone.call()
        contact = "<sip:agents@pbx.example.com;priority=50>"
        assert (answered.status, answered.get("contact")) == (302, contact)

    reception = FakeReception()
    reception.is_full = True
    over(reception, story, transfer="sip:{queue}@pbx.example.com;priority={priority}")


def test_a_house_that_breaks_says_so() -> None:
    class Broken(FakeReception):
        def answer(self, *_: Any, **__: Any) -> Any:
            raise RuntimeError("+4989123456")

    async def story(phone: Softphone) -> None:
        assert (await phone.call()).status == 500

    over(Broken(), story)


@pytest.mark.parametrize("method", ["BYE", "INFO", "NOTIFY", "CANCEL"])
def test_calls_that_nobody_knows(method: str) -> None:
    async def story(phone: Softphone) -> None:
        phone.to_tag = "unknown"
        phone.send(method)
        assert (await phone.response()).status == 481

    over(FakeReception(), story)


def test_nobody_else_ends_a_call() -> None:
    async def story(phone: Softphone) -> None:
        await phone.call()
        stranger = phone.request("BYE").replace(b"tag=from1", b"tag=other")
        stranger = stranger.replace(b"z9hG4bKone", b"z9hG4bKother")
        phone.line.send(stranger, phone.server)
        assert (await phone.response()).status == 481
        phone.again("BYE")
        assert (await phone.response()).status == 200

    over(FakeReception(), story)


@pytest.mark.parametrize("method", ["REGISTER", "SUBSCRIBE", "REFER", "MESSAGE"])
def test_what_is_not_done_here(method: str) -> None:
    async def story(phone: Softphone) -> None:
        phone.send(method)
        answer = await phone.response()
        assert answer.status == 405
        assert "INVITE" in answer.get("allow")

    over(FakeReception(), story)


def test_a_probe_is_answered_and_noise_is_not() -> None:
    async def story(phone: Softphone) -> None:
        for noise in (b"", b"\r\n\r\n", b"\0" * 4, b"hello", b"INVITE"):
            phone.line.send(noise, phone.server)
        phone.send("OPTIONS")
        answer = await phone.response()
        assert answer.status == 200
        assert answer.get("via").endswith(f";rport={phone.line.port};received=127.0.0.1")

    over(FakeReception(), story)


def test_a_whole_call() -> None:
    async def story(phone: Softphone) -> None:
        answer = await phone.call()
        assert answer.status == 200
        assert b"m=audio " in answer.body
        assert b"RTP/AVP 8 101\r\n" in answer.body
        await speak(phone, quiet(1_200) + spoken(800) + quiet(2_000))
        first = await phone.listen()
        assert (first.payload_type, first.is_first, len(first.payload)) == (8, True, 160)
        second = await phone.listen()
        assert second.sequence == (first.sequence + 1) % 2**16
        assert second.timestamp == (first.timestamp + 160) % 2**32
        assert not second.is_first
        phone.reply(await phone.asked("BYE"))

    talk = FakeTalk(["Flug umbuchen"])
    talk.ends_after = 1
    reception = FakeReception(talk)
    over(reception, story)

    [incoming] = reception.incoming
    assert (incoming.caller_id, incoming.source) == ("+4989123456", "sip")
    assert incoming.call_id != "call@softphone"
    assert talk.heard == ["Flug umbuchen"]
    assert talk.is_gone == 1


def test_a_caller_who_hangs_up_ends_the_call() -> None:
    async def story(phone: Softphone) -> None:
        await phone.call()
        await speak(phone, quiet(100))
        phone.again("BYE")
        assert (await phone.response()).status == 200

    reception = FakeReception()
    over(reception, story)

    assert reception.talk.is_gone == 1


def test_requests_that_come_again_are_answered_as_before() -> None:
    async def story(phone: Softphone) -> None:
        invite = OFFER.format(port=phone.sound.port)
        for _ in range(2):
            phone.send("INVITE", invite, "Content-Type: application/sdp")
        first, again = await phone.response(), await phone.response()
        assert first.get("to") == again.get("to")
        phone.to_tag = first.get("to").rpartition("tag=")[2]
        phone.send("ACK")
        phone.again("BYE")
        phone.send("BYE")
        assert [(await phone.response()).status for _ in range(2)] == [200, 200]

    reception = FakeReception()
    over(reception, story)

    assert len(reception.incoming) == 1


def test_an_answer_that_nobody_acknowledged_is_sent_again() -> None:
    async def story(phone: Softphone) -> None:
        phone.send("INVITE", OFFER.format(port=phone.sound.port))
        first, again = await phone.response(), await phone.response()
        assert first == again
        phone.to_tag = first.get("to").rpartition("tag=")[2]
        phone.send("CANCEL")
        assert (await phone.response()).status == 200
        phone.send("ACK")
        phone.again("BYE")
        assert (await phone.next(lambda m: m.get("cseq") == "2 BYE")).get("to")

    over(FakeReception(), story)


def test_the_same_call_on_two_ways_is_taken_once() -> None:
    async def story(phone: Softphone) -> None:
        await phone.call()
        tag, phone.to_tag, phone.branch = phone.to_tag, "", "z9hG4bKother"
        phone.send("INVITE", OFFER.format(port=phone.sound.port))
        assert (await phone.response()).status == 482
        phone.to_tag = tag
        phone.again("BYE")
        await phone.response()

    reception = FakeReception()
    over(reception, story)

    assert len(reception.incoming) == 1


def test_keys_as_packets_and_as_messages() -> None:
    async def packet_keys(phone: Softphone) -> None:
        await phone.call()
        await speak(phone, quiet(1_200))
        for number, state in enumerate((b"\x00\xa0", b"\x01\x40", b"\x01\xe0", b"\x01\xe0")):
            end = 0x80 if number > 1 else 0
            phone.speak(bytes([9, end]) + state, 60 + number, kind=101, timestamp=9_600)
        phone.again("INFO", "Signal=8\r\n", "Content-Type: application/dtmf-relay")
        await speak(phone, quiet(200), first=64)
        await asyncio.sleep(0.1)
        phone.again("BYE")
        await phone.response()

    async def message_keys(phone: Softphone) -> None:
        await phone.call(offer=OFFER.replace(" 101", ""))
        await speak(phone, quiet(1_200))
        for body in ("Signal=#", "nonsense", "Signal=A"):
            phone.again("INFO", body, "Content-Type: application/dtmf-relay")
            assert (await phone.response()).status == 200
        await speak(phone, quiet(200), first=60)
        await asyncio.sleep(0.1)
        phone.again("BYE")
        await phone.response()

    for story, expected in ((packet_keys, ["9"]), (message_keys, ["#"])):
        reception = FakeReception()
        over(reception, story)
        assert [keys for _, keys in reception.talk.taken] == expected


def test_sound_of_others_is_not_heard_and_nobody_else_is_talked_to() -> None:
    async def story(phone: Softphone) -> None:
        await phone.call()
        await speak(phone, quiet(400))
        stranger = await Socket.open()
        own, phone.sound = phone.sound, stranger
        await speak(phone, spoken(2_000), first=20)
        phone.sound = own
        assert stranger.came.empty()
        await speak(phone, quiet(400), first=20)
        await phone.listen()
        assert stranger.came.empty()
        stranger.close()
        phone.again("BYE")
        await phone.response()

    reception = FakeReception(FakeTalk(["Flug umbuchen"]))
    over(reception, story)

    assert "speech_begins" not in reception.watch.kinds


def test_sound_is_not_sent_to_addresses_that_may_not_call() -> None:
    async def story(phone: Softphone) -> None:
        await phone.call(offer=OFFER.replace("c=IN IP4 127.0.0.1", "c=IN IP4 203.0.113.9"))
        await speak(phone, quiet(400))
        assert (await phone.listen()).payload_type == 8
        phone.again("BYE")
        await phone.response()

    over(FakeReception(), story)


def test_a_caller_on_hold_hears_nothing() -> None:
    async def story(phone: Softphone) -> None:
        await phone.call()
        held = OFFER.replace("sendrecv", "sendonly").format(port=phone.sound.port)
        phone.again("INVITE", held)
        answer = await phone.response()
        assert b"a=recvonly" in answer.body
        phone.send("ACK")
        await speak(phone, quiet(400))
        await asyncio.sleep(0.05)
        assert phone.sound.came.empty()
        phone.again("INVITE", OFFER.replace("RTP/AVP", "RTP/SAVP"))
        assert (await phone.response()).status == 488
        phone.again("INVITE", OFFER.format(port=phone.sound.port))
        assert b"a=sendrecv" in (await phone.response()).body
        await speak(phone, quiet(400), first=20)
        assert (await phone.listen()).is_first
        phone.again("BYE")
        await phone.response()

    over(FakeReception(), story)


class Queueing(FakeTalk):
    """Hands everybody on."""

    def ended(self, given: Any) -> Ending | None:
        done = super().ended(given)
        return done and Ending(
            call_id=done.call_id,
            type="queue",
            queue="seniors & co",
            priority=80,
            context_token="t;k",
            language=done.language,
        )


def handed_on(story: Story, **settings: Any) -> None:
    talk = Queueing(["Flug umbuchen"])
    talk.ends_after = 1
    over(FakeReception(talk), story, **settings)


def test_who_cannot_transfer_is_hung_up() -> None:
    async def story(phone: Softphone) -> None:
        await phone.call("Allow: INVITE, ACK, BYE")
        await speak(phone, quiet(1_200) + spoken(800) + quiet(2_000))
        asked = await phone.next(lambda one: isinstance(one, Request))
        assert isinstance(asked, Request)
        assert asked.method == "BYE"
        phone.reply(asked)

    handed_on(story, transfer="sip:{queue}@pbx")


@pytest.mark.parametrize("settled", [True, False])
def test_who_can_is_told_where_to_go_and_why(*, settled: bool) -> None:
    async def story(phone: Softphone) -> None:
        await phone.call("Allow: INVITE, ACK, BYE, REFER")
        await speak(phone, quiet(1_200) + spoken(800) + quiet(2_000))
        refer = await phone.asked("REFER")
        assert refer.get("refer-to") == "<sip:seniors%20%26%20co@pbx?X-Priority=80&X-Token=t%3Bk>"
        phone.reply(refer, 202 if settled else 603)
        if settled:
            for fragment in ("SIP/2.0 100 Trying", "SIP/2.0 200 OK"):
                phone.again("NOTIFY", fragment, "Content-Type: message/sipfrag")
                assert (await phone.response()).status == 200
        phone.reply(await phone.asked("BYE"))

    handed_on(story, transfer="sip:{queue}@pbx?X-Priority={priority}&X-Token={token}")


def test_whoever_is_still_there_when_the_house_closes_is_told() -> None:
    async def run() -> None:
        async with serve_sip(FakeReception(), SipSettings()) as port:
            phone = await Softphone.near(port)
            await phone.call()
            await speak(phone, quiet(100))
            answering = asyncio.create_task(phone.asked("BYE"))
            answering.add_done_callback(lambda done: phone.reply(done.result()))
        await answering
        phone.close()

    asyncio.run(run())


def test_many_broken_calls_do_not_disturb_another() -> None:
    async def story(phone: Softphone) -> None:
        await phone.call()
        for number in range(50):
            other = phone.request("INVITE", "v=0\r\nm=audio x")
            phone.line.send(
                other.replace(b"call@", b"%d@" % number)[: 100 + 9 * number], phone.server
            )
            phone.sound.send(b"\x80" * number, phone.sound_port)
        await speak(phone, quiet(1_200) + spoken(800) + quiet(2_000))
        phone.reply(await phone.asked("BYE"))

    talk = FakeTalk(["Flug umbuchen"])
    talk.ends_after = 1
    over(FakeReception(talk), story)

    assert talk.heard == ["Flug umbuchen"]


def test_what_is_remembered_of_requests_is_limited() -> None:
    answered = Answered(lambda *_: None)
    for number in range(3_000):
        headers = (("via", f"a;branch={number}"), ("cseq", "1 OPTIONS"))
        assert answered.is_new(Request(method="OPTIONS", uri="", headers=headers), ("a", 1))

    assert len(answered._answers) == 2_000


def test_answers_to_what_was_never_asked_are_ignored() -> None:
    headers = (("via", "a;branch=1"), ("cseq", "1 BYE"))
    Asked(lambda *_: None).take(Response(status=200, reason="OK", headers=headers))
