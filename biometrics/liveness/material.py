"""What a detector of synthetic voices learns from and is tested on, prepared once."""

import csv
import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from biometrics.liveness.lines import line_by_dice, over_line
from biometrics.liveness.opus import through_opus
from biometrics.liveness.vocoders import RATE_HZ, VOCODERS
from biometrics.recordings import SUFFIXES, read_recording
from biometrics.resample import resampled
from biometrics.waveform import Waveform

HUMAN = "human"
LONGEST_MS = 3_200
_SHORTEST_MS = 900

HELD_OUT = frozenset({"world", "festival-hts", "festival-foreign"})
"""Kinds of attack that nothing is ever learned from, not even a threshold."""

_PEOPLE = {
    "arabic_speech_commands": 250,
    "librispeech": 200,
    "picovoice_intent": 300,
    "picovoice_wakewords": 150,
    "precise_community": 50,
    "speech_commands": 550,
    "speechocean762": 600,
}
"""Recordings of each set that are learned from."""

_SET_ASIDE = 0.15
"""Share of the speakers whose recordings choose the threshold and teach nothing."""

_NOT_VOCODED = 0.35
"""Share of the recordings learned from that are learned from as they are only."""

_MADE_AGAIN, _KEPT_AGAIN = 0.6, 0.2
"""Shares of vocoded and of other recordings that pass Opus at 16 kHz once more."""

_TESTED = 120
"""Recordings of each set that is tested on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One recording before it goes over a line."""

    path: Path
    kind: str
    """`human`, or how it was made."""
    set: str
    speaker: str
    part: str
    """train, dev or eval."""
    vocoder: str = ""
    """A human recording is put through it first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One prepared sound."""

    first: int
    length: int
    kind: str
    set: str
    speaker: str
    part: str
    codec: str


def human_sources(manifest: Path, *, seed: int) -> Iterator[Source]:
    """People to learn from, by dice, and everybody kept for evaluation."""
    with manifest.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    chance = np.random.default_rng(seed)
    taken: Counter[tuple[str, bool]] = Counter()
    for row in chance.permutation(np.array(rows, dtype=object)):
        is_test = row["path"].startswith("eval/")
        taken[row["set"], is_test] += 1
        most = _TESTED if is_test else _PEOPLE.get(row["set"], 0)
        if taken[row["set"], is_test] <= most:
            learned = "dev" if _dice(row["speaker"]) < _SET_ASIDE else "train"
            yield _human(manifest, row, "eval" if is_test else learned)


def vocoded_sources(people: Sequence[Source], *, seed: int) -> Iterator[Source]:
    """Some of the people again, each through a vocoder by dice."""
    chance = np.random.default_rng(seed)
    for person in people:
        if person.part != "eval" and chance.random() < _NOT_VOCODED:
            continue
        kinds = [k for k in VOCODERS if person.part == "eval" or k not in HELD_OUT]
        kind = str(chance.choice(kinds))
        yield Source(
            path=person.path,
            kind=kind,
            set=person.set,
            speaker=person.speaker,
            part=person.part,
            vocoder=kind,
        )


def spoken_sources(folder: Path) -> Iterator[Source]:
    """Recordings of synthetic voices, one folder a kind."""
    for kind in sorted(path for path in folder.iterdir() if path.is_dir()):
        files = sorted(file for file in kind.iterdir() if file.suffix in SUFFIXES)
        for place, file in enumerate(files):
            learned = ("eval", "dev", "train", "train", "train")[place % 5]
            part = "eval" if kind.name in HELD_OUT else learned
            yield Source(path=file, kind=kind.name, set="tts", speaker=kind.name, part=part)


def prepare(
    sources: Sequence[Source], folder: Path, *, seed: int, progress: Callable[[int, int], None]
) -> None:
    """Write each source over one line by dice: sound.i16 and index.json."""
    folder.mkdir(parents=True, exist_ok=True)
    entries: list[Entry] = []
    first = 0
    with (folder / "sound.i16").open("wb") as file:
        for place, source in enumerate(sources):
            chance = np.random.default_rng([seed, place])
            heard = _heard(source, chance)
            if heard is not None:
                sound, codec = heard
                whole = np.rint(sound.samples * 32767).astype(np.int16)
                file.write(whole.tobytes())
                entries.append(
                    Entry(
                        first=first,
                        length=len(whole),
                        kind=source.kind,
                        set=source.set,
                        speaker=source.speaker,
                        part=source.part,
                        codec=codec,
                    )
                )
                first += len(whole)
            progress(place + 1, len(sources))
    text = json.dumps([asdict(entry) for entry in entries])
    (folder / "index.json").write_text(text, encoding="utf-8")


def read_material(folder: Path) -> tuple[list[Entry], NDArray[np.int16]]:
    """What was prepared, and all samples one after the other."""
    rows = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    return [Entry(**row) for row in rows], np.fromfile(folder / "sound.i16", dtype=np.int16)


def _heard(source: Source, chance: Generator) -> tuple[Waveform, str] | None:
    whole = resampled(read_recording(source.path, longest_ms=12_000), RATE_HZ)
    sound = _spoken_part(whole, chance)
    if sound is None:
        return None
    if source.vocoder:
        made = VOCODERS[source.vocoder](sound.samples.astype(np.float64), chance)
        sound = Waveform(samples=np.clip(made, -1, 1).astype(np.float32), rate_hz=RATE_HZ)
    # All recordings came as Opus, so that passing it must say nothing about who speaks: some of
    # what is made from them passes it once more, and fewer of the people.
    if chance.random() < (_MADE_AGAIN if source.vocoder else _KEPT_AGAIN):
        sound = through_opus(sound)
    line = line_by_dice(chance)
    return over_line(sound, line, chance), line.codec


def _spoken_part(sound: Waveform, chance: Generator) -> Waveform | None:
    """Silence around is cut, so that its length says nothing; then some 3 s of the rest."""
    width = RATE_HZ // 50
    whole = sound.samples[: len(sound.samples) // width * width].reshape(-1, width)
    power = np.mean(whole.astype(np.float64) ** 2, axis=1)
    loud = np.flatnonzero(power > power.max(initial=0.0) * 1e-3)
    if not len(loud):
        return None
    first_ms, last_ms = int(loud[0]) * 20 - 60, int(loud[-1]) * 20 + 80
    if last_ms - first_ms < _SHORTEST_MS:
        return None
    start_ms = first_ms + int(chance.integers(0, max(last_ms - first_ms - LONGEST_MS, 0) + 1))
    return sound.cut(max(start_ms, 0), min(start_ms + LONGEST_MS, last_ms))


def _human(manifest: Path, row: dict[str, str], part: str) -> Source:
    return Source(
        path=manifest.parent / row["path"],
        kind=HUMAN,
        set=row["set"],
        speaker=row["speaker"],
        part=part,
    )


def _dice(name: str) -> float:
    return zlib.crc32(name.encode()) / 2**32
