from dataclasses import fields, replace
from datetime import timedelta
from typing import Any, get_args

import numpy as np
import pytest
from fakes.scripted import SOUND
from fakes.stories import BEGAN, KLAUS, NUMBER, REBOOK, SURE, TO_PEOPLE, failed, sign, story, told

from biometrics import (
    Candidate,
    Comparison,
    Flaw,
    Poor,
    Review,
    ReviewId,
    Span,
    Speech,
    Standing,
    StoreUnavailable,
    SubjectId,
    Watched,
    Waveform,
)
from ivr.briefing import context_of, entry_of
from ivr.call import Assurance, CallId, CustomerId, Language, Line, Malformed, Withheld
from ivr.chronicle import record_of
from ivr.decide.dialogue import (
    AnythingElse,
    Choosing,
    Confirming,
    Dialogue,
    Filling,
    Menu,
    Offered,
    Pending,
    Picking,
    Proving,
    Question,
    Rating,
    Repeating,
    Troubled,
    Typing,
)
from ivr.errand import Errand, Option, PageKind, Thread
from ivr.kept_call import KeptCall, WrittenCalls, again, shortened, story_of
from ivr.sending import Sending
from ivr.sharing.codec import Codec
from ivr.turn import SoFar
from ivr.understand.baseline import Baseline
from ivr.verify.challenge import Challenge
from ivr.verify.evidence import Evidence

CALL = CallId("c-1")
OPTION = Option(slots={"flight": "LH453"}, facts={"departure": "2026-11-26T10:15"})
ERRAND = Errand(
    intent="rebook_flight",
    slots={"flight": "LH815"},
    customer_id=CustomerId("k-1"),
    assurance=Assurance.VOICE,
    key="k",
)
SENDING = Sending(
    request="r",
    kind=PageKind.OPTIONS,
    caller=KLAUS,
    intent="rebook_flight",
    options=(OPTION,),
    assurance=Assurance.VOICE,
    thread=Thread(name="t"),
)
PENDING: tuple[Pending, ...] = (
    Offered(intent=REBOOK, is_personal=True, event=KLAUS.events[0]),
    Choosing(first=REBOOK, second=REBOOK),
    *(kind(intent=REBOOK) for kind in (Proving, Repeating, Typing)),
    Filling(intent=REBOOK, slot="flight", earlier=("LH",)),
    *(kind(intent=REBOOK, options=(OPTION,)) for kind in (Confirming, Picking)),
    Menu(intents=("rebook_flight", "baggage")),
    Troubled(incident="i-1", instead=None, suggested=REBOOK),
    AnythingElse(),
    Rating(),
)
DIALOGUE = Dialogue(
    pending=PENDING[0],
    answered=frozenset({"baggage", "check_in"}),
    done=(ERRAND,),
    sent=SENDING,
    later=(REBOOK,),
    trail=(Question(pending=Menu(intents=("a",)), lines=(Line(key="x"),), was_proven=True),),
    language=Language.ENGLISH,
)
SPEECH = Speech(waveform=SOUND, spans=(Span(start_ms=0, end_ms=100),))
VOICE = np.linspace(-1, 1, 5, dtype=np.float32)
STANDING = Standing(
    verdict=replace(
        SURE,
        incremental=Comparison(score=0.5, llr=1.5, net_ms=900),
        poor=(Poor(code=Flaw.NOISY, reason="loud"),),
        signs=(sign("exact_replay"),),
    ),
    evidence=SPEECH,
    voice=VOICE,
)
REVIEW = Review(
    id=ReviewId("r-1"),
    watchlist="w-1",  # type: ignore[arg-type]
    subject=SubjectId("s-1"),
    candidates=(Candidate(entry=SubjectId("e-1"), band="llr_8_10"),),
    is_promised=True,
    found_at=BEGAN,
)
EVIDENCE = Evidence(
    subject=SubjectId("s-1"),
    standing=STANDING,
    verdict=SURE,
    forbidding=(sign("made"),),
    watched=Watched(net_ms=900, voice=VOICE, reviews=(REVIEW,)),
    clearest=STANDING,
    uncompared=(SPEECH,),
    spoiled="replay",
)
SO_FAR = SoFar(
    dialogue=DIALOGUE,
    evidence=EVIDENCE,
    challenge=Challenge(
        digits="47192",
        language=Language.GERMAN,
        issued_at=BEGAN,
        expires_at=BEGAN + timedelta(seconds=30),
    ),
    usual=Baseline(net_ms=6_000, usual=(0.5, 1.25)),
    stale=2,
    spoken_in=Language.GERMAN,
)
TURNS = (told(reasons=("one",)), told(TO_PEOPLE, after_s=20, reasons=("upset -> queue senior",)))
KEPT = KeptCall(
    name="n-1",
    call_id=CALL,
    number=NUMBER,
    gateway="twilio",
    began_at=BEGAN,
    heard_at=BEGAN + timedelta(seconds=20),
    so_far=SO_FAR,
    results=tuple(one.result for one in TURNS),
    told=tuple(map(shortened, TURNS)),
    prompt=SOUND,
    event="e-1",
)


def same(first: Any, second: Any) -> bool:
    """Values that hold arrays are not compared by themselves."""
    if isinstance(first, np.ndarray):
        return first.dtype == second.dtype and np.array_equal(first, second)
    if isinstance(first, tuple):
        return len(first) == len(second) and all(map(same, first, second))
    if type(first) is not type(second):
        return False
    if isinstance(first, KeptCall | SoFar | Evidence | Standing | Watched | Speech | Waveform):
        return all(same(getattr(first, f.name), getattr(second, f.name)) for f in fields(first))
    return bool(first == second)


def there_and_back(kept: KeptCall) -> KeptCall:
    written = WrittenCalls()
    call_id, read = written.read(written.write(kept.call_id, kept))
    assert call_id == kept.call_id
    return read


@pytest.mark.parametrize(
    "data", [b"", b"\x01", Codec([]).write({"a": "b"}), Codec([]).write("KeptCall")]
)
def test_what_is_no_call_is_refused(data: bytes) -> None:
    with pytest.raises(StoreUnavailable):
        WrittenCalls().read(data)


def test_a_call_of_another_version_is_left_alone() -> None:
    written = WrittenCalls()

    with pytest.raises(StoreUnavailable):
        written.read(written.write(CALL, replace(KEPT, version=KEPT.version + 1)))


def test_a_call_comes_back_as_it_was() -> None:
    assert same(KEPT, there_and_back(KEPT))


def test_every_question_comes_back_as_the_question_that_it_was() -> None:
    assert {type(one) for one in PENDING} == set(get_args(Pending))
    for pending in PENDING:
        so_far = replace(SO_FAR, dialogue=replace(DIALOGUE, pending=pending))
        assert there_and_back(replace(KEPT, so_far=so_far)).so_far.dialogue.pending == pending


@pytest.mark.parametrize("number", [NUMBER, Withheld(), Malformed()])
def test_numbers_are_told_apart(number: Any) -> None:
    assert there_and_back(replace(KEPT, number=number)).number == number


def test_what_was_heard_twice_is_kept_once() -> None:
    """A call with minutes of speech in it must not take long to keep."""
    long = Waveform(samples=np.zeros(96_000, dtype=np.float32), rate_hz=8_000)
    speech = Speech(waveform=long, spans=SPEECH.spans)
    standing = replace(STANDING, evidence=speech)
    evidence = replace(EVIDENCE, standing=standing, clearest=standing)
    kept = replace(KEPT, so_far=replace(SO_FAR, evidence=evidence))

    assert len(WrittenCalls().write(CALL, kept)) < 250_000


def test_people_and_the_journal_are_told_the_same_of_a_call_that_was_kept() -> None:
    whole = story(*TURNS, failed(after_s=30), dialogue=DIALOGUE)
    kept = replace(KEPT, told=tuple(map(shortened, whole.turns)), gateway=whole.gateway)
    read = story_of(there_and_back(kept))

    def context(one: Any) -> Any:
        return context_of(one, business="airline", earlier=lambda _: ())

    def record(one: Any) -> Any:
        named = replace(one, name="n-1")
        return record_of(named, business="airline", mark=lambda customer: f"m-{customer}")

    assert context(read) == context(whole)
    assert record(read) == record(whole)
    entry, expected = entry_of(read), entry_of(whole)
    assert entry is not None
    assert expected is not None
    assert replace(entry, id=expected.id) == expected


def test_the_answer_that_was_given_is_given_again() -> None:
    answer = again(KEPT)

    assert answer.result == KEPT.results[-1]
    assert answer.sound is SOUND
    assert (answer.action.queue, answer.action.priority) == ("senior", 80)  # type: ignore[union-attr]
