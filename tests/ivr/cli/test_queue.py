"""`ivr queue` and `ivr rules`, on a database of their own, without models."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from biometrics import SubjectId
from ivr.call import Caller, CallId, CustomerId, Language, PhoneNumber
from ivr.cli import app
from ivr.errors import BadPolicy, BadQueues, UnknownEntry
from ivr.evaluate.traffic import Day
from ivr.identify.directory import Entry as Customer
from ivr.queue.entry import AgentId, ContextToken, Entry, EntryId
from ivr.wiring import House

Ivr = Callable[..., Result]
ERNA = Caller(
    customer_id=CustomerId("C-1"),
    subject=SubjectId("s-1"),
    name="Erna",
    birth_date=date(1950, 1, 1),
)
POLICY = Path(__file__).parents[3] / "ivr" / "decide" / "policy.yaml"
QUEUES = Path(__file__).parents[3] / "ivr" / "queue" / "queues.yaml"


@pytest.fixture
def ivr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ivr:
    monkeypatch.setenv("IVR_HOME", str(tmp_path))
    return lambda *words: CliRunner().invoke(app, list(words))


@pytest.fixture
def waiting(ivr: Ivr) -> Entry:
    """Somebody who came three minutes ago."""
    house = House.from_environment()
    joined = house.room.join(
        Entry(
            id=EntryId("e-1"),
            call_id=CallId("+4989123456-17"),
            token=ContextToken("secret-token"),
            queue="agents",
            language=Language.GERMAN,
            priority=50,
            reasons=("asked for a person",),
            intent="refund",
            joined_at=datetime.now(UTC) - timedelta(minutes=3),
        )
    )
    house.close()
    return joined


def test_who_is_not_there_is_not_moved_or_released(ivr: Ivr) -> None:
    assert ivr("queue", "list").stdout == "Nobody waits.\n"
    assert isinstance(ivr("queue", "move", "e-9", "--queue", "vip").exception, UnknownEntry)
    assert isinstance(ivr("queue", "release", "e-9").exception, UnknownEntry)


def test_nobody_is_moved_to_where_nobody_looks(ivr: Ivr, waiting: Entry) -> None:
    assert ivr("queue", "move", waiting.id, "--queue", "vpi").exit_code == 2
    assert ivr("queue", "move", waiting.id, "--priority", "101").exit_code == 2


def test_a_list_of_callers_names_nobody(ivr: Ivr, waiting: Entry) -> None:
    shown = ivr("queue", "list").stdout

    assert shown.startswith("  1  e-1  agents  priority 50  3:0")
    assert shown.endswith("de  refund  (asked for a person)  now 56  waiting\n")
    assert waiting.call_id not in shown
    assert waiting.token not in shown


def test_a_caller_is_moved_and_released(ivr: Ivr, waiting: Entry) -> None:
    moved = ivr("queue", "move", "e-1", "--queue", "vip", "--priority", "90")
    assert moved.stdout == "Moved: e-1, queue vip, priority 90.\n"
    assert isinstance(ivr("queue", "release", "e-1").exception, UnknownEntry)
    house = House.from_environment()
    house.room.claim(waiting.id, AgentId("anna"), datetime.now(UTC))
    house.close()

    assert "claimed by anna" in ivr("queue", "list", "--queue", "vip").stdout
    assert ivr("queue", "list", "--queue", "cards").stdout == "Nobody waits.\n"
    assert ivr("queue", "release", "e-1").stdout == "Released: e-1, waiting in queue vip.\n"


@pytest.mark.parametrize(
    "words",
    [
        ("--intent", "fly"),
        ("--at", "tomorrow"),
        ("--caller", "abc"),
        ("--mood", "tired"),
        ("--age", "-1"),
    ],
)
def test_what_cannot_be_tried_is_refused(ivr: Ivr, words: tuple[str, ...]) -> None:
    assert ivr("rules", "try", *words).exit_code == 2


def test_rules_are_tried_and_say_why(ivr: Ivr) -> None:
    at = ("--at", "2026-11-26T23:00")
    shown = ivr("rules", "try", "--pack", "bank", "--intent", "block_card", "--age", "70", *at)

    assert shown.stdout.splitlines() == [
        "queue     cards (Kartensperre)",
        "priority  95 of 100",
        "because   age 65 or older -> queue senior",
        "because   safety: card in the wrong hands -> priority 95",
        "open      yes",
        "speaks    de, en",
        "skills    none",
        "aimed at  95 % within 10 s",
        "then      queue agents after 60 s",
        "not       vulnerable customer (vulnerable)",
        "not       VIP (tier)",
        "not       upset (mood)",
        "not       safety: line that may be dead (intents)",
        "not       much at stake (value_at_least)",
    ]


def test_a_customer_is_looked_up_and_may_be_made_another(ivr: Ivr) -> None:
    house = House.from_environment()
    number = PhoneNumber(e164="+4989123456")
    house.directory.put([Customer(caller=ERNA, numbers=(number,))])
    house.close()

    plain = ivr("rules", "try", "--caller", "+4989123456").stdout
    vip = ivr("rules", "try", "--caller", "+4989123456", "--tier", "vip", "--value", "1e4").stdout
    assert plain.startswith("queue     senior")
    assert vip.startswith("queue     vip")
    assert "because   much at stake -> priority 65" in vip
    assert ivr("rules", "try", "--caller", "+4989999999").stdout.startswith("queue     agents")


def test_what_the_machine_answers_goes_to_nobody(ivr: Ivr) -> None:
    shown = ivr("rules", "try", "--pack", "airline", "--intent", "check_in").stdout

    assert "because   the machine answers check_in; whoever wants a person" in shown


def test_a_closed_queue_says_when_it_opens(ivr: Ivr) -> None:
    sunday = ("--at", "2026-11-29T12:00")

    assert "open      no, again from 2026-11-30 08:00" in ivr("rules", "try", *sunday).stdout


def test_files_are_checked(ivr: Ivr, tmp_path: Path) -> None:
    bad = tmp_path / "policy.yaml"
    bad.write_text(POLICY.read_text("utf-8").replace("[block_card]", "[blok_card]"), "utf-8")
    assert isinstance(ivr("rules", "check", str(bad)).exception, BadPolicy)
    short = tmp_path / "queues.yaml"
    short.write_text("queues: {}", "utf-8")
    assert isinstance(ivr("rules", "check", str(short)).exception, BadQueues)

    for file in (POLICY, QUEUES):
        assert ivr("rules", "check", str(file)).stdout == (
            f"{file.name} can be used, with: airline, bank, telecom, retail.\n"
        )


def test_a_made_up_day_is_held_against_the_truth(ivr: Ivr, monkeypatch: pytest.MonkeyPatch) -> None:
    small = Day(calls_per_hour=(60,), agents=(2,))
    monkeypatch.setattr("ivr.evaluate.traffic.DAYS", {"2": small})

    head, figures = ivr("queue", "simulate").stdout.splitlines()
    assert head.startswith("people    calls over 60 s  median wait  error  knowable")
    assert figures.startswith("2  ")
    assert figures.count("%") == 4
