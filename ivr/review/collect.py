"""Notices sentences that were not understood, and what the same caller turned out to want."""

import logging
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import Lock

from biometrics import VoiceProblem
from ivr.call import Intent, Language, OutOfScope, Several, Transcript, Understanding, Unsure
from ivr.review.masked import masked
from ivr.review.sentence import Sentence, SentenceId, Why, new_id
from ivr.review.sentences import Sentences
from ivr.settings import ReviewSettings

log = logging.getLogger(__name__)

_MOST_CALLS = 500
"""Calls that are remembered at once; of older ones nothing more is suggested."""

_FEWEST_WORDS = 2
_LONGEST_TEXT = 300

_REPLIES = frozenset({"affirm", "deny", "hello", "repeat", "slower", "back", "help", "goodbye"})
"""Wishes about the talk itself: they settle nothing that was said before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a turn tells about how well its caller is understood."""

    call: str
    """Any word that names the call; it is kept in memory only."""

    transcript: Transcript | None
    """None where nothing was heard, or keys were typed."""

    meaning: Understanding | None
    is_answer: bool
    """To a question of ours that wants no request, such as for digits."""

    settled: str = ""
    """The intent that the caller has agreed to in this turn."""

    is_denied: bool = False
    """What the words before were taken for is not what was meant."""

    names: tuple[str, ...] = field(default=(), repr=False)
    """Names that must not be kept."""

    has_agreed: bool = False
    """The caller is known to be a customer who agreed that such sentences are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misunderstood:
    """A sentence that somebody who talked with the caller says was taken for something else."""

    text: str = field(repr=False)
    language: Language
    taken_for: str
    meant: str = ""
    """Empty where nobody said."""

    names: tuple[str, ...] = field(default=(), repr=False)
    """Names that must not be kept."""

    has_agreed: bool = False
    """The caller is known to be a customer who agreed that such sentences are kept."""


@dataclass(slots=True, kw_only=True)
class _Call:
    open: list[SentenceId] = field(default_factory=list)
    """Kept, and not known yet what was meant."""

    understood: Sentence | None = field(default=None, repr=False)
    """The latest request that seemed clear; it is kept only if that was a mistake."""


class Collector:
    """One per process. Whatever fails here is no reason to fail a call."""

    def __init__(
        self,
        sentences: Sentences,
        settings: ReviewSettings,
        *,
        business: str,
        sure_from: float,
    ) -> None:
        """`sure_from` is the probability of an intent from which it is not read back."""
        self._sentences = sentences
        self._settings = settings
        self._business = business
        self._sure_from = sure_from
        self._calls: OrderedDict[str, _Call] = OrderedDict()
        self._changing = Lock()

    def consider(self, said: Said, now: datetime) -> None:
        """Keep the turn's sentence if it was not understood, and suggest what was meant by it."""
        if not self._may_keep(said.has_agreed):
            return
        # A call has one turn at a time: only what finds the calls is shared.
        with self._changing:
            call = self._call(said.call)
        try:
            self._consider(call, said, now)
        except VoiceProblem as err:
            log.warning("sentence not kept for review", extra={"code": err.code})

    def misunderstood(self, told: Misunderstood, now: datetime) -> bool:
        """Keep a sentence that a person says meant something else; whether it was kept.

        Raises:
            StoreUnavailable: it cannot be kept.
        """
        if not self._may_keep(told.has_agreed) or not _is_readable(told.text):
            return False
        self._sentences.expire(now - timedelta(days=self._settings.keep_days))
        sentence = Sentence(
            id=new_id(),
            business=self._business,
            text=masked(told.text, names=told.names),
            language=told.language,
            why=Why.CORRECTED,
            at=_day(now),
            taken_for=(told.taken_for,),
            suggested=told.meant,
        )
        return self._sentences.add(sentence, most=self._settings.most_sentences)

    def forget(self, call: str) -> None:
        """The call is over."""
        with self._changing:
            self._calls.pop(call, None)

    def _may_keep(self, has_agreed: bool) -> bool:  # noqa: FBT001 - what was agreed, read at once
        match self._settings.collect:
            case "all":
                return True
            case "consented":
                return has_agreed
            case "off":
                return False

    def _call(self, call: str) -> _Call:
        found = self._calls.setdefault(call, _Call())
        self._calls.move_to_end(call)
        while len(self._calls) > _MOST_CALLS:
            self._calls.popitem(last=False)
        return found

    def _consider(self, call: _Call, said: Said, now: datetime) -> None:
        if said.is_denied and call.understood is not None:
            self._keep(call, call.understood, now)
            call.understood = None
        why = weakness(said.meaning, sure_from=self._sure_from)
        settled = said.settled or ("" if why else sure_name(said))
        if settled:
            self._suggest(call, settled)
        transcript = said.transcript
        if said.is_answer or transcript is None or not self._is_worth_reading(transcript):
            return
        sentence = self._sentence(transcript, said, why or Why.CORRECTED, now)
        if why is not None:
            self._keep(call, sentence, now)
        elif sure_name(said):
            call.understood = sentence

    def _keep(self, call: _Call, sentence: Sentence, now: datetime) -> None:
        self._sentences.expire(now - timedelta(days=self._settings.keep_days))
        if self._sentences.add(sentence, most=self._settings.most_sentences):
            call.open.append(sentence.id)

    def _is_worth_reading(self, transcript: Transcript) -> bool:
        """Heard well, longer than a word and shorter than a story."""
        if transcript.confidence < self._settings.least_hearing:
            return False
        return _is_readable(transcript.text)

    def _suggest(self, call: _Call, intent: str) -> None:
        for place in call.open:
            kept = self._sentences.find(place)
            if kept is not None and kept.is_waiting and not _was_right(kept, intent):
                self._sentences.change(replace(kept, suggested=intent))
        call.open.clear()

    def _sentence(self, transcript: Transcript, said: Said, why: Why, now: datetime) -> Sentence:
        return Sentence(
            id=new_id(),
            business=self._business,
            text=masked(transcript.text, names=said.names),
            language=transcript.language,
            why=why,
            at=_day(now),
            taken_for=_readings(said.meaning),
        )


def _is_readable(text: str) -> bool:
    """Longer than a word and shorter than a story."""
    return len(text.strip()) <= _LONGEST_TEXT and len(text.split()) >= _FEWEST_WORDS


def _day(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _was_right(kept: Sentence, intent: str) -> bool:
    """Whoever takes back a correction was understood."""
    return kept.why is Why.CORRECTED and kept.taken_for == (intent,)


def weakness(meaning: Understanding | None, *, sure_from: float) -> Why | None:
    """Why these words were not understood; None when they were, or nothing was said."""
    match meaning:
        case OutOfScope():
            return Why.OUT_OF_SCOPE
        case Unsure():
            return Why.TWO_READINGS
        case Intent(confidence=confidence) if confidence < sure_from:
            return Why.LOW_CONFIDENCE
        case _:
            return None


def sure_name(said: Said) -> str:
    """The one request that these words clearly are, if they are one."""
    if said.is_answer or not isinstance(said.meaning, Intent):
        return ""
    return "" if said.meaning.name in _REPLIES else said.meaning.name


def _readings(meaning: Understanding | None) -> tuple[str, ...]:
    match meaning:
        case Intent(name=name):
            return (name,)
        case Unsure(first=first, second=second):
            return (first.name, second.name)
        case Several(intents=intents):
            return tuple(intent.name for intent in intents)
        case _:
            return ()
