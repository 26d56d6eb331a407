"""Values as bytes and back, by the names of their classes; nothing else is ever made of bytes.

JSON with a mark at what JSON has no word for, behind it the numbers of arrays. Who reads makes
only classes that were named to it beforehand, so that whoever could write a row could not have
anything else run. A field that the reader does not know is refused: it might have forbidden
something. One that it lacks takes its default.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

_FORM = b"\x01"
"""Version of the layout."""

_LENGTH_BYTES = 4
_FULL_SCALE = 32_768.0

_DTYPES: dict[str, np.dtype[Any]] = {
    "f4": np.dtype("<f4"),
    "f8": np.dtype("<f8"),
    "i2": np.dtype("<i2"),
}


class NotReadable(Exception):  # noqa: N818 - an error is named after what happened
    """The bytes are of another version, or of nobody who writes like this."""


class Codec:
    """Writes and reads values of the classes that it is given. Every thread may use it."""

    def __init__(self, classes: Iterable[type]) -> None:
        self._classes: dict[str, type] = {one.__name__: one for one in classes}

    def write(self, value: object) -> bytes:
        """Raises TypeError where there is something in it that was not named."""
        arrays = _Arrays()
        text = json.dumps(self._marked(value, arrays), separators=(",", ":")).encode()
        return b"".join([_FORM, len(text).to_bytes(_LENGTH_BYTES, "big"), text, *arrays.bytes])

    def read(self, data: bytes) -> object:
        """Raises NotReadable."""
        begins = len(_FORM) + _LENGTH_BYTES
        if data[: len(_FORM)] != _FORM:
            raise NotReadable
        length = int.from_bytes(data[len(_FORM) : begins], "big")
        text, rest = data[begins : begins + length], memoryview(data)[begins + length :]
        try:
            return self._value(json.loads(text), rest)
        except (ValueError, KeyError, TypeError, IndexError) as err:
            raise NotReadable from err

    def _marked(self, value: Any, arrays: "_Arrays") -> Any:  # noqa: ANN401, C901, PLR0911 - JSON
        match value:
            case Enum():
                return {"$e": [self._name(value), value.value]}
            case None | bool() | int() | float() | str():
                return value
            case datetime():
                return {"$at": value.isoformat()}
            case date():
                return {"$on": value.isoformat()}
            case np.ndarray():
                return {"$a": arrays.add(value)}
            case tuple():
                return {"$t": [self._marked(one, arrays) for one in value]}
            case list():
                return [self._marked(one, arrays) for one in value]
            case frozenset():
                return {"$s": [self._marked(one, arrays) for one in sorted(value)]}
            case Mapping():
                return {"$m": [[key, self._marked(one, arrays)] for key, one in value.items()]}
            case _ if is_dataclass(value):
                told = {
                    one.name: self._marked(getattr(value, one.name), arrays)
                    for one in fields(value)
                }
                return {"$c": self._name(value), **told}
            case _:
                raise TypeError(f"No {type(value).__name__} can be shared.")

    def _name(self, value: object) -> str:
        name = type(value).__name__
        if self._classes.get(name) is not type(value):
            raise TypeError(f"No {name} can be shared.")
        return name

    def _value(self, told: Any, rest: memoryview) -> Any:  # noqa: ANN401, C901, PLR0911 - JSON
        match told:
            case {"$c": str() as name}:
                told = {key: self._value(one, rest) for key, one in told.items() if key != "$c"}
                return self._classes[name](**told)
            case {"$e": [str() as name, value]}:
                return self._classes[name](value)
            case {"$t": list() as values}:
                return tuple(self._value(one, rest) for one in values)
            case {"$s": list() as values}:
                return frozenset(self._value(one, rest) for one in values)
            case {"$m": list() as pairs}:
                return {key: self._value(one, rest) for key, one in pairs}
            case {"$at": str() as text}:
                return datetime.fromisoformat(text)
            case {"$on": str() as text}:
                return date.fromisoformat(text)
            case {"$a": [str() as dtype, list() as shape, int() as begins]}:
                return _array(dtype, shape, begins, rest)
            case list():
                return [self._value(one, rest) for one in told]
            case dict():
                raise ValueError(told.keys())
            case _:
                return told


class _Arrays:
    """Arrays of one value, each of them once."""

    def __init__(self) -> None:
        self.bytes: list[bytes] = []
        self._known: dict[int, list[object]] = {}
        self._kept: list[NDArray[Any]] = []
        """So that no other array is given the identity of one that is known."""

        self._length = 0

    def add(self, array: NDArray[Any]) -> list[object]:
        """Where it is found again: kind of number, shape, first byte."""
        if id(array) not in self._known:
            self._known[id(array)] = self._added(array)
            self._kept.append(array)
        return self._known[id(array)]

    def _added(self, array: NDArray[Any]) -> list[object]:
        dtype, numbers = _packed(array)
        begins, data = self._length, np.ascontiguousarray(numbers, _DTYPES[dtype]).tobytes()
        self.bytes.append(data)
        self._length += len(data)
        return [f"{array.dtype.kind}{array.dtype.itemsize}-{dtype}", list(array.shape), begins]


def _packed(array: NDArray[Any]) -> tuple[str, NDArray[Any]]:
    """Sound of a telephone is whole steps of 16 bits: half the room, and nothing lost."""
    if array.dtype == np.float32:
        steps = np.round(array * _FULL_SCALE)
        if np.all(np.abs(steps) < _FULL_SCALE) and np.array_equal(steps / _FULL_SCALE, array):
            return "i2", steps
        return "f4", array
    if array.dtype == np.float64:
        return "f8", array
    raise TypeError(f"No array of {array.dtype} can be shared.")


def _array(kind: str, shape: Collection[int], begins: int, rest: memoryview) -> NDArray[Any]:
    _, _, packed = kind.partition("-")
    dtype = _DTYPES[packed]
    count = int(np.prod(list(shape), dtype=np.int64))
    read = np.frombuffer(rest, dtype=dtype, count=count, offset=begins).reshape(tuple(shape))
    match kind:
        case "f4-i2":
            sound: NDArray[Any] = (read / _FULL_SCALE).astype(np.float32)
            return sound
        case "f4-f4" | "f8-f8":
            return np.array(read)
    raise ValueError(kind)
