"""Profiles put together while sources are well, slow, down or of another opinion."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from threading import Event as Signal
from time import monotonic

import pytest

from biometrics import SubjectId
from ivr.breaker import Breaker
from ivr.call import Caller, CustomerId, Language, PhoneNumber, Unknown
from ivr.errors import DirectoryUnavailable
from ivr.identify.asked import AskedSource
from ivr.identify.directory import Directory, Entry, MemoryDirectory
from ivr.identify.fact import Answer, Fact, Failed, Nobody, Told, Value, Why
from ivr.identify.kept import KeptAnswers, Lives
from ivr.identify.placeholders import By
from ivr.identify.profile import Missing, Profile
from ivr.identify.profiles import ProfiledDirectory, Profiles, Role
from ivr.identify.rules import Rules, WhyLost
from ivr.identify.view import MissingView, view_of

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
NUMBER, OTHER = PhoneNumber(e164="+4989123456"), PhoneNumber(e164="+4989654321")
KLAUS = Caller(
    customer_id=CustomerId("C-1"),
    subject=SubjectId("s-1"),
    name="Klaus",
    language=Language.GERMAN,
    birth_date=date(1981, 5, 14),
)
DOWN = Failed(why=Why.DOWN)


def fact(name: str, value: Value, source: str = "crm") -> Fact:
    return Fact(name=name, value=value, source=source, fetched_at=NOW)


def told(*facts: Fact, customer: str | None = None, subject: str | None = None) -> Told:
    return Told(
        customer_id=CustomerId(customer) if customer else None,
        subject=SubjectId(subject) if subject else None,
        facts=facts,
    )


class Crm:
    """Answers as it is told, once it may."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.may_answer = Signal()
        self.may_answer.set()
        self.asked: list[str] = []

    def ask(self, key: str) -> Answer:
        self.asked.append(key)
        self.may_answer.wait(10)
        return self.answer

    def close(self) -> None:
        self.may_answer.set()


class Broken(MemoryDirectory):
    def find(self, number: PhoneNumber) -> Caller | Unknown:
        raise DirectoryUnavailable("gone")


Build = Callable[..., Profiles]


@pytest.fixture
def build() -> Iterator[Build]:
    made: list[Profiles] = []

    def of(
        directory: Directory | None = None,
        *,
        by: By = By.NUMBER,
        identifies: bool = False,
        patience_s: float = 5,
        **sources: Crm,
    ) -> Profiles:
        roles = {
            name: Role(
                source=asked(name, crm), by=by, identifies=identifies, promised=("tier", "event")
            )
            for name, crm in sources.items()
        }
        profiles = Profiles(
            directory=directory or MemoryDirectory([Entry(caller=KLAUS, numbers=(NUMBER,))]),
            roles=roles,
            rules=Rules(order=(*sources, "directory")),
            patience_s=patience_s,
            clock=monotonic,
            now=lambda: NOW,
        )
        made.append(profiles)
        return profiles

    yield of
    for profiles in made:
        profiles.close()


def asked(name: str, crm: Crm) -> AskedSource:
    kept = KeptAnswers(Lives(fresh_s=60, stale_s=60, nobody_s=60), most=100)
    breaker = Breaker(failures=3, pause_s=30)
    return AskedSource(name, crm, kept, breaker, at_once=4, clock=monotonic)


# who it is


def test_without_the_directory_nobody_is_known_whatever_others_say(build: Build) -> None:
    crm = Crm(told(fact("name", "Klaus"), customer="C-1", subject="s-1"))
    profiles = build(Broken(), crm=crm, identifies=True)

    with pytest.raises(DirectoryUnavailable):
        profiles.of(NUMBER)
    assert crm.asked == []


@pytest.mark.parametrize("why", Why)
def test_a_source_that_failed_makes_no_stranger_of_anybody(build: Build, why: Why) -> None:
    profiles = build(crm=Crm(Failed(why=why)), shop=Crm(Nobody()), identifies=True)

    with pytest.raises(DirectoryUnavailable):
        profiles.of(OTHER)


def test_a_slow_source_makes_no_stranger_either_and_tells_the_next_turn(build: Build) -> None:
    crm = Crm(told(fact("name", "Erna"), customer="C-2", subject="s-2"))
    crm.may_answer.clear()
    profiles = build(crm=crm, identifies=True, patience_s=0.01)
    with pytest.raises(DirectoryUnavailable):
        profiles.of(OTHER)

    crm.may_answer.set()
    caller = until_known(profiles, OTHER)

    assert (caller.customer_id, caller.subject, caller.name) == ("C-2", "s-2", "Erna")
    assert crm.asked == [OTHER.e164]


def until_known(profiles: Profiles, number: PhoneNumber) -> Caller:
    for _ in range(1_000):
        try:
            found = profiles.of(number)
        except DirectoryUnavailable:
            Signal().wait(0.005)
        else:
            assert isinstance(found, Profile)
            return found.caller
    pytest.fail("nobody was ever known")


def test_no_source_can_put_another_voice_under_a_number_of_the_directory(build: Build) -> None:
    crm = Crm(told(fact("tier", "vip"), customer="C-1", subject="s-thief"))

    caller = known(build(crm=crm, identifies=True))

    assert (caller.subject, caller.tier) == ("s-1", "vip")


def known(profiles: Profiles, number: PhoneNumber = NUMBER) -> Caller:
    found = profiles.of(number)
    assert isinstance(found, Profile)
    return found.caller


def test_what_is_told_of_somebody_else_is_not_used_and_is_shown(build: Build) -> None:
    crm = Crm(told(fact("tier", "vip"), fact("name", "Erna"), customer="C-2", subject="s-2"))

    profile = build(crm=crm, identifies=True).of(NUMBER)

    assert isinstance(profile, Profile)
    assert profile.caller.missing == ("crm: other_customer",)
    assert (profile.caller.name, profile.caller.tier) == ("Klaus", "standard")
    assert {one.why for one in profile.settled.lost} == {WhyLost.OTHER_CUSTOMER}


def test_a_source_that_does_not_identify_is_not_asked_about_strangers(build: Build) -> None:
    crm = Crm(told(fact("name", "Erna")))

    assert Unknown() == build(crm=crm).of(OTHER)
    assert crm.asked == []


def test_a_number_that_nobody_knows_is_a_strangers(build: Build) -> None:
    profiles = build(crm=Crm(Nobody()), shop=Crm(Nobody()), identifies=True)

    assert Unknown() == profiles.of(OTHER)


def test_of_two_who_identify_the_first_is_believed(build: Build) -> None:
    crm = Crm(told(fact("name", "Erna"), customer="C-2", subject="s-2"))
    shop = Crm(told(fact("name", "Ernst", "shop"), customer="C-3", subject="s-3"))

    profile = build(crm=crm, shop=shop, identifies=True).of(OTHER)

    assert isinstance(profile, Profile)
    assert (profile.identity.customer_id, profile.identity.source) == ("C-2", "crm")
    assert (profile.caller.name, profile.caller.missing) == ("Erna", ("shop: other_customer",))


def test_sources_are_asked_by_the_customer_that_another_found(build: Build) -> None:
    crm = Crm(told(fact("name", "Erna"), customer="C-2", subject="s-2"))
    billing = Crm(told(fact("tier", "vip", "billing")))
    both = build(crm=crm, identifies=True)
    role = Role(source=asked("billing", billing), by=By.CUSTOMER)
    profiles = Profiles(
        directory=both.directory,
        roles={**both.roles, "billing": role},
        patience_s=5,
        clock=monotonic,
        now=lambda: NOW,
    )

    caller = known(profiles, OTHER)
    role.source.close()

    assert (caller.tier, billing.asked) == ("vip", ["C-2"])


# what is known


@pytest.mark.parametrize("why", [Why.DOWN, Why.REFUSED, Why.NOT_AS_DESCRIBED, Why.AMBIGUOUS])
def test_without_its_sources_a_customer_is_whom_the_directory_knows(build: Build, why: Why) -> None:
    profile = build(crm=Crm(Failed(why=why))).of(NUMBER)

    assert isinstance(profile, Profile)
    assert profile.missing == (Missing(source="crm", why=why, facts=("tier", "event")),)
    caller = profile.caller
    assert (caller.name, caller.language, caller.birth_date) == (
        KLAUS.name,
        KLAUS.language,
        KLAUS.birth_date,
    )
    assert caller.missing == (f"crm: {why.value}",)


def test_no_caller_waits_longer_than_patience_and_the_rest_is_for_the_next_turn(
    build: Build,
) -> None:
    slow, quick = Crm(told(fact("tier", "vip"))), Crm(told(fact("is_vulnerable", True, "shop")))
    slow.may_answer.clear()
    profiles = build(crm=slow, shop=quick, patience_s=0.2)
    begun = monotonic()

    first = known(profiles)
    again = known(profiles)

    assert monotonic() - begun < 3
    assert (first.tier, first.is_vulnerable, first.missing) == ("standard", True, ("crm: slow",))
    assert again.missing == ("crm: slow",)
    slow.may_answer.set()
    profiles.roles["crm"].source.close()
    later = known(profiles)
    assert (later.tier, later.is_vulnerable, later.missing) == ("vip", True, ())
    assert slow.asked == [NUMBER.e164]


def test_a_source_that_knows_nobody_is_neither_missing_nor_a_reason(build: Build) -> None:
    caller = known(build(crm=Crm(Nobody())))

    assert caller == KLAUS


def test_facts_that_could_not_be_read_are_missing_by_name(build: Build) -> None:
    crm = Crm(Told(facts=(fact("tier", "vip"),), unread=("is_vulnerable",)))

    profile = build(crm=crm).of(NUMBER)

    assert isinstance(profile, Profile)
    assert profile.caller.tier == "vip"
    assert view_of(profile).missing == (
        MissingView(source="crm", why="not_as_described", facts=("is_vulnerable",)),
    )


def test_what_was_told_before_is_forgotten_when_asked(build: Build) -> None:
    crm = Crm(told(fact("tier", "vip")))
    profiles = build(crm=crm)
    directory = ProfiledDirectory(profiles)
    assert directory.find(NUMBER) == directory.find(NUMBER)
    assert len(crm.asked) == 1

    crm.answer = Nobody()
    directory.put([Entry(caller=KLAUS, numbers=(NUMBER,))])

    assert directory.find(NUMBER) == KLAUS
    assert directory.all() == (Entry(caller=KLAUS, numbers=(NUMBER,)),)
    assert len(crm.asked) == 2
