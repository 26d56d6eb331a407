"""What the operator's pages need from the rest of the house."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ivr.call import Language
from ivr.pages.operator.choice import Choice, Query, chosen
from ivr.pages.operator.figures import Figures
from ivr.pages.operator.live import LiveCalls
from ivr.pages.operator.numbers import Written
from ivr.pages.operator.panel import Asked
from ivr.pages.pages import Pages
from ivr.pages.visit import Place, Visit
from ivr.pages.words import words
from ivr.people.person import May
from ivr.queue.waiting import WaitingRoom

PLACE = Place(path="/operator", word="nav.operator", needs=May.SEE_FIGURES)

TABS = (
    Place(path="/operator", word="op.nav_overview", needs=May.SEE_FIGURES),
    Place(path="/operator/trends", word="op.nav_trends", needs=May.SEE_FIGURES),
    Place(path="/operator/verification", word="op.nav_verification", needs=May.SEE_FIGURES),
    Place(path="/operator/review", word="op.nav_review", needs=May.REVIEW),
    Place(path="/operator/edit", word="op.nav_edit", needs=May.EDIT),
    Place(path="/operator/audit", word="op.nav_audit", needs=May.SEE_AUDIT),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorRoom:
    """Everything for figures and what goes on now."""

    pages: Pages
    figures: Figures
    live: LiveCalls
    waiting: WaitingRoom
    topic_words: Callable[[str, Language], str]
    """What callers want by that intent, else its name."""

    queue_words: Callable[[str, Language], str]
    """A queue as people read it."""

    @property
    def clock(self) -> Callable[[], datetime]:
        return self.pages.guard.around.clock

    def chosen(self, query: Query) -> Choice:
        return chosen(query, self.clock(), self.figures.zone)

    def written(self, visit: Visit) -> Written:
        return Written(language=visit.language, zone=self.figures.zone)

    def topic(self, code: str, language: Language) -> str:
        """What callers want, as a line of a list."""
        if (t := words(language)).knows(f"topic.{code}"):
            return t(f"topic.{code}")
        wanted = self.topic_words(code, language)
        return wanted[:1].upper() + wanted[1:]

    def asked(self, visit: Visit, choice: Choice) -> Asked:
        now = self.clock()
        return Asked(
            figures=self.figures,
            scope=choice.scope(now, self.figures.zone),
            bucket=choice.bucket,
            t=words(visit.language),
            written=self.written(visit),
            now=now,
            queue_words=lambda queue: self.queue_words(queue, visit.language),
            topic_words=lambda code: self.topic(code, visit.language),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every page of the operator's shows around itself."""

    tabs: tuple[Place, ...]
    here: str
    """The path of the tab that is open."""


def frame(visit: Visit) -> Frame:
    tabs = tuple(one for one in TABS if visit.may(one.needs))
    open_ones = [one.path for one in tabs if f"{visit.path}/".startswith(f"{one.path}/")]
    return Frame(tabs=tabs, here=max(open_ones, key=len, default=""))
