"""Anger is heard; politeness, negation and other people's words are not taken for it."""

import pytest

from ivr.call import Language, Mood
from ivr.understand.mood import mood_of

CALM = {
    "de": [
        "",
        "Ich möchte meinen Flug umbuchen.",
        "Ich bin nicht sauer, ich wollte nur nachfragen.",
        "Ich bin gar nicht wütend.",
        "Ich bin wirklich nicht mehr so sehr verärgert.",
        "Das ist keine Katastrophe.",
        "Das ist überhaupt kein Skandal, nur schade.",
        "Können Sie mir bitte helfen?",
        "Entschuldigung, dass ich störe.",
        "Das wäre sehr freundlich von Ihnen.",
        "Guten Tag, meine Karte ist gestohlen worden.",
        "Ich möchte einen Betrug melden.",
        "Ich fliege zum dritten Mal mit Ihnen.",
        "Es ist mir unmöglich, am Montag zu kommen.",
        "Ich bin schon ewig Kunde bei Ihnen.",
        "Erzählen Sie mir einen Witz.",
        "Leider ist mein Koffer nicht angekommen.",
        "Ich hätte eine Beschwerde, wenn Sie kurz Zeit haben.",
        "Ein Glas saure Gurken war kaputt.",
        "Das tut mir leid.",
        "Ich bin sehr zufrieden, danke.",
        "Ich finde die Rechnung etwas hoch.",
        "Nein, das stimmt nicht.",
        "Der Schandauer Weg ist meine neue Adresse.",
        "Die Milch war sauer.",
        "Ich bin nicht so sauer, wie es klingt.",
        "Mein Anwalt braucht einen Kontoauszug.",
        "Die Verbraucherzentrale empfiehlt diesen Tarif.",
        "Mir ist zum Glück nichts passiert.",
        "Das Internet ist seit Stunden weg.",
        "Wann kommt das letzte Paket?",
    ],
    "en": [
        "",
        "I'd like to rebook my flight.",
        "I'm not angry, I just wanted to ask.",
        "I'm not at all upset.",
        "I'm not really very annoyed.",
        "It's no disgrace, really.",
        "Could you help me, please?",
        "Sorry to bother you.",
        "That would be very kind of you.",
        "Good morning, my card was stolen.",
        "I'd like to report a scam.",
        "I'm flying with you for pleasure.",
        "Tell me a joke.",
        "What are your opening hours?",
        "This may be a stupid question.",
        "There's an awful lot of luggage.",
        "My suitcase didn't arrive, unfortunately.",
        "I'd like to make a complaint, if you have a moment.",
        "I have a terrible memory, what was the date?",
        "I'm sorry, I didn't hear that.",
        "I'm very happy with it, thanks.",
        "I think the bill is a little high.",
        "No, that isn't right.",
        "In the worst case I take the train.",
        "My lawyer needs a bank statement.",
        "My solicitor asked for the invoice.",
    ],
}
UPSET = {
    "de": [
        "Das ist eine Frechheit!",
        "Ich bin stinksauer.",
        "Ich bin wirklich wütend auf Sie",
        "So eine Unverschämtheit",
        "Jetzt reicht es mir aber",
        "Mir reicht's!",
        "Ich habe die Nase voll von Ihnen",
        "Das darf doch nicht wahr sein",
        "Das kann doch nicht Ihr Ernst sein",
        "Ich warte seit Stunden in dieser Leitung",
        "Ich rufe jetzt zum dritten Mal an",
        "so ein scheißladen",
        "Das lasse ich mir nicht gefallen",
        "Ihr Service ist eine Katastrophe",
        "Das ist doch lächerlich",
        "Ich bin sehr unzufrieden",
        "Ich bin überhaupt nicht zufrieden",
        "Das ist nicht akzeptabel",
        "Sie hören von meinem Anwalt",
        "Wollen Sie mich verarschen?",
        "verdammt noch mal, geben Sie mir einen Menschen",
        "Kein Wunder, dass ich sauer bin",
        "Ich bin nicht nur enttäuscht, ich bin empört",
        "Das ist nicht schlimm, aber ich bin trotzdem sauer",
        "Was für eine Sauerei",
        "Halt die Klappe",
        "Spinnt ihr eigentlich?",
        "Das ist ja das Letzte",
        "Sie blöde Maschine",
        "Das ist schon mein vierter Anruf",
        "Danke für gar nichts",
        "Ich zeige Sie an",
        "Ich hänge seit einer halben Stunde in der Leitung",
        "Ich bin echt sauer",
        "Ich schalte meinen Anwalt ein",
        "Das kann ja wohl nicht wahr sein",
    ],
    "en": [
        "This is outrageous!",
        "I'm furious.",
        "I am really angry with you",
        "That's ridiculous",
        "I've had enough of this",
        "I'm sick and tired of waiting",
        "You must be kidding me",
        "I've been waiting for hours",
        "This is the third time I've called",
        "I'm calling for the third time",
        "what the hell is going on",
        "I won't stand for this",
        "Your service is a joke",
        "absolutely pathetic",
        "I'm very unhappy",
        "I'm not happy about this at all",
        "This is not acceptable",
        "You'll hear from my lawyer",
        "Are you taking the piss",
        "damn it, give me a human",
        "No wonder I'm angry",
        "I'm not just disappointed",
        "It's not a big thing but I’m fed up",  # noqa: RUF001 - as some recognisers write it
        "You people are useless",
        "the worst company I know",
        "Thanks for nothing",
        "Stupid robot, get me a human",
        "You lot are a joke",
        "I'm sick to death of this",
        "For God's sake",
        "I've been on hold for forty minutes",
        "You will hear from my solicitor",
    ],
}


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language in CALM for text in CALM[language]]
)
def test_a_calm_caller_is_not_taken_for_upset(language: str, text: str) -> None:
    assert mood_of(text, Language(language)) is Mood.NEUTRAL


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language in UPSET for text in UPSET[language]]
)
def test_an_upset_caller_is_heard(language: str, text: str) -> None:
    assert mood_of(text, Language(language)) is Mood.UPSET


def test_capitals_and_missing_punctuation_do_not_matter() -> None:
    assert mood_of("DAS IST EINE FRECHHEIT", Language.GERMAN) is Mood.UPSET
    assert mood_of("das ist eine frechheit", Language.GERMAN) is Mood.UPSET
