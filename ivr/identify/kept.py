"""Answers of one source that were given before, in memory only, as many as fit."""

from collections import OrderedDict
from dataclasses import dataclass

from ivr.identify.fact import Answer, Failed, Nobody, Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Lives:
    """How long answers are used."""

    fresh_s: float
    """Without asking again."""

    stale_s: float
    """After that, while it is asked for anew, or cannot be."""

    nobody_s: float
    """That nobody is known; never any longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An answer that may be used."""

    answer: Told | Nobody
    is_fresh: bool


class KeptAnswers:
    """Not for several threads at once: whoever asks the source holds its lock."""

    def __init__(self, lives: Lives, *, most: int) -> None:
        self._lives = lives
        self._most = most
        self._answers: OrderedDict[str, tuple[Told | Nobody, float]] = OrderedDict()

    def find(self, key: str, now: float) -> Kept | None:
        """`now` in seconds of an even clock. What is too old is forgotten."""
        found = self._answers.get(key)
        if found is None:
            return None
        answer, at = found
        fresh_s, usable_s = self._limits(answer)
        if now - at >= usable_s:
            del self._answers[key]
            return None
        self._answers.move_to_end(key)
        return Kept(answer=answer, is_fresh=now - at < fresh_s)

    def put(self, key: str, answer: Answer, now: float) -> None:
        """Keep an answer. That a source failed is no answer, and leaves an earlier one alone."""
        if isinstance(answer, Failed):
            return
        self._answers[key] = (answer, now)
        self._answers.move_to_end(key)
        while len(self._answers) > self._most:
            self._answers.popitem(last=False)

    def clear(self) -> None:
        self._answers.clear()

    def _limits(self, answer: Told | Nobody) -> tuple[float, float]:
        match answer:
            case Told():
                return self._lives.fresh_s, self._lives.fresh_s + self._lives.stale_s
            case Nobody():
                return self._lives.nobody_s, self._lives.nobody_s
