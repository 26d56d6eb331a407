"""Verbs as jambonz wants them: who is to go first, where transfers go, what may interrupt."""

from typing import Any

import pytest

from ivr.call import CallId, Intent, Language
from ivr.decide.dialogue import Dialogue, Filling
from ivr.gateways.jambonz.verbs import Links, Prompt, gather, handed_on, listen
from ivr.live.patience import Patience
from ivr.live.wire import Ending
from ivr.settings import LiveSettings
from ivr.turn import Awaited
from tests.ivr.gateways.jambonz.rules import checked

GERMAN, ENGLISH = Language.GERMAN, Language.ENGLISH
INTENT = Intent(name="rebook_flight", confidence=0.9)
LINKS = Links(gateway="jambonz", public_url="https://ivr.example/rufwerk/")


def ending(queue: str | None = "agents", **told: Any) -> Ending:
    kind = told.pop("type", "queue")
    return Ending(call_id=CallId("c1"), type=kind, queue=queue, language=GERMAN, **told)


def patience(dialogue: Dialogue | None = None, *, needs_time: bool = False) -> Patience:
    awaited = Awaited(language=None, dialogue=dialogue or Dialogue(), needs_time=needs_time)
    return Patience(LiveSettings(), awaited)


def test_who_hangs_up_is_not_queued() -> None:
    assert checked(handed_on(ending(None, type="hangup"), LINKS)) == [{"verb": "hangup"}]


@pytest.mark.parametrize(("priority", "sent"), [(100, 1), (80, 21), (0, 101), (None, 101)])
def test_in_jambonz_the_lower_priority_is_sooner(priority: int | None, sent: int) -> None:
    tag, enqueue = checked(handed_on(ending(priority=priority), LINKS))

    assert tag == {"verb": "tag", "data": {"language": "de", "verified": False}}
    assert enqueue == {
        "verb": "enqueue",
        "name": "agents",
        "priority": sent,
        "waitHook": "https://ivr.example/rufwerk/jambonz/wait?lang=de",
        "actionHook": "https://ivr.example/rufwerk/jambonz/queue-exit?lang=de",
    }


def test_whoever_takes_the_call_is_told_its_context() -> None:
    tag, _ = checked(handed_on(ending(context_token="t0ken", is_verified=True), LINKS))

    assert tag["data"] == {"language": "de", "verified": True, "context": "t0ken"}


def test_a_queue_that_is_a_sip_address_is_referred_to() -> None:
    one = ending("sip:vip@pbx.example", type="transfer", priority=90, context_token="t0ken")
    _, refer = checked(handed_on(one, LINKS))

    assert refer == {
        "verb": "sip:refer",
        "referTo": "sip:vip@pbx.example",
        "actionHook": "https://ivr.example/rufwerk/jambonz/refer?lang=de",
        "headers": {"User-to-User": "74306b656e;encoding=hex"},
    }


@pytest.mark.parametrize("queue", ["+4989123456", "tel:+4989123456"])
def test_a_queue_that_is_a_number_is_called(queue: str) -> None:
    _, dial = checked(handed_on(ending(queue, type="transfer"), LINKS))

    assert dial == {
        "verb": "dial",
        "target": [{"type": "phone", "number": "+4989123456"}],
        "actionHook": "https://ivr.example/rufwerk/jambonz/dial?lang=de",
    }


@pytest.mark.parametrize("queue", ["sip:", "sip:a b", "089123", "+49 89 1", "vip"])
def test_every_other_name_is_a_queue_of_jambonz(queue: str) -> None:
    assert checked(handed_on(ending(queue), LINKS))[-1]["name"] == queue


def test_the_last_way_says_so() -> None:
    verbs = handed_on(ending("sip:a@b"), Links(gateway="jambonz", public_url="", is_last=True))

    assert checked(verbs)[-1]["actionHook"] == "/jambonz/refer?lang=de&last=1"


@pytest.mark.parametrize(
    ("public_url", "stream"),
    [
        ("https://ivr.example", "wss://ivr.example/ws/jambonz"),
        ("http://10.0.0.5:8080/", "ws://10.0.0.5:8080/ws/jambonz"),
        ("", "/ws/jambonz"),
    ],
)
def test_a_stream_is_sent_where_we_are(public_url: str, stream: str) -> None:
    links = Links(gateway="jambonz", public_url=public_url)
    verb = listen(links, "t1cket", ENGLISH)

    checked([verb, {"verb": "hangup"}])
    assert verb == {
        "verb": "listen",
        "url": stream,
        "actionHook": f"{public_url.rstrip('/')}/jambonz/listen-end?lang=en",
        "sampleRate": 8_000,
        "mixType": "mono",
        "passDtmf": True,
        "bidirectionalAudio": {"enabled": True, "streaming": True, "sampleRate": 8_000},
        "wsAuth": {"username": "rufwerk", "password": "t1cket"},
        "metadata": {"ticket": "t1cket"},
    }


def asked(prompt: Prompt, waits: Patience | None = None, **told: bool) -> dict[str, Any]:
    verb = gather(prompt, waits or patience(), LINKS, **told)
    checked([verb, {"verb": "hangup"}])
    return verb


def test_what_has_to_be_heard_is_not_interrupted() -> None:
    verb = asked(
        Prompt(text="Sie sprechen mit einem Computer.", language=GERMAN), is_protected=True
    )

    assert (verb["bargein"], verb["dtmfBargein"], verb["listenDuringPrompt"]) == (False,) * 3


def test_a_question_is_said_and_two_words_or_a_key_interrupt_it() -> None:
    verb = asked(Prompt(text="Worum geht es?", language=GERMAN))

    assert len(verb.pop("id")) == 16
    assert verb == {
        "verb": "gather",
        "input": ["speech", "digits"],
        "actionHook": "https://ivr.example/rufwerk/jambonz/turn?lang=de",
        "timeout": 5.0,
        "bargein": True,
        "dtmfBargein": True,
        "listenDuringPrompt": True,
        "minBargeinWordCount": 2,
        "recognizer": {"vendor": "default", "language": "de-DE"},
        "numDigits": 1,
        "say": {"text": "Worum geht es?", "disableTtsCache": True},
    }


def test_our_own_voice_is_played_where_jambonz_can_fetch_it() -> None:
    prompt = Prompt(text="Hi.", url="https://ivr.example/prompts/1.wav", language=ENGLISH)
    verb = asked(prompt)

    assert verb["play"] == {"url": "https://ivr.example/prompts/1.wav"}
    assert "say" not in verb
    assert verb["recognizer"]["language"] == "en-US"


def test_no_turn_is_mistaken_for_another() -> None:
    prompt = Prompt(text="Ja?", language=GERMAN)

    assert asked(prompt)["id"] != asked(prompt)["id"]


def test_where_nothing_can_be_said_somebody_is_listening_all_the_same() -> None:
    verb = asked(Prompt(text="", language=GERMAN))

    assert not {"say", "play"} & set(verb)


def test_who_needs_time_is_given_time() -> None:
    assert asked(Prompt(text="Ja?", language=GERMAN), patience(needs_time=True))["timeout"] == 8.0


def test_a_row_of_keys_is_ended_by_the_hash_key_or_a_pause() -> None:
    filling = Dialogue(pending=Filling(intent=INTENT, slot="order_number"))
    verb = asked(Prompt(text="Ja?", language=GERMAN), patience(filling))

    assert "numDigits" not in verb
    assert (verb["finishOnKey"], verb["maxDigits"], verb["interDigitTimeout"]) == ("#", 32, 3.0)
