"""What holds where sources disagree."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.call import Event
from ivr.identify.fact import EVENT, Fact, Value, text_of
from ivr.identify.rules import Rule, Rules, Settled, WhyLost, settle

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
SOURCES = ("crm", "billing", "directory")


def fact(name: str, value: Value, source: str = "crm", **fields: object) -> Fact:
    fields = {"fetched_at": NOW - timedelta(minutes=1)} | fields
    return Fact(name=name, value=value, source=source, **fields)  # type: ignore[arg-type]


def event(kind: str, source: str = "crm", *, mention: bool = False, **facts: str) -> Fact:
    happened = Event(kind=kind, at=NOW - timedelta(days=1), facts=facts, may_mention=mention)
    return fact(EVENT, happened, source, may_mention=mention)


def held(settled: Settled) -> dict[str, Value]:
    return {one.name: one.value for one in settled.facts}


def lost(settled: Settled) -> list[tuple[str, str, WhyLost]]:
    return [(one.fact.source, text_of(one.fact.value), one.why) for one in settled.lost]


@pytest.mark.parametrize("rule", Rule)
def test_whoever_is_vulnerable_to_one_source_is_vulnerable(rule: Rule) -> None:
    said = [fact("is_vulnerable", False, "crm"), fact("is_vulnerable", True, "billing")]

    settled = settle(said, Rules(order=SOURCES, by_fact={"is_vulnerable": rule}), NOW)

    assert held(settled) == {"is_vulnerable": True}
    assert lost(settled) == [("crm", "false", WhyLost.LESS_STRICT)]


def test_what_one_source_holds_back_is_not_mentioned() -> None:
    said = [
        event("refund_due", "crm", mention=True, flight="BA902"),
        event("refund_due", "billing", mention=False, flight="BA902"),
        fact("name", "Klaus", "crm", may_mention=True),
        fact("name", "Klaus", "billing", may_mention=False),
    ]

    settled = settle(said, Rules(order=SOURCES), NOW)

    ((one,), (name,)) = settled.events, settled.facts
    assert isinstance(one.value, Event)
    assert (one.may_mention, one.value.may_mention, name.may_mention) == (False, False, False)


def test_what_has_expired_does_not_hold() -> None:
    past = fact("tier", "vip", valid_until=NOW)

    settled = settle([past, fact("tier", "standard", "directory")], Rules(order=SOURCES), NOW)

    assert held(settled) == {"tier": "standard"}
    assert lost(settled) == [("crm", "vip", WhyLost.EXPIRED)]


def test_the_source_named_first_holds() -> None:
    said = [fact("tier", "vip", "billing"), fact("tier", "gold", "directory")]

    settled = settle(said, Rules(order=("directory", "billing")), NOW)

    assert held(settled) == {"tier": "gold"}
    assert lost(settled) == [("billing", "vip", WhyLost.LATER_IN_ORDER)]


def test_the_newest_holds_by_what_sources_say_of_its_age() -> None:
    said = [
        fact("tier", "vip", "crm", as_of=NOW - timedelta(days=30)),
        fact("tier", "standard", "billing", as_of=NOW - timedelta(days=2)),
    ]

    settled = settle(said, Rules(order=SOURCES, by_fact={"tier": Rule.NEWEST}), NOW)

    assert held(settled) == {"tier": "standard"}
    assert lost(settled) == [("crm", "vip", WhyLost.OLDER)]


def test_sources_that_agree_are_no_conflict() -> None:
    said = [fact("tier", "vip", "crm"), fact("tier", "vip", "billing")]

    settled = settle(said, Rules(order=SOURCES), NOW)

    assert (held(settled), lost(settled)) == ({"tier": "vip"}, [])


def test_events_of_all_sources_count_together_and_each_once() -> None:
    said = [
        event("flight_cancelled", "crm", flight="LH815"),
        event("flight_cancelled", "billing", flight="LH815"),
        event("flight_cancelled", "billing", flight="LH816"),
        event("card_blocked", "directory"),
    ]

    settled = settle(said, Rules(order=SOURCES), NOW)

    told = sorted((one.source, text_of(one.value).split()[0]) for one in settled.events)
    assert told == [
        ("billing", "flight_cancelled"),
        ("crm", "flight_cancelled"),
        ("directory", "card_blocked"),
    ]


moments = st.sampled_from([NOW - timedelta(days=days) for days in (0, 1, 2, 30)])
untils = st.none() | st.sampled_from([NOW - timedelta(1), NOW + timedelta(1)])
rules = st.builds(
    Rules,
    order=st.permutations(SOURCES).map(lambda order: tuple(order[:2])),
    by_fact=st.dictionaries(st.sampled_from(["tier", "blocked"]), st.sampled_from(Rule)),
)


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    name, values = draw(
        st.sampled_from(
            [
                ("tier", st.sampled_from(["vip", "standard"])),
                ("is_vulnerable", st.booleans()),
                ("blocked", st.booleans()),
                (EVENT, happenings),
            ]
        )
    )
    return Fact(
        name=name,
        value=draw(values),
        source=draw(st.sampled_from(SOURCES)),
        fetched_at=draw(moments),
        as_of=draw(st.none() | moments),
        valid_until=draw(untils),
        may_mention=draw(st.booleans()),
    )


happenings = st.builds(
    Event,
    kind=st.sampled_from(["flight_cancelled", "refund_due"]),
    at=moments | moments.map(lambda at: at - timedelta(hours=2)),
    facts=st.dictionaries(st.just("flight"), st.sampled_from(["LH815", "LH816"])),
    may_mention=st.booleans(),
)


def seen(settled: Settled) -> object:
    """Everything of it that can be compared."""
    kept = [(one.key, one.may_mention) for one in (*settled.facts, *settled.events)]
    return kept, [(one.fact.key, one.why) for one in settled.lost]


@given(rules, st.lists(facts(), max_size=8), st.randoms())
def test_the_order_of_answers_does_not_matter(
    rules: Rules, said: list[Fact], chance: object
) -> None:
    shuffled = list(said)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    assert seen(settle(said, rules, NOW)) == seen(settle(shuffled, rules, NOW))


@given(rules, st.lists(facts(), max_size=8))
def test_what_is_said_twice_is_said_once(rules: Rules, said: list[Fact]) -> None:
    assert seen(settle([*said, *map(replace, said)], rules, NOW)) == seen(settle(said, rules, NOW))


@given(rules, st.lists(facts(), max_size=8))
def test_what_holds_holds_by_itself(rules: Rules, said: list[Fact]) -> None:
    once = settle(said, rules, NOW)

    again = settle([*once.facts, *once.events], rules, NOW)

    assert seen(again) == seen(replace(once, lost=()))


@given(rules, st.lists(facts(), max_size=8), facts())
def test_no_further_source_takes_protection_away(
    rules: Rules, said: list[Fact], another: Fact
) -> None:
    before, after = settle(said, rules, NOW), settle([*said, another], rules, NOW)

    if held(before).get("is_vulnerable") is True:
        assert held(after)["is_vulnerable"] is True
    held_back = {_what(one) for one in before.events if not one.may_mention}
    mentioned = {_what(one) for one in after.events if one.may_mention}
    assert held_back & mentioned == set()


@given(rules, st.lists(facts(), max_size=8))
def test_every_value_is_kept_agrees_or_is_shown_as_lost(rules: Rules, said: list[Fact]) -> None:
    settled = settle(said, rules, NOW)

    values = {(one.name, text_of(one.value)) for one in settled.facts}
    values |= {(one.fact.name, text_of(one.fact.value)) for one in settled.lost}
    single = [one for one in said if one.name != EVENT]
    assert [one for one in single if (one.name, text_of(one.value)) not in values] == []


def _what(fact: Fact) -> tuple[object, ...]:
    assert isinstance(fact.value, Event)
    happened = fact.value
    return (happened.kind, happened.at.date(), tuple(sorted(happened.facts.items())))
