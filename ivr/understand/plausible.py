"""Is this what somebody said, or what Whisper made up out of noise?"""

import re
import zlib
from dataclasses import dataclass, field

from ivr.settings import UnderstandSettings

_NO_SPEECH = 0.6
"""From this no-speech probability on, short texts get no allowance (the limit of OpenAI's code)."""

_LONGEST_WORD = 36
"""Letters, as many as Kraftfahrzeughaftpflichtversicherung has."""

_SHORTEST_RUN = 4
"""Words; people do say "ja, ja" and "nein, danke, nein, danke"."""

_LOOP = 5
"""Words from which on few different ones are a loop; people do say "ja, ja, ja, ja"."""

_LONG_LOOP = 10
"""Words of a loop that nobody says, however sure it seems."""

_SURE_OF_LOOP = -0.45
"""Mean log-probability from which on a loop is believed: "nein" five times, shouted, had -0.37,
loops that tones, sirens and a crying baby gave mostly -0.59 and less."""

_DRAWN_OUT = re.compile(r"([^\W\d])\1{3}", re.IGNORECASE)
"""A letter four times in a row, as in "Aaaah": a sound, and no word."""

_EXCLAMATIONS = frozenset(
    {
        *("ah", "oh", "ooh", "woo", "wow", "whoa", "äh", "ähm", "puh"),
        *("bam", "beep", "boom", "piep"),
    }
)
"""A turn of nothing else says nothing, and babies, sirens and tunes are written so."""

_SHORTEST_SHOUT = 3
"""Letters; what is spelt, such as L H, is shorter."""

_CREDITS = re.compile(
    r"amara\.org|untertitel(ung)? (der|des|im auftrag|von)\b|subtitles by"
    r"|(thanks?|thank you) (you )?for (watching|listening)|danke fürs (zuschauen|zuhören)",
    re.IGNORECASE,
)
"""Closing lines of films: Whisper learned them as the words that belong to no speech."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One text that Whisper offers for a stretch of sound."""

    text: str = field(repr=False)
    mean_log_probability: float
    """Natural log, mean over the tokens; 0 is certain."""

    tokens: int
    no_speech: float
    """Probability that nobody speaks."""

    duration_ms: int
    """Of the sound."""


def is_invented(reading: Reading, settings: UnderstandSettings) -> bool:
    """The text is too improbable, too repetitive, too fast or too well known to have been said."""
    return (
        not words(reading.text)
        or max(map(len, words(reading.text))) > _LONGEST_WORD
        or reading.mean_log_probability < _least_log_probability(reading, settings)
        or compression(reading.text) > settings.greatest_compression
        or _words_per_second(reading) > settings.most_words_per_second
        or _is_loop(reading)
        or _is_sound(reading.text)
        or _CREDITS.search(reading.text) is not None
    )


def said_once(text: str) -> str:
    """The text without a second run of the whole: Whisper repeats itself in short windows."""
    parts = text.split()
    for times in (3, 2):
        length, rest = divmod(len(parts), times)
        runs = {tuple(words(" ".join(parts[i * length : (i + 1) * length]))) for i in range(times)}
        if length >= _SHORTEST_RUN and not rest and len(runs) == 1:
            return " ".join(parts[:length])
    return text


def words(text: str) -> list[str]:
    """The words alone, for comparing: no case, no punctuation."""
    return re.findall(r"\w+", text.casefold())


def compression(text: str) -> float:
    """Bytes of the text to bytes of its zlib stream; OpenAI's code takes 2.4 for a loop."""
    data = text.encode()
    return len(data) / len(zlib.compress(data))


def _is_loop(reading: Reading) -> bool:
    """The same few words over and over, and not surely so."""
    found = words(reading.text)
    if len(set(found)) * 3 > len(found) + 1:
        return False
    if reading.no_speech > _NO_SPEECH:
        return len(found) >= _LOOP - 1
    is_sure = reading.mean_log_probability >= _SURE_OF_LOOP
    return len(found) >= (_LONG_LOOP if is_sure else _LOOP)


def _is_sound(text: str) -> bool:
    """What Whisper writes for sounds: "Ah! Ah!", drawn-out letters, or capitals as in BEEP BEEP."""
    found = words(text)
    return (
        set(found) <= _EXCLAMATIONS
        or _DRAWN_OUT.search(text) is not None
        or (len(found) > 1 and text.isupper() and min(map(len, found)) >= _SHORTEST_SHOUT)
    )


def _least_log_probability(reading: Reading, settings: UnderstandSettings) -> float:
    """The limit, lowered by 1 / tokens.

    The first token (which capital, which word at all) is the dearest; in "Ja." there is little to
    average it with. A right "Ja." was measured at -1.3, made-up texts of few tokens below -2.
    """
    allowance = 0.0 if reading.no_speech > _NO_SPEECH else 1.0 / max(reading.tokens, 1)
    return settings.least_log_probability - allowance


def _words_per_second(reading: Reading) -> float:
    return len(words(reading.text)) * 1_000 / max(reading.duration_ms, 1_000)
