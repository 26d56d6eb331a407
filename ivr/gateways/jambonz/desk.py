"""What each of jambonz' webhooks is answered."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from biometrics import Waveform
from ivr.call import CallId, Language
from ivr.decide.dialogue import Dialogue
from ivr.errors import CallOver, HouseFull
from ivr.gateways.jambonz.hook import Hook
from ivr.gateways.jambonz.verbs import Prompt, Verbs, gather, handed_on, is_dialled, listen
from ivr.gateways.jambonz.waiting import waiting
from ivr.gateways.links import Links, patience_in
from ivr.gateways.once import Once
from ivr.gateways.tickets import Tickets
from ivr.live.patience import Patience
from ivr.live.reception import Reception
from ivr.live.wire import Ending
from ivr.settings import GatewaySettings
from ivr.trace import trace

log = logging.getLogger(__name__)

Answering = Callable[[Hook], Awaitable[Verbs]]

_LONGEST_S = 8.0
"""jambonz waits for 10 s; a person takes the call before that."""

_HANG_UP: Verbs = [{"verb": "hangup"}]

_GONE = frozenset({"completed", "failed", "busy", "no-answer"})

_LEFT_WELL = frozenset({"bridged", "hangup"})

_ACCEPTED = 202
_RINGING_S = 30
"""Whoever accepted a transfer may need so long to pick up."""

_SUCCESS = range(200, 300)


class Desk:
    """Answers hooks whose signatures were checked. One per process."""

    def __init__(self, reception: Reception, settings: GatewaySettings, tickets: Tickets) -> None:
        self._reception = reception
        self._settings = settings
        self._tickets = tickets
        self._links = Links(gateway="jambonz", public_url=settings.public_url)
        self._once: Once[Verbs] = Once()

    @property
    def hooks(self) -> dict[str, Answering]:
        """What is asked under which name."""
        return {
            "call": self.call,
            "turn": self.turn,
            "listen-end": self.listen_end,
            "wait": self.wait,
            "queue-exit": self.queue_exit,
            "refer": self.refer,
            "dial": self.dial,
            "whisper": self.whisper,
            "status": self.status,
        }

    async def answer(self, name: str, hook: Hook) -> Verbs:
        """Whatever fails or takes too long, verbs that bring the caller to a person."""
        make = self.hooks[name]
        try:
            key = (hook.call_id, name, hook.event)
            work = self._once.answer(key, lambda: make(hook))
            return await asyncio.wait_for(work, _LONGEST_S)
        except HouseFull as err:
            log.warning("jambonz refused", extra={"code": err.code})
            return self._person(hook)
        except Exception as err:  # noqa: BLE001 - the caller must reach a person all the same
            log.error("jambonz hook failed", extra=trace(err))  # noqa: TRY400 - messages hold words
            # To who was called, any verb that leads elsewhere would mean to decline the caller.
            return [] if name == "whisper" else self._person(hook)

    async def call(self, hook: Hook) -> Verbs:
        """A call comes in."""
        incoming, language = hook.incoming(), self._language(hook)
        self._reception.admit()
        if self._settings.jambonz.mode == "stream":
            ticket = await self._tickets.issue(incoming)
            return [listen(self._links, ticket, language), *self._person(hook)]
        text, sound = await self._reception.opening(incoming.language, hears_voice=False)
        prompt = await self._prompt(text, sound, language)
        asked = gather(prompt, self._patience(Dialogue()), self._links, is_protected=True)
        return [asked, *self._person(hook)]

    async def turn(self, hook: Hook) -> Verbs:
        """A gather is over."""
        try:
            message = replace(hook.message(), event=hook.event)
            answer = await self._reception.take(hook.incoming(), message)
        except CallOver:
            return await self._ended(hook)
        action, so_far = answer.result.action, answer.so_far
        language = so_far.spoken_in or self._language(hook)
        prompt = await self._prompt(action.prompt, answer.sound, language)
        if action.type in ("say", "ask"):
            asked = gather(prompt, self._patience(so_far.dialogue), self._links)
            return [asked, *self._person(hook)]
        return [*prompt.verbs(), *await self._ended(hook)]

    async def listen_end(self, hook: Hook) -> Verbs:
        """A stream is over: we ended it, or it broke."""
        return await self._ended(hook)

    async def wait(self, hook: Hook) -> Verbs:
        """Somebody waits in a queue."""
        language = self._language(hook)
        told = await self._reception.waiting(hook.call_id, language) if hook.call_id else None
        prompt = await self._prompt(told.text, told.sound, language) if told else None
        return waiting(hook, language, prompt)

    async def queue_exit(self, hook: Hook) -> Verbs:
        """Somebody left a queue. Where connecting failed, they wait again, at their place."""
        return _HANG_UP if hook.text("queue_result") in _LEFT_WELL else await self._ended(hook)

    async def refer(self, hook: Hook) -> Verbs:
        """A transfer was answered; whoever was taken over has left us already."""
        final = hook.number("final_referred_call_status")
        if final in _SUCCESS:
            return _HANG_UP
        instead = self._instead(hook)
        if final is None and hook.number("refer_status") == _ACCEPTED:
            return [{"verb": "pause", "length": _RINGING_S}, *instead]
        return instead

    async def dial(self, hook: Hook) -> Verbs:
        """Somebody was called, and has hung up or never came."""
        return _HANG_UP if hook.text("dial_call_status") == "completed" else self._instead(hook)

    async def status(self, hook: Hook) -> Verbs:
        """What jambonz tells by the way; nothing that is answered is done."""
        if hook.text("call_status") in _GONE and hook.call_id is not None:
            self._tickets.drop(hook.call_id)
            await self._reception.forget(hook.call_id)
        return []

    async def whisper(self, hook: Hook) -> Verbs:
        """A person answered, and hears whom they get."""
        url = self._links.published(hook.sound)
        return [{"verb": "play", "url": url}] if url else []

    async def _ended(self, hook: Hook) -> Verbs:
        ending = await self._ending(hook.call_id)
        if ending is None:
            return self._person(hook)
        is_told = is_dialled(ending)
        whisper = await self._links.whisper(self._reception, ending) if is_told else None
        return handed_on(ending, self._links, whisper=whisper)

    async def _ending(self, call_id: CallId | None) -> Ending | None:
        return await self._reception.ending(call_id) if call_id else None

    def _person(self, hook: Hook) -> Verbs:
        """Where nothing else can be done."""
        ending = replace(self._reception.fallback, language=self._language(hook))
        return handed_on(ending, replace(self._links, is_last=True))

    def _instead(self, hook: Hook) -> Verbs:
        """A person in place of one who could not be reached, but nobody is tried forever."""
        person = self._person(hook)
        is_queue = person[-1]["verb"] == "enqueue"
        return person if is_queue or not hook.is_last else _HANG_UP

    def _patience(self, dialogue: Dialogue) -> Patience:
        return patience_in(dialogue, self._settings.live, self._reception.names)

    async def _prompt(self, text: str, sound: Waveform, language: Language) -> Prompt:
        url = await self._links.prompt(self._reception, sound)
        return Prompt(text=text, url=url, language=language)

    def _language(self, hook: Hook) -> Language:
        return hook.language or self._reception.fallback.language
