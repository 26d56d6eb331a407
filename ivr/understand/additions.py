"""Sentences that an operator adds to a pack's own, each set of them with a number to go back to."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ivr.call import Language
from ivr.errors import BadPack
from ivr.strict_yaml import read_yaml
from ivr.understand.pack import OUT_OF_SCOPE, Pack, PackIntent

Sentences = Mapping[str, Mapping[Language, tuple[str, ...]]]
"""By intent, or out_of_scope, and language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Additions:
    """What is added to one pack."""

    pack: str
    version: int = 0
    """0 is none at all."""

    follows: int = 0
    """The version before."""

    sentences: Sentences = field(default_factory=dict, repr=False)

    def with_more(self, intent: str, language: Language, text: str) -> "Additions":
        """And this sentence, once."""
        of_intent = dict(self.sentences.get(intent, {}))
        known = of_intent.get(language, ())
        of_intent[language] = known if text in known else (*known, text)
        return replace(self, sentences={**self.sentences, intent: of_intent})


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    pack: str
    version: int = Field(ge=1)
    follows: int = Field(ge=0)
    additions: dict[str, dict[Language, list[str]]]


def additions_file(folder: Path, pack: str) -> Path:
    """Where a pack's additions are, if there are any."""
    return folder / f"{pack}.additions.yaml"


def read_additions(file: Path, *, pack: str) -> Additions:
    """What the file adds; nothing where there is none.

    Raises:
        BadPack: the file cannot be used, or belongs to another pack.
    """
    if not file.exists():
        return Additions(pack=pack)
    try:
        found = _File.model_validate(read_yaml(file, BadPack))
    except ValidationError as err:
        first = err.errors(include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise BadPack(f"{file.name}: {where}: {first['msg']}.") from err
    if found.pack != pack:
        raise BadPack(f"{file.name} adds to the pack {found.pack}, not to {pack}.")
    return Additions(
        pack=pack,
        version=found.version,
        follows=found.follows,
        sentences={
            intent: {language: tuple(texts) for language, texts in of_intent.items()}
            for intent, of_intent in found.additions.items()
        },
    )


def with_additions(pack: Pack, additions: Additions) -> Pack:
    """The pack and what is added to it, behind its own sentences; its file stays as it is.

    Raises:
        BadPack: an intent is none of the pack's, or a sentence belongs to another intent already.
    """
    known = {intent.name for intent in pack.intents} | {OUT_OF_SCOPE}
    if strangers := set(additions.sentences) - known:
        raise BadPack(f"The additions name intents that {pack.name} lacks: {sorted(strangers)}.")
    owners = {
        (language, sentence.casefold()): intent.name
        for intent in pack.intents
        for language, sentences in intent.sentences.items()
        for sentence in sentences
    }
    for name, of_intent in additions.sentences.items():
        for language, sentences in of_intent.items():
            for sentence in sentences:
                owner = owners.setdefault((language, sentence.casefold()), name)
                if owner != name:
                    raise BadPack(
                        f"A sentence added to {pack.name} stands under both {owner} and {name}."
                    )
    foreign = [
        sentence
        for sentences in additions.sentences.get(OUT_OF_SCOPE, {}).values()
        for sentence in sentences
    ]
    return replace(
        pack,
        intents=tuple(_grown(intent, additions) for intent in pack.intents),
        foreign=tuple(dict.fromkeys([*pack.foreign, *foreign])),
    )


class AdditionsShelf:
    """Every set of additions to one pack, by number, and the one in use."""

    def __init__(self, folder: Path, pack: str) -> None:
        self._folder, self._pack = folder, pack

    @property
    def file(self) -> Path:
        """The one in use, if there is one."""
        return additions_file(self._folder, self._pack)

    def current(self) -> Additions:
        """The one in use.

        Raises:
            BadPack: the file cannot be used.
        """
        return read_additions(self.file, pack=self._pack)

    def put(self, additions: Additions) -> Additions:
        """Use these from now on, as a version of their own."""
        self._folder.mkdir(parents=True, exist_ok=True)
        follows = self.current().version
        version = max([follows, *self._numbers()]) + 1
        numbered = replace(additions, version=version, follows=follows)
        _write(self._numbered(version), numbered)
        _write(self.file, numbered)
        return numbered

    def take_back(self) -> Additions:
        """Use the version before again; what was in use keeps its number.

        Raises:
            BadPack: nothing is added, or the version before is gone.
        """
        current = self.current()
        if not current.version:
            raise BadPack(f"Nothing is added to the pack {self._pack}.")
        if not current.follows:
            self.file.unlink()
            return Additions(pack=self._pack)
        if not self._numbered(current.follows).exists():
            raise BadPack(f"Version {current.follows} of the additions is gone.")
        before = read_additions(self._numbered(current.follows), pack=self._pack)
        _write(self.file, before)
        return before

    def _numbered(self, version: int) -> Path:
        return self._folder / f"{self._pack}.additions.{version:04}.yaml"

    def _numbers(self) -> list[int]:
        found = self._folder.glob(f"{self._pack}.additions.[0-9]*.yaml")
        return [int(number) for file in found if (number := file.name.split(".")[-2]).isdigit()]


def _grown(intent: PackIntent, additions: Additions) -> PackIntent:
    added = additions.sentences.get(intent.name, {})
    return replace(
        intent,
        sentences={
            language: tuple(dict.fromkeys([*own, *added.get(language, ())]))
            for language, own in intent.sentences.items()
        },
    )


def _write(file: Path, additions: Additions) -> None:
    """Whole or not at all: a process that reads packs may look at any time."""
    content = {
        "pack": additions.pack,
        "version": additions.version,
        "follows": additions.follows,
        "additions": {
            intent: {language.value: list(texts) for language, texts in of_intent.items()}
            for intent, of_intent in additions.sentences.items()
        },
    }
    part = file.with_name(file.name + ".part")
    part.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")
    part.replace(file)
