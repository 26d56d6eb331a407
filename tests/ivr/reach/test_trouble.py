from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from ivr.call import Caller, Language, Line, PhoneNumber, Unknown, Withheld
from ivr.reach.incident import KINDS, Affected, Incident, IncidentId, Severity
from ivr.reach.trouble import Calling, Trouble, known_trouble, told_lines
from ivr.settings import SpeakSettings
from ivr.speak.prompts import read_prompts
from ivr.speak.speaker import Speaker

Incidents = Callable[..., Incident]

ZONE = "Europe/Berlin"
MUNICH = PhoneNumber(e164="+4989123456")
LH815 = Affected(facts={"flight": "LH815"})
FLIGHT = {"kind": "flight_cancelled", "facts": {"flight": "LH815"}, "affected": LH815}
SCHWABING = Line(key="trouble.outage", facts={"area": "Schwabing"})


def stranger(number: PhoneNumber | Withheld = MUNICH) -> Calling:
    return Calling(caller=Unknown(), number=number, is_proven=False)


def test_a_personal_incident_is_told_to_no_unproven_voice(
    incident: Incidents, klaus: Caller, now: datetime
) -> None:
    cancelled = incident(**FLIGHT)
    unproven = Calling(caller=klaus, number=MUNICH, is_proven=False)
    proven = Calling(caller=klaus, number=MUNICH, is_proven=True)

    assert known_trouble(unproven, [cancelled], now, ZONE) is None
    assert known_trouble(stranger(), [cancelled], now, ZONE) is None
    assert known_trouble(proven, [cancelled], now, ZONE) == Trouble(
        incident=IncidentId("i-1"),
        lines=(Line(key="trouble.flight_cancelled", facts={"flight": "LH815"}),),
        is_personal=True,
    )


def test_what_only_the_directory_can_tell_is_personal_even_where_it_is_public(
    incident: Incidents, klaus: Caller, now: datetime
) -> None:
    """Whoever holds the telephone would learn where its owner lives."""
    near = incident(is_public=True, affected=Affected(attributes={"postcode": ("803",)}))
    unproven = Calling(caller=klaus, number=MUNICH, is_proven=False)
    proven = Calling(caller=klaus, number=MUNICH, is_proven=True)

    assert known_trouble(unproven, [near], now, ZONE) is None
    told = known_trouble(proven, [near], now, ZONE)
    assert told is not None
    assert told.is_personal


def test_a_public_outage_is_told_to_whoever_calls_from_there(
    incident: Incidents, now: datetime
) -> None:
    outage = incident(is_public=True, affected=Affected(number_prefixes=("+4989",)))
    berlin = PhoneNumber(e164="+4930123456")

    assert known_trouble(stranger(berlin), [outage], now, ZONE) is None
    assert known_trouble(stranger(Withheld()), [outage], now, ZONE) is None
    assert known_trouble(stranger(), [outage], now, ZONE) == Trouble(
        incident=IncidentId("i-1"),
        lines=(SCHWABING, Line(key="trouble.no_end_yet")),
        is_personal=False,
    )


def test_an_outage_for_everybody_that_is_not_public_waits_for_the_voice(
    incident: Incidents, klaus: Caller, now: datetime
) -> None:
    proven = Calling(caller=klaus, number=Withheld(), is_proven=True)

    assert known_trouble(stranger(), [incident()], now, ZONE) is None
    assert known_trouble(proven, [incident()], now, ZONE) is not None


@pytest.mark.parametrize("silence", ["hidden", "over", "ahead", "told"])
def test_what_is_hidden_over_ahead_or_told_is_not_told(
    incident: Incidents, now: datetime, silence: str
) -> None:
    hour = timedelta(hours=1)
    changes: dict[str, dict[str, object]] = {
        "hidden": {"may_mention": False},
        "over": {"ends_at": now},
        "ahead": {"starts_at": now + hour},
        "told": {},
    }
    told = ("i-1",) if silence == "told" else ()
    calling = Calling(caller=Unknown(), number=MUNICH, is_proven=False, told=told)

    assert known_trouble(stranger(), [incident(is_public=True)], now, ZONE) is not None
    assert known_trouble(calling, [incident(is_public=True, **changes[silence])], now, ZONE) is None


def test_the_worst_then_the_own_then_the_latest_comes_first(
    incident: Incidents, klaus: Caller, now: datetime
) -> None:
    def called(name: str, **changes: object) -> Incident:
        return incident(id=IncidentId(name), is_public=True, **changes)

    old = called("old", starts_at=now - timedelta(days=1))
    late, urgent = called("late"), called("urgent", severity=Severity.URGENT)
    own = called("own", **FLIGHT)
    everything, order = [old, late, urgent, own], []

    while True:
        calling = Calling(caller=klaus, number=MUNICH, is_proven=True, told=tuple(order))
        trouble = known_trouble(calling, everything, now, ZONE)
        if trouble is None:
            break
        order.append(trouble.incident)

    assert order == ["urgent", "own", "late", "old"]


@pytest.mark.parametrize(
    ("hours", "until"),
    [(5, {"until": "18:00"}), (24, {"until": "2026-11-26T13:00"}), (-1, None), (None, None)],
)
def test_the_expected_end_is_told_in_local_time_while_it_lies_ahead(
    incident: Incidents, now: datetime, hours: int | None, until: dict[str, str] | None
) -> None:
    end = None if hours is None else now + timedelta(hours=hours)

    lines = told_lines(incident(expected_end=end), now, ZONE)

    second = Line(key="trouble.until", facts=until) if until else Line(key="trouble.no_end_yet")
    assert lines == (SCHWABING, second)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_words(
    incident: Incidents, now: datetime, kind: str, language: Language
) -> None:
    facts = {name: "LH815" if name == "flight" else "Schwabing" for name in KINDS[kind].names}
    end = now + timedelta(hours=5)
    prompts = {one: read_prompts(one, "airline") for one in Language}
    speaker = Speaker({}, prompts, None, SpeakSettings())

    for expected in (end, None):
        happened = incident(kind=kind, facts=facts, expected_end=expected)
        assert speaker.text(told_lines(happened, now, ZONE), language).endswith(".")


def test_an_outage_in_german(incident: Incidents, now: datetime) -> None:
    prompts = read_prompts(Language.GERMAN, "telecom")
    lines = told_lines(incident(expected_end=now + timedelta(hours=5, minutes=30)), now, ZONE)

    assert [prompts.text(line) for line in lines] == [
        "Uns ist eine Störung in Schwabing bekannt. Wir arbeiten daran.",
        "Es dauert voraussichtlich bis 18:30 Uhr.",
    ]
