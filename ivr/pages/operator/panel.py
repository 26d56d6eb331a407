"""A figure on a page: its picture first, the table and the file behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ivr.journal.buckets import Bucket, Steps
from ivr.journal.tallies import Scope, Tallies
from ivr.pages.charts.drawing import NOTHING, Drawing
from ivr.pages.operator.figures import Figures
from ivr.pages.operator.numbers import Written
from ivr.pages.tables import Table
from ivr.pages.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a panel is made from."""

    figures: Figures
    scope: Scope
    bucket: Bucket
    t: Words
    written: Written
    now: datetime
    queue_words: Callable[[str], str]
    topic_words: Callable[[str], str]
    """What callers want, such as: Take another flight."""

    @property
    def tallies(self) -> Tallies:
        return self.figures.tallies

    @property
    def steps(self) -> Steps:
        return Steps(bucket=self.bucket, zone=self.figures.zone)

    def step(self, start: datetime) -> str:
        return self.written.step(start, self.bucket)

    def exact(self, start: datetime) -> str:
        return self.written.exact(start, self.bucket)

    def code(self, area: str, code: str) -> str:
        """The words for a code, or the code itself in readable letters."""
        return self.t.of_code(area, code) if code else self.t("op.none")

    def topic(self, code: str) -> str:
        return self.topic_words(code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A figure that stands by itself."""

    name: str
    value: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One figure of a page."""

    id: str
    """Letters, digits and hyphens; also of its file."""

    title: str
    table: Table
    picture: Drawing = NOTHING
    """Nothing where there are no calls to draw."""

    note: str = ""
    """What it is made of, and which assumption is in it."""

    facts: tuple[Fact, ...] = ()
    flag: str = ""
    """What somebody should look at."""

    is_wide: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.picture.markup and not self.facts


MakePanel = Callable[[Asked], Panel]
