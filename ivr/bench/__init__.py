"""Figures for the documentation, each from a run: how well and how fast every room works."""

from collections.abc import Callable, Iterator
from pathlib import Path

from ivr.bench.chart import Chart
from ivr.bench.intents import intents
from ivr.bench.turns import sizes, turns
from ivr.bench.voices import encoder, search_chart, side_by_side, voices
from ivr.bench.words import transcripts, words
from ivr.wiring import House

__all__ = ["Chart", "measure_all", "search_chart"]

Watch = Callable[[str], None]


def measure_all(house: House, *, checkout: Path, watch: Watch) -> Iterator[Chart]:
    """Every chart that can be made here; what needs recordings that are not here is left out."""
    fixtures = checkout / "audio_fixtures"
    speech = checkout.parent / "shared" / "speech"
    watch("turns")
    yield turns(house, fixtures)
    if speech.is_dir():
        watch("voices")
        yield voices(house, speech / "eval")
        watch("encoders side by side")
        yield side_by_side(house, speech / "eval")
    watch("encoder")
    yield encoder(house)
    watch("search")
    yield search_chart(patience=False)
    watch("words")
    yield words(house, fixtures, speech)
    yield transcripts(house, fixtures)
    watch("intents")
    yield intents(house, checkout / "tests" / "ivr" / "understand" / "sentences")
    watch("lines of code")
    yield sizes(checkout)
