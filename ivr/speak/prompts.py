"""Prompts: from a line's key and facts to its sentence, readable and spoken."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ivr.call import Language, Line
from ivr.errors import BadPrompts
from ivr.speak.for_the_ear import counted, rendered
from ivr.speak.rendering import Rendering
from ivr.speak.template import Slot, Template, read_template
from ivr.strict_yaml import read_yaml

_FOLDER = Path(__file__).parent / "prompts"
_KEY_SUFFIX = "_key"
_PACK_SECTIONS = {"intents": "intent", "offers": "offer"}
"""How a pack's sections begin in keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompts:
    """Everything that can be said in one language."""

    language: Language
    templates: Mapping[str, tuple[Template, ...]] = field(repr=False)
    """Key to its wordings, one for each attempt; later attempts use the last."""

    def text(self, line: Line, attempt: int = 0) -> str:
        """The sentence as people read it.

        Raises:
            BadPrompts: no such key, or a fact that it names was not given.
        """
        return self._rendered(line, attempt).readable

    def spoken(self, line: Line, attempt: int = 0) -> str:
        """The same sentence as a voice must be given it.

        Raises:
            BadPrompts: as for `text`.
        """
        return self._rendered(line, attempt).spoken

    def placeholders(self, key: str) -> tuple[tuple[str, ...], ...]:
        """Names of the facts that each wording of `key` asks for, sorted.

        Raises:
            BadPrompts: no such key.
        """
        return tuple(template.names for template in self._wordings(key))

    def _rendered(self, line: Line, attempt: int) -> Rendering:
        wordings = self._wordings(line.key)
        template = wordings[min(max(attempt, 0), len(wordings) - 1)]
        parts = [self._part(part, line) for part in template.parts]
        return Rendering(
            readable="".join(part.readable for part in parts),
            spoken="".join(part.spoken for part in parts),
        )

    def _part(self, part: str | Slot, line: Line) -> Rendering:
        if isinstance(part, str):
            return Rendering(readable=part, spoken=part)
        if part.name in line.facts:
            return self._fact(part, line.facts[part.name], line.key)
        inner = line.facts.get(part.name + _KEY_SUFFIX)
        if inner is None:
            raise BadPrompts(f"The prompt {line.key} needs the fact {part.name}.")
        facts = {n: v for n, v in line.facts.items() if not n.endswith(_KEY_SUFFIX)}
        return self._rendered(Line(key=inner, facts=facts), attempt=0)

    def _fact(self, slot: Slot, value: str, key: str) -> Rendering:
        if slot.one is None or slot.many is None:
            return rendered(slot.name, value, self.language)
        rendering = counted(value, slot.one, slot.many, self.language)
        if rendering is None:
            raise BadPrompts(f"The prompt {key} needs a whole number as {slot.name}.")
        return rendering

    def _wordings(self, key: str) -> tuple[Template, ...]:
        try:
            return self.templates[key]
        except KeyError as err:
            raise BadPrompts(f"There is no {self.language} prompt {_shown(key)}.") from err


def is_personal(line: Line) -> bool:
    """Whether the line tells facts, and not only names other prompts."""
    return any(not name.endswith(_KEY_SUFFIX) for name in line.facts)


def read_prompts(language: Language, pack: str) -> Prompts:
    """The general prompts and those of a pack: a name in the package, or a pack's YAML file.

    Raises:
        BadPrompts: as for `read_prompt_files`.
    """
    return read_prompt_files(language, general_prompts(language), pack_prompts(language, pack))


def general_prompts(language: Language) -> Path:
    """The file of what every business says."""
    return _FOLDER / f"{language}.yaml"


def pack_prompts(language: Language, pack: str) -> Path:
    """The file of what one business says: `dentist.de.yaml` beside `dentist.yaml`.

    Raises:
        BadPrompts: no pack is called so.
    """
    if pack.endswith((".yaml", ".yml")):
        return Path(pack).with_suffix(f".{language}.yaml")
    if not re.fullmatch(r"[a-z0-9_-]+", pack):
        raise BadPrompts("A pack is named by small letters, or by a YAML file.")
    return _FOLDER / f"{pack}.{language}.yaml"


def read_prompt_files(language: Language, general: Path, special: Path) -> Prompts:
    """What a pack's file holds under `prompts` replaces general ones.

    Raises:
        BadPrompts: a file is missing or cannot be used as it is written.
    """
    texts = dict(_flat(read_yaml(general, BadPrompts), ""))
    own = read_yaml(special, BadPrompts)
    texts |= dict(_flat(own.pop("prompts", {}), ""))
    for section, content in own.items():
        if section not in _PACK_SECTIONS:
            raise BadPrompts(f"A pack's prompts have no section {_shown(section)}.")
        texts |= dict(_flat(content, _PACK_SECTIONS[section]))
    templates = {key: tuple(read_template(key, t) for t in texts[key]) for key in texts}
    return Prompts(language=language, templates=templates)


def _flat(content: object, prefix: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Nested keys joined by dots, each with its wordings."""
    match content:
        case str():
            yield prefix, (content,)
        case [_, *_] if len(texts := tuple(t for t in content if isinstance(t, str))) == len(
            content
        ):
            yield prefix, texts
        case dict() if all(isinstance(key, str) for key in content):
            for key, inner in content.items():
                yield from _flat(inner, f"{prefix}.{key}" if prefix else key)
        case _:
            raise BadPrompts(f"The prompt {_shown(prefix)} is neither a text nor a list of texts.")


def _shown(key: str) -> str:
    """A key that may come from anywhere, bounded."""
    return repr(key[:60])
