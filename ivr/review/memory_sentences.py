"""Sentences in memory: gone when the process ends."""

from datetime import datetime
from threading import Lock

from ivr.review.sentence import Sentence, SentenceId


class MemorySentences:
    """Every thread may use the same ones."""

    def __init__(self) -> None:
        self._kept: dict[SentenceId, Sentence] = {}
        self._changing = Lock()

    def add(self, sentence: Sentence, *, most: int) -> bool:
        with self._changing:
            if len(self._kept) >= most:
                return False
            self._kept[sentence.id] = sentence
            return True

    def find(self, sentence: SentenceId) -> Sentence | None:
        return self._kept.get(sentence)

    def of(self, business: str) -> tuple[Sentence, ...]:
        with self._changing:
            kept = [one for one in self._kept.values() if one.business == business]
        return tuple(sorted(kept, key=lambda one: one.at))

    def change(self, sentence: Sentence) -> bool:
        with self._changing:
            is_there = sentence.id in self._kept
            if is_there:
                self._kept[sentence.id] = sentence
            return is_there

    def drop(self, sentence: SentenceId) -> bool:
        with self._changing:
            return self._kept.pop(sentence, None) is not None

    def expire(self, before: datetime) -> int:
        with self._changing:
            old = [key for key, one in self._kept.items() if one.at < before]
            for key in old:
                del self._kept[key]
        return len(old)
