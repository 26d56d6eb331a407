"""Words: recognisers, and what their text means to a business."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from biometrics import Speech
from ivr.call import Assurance, Language, Transcript, Unheard
from ivr.errors import BadPack, BadSettings, ModelMissing
from ivr.following import Following, Source, Stamp, stamp_of
from ivr.understand.additions import additions_file, read_additions, with_additions
from ivr.understand.cascade import Cascade
from ivr.understand.digits import hear_digits, read_digits
from ivr.understand.intents import IntentClassifier
from ivr.understand.lane import Lane, ThreadLane
from ivr.understand.pack import Pack, pack_files
from ivr.understand.recogniser import LiveHearing, Recogniser
from ivr.understand.sentence_cache import Encoder
from ivr.understand.slots import SlotFiller
from ivr.understand.understand import Mind
from ivr.understand.yes_or_no import hear_yes_or_no
from ivr.wiring.places import Places
from ivr.wiring.texts import shelf_of, texts_in_use

if TYPE_CHECKING:
    from ivr.understand.check_pack import PackReport
    from ivr.understand.explain import Explanation
    from ivr.understand.whisper_recogniser import WhisperRecogniser

_WHISPER = "whisper-base"
_VOSK = {
    Language.GERMAN: ("vosk-de-0.21", "vosk-small-de-0.15"),
    Language.ENGLISH: ("vosk-en-us-0.22", "vosk-small-en-us-0.15", "vosk-small-en-0.3"),
}
"""The telephony models first: the small ones were made for wide-band sound."""


@dataclass(frozen=True)
class Words:
    """What was said and what it means."""

    places: Places
    is_pressed: Callable[[], bool] = lambda: False
    """More turns wait than the better recogniser can answer."""

    @cached_property
    def recogniser(self) -> Recogniser:
        return self.recogniser_of(self.places.settings.understand.engine)

    def recogniser_of(self, engine: str) -> Recogniser:
        """Whisper, vosk, or the cascade of both.

        Raises:
            ModelMissing: nothing of it is installed; says how to get it.
            BadSettings: there is no such engine.
        """
        match engine:
            case "whisper":
                return self._whisper
            case "vosk":
                return self._vosk
            case "cascade":
                return self._cascade
            case _:
                raise BadSettings("The engine is whisper, vosk or cascade.")

    def recogniser_if_here(self, engine: str) -> Recogniser | None:
        """As `recogniser_of`, None where its model is not installed."""
        try:
            return self.recogniser_of(engine)
        except ModelMissing:
            return None

    def hearing(self, language: Language | None, names: tuple[str, ...] = ()) -> LiveHearing:
        """One turn of a live call, heard while it is spoken."""
        return self._live.start(language, names=names)

    @cached_property
    def _live(self) -> Cascade:
        """The engine of the settings; one without the other is a cascade of one."""
        match self.places.settings.understand.engine:
            case "whisper":
                return self._cascade_of(self._whisper, None)
            case "vosk":
                return self._cascade_of(None, self._vosk)
            case "cascade":
                return self._cascade

    @cached_property
    def _cascade(self) -> Cascade:
        is_there = self.places.pool is not None or self.places.model_if_here(_WHISPER)
        whisper = self._whisper if is_there else None
        vosk = self._vosk if self._vosk_folders else None
        if not whisper and not vosk:
            self.places.model(_WHISPER)  # says what to do
        return self._cascade_of(whisper, vosk)

    def _cascade_of(self, final: Recogniser | None, streaming: Recogniser | None) -> Cascade:
        settings = self.places.settings.understand
        return Cascade(
            final, streaming, settings=settings, lane=self._lane, is_pressed=self.is_pressed
        )

    @property
    def lane(self) -> Lane:
        """Where all recognitions stand in line."""
        return self._lane

    @cached_property
    def _lane(self) -> ThreadLane:
        settings = self.places.settings
        here = settings.understand.lanes
        return ThreadLane(at_once=settings.pool.most_waiting if settings.pool.address else here)

    @cached_property
    def _whisper(self) -> Recogniser:
        pool, settings = self.places.pool, self.places.settings
        if pool is None:
            return loaded_whisper(self.places)
        from ivr.wiring.pooling import recogniser_of

        local = loaded_whisper(self.places) if settings.pool.or_local else None
        return recogniser_of(pool, settings, local=local)

    @cached_property
    def _vosk(self) -> Recogniser:
        from ivr.understand.vosk_recogniser import VoskRecogniser

        if not self._vosk_folders:
            self.places.model(_VOSK[Language.ENGLISH][-1])  # says what to do
        with self.places.loads.noted("vosk"):
            return VoskRecogniser(self._vosk_folders)

    def hear_digits(self, speech: Speech, language: Language) -> Transcript | Unheard:
        """What is heard by who expects digits."""
        return hear_digits(self._listener(language), speech, language)

    def hear_yes_or_no(self, speech: Speech, language: Language) -> bool | None:
        """What is heard by who expects yes or no."""
        return hear_yes_or_no(self._listener(language), speech, language)

    def _listener(self, language: Language) -> Recogniser:
        """Vosk with a grammar, if its model of the language was made for the telephone.

        The small English one has 1 of 60 rows of five digits right, Whisper 59.
        """
        is_made_for_it = self.places.model_if_here(_VOSK[language][0]) is not None
        return self._vosk if is_made_for_it else self.recogniser

    def read_digits(self, text: str, language: Language) -> str:
        """The digits in a text, in a row."""
        from ivr.understand.number_words import write_numbers

        return read_digits(text, write_numbers=lambda words: write_numbers(words, language))

    @cached_property
    def _vosk_folders(self) -> dict[Language, Path]:
        best = {}
        for language, names in _VOSK.items():
            here = [path for name in names if (path := self.places.model_if_here(name))]
            if here:
                best[language] = here[0]
        return best

    @cached_property
    def pack(self) -> Pack:
        """The pack in use and what was added to it, as they were when first asked for."""
        return self._pack_now()

    @property
    def mind(self) -> Mind:
        """Everything that understanding needs, learned from the pack as it is now."""
        return self.live_mind.current

    @cached_property
    def live_mind(self) -> Following[Mind]:
        """Follows the pack's files while calls go on."""
        return Following(self.mind_source, what="pack")

    @property
    def mind_source(self) -> Source[Mind]:
        """The pack's files, and how a mind is made of them."""
        return Source(stamp=self._stamp, learn=self._learn)

    def _pack_now(self) -> Pack:
        return self.with_what_was_learned(texts_in_use(self.places.settings).pack())

    def with_what_was_learned(self, pack: Pack) -> Pack:
        """And the sentences that were added to it.

        Raises:
            BadPack: they do not fit it.
        """
        return with_additions(pack, read_additions(self._additions(pack.name), pack=pack.name))

    def _additions(self, pack: str) -> Path:
        return additions_file(self.places.settings.home / "packs", pack)

    def _stamp(self) -> Stamp:
        files = pack_files(self.places.settings.understand.pack)
        return stamp_of(
            [*files, self._additions(self.pack.name), shelf_of(self.places.settings).pointer]
        )

    def _learn(self) -> Mind:
        """From the files as they are now.

        Raises:
            BadPack: they cannot be used, or the policy that is in use was not made for them.
        """
        from ivr.understand.iban_checksum import is_iban
        from ivr.understand.number_words import write_numbers

        pack = self._pack_now()
        if not same_promises(pack, self.pack):
            raise BadPack("Intents came, went or need another assurance: restart to use the pack.")
        with self.places.loads.noted("meanings"):
            classifier = self.classifier_of(pack)
        return Mind(
            pack=pack,
            classifier=classifier,
            slots=SlotFiller(write_numbers=write_numbers, is_iban=is_iban),
        )

    def classifier_of(self, pack: Pack) -> IntentClassifier:
        """Learned from a pack's sentences; what was learned is kept on disk."""
        from ivr.understand.classifier import train_on_pack

        return train_on_pack(pack, self._sentences, self._learned)

    def check_pack(self) -> "PackReport":
        """What is weak in the pack in use."""
        from ivr.understand.check_pack import check_pack

        return check_pack(self.pack, self._sentences, self._learned)

    def explain(self, text: str, language: Language) -> "Explanation":
        """Why a sentence is understood as it is."""
        from ivr.understand.explain import Examples, explain

        mind = self.mind
        examples = Examples(mind.pack, self._sentences, self._learned)
        return explain(
            text, language, pack=mind.pack, classifier=mind.classifier, examples=examples
        )

    @property
    def _learned(self) -> Path:
        return self.places.settings.home / "intents"

    def classifier_from(self, sentences: Sequence[tuple[str, str]]) -> IntentClassifier:
        """Learned from (text, label) pairs; nothing is kept."""
        from ivr.understand.classifier import train_on_sentences

        return train_on_sentences(sentences, self._sentences)

    @cached_property
    def _sentences(self) -> Encoder:
        from ivr.understand.e5_encoder import E5Encoder

        return E5Encoder(threads=self.places.settings.understand.sentence_threads)


def loaded_whisper(places: Places) -> "WhisperRecogniser":
    """Whisper on this machine.

    Raises:
        ModelMissing: it is not installed; says how to get it.
    """
    from ivr.understand.whisper_recogniser import WhisperRecogniser

    folder = places.model(_WHISPER)
    with places.loads.noted("whisper"):
        return WhisperRecogniser(folder, places.settings.understand)


def same_promises(one: Pack, other: Pack) -> bool:
    """Whether a policy that was made for one of them fits the other."""
    return _promises(one) == _promises(other)


def _promises(pack: Pack) -> dict[str, tuple[Assurance, bool]]:
    """What a policy relies on."""
    return {one.name: (one.assurance, one.may_suggest) for one in pack.intents}
