"""Asking for patience is heard; questions about the business are not taken for it."""

from dataclasses import replace

import pytest

from ivr.call import Language
from ivr.settings import MoodSettings
from ivr.understand.need import asks_for_patience, hesitates, is_slow
from ivr.understand.prosody import Prosody

AT_EASE = {
    "de": [
        "",
        "Ich möchte meinen Flug umbuchen.",
        "Ich verstehe nicht, warum die Rechnung so hoch ist.",
        "Ich verstehe nicht warum die Rechnung so hoch ist",
        "Das habe ich nicht verstanden, warum wurde abgebucht?",
        "Mein Internet ist langsamer als früher.",
        "Das geht nicht so schnell.",
        "Ich möchte die Bestellung wiederholen.",
        "Sie haben mich nicht verstanden.",
        "Ich bin nicht schwerhörig.",
        "Ich bin nicht verwirrt, nur neugierig.",
        "Meine Mutter hört schlecht.",
        "Können Sie mir bitte helfen?",
        "Bitte sperren Sie meine Karte.",
        "Die Ware kam zu schnell an.",
        "Wie war das Wetter in Rom?",
        "Ich komme nicht mit der Bahn.",
    ],
    "en": [
        "",
        "I'd like to rebook my flight.",
        "I don't understand why the bill is so high.",
        "I don't understand my bill.",
        "My internet is slower than it was.",
        "You didn't understand me.",
        "I'm not confused, just curious.",
        "My mother is hard to reach.",
        "Could you help me, please?",
        "I lost my card.",
        "I'm lost in Paris and need a hotel.",
        "When will you come again to fix it?",
        "What was that charge in May?",
        "I can't keep up with the payments.",
    ],
}
NEEDS_HELP = {
    "de": [
        "Wie bitte?",
        "wie bitte was haben sie gesagt",
        "Sprechen Sie bitte langsamer.",
        "Reden Sie doch nicht so schnell.",
        "Ich komm nicht hinterher, bitte nicht so hetzen.",
        "Könnten Sie ein bisschen gemächlicher sprechen?",
        "Langsam, bitte langsam!",
        "Geht das auch mit weniger Tempo?",
        "Ich verstehe nicht.",
        "Das hab ich jetzt nicht verstanden.",
        "Ich hab Sie akustisch nicht verstanden.",
        "Können Sie das bitte wiederholen?",
        "Sagen Sie das bitte noch einmal.",
        "Ich höre nicht mehr so gut.",
        "Ich kenn mich hier nicht aus, was muss ich sagen?",
        "Ich weiß nicht, was ich jetzt tun soll.",
        "Das geht mir zu schnell.",
        "Ich bin ganz durcheinander.",
        "Ich bin nicht mehr die Schnellste.",
    ],
    "en": [
        "Pardon?",
        "I beg your pardon?",
        "Could you repeat that, please?",
        "Please speak more slowly.",
        "Don't talk so fast.",
        "Slow down, will you?",
        "Slowly, please.",
        "I can't follow you at that speed.",
        "I don't understand.",
        "I didn't catch that.",
        "I don't hear so well these days.",
        "Sorry, I'm confused.",
        "I don't know what to say.",
        "What am I supposed to do?",
        "I'm not as quick as I was.",
    ],
}
SENTENCE = "Ich wollte fragen ob die Lieferung noch kommt"
USUAL = Prosody(
    net_ms=4_000,
    pitch_semitones=8.0,
    pitch_range_semitones=7.0,
    pitch_movement_semitones=1.5,
    level_db=-20.0,
    level_range_db=18.0,
    brightness_db=-9.0,
    sharpness_db=-17.0,
    clearness=0.85,
    voiced=0.5,
    syllables_per_second=4.0,
    longest_pause_ms=300,
    paused=0.1,
    above_background_db=30.0,
)


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language in AT_EASE for text in AT_EASE[language]]
)
def test_who_knows_what_they_want_needs_no_patience(language: str, text: str) -> None:
    assert not asks_for_patience(text, Language(language))


@pytest.mark.parametrize(
    ("language", "text"),
    [(language, text) for language in NEEDS_HELP for text in NEEDS_HELP[language]],
)
def test_who_did_not_follow_is_heard(language: str, text: str) -> None:
    assert asks_for_patience(text, Language(language))


def test_a_single_hesitation_is_no_search() -> None:
    assert not hesitates("Äh, ich möchte umbuchen.", Language.GERMAN, MoodSettings())
    assert hesitates("Ähm, also, äh, ich, ähm, wollte", Language.GERMAN, MoodSettings())


def test_a_usual_pace_is_not_slow() -> None:
    assert not is_slow(SENTENCE, Language.GERMAN, USUAL, MoodSettings())


@pytest.mark.parametrize(
    "text", ["Ja, bitte.", "Vier sieben eins null acht acht zwei", "Meine Nummer ist 4 7 1 0 8 8"]
)
def test_short_answers_and_dictated_numbers_have_no_pace(text: str) -> None:
    slow = replace(USUAL, syllables_per_second=1.2, longest_pause_ms=4_000, paused=0.6)

    assert not is_slow(text, Language.GERMAN, slow, MoodSettings())


def test_a_pause_for_breath_is_no_search() -> None:
    breath = replace(USUAL, longest_pause_ms=2_600, paused=0.2)

    assert not is_slow(SENTENCE, Language.GERMAN, breath, MoodSettings())


@pytest.mark.parametrize(
    "turn",
    [
        replace(USUAL, syllables_per_second=1.5),
        replace(USUAL, longest_pause_ms=4_000, paused=0.5),
    ],
)
def test_very_slow_sentences_and_long_waits_are_heard(turn: Prosody) -> None:
    assert is_slow(SENTENCE, Language.GERMAN, turn, MoodSettings())
