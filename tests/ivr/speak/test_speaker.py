"""Lines in, telephone sound out."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from biometrics import Waveform, joined
from ivr.call import Language, Line
from ivr.errors import BadPrompts, NoVoice
from ivr.settings import SpeakSettings
from ivr.speak.pico_voice import PicoVoice
from ivr.speak.prompts import Prompts, read_prompts
from ivr.speak.speaker import Speaker
from ivr.speak.template import read_template
from ivr.speak.voice import Voice

DE, EN = Language.GERMAN, Language.ENGLISH
KLAUS = Line(key="greet.personal", facts={"name": "Klaus Wunderlich"})
OFFER = Line(
    key="offer.flight_cancelled",
    facts={"flight": "LH815", "origin": "München", "destination": "Los Angeles"},
)
REQUEST = Line(key="ask.request")


class CountingVoice:
    """The real voice, counting how often it has to speak."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self.name, self.language = voice.name, voice.language
        self.spoken: list[str] = []

    def speak(self, text: str) -> Waveform:
        self.spoken.append(text)
        return self._voice.speak(text)


@pytest.fixture
def voice(german_voice: PicoVoice) -> CountingVoice:
    return CountingVoice(german_voice)


@pytest.fixture
def speaker_with(voice: CountingVoice) -> Callable[[Path | None], Speaker]:
    prompts = {language: read_prompts(language, "airline") for language in Language}

    def build(folder: Path | None) -> Speaker:
        return Speaker({DE: voice}, prompts, folder, SpeakSettings(company="Muster Air"))

    return build


@pytest.fixture
def speaker(speaker_with: Callable[[Path | None], Speaker]) -> Speaker:
    return speaker_with(None)


def test_a_language_without_a_voice_is_refused(speaker: Speaker) -> None:
    with pytest.raises(NoVoice):
        speaker.say((REQUEST,), EN)


def test_it_can_still_be_read(speaker: Speaker) -> None:
    assert speaker.text((REQUEST,), EN) == "What can I do for you?"


def test_a_missing_prompt_is_refused(speaker: Speaker) -> None:
    with pytest.raises(BadPrompts):
        speaker.say((Line(key="no.such"),), DE)


def test_nothing_to_say_is_silence_of_no_length(speaker: Speaker) -> None:
    spoken = speaker.say((), DE)

    assert spoken.text == ""
    assert spoken.sound.duration_ms == 0


def test_the_mission_is_said(speaker: Speaker, voice: CountingVoice) -> None:
    spoken = speaker.say((KLAUS, OFFER), DE)
    assert spoken.sound.duration_ms > spoken.first.duration_ms

    assert spoken.text == (
        "Hallo Klaus Wunderlich. Rufen Sie wegen dem LH Flug 815 von München nach Los Angeles an? "
        "Ich kann Ihnen alternative Flüge anbieten."
    )
    assert voice.spoken[1].startswith("Rufen Sie wegen dem L H Flug acht eins fünf von")
    assert spoken.sound.rate_hz == 8_000
    assert 7_000 < spoken.sound.duration_ms < 12_000


def test_lines_are_parted_by_a_short_pause(speaker: Speaker) -> None:
    once = speaker.say((REQUEST,), DE).sound
    twice = speaker.say((REQUEST, REQUEST), DE).sound

    assert twice.duration_ms == pytest.approx(2 * once.duration_ms + 150, abs=2)
    middle = twice.samples[len(once.samples) : len(once.samples) + 1_200]
    assert not np.any(middle)


def test_a_later_attempt_is_worded_differently(speaker: Speaker) -> None:
    line = Line(key="ask.rephrase")

    assert speaker.say((line,), DE).text != speaker.say((line,), DE, attempt=1).text


def test_the_company_introduces_itself_unasked(speaker: Speaker) -> None:
    spoken = speaker.say((Line(key="greet.neutral"),), DE)

    assert spoken.text == "Guten Tag, hier ist der automatische Assistent von Muster Air."


def test_a_fixed_line_is_spoken_once(speaker: Speaker, voice: CountingVoice) -> None:
    first, again = (speaker.say((REQUEST,), DE).sound for _ in range(2))

    assert voice.spoken == ["Was kann ich für Sie tun?"]
    np.testing.assert_array_equal(first.samples, again.samples)


def test_a_restarted_process_finds_fixed_lines_on_disk(
    speaker_with: Callable[[Path | None], Speaker], voice: CountingVoice, tmp_path: Path
) -> None:
    before = speaker_with(tmp_path).say((REQUEST,), DE).sound
    after = speaker_with(tmp_path).say((REQUEST,), DE).sound

    assert len(voice.spoken) == 1
    np.testing.assert_array_equal(before.samples, after.samples)


def test_a_question_about_an_intent_is_fixed_too(speaker: Speaker, voice: CountingVoice) -> None:
    line = Line(key="ask.confirm", facts={"want_key": "intent.rebook_flight.want"})
    speaker.say((line,), DE)
    speaker.say((line,), DE)

    assert voice.spoken == ["Möchten Sie einen Flug umbuchen?"]


def test_personal_lines_never_reach_the_disk_or_the_memory(
    speaker_with: Callable[[Path | None], Speaker], voice: CountingVoice, tmp_path: Path
) -> None:
    speaker = speaker_with(tmp_path)
    for _ in range(2):
        assert speaker.say((KLAUS, OFFER, REQUEST), DE).sound.duration_ms

    (kept,) = tmp_path.iterdir()
    fixed = speaker.say((REQUEST,), DE).sound
    assert len(kept.read_bytes()) == 32 + 2 * len(fixed.samples)
    for word in (b"Klaus", b"Wunderlich", b"LH815", b"815", b"Los Angeles"):
        assert word not in kept.name.encode() + kept.read_bytes()
    assert [text.startswith("Hallo Klaus") for text in voice.spoken].count(True) == 2


def test_nothing_personal_prints(speaker: Speaker) -> None:
    assert "Klaus" not in repr(speaker.say((KLAUS,), DE))


def test_a_hostile_name_is_harmless(speaker: Speaker) -> None:
    name = '<spell>"Klaus"</spell><volume level="200"/>' + "x" * 10_000
    spoken = speaker.say((Line(key="greet.personal", facts={"name": name}), REQUEST), DE)

    assert "<" not in spoken.text
    assert len(spoken.text) < 200
    assert np.abs(spoken.sound.samples).max() <= 0.892


def test_a_name_that_cannot_be_spoken_leaves_the_rest(speaker: Speaker) -> None:
    spoken = speaker.say((Line(key="greet.personal", facts={"name": "李"}),), DE)

    assert spoken.text == "Hallo 李."
    assert spoken.sound.duration_ms > 200


def test_warming_renders_every_fixed_prompt_before_the_first_call(
    voice: CountingVoice, tmp_path: Path
) -> None:
    texts = {
        "greet": ("Hier ist {company}.",),
        "name": ("Hallo {name}.",),
        "repeat": ("Wie bitte?", "Bitte noch einmal."),
    }
    templates = {key: tuple(read_template(key, t) for t in texts[key]) for key in texts}
    prompts = {DE: Prompts(language=DE, templates=templates)}
    prompts[EN] = Prompts(language=EN, templates=templates)
    speaker = Speaker({DE: voice}, prompts, tmp_path, SpeakSettings(company="Muster Air"))

    assert speaker.warm(EN) == 0
    assert speaker.warm(DE) == 3
    assert voice.spoken == ["Hier ist Muster Air.", "Wie bitte?", "Bitte noch einmal."]
    assert len(list(tmp_path.iterdir())) == 3

    speaker.say((Line(key="greet"), Line(key="repeat")), DE, attempt=1)
    assert len(voice.spoken) == 3


class SteadyVoice(CountingVoice):
    """Says a sentence again as it did before, which Pico does not."""

    def __init__(self, voice: Voice) -> None:
        super().__init__(voice)
        self._said: dict[str, Waveform] = {}

    def speak(self, text: str) -> Waveform:
        if text not in self._said:
            self._said[text] = super().speak(text)
        return self._said[text]


def test_a_prompt_in_parts_is_the_prompt_that_is_whole(german_voice: PicoVoice) -> None:
    voice = SteadyVoice(german_voice)
    prompts = {DE: read_prompts(DE, "airline")}
    speaker = Speaker({DE: voice}, prompts, None, SpeakSettings(company="Muster Air"))

    spoken = speaker.say((KLAUS, OFFER, REQUEST), DE)

    assert len(voice.spoken) == 1
    assert len(spoken.rest) == 2
    alone = [speaker.say((line,), DE).sound for line in (KLAUS, OFFER, REQUEST)]
    pause = Waveform(samples=np.zeros(1_200, dtype=np.float32), rate_hz=8_000)
    whole = joined([alone[0], pause, alone[1], pause, alone[2]])
    assert np.array_equal(whole.samples, spoken.sound.samples)
    assert np.array_equal(alone[0].samples, spoken.first.samples)


def test_what_tells_no_facts_is_whole_at_once(speaker: Speaker) -> None:
    assert speaker.say((REQUEST, REQUEST), DE).rest == ()
    assert speaker.say((KLAUS, REQUEST), DE).rest == ()
    assert speaker.say((), DE).rest == ()


def test_a_voice_that_fails_in_the_middle_says_so(
    speaker: Speaker, voice: CountingVoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken = speaker.say((KLAUS, OFFER), DE)

    def fail(_text: str) -> Waveform:
        raise NoVoice("It broke.")

    monkeypatch.setattr(voice, "speak", fail)

    with pytest.raises(NoVoice):
        _ = spoken.sound
