"""Where sentences end in sound that goes on, and what becomes of their words."""

import asyncio
from collections.abc import Callable

import pytest
from anyio import CapacityLimiter
from fakes.live import FakeHearing, fake_ear, quiet, spoken

from ivr.call import Language
from ivr.errors import NoRecogniser
from ivr.gateways.sentences import Recognition, Sentences, Words
from ivr.settings import LiveSettings
from ivr.understand.recogniser import LiveHearing

JA = Words(text="ja", confidence=0.9, is_final=True)


class Hearings:
    """Each sentence is a hearing of its own; all of them are kept."""

    def __init__(self, *words: str) -> None:
        self.words = list(words)
        self.begun: list[FakeHearing] = []

    def __call__(self, language: Language | None) -> LiveHearing:
        self.begun.append(FakeHearing(self.words.pop(0) if self.words else ""))
        return self.begun[-1]


def heard(
    hearings: Callable[[Language | None], LiveHearing], *sounds: bytes, longest_turn_ms: int = 9_000
) -> list[Words]:
    """What is found in these sounds, and at the end of them."""

    async def run() -> list[Words]:
        recognition = Recognition(
            hearing=hearings,
            ear=fake_ear,
            settings=LiveSettings(longest_turn_ms=longest_turn_ms),
            limiter=CapacityLimiter(2),
        )
        sentences = Sentences(recognition, Language.GERMAN)
        await sentences.begin()
        found = [words for sound in sounds for words in await sentences.hear(sound)]
        return found + await sentences.finish()

    return asyncio.run(run())


def test_a_language_that_nobody_understands_is_known_at_the_beginning() -> None:
    def nobody(language: Language | None) -> LiveHearing:
        raise NoRecogniser("No speech recogniser is installed for this language.")

    with pytest.raises(NoRecogniser):
        heard(nobody)


def test_silence_is_not_given_to_a_recogniser() -> None:
    hearings = Hearings("Untertitel im Auftrag")

    assert heard(hearings, quiet(3_000)) == []
    assert [hearing.fed for hearing in hearings.begun] == [0]


def test_all_of_a_sentence_is_heard_and_a_little_before_it() -> None:
    hearings = Hearings("ja")

    assert heard(hearings, quiet(1_000) + spoken(600)) == [JA]
    assert 600 * 8 <= hearings.begun[0].fed <= 900 * 8


def test_sound_may_come_in_pieces_of_any_size() -> None:
    sound = quiet(500) + spoken(600) + quiet(900)
    pieces = [sound[at : at + 334] for at in range(0, len(sound), 334)]

    assert heard(Hearings("ja"), *pieces) == [JA]


def test_every_sentence_has_a_hearing_of_its_own() -> None:
    sentence = quiet(300) + spoken(400) + quiet(900)
    hearings = Hearings("ja", "", "nein")

    found = heard(hearings, sentence * 3)

    assert [words.text for words in found] == ["ja", "nein"]
    assert len(hearings.begun) == 3


def test_who_speaks_without_end_is_told_in_parts() -> None:
    found = heard(Hearings("erstens", "zweitens"), spoken(3_000), longest_turn_ms=2_000)

    assert [words.text for words in found] == ["erstens", "zweitens"]


def test_words_are_looked_for_while_the_pause_lasts() -> None:
    paused: list[int] = []

    class Pausing(FakeHearing):
        def pause(self) -> None:
            super().pause()
            paused.append(self.fed)

    assert heard(lambda _: Pausing("ja"), spoken(400) + quiet(900)) == [JA]
    assert paused[0] < (400 + 300) * 8
