"""Editing put together: what is edited, how it is checked, measured, heard and published."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from biometrics import AuditKind
from ivr.call import Language, Line
from ivr.decide.policy import Policy
from ivr.editing.desk import EditingDesk, Sheet
from ivr.editing.desk import Texts as Candidates
from ivr.editing.document import Document, Kind, digest_of
from ivr.editing.drafts import Drafts
from ivr.editing.measuring import Done, Failed, Measuring, Running
from ivr.editing.mirror import Mirror
from ivr.editing.trouble import Trouble, trouble_of
from ivr.errors import BadPack, CallProblem, EditRefused
from ivr.listen.wav import write_wav
from ivr.queue.queues import read_queues
from ivr.review.report import Report, compared
from ivr.settings import Settings
from ivr.speak.prompts import Prompts
from ivr.speak.speaker import Speaker, Spoken
from ivr.speak.voice import Voice
from ivr.understand.pack import Pack
from ivr.wiring.pack_judge import Judge, PackJudge, Tests
from ivr.wiring.records import Records
from ivr.wiring.samples import SAMPLES
from ivr.wiring.serving import Serving
from ivr.wiring.texts import Texts, check_words, documents, shelf_of, texts_in_use
from ivr.wiring.words import Words, same_promises


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A prompt as it would be said."""

    text: str
    wav: bytes


@dataclass(frozen=True)
class Editing:
    """Made when first needed."""

    words: Words
    serving: Callable[[Callable[[], Pack]], Serving]
    """What can be done for a pack."""

    voices: Callable[[], Mapping[Language, Voice]]
    policy: Callable[[], Policy]
    """In use."""

    records: Callable[[], Records]
    judge: Judge | None = None
    """Else models are trained on the pack, which takes a minute."""

    measuring: Measuring[Report] = field(default_factory=Measuring)

    @property
    def settings(self) -> Settings:
        return self.words.places.settings

    @cached_property
    def desk(self) -> EditingDesk:
        """Where people edit."""
        folder = self.settings.edited
        return EditingDesk(
            documents=documents(self.settings),
            shelf=shelf_of(self.settings),
            drafts=Drafts(folder),
            mirror=Mirror(folder=folder / "files"),
            check=self.check,
            must_measure=self._must_measure,
            announce=self._announce,
        )

    # what is wrong

    def check(self, candidates: Candidates, document: Document) -> tuple[Trouble, ...]:
        """What the house would say at its next start."""
        with TemporaryDirectory(prefix="rufwerk-") as folder:
            try:
                self._read(_laid_out(self.settings, candidates, Path(folder)))
            except CallProblem as err:
                return (trouble_of(err.sentence, candidates.get(document.name, "")),)
        return ()

    def _read(self, texts: Texts) -> None:
        pack = self.words.with_what_was_learned(texts.pack())
        if pack.name != self.words.pack.name:
            raise BadPack(f"The pack must keep its name, {self.words.pack.name}.")
        serving = self.serving(lambda: pack)
        read_queues(texts.queues_file)
        policy = texts.policy(pack, serving, may_send=self.policy().may_send)
        check_words(texts.prompts(), pack=pack, policy=policy, serving=serving)

    def takes_effect_now(self, sheet: Sheet) -> bool:
        """Whether a running service takes it over; else it does at its next start.

        Intents may change their sentences while calls go on. They may neither come nor go nor need
        another assurance: what the rules and the business system rely on is read at the start.
        """
        if sheet.document.kind is Kind.QUEUES:
            return False
        pack = self._pack_of(self.desk.texts(sheet))
        return same_promises(pack, self.words.pack)

    # how well it is understood

    def needs_measuring(self, sheet: Sheet) -> bool:
        """Whether what is said for an intent has changed."""
        if sheet.document.kind is not Kind.INTENTS or not sheet.is_changed:
            return False
        return self._differs(self.desk.texts(sheet))

    def measure(self, sheet: Sheet) -> None:
        """Begin to find out; `measured` tells how it stands."""
        texts = self.desk.texts(sheet)
        question, before, after = self._asked(texts)
        self.measuring.begin(question, lambda: self._compared(before, after))

    def measured(self, sheet: Sheet) -> Running | Failed | Done[Report] | None:
        """None where nobody has asked for just this text against what is in use."""
        return self.measuring.state(self._asked(self.desk.texts(sheet))[0])

    def _must_measure(self, candidates: Candidates, document: Document) -> None:
        if document.kind is not Kind.INTENTS or not self._differs(candidates):
            return
        state = self.measuring.state(self._asked(candidates)[0])
        if not isinstance(state, Done):
            raise EditRefused("Measure first how well the changed intents are understood.")
        loss, worst = state.answer.loss, self.worst_loss
        if loss > worst:
            raise EditRefused(f"The accuracy would fall by {loss:.1%}, more than {worst:.1%}.")

    @property
    def worst_loss(self) -> float:
        """By so much the accuracy may fall at most, 0 to 1."""
        return self.settings.review.worst_loss

    def _differs(self, candidates: Candidates) -> bool:
        before = texts_in_use(self.settings).pack()
        return _said(before) != _said(self._pack_of(candidates))

    def _asked(self, candidates: Candidates) -> tuple[tuple[str, str], Pack, Pack]:
        before = self.words.with_what_was_learned(texts_in_use(self.settings).pack())
        after = self.words.with_what_was_learned(self._pack_of(candidates))
        return (digest_of(_said(before)), digest_of(_said(after))), before, after

    def _pack_of(self, candidates: Candidates) -> Pack:
        """Raises BadPack: it cannot be read."""
        with TemporaryDirectory(prefix="rufwerk-") as folder:
            return _laid_out(self.settings, candidates, Path(folder)).pack()

    def _compared(self, before: Pack, after: Pack) -> Report:
        judge = self.judge or self._judge
        return compared(judge(before, (), self.tests), judge(after, (), self.tests))

    @cached_property
    def _judge(self) -> Judge:
        return PackJudge(settings=self.settings, sure_from=self.policy().confirm_below)

    @property
    def tests(self) -> Tests:
        """Sentences that no pack holds, where an operator has some."""
        named = {
            Language.GERMAN: self.settings.editing.test_de,
            Language.ENGLISH: self.settings.editing.test_en,
        }
        return {language: file for language, file in named.items() if file is not None}

    # how it sounds

    def prompt_keys(self, sheet: Sheet, language: Language) -> tuple[str, ...]:
        """Prompts that can be heard, as keys.

        Raises:
            BadPrompts: the draft cannot be read.
        """
        return tuple(sorted(self._prompts(sheet)[language].templates))

    def _prompts(self, sheet: Sheet) -> dict[Language, Prompts]:
        with TemporaryDirectory(prefix="rufwerk-") as folder:
            texts = self.desk.texts(sheet)
            return _laid_out(self.settings, texts, Path(folder)).prompts()

    def hear(self, sheet: Sheet, key: str, language: Language, facts: Mapping[str, str]) -> Heard:
        """A prompt of a draft, said with these facts and with made-up ones for the others.

        Raises:
            BadPrompts: there is no such prompt, or the draft cannot be read.
            NoVoice: nothing speaks the language here.
        """
        prompts = self._prompts(sheet)
        speaker = Speaker(self.voices(), prompts, None, self.settings.speak)
        named = {name for names in prompts[language].placeholders(key) for name in names}
        told = {name: facts.get(name) or SAMPLES[language].get(name, name) for name in named}
        spoken: Spoken = speaker.say((Line(key=key, facts=told),), language)
        return Heard(text=spoken.text, wav=write_wav(spoken.sound, encoding="pcm16"))

    @contextmanager
    def _announce(self, person: str, what: str) -> Iterator[None]:
        with self.records().witness(person).announced(AuditKind.SETTINGS_CHANGED, None, what=what):
            yield


def editing_from_environment() -> Editing:
    """On the command line, as `IVR_*` variables say: measuring is waited for."""
    from ivr.wiring.house import House

    house = House.from_environment()
    return replace(house.editing, measuring=Measuring(start=lambda work: work()))


def _laid_out(settings: Settings, candidates: Candidates, folder: Path) -> Texts:
    """In a folder as a version has it."""
    for name, text in candidates.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return Texts(settings=settings, folder=folder)


def _said(pack: Pack) -> str:
    """What a classifier learns from."""
    sentences = [
        (one.name, *(one.sentences[language] for language in Language)) for one in pack.intents
    ]
    return repr((sentences, pack.foreign))
