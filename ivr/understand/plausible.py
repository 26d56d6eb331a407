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


def _least_log_probability(reading: Reading, settings: UnderstandSettings) -> float:
    """The limit, lowered by 1 / tokens.

    The first token (which capital, which word at all) is the dearest; in "Ja." there is little to
    average it with. A right "Ja." was measured at -1.3, made-up texts of few tokens below -2.
    """
    allowance = 0.0 if reading.no_speech > _NO_SPEECH else 1.0 / max(reading.tokens, 1)
    return settings.least_log_probability - allowance


def _words_per_second(reading: Reading) -> float:
    return len(words(reading.text)) * 1_000 / max(reading.duration_ms, 1_000)
