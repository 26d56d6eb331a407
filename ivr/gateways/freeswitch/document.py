"""What mod_httapi is told to do.

Every attribute and tag is one that mod_httapi reads; one it does not know ends the call's work.
Source: freeswitch, src/mod/applications/mod_httapi/mod_httapi.c.
"""

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, tostring

from ivr.gateways.priority import freeswitch_base_score
from ivr.live.patience import Keys, Patience
from ivr.live.wire import Ending

TURN = "turn"
"""The name under which a recording, or keys, come back."""

_LONGEST_S = 60
_SILENCE_S = 1
"""mod_httapi counts silence in whole seconds."""

_THRESHOLD = 200
"""Its own measure of loudness; this is its default."""

_SAFE = re.compile(r"[^A-Za-z0-9_.+@:/-]")
"""Queues and addresses hold nothing else; ${...} would be expanded."""


def turn(prompts: tuple[str, ...], patience: Patience, address: str) -> tuple[Element, ...]:
    """Play, then record the caller until they are quiet, and send it to `address`."""
    record = Element(
        "record",
        {
            "name": TURN,
            "file": "turn.wav",
            "limit": str(_LONGEST_S),
            "silence-hits": str(_SILENCE_S),
            "threshold": str(_THRESHOLD),
            "digit-timeout": str(patience.settings.between_keys_ms),
            "action": address,
        },
    )
    if patience.keys is Keys.ONE:
        SubElement(record, "bind").text = "~[0-9*#]"
    else:
        SubElement(record, "bind", strip="#").text = "~[0-9]+#"
    return *_played(prompts), record


def handed_on(ending: Ending, prompts: tuple[str, ...]) -> tuple[Element, ...]:
    """Play, then hang up, or put the caller into a queue of mod_callcenter."""
    if ending.type == "hangup":
        return *_played(prompts), Element("hangup")
    queue = _SAFE.sub("", ending.queue or "")
    if queue.startswith(("sip:", "sips:")):
        work = Element("execute", application="deflect", data=queue)
    elif re.fullmatch(r"(?:tel:)?\+?[0-9]{3,15}", queue):
        work = Element("dial")
        work.text = queue.removeprefix("tel:")
    else:
        name = queue if "@" in queue else f"{queue}@default"
        work = Element("execute", application="callcenter", data=name)
    return *_played(prompts), work


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


def _played(prompts: tuple[str, ...]) -> tuple[Element, ...]:
    return tuple(Element("playback", file=prompt) for prompt in prompts)
