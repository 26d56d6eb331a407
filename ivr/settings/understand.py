"""How words are heard and judged."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderstandSettings:
    """How words are heard and judged."""

    engine: Literal["whisper", "vosk", "cascade"] = "cascade"
    """The cascade is Whisper, and Vosk where Whisper is not installed."""

    threads: int = 2
    """Processor threads of one recognition."""

    least_log_probability: float = -1.0
    """Mean log-probability a token under which Whisper's text is taken for invented."""

    greatest_compression: float = 2.4
    """Compression ratio above which text repeats itself and is taken for invented."""

    most_words_per_second: float = 6.0
    """Words a second of speech above which text is taken for invented."""

    pack: str = "airline"
    """Which of the intent packs: airline, bank, telecom, retail, or a YAML file."""
