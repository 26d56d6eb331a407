"""Plays a simulated day: callers, then the people who take them, then the weeks before."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from biometrics import SubjectId
from ivr.chronicle import token_digest
from ivr.errors import BadDay, CallProblem
from ivr.journal.journal import Journal
from ivr.journal.record import CallRecord
from ivr.journal.tallies import Scope
from ivr.queue.entry import ContextToken, Entry
from ivr.simulate.day import heard
from ivr.simulate.day.caller import HangsUp, MadeUpCaller, Move
from ivr.simulate.day.desk import Truth, day_at_the_desk, later_of, written_down
from ivr.simulate.day.history import earlier_weeks
from ivr.simulate.day.house import SimulatedHouse, settings_for
from ivr.simulate.day.line import Line, lasts, takes
from ivr.simulate.day.people import Customer, customers
from ivr.simulate.day.plan import Planned, Rise, Speaker, moments, planned, read_rise
from ivr.simulate.day.stock import stock
from ivr.simulate.day.summary import Summary, summary
from ivr.simulate.day.voices import SimulatedVoices
from ivr.simulate.day.words import Words, read_words
from ivr.studio import Timbre
from ivr.turn import Answer

Progress = Callable[[str, int, int], object]
"""What is being done, how many of it are, and of how many."""

_CALLS_PER_CUSTOMER = 2
_MOST_CUSTOMERS = 3_000
_MOST_TURNS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which day."""

    day: date
    zone: ZoneInfo
    calls: int = 1_000
    audio: int = 0
    rises: tuple[str, ...] = ()
    weeks: int = 8
    seed: int = 1
    pack: str = "airline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A call that was played."""

    call: Planned
    turns: int
    token: str = ""
    refused: str = ""
    """Code of what stopped it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of the day."""

    played: tuple[Played, ...]
    seconds: float
    """That the calls took, without models, voices and weeks before."""

    earlier: int
    """Records of the weeks before."""

    summary: Summary


@dataclass(frozen=True, kw_only=True)
class Day:
    """Everything that a day needs, ready."""

    house: SimulatedHouse
    words: Words
    people: tuple[Customer, ...]
    plan: list[Planned]
    rises: tuple[Rise, ...]
    timbres: dict[SubjectId, Timbre]
    drawn: SimulatedVoices
    draw: np.random.Generator
    midnight: datetime
    progress: Progress
    line: Line = field(repr=False)

    @property
    def scope(self) -> Scope:
        """All of its calls."""
        until = self.midnight + timedelta(days=1)
        return Scope(since=self.midnight, until=until, business=self.house.words.pack.name)


def simulate(wanted: Wanted, folder: Path, progress: Progress) -> Report:
    """Play the day into `folder`, which holds none yet.

    Raises:
        BadDay: the folder holds a database, or the day cannot be played as it was asked for.
    """
    refuse_what_is_there(folder)
    day = prepared(wanted, folder, progress)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        day.house.directory.put(one.entry for one in day.people)
        day.house.serving.demo.stock(stock(day.people, wanted.day))
        _enrol(day)
        _ = day.house.switchboard  # with its models
        began = time.monotonic()
        played = play(day)
        seconds = time.monotonic() - began
        _take(day, played)
        earlier = _write_earlier(day, wanted.weeks)
        return Report(
            played=played,
            seconds=seconds,
            earlier=earlier,
            summary=summary(day.house.journalling, day.scope),
        )
    finally:
        day.house.close()


def refuse_what_is_there(folder: Path) -> None:
    """A simulated day never goes where something is kept already."""
    if any((folder / name).exists() for name in ("rufwerk.db", "keys.db", "master.key")):
        raise BadDay(f"{folder} holds a database already; name another folder, or delete it.")


def prepared(wanted: Wanted, folder: Path, progress: Progress) -> Day:
    """The same callers for the same seed."""
    words = read_words(wanted.pack)
    draw = np.random.default_rng(wanted.seed)
    rises = tuple(read_rise(text, words) for text in wanted.rises)
    many = min(_MOST_CUSTOMERS, max(40, wanted.calls // _CALLS_PER_CUSTOMER))
    people = customers(many, words, wanted.day, draw)
    timbres = heard.speaking(people, wanted.audio)
    when = moments(wanted.calls, wanted.day, wanted.zone, draw)
    plan = planned(when, people, words, rises, draw)
    drawn = SimulatedVoices(draw=draw)
    drawn.know(people)
    house = SimulatedHouse(settings_for(folder, pack=wanted.pack), drawn, frozenset(timbres))
    studio = house.studio()
    line = Line(draw=draw, say=studio.say, as_wav=studio.as_wav, timbres=timbres)
    return Day(
        house=house,
        words=words,
        people=people,
        plan=heard.with_sound(plan, people, timbres, wanted.audio, draw),
        rises=rises,
        timbres=timbres,
        drawn=drawn,
        draw=draw,
        midnight=datetime(wanted.day.year, wanted.day.month, wanted.day.day, tzinfo=wanted.zone),
        progress=progress,
        line=line,
    )


def _enrol(day: Day) -> None:
    speaking = [one for one in day.people if one.caller.subject in day.timbres]
    at = day.midnight - timedelta(days=30)
    for place, one in enumerate(speaking, start=1):
        heard.enrol(day.house, day.words, one, day.timbres[one.caller.subject], at)
        day.progress("Voices enrolled", place, len(speaking))


def play(day: Day) -> tuple[Played, ...]:
    """Every call, one after the other; when it returns they are written down."""
    played = tuple(_played(day, place, call) for place, call in enumerate(day.plan))
    day.house.switchboard.close()
    return played


def _played(day: Day, place: int, call: Planned) -> Played:
    day.drawn.begin(call.speaker)
    caller = MadeUpCaller(call=call, words=day.words, draw=day.draw)
    move, now, turns, token = caller.opens(), call.at, 0, ""
    board, refused = day.house.switchboard, ""
    while not isinstance(move, HangsUp) and turns < _MOST_TURNS:
        now += takes(move)
        try:
            answer = board.take(day.line.turn(call, move), now=now)
        except CallProblem as err:
            refused = err.code
            break
        turns += 1
        token = answer.result.action.context_token or ""
        now += lasts(answer.result.action.prompt)
        move = _next(caller, answer, turns)
    board.forget(call.id)
    day.progress("Calls", place + 1, len(day.plan))
    return Played(call=call, turns=turns, token=token, refused=refused)


def _next(caller: MadeUpCaller, answer: Answer, turns: int) -> Move:
    return HangsUp() if answer.so_far.dialogue.is_over else caller.goes_on(answer, turns)


def _take(day: Day, played: tuple[Played, ...]) -> None:
    """Everybody who was handed over waits, is served or leaves."""
    entries = _entries(day, played)
    taken = day_at_the_desk(entries, day.midnight, day.draw, day.house.queueing.ageing)
    written_down(day.house.room, taken)
    truths = {
        token_digest(one.token): _truth(one, record)
        for one, record in _with_records(day.house.journal, played, day.scope)
    }
    for place, one in enumerate(taken, start=1):
        digest = one.entry.token_digest
        if digest in truths:
            later = later_of(one, truths[digest], day.draw)
            day.house.journal.add_later(digest, later)
        day.progress("Callers at the desk", place, len(taken))


def _entries(day: Day, played: tuple[Played, ...]) -> list[Entry]:
    found = []
    for one in played:
        token = ContextToken(one.token)
        entry = day.house.room.of_token(token) if token else None
        if entry is not None:
            found.append(replace(entry, token=token))
    return found


def _with_records(
    journal: Journal, played: tuple[Played, ...], scope: Scope
) -> list[tuple[Played, CallRecord]]:
    records = {one.token: one for one in journal.latest(scope, most=2 * len(played)) if one.token}
    known = [(one, records.get(token_digest(one.token))) for one in played if one.token]
    return [(one, record) for one, record in known if record is not None]


def _truth(one: Played, record: CallRecord) -> Truth:
    return Truth(
        is_person=one.call.speaker is not Speaker.SOMEBODY_ELSE if record.is_known else None,
        is_intent=record.intents[-1] == one.call.goal if record.intents else None,
        mood=record.mood,
    )


def _write_earlier(day: Day, weeks: int) -> int:
    many = 0
    records = day.house.journal.latest(day.scope, most=2 * len(day.plan) + 1)

    def counted() -> Iterator[CallRecord]:
        nonlocal many
        for record in earlier_weeks(records, day.midnight, weeks, day.rises, day.draw):
            many += 1
            if many % 1_000 == 0:
                day.progress("Weeks before", many, 7 * weeks * len(records))
            yield record

    day.house.journal.write_all(counted())
    return many
