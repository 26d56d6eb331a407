"""What Twilio is told to do: TwiML.

Sources: twilio-python, twilio/twiml/voice_response.py; www.twilio.com/docs/voice/twiml.
"""

import json
import re
from dataclasses import dataclass, field
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, SubElement, tostring

from ivr.call import Language
from ivr.gateways.links import Links
from ivr.gateways.priority import twilio_task_priority
from ivr.live.patience import Keys, Patience
from ivr.live.wire import Ending

LOCALES = {Language.GERMAN: "de-DE", Language.ENGLISH: "en-US"}

_SIP = re.compile(r"sips?:\S+", re.IGNORECASE)
_NUMBER = re.compile(r"(?:tel:)?(\+[0-9]{3,15})", re.IGNORECASE)

_MOST_HINTS = 500
_LONGEST_HINT = 100

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What is said, by us where Twilio can fetch it, otherwise by its own voice."""

    text: str = field(repr=False)
    url: str | None = field(default=None, repr=False)
    language: Language

    def into(self, parent: Element) -> None:
        """Play or say; nothing where there is nothing to say."""
        if self.url is not None:
            SubElement(parent, "Play").text = self.url
        elif self.text:
            say = SubElement(parent, "Say", language=LOCALES[self.language])
            say.text = _NO_XML.sub("", self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How callers can be handed on."""

    workflow: str = ""
    """Of TaskRouter; empty is a plain queue."""

    may_refer: bool = False
    """The caller came over SIP."""

    whisper: str | None = None
    """The hook that tells whoever answers a telephone."""


_PLAIN = Ways()


def document(*verbs: Element) -> bytes:
    """A whole answer."""
    response = Element("Response")
    response.extend(verbs)
    data: bytes = tostring(response, encoding="utf-8", xml_declaration=True)
    return data


def stream(
    links: Links, ticket: str, language: Language, *, gateway: str = "twilio"
) -> tuple[Element, ...]:
    """Stream the caller to us, and our sound back; then ask what came of the call."""
    connect = Element("Connect")
    # Without it Telnyx takes whole MP3 files only, one a second, and callers hear nothing.
    ways = {"bidirectionalMode": "rtp", "bidirectionalCodec": "PCMU", "codec": "PCMU"}
    both = ways if gateway == "telnyx" else {}
    socket = SubElement(connect, "Stream", {"url": links.stream, **both})
    SubElement(socket, "Parameter", name="ticket", value=ticket)
    return connect, _redirect(links.hook("after", language))


def gather(
    prompt: Prompt, patience: Patience, links: Links, *, step: int, is_protected: bool = False
) -> tuple[Element, ...]:
    """Say something and listen. Behind it, in case Twilio skips it, stands the same question."""
    address = links.hook("turn", prompt.language, step=str(step))
    asked = Element(
        "Gather",
        {
            "input": "dtmf speech",
            "language": LOCALES[prompt.language],
            "action": address,
            "method": "POST",
            "timeout": str(patience.no_input_ms // 1_000),
            "speechTimeout": "auto",
            "bargeIn": "false" if is_protected else "true",
            # Otherwise a caller who says nothing falls through to the next verb.
            "actionOnEmptyResult": "true",
            **_hints(patience.awaited.names),
            **_keys(patience),
        },
    )
    prompt.into(asked)
    return asked, _redirect(address)


def said(prompt: Prompt) -> tuple[Element, ...]:
    """Say something, and go on."""
    holder = Element("Response")
    prompt.into(holder)
    return tuple(holder)


def is_dialled(ending: Ending) -> bool:
    """A person answers a telephone, and may be told before the caller is put through."""
    return ending.type != "hangup" and _NUMBER.fullmatch(ending.queue or "") is not None


def handed_on(ending: Ending, links: Links, ways: Ways = _PLAIN) -> tuple[Element, ...]:
    """What becomes of the call. A queue's name tells how it is reached.

    `sip:` is called, or referred to where the caller came over SIP: other calls cannot be referred
    (error 13801). A telephone number is called, and everything else is a queue of Twilio, or a task
    where a TaskRouter workflow is set: plain queues know no priorities.
    """
    if ending.type == "hangup":
        return (Element("Hangup"),)
    queue = ending.queue or ""
    if _SIP.fullmatch(queue):
        uri = queue + _user_to_user(ending)
        may_refer = ways.may_refer
        return (_refer(ending, uri, links) if may_refer else _dial(ending, "Sip", uri, links),)
    if number := _NUMBER.fullmatch(queue):
        return (_dial(ending, "Number", number[1], links, ways.whisper),)
    return (_enqueue(ending, queue, links, ways.workflow),)


def waiting(prompt: Prompt, *, pause_s: int, one_key: str = "") -> tuple[Element, ...]:
    """What is said in a queue, and some quiet; one key goes to the hook `one_key`."""
    if not one_key:
        return *said(prompt), Element("Pause", length=str(pause_s))
    asked = {"input": "dtmf", "numDigits": "1", "action": one_key, "method": "POST"}
    gather = Element("Gather", {**asked, "timeout": str(pause_s)})
    prompt.into(gather)
    return (gather,)


def _redirect(address: str) -> Element:
    redirect = Element("Redirect", method="POST")
    redirect.text = address
    return redirect


def _hints(names: tuple[str, ...]) -> dict[str, str]:
    """What Twilio's recogniser may hear, parted by commas."""
    heard = [_NO_XML.sub("", name)[:_LONGEST_HINT] for name in names[:_MOST_HINTS]]
    return {"hints": ",".join(heard)} if heard else {}


def _keys(patience: Patience) -> dict[str, str]:
    return {"numDigits": "1"} if patience.keys is Keys.ONE else {"finishOnKey": "#"}


def _enqueue(ending: Ending, queue: str, links: Links, workflow: str) -> Element:
    hooks = {
        "waitUrl": links.hook("wait", ending.language),
        "waitUrlMethod": "POST",
        "action": links.hook("queue-exit", ending.language),
        "method": "POST",
    }
    if not workflow:
        enqueue = Element("Enqueue", hooks)
        enqueue.text = _NO_XML.sub("", queue)
        return enqueue
    enqueue = Element("Enqueue", {**hooks, "workflowSid": workflow})
    task = SubElement(enqueue, "Task", priority=str(twilio_task_priority(ending.priority or 0)))
    task.text = _attributes(ending, queue)
    return enqueue


def _attributes(ending: Ending, queue: str) -> str:
    told = {"queue": queue, "language": ending.language.value, "verified": ending.is_verified}
    return json.dumps({**told, "context": ending.context_token or ""})


def _refer(ending: Ending, uri: str, links: Links) -> Element:
    refer = Element("Refer", action=links.hook("refer", ending.language), method="POST")
    SubElement(refer, "Sip").text = uri
    return refer


def _dial(
    ending: Ending, kind: str, address: str, links: Links, whisper: str | None = None
) -> Element:
    dial = Element("Dial", action=links.hook("dial", ending.language), method="POST")
    told = {"url": whisper, "method": "POST"} if whisper else {}
    SubElement(dial, kind, told).text = address
    return dial


def _user_to_user(ending: Ending) -> str:
    """RFC 7433, as a header in the address; the token tells nothing by itself."""
    if not ending.context_token:
        return ""
    value = f"{ending.context_token.encode().hex()};encoding=hex"
    return "?" + urlencode({"User-to-User": value})
