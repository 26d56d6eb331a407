"""What is nearly the same is looked at once."""

from datetime import UTC, datetime, timedelta

from ivr.call import Language
from ivr.review.groups import grouped, like
from ivr.review.sentence import Sentence, SentenceId, Why

DAY = datetime(2026, 5, 20, tzinfo=UTC)


def sentence(
    text: str, *, days: int = 0, language: Language = Language.GERMAN, suggested: str = ""
) -> Sentence:
    return Sentence(
        id=SentenceId(f"{text}-{days}"),
        business="bank",
        text=text,
        language=language,
        why=Why.OUT_OF_SCOPE,
        at=DAY + timedelta(days=days),
        suggested=suggested,
    )


BROKEN = sentence("Meine Karte ist kaputt.")
BROKEN_TOO = sentence("meine Karte ist ganz kaputt", days=1)
LOAN = sentence("Ich brauche Geld für ein Haus.", days=2)


def test_other_words_and_other_languages_stay_apart() -> None:
    english = sentence("Meine Karte ist kaputt.", language=Language.ENGLISH)

    assert len(grouped([BROKEN, LOAN, english])) == 3


def test_the_largest_group_comes_first_and_shows_its_latest_sentence() -> None:
    first, second = grouped([BROKEN, LOAN, BROKEN_TOO])

    assert first.sentences == (BROKEN_TOO, BROKEN)
    assert second.first == LOAN


def test_a_group_suggests_what_most_of_it_suggests() -> None:
    cards = [sentence("Karte kaputt", days=day, suggested="replace_card") for day in (1, 2)]
    block = sentence("Karte kaputt", days=3, suggested="block_card")

    assert grouped([*cards, block])[0].suggested == "replace_card"
    assert grouped([cards[0], block])[0].suggested == ""
    assert grouped([BROKEN])[0].suggested == ""


def test_a_sentence_is_not_like_itself() -> None:
    assert like(BROKEN, [BROKEN, BROKEN_TOO, LOAN]) == (BROKEN_TOO,)
