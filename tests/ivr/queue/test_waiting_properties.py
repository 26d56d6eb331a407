"""Whatever happens in whatever order: nobody is lost, nobody is served twice, the order holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from biometrics.storage.database import open_engine
from ivr.call import CallId, Language
from ivr.queue.entry import AgentId, ContextToken, Entry, EntryId, State
from ivr.queue.memory_waiting import MemoryWaitingRoom
from ivr.queue.order import Ageing
from ivr.queue.sql_waiting import SqlWaitingRoom
from ivr.queue.waiting import Able, WaitingRoom

BEGIN = datetime(2026, 11, 25, 12, tzinfo=UTC)
AGEING = Ageing()
NUMBERS = st.integers(0, 7)
AGENTS = st.sampled_from([AgentId("anna"), AgentId("bert"), AgentId("cleo")])
QUEUES = st.sampled_from(["agents", "vip"])
SKILLS = st.frozensets(st.sampled_from(["loans", "cards"]))
PRIORITIES = st.integers(0, 100)


class WaitingMachine(RuleBasedStateMachine):
    """The twin and the database do the same, and what they do is right."""

    def __init__(self) -> None:
        super().__init__()
        self.engine = open_engine("sqlite://")
        self.rooms: tuple[WaitingRoom, ...] = (
            MemoryWaitingRoom(AGEING),
            SqlWaitingRoom(self.engine, AGEING),
        )
        self.now = BEGIN
        self.joined: set[EntryId] = set()
        self.over: dict[EntryId, Entry] = {}

    def teardown(self) -> None:
        self.engine.dispose()

    def both(self, method: str, *args: object, **named: object) -> object:
        twin, database = (getattr(room, method)(*args, **named) for room in self.rooms)
        assert twin == database
        return twin

    @initialize()
    def nobody_waits(self) -> None:
        assert self.both("waiting", now=self.now) == ()

    @rule(number=NUMBERS, queue=QUEUES, priority=PRIORITIES, skills=SKILLS)
    def join(self, number: int, queue: str, priority: int, skills: frozenset[str]) -> None:
        new = Entry(
            id=EntryId(f"e-{number}"),
            call_id=CallId(f"call-{number}"),
            token=ContextToken(f"token-{number}"),
            queue=queue,
            language=Language.GERMAN,
            priority=priority,
            reasons=(),
            skills=skills,
            joined_at=self.now,
        )
        there = self.both("join", new)
        assert isinstance(there, Entry)
        self.joined.add(there.id)

    @rule(seconds=st.integers(1, 300))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(agent=AGENTS, queues=st.none() | st.frozensets(QUEUES), skills=SKILLS)
    def claim_next(
        self, agent: AgentId, queues: frozenset[str] | None, skills: frozenset[str]
    ) -> None:
        able = Able(agent=agent, queues=queues, languages=frozenset(Language), skills=skills)
        waited = self.both("waiting", now=self.now)
        assert isinstance(waited, tuple)
        fitting = [one.id for one in waited if able.can_take(one)]
        taken = self.both("claim_next", able, self.now)
        assert (taken.id if isinstance(taken, Entry) else None) == next(iter(fitting), None)

    @rule(number=NUMBERS, agent=AGENTS)
    def claim(self, number: int, agent: AgentId) -> None:
        self.both("claim", EntryId(f"e-{number}"), agent, self.now)

    @rule(number=NUMBERS, agent=AGENTS)
    def connect(self, number: int, agent: AgentId) -> None:
        self.both("connected", EntryId(f"e-{number}"), agent, self.now)

    @rule(agent=AGENTS)
    def be_heard_of(self, agent: AgentId) -> None:
        self.both("heard_of", agent, self.now)

    @rule(number=NUMBERS, queue=QUEUES, priority=PRIORITIES, seen=st.none() | st.integers(0, 4))
    def move(self, number: int, queue: str, priority: int, seen: int | None) -> None:
        there = {"queue": queue, "priority": priority, "reason": "moved", "seen": seen}
        self.both("move", EntryId(f"e-{number}"), **there)

    @rule(number=NUMBERS, agent=AGENTS)
    def finish(self, number: int, agent: AgentId) -> None:
        self.both("finish", EntryId(f"e-{number}"), agent, self.now)

    @rule(number=NUMBERS, agent=AGENTS)
    def release(self, number: int, agent: AgentId) -> None:
        self.both("release", EntryId(f"e-{number}"), agent)

    @rule(number=NUMBERS, agent=AGENTS, to=AGENTS)
    def pass_on(self, number: int, agent: AgentId, to: AgentId) -> None:
        self.both("pass_on", EntryId(f"e-{number}"), agent, to, self.now)

    @rule(number=NUMBERS)
    def leave(self, number: int) -> None:
        self.both("leave", ContextToken(f"token-{number}"), self.now)

    @rule(number=NUMBERS)
    def ask_to_be_rung(self, number: int) -> None:
        self.both("call_back", ContextToken(f"token-{number}"))

    @invariant()
    def everybody_is_somewhere(self) -> None:
        waits, taken = self.both("waiting", now=self.now), self.both("claimed", now=self.now)
        over = self.both("over_since", BEGIN)
        assert isinstance(waits, tuple)
        assert isinstance(taken, tuple)
        assert isinstance(over, tuple)
        places = [one.id for one in (*waits, *taken, *over)]
        assert len(places) == len(set(places))
        assert set(places) == self.joined

    @invariant()
    def what_is_over_stays_so(self) -> None:
        for one in self.rooms[0].over_since(BEGIN):
            assert self.over.setdefault(one.id, one) == one

    @invariant()
    def who_is_further_ahead_goes_first(self) -> None:
        waits = self.rooms[0].waiting(now=self.now)
        ahead = [AGEING.priority(one, self.now) for one in waits]
        assert all(first >= then - 1e-6 for first, then in pairwise(ahead))
        assert all(one.state in (State.WAITING, State.CALL_BACK) for one in waits)

    @invariant()
    def no_token_is_given_back(self) -> None:
        for one in self.rooms[1].waiting(now=self.now):
            assert one == replace(one, token=ContextToken(""))


TestWaiting = WaitingMachine.TestCase
TestWaiting.settings = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
