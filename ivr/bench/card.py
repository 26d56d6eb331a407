"""Whisper on a graphics card, beside the processor of the same machine."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from biometrics import Codec, usable_cores
from ivr.bench.chart import Chart, p95, percent
from ivr.bench.words import word_lists
from ivr.evaluate.batching import Batch, card_batches
from ivr.evaluate.conditions import only_coded
from ivr.evaluate.turns_at_once import AtOnce, Said, hear_at_once
from ivr.evaluate.words import read_list
from ivr.settings import UnderstandSettings

_READ_SENTENCES = 40
_ON_CARD = (1, 2, 4, 8, 16, 32, 64)
_CARD_ROUNDS = 6
_ON_PROCESSOR = (1, 2, 4, 8, 16)
_PROCESSOR_ROUNDS = 2

Watch = Callable[[str], None]


def card_charts(whisper: Path, fixtures: Path, speech: Path, *, watch: Watch) -> tuple[Chart, ...]:
    """Turns at the same time on either, and several turns in one go on the card.

    Args:
        whisper: the folder of the model.
        fixtures: recordings of calls, with their words.
        speech: German sentences read by a woman, where they are at hand.
        watch: is told what is measured.

    Raises:
        BadSettings: there is no graphics card that Whisper could use.
    """
    turns = spoken_turns(fixtures, speech)
    card = UnderstandSettings(device="cuda", threads=1)
    processor = replace(card, device="cpu")
    watch("graphics card")
    on_card = [
        hear_at_once(whisper, turns, card, count=count, rounds=_CARD_ROUNDS) for count in _ON_CARD
    ]
    watch("several turns in one go on the graphics card")
    batches = card_batches(whisper, [one.sound for one in turns])
    watch("processor")
    on_processor = [
        hear_at_once(whisper, turns, processor, count=count, rounds=_PROCESSOR_ROUNDS)
        for count in _ON_PROCESSOR
        if count <= usable_cores()
    ]
    return at_once_chart(turns, on_processor, on_card), in_one_go_chart(batches)


def spoken_turns(fixtures: Path, speech: Path) -> list[Said]:
    """Over a mu-law line."""
    line = only_coded(Codec.MULAW)
    turns: list[Said] = []
    with tempfile.TemporaryDirectory() as folder:
        for _, file, language in word_lists(fixtures, speech, Path(folder), _READ_SENTENCES):
            for one in read_list(file):
                sound = line.over(one.sound(), number=len(turns))
                turns.append(Said(sound=sound, language=language, text=one.text))
    return turns


def at_once_chart(
    turns: Sequence[Said], on_processor: Sequence[AtOnce], on_card: Sequence[AtOnce]
) -> Chart:
    """Each level against the most that the processor does."""
    levels = [("processor", one) for one in on_processor] + [("card", one) for one in on_card]
    alone = on_processor[0]
    most = max(one.turns_a_second for one in on_processor)
    together = UnderstandSettings(device="cuda").together
    return Chart(
        title="Whisper on a graphics card",
        made_by=f"{len(turns)} turns, several times, of so many callers at the "
        "same time. The processor has a thread for each; the card hears together what comes while "
        f"it is busy, at most {together}. Other words: turns that are heard "
        "otherwise than by the processor. `ivr bench card`.",
        columns=(
            "computes",
            "turns at once",
            "turns a second",
            "of the processor's most",
            "median ms",
            "95 % ms",
            "word error rate",
            "other words",
        ),
        rows=tuple(
            (
                where,
                f"{one.count}",
                f"{one.turns_a_second:.1f}",
                f"{one.turns_a_second / most:.1f}",
                f"{median(one.took_ms):.0f}",
                f"{p95(one.took_ms):.0f}",
                percent(one.wer(turns)),
                f"{sum(a != b for a, b in zip(one.texts, alone.texts, strict=True))}",
            )
            for where, one in levels
        ),
    )


def in_one_go_chart(batches: Sequence[Batch]) -> Chart:
    """Throughput of so many turns in one go against that of one by one."""
    alone = batches[0]
    return Chart(
        title="Several turns in one go on a graphics card",
        made_by="By one thread, in a window of ten seconds: whoever comes first waits for the "
        "others, and all of them for the longest. `ivr bench card`.",
        columns=("in one go", "ms a turn", "throughput"),
        rows=tuple(
            (f"{one.size}", f"{one.piece_ms:.1f}", f"{alone.piece_ms / one.piece_ms:.2f}")
            for one in batches
        ),
    )
