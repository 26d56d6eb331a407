"""What a business can do, written in YAML: its intents and how people ask for them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

from ivr.call import Assurance, Language
from ivr.errors import BadPack
from ivr.strict_yaml import read_yaml

BUSINESSES = ("airline", "bank", "telecom", "retail")
"""The packs that come with the product."""

FEWEST_SENTENCES = 5
"""With fewer an intent cannot be learned in a language."""

OUT_OF_SCOPE = "out_of_scope"
"""The label of sentences that belong to no business; no intent may be called so."""

_NEIGHBOURS = 60
"""About so many sentences of the other businesses are foreign, evenly taken.

Measured on the four packs' test sentences: 0, 60, 120, 240 give an area under the curve of
.978, .984, .982, .979.
"""

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_FIELDS = ("summary", "assurance", "may_suggest", "slots", "de", "en")
_KINDS = {str: "a text", bool: "true or false", list: "a list"}

_Value = TypeVar("_Value")
_Label = TypeVar("_Label", bound=StrEnum)


class Slot(StrEnum):
    """What an intent may name."""

    FLIGHT = "flight"
    DATE = "date"
    AMOUNT = "amount"
    IBAN = "iban"
    CARD_LAST4 = "card_last4"
    ORDER_NUMBER = "order_number"
    PERSON = "person"
    EMAIL = "email"
    ADDRESS = "address"
    TIME = "time"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackIntent:
    """One thing that can be asked for."""

    name: str
    summary: str
    """What it is, for the people who run the service."""

    assurance: Assurance
    may_suggest: bool
    """May be offered unasked when a recent event points to it."""

    slots: tuple[Slot, ...]
    sentences: Mapping[Language, tuple[str, ...]]
    """How people ask for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """Everything one business can be asked for, the small talk of every call included."""

    name: str
    intents: tuple[PackIntent, ...]
    foreign: tuple[str, ...]
    """What people say on the telephone that this business does not serve."""

    small_talk: frozenset[str] = frozenset()
    """Intents that every business knows, such as affirm; no requests of their own."""

    @property
    def requests(self) -> frozenset[str]:
        """What only this business is asked for."""
        return frozenset(intent.name for intent in self.intents) - self.small_talk

    def intent(self, name: str) -> PackIntent | None:
        return next((intent for intent in self.intents if intent.name == name), None)


def pack_files(name_or_path: str | Path) -> tuple[Path, ...]:
    """The files that a pack is read from, as far as they may change while it is in use.

    Raises:
        BadPack: there is no such pack.
    """
    found = (_find(name_or_path), _packs() / "common.yaml", _packs() / "out_of_scope.yaml")
    return tuple(file for file in found if isinstance(file, Path))


def read_pack(name_or_path: str | Path) -> Pack:
    """One of the built-in packs by its name, or the operator's own by its path.

    Raises:
        BadPack: there is no such pack, or it cannot be used as it is written.
    """
    file = _find(name_or_path)
    content = read_yaml(file, BadPack)
    name = _field(content, "name", str, file.name)
    intents = _intents(content, file.name)
    shared = _packs() / "common.yaml"
    small_talk = _intents(read_yaml(shared, BadPack), shared.name)
    together = (*intents, *small_talk)
    _refuse_repetition(together, file.name)
    return Pack(
        name=name,
        intents=together,
        foreign=_foreign_to(name, together),
        small_talk=frozenset(intent.name for intent in small_talk),
    )


def _packs() -> Traversable:
    return resources.files("ivr.understand") / "packs"


def _find(name_or_path: str | Path) -> Traversable:
    if name_or_path in BUSINESSES:
        return _packs() / f"{name_or_path}.yaml"
    path = Path(name_or_path)
    if path.suffix in {".yaml", ".yml"}:
        return path
    known = ", ".join(BUSINESSES)
    raise BadPack(f"There is no pack '{name_or_path}'. Known are {known}, or give a YAML file.")


def _foreign_to(name: str, intents: tuple[PackIntent, ...]) -> tuple[str, ...]:
    """What nobody serves, and for a known business what only the others serve.

    An operator's own pack may overlap with any of ours, so ours are not held against it.
    """
    file = _packs() / "out_of_scope.yaml"
    content = read_yaml(file, BadPack)
    foreign = [one for language in Language for one in _sentences(content, language, file.name)]
    own = {intent.name for intent in intents}
    neighbours = [
        one
        for other in (BUSINESSES if name in BUSINESSES else ())
        for intent in _intents(read_yaml(_packs() / f"{other}.yaml", BadPack), f"{other}.yaml")
        if intent.name not in own
        for language in Language
        for one in intent.sentences[language]
    ]
    step = max(1, len(neighbours) // _NEIGHBOURS)
    return tuple(dict.fromkeys([*foreign, *neighbours[::step]]))


def _intents(content: dict[Any, Any], file: str) -> tuple[PackIntent, ...]:
    entries = _field(content, "intents", dict, file)
    if not entries:
        raise BadPack(f"{file}: 'intents' is empty.")
    return tuple(_intent(name, entry, file) for name, entry in entries.items())


def _intent(name: object, entry: object, file: str) -> PackIntent:
    if not isinstance(name, str) or not _NAME.fullmatch(name) or name == OUT_OF_SCOPE:
        raise BadPack(
            f"{file}: {name!r} cannot name an intent; names are words such as rebook_flight "
            "(YAML reads yes, no, on and off as true and false: put them in quotes)."
        )
    where = f"{file}, {name}"
    if not isinstance(entry, dict):
        raise BadPack(f"{where}: must hold {', '.join(_FIELDS)}.")
    if strange := [key for key in entry if key not in _FIELDS]:
        raise BadPack(f"{where}: {strange[0]!r} is none of {', '.join(_FIELDS)}.")
    return PackIntent(
        name=name,
        summary=_field(entry, "summary", str, where),
        assurance=_label(Assurance, entry.get("assurance"), "assurance", where),
        may_suggest=_field(entry, "may_suggest", bool, where),
        slots=tuple(_label(Slot, slot, "slot", where) for slot in _slots(entry, where)),
        sentences={language: _sentences(entry, language, where) for language in Language},
    )


def _slots(entry: dict[Any, Any], where: str) -> list[Any]:
    return _field(entry, "slots", list, where) if "slots" in entry else []


def _field(entry: dict[Any, Any], name: str, kind: type[_Value], where: str) -> _Value:
    value = entry.get(name)
    if not isinstance(value, kind):
        raise BadPack(f"{where}: '{name}' must be {_KINDS.get(kind, 'a list of names')}.")
    return value


def _label(kind: type[_Label], value: object, what: str, where: str) -> _Label:
    known = [label.value for label in kind]
    if value not in known:
        raise BadPack(f"{where}: {value!r} is no {what}; known are {', '.join(known)}.")
    return kind(value)


def _sentences(entry: dict[Any, Any], language: Language, where: str) -> tuple[str, ...]:
    found = _field(entry, language.value, list, where)
    for sentence in found:
        if not isinstance(sentence, str) or not sentence.strip():
            raise BadPack(
                f"{where}: {sentence!r} in '{language}' is no sentence "
                "(put in quotes what YAML reads differently, such as Yes, No or a number)."
            )
    if len(found) < FEWEST_SENTENCES:
        raise BadPack(
            f"{where}: '{language}' has {len(found)} sentences, at least {FEWEST_SENTENCES} "
            "are needed."
        )
    return tuple(sentence.strip() for sentence in found)


def _refuse_repetition(intents: tuple[PackIntent, ...], file: str) -> None:
    names: set[str] = set()
    owners: dict[tuple[Language, str], str] = {}
    for intent in intents:
        if intent.name in names:
            raise BadPack(f"{file}: {intent.name} is one of the intents that every pack has.")
        names.add(intent.name)
        for language, sentences in intent.sentences.items():
            for sentence in sentences:
                owner = owners.setdefault((language, sentence.casefold()), intent.name)
                if owner != intent.name:
                    raise BadPack(
                        f"{file}: '{sentence}' stands under both {owner} and {intent.name}."
                    )
