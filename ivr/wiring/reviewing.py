"""Learning from sentences that were not understood, put together for calls and for people."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from biometrics.vault.cipher import seal, unseal
from ivr.call import Caller, Intent, Language, OutOfScope, Transcript, Understanding
from ivr.decide.dialogue import (
    Choosing,
    Confirming,
    Filling,
    Menu,
    Offered,
    Picking,
    Proving,
    Repeating,
    Typing,
)
from ivr.decide.keys import place_typed
from ivr.decide.moment import Decision, Moment
from ivr.decide.replies import which_of
from ivr.errors import AdditionsRefused, UnknownSentence
from ivr.evaluate.intents import OUT_OF_SCOPE, read_sentences
from ivr.review.collect import Collector, Said
from ivr.review.groups import Group, grouped, like
from ivr.review.report import Judged, Report, Trial, compared
from ivr.review.sentence import Sentence, SentenceId
from ivr.review.sentences import Sentences
from ivr.settings import Settings
from ivr.understand.additions import Additions, AdditionsShelf, with_additions
from ivr.understand.intents import IntentClassifier
from ivr.understand.pack import Pack, read_pack
from ivr.understand.sentence_cache import Encoder
from ivr.wiring.voices import Voices

AGREES = ("review", "yes")
"""The preference of a customer who agreed that such sentences are kept."""

_ANSWERED_OTHERWISE = (Filling, Repeating, Typing, Confirming, Picking, Proving)
"""Questions of ours that no request answers."""

_ANOTHER_THING = ("deny", "something_else")

Tests = Mapping[Language, Path]
"""Lists of text, tab, label that no pack holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultSeal:
    """Seals under a key of the vault that stays while master keys change."""

    key: bytes

    def seal(self, plain: bytes, *, bound_to: bytes) -> bytes:
        return seal(self.key, plain, bound_to=bound_to)

    def unseal(self, sealed: bytes, *, bound_to: bytes) -> bytes:
        return unseal(self.key, sealed, bound_to=bound_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Additions that could be made, and what would come of them."""

    additions: Additions
    sentences: tuple[Sentence, ...]
    """Those that would go into them."""

    report: Report


@dataclass(frozen=True)
class Reviewing:
    """Sentences that wait for somebody, and what is learned from them. Made when first needed."""

    voices: Voices
    sure_from: Callable[[], float]
    """Probability of an intent from which it is not read back."""

    @cached_property
    def sentences(self) -> Sentences:
        from ivr.review.sql_sentences import SqlSentences

        # The records come first: opening them makes the keys where there are none yet.
        _ = self.voices.records
        key = self.voices.keys.vault.common_key("sentences for review")
        return SqlSentences(self.voices.engine, VaultSeal(key=key))

    @property
    def settings(self) -> Settings:
        return self.voices.places.settings

    @cached_property
    def pack(self) -> Pack:
        """The pack in use without what was added to it."""
        return read_pack(self.settings.understand.pack)

    @cached_property
    def shelf(self) -> AdditionsShelf:
        return AdditionsShelf(self.settings.home / "packs", self.pack.name)

    # calls

    @property
    def is_on(self) -> bool:
        return self.settings.review.collect != "off"

    @cached_property
    def collector(self) -> Collector:
        """For the business that calls are taken for."""
        return Collector(
            self.sentences,
            self.settings.review,
            business=self.pack.name,
            sure_from=self.sure_from(),
        )

    def note(self, moment: Moment, decision: Decision) -> None:
        """Keep what a turn teaches. Never fails."""
        if not self.is_on:
            return
        self.collector.consider(said_in(moment), moment.now)
        if decision.dialogue.is_over:
            self.collector.forget(moment.call_id)

    # people

    def listed(self, now: datetime) -> tuple[Group, ...]:
        """What nobody has looked at yet; what is too old is deleted first."""
        self.sentences.expire(now - timedelta(days=self.settings.review.keep_days))
        return grouped(one for one in self.sentences.of(self.pack.name) if one.is_waiting)

    def label(
        self, sentence: SentenceId, intent: str, *, with_alike: bool = False
    ) -> tuple[Sentence, ...]:
        """Say what it is, or with no intent that it is what was suggested.

        Raises:
            UnknownSentence: it is not on the list.
            AdditionsRefused: the pack has no such intent, or nothing was suggested.
        """
        found = self._find(sentence)
        intent = intent or found.suggested
        known = {one.name for one in self.pack.intents} | {OUT_OF_SCOPE}
        if intent not in known:
            raise AdditionsRefused(
                f"{intent or 'Nothing'} is no intent of the pack {self.pack.name}; known are "
                f"{', '.join(sorted(known))}."
            )
        waiting = [one for one in self.sentences.of(found.business) if one.is_waiting]
        chosen = [found, *(like(found, waiting) if with_alike else ())]
        return tuple(one for one in chosen if self.sentences.change(replace(one, label=intent)))

    def drop(self, sentence: SentenceId, *, with_alike: bool = False) -> int:
        """Delete it. How many were deleted.

        Raises:
            UnknownSentence: it is not on the list.
        """
        found = self._find(sentence)
        waiting = [one for one in self.sentences.of(found.business) if one.is_waiting]
        chosen = [found, *(like(found, waiting) if with_alike else ())]
        return sum(self.sentences.drop(one.id) for one in chosen)

    def prepared(self, tests: Tests) -> Prepared:
        """What the labelled sentences would change.

        Raises:
            AdditionsRefused: nothing is labelled.
            BadPack: a sentence belongs to another intent already.
            BadTestSet: a list of tests cannot be used.
        """
        ready = tuple(one for one in self.sentences.of(self.pack.name) if one.is_ready)
        if not ready:
            raise AdditionsRefused("No sentence is labelled that is not added yet.")
        current = self.shelf.current()
        wanted = current
        for one in ready:
            wanted = wanted.with_more(one.label, one.language, one.text)
        before = self._trial(with_additions(self.pack, current), self.pack.name, ready, tests)
        after = self._trial(
            with_additions(self.pack, wanted), f"{self.pack.name}-tried", ready, tests
        )
        return Prepared(additions=wanted, sentences=ready, report=compared(before, after))

    def apply(self, prepared: Prepared, *, is_forced: bool = False) -> Additions:
        """Add them.

        Raises:
            AdditionsRefused: the accuracy would fall by too much, and nobody insists.
        """
        worst = self.settings.review.worst_loss
        if prepared.report.loss > worst and not is_forced:
            raise AdditionsRefused(
                f"The accuracy would fall by {prepared.report.loss:.1%}, more than {worst:.1%}; "
                "drop or relabel sentences, or insist with --force."
            )
        added = self.shelf.put(prepared.additions)
        for one in prepared.sentences:
            self.sentences.change(replace(one, version=added.version))
        return added

    def undo(self) -> Additions:
        """Take the latest additions back; their sentences are labelled and ready again.

        Raises:
            BadPack: nothing is added.
        """
        undone = self.shelf.current().version
        before = self.shelf.take_back()
        for one in self.sentences.of(self.pack.name):
            if one.version == undone:
                self.sentences.change(replace(one, version=0))
        return before

    def _find(self, sentence: SentenceId) -> Sentence:
        found = self.sentences.find(sentence)
        if found is None:
            raise UnknownSentence("No sentence of this id is on the list.")
        return found

    def _trial(self, pack: Pack, name: str, ready: Sequence[Sentence], tests: Tests) -> Trial:
        from ivr.understand.classifier import train_on_pack
        from ivr.understand.cross_validated import cross_validated

        cache = self.settings.home / "intents"
        # Under its own name what is only tried does not take the place of what is in use.
        classifier = train_on_pack(replace(pack, name=name), self._encoder, cache)
        asked = [(one.text, one.language, one.label) for one in ready]
        return Trial(
            own=tuple(
                Judged(text=one.text, language=one.language, label=one.label, found=one.found)
                for one in cross_validated(pack, self._encoder, cache)
            ),
            labelled=self._judged(classifier, asked),
            held_out=self._judged(classifier, _read(tests)),
        )

    def _judged(
        self, classifier: IntentClassifier, asked: Iterable[tuple[str, Language, str]]
    ) -> tuple[Judged, ...]:
        def found(text: str, language: Language) -> str:
            return _in_one_word(classifier.classify(text, language), sure_from=self.sure_from())

        return tuple(
            Judged(text=text, language=language, label=label, found=found(text, language))
            for text, language, label in asked
        )

    @cached_property
    def _encoder(self) -> Encoder:
        from ivr.understand.e5_encoder import E5Encoder

        return E5Encoder(threads=self.settings.understand.threads)


def open_reviewing(pack: str) -> Reviewing:
    """For the people who look at sentences, as the environment says."""
    from ivr.wiring.house import House

    house = House.from_environment(pack=pack)
    return Reviewing(voices=house.voices, sure_from=lambda: house.policy.confirm_below)


def said_in(moment: Moment) -> Said:
    """What a turn tells about how well its caller is understood."""
    heard, pending = moment.heard, moment.dialogue.pending
    is_denied = moment.means(*_ANOTHER_THING) and (
        isinstance(pending, Choosing) or (isinstance(pending, Offered) and not pending.is_personal)
    )
    caller = moment.caller
    return Said(
        call=moment.call_id,
        transcript=heard if isinstance(heard, Transcript) else None,
        meaning=moment.meaning,
        is_answer=isinstance(pending, _ANSWERED_OTHERWISE),
        settled=_settled(moment),
        is_denied=is_denied,
        names=(caller.name,) if isinstance(caller, Caller) else (),
        has_agreed=moment.proven is not None and AGREES in moment.proven.preferences.items(),
    )


def _settled(moment: Moment) -> str:
    """The intent that the caller has agreed to."""
    place = place_typed(moment)
    match moment.dialogue.pending:
        case Menu(intents=intents):
            return "" if place is None else intents[place]
        case Offered(intent=intent) if moment.means("affirm"):
            return intent.name
        case Choosing(first=first, second=second):
            choice = place if place is not None else which_of(moment.text, 2)
            if moment.means(first.name) or choice == 0:
                return first.name
            return second.name if moment.means(second.name) or choice == 1 else ""
        case _:
            return ""


def _read(tests: Tests) -> list[tuple[str, Language, str]]:
    return [
        (text, language, label)
        for language, file in tests.items()
        for text, label in read_sentences(file)
    ]


def _in_one_word(meaning: Understanding, *, sure_from: float) -> str:
    """The intent that would be served without asking back; what would be asked, in words."""
    match meaning:
        case Intent(name=name, confidence=confidence):
            return name if confidence >= sure_from else f"perhaps {name}"
        case OutOfScope():
            return OUT_OF_SCOPE
        case _:
            return "two readings"
