"""What Whisper makes up out of noise is refused; a short answer is not."""

from dataclasses import replace

import pytest

from ivr.settings import UnderstandSettings
from ivr.understand.plausible import Reading, compression, is_invented, said_once

SETTINGS = UnderstandSettings()
SENTENCE = Reading(
    text="Mein Koffer ist nicht angekommen.",
    mean_log_probability=-0.2,
    tokens=8,
    no_speech=0.05,
    duration_ms=2_400,
)


@pytest.mark.parametrize("text", ["", "... ... ...", "!", " "])
def test_punctuation_alone_was_not_said(text: str) -> None:
    assert is_invented(replace(SENTENCE, text=text), SETTINGS)


@pytest.mark.parametrize(
    ("text", "mean_log_probability", "tokens", "no_speech"),
    [
        ("Das ist so.", -2.69, 4, 0.80),
        ("you", -2.56, 1, 0.61),
        ("Ich bin hier. Ich bin hier.", -1.88, 8, 0.61),
        ("Ich habe noch nicht mehr aufgeladen.", -1.70, 17, 0.82),
        ("And that's all for this one. Thank you very much.", -1.20, 13, 0.43),
    ],
)
def test_texts_that_noise_tones_and_voices_in_the_background_gave_are_refused(
    text: str, mean_log_probability: float, tokens: int, no_speech: float
) -> None:
    reading = replace(
        SENTENCE,
        text=text,
        mean_log_probability=mean_log_probability,
        tokens=tokens,
        no_speech=no_speech,
    )

    assert is_invented(reading, SETTINGS)


def test_a_text_that_repeats_itself_is_refused() -> None:
    loop = "und das ist das, " * 12

    assert compression(loop) > 2.4
    assert is_invented(replace(SENTENCE, text=loop, duration_ms=20_000), SETTINGS)


def test_a_word_that_repeats_itself_is_refused_and_a_long_word_is_not() -> None:
    loop = "Und dann die Strömdämpfungsdämpfungsdämpfungsdämpfung."
    policy = "Es geht um meine Kraftfahrzeughaftpflichtversicherung."

    assert is_invented(replace(SENTENCE, text=loop), SETTINGS)
    assert not is_invented(replace(SENTENCE, text=policy), SETTINGS)


@pytest.mark.parametrize(
    ("text", "mean_log_probability", "no_speech"),
    [
        ("3, 2, 3, 2, 3, 2, 3, 2, 3", -0.63, 0.47),
        ("Yeah, yeah, yeah, yeah, yeah, yeah, yeah", -0.59, 0.65),
        ("Ja ja ja ja ja ja ja ja ja ja ja ja", -0.15, 0.64),
        ("Hey! Hey! Hey! Hey!", -0.51, 0.67),
        ("BEEP BEEP BEEP BEEP", -0.60, 0.60),
        ("BUM BUM", -0.40, 0.30),
        ("Ah! Ah! Ah!", -0.50, 0.50),
        ("Beep! Beep! Beep!", -0.89, 0.55),
        ("Jaaaa!", -0.30, 0.30),
    ],
)
def test_loops_and_sounds_that_tones_sirens_and_babies_gave_are_refused(
    text: str, mean_log_probability: float, no_speech: float
) -> None:
    reading = replace(
        SENTENCE,
        text=text,
        mean_log_probability=mean_log_probability,
        no_speech=no_speech,
        tokens=16,
        duration_ms=6_000,
    )

    assert is_invented(reading, SETTINGS)


@pytest.mark.parametrize(
    ("text", "mean_log_probability", "no_speech"),
    [
        ("Nein! Nein! Nein! Nein! Nein!", -0.37, 0.15),
        ("Ja, ja, ja, ja.", -0.79, 0.57),
        ("No, no, no, no, no.", -0.42, 0.19),
        ("555-333", -0.36, 0.44),
        ("1, 2, 3, 4.", -0.31, 0.25),
        ("Null, null, vier, vier, acht.", -0.70, 0.20),
        ("IBAN", -0.50, 0.20),
        ("L H 8 1 5", -0.60, 0.20),
        ("Oh, mein Koffer ist weg.", -0.30, 0.10),
    ],
)
def test_who_insists_or_spells_is_believed(
    text: str, mean_log_probability: float, no_speech: float
) -> None:
    reading = replace(
        SENTENCE,
        text=text,
        mean_log_probability=mean_log_probability,
        no_speech=no_speech,
        duration_ms=3_000,
    )

    assert not is_invented(reading, SETTINGS)


def test_more_words_than_fit_into_the_time_are_refused() -> None:
    text = "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn"

    assert is_invented(replace(SENTENCE, text=text, duration_ms=2_000), SETTINGS)
    assert not is_invented(replace(SENTENCE, text=text, duration_ms=4_000), SETTINGS)


@pytest.mark.parametrize(
    "text",
    [
        "Untertitel der Amara.org-Community",
        "Untertitelung im Auftrag des Senders",
        "Thank you for watching!",
        "Thanks for watching.",
    ],
)
def test_the_closing_lines_of_films_are_refused(text: str) -> None:
    assert is_invented(replace(SENTENCE, text=text), SETTINGS)


@pytest.mark.parametrize("text", ["Thank you.", "Die Untertitel fehlen bei meinem Anschluss."])
def test_thanks_and_subtitles_may_be_spoken_of(text: str) -> None:
    assert not is_invented(replace(SENTENCE, text=text), SETTINGS)


def test_a_short_yes_is_believed_although_its_first_token_is_dear() -> None:
    yes = replace(SENTENCE, text="Ja.", mean_log_probability=-1.27, tokens=2, no_speech=0.3)

    assert not is_invented(yes, SETTINGS)
    assert is_invented(replace(yes, no_speech=0.7), SETTINGS)


def test_a_clear_sentence_is_believed() -> None:
    assert not is_invented(SENTENCE, SETTINGS)


def test_the_operator_sets_the_limits() -> None:
    strict = UnderstandSettings(least_log_probability=-0.05)

    assert is_invented(SENTENCE, strict)


@pytest.mark.parametrize(
    ("text", "once"),
    [
        ("Ja, ja.", "Ja, ja."),
        ("Nein danke, nein danke.", "Nein danke, nein danke."),
        ("Ich will nach Rom. Ich will nicht.", "Ich will nach Rom. Ich will nicht."),
        ("Mein Koffer ist weg. Mein Koffer ist weg", "Mein Koffer ist weg."),
        ("I want to go home, i want to go home. I want to go home.", "I want to go home,"),
        ("", ""),
    ],
)
def test_a_sentence_that_comes_twice_was_said_once(text: str, once: str) -> None:
    assert said_once(text) == once
