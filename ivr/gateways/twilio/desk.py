"""What each of Twilio's webhooks is answered."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from math import isnan
from typing import Literal
from xml.etree.ElementTree import Element

from biometrics import Waveform
from ivr.call import CallId, Language, PhoneNumber
from ivr.decide.dialogue import Dialogue
from ivr.errors import BadCallId, CallOver, HouseFull
from ivr.gateways.links import Links, patience_in
from ivr.gateways.once import Once
from ivr.gateways.tickets import Tickets
from ivr.gateways.twilio.twiml import (
    Prompt,
    Ways,
    document,
    gather,
    handed_on,
    is_dialled,
    said,
    stream,
    waiting,
)
from ivr.identify.number import read_number
from ivr.live.patience import Patience
from ivr.live.reception import Message, Reception
from ivr.live.wire import Ending, Incoming
from ivr.settings import GatewaySettings
from ivr.trace import trace

log = logging.getLogger(__name__)

_LONGEST_S = 12.0
"""Twilio waits for 15 s; a person takes the call before that."""

_PAUSE_S = 20
_CALL_ME = "1"

_KEYS = frozenset("0123456789*#")
_MOST_KEYS = 32

_GONE = frozenset({"completed", "failed", "busy", "no-answer", "canceled"})

_LEFT_WELL = frozenset({"bridged", "hangup", "redirected", "redirected-from-bridged"})

_NEVER_ENTERED = frozenset({"queue-full", "error", "system-error"})

_TRY_AGAIN_S = 5
"""Otherwise a queue that takes nobody would be asked again and again without a pause."""

_TAKEN = frozenset({"in-progress", "completed"})
"""Of a referred call: it rang through. A REFER that was merely accepted proves nothing."""

_STAY = {
    Language.GERMAN: "Bitte bleiben Sie am Apparat.",
    Language.ENGLISH: "Please stay on the line.",
}

Verbs = tuple[Element, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """One webhook, its signature checked."""

    fields: Mapping[str, str] = field(repr=False)
    language: Language | None = None
    step: int = 0
    gateway: Literal["twilio", "telnyx"] = "twilio"
    """Whose signature it bears: Telnyx differs in how a stream is asked for."""

    sound: str = ""
    """The name of a sound to be played, as our own address carries it."""

    event: str
    """A digest of all that is signed: the same when Twilio tries again, or somebody else does."""

    @property
    def call_id(self) -> CallId:
        """Empty where none is told."""
        return CallId(self.text("CallSid"))

    def text(self, name: str) -> str:
        return self.fields.get(name, "")

    @property
    def has_number(self) -> bool:
        """There is one to be rung under."""
        shown = self.text("From")
        return shown.startswith("+") and isinstance(read_number(shown, region="DE"), PhoneNumber)

    @property
    def is_sip(self) -> bool:
        """The caller's own leg is one of SIP."""
        return self.text("From").lower().startswith(("sip:", "sips:"))

    def incoming(self) -> Incoming:
        """The call, as reception wants it told.

        Raises:
            BadCallId: the hook does not tell which call it is.
        """
        if not self.call_id:
            raise BadCallId("The webhook tells no CallSid.")
        caller = self.text("From")
        return Incoming(
            call_id=self.call_id,
            caller_id=caller if caller.startswith("+") else caller.partition("@")[0],
            language=self.language,
            source=self.text("To") or self.gateway,
            gateway=self.gateway,
        )

    def message(self) -> Message:
        """What a gather brought; nothing is a silence."""
        keys = "".join(key for key in self.text("Digits") if key in _KEYS)[:_MOST_KEYS]
        if keys:
            return Message(keys=keys, event=self.event)
        said, confidence = self.text("SpeechResult"), _share(self.text("Confidence"))
        return Message(said=said, confidence=confidence, event=self.event)


class Desk:
    """Answers hooks whose signatures were checked. One per process."""

    def __init__(self, reception: Reception, settings: GatewaySettings, tickets: Tickets) -> None:
        self._reception = reception
        self._settings = settings
        self._tickets = tickets
        self._links = Links(gateway="twilio", public_url=settings.public_url)
        self._once: Once[bytes] = Once()

    @property
    def hooks(self) -> dict[str, Callable[[Hook], Awaitable[Verbs]]]:
        """What is asked under which name."""
        return {
            "voice": self.voice,
            "turn": self.turn,
            "after": self.after,
            "wait": self.wait,
            "call-back": self.call_back,
            "queue-exit": self.queue_exit,
            "refer": self.reached,
            "dial": self.reached,
            "whisper": self.whisper,
            "status": self.status,
        }

    async def answer(self, name: str, hook: Hook) -> bytes:
        """Whatever fails or takes too long, a document that brings the caller to a person."""
        make = self.hooks[name]

        async def made() -> bytes:
            return document(*await make(hook))

        try:
            async with asyncio.timeout(_LONGEST_S):
                return await self._once.answer((hook.call_id, name, hook.event), made)
        except HouseFull as err:
            log.warning("twilio refused", extra={"code": err.code})
            return document(*self._person(hook))
        except Exception as err:  # noqa: BLE001 - the caller must reach a person all the same
            log.error("twilio hook failed", extra=trace(err))  # noqa: TRY400 - messages hold words
            # Who was called is connected all the same; elsewhere a person takes the call.
            return document(*(() if name == "whisper" else self._person(hook)))

    async def voice(self, hook: Hook) -> Verbs:
        """A call comes in."""
        incoming, language = hook.incoming(), self._language(hook)
        self._reception.admit()
        if self._settings.twilio.mode == "stream":
            ticket = await self._tickets.issue(incoming)
            return stream(self._links, ticket, language, gateway=hook.gateway)
        text, sound = await self._reception.opening(incoming.language, hears_voice=False)
        prompt = await self._prompt(text, sound, language)
        patience = self._patience(Dialogue())
        return gather(prompt, patience, self._links, step=1, is_protected=True)

    async def turn(self, hook: Hook) -> Verbs:
        """A gather is over."""
        try:
            answer = await self._reception.take(hook.incoming(), hook.message())
        except CallOver:
            return await self.after(hook)
        action, so_far = answer.result.action, answer.so_far
        language = so_far.spoken_in or self._language(hook)
        prompt = await self._prompt(action.prompt, answer.sound, language)
        if action.type in ("say", "ask"):
            patience = self._patience(so_far.dialogue)
            return gather(prompt, patience, self._links, step=hook.step + 1)
        return (*said(prompt), *await self.after(hook))

    async def after(self, hook: Hook) -> Verbs:
        """A stream is over: we ended it, or it broke."""
        ending = await self._reception.ending(hook.call_id)
        if ending is None:
            return self._person(hook)
        is_told = is_dialled(ending)
        whisper = await self._links.whisper(self._reception, ending) if is_told else None
        return self._handed_on(ending, hook, whisper)

    async def whisper(self, hook: Hook) -> Verbs:
        """A person answered, and hears whom they get."""
        url = self._links.published(hook.sound)
        prompt = Prompt(text="", url=url, language=self._language(hook))
        return said(prompt)

    async def wait(self, hook: Hook) -> Verbs:
        """Somebody waits in a queue."""
        language = self._language(hook)
        may_offer = hook.has_number
        told = await self._reception.waiting(hook.call_id, language, may_offer=may_offer)
        if told is not None:
            prompt = await self._prompt(told.text, told.sound, language)
            action = self._links.hook("call-back", language) if told.offers_call_back else ""
            return waiting(prompt, pause_s=_PAUSE_S, one_key=action)
        words = [_place(hook.text("QueuePosition"), language), _STAY[language]]
        prompt = Prompt(text=" ".join(filter(None, words)), language=language)
        return waiting(prompt, pause_s=_PAUSE_S)

    async def call_back(self, hook: Hook) -> Verbs:
        """Whoever waits pressed a key: 1 is to be rung, and to keep the place."""
        language = self._language(hook)
        if hook.text("Digits") != _CALL_ME:
            return await self.wait(hook)
        told = await self._reception.call_back(hook.call_id, language)
        if told is None:
            return await self.wait(hook)
        prompt = await self._prompt(told.text, told.sound, language)
        return *said(prompt), Element("Hangup")

    async def queue_exit(self, hook: Hook) -> Verbs:
        """Somebody left a queue. Where connecting failed, they wait again."""
        if hook.text("QueueResult") in _LEFT_WELL:
            return (Element("Hangup"),)
        again = await self.after(hook)
        if hook.text("QueueResult") not in _NEVER_ENTERED:
            return again
        language = self._language(hook)
        stay = Prompt(text=_STAY[language], language=language)
        return (*waiting(stay, pause_s=_TRY_AGAIN_S), *again)

    async def reached(self, hook: Hook) -> Verbs:
        """Somebody was called or referred to, and has hung up or never came."""
        is_done = hook.text("DialCallStatus") == "completed"
        is_taken = hook.text("ReferCallStatus") in _TAKEN
        return (Element("Hangup"),) if is_done or is_taken else self._person(hook)

    async def status(self, hook: Hook) -> Verbs:
        """What Twilio tells by the way; nothing that is answered is done."""
        if hook.text("CallStatus") in _GONE and hook.call_id:
            self._tickets.drop(hook.call_id)
            await self._reception.forget(hook.call_id)
        return ()

    def _person(self, hook: Hook) -> Verbs:
        """Where nothing else can be done."""
        ending = replace(self._reception.fallback, language=self._language(hook))
        return self._handed_on(ending, hook)

    def _handed_on(self, ending: Ending, hook: Hook, whisper: str | None = None) -> Verbs:
        workflow = self._settings.twilio.workflow
        ways = Ways(workflow=workflow, may_refer=hook.is_sip, whisper=whisper)
        return handed_on(ending, self._links, ways)

    def _patience(self, dialogue: Dialogue) -> Patience:
        return patience_in(dialogue, self._settings.live, self._reception.names)

    async def _prompt(self, text: str, sound: Waveform, language: Language) -> Prompt:
        url = await self._links.prompt(self._reception, sound)
        return Prompt(text=text, url=url, language=language)

    def _language(self, hook: Hook) -> Language:
        return hook.language or self._reception.fallback.language


def _share(value: str) -> float:
    try:
        told = float(value)
    except ValueError:
        return 1.0
    return 1.0 if isnan(told) else min(max(told, 0.0), 1.0)


_AHEAD: dict[Language, tuple[str, str, str]] = {
    Language.GERMAN: (
        "Sie sind als Nächstes an der Reihe.",
        "Vor Ihnen wartet noch eine Person.",
        "Vor Ihnen warten noch {ahead} Personen.",
    ),
    Language.ENGLISH: (
        "You are next.",
        "There is one person ahead of you.",
        "There are {ahead} people ahead of you.",
    ),
}


def _place(position: str, language: Language) -> str:
    """`QueuePosition` counts from 1: the first is next."""
    if not (position.isascii() and position.isdigit()) or not int(position[:6]) >= 1:
        return ""
    ahead = int(position[:6]) - 1
    sentences = _AHEAD[language]
    return sentences[min(ahead, len(sentences) - 1)].format(ahead=ahead)
