"""How words are heard and judged."""

from dataclasses import dataclass, field
from typing import Literal

from ivr.settings.plan import plan_here

_MOST_WAITING = 8

_IN_ONE_GO = 16
"""On an H100, 8 took 10.8 ms each, 16 took 5.8 and 32 took 4.2; each waits for its whole go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderstandSettings:
    """How words are heard and judged."""

    engine: Literal["whisper", "vosk", "cascade"] = "cascade"
    """The cascade is Whisper, and Vosk beneath it: for words while they are spoken, and for the
    answer where Whisper is missing, late or too busy."""

    device: Literal["cpu", "cuda"] = "cpu"
    """Where Whisper computes: the processor, or a graphics card of NVIDIA, for which cuBLAS has
    to be installed too."""

    threads: int = field(default_factory=lambda: plan_here().recognition_threads)
    """Processor threads of one recognition. A sentence of seven seconds took 222 ms on one and 360
    on two of a machine that had nothing else to do: words come one after the other, and threads
    wait for each other at every one of them."""

    at_once: int = field(default_factory=lambda: plan_here().recognitions)
    """Turns that Whisper works on at the same time; the others wait. By the number of cores."""

    in_one_go: int | None = None
    """Turns that Whisper works on together, at most: those that came while it was busy. They take
    the place of those at the same time. None: 16 on a graphics card, 1 on a processor, which gains
    nothing by it."""

    sentence_threads: int = field(default_factory=lambda: plan_here().sentence_threads)
    """Processor threads that look for the meaning of one sentence."""

    most_waiting: int | None = None
    """Turns that may be in Whisper's hands when one more comes; with more, Vosk answers if it
    has the language. None: 8, since a turn takes Whisper about half a second on two processors;
    where it works on several together, what it does in two goes."""

    deadline_ms: int = 4_000
    """Time after the end of speech in which Whisper must answer where Vosk could do so instead."""

    names: str = ""
    """Names of products and places that callers say and Whisper does not know, separated by commas;
    some thirty fit. No names of people: from an unclear sentence Whisper may make one up."""

    least_log_probability: float = -1.0
    """Mean log-probability a token under which Whisper's text is taken for invented."""

    greatest_compression: float = 2.4
    """Compression ratio above which text repeats itself and is taken for invented."""

    most_words_per_second: float = 6.0
    """Words a second of speech above which text is taken for invented."""

    pack: str = "airline"
    """Which of the intent packs: airline, bank, telecom, retail, or a YAML file."""

    @property
    def lanes(self) -> int:
        """Turns that Whisper works on, together or at the same time."""
        return self.together if self.together > 1 else self.at_once

    @property
    def together(self) -> int:
        """`in_one_go`, or what it is where nothing was said."""
        if self.in_one_go is not None:
            return self.in_one_go
        return _IN_ONE_GO if self.device == "cuda" else 1

    @property
    def most_in_hand(self) -> int:
        """`most_waiting`, or what it is where nothing was said."""
        if self.most_waiting is not None:
            return self.most_waiting
        return 2 * self.together if self.together > 1 else _MOST_WAITING

    @property
    def likely_names(self) -> tuple[str, ...]:
        return tuple(name.strip() for name in self.names.split(",") if name.strip())
