"""Whisper hears what was said over a telephone, and nothing in noise."""

import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import ctranslate2
import numpy as np
import pytest

from biometrics import Span, Speech, Waveform, joined
from ivr.call import Language, Transcript, Unheard
from ivr.errors import BadSettings, ModelDamaged, ModelMissing
from ivr.settings import UnderstandSettings
from ivr.understand.recogniser import transcribe
from ivr.understand.whisper_model import Answer, Task, Whisper
from ivr.understand.whisper_recogniser import WhisperRecogniser

Speaking = Callable[[str, str], Waveform]
DE, EN = Language.GERMAN, Language.ENGLISH
RATE_HZ = 8_000


@pytest.fixture(scope="module")
def whisper(whisper_folder: Path) -> WhisperRecogniser:
    return WhisperRecogniser(whisper_folder)


@pytest.mark.skipif(ctranslate2.get_cuda_device_count() > 0, reason="there is a graphics card")
@pytest.mark.parametrize("found", [0, 1])
def test_without_a_graphics_card_it_is_refused_and_says_what_to_do(
    whisper_folder: Path, monkeypatch: pytest.MonkeyPatch, found: int
) -> None:
    monkeypatch.setattr("ctranslate2.get_cuda_device_count", lambda: found)

    with pytest.raises(BadSettings, match="IVR_UNDERSTAND__DEVICE"):
        WhisperRecogniser(whisper_folder, UnderstandSettings(device="cuda"))


@pytest.mark.skipif(not ctranslate2.get_cuda_device_count(), reason="there is no graphics card")
def test_a_graphics_card_hears_what_the_processor_hears(
    whisper: WhisperRecogniser, whisper_folder: Path, telephoned: Speaking
) -> None:
    card = WhisperRecogniser(whisper_folder, UnderstandSettings(device="cuda"))
    sound = telephoned("Guten Tag, ich möchte meinen Flug umbuchen.", "de-DE")

    assert text(card, sound, DE) == text(whisper, sound, DE)


def test_turns_in_one_go_are_each_heard_as_if_alone(
    whisper_folder: Path, telephoned: Speaking
) -> None:
    """What a graphics card does with turns that come at the same time, done by the processor."""
    model = Whisper(whisper_folder, UnderstandSettings())
    said: list[tuple[str, str, Language | None]] = [
        ("Guten Tag, ich möchte meinen Flug umbuchen.", "de-DE", DE),
        ("Good morning, I would like to cancel my booking.", "en-GB", None),
        ("Ja.", "de-DE", DE),
        ("Mein Koffer ist nicht angekommen.", "de-DE", None),
    ]
    tasks = [
        model.task(telephoned(sentence, voice), given, lambda: True)
        for sentence, voice, given in said
    ]
    together = [answer for answer in model.answers(tasks) if answer]

    alone = [answer for task in tasks if (answer := model.answer(task))]
    assert [one.language for one in together] == [DE, EN, DE, DE]
    assert [one.readings[0].text for one in together] == [one.readings[0].text for one in alone]
    assert "umbuchen" in together[0].readings[0].text


def test_calls_at_the_same_time_are_heard_in_one_go_where_that_is_wanted(
    whisper_folder: Path, telephoned: Speaking, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes: list[int] = []
    answers = Whisper.answers

    def noted(model: Whisper, tasks: Sequence[Task]) -> list[Answer | None]:
        goes.append(len(tasks))
        return answers(model, tasks)

    monkeypatch.setattr(Whisper, "answers", noted)
    together = WhisperRecogniser(whisper_folder, UnderstandSettings(in_one_go=4))
    said = ["Guten Tag, ich möchte meinen Flug umbuchen.", "Ja.", "Nein, danke."] * 3
    sounds = [telephoned(sentence, "de-DE") for sentence in said]

    with ThreadPoolExecutor(len(sounds)) as calls:
        found = list(calls.map(lambda sound: text(together, sound, DE), sounds))

    assert found == said
    assert sum(goes) == len(said)
    assert 2 <= max(goes) <= 4


def test_turns_in_one_go_that_nobody_wants_any_more_are_not_heard_to_their_end(
    whisper_folder: Path, telephoned: Speaking
) -> None:
    model = Whisper(whisper_folder, UnderstandSettings())
    sound = telephoned("Guten Tag, ich möchte meinen Flug umbuchen.", "de-DE")
    left, wanted = (model.task(sound, DE, lambda is_wanted=one: is_wanted) for one in (False, True))

    assert model.answers([left, left]) == [None, None]
    assert all(model.answers([left, wanted])), "who is still there is heard"


def heard(
    whisper: WhisperRecogniser, sound: Waveform, language: Language | None
) -> Transcript | Unheard:
    hearing = whisper.start(language)
    hearing.feed(sound)
    return hearing.finish()


def text(whisper: WhisperRecogniser, sound: Waveform, language: Language | None) -> str | Unheard:
    found = heard(whisper, sound, language)
    return found.text if isinstance(found, Transcript) else found


def noise(seconds: int) -> Waveform:
    samples = 0.1 * np.random.default_rng(3).standard_normal(seconds * RATE_HZ)
    return Waveform(samples=samples.astype(np.float32), rate_hz=RATE_HZ)


def tones(*frequencies_hz: float) -> Waveform:
    time = np.arange(2 * RATE_HZ) / RATE_HZ
    samples = sum(0.2 * np.sin(2 * np.pi * frequency * time) for frequency in frequencies_hz)
    return Waveform(samples=np.asarray(samples, dtype=np.float32), rate_hz=RATE_HZ)


def test_an_empty_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        WhisperRecogniser(tmp_path)


def test_a_model_without_its_tokenizer_is_refused_and_not_completed_from_the_network(
    tmp_path: Path,
) -> None:
    for name in ("model.bin", "config.json"):
        (tmp_path / name).write_bytes(b"{}")

    with pytest.raises(ModelMissing):
        WhisperRecogniser(tmp_path)


@pytest.mark.parametrize("tokenizer", [b"{", b"{}"])
def test_files_that_are_no_model_are_refused(tmp_path: Path, tokenizer: bytes) -> None:
    for name in ("model.bin", "config.json"):
        (tmp_path / name).write_bytes(b"{}")
    (tmp_path / "tokenizer.json").write_bytes(tokenizer)

    with pytest.raises(ModelDamaged):
        WhisperRecogniser(tmp_path)


def test_half_a_model_is_refused(whisper_folder: Path, tmp_path: Path) -> None:
    for file in whisper_folder.iterdir():
        if file.name != "model.bin" and file.is_file():
            shutil.copy(file, tmp_path)
    with (whisper_folder / "model.bin").open("rb") as whole:
        (tmp_path / "model.bin").write_bytes(whole.read(1_000_000))

    with pytest.raises(ModelDamaged):
        WhisperRecogniser(tmp_path)


def test_a_turn_without_sound_is_silence(whisper: WhisperRecogniser) -> None:
    assert whisper.start(DE).finish() is Unheard.SILENCE


@pytest.mark.parametrize("samples", [0, 1, 80, 16_000])
def test_a_dead_line_is_silence(whisper: WhisperRecogniser, samples: int) -> None:
    dead = Waveform(samples=np.zeros(samples, dtype=np.float32), rate_hz=RATE_HZ)

    assert heard(whisper, dead, DE) is Unheard.SILENCE


@pytest.mark.parametrize("language", [None, DE, EN])
def test_noise_gives_no_words(whisper: WhisperRecogniser, language: Language | None) -> None:
    assert heard(whisper, noise(3), language) is Unheard.NOISE


def test_a_click_of_a_single_sample_gives_no_words(whisper: WhisperRecogniser) -> None:
    click = Waveform(samples=np.ones(1, dtype=np.float32), rate_hz=RATE_HZ)

    assert heard(whisper, click, DE) is Unheard.NOISE


@pytest.mark.parametrize("frequencies_hz", [(425.0,), (697.0, 1_209.0), (852.0, 1_477.0)])
def test_tones_of_the_line_and_of_keys_give_no_words(
    whisper: WhisperRecogniser, frequencies_hz: tuple[float, ...]
) -> None:
    assert heard(whisper, tones(*frequencies_hz), DE) is Unheard.NOISE


@pytest.mark.parametrize(
    "sentence",
    [
        "Mein Koffer ist nicht angekommen.",
        "Die Ware ist beschädigt angekommen.",
        "Ich brauche eine neue Karte.",
    ],
)
def test_german_over_the_telephone(
    whisper: WhisperRecogniser, telephoned: Speaking, sentence: str
) -> None:
    assert sentence == text(whisper, telephoned(sentence, "de-DE"), DE)


def test_english_over_the_telephone(whisper: WhisperRecogniser, telephoned: Speaking) -> None:
    sentence = "I would like to speak to an agent."

    assert sentence == text(whisper, telephoned(sentence, "en-GB"), EN)


@pytest.mark.parametrize(("answer", "language"), [("Ja.", DE), ("No.", EN)])
def test_a_short_answer_is_heard(
    whisper: WhisperRecogniser, telephoned: Speaking, answer: str, language: Language
) -> None:
    voice = {DE: "de-DE", EN: "en-GB"}[language]

    assert answer == text(whisper, telephoned(answer, voice), language)


@pytest.mark.parametrize(
    ("sentence", "voice", "language"),
    [
        ("Ich brauche eine neue Karte.", "de-DE", DE),
        ("I would like to speak to an agent.", "en-GB", EN),
    ],
)
def test_the_language_is_found_out(
    whisper: WhisperRecogniser,
    telephoned: Speaking,
    sentence: str,
    voice: str,
    language: Language,
) -> None:
    found = heard(whisper, telephoned(sentence, voice), None)

    assert isinstance(found, Transcript)
    assert (found.language, found.text, found.engine) == (language, sentence, "whisper")


def test_a_name_that_is_likely_is_written_as_it_is_known(
    whisper: WhisperRecogniser, telephoned: Speaking
) -> None:
    sound = telephoned("Wir fliegen am Samstag nach Thessaloniki.", "de-DE")
    hearing = whisper.start(DE, names=("Kopenhagen", "Thessaloniki", "Surfando Plus"))

    hearing.feed(sound)
    found = hearing.finish()

    assert isinstance(found, Transcript)
    assert found.text == "Wir fliegen am Samstag nach Thessaloniki."


def test_names_that_are_likely_are_not_heard_where_they_were_not_said(
    whisper: WhisperRecogniser, telephoned: Speaking
) -> None:
    names = ("Kopenhagen", "Thessaloniki", "Surfando Plus")
    hearing = whisper.start(DE, names=names)

    hearing.feed(telephoned("Mein Koffer ist nicht angekommen.", "de-DE"))
    found = hearing.finish()

    assert isinstance(found, Transcript)
    assert found.text == "Mein Koffer ist nicht angekommen."


def test_the_operator_names_what_is_likely(whisper_folder: Path, telephoned: Speaking) -> None:
    named = WhisperRecogniser(
        whisper_folder, UnderstandSettings(names="Kopenhagen, Thessaloniki , ,Surfando Plus")
    )

    sentence = "Wir fliegen am Samstag nach Thessaloniki."

    assert text(named, telephoned(sentence, "de-DE"), DE) == sentence


def test_names_are_not_made_up_out_of_noise(whisper: WhisperRecogniser) -> None:
    hearing = whisper.start(DE, names=("Kopenhagen", "Thessaloniki"))

    hearing.feed(noise(3))

    assert hearing.finish() is Unheard.NOISE


def test_more_names_than_fit_are_left_out(whisper: WhisperRecogniser, telephoned: Speaking) -> None:
    names = tuple(f"Reykjavík {number}" for number in range(500))
    hearing = whisper.start(DE, names=("Kopenhagen", *names))

    hearing.feed(telephoned("Mein Koffer ist nicht angekommen.", "de-DE"))

    assert isinstance(hearing.finish(), Transcript)


def test_confidence_is_a_probability_and_other_readings_have_other_words(
    whisper: WhisperRecogniser, telephoned: Speaking
) -> None:
    found = heard(whisper, telephoned("Ich möchte mit einem Mitarbeiter sprechen.", "de-DE"), DE)

    assert isinstance(found, Transcript)
    assert 0.5 < found.confidence < 1.0
    assert len(found.alternatives) <= 2
    assert found.text not in found.alternatives


def test_sound_that_comes_in_frames_gives_the_words_of_the_whole(
    whisper: WhisperRecogniser, telephoned: Speaking
) -> None:
    sound = telephoned("Mein Koffer ist nicht angekommen.", "de-DE")
    hearing = whisper.start(DE)

    for start_ms in range(0, sound.duration_ms + 20, 20):
        hearing.feed(sound.cut(start_ms, start_ms + 20))
    found = hearing.finish()

    assert hearing.partial() == ""
    assert isinstance(found, Transcript)
    assert found.text == "Mein Koffer ist nicht angekommen."


def test_a_turn_longer_than_the_window_is_heard_to_its_end(
    whisper: WhisperRecogniser, telephoned: Speaking
) -> None:
    sentences = [
        "Mein Koffer ist nicht angekommen.",
        "Die Ware ist beschädigt angekommen.",
        "Ich möchte am nächsten Freitag fliegen.",
        "Ich brauche eine neue Karte.",
        "Meine Rechnung ist viel zu hoch, das kann nicht stimmen.",
        "Ich möchte meine Kreditkarte sperren lassen, sie wurde mir gestohlen.",
        "Ich würde gerne meine Bestellung zurückgeben.",
        "Wann kommt der Techniker?",
        "Gibt es einen früheren Flug nach Hamburg?",
        "Seit gestern geht mein Telefon nicht mehr.",
        "Das habe ich Ihren Kollegen schon zweimal erzählt.",
        "Ich möchte mit einem Mitarbeiter sprechen.",
    ]
    turn = joined([telephoned(sentence, "de-DE") for sentence in sentences])

    found = text(whisper, turn, DE)

    assert turn.duration_ms > 30_000
    assert isinstance(found, str)
    assert found.startswith(sentences[0])
    assert found.endswith(sentences[-1])
    assert 60 < len(found.split()) < 80


def test_a_long_pause_is_not_filled_with_words(
    whisper: WhisperRecogniser, telephoned: Speaking
) -> None:
    first = telephoned("Mein Koffer ist nicht angekommen.", "de-DE")
    second = telephoned("Ich brauche eine neue Karte.", "de-DE")
    pause = Waveform(samples=np.zeros(24 * RATE_HZ, dtype=np.float32), rate_hz=RATE_HZ)
    again_ms = first.duration_ms + pause.duration_ms
    spans = (
        Span(start_ms=200, end_ms=first.duration_ms - 200),
        Span(start_ms=again_ms + 200, end_ms=again_ms + second.duration_ms - 200),
    )

    found = transcribe(whisper, Speech(waveform=joined([first, pause, second]), spans=spans), DE)

    assert isinstance(found, Transcript)
    assert found.text == "Mein Koffer ist nicht angekommen. Ich brauche eine neue Karte."


def test_what_nobody_waits_for_any_more_is_not_understood(
    whisper: WhisperRecogniser, telephoned: Speaking
) -> None:
    spoken = telephoned("Mein Koffer ist nicht angekommen.", "de-DE")
    hearing, other = whisper.start(Language.GERMAN), whisper.start(Language.GERMAN)
    for one in (hearing, other):
        one.feed(spoken)

    hearing.abandon()

    assert hearing.finish() is Unheard.SILENCE
    assert isinstance(other.finish(), Transcript)


def test_two_calls_at_once_do_not_mix(whisper: WhisperRecogniser, telephoned: Speaking) -> None:
    german = telephoned("Ich brauche eine neue Karte.", "de-DE")
    english = telephoned("I would like to speak to an agent.", "en-GB")

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(text, whisper, german, DE)
        second = threads.submit(text, whisper, english, EN)

    assert first.result() == "Ich brauche eine neue Karte."
    assert second.result() == "I would like to speak to an agent."
