"""Callers who wait, put together: a place, what they are told, and what happens by itself."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from biometrics import StoreUnavailable
from biometrics.storage.database import open_engine
from ivr.call import CallId, Language
from ivr.decide.policy import Need, read_policy
from ivr.errors import BadQueues
from ivr.queue.entry import AgentId, ContextToken, Entry, EntryId, State
from ivr.settings import QueueSettings
from ivr.understand.pack import BUSINESSES, read_pack
from ivr.wiring.queueing import Queueing

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
NIGHT = datetime(2026, 11, 25, 23, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ANNA = AgentId("anna")


@pytest.fixture
def queueing(tmp_path: Path) -> Iterator[Queueing]:
    engine = open_engine(f"sqlite:///{tmp_path / 'q.db'}")
    yield Queueing(QueueSettings(), lambda: engine)
    engine.dispose()


@pytest.fixture
def broken(tmp_path: Path) -> Queueing:
    (tmp_path / "q.db").write_bytes(b"no database " * 1000)
    engine = open_engine(f"sqlite:///{tmp_path / 'q.db'}")
    return Queueing(QueueSettings(), lambda: engine)


def entry(name: str = "a", at: datetime = NOW, queue: str = "agents") -> Entry:
    return Entry(
        id=EntryId(f"e-{name}"),
        call_id=CallId(f"call-{name}"),
        token=ContextToken(f"token-{name}"),
        queue=queue,
        language=Language.GERMAN,
        priority=50,
        reasons=("asked for a person",),
        joined_at=at,
    )


def served(queueing: Queueing, name: str, at: datetime) -> None:
    """A call of three minutes."""
    queueing.room.join(entry(name, at))
    queueing.room.claim(EntryId(f"e-{name}"), ANNA, at)
    queueing.room.finish(EntryId(f"e-{name}"), ANNA, at + 3 * MINUTE)


def keys(queueing: Queueing, name: str = "a", now: datetime = NOW) -> list[str]:
    return [line.key for line in queueing.told(f"token-{name}", now)]


def test_nobody_is_told_anything_by_a_token_that_is_none(queueing: Queueing) -> None:
    queueing.room.join(entry())

    assert keys(queueing, "b") == []
    assert queueing.call_back("token-b") == ()


def test_a_store_that_fails_ends_no_call(
    broken: Queueing, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert broken.told("token-a", NOW) == ()
        broken.left("token-a", NOW)

    assert "token-a" not in caplog.text
    assert len(caplog.records) == 2
    with pytest.raises(StoreUnavailable):
        broken.call_back("token-a")


def test_a_queue_without_rules_loses_nobody(tmp_path: Path, queueing: Queueing) -> None:
    file = tmp_path / "queues.yaml"
    file.write_text(
        "queues: {vip: {name: {de: V}, languages: [de], handling_s: 60,"
        " service_level: {percent: 80, within_s: 20}}}",
        "utf-8",
    )
    own = Queueing(QueueSettings(file=file), queueing.engine)
    own.room.join(own.seated(entry()))

    assert own.told("token-a", NOW) == ()
    assert len(own.room.waiting(now=NOW)) == 1


@pytest.mark.parametrize("business", BUSINESSES)
def test_every_queue_of_the_policy_has_rules(business: str, tmp_path: Path) -> None:
    needs = {
        one.name: Need(assurance=one.assurance, may_suggest=one.may_suggest)
        for one in read_pack(business).intents
    }
    policy = read_policy(None, business=business, needs=needs)
    file = tmp_path / "queues.yaml"
    file.write_text(
        "queues: {vip: {name: {de: V}, languages: [de], handling_s: 60,"
        " service_level: {percent: 80, within_s: 20}}}",
        "utf-8",
    )

    with pytest.raises(BadQueues, match=r"default: agents, .*care"):
        Queueing(QueueSettings(file=file), lambda: open_engine("sqlite://")).check(policy)
    Queueing(QueueSettings(), lambda: open_engine("sqlite://")).check(policy)


def test_whoever_waits_is_told_how_long_and_what_it_costs(queueing: Queueing) -> None:
    served(queueing, "before", NOW - 10 * MINUTE)
    queueing.room.join(entry("ahead", NOW - 2 * MINUTE))
    queueing.room.claim(EntryId("e-ahead"), ANNA, NOW)
    queueing.room.join(entry("between", NOW - MINUTE))
    queueing.room.join(entry())

    first = queueing.told("token-a", NOW)
    assert [line.key for line in first][:2] == ["queue.expected_minutes", "queue.free"]
    assert 4 <= int(first[0].facts["minutes"]) <= 9
    later = queueing.told("token-a", NOW + MINUTE)
    assert later[0].key == "queue.expected_minutes"
    assert int(later[0].facts["minutes"]) < int(first[0].facts["minutes"])
    assert "queue.free" not in [line.key for line in later]


def test_whoever_waits_where_nobody_is_seen_is_offered_a_call_back(queueing: Queueing) -> None:
    queueing.room.join(entry())

    assert keys(queueing) == ["queue.unknown", "queue.free", "queue.call_back_offer"]


def test_a_queue_that_is_closed_says_so(queueing: Queueing) -> None:
    queueing.room.join(queueing.seated(entry(at=NIGHT)))

    assert keys(queueing, now=NIGHT) == ["queue.closed", "queue.call_back_offer"]


def test_whoever_asks_to_be_rung_keeps_the_place_and_hears_so(queueing: Queueing) -> None:
    queueing.room.join(entry())

    assert [line.key for line in queueing.call_back("token-a")] == ["queue.call_back_noted"]
    queueing.left("token-a", NOW)
    (there,) = queueing.room.waiting(now=NOW + 60 * MINUTE)
    assert there.state is State.CALL_BACK
    assert keys(queueing) == []


def test_whoever_was_taken_is_not_promised_a_call_back(queueing: Queueing) -> None:
    queueing.room.join(entry())
    queueing.room.claim(EntryId("e-a"), ANNA, NOW)

    assert queueing.call_back("token-a") == ()
    assert keys(queueing) == []


def test_whoever_hangs_up_waits_no_more(queueing: Queueing) -> None:
    queueing.room.join(entry())
    queueing.left("token-a", NOW)

    assert queueing.room.waiting(now=NOW) == ()


def test_every_minute_callers_move_on_and_what_is_old_is_forgotten(queueing: Queueing) -> None:
    served(queueing, "old", NOW - timedelta(days=8))
    queueing.room.join(entry("vip", NOW - 2 * MINUTE, "vip"))

    assert queueing.tend(NOW) == 1
    assert queueing.tend(NOW) == 0
    assert [one.queue for one in queueing.room.waiting(now=NOW)] == ["agents"]
    assert queueing.room.find(EntryId("e-old")) is None


def test_a_transfer_takes_the_skills_of_the_other_queue(tmp_path: Path, queueing: Queueing) -> None:
    file = tmp_path / "queues.yaml"
    file.write_text(
        "default: {name: {de: V}, languages: [de], handling_s: 60,"
        " service_level: {percent: 80, within_s: 20}}\n"
        "queues: {agents: {skills: [talking]}, loans: {skills: [loans]}}\n",
        "utf-8",
    )
    own = Queueing(QueueSettings(file=file), queueing.engine)
    joined = own.room.join(own.seated(replace(entry(), skills=frozenset({"french"}))))
    claimed = own.room.claim(joined.id, ANNA, NOW)
    assert claimed is not None

    assert own.transfer(joined, "loans", "somebody was quicker") is None
    there = own.transfer(claimed, "loans", "transferred by a person")
    assert there is not None
    assert there.skills == {"french", "loans"}
    assert there.state is State.WAITING


def test_settings_reach_the_room(queueing: Queueing) -> None:
    own = Queueing(QueueSettings(points_per_minute=60.0, lease_s=15), queueing.engine)
    own.room.join(replace(entry("high", NOW), priority=90))
    own.room.join(entry("old", NOW - MINUTE))

    assert [one.id for one in own.room.waiting(now=NOW)] == ["e-old", "e-high"]
    own.room.claim(EntryId("e-old"), ANNA, NOW)
    assert len(own.room.waiting(now=NOW + MINUTE)) == 2
