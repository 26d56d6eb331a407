"""What was made up is counted with the detector and without it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biometrics import Waveform
from ivr.bench.non_speech import invented
from ivr.call import Language, Transcript, Unheard


@dataclass
class FakeDetector:
    """Hears speech where it is loud on average, and nowhere else."""

    frame_ms: int = 32

    def probabilities(self, waveform: Waveform) -> NDArray[np.float32]:
        level = np.abs(waveform.samples).mean()
        return np.full(waveform.duration_ms // self.frame_ms, float(level > 0.05), np.float32)


@dataclass
class FakeRecogniser:
    """Takes every turn that is handed over for the same, and is its own hearing."""

    answer: Transcript | Unheard
    engine: str = "fake"
    languages: frozenset[Language] = frozenset(Language)

    def start(
        self,
        language: Language | None,
        *,
        grammar: tuple[str, ...] = (),
        names: tuple[str, ...] = (),
    ) -> "FakeRecogniser":
        return self

    def feed(self, sound: Waveform) -> None: ...

    def partial(self) -> str:
        return ""

    def finish(self) -> Transcript | Unheard:
        return self.answer


YES = Transcript(text="ja", language=Language.GERMAN, confidence=0.9, engine="fake")


def test_nothing_made_up_is_told_with_how_little_it_proves() -> None:
    chart = invented(FakeRecogniser(Unheard.NOISE), FakeDetector(), minutes=1)

    (chain, alone) = chart.rows
    assert chain[3].split(" (")[0] not in {"0", chain[2]}
    assert alone[3] == "not asked"
    assert [row[4:] for row in chart.rows] == [("0", "13.9 %")] * 2


def test_what_is_made_up_is_counted() -> None:
    chart = invented(FakeRecogniser(YES), FakeDetector(), minutes=1)

    (chain, alone) = chart.rows
    assert chain[4] == chain[3].split(" (")[0]
    assert alone[4:] == (alone[2], "100.0 %")
