from datetime import date

import numpy as np
import pytest

from ivr.call import Language
from ivr.errors import BadDay
from ivr.simulate.day.people import customers
from ivr.simulate.day.plan import planned, read_rise
from ivr.simulate.day.words import chance, garbled, read_words
from ivr.understand.pack import BUSINESSES, read_pack

EVERYBODY = (
    *("agreed", "denied", "nothing_more", "goodbye", "person", "repeat", "first", "foreign"),
    *("enrol", "openings", "endings", "upset", "lost"),
)


@pytest.fixture
def draw() -> np.random.Generator:
    """The same draws in every test, whichever ran before."""
    return np.random.default_rng(1)


def test_of_other_businesses_nobody_calls() -> None:
    with pytest.raises(BadDay, match="airline, bank, retail or telecom"):
        read_words("circus")
    with pytest.raises(BadDay):
        read_words("../packs/airline")


@pytest.mark.parametrize("business", BUSINESSES)
def test_callers_want_what_the_business_does(business: str, draw: np.random.Generator) -> None:
    words, pack = read_words(business), read_pack(business)

    assert set(words.topics) <= pack.requests
    assert sum(topic.share for topic in words.topics.values()) == pytest.approx(1)
    for language in Language:
        assert all(topic.sentences[language] for topic in words.topics.values())
        assert all(words.reply(kind, language, draw) is not None for kind in EVERYBODY)


@pytest.mark.parametrize("business", BUSINESSES)
def test_no_sentence_is_one_that_the_pack_was_taught(business: str) -> None:
    taught = {
        sentence.rstrip(".?!").casefold()
        for intent in read_pack(business).intents
        for sentences in intent.sentences.values()
        for sentence in sentences
    }
    made_up = {
        sentence.casefold()
        for topic in read_words(business).topics.values()
        for sentences in topic.sentences.values()
        for sentence in sentences
    }

    assert made_up & taught == set()


@pytest.mark.parametrize("business", BUSINESSES)
def test_every_sentence_can_be_said_by_everybody(business: str, draw: np.random.Generator) -> None:
    words = read_words(business)
    for one in customers(20, words, date(2026, 11, 20), draw):
        for goal in words.topics:
            for mood in ("", "upset", "lost"):
                said = words.wish(goal, one.language, one.facts, draw, mood=mood)
                assert "{" not in said
                assert said[0].isupper()
        for slot in ("flight", "date", "amount", "card_last4", "order_number", "iban", "address"):
            assert "{" not in (words.slot(slot, one.language, one.facts, draw) or "{")
        assert words.slot("colour", one.language, one.facts, draw) is None


def test_a_bad_line_swallows_words_and_never_all(draw: np.random.Generator) -> None:
    text = "Ich möchte meinen Flug umbuchen"

    assert garbled(text, draw, lost=0) == text
    assert len(garbled(text, draw, lost=0.5).split()) < 5
    assert garbled(text, draw, lost=1) == text


def test_chance_is_what_it_says(draw: np.random.Generator) -> None:
    assert not chance(draw, 0)
    assert chance(draw, 1)


@pytest.mark.parametrize(
    "text", ["", "refund", "refund@24x3", "refund@9x1", "refund@9x0.5", "lunch@9x3", "refund@9"]
)
def test_a_rise_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(BadDay):
        read_rise(text, read_words("airline"))


def test_a_rise_names_topic_hour_and_factor(draw: np.random.Generator) -> None:
    rise = read_rise("refund@9x2.5", read_words("airline"))

    assert (rise.topic, rise.hour, rise.factor) == ("refund", 9, 2.5)
    assert planned([], [], read_words("airline"), [rise], draw) == []
