from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import numpy as np
import pytest

from ivr.sharing.codec import Codec, NotReadable


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """Something small."""

    name: str
    colour: Colour = Colour.RED


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """The same fields as a leaf, and another thing."""

    name: str
    colour: Colour = Colour.RED


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """Everything at once."""

    leaf: Leaf | Twin
    leaves: tuple[Leaf, ...] = ()
    names: frozenset[str] = frozenset()
    facts: dict[str, str] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    at: datetime | None = None
    on: date | None = None
    share: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """Nobody named it."""


CODEC = Codec([Colour, Leaf, Twin, Branch])
BRANCH = Branch(
    leaf=Twin(name="b"),
    leaves=(Leaf(name="a"), Leaf(name="ä\n")),
    names=frozenset({"y", "x"}),
    facts={"$c": "Leaf", "flight": "LH815"},
    reasons=["one"],
    at=datetime(2026, 5, 20, 12, tzinfo=UTC),
    on=date(1950, 5, 21),
)


@pytest.mark.parametrize("value", [Stranger(), {"a": object()}, b"bytes", (1, Stranger())])
def test_what_was_not_named_is_not_written(value: object) -> None:
    with pytest.raises(TypeError):
        CODEC.write(value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x02" + CODEC.write(Leaf(name="a"))[1:],
        CODEC.write(Leaf(name="a"))[:-3],
        CODEC.write(Leaf(name="a")).replace(b"Leaf", b"Loaf"),
        CODEC.write(Leaf(name="a")).replace(b'"name"', b'"mane"'),
        CODEC.write(Leaf(name="a")).replace(b'"red"', b'"rod"'),
        CODEC.write(Leaf(name="a")).replace(b'"$c"', b'"$x"'),
        CODEC.write(np.zeros(3))[:-1],
    ],
)
def test_what_nobody_wrote_like_this_is_refused(data: bytes) -> None:
    with pytest.raises(NotReadable):
        CODEC.read(data)


def test_only_classes_that_were_named_are_ever_made() -> None:
    written = Codec([Stranger]).write(Stranger())

    with pytest.raises(NotReadable):
        CODEC.read(written)


def test_a_field_that_the_reader_does_not_know_is_refused_and_a_missing_one_is_usual() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Leaf:
        name: str
        colour: Colour = Colour.RED
        is_poisonous: bool = False

    newer = Codec([Colour, Leaf])
    with pytest.raises(NotReadable):
        CODEC.read(newer.write(Leaf(name="a", is_poisonous=True)))
    older: Any = newer.read(CODEC.write(globals()["Leaf"](name="a")))
    assert older == Leaf(name="a")


def test_values_come_back_as_they_were() -> None:
    read = CODEC.read(CODEC.write(BRANCH))

    assert read == BRANCH
    assert isinstance(read, Branch)
    assert type(read.leaf) is Twin


@pytest.mark.parametrize(
    "array",
    [
        np.array([0, 1, -32_767, 32_767], dtype=np.float32) / np.float32(32_768),
        np.array([-1.0, 1.0, 0.1], dtype=np.float32),
        np.array([[0.1, 1e300], [np.nan, -0.5]]),
        np.zeros(0, dtype=np.float32),
    ],
)
def test_numbers_come_back_exactly(array: Any) -> None:
    read: Any = CODEC.read(CODEC.write(array))

    assert read.dtype == array.dtype
    assert np.array_equal(read, array, equal_nan=array.dtype == np.float64)


def test_an_array_that_is_told_twice_is_written_once() -> None:
    sound = np.arange(800, dtype=np.float32) / np.float32(32_768)

    assert len(CODEC.write((sound, sound))) < 2 * len(sound) * 2
