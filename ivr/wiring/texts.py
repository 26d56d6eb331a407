"""The texts that the house reads: what people published, else the operator's file or ours."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from ivr.call import Language
from ivr.decide.policy import Need, Policy, read_policy
from ivr.editing.document import Document, DocumentName, Kind
from ivr.editing.shelf import Shelf
from ivr.following import Following
from ivr.settings import Settings
from ivr.speak.prompts import Prompts, general_prompts, pack_prompts, read_prompt_files
from ivr.understand.pack import BUSINESSES, Pack, read_pack
from ivr.wiring.promises import check_prompts
from ivr.wiring.serving import Serving

RULES = DocumentName("policy.yaml")
QUEUES = DocumentName("queues.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """One state of them."""

    settings: Settings
    folder: Path | None
    """Of a version; None where nothing was published."""

    @property
    def pack_file(self) -> str:
        """A pack's name, or its file."""
        pack = self.settings.understand.pack
        edited = self.edited(pack_document(pack))
        return pack if edited is None else str(edited)

    def pack(self) -> Pack:
        """Raises BadPack."""
        return read_pack(self.pack_file)

    def prompts(self) -> dict[Language, Prompts]:
        """Raises BadPrompts."""
        pack = self.settings.understand.pack
        return {
            language: read_prompt_files(
                language,
                self.edited(general_document(language)) or general_prompts(language),
                self.edited(prompts_document(pack, language)) or pack_prompts(language, pack),
            )
            for language in Language
        }

    def policy(self, pack: Pack, serving: Serving, *, may_send: bool) -> Policy:
        """`may_send`: links to pages can be sent. Raises BadPolicy."""
        needs = {
            intent.name: Need(
                assurance=serving.assurance(intent.name, intent.assurance),
                may_suggest=intent.may_suggest,
            )
            for intent in pack.intents
        }
        return read_policy(
            self.edited(RULES) or self.settings.decide.policy,
            business=pack.name,
            needs=needs,
            tasks=serving.tasks,
            declines=serving.declines,
            may_send=may_send,
        )

    @property
    def queues_file(self) -> Path | None:
        """None for the one in the package."""
        return self.edited(QUEUES) or self.settings.queue.file

    def edited(self, name: DocumentName) -> Path | None:
        """The file of what was published under a name."""
        if self.folder is None:
            return None
        file = self.folder / name
        return file if file.exists() else None


def shelf_of(settings: Settings) -> Shelf:
    """Every version of what people published."""
    return Shelf(settings.edited)


def texts_in_use(settings: Settings) -> Texts:
    """As they are now.

    Raises:
        EditedDamaged: what was published is not as it was published.
    """
    return Texts(settings=settings, folder=shelf_of(settings).in_use())


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """Rules, and prompts that have words for all of them."""

    policy: Policy
    prompts: Mapping[Language, Prompts]


@dataclass(frozen=True)
class LivePrompts(Mapping[Language, Prompts]):
    """Whatever is to be said now."""

    source: Following[Agreed]

    def __getitem__(self, language: Language) -> Prompts:
        return self.source.current.prompts[language]

    def __iter__(self) -> Iterator[Language]:
        return iter(self.source.current.prompts)

    def __len__(self) -> int:
        return len(self.source.current.prompts)


def check_words(
    prompts: Mapping[Language, Prompts], *, pack: Pack, policy: Policy, serving: Serving
) -> None:
    """Refuse prompts that lack something which may have to be said.

    Raises:
        BadPrompts: says which, and why it is needed.
    """
    for language, texts in prompts.items():
        check_prompts(texts, language, pack=pack, policy=policy)
        serving.check_words(texts)


def documents(settings: Settings) -> tuple[Document, ...]:
    """Everything that may be edited, for the business that calls are taken for."""
    pack = settings.understand.pack
    own, queues = settings.decide.policy, settings.queue.file
    found = [
        Document(name=pack_document(pack), kind=Kind.INTENTS, original=lambda: _pack_text(pack)),
        Document(
            name=RULES,
            kind=Kind.RULES,
            original=lambda: own.read_text("utf-8") if own else _packaged("decide", "policy.yaml"),
        ),
        Document(
            name=QUEUES,
            kind=Kind.QUEUES,
            original=lambda: (
                queues.read_text("utf-8") if queues else _packaged("queue", "queues.yaml")
            ),
        ),
    ]
    for language in Language:
        for name, file in (
            (prompts_document(pack, language), pack_prompts(language, pack)),
            (general_document(language), general_prompts(language)),
        ):
            found.append(_prompts(name, language, file))
    return tuple(found)


def pack_document(pack: str) -> DocumentName:
    return DocumentName(f"packs/{_stem(pack)}.yaml")


def prompts_document(pack: str, language: Language) -> DocumentName:
    return DocumentName(f"prompts/{_stem(pack)}.{language}.yaml")


def general_document(language: Language) -> DocumentName:
    return DocumentName(f"prompts/{language}.yaml")


def _prompts(name: DocumentName, language: Language, file: Path) -> Document:
    return Document(
        name=name,
        kind=Kind.PROMPTS,
        language=language,
        original=lambda: file.read_text("utf-8"),
    )


def _stem(pack: str) -> str:
    return Path(pack).stem if pack.endswith((".yaml", ".yml")) else pack


def _pack_text(pack: str) -> str:
    if pack in BUSINESSES:
        return _packaged("understand", "packs", f"{pack}.yaml")
    return Path(pack).read_text("utf-8")


def _packaged(room: str, *path: str) -> str:
    return resources.files(f"ivr.{room}").joinpath(*path).read_text("utf-8")
