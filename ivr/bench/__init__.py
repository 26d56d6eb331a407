"""Figures for the documentation, each from a run: how well and how fast every room works."""

from collections.abc import Callable, Iterator
from pathlib import Path

from ivr.bench.chart import Chart
from ivr.bench.claiming import claims_chart
from ivr.bench.conditions import words_by_condition
from ivr.bench.errands import errands
from ivr.bench.growth import calls_at_once_chart, prints_chart
from ivr.bench.intents import heard_intents, intents
from ivr.bench.live import live_chart, measure_live, measure_via
from ivr.bench.non_speech import invented
from ivr.bench.peers import voice_peers, word_peers
from ivr.bench.turns import sizes, turns
from ivr.bench.voices import encoder, search_chart, side_by_side, voices
from ivr.bench.words import transcripts, words
from ivr.wiring import House

__all__ = ["Chart", "live_chart", "measure_all", "measure_live", "measure_via", "search_chart"]

Watch = Callable[[str], None]


def measure_all(house: House, *, checkout: Path, watch: Watch) -> Iterator[Chart]:
    """Every chart that can be made here; what needs recordings that are not here is left out."""
    fixtures = checkout / "audio_fixtures"
    speech = checkout.parent / "shared" / "speech"
    sentences = checkout / "tests" / "ivr" / "understand" / "sentences"
    watch("turns")
    yield turns(house, fixtures)
    watch("live calls")
    yield live_chart(house, fixtures)
    watch("calls at once")
    yield calls_at_once_chart(house, fixtures)
    watch("callers taken from a queue")
    yield claims_chart()
    watch("errands")
    yield errands(house)
    if speech.is_dir():
        watch("voices")
        yield voices(house, speech / "eval")
        watch("encoders side by side")
        yield side_by_side(house, speech / "eval")
    watch("encoder")
    yield encoder(house)
    watch("encoders of others")
    yield voice_peers(house, fixtures)
    watch("search")
    yield search_chart(patience=False)
    watch("voiceprints")
    yield prints_chart()
    watch("recognisers of others")
    yield word_peers(house, fixtures)
    watch("words")
    yield words(house, fixtures, speech)
    yield words_by_condition(house, fixtures, speech)
    watch("words that nobody said")
    yield invented(house.words.recogniser, house.voices.detector)
    yield transcripts(house, fixtures)
    watch("intents")
    yield intents(house, sentences)
    watch("intents over the telephone")
    yield heard_intents(house, sentences)
    watch("lines of code")
    yield sizes(checkout)
