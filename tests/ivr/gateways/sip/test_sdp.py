import random

import pytest

from ivr.gateways.sip.sdp import NotAcceptable, read_offer, write_answer

HEAD = "v=0\r\no=- 1 1 IN IP4 10.0.0.7\r\ns=-\r\n"
AUDIO = "c=IN IP4 10.0.0.7\r\nt=0 0\r\nm=audio 4000 RTP/AVP "


def offered(text: str) -> bytes:
    return (HEAD + text).encode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        AUDIO + "9 18\r\n",
        AUDIO + "96\r\na=rtpmap:96 opus/48000/2\r\n",
        AUDIO.replace("4000", "0") + "0\r\n",
        AUDIO.replace("4000", "70000") + "0\r\n",
        AUDIO.replace("AVP", "SAVP") + "0\r\n",
        AUDIO.replace("10.0.0.7", "softphone.example") + "0\r\n",
        AUDIO.replace("audio", "video") + "0\r\n",
        "m=nonsense\r\n" + AUDIO + "0\r\n",
        "a=x\r\n" * 400 + AUDIO + "0\r\n",
    ],
)
def test_what_nobody_here_talks_in_is_refused(text: str) -> None:
    with pytest.raises(NotAcceptable):
        read_offer(offered(text))


def test_no_damage_breaks_more_than_the_offer() -> None:
    generator = random.Random(7)  # noqa: S311 - noise, no secret
    whole = offered(AUDIO + "0 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendonly\r\n")
    for _ in range(3_000):
        data = bytearray(whole)
        for _ in range(generator.randrange(1, 5)):
            data[generator.randrange(len(data))] = generator.randrange(256)
        try:
            offer = read_offer(bytes(data))
        except NotAcceptable:
            continue
        assert b"\nm=audio 5000 " in write_answer(offer, host="10.0.0.1", port=5000, version=1)


@pytest.mark.parametrize(
    ("text", "law", "payload_type", "keys_type"),
    [
        (AUDIO + "0 8 101\r\na=rtpmap:101 telephone-event/8000\r\n", "mulaw", 0, 101),
        (AUDIO + "9 8 0\r\n", "alaw", 8, None),
        (AUDIO + "97 98\r\na=rtpmap:97 PCMA/8000/1\r\na=rtpmap:98 Telephone-Event/8000\r\n",
         "alaw", 97, 98),
        (AUDIO + "0 101\r\na=rtpmap:101 telephone-event/48000\r\n", "mulaw", 0, None),
    ],
)  # fmt: skip
def test_the_first_law_that_is_offered_is_taken(
    text: str, law: str, payload_type: int, keys_type: int | None
) -> None:
    offer = read_offer(offered(text))

    assert (law, payload_type, keys_type) == (offer.law, offer.payload_type, offer.keys_type)
    assert (offer.host, offer.port) == ("10.0.0.7", 4000)


@pytest.mark.parametrize(
    ("said", "answered"),
    [("sendrecv", "sendrecv"), ("sendonly", "recvonly"), ("recvonly", "sendonly"),
     ("inactive", "inactive")],
)  # fmt: skip
def test_every_stream_is_answered_in_its_place(said: str, answered: str) -> None:
    text = (
        "t=0 0\r\nm=video 6000 RTP/AVP 96\r\nc=IN IP4 10.0.0.9\r\n"
        f"m=audio 4000 RTP/AVP 8\r\nc=IN IP4 10.0.0.8\r\na={said}\r\n"
    )
    offer = read_offer(offered(text))

    assert offer.host == "10.0.0.8"
    assert write_answer(offer, host="10.0.0.1", port=5000, version=2).decode() == (
        "v=0\r\no=rufwerk 5000 2 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\n"
        "m=video 0 RTP/AVP 96\r\n"
        "m=audio 5000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=ptime:20\r\n"
        f"a={answered}\r\n"
    )


def test_keys_are_answered_with_their_type() -> None:
    offer = read_offer(offered(AUDIO + "0 96\r\na=rtpmap:96 telephone-event/8000\r\n"))

    assert b"a=rtpmap:96 telephone-event/8000\r\na=fmtp:96 0-15\r\n" in write_answer(
        offer, host="10.0.0.1", port=5000, version=1
    )


def test_an_address_of_zeros_holds_the_call() -> None:
    text = AUDIO.replace("10.0.0.7", "0.0.0.0") + "0\r\n"  # noqa: S104 - read, not listened on

    assert read_offer(offered(text)).direction == "sendonly"
