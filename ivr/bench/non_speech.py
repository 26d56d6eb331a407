"""How often words are made up where nobody speaks."""

from biometrics import SpeechDetector
from ivr.bench.chart import Chart, at_most, percent
from ivr.evaluate.non_speech import NonSpeechFigures, evaluate_non_speech
from ivr.understand.recogniser import Recogniser

_MINUTES = 10
_SEED = 100
"""That of `ivr evaluate non-speech`; the limits were set on others."""


def invented(recogniser: Recogniser, detector: SpeechDetector, *, minutes: int = _MINUTES) -> Chart:
    """As callers are heard, and the recogniser by itself."""
    rows = []
    for name, ears in (("detector and recogniser", detector), ("recogniser alone", None)):
        found = evaluate_non_speech(
            recogniser=recogniser, detector=ears, language=None, minutes=minutes, seed=_SEED
        )
        made_up = sum(kind.invented for kind in found.kinds)
        rows.append(
            (
                name,
                f"{found.minutes:.1f}",
                str(found.stretches),
                _kinds(found) if ears else "not asked",
                str(made_up),
                percent(at_most(made_up, found.stretches)),
            )
        )
    return Chart(
        title="Words that nobody said",
        made_by=f"{len(found.kinds)} kinds of noise, music, tones, keys and breath over a "
        "mu-law line, no language given, in stretches of 8 s that the limits were not set on: "
        "`ivr evaluate non-speech`, and with `--no-detector`.",
        columns=(
            "",
            "minutes",
            "stretches",
            "taken for speech",
            "words made up",
            "at most, with 95 % certainty",
        ),
        rows=tuple(rows),
        is_headline=True,
    )


def _kinds(found: NonSpeechFigures) -> str:
    taken = [f"{kind.kind} {kind.detected}" for kind in found.kinds if kind.detected]
    total = sum(kind.detected for kind in found.kinds)
    return f"{total} ({', '.join(taken)})" if taken else "0"
