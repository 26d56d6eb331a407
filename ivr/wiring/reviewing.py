"""Learning from sentences that were not understood, put together for calls and for people."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from biometrics import VoiceProblem
from ivr.decide.moment import Decision, Moment
from ivr.errors import AdditionsRefused, UnknownSentence
from ivr.review.collect import Collector, Misunderstood
from ivr.review.groups import Group, grouped, like
from ivr.review.report import Report, compared
from ivr.review.sentence import Sentence, SentenceId
from ivr.review.sentences import Sentences
from ivr.settings import Settings
from ivr.understand.additions import Additions, AdditionsShelf, with_additions
from ivr.understand.pack import OUT_OF_SCOPE, Pack
from ivr.wiring.pack_judge import Judge, PackJudge, Tests
from ivr.wiring.said import said_in
from ivr.wiring.texts import texts_in_use
from ivr.wiring.vault_seal import VaultSeal
from ivr.wiring.voices import Voices

log = logging.getLogger(__name__)


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

    judge: Judge | None = None
    """Else models are trained on the pack, which takes a minute."""

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
        return texts_in_use(self.settings).pack()

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
        try:
            self.collector.consider(said_in(moment), moment.now)
        except VoiceProblem as err:
            log.warning("no sentence can be kept for review", extra={"code": err.code})
            return
        if decision.dialogue.is_over:
            self.collector.forget(moment.call_id)

    def misunderstood(self, told: Misunderstood, now: datetime) -> None:
        """Keep a sentence that a person corrects, where collecting is on.

        Raises:
            StoreUnavailable: it cannot be kept.
        """
        if self.is_on:
            self.collector.misunderstood(told, now)

    # people

    def listed(self, now: datetime) -> tuple[Group, ...]:
        """What nobody has looked at yet; what is too old is deleted first."""
        self.tidy(now)
        return grouped(one for one in self.sentences.of(self.pack.name) if one.is_waiting)

    def ready(self) -> tuple[Sentence, ...]:
        """Labelled, and not among the additions yet."""
        return tuple(one for one in self.sentences.of(self.pack.name) if one.is_ready)

    def tidy(self, now: datetime) -> int:
        """Delete what is too old. How many there were."""
        return self.sentences.expire(now - timedelta(days=self.settings.review.keep_days))

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
        ready = self.ready()
        if not ready:
            raise AdditionsRefused("No sentence is labelled that is not added yet.")
        current = self.shelf.current()
        wanted = current
        for one in ready:
            wanted = wanted.with_more(one.label, one.language, one.text)
        judge = self.judge or self._judge
        before = judge(with_additions(self.pack, current), ready, tests)
        after = judge(with_additions(self.pack, wanted), ready, tests)
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

    @cached_property
    def _judge(self) -> Judge:
        return PackJudge(settings=self.settings, sure_from=self.sure_from())

    def _find(self, sentence: SentenceId) -> Sentence:
        found = self.sentences.find(sentence)
        if found is None or found.business != self.pack.name:
            raise UnknownSentence("No sentence of this id is on the list.")
        return found


def open_reviewing(pack: str) -> Reviewing:
    """For the people who look at sentences, as the environment says."""
    from ivr.wiring.house import House

    house = House.from_environment(pack=pack)
    return Reviewing(voices=house.voices, sure_from=lambda: house.policy.confirm_below)
