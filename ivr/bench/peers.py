"""Ours and others at the same work, as ratios, with memory and the time to start."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from biometrics import read_recording
from ivr.bench.chart import Chart, p95, percent
from ivr.call import Language
from ivr.evaluate.peers.actor import Absent, Asked, Contestant, Performance, perform
from ivr.evaluate.words import normalised, word_errors
from ivr.listen.wav import write_wav
from ivr.studio import Recording, read_manifest
from ivr.wiring import House
from ivr.wiring.encoder import encoder_folder

_SOUND_MS = 3_000
_VOICE = "klaus-enrol-1.wav"
_ROUNDS = 3
_VOICE_ROUNDS = 30
_EACH_ALONE = (
    "Each in a process of its own, one recording after the other in turns (A B A B ...), the first "
    "round not counted; processor time is that of all its threads, memory the most it held, and "
    "the start lasts from the beginning of the process until it is ready"
)


def voice_peers(house: House, fixtures: Path, *, rounds: int = _VOICE_ROUNDS) -> Chart:
    """Our encoder beside others."""
    ours = Contestant(
        title=house.voices.encoder.id, name="ours", folder=encoder_folder(house.places)
    )
    usual = Contestant(title="ECAPA of 1024 channels, SpeechBrain on torch", name="usual")
    others = [_pulled(house, name) for name in ("resemblyzer", "campplus")]
    with tempfile.TemporaryDirectory() as folder:
        sound = read_recording(fixtures / _VOICE).cut(0, _SOUND_MS)
        recording = Path(folder) / "voice.wav"
        recording.write_bytes(write_wav(sound, encoding="mulaw"))
        shown = perform([usual, ours, *others], [Asked(recording=recording)], rounds=rounds)
    return Chart(
        title="Peers: voices",
        made_by=f"{_SOUND_MS // 1_000} s of telephone sound to a voice on one processor core. "
        f"{_EACH_ALONE}. The usual ECAPA has weights that know nobody: they change no time. How "
        "well they tell people apart is above.",
        columns=(
            *("encoder", "median ms", "of the usual one", "processor ms"),
            *("start, s", "memory, MB"),
        ),
        rows=tuple(_voice_row(one, shown[0]) for one in shown),
    )


def word_peers(house: House, fixtures: Path, *, rounds: int = _ROUNDS) -> Chart:
    """Our recogniser beside others, by language."""
    rows: list[tuple[str, ...]] = []
    recordings = [one for one in read_manifest(fixtures).recordings if one.words]
    for language in Language:
        spoken = [one for one in recordings if one.language == language]
        asked = [Asked(recording=fixtures / one.file, language=language) for one in spoken]
        shown = perform(_recognisers(house, language), asked, rounds=rounds)
        rows += [_word_row(one, shown[0], language, spoken) for one in shown]
    return Chart(
        title="Peers: words",
        made_by=f"The fixture turns, the language told. {_EACH_ALONE}. faster-whisper has the same "
        "weights at 8 bits and its defaults: a window of 30 s, a beam of 5, timestamps. Vosk with "
        "its small model and PocketSphinx with the model of its package know English alone.",
        columns=(
            *("recogniser", "recordings", "word error rate", "median ms", "95 % ms", "to ours"),
            *("processor ms", "start, s", "memory, MB"),
        ),
        rows=tuple(rows),
    )


def _recognisers(house: House, language: Language) -> Sequence[Contestant]:
    whisper = house.places.model_if_here("whisper-base")
    found = [
        Contestant(title="ours (Whisper base)", name="whisper", folder=whisper),
        Contestant(title="faster-whisper", name="faster-whisper", folder=whisper),
        Contestant(title="faster-whisper, one thread", name="faster-whisper-1", folder=whisper),
    ]
    if language is Language.ENGLISH:
        vosk = house.places.model_if_here("vosk-small-en-0.3")
        found.append(Contestant(title="Vosk, small", name="vosk", folder=vosk))
        found.append(Contestant(title="PocketSphinx", name="pocketsphinx"))
    return found


def _pulled(house: House, name: str) -> Contestant:
    on = {"resemblyzer": "Resemblyzer on torch", "campplus": "CAM++ on OpenVINO"}
    return Contestant(title=on[name], name=name, folder=house.places.model_if_here(name))


def _voice_row(one: Performance | Absent, usual: Performance | Absent) -> tuple[str, ...]:
    if isinstance(one, Absent):
        return (one.title, one.reason, "", "", "", "")
    return (
        one.title,
        f"{one.median_ms:.1f}",
        _ratio(one, usual),
        f"{one.cpu_ms:.1f}",
        *_process(one),
    )


def _word_row(
    one: Performance | Absent,
    ours: Performance | Absent,
    language: Language,
    spoken: Sequence[Recording],
) -> tuple[str, ...]:
    if isinstance(one, Absent):
        return (one.title, f"fixtures, {language}", one.reason, "", "", "", "", "", "")
    return (
        one.title,
        f"fixtures, {language}",
        percent(_wrong(one, [recording.words for recording in spoken])),
        f"{one.median_ms:.0f}",
        f"{p95([each.ms for each in one.acted]):.0f}",
        _ratio(one, ours),
        f"{one.cpu_ms:.0f}",
        *_process(one),
    )


def _ratio(one: Performance, other: Performance | Absent) -> str:
    """Of medians that were taken in turns."""
    if isinstance(other, Absent):
        return ""
    return f"{one.median_ms / other.median_ms:.2f}"


def _process(one: Performance) -> tuple[str, str]:
    return f"{one.startup_s:.1f}", f"{one.peak_mb:.0f}"


def _wrong(one: Performance, said: Sequence[str]) -> float:
    """Word error rate, each recording counted as often as it was heard."""
    references = [normalised(words) for words in said]
    heard = [(references[n % len(said)], acted.text) for n, acted in enumerate(one.acted)]
    wrong = sum(word_errors(reference, normalised(text)) for reference, text in heard)
    return wrong / sum(len(reference) for reference, _ in heard)
