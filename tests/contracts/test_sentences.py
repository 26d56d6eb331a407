"""What every list of sentences does, in memory and in a database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes.databases import SQL, an_engine
from sqlalchemy import create_engine, text

from biometrics import StoreUnavailable
from ivr.call import Language
from ivr.review.memory_sentences import MemorySentences
from ivr.review.sentence import Sentence, SentenceId, Why
from ivr.review.sentences import Sentences
from ivr.review.sql_sentences import SqlSentences
from ivr.wiring.vault_seal import VaultSeal

DAY = datetime(2026, 5, 20, tzinfo=UTC)
SEAL = VaultSeal(key=b"k" * 32)
PLASTIC = Sentence(
    id=SentenceId("0a1b2c3d"),
    business="bank",
    text="Da ist was mit dem Plastik, né.",
    language=Language.GERMAN,
    why=Why.TWO_READINGS,
    at=DAY,
    taken_for=("block_card", "replace_card"),
)
LATER = replace(PLASTIC, id=SentenceId("11111111"), at=DAY + timedelta(days=1), taken_for=())
ELSEWHERE = replace(PLASTIC, id=SentenceId("22222222"), business="airline")


@pytest.fixture(params=["memory", *SQL])
def sentences(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sentences]:
    if request.param == "memory":
        yield MemorySentences()
        return
    with an_engine(request, tmp_path) as engine:
        yield SqlSentences(engine, SEAL)


def test_what_is_not_there_is_neither_found_nor_changed_nor_dropped(sentences: Sentences) -> None:
    assert sentences.find(PLASTIC.id) is None
    assert sentences.of("bank") == ()
    assert not sentences.change(PLASTIC)
    assert not sentences.drop(PLASTIC.id)
    assert sentences.expire(DAY) == 0


def test_a_full_list_takes_no_more(sentences: Sentences) -> None:
    assert sentences.add(PLASTIC, most=1)
    assert not sentences.add(LATER, most=1)

    assert sentences.of("bank") == (PLASTIC,)


def test_what_is_kept_comes_back_as_it_was(sentences: Sentences) -> None:
    for one in (LATER, PLASTIC, ELSEWHERE):
        sentences.add(one, most=9)

    assert sentences.find(PLASTIC.id) == PLASTIC
    assert sentences.of("bank") == (PLASTIC, LATER)
    assert sentences.of("airline") == (ELSEWHERE,)


def test_what_it_is_can_be_said_and_said_again(sentences: Sentences) -> None:
    sentences.add(PLASTIC, most=9)
    labelled = replace(PLASTIC, suggested="block_card", label="replace_card", version=2)

    assert sentences.change(labelled)
    assert sentences.find(PLASTIC.id) == labelled
    assert sentences.change(PLASTIC)
    assert sentences.find(PLASTIC.id) == PLASTIC


def test_what_is_dropped_or_old_is_gone(sentences: Sentences) -> None:
    for one in (PLASTIC, LATER, ELSEWHERE):
        sentences.add(one, most=9)

    assert sentences.drop(ELSEWHERE.id)
    assert sentences.expire(LATER.at) == 1
    assert sentences.of("bank") == (LATER,)
    assert sentences.of("airline") == ()


# the database


def test_the_words_are_not_in_the_file(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'review.db'}")
    SqlSentences(engine, SEAL).add(PLASTIC, most=9)
    engine.dispose()

    assert b"Plastik" not in (tmp_path / "review.db").read_bytes()


def test_words_that_were_moved_to_another_row_do_not_open(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'review.db'}")
    kept = SqlSentences(engine, SEAL)
    kept.add(PLASTIC, most=9)
    with engine.begin() as connection:
        connection.execute(text("UPDATE review_sentences SET id = '99999999'"))

    with pytest.raises(StoreUnavailable):
        kept.find(SentenceId("99999999"))
    engine.dispose()


def test_what_one_process_keeps_another_finds(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'review.db'}"
    first, second = create_engine(address), create_engine(address)
    SqlSentences(first, SEAL).add(PLASTIC, most=9)

    assert SqlSentences(second, SEAL).find(PLASTIC.id) == PLASTIC
    first.dispose()
    second.dispose()
