"""What the service tells of calls, and what of it should have stayed with the callers."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path

from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from ivr.seeing.otel_tracer import OtelTracer
from ivr.service.logs import Discreet, FieldsFormatter, JsonFormatter, Marked
from ivr.wiring import House

_SOURCE = Path(__file__).parents[2] / "ivr"
_SHORTEST_WORD, _SHORTEST_NUMBER = 5, 4


@dataclass
class Overheard:
    """Everything that was told of some calls."""

    lines: list[str] = field(default_factory=list)
    """Of the log, as text and as JSON."""

    figures: str = ""
    spans: str = ""
    said: set[str] = field(default_factory=set)
    """Sentences of callers and prompts."""

    numbers: set[str] = field(default_factory=set)
    """Telephone numbers, PINs, IBANs, and whatever else was typed or told in digits."""

    names: set[str] = field(default_factory=set)
    """Of customers: what they are called, and ids."""

    @property
    def leaked(self) -> list[str]:
        """What was told and should not have been."""
        told = "\n".join((*self.lines, self.figures, self.spans))
        folded = " ".join(re.findall(r"\w+", told.casefold()))
        words = {word for text in self.said for word in _telling(text)}
        return sorted(
            {one for one in self.names | _compact(self.numbers) if _is_in(one, told)}
            | {one for one in words if f" {one} " in f" {folded} "}
        )


@contextmanager
def overhearing(house: House) -> Iterator[Overheard]:
    """Listens to the log at its most talkative, to spans and, at the end, to figures."""
    heard, exporter = Overheard(), InMemorySpanExporter()
    tracer = OtelTracer(exporter, version="1")
    house.seeing.__dict__["tracer"] = tracer
    root, handler = logging.getLogger(), Lines(heard.lines)
    levels = {name: logging.getLogger(name).level for name in ("", "ivr", "biometrics")}
    root.addHandler(handler)
    for name in levels:
        logging.getLogger(name).setLevel(logging.DEBUG if name else logging.INFO)
    try:
        yield heard
    finally:
        root.removeHandler(handler)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
        tracer.close()
        heard.spans = "\n".join(one.to_json() for one in exporter.get_finished_spans())
        heard.figures = house.seeing.meter.scrape().decode()


class Lines(logging.Handler):
    """Keeps what the service writes, in both of its forms."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self._lines = lines
        self.addFilter(Discreet())
        self.addFilter(Marked())

    def emit(self, record: logging.LogRecord) -> None:
        self._lines += [form.format(record) for form in (FieldsFormatter(), JsonFormatter())]


def _telling(text: str) -> set[str]:
    """Two words in a row, and longer ones that are no part of our own code."""
    words = [word for word in re.findall(r"\w+", text.casefold()) if not word.isdigit()]
    pairs = {f"{one} {two}" for one, two in pairwise(words)}
    return {pair for pair in pairs if not _are_ours(pair)} | {
        word for word in words if len(word) >= _SHORTEST_WORD and not _are_ours(word)
    }


def _are_ours(words: str) -> bool:
    return all(word in _own_words() for word in words.split())


@cache
def _own_words() -> frozenset[str]:
    """Of the code, whose log lines are made of them: German ones are hardly among them."""
    texts = (path.read_text("utf-8") for path in _SOURCE.rglob("*.py"))
    found = (re.findall(r"[a-z]+", text.casefold()) for text in texts)
    return frozenset(word for words in found for word in words)


def _compact(numbers: set[str]) -> set[str]:
    """With and without the country, however they are grouped."""
    bare = {re.sub(r"\W", "", number) for number in numbers}
    local = {one[cut:] for one in bare for cut in (2, 4) if len(one) > 9}
    return {one for one in bare | local if sum(map(str.isdigit, one)) >= _SHORTEST_NUMBER}


def _is_in(one: str, told: str) -> bool:
    """Alone: digests and times hold four digits in a row by chance."""
    return re.search(rf"(?<![0-9a-zA-Z.]){re.escape(one)}(?![0-9a-zA-Z])", told) is not None
