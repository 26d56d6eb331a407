"""What jambonz is told to do: verbs, as JSON wants them.

Sources: jambonz/schema, verbs/ and components/; jambonz-feature-server, lib/tasks/.
"""

import re
import secrets
from dataclasses import dataclass, field
from typing import Any

from ivr.call import Language
from ivr.gateways.links import Links
from ivr.gateways.priority import jambonz_priority
from ivr.live.patience import Keys, Patience
from ivr.live.wire import RATE_HZ, Ending

Verb = dict[str, Any]
Verbs = list[Verb]

LOCALES = {Language.GERMAN: "de-DE", Language.ENGLISH: "en-US"}

_SIP = re.compile(r"sips?:\S+", re.IGNORECASE)
_NUMBER = re.compile(r"(?:tel:)?(\+[0-9]{3,15})", re.IGNORECASE)

_LEAST_WORDS = 2
"""So many interrupt a prompt, as in live calls."""

_MOST_KEYS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What is said, by us where jambonz can fetch it, otherwise by its own voice."""

    text: str = field(repr=False)
    url: str | None = field(default=None, repr=False)
    language: Language

    def verbs(self) -> Verbs:
        """Play or say; nothing where there is nothing to say."""
        if self.url is not None:
            return [{"verb": "play", "url": self.url}]
        # jambonz keeps what its voice has said; what is said to one caller is not kept.
        return [{"verb": "say", "text": self.text, "disableTtsCache": True}] if self.text else []


def listen(links: Links, ticket: str, language: Language) -> Verb:
    """Stream the caller to us, and our sound back. The ticket proves which call it is."""
    return {
        "verb": "listen",
        "url": links.stream,
        "actionHook": links.hook("listen-end", language),
        "sampleRate": RATE_HZ,
        "mixType": "mono",
        "passDtmf": True,
        # Without `streaming` jambonz leaves out binary frames, and does not say so.
        "bidirectionalAudio": {"enabled": True, "streaming": True, "sampleRate": RATE_HZ},
        "wsAuth": {"username": "rufwerk", "password": ticket},
        "metadata": {"ticket": ticket},
    }


def gather(prompt: Prompt, patience: Patience, links: Links, *, is_protected: bool = False) -> Verb:
    """Say something and listen. What is protected is heard to its end before anybody listens."""
    spoken = {verb.pop("verb"): verb for verb in prompt.verbs()}
    return {
        "verb": "gather",
        # Comes back with what was heard: by it one turn is told from the next.
        "id": secrets.token_hex(8),
        "input": ["speech", "digits"],
        "actionHook": links.hook("turn", prompt.language),
        "timeout": patience.no_input_ms / 1_000,
        "bargein": not is_protected,
        "dtmfBargein": not is_protected,
        "listenDuringPrompt": not is_protected,
        "minBargeinWordCount": _LEAST_WORDS,
        "recognizer": {
            "vendor": "default",
            "language": LOCALES[prompt.language],
            **({"hints": list(names)} if (names := patience.awaited.names) else {}),
        },
        **_keys(patience),
        **spoken,
    }


def is_dialled(ending: Ending) -> bool:
    """A person answers a telephone, and may be told before the caller is put through."""
    return ending.type != "hangup" and _NUMBER.fullmatch(ending.queue or "") is not None


def handed_on(ending: Ending, links: Links, *, whisper: str | None = None) -> Verbs:
    """What becomes of the call. A queue's name tells how it is reached.

    `sip:` is referred to, a telephone number is called, and everything else is a queue of jambonz.
    Whoever answers the telephone is told by the hook `whisper` before they are connected.
    """
    if ending.type == "hangup":
        return [{"verb": "hangup"}]
    queue = ending.queue or ""
    if _SIP.fullmatch(queue):
        return [_tag(ending), _refer(ending, queue, links)]
    if number := _NUMBER.fullmatch(queue):
        return [_tag(ending), _dial(ending, number[1], links, whisper)]
    return [_tag(ending), _enqueue(ending, queue, links)]


def _keys(patience: Patience) -> Verb:
    match patience.keys:
        case Keys.ONE:
            return {"numDigits": 1}
        case Keys.ROW:
            pause_s = patience.settings.between_keys_ms / 1_000
            return {"finishOnKey": "#", "maxDigits": _MOST_KEYS, "interDigitTimeout": pause_s}


def _tag(ending: Ending) -> Verb:
    """Every later webhook of the call brings this, and so does its record."""
    data: Verb = {"language": ending.language.value, "verified": ending.is_verified}
    if ending.context_token:
        data["context"] = ending.context_token
    return {"verb": "tag", "data": data}


def _enqueue(ending: Ending, queue: str, links: Links) -> Verb:
    return {
        "verb": "enqueue",
        "name": queue,
        "priority": jambonz_priority(ending.priority or 0),
        "waitHook": links.hook("wait", ending.language),
        "actionHook": links.hook("queue-exit", ending.language),
    }


def _refer(ending: Ending, uri: str, links: Links) -> Verb:
    hook = links.hook("refer", ending.language)
    return {"verb": "sip:refer", "referTo": uri, "actionHook": hook, **_headers(ending)}


def _dial(ending: Ending, number: str, links: Links, whisper: str | None) -> Verb:
    target = {"type": "phone", "number": number}
    told = {"confirmHook": whisper} if whisper else {}
    hook = links.hook("dial", ending.language)
    return {"verb": "dial", "target": [target], "actionHook": hook, **told, **_headers(ending)}


def _headers(ending: Ending) -> Verb:
    """RFC 7433; the token names the call to whoever takes it, and tells nothing by itself."""
    if not ending.context_token:
        return {}
    return {"headers": {"User-to-User": f"{ending.context_token.encode().hex()};encoding=hex"}}
