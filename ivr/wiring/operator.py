"""The operator's pages put together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from time import monotonic, monotonic_ns

from fastapi import APIRouter

from ivr.call import Language
from ivr.journal.rises import Watch
from ivr.pages.operator.edit import edit_routes
from ivr.pages.operator.figure_routes import figure_routes
from ivr.pages.operator.figures import Figures
from ivr.pages.operator.gathered import Gathered
from ivr.pages.operator.live import LiveCalls
from ivr.pages.operator.overview import overview_routes
from ivr.pages.operator.review import review_routes
from ivr.pages.operator.room import OperatorRoom
from ivr.pages.operator.trail import TrailRoom, trail_routes
from ivr.pages.pages import Pages
from ivr.settings import Settings
from ivr.speak.prompts import Prompts
from ivr.wiring.desk import intent_words
from ivr.wiring.editing import Editing
from ivr.wiring.journalling import Journalling
from ivr.wiring.queueing import Queueing
from ivr.wiring.records import Records
from ivr.wiring.review_desk import ReviewDesk
from ivr.wiring.reviewing import Reviewing


@dataclass(frozen=True)
class OperatorDesk:
    """Made when first needed. One per process: it remembers the calls that go on in it."""

    settings: Settings
    journalling: Journalling
    queueing: Queueing
    editing: Editing
    reviewing: Reviewing
    records: Callable[[], Records]
    prompts: Callable[[], Mapping[Language, Prompts]]

    @cached_property
    def live(self) -> LiveCalls:
        return LiveCalls(lambda: monotonic_ns() // 1_000_000)

    def routes(self, pages: Pages) -> tuple[APIRouter, ...]:
        room = self._room(pages)
        review = ReviewDesk(self.reviewing, self.editing.tests, self.records)
        trail = TrailRoom(
            room=room,
            trail=lambda: self.records().trail,
            witness=lambda person: self.records().witness(person),
        )
        return (
            overview_routes(room),
            figure_routes(room),
            review_routes(room, review),
            edit_routes(room, self.editing),
            trail_routes(trail),
        )

    def _room(self, pages: Pages) -> OperatorRoom:
        return OperatorRoom(
            pages=pages,
            figures=self.figures,
            live=self.live,
            waiting=self.queueing.room,
            topic_words=intent_words(self.prompts()),
            queue_words=self.queueing.words,
        )

    @property
    def figures(self) -> Figures:
        journal = self.settings.journal
        return Figures(
            tallies=Gathered(self.journalling.journal, clock_s=monotonic),
            zone=self.journalling.zone,
            answer_within_s=journal.answer_within_s,
            by_questions_s=journal.identification_by_questions_s,
            drift_reference=timedelta(weeks=journal.drift_reference_weeks),
            watch=Watch(
                weeks=journal.rise_weeks,
                least_calls=journal.rise_least_calls,
                false_share=journal.rise_false_share,
            ),
            examples=lambda topic, since: self.journalling.said(
                self.reviewing.pack.name, topic, since
            ),
        )
