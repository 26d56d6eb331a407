"""What mod_httapi is told to do.

Every attribute and tag is one that mod_httapi reads; one it does not know ends the call's work. It
tells keys only where something is played or waited for: a recording that a key ends is followed by
the address that belongs to the key. Silence ends a recording from its first second on. Source:
freeswitch, src/mod/applications/mod_httapi/mod_httapi.c (parse_playback, parse_record).
"""

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, tostring

from ivr.gateways.priority import freeswitch_base_score
from ivr.live.wire import Ending

TURN = "turn"
"""The name under which a recording comes back."""

KEYS = "keys"
"""The name under which a key comes back."""

_LONGEST_S = 60

_THRESHOLD = 200
"""Its own measure of loudness, the mean of all samples; this is its default."""

_AT_ONCE_MS = 1
"""A wait that is not told is one of five seconds."""

_ANY_KEY = "~[0-9*#]"

_SAFE = re.compile(r"[^A-Za-z0-9_.+@:/-]")
"""Queues and addresses hold nothing else; ${...} would be expanded."""


def said(prompt: str, address: str) -> Element:
    """Play, until a key is pressed, and go on at `address`."""
    attributes = {"name": KEYS, "file": prompt, "action": address}
    playback = Element("playback", {**attributes, "input-timeout": str(_AT_ONCE_MS)})
    SubElement(playback, "bind").text = _ANY_KEY
    return playback


def recorded(address: str, *, quiet_s: int, at_keys: Mapping[str, str]) -> Element:
    """Record the caller until they are quiet, and go on at `address`; at a key, at its own."""
    record = Element(
        "record",
        {
            "name": TURN,
            "file": "turn.wav",
            "limit": str(_LONGEST_S),
            "silence-hits": str(quiet_s),
            "threshold": str(_THRESHOLD),
            "action": address,
        },
    )
    for key, its_own in at_keys.items():
        SubElement(record, "bind", action=its_own).text = key
    return record


def waited(address: str, *, wait_ms: int) -> Element:
    """Wait for one more key, and go on at `address`."""
    pause = Element("pause", {"name": KEYS, "milliseconds": str(wait_ms), "action": address})
    SubElement(pause, "bind").text = _ANY_KEY
    return pause


def handed_on(ending: Ending, prompt: str = "") -> tuple[Element, ...]:
    """Play, then hang up, or put the caller into a queue of mod_callcenter.

    The dialplan goes on where the queue does not exist, is full, or gave up.
    """
    played = (Element("playback", file=prompt),) if prompt else ()
    match application_of(ending):
        case ("hangup", _):
            return *played, Element("hangup")
        case ("transfer", number):
            work = Element("dial")
            work.text = number
        case (application, data):
            work = Element("execute", application=application, data=data)
    return *played, work, Element("break")


def application_of(ending: Ending) -> tuple[str, str]:
    """What the dialplan is to execute, and with which data."""
    if ending.type == "hangup":
        return "hangup", ""
    queue = _SAFE.sub("", ending.queue or "")
    if queue.startswith(("sip:", "sips:")):
        return "deflect", queue
    if re.fullmatch(r"(?:tel:)?\+?[0-9]{3,15}", queue):
        return "transfer", queue.removeprefix("tel:")
    return "callcenter", queue if "@" in queue else f"{queue}@default"


def variables_of(ending: Ending) -> dict[str, str]:
    """What the channel carries on: the place in the queue, and which call it is to the agent."""
    return {
        "cc_base_score": str(freeswitch_base_score(ending.priority or 0)),
        "rufwerk_language": ending.language.value,
        "rufwerk_verified": "true" if ending.is_verified else "false",
        "rufwerk_context": ending.context_token or "",
    }


def document(*work: Element, variables: Mapping[str, str] | None = None) -> bytes:
    """A whole answer."""
    root = Element("document", type="xml/freeswitch-httapi")
    if variables:
        holder = SubElement(root, "variables")
        for name, value in variables.items():
            SubElement(holder, name).text = value
    SubElement(root, "work").extend(work)
    data: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return data
