"""The desk put together: for the people at it, and for telephone systems that serve them."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

from anyio import CapacityLimiter
from fastapi import APIRouter

from ivr.call import Language, Line, PhoneNumber, Unknown
from ivr.decide.policy import Policy
from ivr.errors import BadPrompts, DirectoryUnavailable
from ivr.handover.context import Context
from ivr.handover.feedback import TakeFeedback
from ivr.identify.view import ProfileView
from ivr.listen.wav import write_wav
from ivr.pages.desk.attendance import Attendance
from ivr.pages.desk.board import Board, Snapshot
from ivr.pages.desk.events import Telling
from ivr.pages.desk.leaving import leaving_routes
from ivr.pages.desk.routes import DeskRoom, desk_routes
from ivr.pages.desk.work import DeskWork
from ivr.pages.pages import Pages
from ivr.people.person import PersonId
from ivr.queue.queues import Queues
from ivr.service.queue_routes import QueueDesk, context_routes, queue_routes
from ivr.speak.prompts import Prompts
from ivr.wiring.handing_over import HandingOver
from ivr.wiring.people import PeopleDesk
from ivr.wiring.queueing import Queueing
from ivr.wiring.records import now

if TYPE_CHECKING:
    from ivr.queue.postgres_news import PostgresNews

log = logging.getLogger(__name__)

_AT_ONCE = 4
"""Requests of telephone systems that are worked on at the same time."""


@dataclass(frozen=True)
class AgentDesks:
    """Made when first needed. One per process: it reads the room for all desks."""

    people: PeopleDesk
    handing_over: HandingOver
    queueing: Queueing
    tell: Callable[[], TakeFeedback]
    policy: Callable[[], Policy]
    view: Callable[[PhoneNumber], ProfileView | Unknown]
    prompts: Callable[[], Mapping[Language, Prompts]]

    @cached_property
    def work(self) -> DeskWork:
        return DeskWork(
            room=self.queueing.room,
            contexts=self.handing_over.contexts,
            remarks=self.handing_over.remarks,
            attendance=Attendance(
                room=self.queueing.room, presences=self.people.presences, clock=now
            ),
            tell=self.tell(),
            witness=self.people.witness,
            clock=now,
            move=self.queueing.transfer,
            changed=self.board.hurry,
        )

    @cached_property
    def board(self) -> Board:
        return Board(self._look, is_told=self._is_told)

    @cached_property
    def news(self) -> "PostgresNews | None":
        """Of what other workers change; None where the database cannot tell."""
        engine = self.queueing.engine()
        if engine.dialect.name != "postgresql":
            return None
        from ivr.queue.postgres_news import PostgresNews

        return PostgresNews(engine, self.board.hurry)

    def _is_told(self) -> bool:
        return self.news is not None and self.news.is_heard

    def routes(self, pages: Pages) -> tuple[APIRouter, ...]:
        """For people."""
        policy = self.policy()
        desk = DeskRoom(
            pages=pages,
            work=self.work,
            telling=Telling(
                pages=pages,
                work=self.work,
                board=self.board,
                queue_words=self.queueing.words,
            ),
            queues=partial(queues_of, policy, self.queueing.queues),
            intents=lambda: tuple(sorted(policy.needs)),
            intent_words=intent_words(self.prompts()),
            profile=self._profile,
        )
        return (desk_routes(desk), leaving_routes(pages, self.work))

    def stays_for(self, person: PersonId) -> str:
        """Nobody signs out with a caller in hand unawares."""
        return "/desk/leaving" if self.work.attendance.held(person) else ""

    def gateway_routes(self) -> tuple[APIRouter, ...]:
        """For telephone systems and the tools of others, by keys of the service."""
        desk = QueueDesk(
            room=self.queueing.room,
            find=self.handing_over.find,
            witness=self.people.witness("gateway"),
            clock=now,
            changed=self.board.hurry,
            whisper=self._whisper,
            announcement=self._announcement,
            estimate_s=self.queueing.expected_s,
        )
        limiter = CapacityLimiter(_AT_ONCE)
        return (queue_routes(desk, limiter), context_routes(desk, limiter))

    def _whisper(self, context: Context) -> bytes:
        return write_wav(self.handing_over.whispered(context), encoding="mulaw")

    def _announcement(self, token: str, language: Language) -> bytes | None:
        lines = self.queueing.told(token, now())
        sound = self.handing_over.speaker().say(lines, language).sound if lines else None
        return None if sound is None else write_wav(sound, encoding="mulaw")

    def _profile(self, number: str) -> ProfileView | None:
        try:
            found = self.view(PhoneNumber(e164=number))
        except DirectoryUnavailable as err:
            log.warning("no profile for the desk", extra={"code": err.code})
            return None
        return found if isinstance(found, ProfileView) else None

    def _look(self) -> Snapshot:
        room, moment = self.queueing.room, now()
        return Snapshot(waiting=room.waiting(now=moment), claimed=room.claimed(now=moment))


def queues_of(policy: Policy, queues: Queues) -> tuple[str, ...]:
    """Those that rules name or that have rules, by name."""
    return tuple(sorted({*policy.queues, *queues.queues}))


def intent_words(prompts: Mapping[Language, Prompts]) -> Callable[[str, Language], str]:
    """As calls offer it; the name itself where calls have no words for it."""

    def words(intent: str, language: Language) -> str:
        try:
            return prompts[language].text(Line(key=f"intent.{intent}.want"))
        except BadPrompts:
            return intent.replace("_", " ")

    return words
