"""One wording of a prompt: words, and slots for facts."""

import re
from dataclasses import dataclass
from string import Formatter

from ivr.errors import BadPrompts


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Where a fact goes."""

    name: str
    one: str | None = None
    """What stands there for a count of one, `#` being the number; None when nothing is counted."""

    many: str | None = None
    """What stands there for any other count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One wording, taken apart once."""

    parts: tuple[str | Slot, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The facts it asks for, sorted."""
        return tuple(sorted({part.name for part in self.parts if isinstance(part, Slot)}))


def read_template(key: str, text: str) -> Template:
    """`{name}` is a fact; `{minutes:one minute|# minutes}` is a counted one.

    Raises:
        BadPrompts: the braces of prompt `key` do not hold these.
    """
    parts: list[str | Slot] = []
    try:
        for words, name, spec, conversion in Formatter().parse(text):
            parts += [words] if words else []
            if name is not None:
                parts.append(_slot(key, name, spec or "", conversion))
    except ValueError as err:
        raise BadPrompts(f"The braces of the prompt {key} do not match.") from err
    if not parts:
        raise BadPrompts(f"The prompt {key} is empty.")
    return Template(parts=tuple(parts))


def _slot(key: str, name: str, spec: str, conversion: str | None) -> Slot:
    forms = spec.split("|") if spec else []
    if conversion or len(forms) not in {0, 2} or not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise BadPrompts(f"The prompt {key} holds braces that name no fact.")
    if not forms:
        return Slot(name=name)
    return Slot(name=name, one=forms[0], many=forms[1])
