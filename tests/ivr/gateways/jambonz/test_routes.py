"""Webhooks over HTTP: who is let in, and what each of them is answered."""

import asyncio
import hashlib
import hmac
import json
import logging
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

import pytest
from fakes.live import FakeReception, answer, sound
from fakes.log_lines import logged
from fastapi import FastAPI
from fastapi.testclient import TestClient

from ivr.call import CallId, Language, Unheard
from ivr.errors import CallBusy, CallOver, HouseFull
from ivr.gateways.jambonz import desk as jambonz_desk
from ivr.gateways.jambonz.routes import routes
from ivr.live.reception import Message
from ivr.live.wire import Ending, Incoming
from ivr.settings import GatewaySettings, JambonzSettings
from ivr.turn import Answer
from tests.ivr.gateways.jambonz.rules import checked, confirmed

NOW = 1_700_000_000
CALL = CallId("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
NUMBER = "+4989123456"
BASE = {"call_sid": CALL, "from": NUMBER, "to": "+4930815", "direction": "inbound"}
HOOKS = ("call", "turn", "wait", "queue-exit", "refer", "dial", "whisper", "status", "listen-end")
PERSON = [
    {"verb": "tag", "data": {"language": "de", "verified": False}},
    {
        "verb": "enqueue",
        "name": "agents",
        "priority": 51,
        "waitHook": "/jambonz/wait?lang=de&last=1",
        "actionHook": "/jambonz/queue-exit?lang=de&last=1",
    },
]
HANG_UP = [{"verb": "hangup"}]


@dataclass
class Jambonz:
    """Sends webhooks as a feature server does."""

    reception: FakeReception = field(default_factory=FakeReception)
    mode: Any = "stream"
    public_url: str = ""
    secrets: str = "whsec"

    def __post_init__(self) -> None:
        own = JambonzSettings(secrets=self.secrets, mode=self.mode)
        settings = GatewaySettings(public_url=self.public_url, jambonz=own)
        app = FastAPI()
        app.include_router(routes(self.reception, settings, clock=lambda: NOW))
        self.client = TestClient(app)

    def post(self, path: str, body: bytes, *, at: int = NOW, secret: bytes = b"whsec") -> Any:
        digest = hmac.new(secret, b"%d." % at + body, hashlib.sha256).hexdigest()
        headers = {"Jambonz-Signature": f"t={at},v1={digest}", "Content-Type": "application/json"}
        return self.client.post(path, content=body, headers=headers)

    def hook(self, name: str, fields: Any = None, *, query: str = "", at: int = NOW) -> list[Any]:
        """What is answered, if jambonz would do it."""
        body = json.dumps(BASE if fields is None else fields).encode()
        answered = self.post(f"/jambonz/{name}{query}", body, at=at)
        assert answered.status_code == 200
        assert answered.headers["content-type"] == "application/json"
        if name == "whisper":
            return confirmed(answered.json())
        return checked(answered.json(), is_waiting=name == "wait")


@pytest.fixture
def jambonz() -> Jambonz:
    return Jambonz()


def turn(kind: str = "ask", **action: Any) -> Answer:
    given = answer(kind, sound(400), Unheard.SILENCE)
    return replace(
        given, result=replace(given.result, action=replace(given.result.action, **action))
    )


def ended(jambonz: Jambonz, queue: str = "senior", **told: Any) -> None:
    told = {"type": "queue", "priority": 80, "language": Language.ENGLISH} | told
    jambonz.reception.endings[CALL] = Ending(call_id=CALL, queue=queue, **told)


# Who is let in


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_that_is_not_signed_is_refused(jambonz: Jambonz, name: str) -> None:
    body = json.dumps(BASE).encode()

    assert jambonz.client.post(f"/jambonz/{name}", content=body).status_code == 401
    assert jambonz.post(f"/jambonz/{name}", body, secret=b"other").status_code == 401
    assert jambonz.post(f"/jambonz/{name}", body, at=NOW - 301).status_code == 401
    assert jambonz.reception.known == {}
    assert jambonz.reception.messages == []
    assert jambonz.reception.forgotten == []


@pytest.mark.parametrize("name", HOOKS)
def test_a_get_hook_is_refused(jambonz: Jambonz, name: str) -> None:
    """Its signature is of an object that does not come along."""
    digest = hmac.new(b"whsec", f"{NOW}.null".encode(), hashlib.sha256).hexdigest()
    headers = {"Jambonz-Signature": f"t={NOW},v1={digest}"}

    assert jambonz.client.get(f"/jambonz/{name}", headers=headers).status_code == 405


def test_a_body_that_is_too_large_is_refused(jambonz: Jambonz) -> None:
    assert jambonz.post("/jambonz/call", b" " * (128 * 1024 + 1)).status_code == 413


def test_a_body_that_is_too_large_and_does_not_say_so_is_refused(jambonz: Jambonz) -> None:
    pieces = iter([b" " * 65_536] * 3)

    assert jambonz.client.post("/jambonz/call", content=pieces).status_code == 413


@pytest.mark.parametrize("secrets", ["", " , "])
def test_without_a_secret_there_are_no_hooks_and_no_streams(secrets: str) -> None:
    jambonz = Jambonz(secrets=secrets)

    assert jambonz.post("/jambonz/call", b"{}", secret=b"").status_code == 404
    assert jambonz.client.get("/ws/jambonz").status_code == 404


def test_an_unknown_hook_is_none(jambonz: Jambonz) -> None:
    assert jambonz.post("/jambonz/dance", b"{}").status_code == 404


# A call comes in


def test_a_call_is_streamed_and_a_person_stands_behind_it(jambonz: Jambonz) -> None:
    streamed, *person = jambonz.hook("call", query="?lang=en")

    assert streamed["verb"] == "listen"
    assert streamed["actionHook"] == "/jambonz/listen-end?lang=en"
    assert streamed["metadata"]["ticket"] == streamed["wsAuth"]["password"]
    assert [verb["verb"] for verb in person] == ["tag", "enqueue"]


def test_a_hook_that_is_tried_again_is_answered_as_before(jambonz: Jambonz) -> None:
    first = jambonz.hook("call")

    assert jambonz.hook("call") == first
    assert jambonz.hook("call", at=NOW + 1) != first


def test_in_the_other_mode_jambonz_listens_behind_an_opening_that_is_heard_to_its_end() -> None:
    asked, *person = Jambonz(mode="gather").hook("call")

    assert asked["verb"] == "gather"
    assert asked["say"] == {"text": "Guten Tag.", "disableTtsCache": True}
    assert (asked["bargein"], asked["listenDuringPrompt"]) == (False, False)
    assert person == PERSON


def test_in_the_other_mode_no_voice_is_spoken_of_and_names_are_listened_for() -> None:
    jambonz = Jambonz(mode="gather")
    assert "hints" not in jambonz.hook("call")[0]["recognizer"]
    jambonz.reception.names = ("Muster Tarif",)

    asked = jambonz.hook("call", at=NOW + 1)[0]

    assert asked["recognizer"]["hints"] == ["Muster Tarif"]
    assert jambonz.reception.opened == [False, False]


def test_our_own_voice_is_heard_where_jambonz_can_fetch_it() -> None:
    jambonz = Jambonz(mode="gather", public_url="https://ivr.example")

    assert jambonz.hook("call")[0]["play"] == {
        "url": "https://ivr.example/prompts/0123456789abcdef.wav"
    }


@pytest.mark.parametrize("mode", ["stream", "gather"])
@pytest.mark.parametrize("fields", [{}, [], None, {"call_sid": 5}, {"call_sid": "a b"}, "call_sid"])
def test_a_call_that_cannot_be_told_goes_to_people(mode: str, fields: Any) -> None:
    fields = "null" if fields is None else fields

    assert Jambonz(mode=mode).hook("call", fields) == PERSON


def test_a_body_that_is_no_json_goes_to_people(jambonz: Jambonz) -> None:
    assert jambonz.post("/jambonz/call", b"{").json() == PERSON


# Turns


def test_words_become_a_turn_of_the_call() -> None:
    jambonz = Jambonz(mode="gather")
    jambonz.reception.answers = [turn(prompt="Wohin?")]
    speech = {"alternatives": [{"transcript": "Flug umbuchen", "confidence": 0.7}]}
    fields = BASE | {"reason": "speechDetected", "speech": speech, "verb_id": "v1"}

    asked, *person = jambonz.hook("turn", fields, query="?lang=de")

    assert jambonz.reception.messages == [Message(said="Flug umbuchen", confidence=0.7)]
    assert jambonz.reception.incoming == [
        Incoming(
            call_id=CALL,
            caller_id=NUMBER,
            language=Language.GERMAN,
            source="jambonz",
            gateway="jambonz",
        )
    ]
    assert asked["say"]["text"] == "Wohin?"
    assert asked["bargein"]
    assert person == PERSON


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"reason": "dtmfDetected", "digits": "2"}, Message(keys="2")),
        ({"reason": "timeout"}, Message()),
        ({"reason": "error"}, Message()),
        ({"reason": "something new"}, Message()),
    ],
)
def test_keys_and_silence_are_turns_too(fields: dict[str, str], message: Message) -> None:
    jambonz = Jambonz(mode="gather")
    jambonz.reception.answers = [turn()]

    assert jambonz.hook("turn", BASE | fields)[0]["verb"] == "gather"
    assert jambonz.reception.messages == [message]


def test_a_turn_that_is_sent_again_is_taken_once() -> None:
    jambonz = Jambonz(mode="gather")
    jambonz.reception.answers = [turn()]
    fields = BASE | {"reason": "timeout", "verb_id": "v1"}

    first = jambonz.hook("turn", fields)

    assert jambonz.hook("turn", fields, at=NOW + 1) == first
    assert len(jambonz.reception.messages) == 1
    assert jambonz.hook("turn", fields | {"verb_id": "v2"}) != first
    assert len(jambonz.reception.messages) == 2


def test_a_turn_that_ends_the_call_is_said_and_done() -> None:
    jambonz = Jambonz(mode="gather")
    jambonz.reception.answers = [
        turn("queue", prompt="Ich verbinde.", queue="vip", priority=90, context_token="t0ken")
    ]

    said, tag, enqueue = jambonz.hook("turn", BASE | {"reason": "timeout"})

    assert said == {"verb": "say", "text": "Ich verbinde.", "disableTtsCache": True}
    assert tag["data"]["context"] == "t0ken"
    assert (enqueue["name"], enqueue["priority"]) == ("vip", 11)


def test_a_caller_who_says_goodbye_hears_it() -> None:
    jambonz = Jambonz(mode="gather")
    jambonz.reception.answers = [turn("hangup", prompt="Auf Wiederhören.")]

    assert [verb["verb"] for verb in jambonz.hook("turn")] == ["say", "hangup"]


def test_a_turn_of_a_call_that_is_over_is_followed_by_what_was_decided() -> None:
    jambonz = Jambonz(mode="gather")
    jambonz.reception.fails = CallOver("This call was handed on.")

    assert jambonz.hook("turn", BASE | {"reason": "timeout"}) == PERSON
    ended(jambonz)
    again = jambonz.hook("turn", BASE | {"reason": "timeout"}, at=NOW + 1)
    assert again[-1]["name"] == "senior"


@pytest.mark.parametrize("fails", [CallBusy("busy"), RuntimeError("+4989123456"), TimeoutError()])
def test_a_turn_that_fails_goes_to_people_and_no_log_tells_of_whom(
    fails: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    jambonz = Jambonz(mode="gather")
    jambonz.reception.fails = fails

    with caplog.at_level(logging.DEBUG):
        assert jambonz.hook("turn", BASE | {"reason": "timeout"}) == PERSON
    lines = " ".join(logged(record for record in caplog.records if "ivr" in record.name))
    assert "jambonz hook failed" in lines
    assert NUMBER not in lines


def test_a_turn_that_takes_too_long_goes_to_people(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(FakeReception):
        async def take(self, incoming: Incoming, message: Message) -> Answer:
            await asyncio.sleep(10)
            return turn()

    monkeypatch.setattr(jambonz_desk, "_LONGEST_S", 0.01)

    assert Jambonz(Slow(), mode="gather").hook("turn", BASE | {"reason": "timeout"}) == PERSON


# What becomes of a call


def test_a_stream_that_broke_goes_to_people(jambonz: Jambonz) -> None:
    assert jambonz.hook("listen-end", query="?lang=de") == PERSON


def test_a_stream_that_was_ended_is_followed_by_what_was_decided(jambonz: Jambonz) -> None:
    ended(jambonz)

    _, enqueue = jambonz.hook("listen-end", query="?lang=de")

    assert (enqueue["name"], enqueue["priority"]) == ("senior", 21)
    assert enqueue["waitHook"] == "/jambonz/wait?lang=en"


def test_goodbye_at_the_end_of_a_stream_hangs_up(jambonz: Jambonz) -> None:
    ended(jambonz, type="hangup")

    assert jambonz.hook("listen-end") == HANG_UP


def test_who_waits_is_told_where_they_stand(jambonz: Jambonz) -> None:
    fields = {"queue_sid": "queue:a:senior", "queue_time": 3, "queue_position": 1, "queue_size": 4}

    assert jambonz.hook("wait", fields, query="?lang=en")[0]["text"] == (
        "There is one person ahead of you. Please stay on the line."
    )


def test_what_we_know_of_the_wait_goes_before_what_jambonz_tells(jambonz: Jambonz) -> None:
    jambonz.reception.wait = "Noch etwa drei Minuten."
    fields = {**BASE, "queue_sid": "queue:a:senior", "queue_position": 1, "queue_size": 4}
    assert "one person ahead" in jambonz.hook("wait", fields, query="?lang=en")[0]["text"]

    ended(jambonz)
    told = jambonz.hook("wait", {**fields, "queue_time": 23}, query="?lang=en")

    assert [verb["verb"] for verb in told] == ["say", "pause"]
    assert told[0]["text"] == "Noch etwa drei Minuten."


@pytest.mark.parametrize("result", ["bridged", "hangup"])
def test_who_was_served_or_gave_up_is_not_queued_again(jambonz: Jambonz, result: str) -> None:
    assert jambonz.hook("queue-exit", BASE | {"queue_result": result}) == HANG_UP


@pytest.mark.parametrize("result", ["error", "leave", "something new"])
def test_who_could_not_be_connected_waits_on_at_their_place(jambonz: Jambonz, result: str) -> None:
    assert jambonz.hook("queue-exit", BASE | {"queue_result": result}) == PERSON

    ended(jambonz)
    again = jambonz.hook("queue-exit", BASE | {"queue_result": result}, at=NOW + 1)
    assert (again[-1]["name"], again[-1]["priority"]) == ("senior", 21)


@pytest.mark.parametrize("final", [200, 204])
def test_a_transfer_that_came_through_is_the_end(jambonz: Jambonz, final: int) -> None:
    told = {"refer_status": 202, "final_referred_call_status": final}

    assert jambonz.hook("refer", BASE | told) == HANG_UP


@pytest.mark.parametrize(
    "told",
    [{}, {"refer_status": 603}, {"refer_status": 202, "final_referred_call_status": 486}],
)
def test_a_transfer_that_failed_goes_to_people(jambonz: Jambonz, told: dict[str, int]) -> None:
    assert jambonz.hook("refer", BASE | told) == PERSON


def test_a_transfer_that_still_rings_is_not_cut_off(jambonz: Jambonz) -> None:
    pause, *person = jambonz.hook("refer", BASE | {"refer_status": 202})

    assert pause == {"verb": "pause", "length": 30}
    assert person == PERSON


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", ""])
def test_a_number_that_nobody_answered_goes_to_people(jambonz: Jambonz, status: str) -> None:
    assert jambonz.hook("dial", BASE | {"dial_call_status": status}) == PERSON


def test_a_conversation_that_is_over_is_the_end(jambonz: Jambonz) -> None:
    assert jambonz.hook("dial", BASE | {"dial_call_status": "completed"}) == HANG_UP


@pytest.mark.parametrize("name", ["refer", "dial"])
def test_where_people_are_outside_nobody_is_sent_there_forever(name: str) -> None:
    class Outside(FakeReception):
        @property
        def fallback(self) -> Ending:
            return replace(super().fallback, queue="sip:people@pbx.example")

    jambonz = Jambonz(Outside())

    person = jambonz.hook(name, query="?lang=de")
    assert person[-1]["actionHook"] == "/jambonz/refer?lang=de&last=1"
    assert jambonz.hook(name, query="?lang=de&last=1", at=NOW + 1) == HANG_UP


@pytest.mark.parametrize(
    ("status", "is_forgotten"),
    [("completed", True), ("no-answer", True), ("in-progress", False), ("trying", False)],
)
def test_a_call_that_is_over_is_forgotten(
    jambonz: Jambonz, status: str, is_forgotten: bool
) -> None:
    body = json.dumps(BASE | {"call_status": status}).encode()

    assert jambonz.post("/jambonz/status", body).json() == []
    assert jambonz.reception.forgotten == ([CALL] if is_forgotten else [])


def test_queue_events_of_an_account_do_no_harm(jambonz: Jambonz) -> None:
    body = json.dumps({"event": "join", "queue": "senior", "length": 3}).encode()

    assert jambonz.post("/jambonz/status", body).json() == []


# Who answers a telephone is told whom they get


SOUND = "0123456789abcdef.wav"


def public(**jambonz: Any) -> Jambonz:
    return Jambonz(public_url="https://ivr.example", **jambonz)


@pytest.mark.parametrize("sound", ["", "x", "../secret.wav", f"a/{SOUND}"])
def test_nothing_but_a_sound_of_ours_is_played_to_a_person(sound: str) -> None:
    assert public().hook("whisper", query="?" + urlencode({"lang": "de", "sound": sound})) == []


def test_without_anything_to_tell_nobody_is_asked_to_listen() -> None:
    jambonz = public()
    ended(jambonz, queue="+49301234567")

    _, dial = jambonz.hook("listen-end", query="?lang=de")

    assert "confirmHook" not in dial


def test_a_person_hears_whom_they_get_before_they_are_connected() -> None:
    """The hook names the sound and no call: jambonz signs no address."""
    jambonz = public()
    ended(jambonz, queue="+49301234567")
    jambonz.reception.has_whisper = True

    _, dial = jambonz.hook("listen-end", query="?lang=de")
    assert dial["confirmHook"] == f"https://ivr.example/jambonz/whisper?lang=en&sound={SOUND}"

    other = BASE | {"call_sid": "6ba7b811-9dad-11d1-80b4-00c04fd430c8"}
    told = jambonz.hook("whisper", other, query=f"?lang=en&sound={SOUND}")
    assert told == [{"verb": "play", "url": f"https://ivr.example/prompts/{SOUND}"}]


# Too much to do


@pytest.mark.parametrize("mode", ["stream", "gather"])
def test_where_no_more_calls_are_taken_the_caller_is_sent_to_people(mode: str) -> None:
    jambonz = Jambonz(mode=mode)
    jambonz.reception.is_full = True

    assert jambonz.hook("call", query="?lang=de") == PERSON


def test_a_turn_too_many_sends_its_caller_to_people(jambonz: Jambonz) -> None:
    jambonz.reception.fails = HouseFull("full")

    assert jambonz.hook("turn", query="?lang=de") == PERSON
