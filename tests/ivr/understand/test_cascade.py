"""The better recogniser answers; the quicker one does whenever that would come too late."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Event

import numpy as np
import pytest

from biometrics import Span, Speech, Waveform
from ivr.call import Language, Transcript, Unheard
from ivr.errors import ModelDamaged, NoRecogniser
from ivr.settings import UnderstandSettings
from ivr.understand.cascade import Cascade
from ivr.understand.lane import T, ThreadLane
from ivr.understand.recogniser import transcribe, without_long_pauses

DE, EN = Language.GERMAN, Language.ENGLISH
SOUND = Waveform(samples=np.zeros(8_000, dtype=np.float32), rate_hz=8_000)
SPEECH = Speech(waveform=SOUND, spans=(Span(start_ms=0, end_ms=1_000),))
AT_ONCE = UnderstandSettings(deadline_ms=0)
NEVER_LATE = UnderstandSettings(deadline_ms=600_000)


@dataclass
class FakeHearing:
    engine: str
    language: Language
    text: str
    may_end: Event
    fed_ms: int = 0

    def feed(self, sound: Waveform) -> None:
        self.fed_ms += sound.duration_ms

    def abandon(self) -> None: ...

    def partial(self) -> str:
        return f"{self.fed_ms} ms"

    def finish(self) -> Transcript | Unheard:
        self.may_end.wait(timeout=60)
        if self.text == "damaged":
            raise ModelDamaged("The model is damaged.")
        if not self.text:
            return Unheard.NOISE
        return Transcript(
            text=self.text, language=self.language, confidence=0.9, engine=self.engine
        )


def _open() -> Event:
    event = Event()
    event.set()
    return event


@dataclass
class FakeRecogniser:
    engine: str
    languages: frozenset[Language]
    text: str = "Mein Flug L H 815"
    grammars: list[tuple[str, ...]] = field(default_factory=list)
    names: list[tuple[str, ...]] = field(default_factory=list)
    hearings: list[FakeHearing] = field(default_factory=list)
    may_end: Event = field(default_factory=_open)

    def start(
        self,
        language: Language | None,
        *,
        grammar: tuple[str, ...] = (),
        names: tuple[str, ...] = (),
    ) -> FakeHearing:
        self.grammars.append(grammar)
        self.names.append(names)
        spoken = language or min(self.languages)
        self.hearings.append(FakeHearing(self.engine, spoken, self.text, self.may_end))
        return self.hearings[-1]


class CrowdedLane:
    """So many are always before us; the work itself is done at once."""

    at_once = 1

    def __init__(self, length: int) -> None:
        self.length = length

    def submit(self, work: Callable[[], T]) -> "Future[T]":
        answer: Future[T] = Future()
        answer.set_result(work())
        return answer


def whisper(*languages: Language, text: str = "Mein Flug L H 815") -> FakeRecogniser:
    return FakeRecogniser("whisper", frozenset(languages or (DE, EN)), text)


def vosk(*languages: Language) -> FakeRecogniser:
    return FakeRecogniser("vosk", frozenset(languages or (EN,)), "my flight")


def slow_whisper() -> FakeRecogniser:
    return FakeRecogniser("whisper", frozenset({DE, EN}), may_end=Event())


def engine_for(cascade: Cascade, language: Language | None) -> str:
    heard = transcribe(cascade, SPEECH, language)
    assert isinstance(heard, Transcript)
    assert heard.fallback == ""
    return heard.engine


def answer(cascade: Cascade, language: Language) -> tuple[str, str]:
    """The engine, and why it was not the preferred one."""
    heard = transcribe(cascade, SPEECH, language)
    assert isinstance(heard, Transcript)
    return heard.engine, heard.fallback


@pytest.mark.parametrize("language", [None, DE, EN])
def test_with_nothing_installed_nobody_listens(language: Language | None) -> None:
    with pytest.raises(NoRecogniser):
        Cascade(None, None).start(language)


def test_a_language_that_nobody_understands_is_refused() -> None:
    with pytest.raises(NoRecogniser):
        Cascade(None, vosk(EN)).start(DE)


def test_the_preferred_one_answers() -> None:
    cascade = Cascade(whisper(), vosk(), settings=NEVER_LATE)

    assert engine_for(cascade, EN) == "whisper"
    assert cascade.languages == {DE, EN}
    assert cascade.engine == "cascade"


def test_without_whisper_vosk_answers() -> None:
    assert engine_for(Cascade(None, vosk()), EN) == "vosk"


def test_vosk_answers_for_a_language_that_whisper_lacks() -> None:
    assert engine_for(Cascade(whisper(EN), vosk(DE)), DE) == "vosk"


def test_an_unknown_language_goes_to_the_one_that_can_tell_them_apart() -> None:
    assert engine_for(Cascade(whisper(), vosk(EN), settings=AT_ONCE), None) == "whisper"


def test_an_unknown_language_goes_to_the_preferred_one_when_none_can_tell() -> None:
    assert engine_for(Cascade(whisper(EN), vosk(DE)), None) == "whisper"


def test_the_grammar_is_handed_on_to_both() -> None:
    final, streaming = whisper(), vosk()
    hearing = Cascade(final, streaming, settings=NEVER_LATE).start(EN, grammar=("yes", "no"))

    hearing.partial()
    hearing.finish()

    assert final.grammars == streaming.grammars == [("yes", "no")]


def test_names_that_are_likely_reach_the_recogniser() -> None:
    final = whisper()

    transcribe(Cascade(final, None), SPEECH, DE, ("Reykjavík",))

    assert final.names == [("Reykjavík",)]


def test_what_breaks_in_the_lane_is_told_to_who_waits() -> None:
    with pytest.raises(ModelDamaged):
        transcribe(Cascade(whisper(text="damaged"), vosk(), settings=NEVER_LATE), SPEECH, EN)


def test_after_the_deadline_vosk_answers_and_says_why() -> None:
    late = slow_whisper()
    cascade = Cascade(late, vosk(), settings=AT_ONCE)

    assert answer(cascade, EN) == ("vosk", "deadline")
    late.may_end.set()


@pytest.mark.parametrize(("is_there", "answered"), [(True, "whisper"), (False, "vosk")])
def test_vosk_gets_ready_before_the_deadline_and_whisper_may_still_come(
    monkeypatch: pytest.MonkeyPatch, is_there: bool, answered: str
) -> None:
    comes = [False, is_there]
    monkeypatch.setattr("ivr.understand.cascade._comes", lambda *_: comes.pop(0))
    streaming = vosk()

    heard = transcribe(Cascade(whisper(), streaming), SPEECH, EN)

    assert isinstance(heard, Transcript)
    assert heard.engine == answered
    assert [hearing.fed_ms for hearing in streaming.hearings] == [1_000]


def test_a_late_one_counts_as_load_until_it_ends_and_blocks_no_later_turn() -> None:
    late, lane = slow_whisper(), ThreadLane(at_once=1)
    settings = UnderstandSettings(deadline_ms=0, most_waiting=0)
    cascade = Cascade(late, vosk(), settings=settings, lane=lane)
    begun = lane.submit(late.may_end.wait)

    assert answer(cascade, EN) == ("vosk", "load")
    assert lane.length == 1

    late.may_end.set()
    begun.result()
    assert answer(Cascade(late, vosk(), settings=NEVER_LATE, lane=lane), EN) == ("whisper", "")


def test_with_too_many_waiting_vosk_answers_and_whisper_is_not_asked() -> None:
    final = whisper()
    settings = UnderstandSettings(most_waiting=3)

    crowded = Cascade(final, vosk(), settings=settings, lane=CrowdedLane(4))
    assert answer(crowded, EN) == ("vosk", "load")
    assert final.hearings == []

    bearable = Cascade(final, vosk(), settings=settings, lane=CrowdedLane(3))
    assert answer(bearable, EN) == ("whisper", "")


def test_where_vosk_lacks_the_language_whisper_is_waited_for() -> None:
    settings = UnderstandSettings(most_waiting=0, deadline_ms=0)

    assert answer(Cascade(whisper(), vosk(EN), settings=settings, lane=CrowdedLane(9)), DE) == (
        "whisper",
        "",
    )


def test_words_that_vosk_is_not_sure_of_are_none() -> None:
    unsure = FakeRecogniser("vosk", frozenset({EN}), "")
    settings = UnderstandSettings(most_waiting=0)

    heard = transcribe(
        Cascade(whisper(), unsure, settings=settings, lane=CrowdedLane(1)), SPEECH, EN
    )

    assert heard is Unheard.NOISE


def test_a_turn_that_comes_whole_costs_no_second_recognition() -> None:
    streaming = vosk()

    engine_for(Cascade(whisper(), streaming, settings=NEVER_LATE), EN)

    assert streaming.hearings == []


def test_vosk_rests_while_whisper_keeps_up() -> None:
    streaming = vosk()
    hearing = Cascade(whisper(), streaming, settings=NEVER_LATE).start(EN)

    for _ in range(5):
        hearing.feed(SOUND)

    assert isinstance(hearing.finish(), Transcript)
    assert streaming.hearings == []


def test_vosk_is_never_so_far_behind_that_it_could_not_answer_in_time() -> None:
    streaming = vosk()
    hearing = Cascade(whisper(), streaming, settings=NEVER_LATE).start(EN)

    for _ in range(25):
        hearing.feed(SOUND)

    assert [each.fed_ms for each in streaming.hearings] == [19_000]


def test_alone_vosk_hears_what_is_said_while_it_is_said() -> None:
    streaming = vosk()
    hearing = Cascade(None, streaming).start(EN)

    for _ in range(3):
        hearing.feed(SOUND)

    assert [each.fed_ms for each in streaming.hearings] == [2_000]


def test_a_turn_that_comes_piece_by_piece_gives_words_on_the_way() -> None:
    hearing = Cascade(whisper(), vosk(), settings=NEVER_LATE).start(EN)

    hearing.feed(SOUND)
    hearing.feed(SOUND)
    assert hearing.partial() == "2000 ms"
    assert hearing.partial() == "2000 ms"

    assert isinstance(hearing.finish(), Transcript)


def test_without_vosk_there_are_no_words_on_the_way() -> None:
    hearing = Cascade(whisper(), None).start(DE)
    hearing.feed(SOUND)

    assert hearing.partial() == ""


def test_everything_that_was_said_reaches_vosk_when_it_must_answer() -> None:
    streaming = vosk()
    settings = UnderstandSettings(most_waiting=0)
    hearing = Cascade(whisper(), streaming, settings=settings, lane=CrowdedLane(1)).start(EN)

    for _ in range(3):
        hearing.feed(SOUND)
    hearing.finish()

    assert [each.fed_ms for each in streaming.hearings] == [3_000]


def test_what_was_begun_at_a_pause_is_used_whatever_the_load() -> None:
    lane = CrowdedLane(0)
    settings = UnderstandSettings(most_waiting=0)
    hearing = Cascade(whisper(), vosk(), settings=settings, lane=lane).start(EN)
    hearing.feed(SOUND)
    hearing.pause()
    lane.length = 9

    heard = hearing.finish()

    assert isinstance(heard, Transcript)
    assert (heard.engine, heard.fallback) == ("whisper", "")


def test_a_turn_without_speech_wakes_no_recogniser() -> None:
    preferred = whisper()

    heard = transcribe(preferred, Speech(waveform=SOUND, spans=()), DE)

    assert heard is Unheard.SILENCE
    assert preferred.grammars == []


def test_noise_stays_noise() -> None:
    assert transcribe(whisper(text=""), SPEECH, DE) is Unheard.NOISE


def test_a_whole_turn_comes_out_corrected() -> None:
    heard = transcribe(Cascade(whisper(), None), SPEECH, DE)

    assert isinstance(heard, Transcript)
    assert heard.text == "Mein Flug LH 815"


def test_long_pauses_are_cut_and_short_ones_stay() -> None:
    sound = Waveform(samples=np.arange(10_000, dtype=np.float32), rate_hz=1_000)
    spans = (
        Span(start_ms=1_000, end_ms=2_000),
        Span(start_ms=2_500, end_ms=3_000),
        Span(start_ms=8_000, end_ms=9_900),
    )

    kept = without_long_pauses(Speech(waveform=sound, spans=spans)).samples

    assert np.array_equal(kept, [*range(700, 3_300), *range(7_700, 10_000)])


def test_where_too_many_turns_wait_in_the_house_the_quicker_one_answers() -> None:
    whisper, vosk = (
        FakeRecogniser("whisper", frozenset({EN})),
        FakeRecogniser("vosk", frozenset({EN})),
    )
    cascade = Cascade(whisper, vosk, settings=NEVER_LATE, is_pressed=lambda: True)

    heard = transcribe(cascade, SPEECH, EN)

    assert isinstance(heard, Transcript)
    assert (heard.engine, heard.fallback) == ("vosk", "load")
    assert whisper.hearings == []


def test_whoever_only_the_better_one_understands_is_heard_by_it_all_the_same() -> None:
    whisper = FakeRecogniser("whisper", frozenset({DE, EN}))
    cascade = Cascade(whisper, None, settings=NEVER_LATE, is_pressed=lambda: True)

    heard = transcribe(cascade, SPEECH, DE)

    assert isinstance(heard, Transcript)
    assert heard.engine == "whisper"
