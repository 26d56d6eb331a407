"""Whether it pays to do the work of several calls in one go."""

from collections.abc import Sequence
from pathlib import Path

from biometrics import read_recording
from ivr.bench.chart import Chart
from ivr.evaluate.batching import THREADS, Batch, turn_batches, voice_batches
from ivr.studio import read_manifest
from ivr.wiring import House
from ivr.wiring.encoder import own_encoder_folder

_TURNS = 8
_ROUNDS = 6


def batching_chart(house: House, fixtures: Path, *, rounds: int = _ROUNDS) -> Chart:
    """Voices and turns."""
    rows = _rows("voices of 3 s", voice_batches(own_encoder_folder(), rounds=rounds))
    whisper = house.places.model_if_here("whisper-base")
    if whisper is not None:
        spoken = [one for one in read_manifest(fixtures).recordings if one.language == "de"]
        named = [one for one in spoken if one.words][:_TURNS]
        sounds = [read_recording(fixtures / one.file) for one in named]
        rows += _rows("turns, Whisper", turn_batches(whisper, sounds, rounds=rounds))
    return Chart(
        title="Work of several calls in one go",
        made_by=f"Eight pieces of work one by one, {THREADS} at the same time as calls do it, "
        f"against 2, 4 and 8 in one go on {THREADS} threads, in turns; processor time is the surer "
        "figure on a busy machine. In one go pays only if throughput grows by more than a fifth, "
        "since whoever comes first has to wait for the others; while there is nobody to wait for, "
        "it changes nothing.",
        columns=("work", "in one go", "ms a piece", "throughput", "processor ms a piece", "of one"),
        rows=tuple(rows),
    )


def _rows(work: str, batches: Sequence[Batch]) -> list[tuple[str, ...]]:
    alone = batches[0]
    return [
        (
            work,
            f"{one.size}",
            f"{one.piece_ms:.1f}",
            f"{alone.piece_ms / one.piece_ms:.2f}",
            f"{one.cpu_ms:.1f}",
            f"{one.cpu_ms / alone.cpu_ms:.2f}",
        )
        for one in batches
    ]
