"""What the page asks for, in JSON."""

import json
from dataclasses import dataclass, field

from ivr.call import Language
from ivr.errors import BadOrder

LARGEST_CHARS = 2_000

_MOST_KEYS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """Begin a call. Always the first message."""

    caller_id: str | None = field(repr=False)
    language: Language | None
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """Keys of the keypad."""

    keys: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUp:
    """The receiver was put down."""


Order = Dial | Press | HangUp


def read_order(text: str) -> Order:
    """One message of the page.

    Raises:
        BadOrder: it is none.
    """
    order = _object(text)
    match order.get("type"):
        case "dial":
            lang = _text(order, "language")
            return Dial(
                caller_id=_text(order, "from")[:64] or None,
                language=Language(lang) if lang in set(Language) else None,
                token=_text(order, "token"),
            )
        case "press":
            return Press(keys=_text(order, "keys")[:_MOST_KEYS])
        case "hang_up":
            return HangUp()
    raise BadOrder("The telephone in the browser dials, presses keys and hangs up.")


def _object(text: str) -> dict[str, object]:
    if len(text) > LARGEST_CHARS:
        raise BadOrder("A message of the telephone in the browser is short.")
    try:
        order = json.loads(text)
    except (ValueError, RecursionError) as err:
        raise BadOrder("The message is no JSON.") from err
    if not isinstance(order, dict):
        raise BadOrder("The message is no JSON object.")
    return order


def _text(order: dict[str, object], key: str) -> str:
    value = order.get(key, "")
    return value if isinstance(value, str) else ""
