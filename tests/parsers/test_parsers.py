"""Whatever is read, what comes out is a value or one of the refusals that are written down.

`scripts/fuzz parsers` asks for more examples: FUZZ_EXAMPLES=20000.
"""

import contextlib
import os
import tempfile
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .parsers import PARSERS, Parser

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "40"))
MOST_BYTES = 128 * 1024 * 1024
"""Of memory, for bombs of less than a megabyte."""

every_parser = pytest.mark.parametrize("parser", PARSERS, ids=repr)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """In memory where the machine has such a folder: files are written by the thousand."""
    within = Path("/dev/shm")  # noqa: S108 - a folder of our own in it
    with tempfile.TemporaryDirectory(dir=within if within.is_dir() else None) as name:
        yield Path(name)


ODD = st.sampled_from(
    [
        b"\x00", b"\xff\xff\xff\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\r", b"\n", b"[", b"{", b'"',
        b"- ", b": ", b"&a *a", b"!!python/object/apply:os.system [id]", b"!!binary x", b"1e999",
        b"9" * 5_000, b"-1", b"NaN", b"Infinity", b"2026-99-99", b"null", b"true", b"[]", b"{}",
        b"0x7fffffff", b"1:59:59", b"<<: ", b"\xed\xa0\x80", b"../../etc/passwd", b"%s",
    ]
)  # fmt: skip


@st.composite
def bent(draw: st.DrawFn, example: bytes) -> bytes:
    """The example with a few pieces replaced, doubled or cut out."""
    data = example
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        to = min(len(data), at + draw(st.integers(0, 12)))
        piece = draw(st.one_of(ODD, st.binary(max_size=4), st.just(data[at:to] * 2)))
        data = data[:at] + piece + data[to:]
    return data[: draw(st.integers(0, len(data)))] if draw(st.integers(0, 9)) == 0 else data


def read(parser: Parser, data: bytes, folder: Path) -> None:
    """Refused or taken."""
    with contextlib.suppress(*parser.refusals):
        parser.read(data, folder)


@every_parser
def test_the_example_is_taken(parser: Parser, folder: Path) -> None:
    parser.read(parser.example, folder)


@every_parser
@settings(max_examples=EXAMPLES)
@given(data=st.data())
def test_nothing_but_its_refusals_comes_out(
    parser: Parser, folder: Path, data: st.DataObject
) -> None:
    read(parser, data.draw(bent(parser.example) | st.binary(max_size=300)), folder)


DEEP = 50_000
BOMBS = {
    "a WAV of 4 GB": b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0"
    b"\x80\x3e\0\0\x02\0\x10\0data\xff\xff\xff\xff\0\0",
    "a format of 4 GB": b"RIFF\x24\0\0\0WAVEfmt \xff\xff\xff\xff",
    "a million empty chunks": b"RIFF\x24\0\0\0WAVE" + b"junk\0\0\0\0" * 100_000,
    "deep lists": b"[" * DEEP,
    "deep YAML": b"a: " + b"[" * DEEP + b"]" * DEEP,
    "deep YAML, block": b"".join(b" " * i + b"a:\n" for i in range(1_000)),
    "deep JSON": b'{"a":' * DEEP,
    "deep TOML": b"a = " + b"[" * DEEP + b"]" * DEEP,
    "deep TOML, dotted": b"a" + b".a" * 2_000 + b" = 1",
    "a billion laughs": b"a0: &a0 [x, x]\n"
    + b"".join(
        b"a%d: &a%d [%s]\n" % (i, i, b", ".join([b"*a%d" % (i - 1)] * 9)) for i in range(1, 20)
    ),
    "a long number": b"9" * 500_000,
    "a long number, named": b"number = " + b"9" * 500_000,
    "a long number, JSON": b'{"number": ' + b"9" * 500_000 + b"}",
    "one long line": b"a" * 900_000,
    "commas": b"," * 900_000,
    "an open quotation": b'customer_id,name\n"' + b"x" * 900_000,
    "endless headers": b"INVITE sip:a SIP/2.0\r\n" + b"Via: x\r\n" * 100_000,
    "compressed JSON numbers": b"[" + b"1e5," * 200_000 + b"1]",
    "far ahead": b'[[callers]]\ncustomer_id = "1"\nsubject = "s"\nname = "n"\nnumbers = []\n'
    b"events = [{kind = 'k', days_ago = 999999999999}]\n",
    "no number at all": b'{"number": Infinity, "follows": NaN, "sequence": 1e999, "again": 0}',
    "no object": b'"text"',
}


@every_parser
@pytest.mark.parametrize("bomb", BOMBS)
def test_little_that_stands_for_much_takes_no_memory(
    parser: Parser, bomb: str, folder: Path
) -> None:
    data = BOMBS[bomb]
    tracemalloc.start()
    try:
        read(parser, data, folder)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < MOST_BYTES
