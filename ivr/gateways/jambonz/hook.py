"""What a jambonz webhook tells.

Keys come and go: between versions, between the first hook of a call and the later ones, and the
wait hook has hardly any. Nothing is counted on; what is of another kind than usual is not there.
Source: jambonz/schema, callbacks/; jambonz-feature-server, lib/session/call-info.js.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ivr.call import CallId, Language
from ivr.errors import BadCallId
from ivr.live.reception import Message
from ivr.live.wire import Incoming

_CALL_SID = re.compile(r"[A-Za-z0-9._:@+-]{1,128}")
_KEYS = frozenset("0123456789*#")
_MOST_KEYS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """One webhook, its signature checked."""

    fields: Mapping[str, Any] = field(repr=False)
    event: str
    """Tells events apart; a hook that is tried again has the same."""

    language: Language | None = None
    """Of the call, as our own addresses carry it along."""

    is_last: bool = False
    """What is told is how the last way to reach a person went."""

    sound: str = ""
    """The name of a sound to be played, as our own address carries it."""

    @property
    def call_id(self) -> CallId | None:
        """None where none is told, or one that cannot be."""
        sid = self.text("call_sid")
        return CallId(sid) if _CALL_SID.fullmatch(sid) else None

    def incoming(self) -> Incoming:
        """The call, as reception wants it told.

        Raises:
            BadCallId: the hook does not tell which call it is.
        """
        if self.call_id is None:
            raise BadCallId("The webhook tells no call_sid, or one that cannot be.")
        return Incoming(
            call_id=self.call_id,
            caller_id=self.text("from"),
            language=self.language,
            source=self.text("originating_sip_trunk_name") or "jambonz",
            gateway="jambonz",
        )

    def message(self) -> Message:
        """What a gather brought. Time that ran out and recognition that failed are silence."""
        match self.text("reason"):
            case "dtmfDetected":
                return Message(keys=_keys(self.text("digits")))
            case "speechDetected" | "stt-low-confidence":
                return _said(self.fields.get("speech"))
            case _:
                return Message()

    def text(self, name: str) -> str:
        value = self.fields.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int | None:
        value = self.fields.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None


def read_hook(body: bytes, signature: str, query: Mapping[str, str]) -> Hook:
    """A hook of a body that is signed. What is no JSON object has no fields."""
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        read = None
    fields = read if isinstance(read, dict) else {}
    return Hook(
        fields=fields,
        event=_event(fields, body, signature),
        language=language_of(query.get("lang", "")),
        is_last="last" in query,
        sound=query.get("sound", ""),
    )


def language_of(tag: str) -> Language | None:
    """Of `de`, `de-DE` or `en_GB`; whatever else is spoken is found out."""
    short = tag.lower().replace("_", "-").split("-")[0]
    return Language(short) if short in set(Language) else None


def _event(fields: Mapping[str, Any], body: bytes, signature: str) -> str:
    """Ours by the id we gave the verb. Others by their signature, which holds the second."""
    verb = fields.get("verb_id")
    return verb if isinstance(verb, str) else hashlib.sha256(signature.encode() + body).hexdigest()


def _said(speech: object) -> Message:
    match speech:
        case {"alternatives": [{"transcript": str() as said, **best}, *_]}:
            return Message(said=said, confidence=_confidence(best.get("confidence")))
        case _:
            return Message()


def _confidence(told: object) -> float:
    """Some recognisers tell none."""
    if isinstance(told, int | float) and not isinstance(told, bool) and told == told:  # noqa: PLR0124
        return min(max(float(told), 0.0), 1.0)
    return 1.0


def _keys(digits: str) -> str:
    """A row that is ended at once by # is told as no keys at all."""
    return "".join(key for key in digits if key in _KEYS)[:_MOST_KEYS] or "#"
