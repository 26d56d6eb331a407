"""Twilio's webhooks, signed as Twilio signs them."""

import base64
import hashlib
import hmac
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, fromstring

import pytest
from fakes.live import FakeReception, answer, sound
from fastapi import FastAPI
from fastapi.testclient import TestClient

from ivr.call import CallId, Language, Unheard
from ivr.errors import BadSettings, CallOver, HouseFull
from ivr.gateways.twilio.routes import routes
from ivr.live.reception import Message
from ivr.live.wire import Ending
from ivr.settings import GatewaySettings, TwilioSettings

URL = "https://ivr.example.com"
CALL = "CA" + "0" * 32
SENIOR = Ending(
    call_id=CallId(CALL),
    type="queue",
    queue="senior",
    priority=80,
    context_token="t0ken",
    language=Language.GERMAN,
    is_verified=True,
)


def signed(path: str, fields: dict[str, str], token: bytes = b"12345") -> str:
    text = URL + path + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.new(token, text.encode(), hashlib.sha1).digest()).decode()


class Twilio:
    """The other side."""

    def __init__(self, **twilio: Any) -> None:
        self.reception = FakeReception()
        self.reception.answers = [answer("ask", sound(200), Unheard.SILENCE)]
        settings = GatewaySettings(
            public_url=URL, twilio=TwilioSettings(**{"tokens": "12345", **twilio})
        )
        app = FastAPI()
        app.include_router(routes(self.reception, settings))
        self.client = TestClient(app)

    def ask(self, path: str, headers: dict[str, str] | None = None, **fields: str) -> Element:
        fields = {"CallSid": CALL, "From": "+4989123456", "To": "+4930815", **fields}
        shown = {"X-Twilio-Signature": signed(path, fields), **(headers or {})}
        answered = self.client.post(path, data=fields, headers=shown)
        assert answered.status_code == 200
        assert answered.headers["content-type"].startswith("text/xml")
        return fromstring(answered.content)  # noqa: S314 - our own document


def tags(document: Element) -> list[str]:
    return [verb.tag for verb in document]


def one(document: Element, path: str) -> Element:
    found = document.find(path)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "signature", [None, "", "x", signed("/twilio/voice", {"CallSid": CALL}, b"no")]
)
@pytest.mark.parametrize("hook", ["voice", "turn", "after", "wait", "queue-exit", "status"])
def test_what_is_not_signed_is_refused(signature: str | None, hook: str) -> None:
    twilio = Twilio()
    headers = {} if signature is None else {"X-Twilio-Signature": signature}

    refused = twilio.client.post(f"/twilio/{hook}", data={"CallSid": CALL}, headers=headers)

    assert refused.status_code == 403
    assert twilio.reception.incoming == twilio.reception.forgotten == []


def test_signalwire_s_header_counts_too() -> None:
    twilio, form = Twilio(), {"CallSid": CALL}

    for signature, status in (("x", 403), (signed("/twilio/voice", form), 200)):
        shown = {"X-SignalWire-Signature": signature}
        assert twilio.client.post("/twilio/voice", data=form, headers=shown).status_code == status


def test_other_ways_and_other_bodies_are_refused() -> None:
    twilio = Twilio()

    assert twilio.client.get("/twilio/voice").status_code == 405
    assert twilio.client.post("/twilio/voice", json={}).status_code == 415
    assert twilio.client.post("/twilio/voice", data={"a": "b" * 70_000}).status_code == 413


def test_without_a_token_there_are_no_doors_and_without_an_address_no_start() -> None:
    app = FastAPI()
    app.include_router(routes(FakeReception(), GatewaySettings(public_url=URL)))
    assert TestClient(app).post("/twilio/voice").status_code == 404

    with pytest.raises(BadSettings, match="PUBLIC_URL"):
        routes(FakeReception(), GatewaySettings(twilio=TwilioSettings(tokens="12345")))


def test_a_call_is_streamed_and_then_asked_about() -> None:
    document = Twilio().ask("/twilio/voice")

    assert tags(document) == ["Connect", "Redirect"]
    stream = one(document, "Connect/Stream")
    assert stream.attrib == {"url": "wss://ivr.example.com/ws/twilio"}
    parameter = one(stream, "Parameter")
    assert parameter.attrib["name"] == "ticket"
    assert len(parameter.attrib["value"]) > 40
    assert one(document, "Redirect").text == f"{URL}/twilio/after?lang=de"


def test_in_the_other_mode_twilio_listens_behind_an_opening_that_is_heard_to_its_end() -> None:
    document = Twilio(mode="gather").ask("/twilio/voice?lang=en")

    assert tags(document) == ["Gather", "Redirect"]
    asked = one(document, "Gather").attrib
    assert (asked["bargeIn"], asked["language"], asked["actionOnEmptyResult"]) == (
        "false",
        "en-US",
        "true",
    )
    assert asked["action"] == f"{URL}/twilio/turn?lang=en&step=1"
    assert one(document, "Gather/Play").text == f"{URL}/prompts/0123456789abcdef.wav"


def test_in_the_other_mode_no_voice_is_spoken_of_and_names_are_listened_for() -> None:
    twilio = Twilio(mode="gather")
    assert "hints" not in one(twilio.ask("/twilio/voice"), "Gather").attrib
    twilio.reception.names = ("Muster Tarif", "Hohe\x00 Straße", "x" * 200)

    asked = one(twilio.ask("/twilio/voice", CallSid="another"), "Gather").attrib

    assert asked["hints"] == "Muster Tarif,Hohe Straße," + "x" * 100
    assert twilio.reception.opened == [False, False]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"Digits": "12#", "SpeechResult": "x"}, Message(keys="12#")),
        (
            {"SpeechResult": "Ich möchte umbuchen", "Confidence": "0.83"},
            Message(said="Ich möchte umbuchen", confidence=0.83),
        ),
        ({"SpeechResult": "Ja", "Confidence": "nonsense"}, Message(said="Ja")),
        ({"SpeechResult": "Ja", "Confidence": "NaN"}, Message(said="Ja")),
        ({}, Message()),
    ],
)
def test_what_was_gathered_is_a_turn(fields: dict[str, str], expected: Message) -> None:
    twilio = Twilio(mode="gather")

    document = twilio.ask("/twilio/turn?lang=de&step=1", **fields)

    assert twilio.reception.messages == [expected]
    assert one(document, "Gather").attrib["action"] == f"{URL}/twilio/turn?lang=de&step=2"


def test_the_same_hook_again_is_answered_alike_and_served_once() -> None:
    twilio = Twilio(mode="gather")

    first = twilio.ask("/twilio/turn?lang=de&step=1", Digits="1")
    again = twilio.ask("/twilio/turn?lang=de&step=1", Digits="1")
    assert len(twilio.reception.messages) == 1
    assert [one.attrib for one in first] == [one.attrib for one in again]

    twilio.ask("/twilio/turn?lang=de&step=2", Digits="1")
    assert len(twilio.reception.messages) == 2


def test_a_captured_hook_is_not_served_anew_whatever_is_changed_that_nobody_signs() -> None:
    twilio = Twilio(mode="gather")
    path, form = "/twilio/turn?lang=de&step=1", {"CallSid": CALL, "Digits": "1", "To": "+4930815"}
    signature = signed(path, form)

    def sent(fields: dict[str, str], **headers: str) -> int:
        headers["X-Twilio-Signature"] = signature
        return twilio.client.post(path, data=fields, headers=headers).status_code

    assert sent(form) == 200
    assert sent(form, **{"I-Twilio-Idempotency-Token": "another"}) == 200
    assert sent(dict(reversed(form.items()))) == 200
    assert sent({"CallSid": CALL, "Digits1To": "+4930815"}) == 200  # the same text is signed
    assert len(twilio.reception.messages) == 1


def test_a_turn_that_ends_the_call_is_said_and_handed_on() -> None:
    twilio = Twilio(mode="gather")
    twilio.reception.answers = [answer("queue", sound(200), Unheard.SILENCE)]

    assert tags(twilio.ask("/twilio/turn?lang=de&step=1", Digits="0")) == ["Play", "Enqueue"]


def test_a_stream_that_broke_leads_to_a_person() -> None:
    enqueue = one(Twilio().ask("/twilio/after?lang=de"), "Enqueue")

    assert enqueue.text == "agents"
    assert enqueue.attrib["waitUrl"] == f"{URL}/twilio/wait?lang=de"


def test_how_a_stream_ended_is_done() -> None:
    twilio = Twilio()
    twilio.reception.endings[CallId(CALL)] = SENIOR

    assert one(twilio.ask("/twilio/after?lang=de"), "Enqueue").text == "senior"


def test_with_a_workflow_the_priority_and_the_context_go_with_the_task() -> None:
    twilio = Twilio(workflow="WW" + "1" * 32)
    twilio.reception.endings[CallId(CALL)] = SENIOR

    enqueue = one(twilio.ask("/twilio/after?lang=de"), "Enqueue")
    task = one(enqueue, "Task")
    assert enqueue.attrib["workflowSid"] == "WW" + "1" * 32
    assert task.attrib == {"priority": "80"}
    assert '"context": "t0ken"' in (task.text or "")


SIP = "sip:agent@pbx.example.com"
SIP_WITH_CONTEXT = f"{SIP}?User-to-User={b't0ken'.hex()}%3Bencoding%3Dhex"


@pytest.mark.parametrize(
    ("caller", "queue", "path", "text"),
    [
        ("+4989123456", SIP, "Dial/Sip", SIP_WITH_CONTEXT),
        ("client:klaus", SIP, "Dial/Sip", SIP_WITH_CONTEXT),
        ("sip:+4989123456@pbx.example.com", SIP, "Refer/Sip", SIP_WITH_CONTEXT),
        ("+4989123456", "tel:+4930999", "Dial/Number", "+4930999"),
    ],
)
def test_a_queue_s_name_may_be_an_address_and_only_callers_over_sip_are_referred(
    caller: str, queue: str, path: str, text: str
) -> None:
    twilio = Twilio()
    twilio.reception.endings[CallId(CALL)] = replace(SENIOR, queue=queue)

    assert one(twilio.ask("/twilio/after?lang=de", From=caller), path).text == text


@pytest.mark.parametrize(
    ("path", "told", "expected"),
    [
        ("/twilio/dial?lang=de", {"DialCallStatus": "no-answer"}, "Enqueue"),
        ("/twilio/refer?lang=de", {"ReferCallStatus": "busy"}, "Enqueue"),
        ("/twilio/refer?lang=de", {"ReferSipResponseCode": "202"}, "Enqueue"),
        ("/twilio/dial?lang=de", {"DialCallStatus": "completed"}, "Hangup"),
        ("/twilio/refer?lang=de", {"ReferCallStatus": "in-progress"}, "Hangup"),
    ],
)
def test_whoever_could_not_be_reached_is_replaced_by_a_person(
    path: str, told: dict[str, str], expected: str
) -> None:
    assert tags(Twilio().ask(path, **told)) == [expected]


def test_whoever_waits_hears_their_place() -> None:
    twilio = Twilio()

    def heard(**fields: str) -> str:
        return one(twilio.ask("/twilio/wait?lang=de", **fields), "Say").text or ""

    assert "als Nächstes" in heard(QueuePosition="1")
    assert "noch 4 Personen" in heard(QueuePosition="5")
    assert heard(QueuePosition="-3") == "Bitte bleiben Sie am Apparat."
    assert tags(twilio.ask("/twilio/wait?lang=de")) == ["Say", "Pause"]


def test_what_we_know_of_the_wait_is_told_in_our_voice() -> None:
    twilio = Twilio()
    twilio.reception.wait = "Noch etwa drei Minuten."
    assert tags(twilio.ask("/twilio/wait?lang=de")) == ["Say", "Pause"]

    twilio.reception.endings[CallId(CALL)] = SENIOR
    told = twilio.ask("/twilio/wait?lang=de", From="anonymous", QueuePosition="5")

    assert tags(told) == ["Play", "Pause"]
    assert one(told, "Play").text == f"{URL}/prompts/0123456789abcdef.wav"


def test_whoever_left_a_queue_well_is_done_and_others_wait_again() -> None:
    twilio = Twilio()

    assert tags(twilio.ask("/twilio/queue-exit?lang=de", QueueResult="bridged")) == ["Hangup"]
    assert tags(twilio.ask("/twilio/queue-exit?lang=de", QueueResult="leave")) == ["Enqueue"]


@pytest.mark.parametrize("result", ["queue-full", "error", "system-error"])
def test_a_queue_that_takes_nobody_is_not_asked_again_without_a_pause(result: str) -> None:
    document = Twilio().ask("/twilio/queue-exit?lang=de", QueueResult=result)

    assert tags(document) == ["Say", "Pause", "Enqueue"]


def test_a_call_that_is_over_is_forgotten() -> None:
    twilio = Twilio()

    twilio.ask("/twilio/status", CallStatus="in-progress")
    assert twilio.reception.forgotten == []
    twilio.ask("/twilio/status", CallStatus="completed")
    assert twilio.reception.forgotten == [CALL]


@pytest.mark.parametrize("error", [RuntimeError("Klaus said 1234"), CallOver("over")])
def test_whatever_breaks_leads_to_a_person(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    twilio = Twilio(mode="gather")
    twilio.reception.fails = error

    document = twilio.ask("/twilio/turn?lang=de&step=1", SpeechResult="hallo")

    assert one(document, "Enqueue").text == "agents"
    assert "Klaus" not in caplog.text


def test_words_that_xml_cannot_hold_do_not_break_the_document() -> None:
    twilio = Twilio(mode="gather")
    strange = answer("ask", sound(0), Unheard.SILENCE)

    part = replace(strange.result.action, prompt="eins\x00 < zwei & \ud800 drei")
    twilio.reception.answers = [replace(strange, result=replace(strange.result, action=part))]

    document = twilio.ask("/twilio/turn?lang=de&step=1", Digits="1")

    assert one(document, "Gather/Say").text == "eins < zwei &  drei"


# Who answers a telephone is told whom they get


SOUND = "0123456789abcdef.wav"
OUTSIDE = replace(SENIOR, queue="+49301234567")


@pytest.mark.parametrize("sound", ["", "x", "../secret.wav", f"{SOUND}?x", f"a/{SOUND}", "ä" * 20])
def test_nothing_but_a_sound_of_ours_is_played_to_a_person(sound: str) -> None:
    told = Twilio().ask("/twilio/whisper?" + urlencode({"lang": "de", "sound": sound}))

    assert tags(told) == []


def test_without_anything_to_tell_nobody_is_asked_to_listen() -> None:
    twilio = Twilio()
    twilio.reception.endings[CallId(CALL)] = OUTSIDE

    assert one(twilio.ask("/twilio/after?lang=de"), "Dial/Number").attrib == {}


def test_a_person_hears_whom_they_get_before_they_are_connected() -> None:
    twilio = Twilio()
    twilio.reception.endings[CallId(CALL)] = OUTSIDE
    twilio.reception.has_whisper = True

    number = one(twilio.ask("/twilio/after?lang=de"), "Dial/Number")
    assert number.text == "+49301234567"
    assert number.attrib["url"] == f"{URL}/twilio/whisper?lang=de&sound={SOUND}"
    assert CALL not in number.attrib["url"]

    told = twilio.ask(number.attrib["url"].removeprefix(URL), CallSid="CA" + "1" * 32)
    assert one(told, "Play").text == f"{URL}/prompts/{SOUND}"


def test_in_a_queue_of_twilio_nobody_is_dialled() -> None:
    twilio = Twilio()
    twilio.reception.endings[CallId(CALL)] = SENIOR
    twilio.reception.has_whisper = True

    assert tags(twilio.ask("/twilio/after?lang=de")) == ["Enqueue"]


# Who waits may ask to be rung back


def test_without_a_number_nobody_is_offered_a_call_back() -> None:
    twilio = Twilio()
    twilio.reception.wait = "Noch zehn Minuten."
    twilio.reception.endings[CallId(CALL)] = SENIOR

    for number in ("", "anonymous", "+266696687", "sip:a@b"):
        assert tags(twilio.ask("/twilio/wait?lang=de", From=number)) == ["Play", "Pause"]


def test_any_other_key_leaves_the_caller_waiting() -> None:
    twilio = Twilio()
    twilio.reception.wait = "Noch zehn Minuten."
    twilio.reception.endings[CallId(CALL)] = SENIOR

    assert tags(twilio.ask("/twilio/call-back?lang=de", Digits="2")) == ["Gather"]
    assert twilio.reception.rung == []


def test_one_key_keeps_the_place_and_ends_the_call() -> None:
    twilio = Twilio()
    twilio.reception.wait = "Noch zehn Minuten."
    twilio.reception.endings[CallId(CALL)] = SENIOR

    gather = one(twilio.ask("/twilio/wait?lang=de"), "Gather")
    assert gather.attrib["action"] == f"{URL}/twilio/call-back?lang=de"
    assert gather.attrib["numDigits"] == "1"
    assert gather.find("Play") is not None

    told = twilio.ask("/twilio/call-back?lang=de", Digits="1")
    assert tags(told) == ["Play", "Hangup"]
    assert twilio.reception.rung == [CALL]


def test_a_call_back_that_was_not_noted_is_not_promised() -> None:
    twilio = Twilio()

    assert tags(twilio.ask("/twilio/call-back?lang=de", Digits="1")) == ["Say", "Pause"]


@pytest.mark.parametrize("mode", ["stream", "gather"])
def test_where_no_more_calls_are_taken_the_caller_is_sent_to_people(mode: str) -> None:
    twilio = Twilio(mode=mode)
    twilio.reception.is_full = True

    document = twilio.ask("/twilio/voice?lang=de")

    assert tags(document) == ["Enqueue"]
    assert one(document, "Enqueue").text == "agents"


def test_a_turn_too_many_sends_its_caller_to_people_and_is_tried_anew() -> None:
    twilio = Twilio(mode="gather")
    twilio.reception.fails = HouseFull("full")

    refused = twilio.ask("/twilio/turn?lang=de&step=1", SpeechResult="Ja")
    twilio.reception.fails = None
    taken = twilio.ask("/twilio/turn?lang=de&step=1", SpeechResult="Ja")

    assert (tags(refused), tags(taken)) == (["Enqueue"], ["Gather", "Redirect"])
