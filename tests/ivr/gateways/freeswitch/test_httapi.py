"""mod_httapi's hits: forms with and without a recording."""

import asyncio
import base64
import io
import wave
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element, fromstring, tostring

import pytest
from fakes.live import FakeReception, answer, quiet, sound, spoken
from fastapi import FastAPI
from fastapi.testclient import TestClient

from ivr.call import CallId, Intent, Language, Unheard
from ivr.decide.dialogue import Dialogue, Filling, Pending
from ivr.errors import EmptyRecording, HouseFull
from ivr.gateways.freeswitch.routes import routes
from ivr.live.reception import Message
from ivr.live.wire import Ending
from ivr.settings import FreeSwitchSettings, GatewaySettings

URL = "http://ivr:8080"
SESSION = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
SENIOR = Ending(
    call_id=CallId(SESSION),
    type="queue",
    queue="senior",
    priority=80,
    context_token="t0ken",
    language=Language.GERMAN,
    is_verified=True,
)


def wav(quiet_ms: int, speech: bytes = b"") -> bytes:
    """A recording as FreeSWITCH makes it: speech, and the quiet that ended it."""
    data = io.BytesIO()
    with wave.open(data, "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(8_000)
        recording.writeframes(speech + quiet(quiet_ms))
    return data.getvalue()


IBAN = Filling(intent=Intent(name="change_iban", confidence=1.0), slot="iban")

SPOKEN = wav(980, spoken(800))


def basic(secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"rufwerk:{secret}".encode()).decode()}


class FreeSwitch:
    """The other side."""

    def __init__(self, secret: str = "s3cret") -> None:  # noqa: S107 - guards nothing
        self.reception = FakeReception()
        self.reception.answers = [answer("ask", sound(200), Unheard.SILENCE)]
        settings = GatewaySettings(public_url=URL, freeswitch=FreeSwitchSettings(secret=secret))
        app = FastAPI()
        app.include_router(routes(self.reception, settings))
        self.client = TestClient(app)

    def asks(self, pending: Pending) -> None:
        """What is asked from the next answer on."""
        given = self.reception.answers[0]
        so_far = replace(given.so_far, dialogue=Dialogue(pending=pending))
        self.reception.answers = [replace(given, so_far=so_far)]

    def record(self, query: str = "", *, step: int, audio: bytes) -> Element:
        files = {"turn": ("turn.wav", audio, "audio/wav")}
        return self.hit(f"/httapi?lang=de&at=turn&step={step}{query}", files=files)

    def hit(self, path: str = "/httapi", files: Any = None, **fields: str) -> Element:
        told = {
            "session_id": SESSION,
            "Caller-Caller-ID-Number": "+4989123456",
            "Caller-Destination-Number": "815",
            **fields,
        }
        answered = self.client.post(path, data=told, files=files, headers=basic("s3cret"))
        assert answered.status_code == 200
        assert "text/xml" in answered.headers["content-type"]
        return fromstring(answered.content)  # noqa: S314 - our own document


def work(document: Element) -> list[str]:
    holder = document.find("work")
    assert holder is not None
    return [tag.tag for tag in holder]


def one(document: Element, path: str) -> Element:
    found = document.find(path)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "headers",
    [
        {},
        basic("wrong"),
        basic(""),
        {"Authorization": "Bearer s3cret"},
        {"Authorization": "Basic %"},
    ],
)
@pytest.mark.parametrize("way", ["get", "post"])
def test_who_does_not_show_the_secret_gets_nothing(headers: dict[str, str], way: str) -> None:
    freeswitch = FreeSwitch()

    refused = getattr(freeswitch.client, way)("/httapi", headers=headers)

    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Basic")
    assert freeswitch.reception.incoming == []


def test_without_a_secret_there_is_no_door() -> None:
    assert FreeSwitch(secret="").client.post("/httapi", headers=basic("")).status_code == 404


def test_a_call_begins_with_the_opening_that_a_key_ends() -> None:
    document = FreeSwitch().hit("/httapi?lang=de")

    assert document.attrib == {"type": "xml/freeswitch-httapi"}
    assert work(document) == ["playback"]
    playback = one(document, "work/playback")
    assert playback.attrib == {
        "name": "keys",
        "file": f"{URL}/prompts/0123456789abcdef.wav",
        "action": f"{URL}/httapi?lang=de&at=prompt&step=1",
        "input-timeout": "1",
    }
    assert one(playback, "bind").text == "~[0-9*#]"


def test_behind_a_prompt_the_caller_is_recorded() -> None:
    freeswitch = FreeSwitch()

    document = freeswitch.hit("/httapi?lang=de&at=prompt&step=1")

    record = one(document, "work/record")
    assert record.attrib["action"] == f"{URL}/httapi?lang=de&at=turn&step=2"
    assert (record.attrib["name"], record.attrib["silence-hits"]) == ("turn", "1")
    assert [bind.text for bind in record] == list("0123456789*#")
    assert freeswitch.reception.messages == []


def test_a_recording_is_a_turn() -> None:
    freeswitch = FreeSwitch()

    document = freeswitch.record(step=1, audio=SPOKEN)

    assert freeswitch.reception.messages == [Message(audio=SPOKEN)]
    assert freeswitch.reception.incoming[0].caller_id == "+4989123456"
    assert one(document, "work/playback").attrib["action"].endswith("at=prompt&step=2")


def test_a_caller_who_says_nothing_is_listened_to_until_it_is_a_silence() -> None:
    """FreeSWITCH ends a recording after its first second of quiet."""
    freeswitch = FreeSwitch()

    documents = [freeswitch.record(step=step, audio=wav(980)) for step in range(1, 6)]

    assert [work(one)[0] for one in documents] == ["record"] * 4 + ["playback"]
    assert freeswitch.reception.messages == [Message()]


def test_after_a_silence_one_waits_as_long_again() -> None:
    freeswitch = FreeSwitch()

    for step in range(1, 10):
        freeswitch.record(step=step, audio=wav(980))

    assert freeswitch.reception.messages == [Message()]


def test_a_recording_that_is_missing_is_a_silence() -> None:
    freeswitch = FreeSwitch()

    assert work(freeswitch.hit("/httapi?at=turn&step=1")) == ["record"]
    assert freeswitch.reception.messages == []


def test_more_quiet_ends_what_is_spelt() -> None:
    freeswitch = FreeSwitch()
    freeswitch.asks(IBAN)

    freeswitch.record(step=1, audio=SPOKEN)

    record = one(freeswitch.hit("/httapi?at=prompt&step=2"), "work/record")
    assert record.attrib["silence-hits"] == "2"


def test_a_key_is_a_turn_where_one_is_asked_for() -> None:
    freeswitch = FreeSwitch()

    document = freeswitch.hit("/httapi?lang=de&at=prompt&step=1", keys="1", input_type="dtmf")

    assert freeswitch.reception.messages == [Message(keys="1")]
    assert work(document) == ["playback"]


def test_a_key_that_ends_a_recording_is_told_by_its_address_which_does_not_show_it() -> None:
    freeswitch = FreeSwitch()
    record = one(freeswitch.hit("/httapi?at=prompt&step=1"), "work/record")
    addresses = [bind.attrib["action"].removeprefix(URL) for bind in record]

    freeswitch.hit(addresses[7], files={"turn": ("turn.wav", SPOKEN, "audio/wav")})

    assert freeswitch.reception.messages == [Message(keys="7")]
    assert len(set(addresses)) == 12
    marks = [address.partition("&mark=")[2] for address in addresses]
    assert {16} == {len(mark) for mark in marks}


def test_a_mark_that_is_none_is_no_key() -> None:
    freeswitch = FreeSwitch()

    freeswitch.record("&mark=7", step=1, audio=SPOKEN)

    assert freeswitch.reception.messages == [Message(audio=SPOKEN)]


def test_marks_of_one_step_are_none_of_another() -> None:
    freeswitch = FreeSwitch()
    record = one(freeswitch.hit("/httapi?at=prompt&step=1"), "work/record")
    mark = record[7].attrib["action"].partition("&mark=")[2]

    freeswitch.record(f"&mark={mark}", step=5, audio=SPOKEN)

    assert freeswitch.reception.messages == [Message(audio=SPOKEN)]


@pytest.mark.parametrize(("last", "typed"), [("#", "12#"), ("", "12")])
def test_a_row_of_keys_ends_with_a_hash_or_a_pause(last: str, typed: str) -> None:
    freeswitch = FreeSwitch()
    freeswitch.asks(IBAN)
    freeswitch.record(step=1, audio=SPOKEN)

    first = freeswitch.hit("/httapi?at=prompt&step=2", keys="1")
    freeswitch.hit("/httapi?at=row&step=3", keys="2")
    freeswitch.hit("/httapi?at=row&step=4", keys=last)

    pause = one(first, "work/pause")
    assert pause.attrib == {
        "name": "keys",
        "milliseconds": "3000",
        "action": f"{URL}/httapi?lang=&at=row&step=3",
    }
    assert one(pause, "bind").text == "~[0-9*#]"
    assert freeswitch.reception.messages[1:] == [Message(keys=typed)]


@pytest.mark.parametrize("keys", ["12", "A", "invalid", "\N{SUPERSCRIPT TWO}"])
def test_what_is_no_key_is_none(keys: str) -> None:
    freeswitch = FreeSwitch()

    assert work(freeswitch.hit("/httapi?at=prompt&step=1", keys=keys)) == ["record"]


def test_fields_in_the_address_count_too() -> None:
    freeswitch = FreeSwitch()

    freeswitch.client.get(
        f"/httapi?session_id={SESSION}&at=prompt&step=1&keys=2&Caller-Caller-ID-Number=%2B49891",
        headers=basic("s3cret"),
    )

    assert freeswitch.reception.messages == [Message(keys="2")]
    assert freeswitch.reception.incoming[0].caller_id == "+49891"


def test_the_same_hit_again_is_answered_alike_and_served_once() -> None:
    freeswitch = FreeSwitch()

    first, again = (freeswitch.hit("/httapi?at=prompt&step=1", keys="1") for _ in range(2))
    freeswitch.hit("/httapi?at=prompt&step=2", keys="1")

    assert tostring(first) == tostring(again)
    assert len(freeswitch.reception.messages) == 2


def test_a_recording_that_cannot_be_used_is_a_silence() -> None:
    freeswitch = FreeSwitch()
    taken: list[Message] = []
    reception = freeswitch.reception

    async def take(_: object, message: Message) -> Any:
        await asyncio.sleep(0)
        taken.append(message)
        if message.audio:
            raise EmptyRecording("empty")
        return reception.answers[0]

    reception.take = take  # type: ignore[method-assign]
    document = freeswitch.record(step=1, audio=b"x")

    assert taken[-1] == Message()
    assert work(document) == ["playback"]


def test_a_queue_is_joined_at_its_place() -> None:
    freeswitch = FreeSwitch()
    freeswitch.reception.answers = [
        replace(answer("queue", sound(200), Unheard.SILENCE)),
    ]
    freeswitch.reception.endings[CallId(SESSION)] = SENIOR

    document = freeswitch.hit("/httapi?at=prompt&step=1", keys="0")
    # What the answer itself tells replaces what was remembered: its queue has no name.
    assert work(document) == ["playback", "execute", "break"]
    assert one(document, "work/execute").attrib["application"] == "callcenter"
    assert one(document, "variables/cc_base_score").text == "0"
    assert one(document, "variables/hangup_after_bridge").text == "true"


def test_a_call_that_is_over_is_forgotten() -> None:
    freeswitch = FreeSwitch()

    freeswitch.hit("/httapi?step=3", exiting="true")

    assert freeswitch.reception.forgotten == [SESSION]


def test_whatever_breaks_leads_to_a_person(caplog: pytest.LogCaptureFixture) -> None:
    freeswitch = FreeSwitch()
    freeswitch.reception.fails = RuntimeError("Klaus said 1234")

    document = freeswitch.hit("/httapi?at=prompt&step=1", keys="1")

    assert one(document, "work/execute").attrib["data"] == "agents@default"
    assert one(document, "variables/cc_base_score").text == str(50 * 36)
    assert "Klaus" not in caplog.text


@pytest.mark.parametrize(
    ("queue", "tag", "told"),
    [
        ("sip:agent@pbx", "execute", {"application": "deflect", "data": "sip:agent@pbx"}),
        ("vip@berlin", "execute", {"application": "callcenter", "data": "vip@berlin"}),
        (
            "${system rm}",
            "execute",
            {"application": "callcenter", "data": "systemrm@default"},
        ),
        ("tel:+4930999", "dial", {}),
    ],
)
def test_a_queue_s_name_tells_how_it_is_reached_and_is_never_expanded(
    queue: str, tag: str, told: dict[str, str]
) -> None:
    freeswitch = FreeSwitch()
    freeswitch.reception.fails = RuntimeError("so that the fallback answers")
    type(freeswitch.reception).fallback = property(  # type: ignore[assignment, method-assign]
        lambda _: replace(SENIOR, queue=queue)
    )
    try:
        found = one(freeswitch.hit("/httapi?at=prompt&step=1", keys="1"), f"work/{tag}")
    finally:
        type(freeswitch.reception).fallback = FALLBACK  # type: ignore[method-assign]

    assert found.attrib == told


FALLBACK = FakeReception.fallback


def test_after_a_stream_the_dialplan_asks_what_came_of_it() -> None:
    freeswitch = FreeSwitch()
    url = f"/v1/freeswitch/calls/{SESSION}/result"

    unknown = freeswitch.client.get(url, headers={"Accept": "application/json"}).json()
    assert (unknown["action"], unknown["queue"]) == ("queue", "agents")

    freeswitch.reception.endings[CallId(SESSION)] = SENIOR
    told = freeswitch.client.get(url, headers={"Accept": "application/json"}).json()
    assert told == {
        "action": "queue",
        "queue": "senior",
        "application": "callcenter",
        "data": "senior@default",
        "cc_base_score": "2880",
        "rufwerk_language": "de",
        "rufwerk_verified": "true",
        "rufwerk_context": "t0ken",
    }
    assert freeswitch.client.get(url).text.startswith("action=queue&queue=senior&application=")


def test_where_no_more_calls_are_taken_the_caller_is_sent_to_people() -> None:
    freeswitch = FreeSwitch()
    freeswitch.reception.is_full = True

    document = freeswitch.hit("/httapi?lang=de")

    assert work(document) == ["execute", "break"]
    assert one(document, "work/execute").attrib["data"] == "agents@default"


def test_a_turn_too_many_sends_its_caller_to_people() -> None:
    freeswitch = FreeSwitch()
    freeswitch.reception.fails = HouseFull("full")

    assert work(freeswitch.record(step=2, audio=SPOKEN)) == ["execute", "break"]
