"""The review list as people work on it in the browser."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from biometrics import AuditKind
from ivr.editing.measuring import Done, Failed, Measuring, Running
from ivr.errors import AdditionsRefused
from ivr.review.groups import Group
from ivr.review.report import Report
from ivr.review.sentence import Sentence, SentenceId
from ivr.understand.pack import OUT_OF_SCOPE
from ivr.wiring.pack_judge import Tests
from ivr.wiring.records import Records
from ivr.wiring.reviewing import Prepared, Reviewing


@dataclass(frozen=True)
class ReviewDesk:
    """Every thread may use it. Trying out takes a minute and is done in the background."""

    reviewing: Reviewing
    tests: Tests
    records: Callable[[], Records]
    measuring: Measuring[Prepared] = field(default_factory=Measuring)

    @property
    def is_on(self) -> bool:
        return self.reviewing.is_on

    @property
    def labels(self) -> tuple[str, ...]:
        """What a sentence can be."""
        return (*sorted(one.name for one in self.reviewing.pack.intents), OUT_OF_SCOPE)

    @property
    def version(self) -> int:
        """Of what was added; 0 where nothing is."""
        return self.reviewing.shelf.current().version

    @property
    def worst_loss(self) -> float:
        return self.reviewing.settings.review.worst_loss

    def listed(self, now: datetime) -> tuple[Group, ...]:
        return self.reviewing.listed(now)

    def ready(self) -> tuple[Sentence, ...]:
        """Labelled, and not added yet."""
        return self.reviewing.ready()

    def label(self, sentence: str, intent: str) -> int:
        """This one and those that are nearly the same. Raises as `Reviewing.label` does."""
        found = self.reviewing.label(SentenceId(sentence), intent, with_alike=True)
        return len(found)

    def drop(self, sentence: str) -> int:
        """This one and those that are nearly the same. Raises as `Reviewing.drop` does."""
        return self.reviewing.drop(SentenceId(sentence), with_alike=True)

    def try_out(self) -> None:
        """Begin to find out what the labelled ones would change."""
        self.measuring.begin(self._question, lambda: self.reviewing.prepared(self.tests))

    def tried(self) -> Running | Failed | Report | None:
        """None where just these were not tried."""
        match self.measuring.state(self._question):
            case Done(answer=prepared):
                return prepared.report
            case other:
                return other

    def take_over(self, person: str) -> int:
        """Add what was tried; the version.

        Raises:
            AdditionsRefused: it was not tried, or the accuracy would fall by too much.
            StoreUnavailable: it could not be written down, so it was not done.
        """
        state = self.measuring.state(self._question)
        if not isinstance(state, Done):
            raise AdditionsRefused("Try out first what these sentences would change.")
        witness = self.records().witness(person)
        with witness.announced(AuditKind.SETTINGS_CHANGED, None, what="learned"):
            return self.reviewing.apply(state.answer).version

    def take_back(self, person: str) -> int:
        """Take the latest additions back; the version in use.

        Raises:
            BadPack: nothing is added.
            StoreUnavailable: it could not be written down, so it was not done.
        """
        witness = self.records().witness(person)
        with witness.announced(AuditKind.SETTINGS_CHANGED, None, what="unlearned"):
            return self.reviewing.undo().version

    @property
    def _question(self) -> tuple[object, ...]:
        return (self.version, *((one.id, one.label) for one in self.ready()))
