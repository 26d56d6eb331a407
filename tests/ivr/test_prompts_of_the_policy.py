"""Whatever the policy can decide can be said, in every business and language."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from biometrics import Flaw
from ivr.call import Event, Language, Line
from ivr.decide.policy import Need, Policy, read_policy
from ivr.errors import BadPrompts
from ivr.settings import SpeakSettings
from ivr.speak.prompts import read_prompts
from ivr.speak.speaker import Speaker
from ivr.understand.pack import BUSINESSES, Pack, read_pack
from ivr.wiring.promises import check_prompts

NOW = datetime(2026, 3, 10, tzinfo=UTC)
FACTS = {
    "flight": "LH815",
    "origin": "München",
    "destination": "Los Angeles",
    "date": "2026-03-12",
    "amount": "49.90 EUR",
    "order_number": "884121",
    "card_last4": "1234",
}
ANSWERLESS = {"affirm", "deny", "hello"}


@pytest.fixture(params=BUSINESSES)
def pack(request: pytest.FixtureRequest) -> Pack:
    return read_pack(request.param)


@pytest.fixture
def policy(pack: Pack) -> Policy:
    needs = {
        intent.name: Need(assurance=intent.assurance, may_suggest=intent.may_suggest)
        for intent in pack.intents
    }
    return read_policy(None, business=pack.name, needs=needs)


@pytest.fixture
def speaker(pack: Pack) -> Speaker:
    prompts = {language: read_prompts(language, pack.name) for language in Language}
    return Speaker({}, prompts, None, SpeakSettings())


@pytest.mark.parametrize("language", Language)
def test_a_business_that_lacks_words_is_refused_before_the_first_call(
    pack: Pack, policy: Policy, language: Language
) -> None:
    prompts = read_prompts(language, pack.name)
    check_prompts(prompts, language, pack=pack, policy=policy)
    rules = (policy.priority_rules[0].model_copy(update={"says": "tell.nosuch"}),)

    with pytest.raises(BadPrompts, match=r"tell\.nosuch"):
        check_prompts(prompts, language, pack=pack, policy=replace(policy, priority_rules=rules))


@pytest.mark.parametrize("language", Language)
def test_every_request_can_be_offered_and_those_the_machine_serves_answered(
    pack: Pack, policy: Policy, speaker: Speaker, language: Language
) -> None:
    offered = [intent.name for intent in pack.intents if intent.name not in ANSWERLESS]
    answered = [name for name, how in policy.requests.items() if how == "answer"]
    lines = [Line(key="ask.confirm", facts={"want_key": f"intent.{x}.want"}) for x in offered]
    lines += [Line(key=f"intent.{name}.answer") for name in answered]

    assert len(lines) > len(offered) > 10
    for line in lines:
        assert speaker.text((line,), language).endswith((".", "?"))


@pytest.mark.parametrize("language", Language)
def test_every_event_that_suggests_something_can_be_mentioned(
    policy: Policy, speaker: Speaker, language: Language
) -> None:
    assert policy.events
    for kind, suggestion in policy.events.items():
        facts = {name: FACTS[name] for name in suggestion.names}
        event = Event(kind=kind, at=NOW, facts=facts, may_mention=True)

        assert policy.suggestion(event, NOW) == suggestion.suggests
        keys = [f"offer.{kind}"]
        keys += [
            f"offer.{kind}_{value}" for values in suggestion.prefers.values() for value in values
        ]
        for key in keys:
            assert "?" in speaker.text((Line(key=key, facts=facts),), language)


def test_every_request_of_the_pack_is_somebodys_work(pack: Pack, policy: Policy) -> None:
    common = {intent.name for intent in read_pack("airline").intents} & {
        intent.name for intent in read_pack("bank").intents
    } - {"complaint"}

    assert set(policy.requests) == {intent.name for intent in pack.intents} - common


@pytest.mark.parametrize("language", Language)
def test_every_priority_rule_can_be_said(
    policy: Policy, speaker: Speaker, language: Language
) -> None:
    for rule in policy.priority_rules:
        assert speaker.text((Line(key=rule.says),), language)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("flaw", Flaw)
def test_whatever_is_wrong_with_a_voice_can_be_said(
    speaker: Speaker, language: Language, flaw: Flaw
) -> None:
    assert speaker.text((Line(key=f"poor.{flaw.value}"),), language).endswith(".")


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("key", ["ask.digits", "ask.digits_again"])
def test_digits_are_said_one_by_one(speaker: Speaker, language: Language, key: str) -> None:
    line = Line(key=key, facts={"digits": "4 7 1 9 2"})

    assert "4 7 1 9 2" in speaker.text((line,), language)
    spoken = speaker._prompts[language].spoken(line)
    assert ("vier, sieben, eins, neun, zwei" in spoken) is (language is Language.GERMAN)
    assert ("four, seven, one, nine, two" in spoken) is (language is Language.ENGLISH)
