"""What a recogniser listens for that can be limited to a few words."""

from collections.abc import Mapping
from types import MappingProxyType

from ivr.call import Language

Grammar = Mapping[Language, tuple[str, ...]]

DIGITS: Grammar = MappingProxyType(
    {
        Language.GERMAN: (
            *("null", "eins", "zwei", "zwo", "drei", "vier"),
            *("fünf", "sechs", "sieben", "acht", "neun"),
        ),
        Language.ENGLISH: (
            *("zero", "oh", "one", "two", "three", "four"),
            *("five", "six", "seven", "eight", "nine"),
        ),
    }
)

YES: Grammar = MappingProxyType(
    {
        Language.GERMAN: ("ja", "jawohl", "genau", "richtig", "stimmt", "gerne", "gern"),
        Language.ENGLISH: ("yes", "yeah", "yep", "correct", "exactly"),
    }
)

NO: Grammar = MappingProxyType(
    {
        Language.GERMAN: ("nein", "nee", "nö", "falsch", "keineswegs"),
        Language.ENGLISH: ("no", "nope", "wrong"),
    }
)
"""No "right" in English: the small Vosk model hears "flight" as it, with full confidence."""

NEITHER: Grammar = MappingProxyType(
    {
        Language.GERMAN: ("ich weiß nicht", "jain", "vielleicht"),
        Language.ENGLISH: ("i don't know", "i know", "maybe"),
    }
)
"""Listened for so that it is not taken for an answer: without it "I don't know" is a sure "no"."""

YES_OR_NO: Grammar = MappingProxyType(
    {language: (*YES[language], *NO[language], *NEITHER[language]) for language in Language}
)

GRAMMARS: Mapping[str, Grammar] = MappingProxyType({"digits": DIGITS, "yes_or_no": YES_OR_NO})
