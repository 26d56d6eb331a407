"""Valid messages made wrong, always alike for the same seed."""

import json
import random
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import quote_plus

T = TypeVar("T")

Message = bytes | str
"""Of a WebSocket: binary or text. Over TCP all are bytes."""

ODD_BYTES = (
    b"",
    b"\x00",
    b"\xff" * 3,
    b"\x00" * 65_535,
    b"GET / HTTP/1.1\r\n\r\n",
    b"\xef\xbb\xbf{}",
    b"\xc3\x28",
)
ODD_TEXTS = (
    "",
    " ",
    "null",
    "[]",
    "{}",
    "{",
    '"',
    "NaN",
    "1e999",
    "\x00",
    "\u202e\U0001f600",
    "-1",
    "%s%n%x",
    "../../etc/passwd",
    "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>",
    "'; DROP TABLE calls; --",
    "\r\nX-Injected: 1",
    "A" * 100_000,
    "[" * 5_000,
    '{"a":' * 5_000,
)
ODD_VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    2**63,
    10**400,
    1e308,
    float("nan"),
    [],
    {},
    [[[]]],
    {"": {}},
    ["a", 1, None],
    *ODD_TEXTS[:18],
)


class Mutator:
    """One per run; never shared between threads."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - the same again, not secret

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def script(self, messages: Sequence[T]) -> list[T]:
        """Messages left out, twice, in another order."""
        made = list(messages)
        for _ in range(self.random.randrange(3)):
            at = self.random.randrange(len(made))
            match self.random.randrange(4):
                case 0 if len(made) > 1:
                    del made[at]
                case 1:
                    made.insert(at, made[self.random.randrange(len(made))])
                case 2:
                    other = self.random.randrange(len(made))
                    made[at], made[other] = made[other], made[at]
                case _:
                    made = made[at:] + made[:at]
        return made

    def message(self, message: Message) -> Message:
        """Another content, and now and then the other kind."""
        if isinstance(message, bytes):
            made: Message = self.data(message)
            return bytes(made).decode("latin-1") if self.chance(0.05) else made
        made = self.json(message) if self.chance(0.7) else self.text(message)
        return made.encode("utf-8", "surrogatepass") if self.chance(0.05) else made

    def data(self, data: bytes) -> bytes:
        """Bits flipped, pieces cut out, repeated, put elsewhere, lengths that are lies."""
        for _ in range(1 + self.random.randrange(3)):
            data = self.random.choice(self._of_bytes)(self, data)[:200_000]
        return data

    def text(self, text: str) -> str:
        changed = self.data(text.encode("utf-8", "surrogatepass"))
        return changed.decode("utf-8", "replace")

    def json(self, text: str) -> str:
        """Keys missing, values of other types; what is not JSON is changed as text."""
        try:
            tree = json.loads(text)
        except ValueError:
            return self.text(text)
        for _ in range(1 + self.random.randrange(2)):
            tree = self._changed(tree)
        return json.dumps(tree, ensure_ascii=self.chance(0.5))

    def form(self, fields: dict[str, str]) -> bytes:
        """Fields missing, twice, odd; percent signs that stand for nothing."""
        pairs = list(fields.items())
        for _ in range(1 + self.random.randrange(3)):
            if not pairs:
                break
            at = self.random.randrange(len(pairs))
            name, value = pairs[at]
            match self.random.randrange(5):
                case 0:
                    del pairs[at]
                case 1:
                    pairs.append((name, self.random.choice(ODD_TEXTS)))
                case 2:
                    pairs[at] = (name, self.random.choice(ODD_TEXTS))
                case 3:
                    pairs[at] = (self.text(name), value)
                case _:
                    pairs[at] = (name, self.text(value))
        body = "&".join(
            f"{quote_plus(name, errors='replace')}={quote_plus(value, errors='replace')}"
            for name, value in pairs
        ).encode()
        return self.data(body) if self.chance(0.1) else body

    def _changed(self, tree: Any) -> Any:
        if isinstance(tree, dict) and tree and self.chance(0.85):
            key = self.random.choice(sorted(tree))
            return self._changed_in(tree, key)
        if isinstance(tree, list) and tree and self.chance(0.7):
            at = self.random.randrange(len(tree))
            return [*tree[:at], self._changed(tree[at]), *tree[at + 1 :]]
        return self.random.choice(ODD_VALUES)

    def _changed_in(self, tree: dict[str, Any], key: str) -> dict[str, Any]:
        rest = {name: value for name, value in tree.items() if name != key}
        match self.random.randrange(4):
            case 0:
                return rest
            case 1:
                return {**rest, self.text(key): tree[key]}
            case _:
                return {**tree, key: self._changed(tree[key])}

    def _flip(self, data: bytes) -> bytes:
        made = bytearray(data)
        for _ in range(1 + self.random.randrange(8)):
            if made:
                made[self.random.randrange(len(made))] ^= 1 << self.random.randrange(8)
        return bytes(made)

    def _cut(self, data: bytes) -> bytes:
        begin, end = self._span(data)
        return data[:begin] + data[end:]

    def _end_early(self, data: bytes) -> bytes:
        return data[: self.random.randrange(len(data) + 1)]

    def _repeat(self, data: bytes) -> bytes:
        begin, end = self._span(data)
        return data[:end] + data[begin:end] * self.random.randrange(1, 20) + data[end:]

    def _swap(self, data: bytes) -> bytes:
        begin, end = self._span(data)
        return data[end:] + data[begin:end] + data[:begin]

    def _lie(self, data: bytes) -> bytes:
        """Where a length may be, near the beginning, another is written."""
        at, width = self.random.randrange(6), self.random.choice((1, 2, 4))
        lie = self.random.choice((0, 1, 0x7F, 0x80, 0xFFFF, 2**31, 2**32 - 1)) % 256**width
        return data[:at] + lie.to_bytes(width, "big") + data[at + width :]

    def _odd(self, data: bytes) -> bytes:
        begin, _ = self._span(data)
        return data[:begin] + self.random.choice(ODD_BYTES) + data[begin:]

    def _other(self, _: bytes) -> bytes:
        return self.random.randbytes(self.random.randrange(400))

    def _span(self, data: bytes) -> tuple[int, int]:
        begin = self.random.randrange(len(data) + 1)
        return begin, min(len(data), begin + self.random.randrange(1, 64))

    _of_bytes: tuple[Callable[["Mutator", bytes], bytes], ...] = (
        _flip,
        _flip,
        _cut,
        _end_early,
        _repeat,
        _swap,
        _lie,
        _odd,
        _other,
    )
