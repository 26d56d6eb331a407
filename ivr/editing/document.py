"""A text that people edit, and what one of its versions is known by."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from ivr.call import Language

DocumentName = NewType("DocumentName", str)
"""Its path inside a version's folder, such as prompts/airline.de.yaml. Only names that the house
lists are ever made a path of."""

Digest = NewType("Digest", str)
"""SHA-256 of a text, hexadecimal."""

MOST_LETTERS = 400_000
"""The longest pack has about a tenth of that."""


class Kind(StrEnum):
    """What a document is about."""

    INTENTS = "intents"
    PROMPTS = "prompts"
    RULES = "rules"
    QUEUES = "queues"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One text that may be edited."""

    name: DocumentName
    kind: Kind
    language: Language | None = None
    """Of prompts."""

    original: Callable[[], str]
    """What it says where nobody has published anything: the package's, or the operator's file."""


def digest_of(text: str) -> Digest:
    return Digest(hashlib.sha256(text.encode()).hexdigest())


def plain(text: str) -> str:
    """As browsers send it and as files hold it: the same lines, with one end."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return lines if lines.endswith("\n") or not lines else f"{lines}\n"
