"""Pieces of a long text that people edit by themselves, such as one intent of a pack."""

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from ivr.strict_yaml import composed

_HOLDERS = frozenset({"intents", "businesses", "queues", "offers", "prompts"})
"""Their entries are pieces of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some lines of a text."""

    name: str
    """Keys joined by dots, such as intents.rebook_flight."""

    first: int
    """Its first line, from 1."""

    last: int
    """Its last one."""

    def cut(self, text: str) -> str:
        lines = text.splitlines(keepends=True)
        return "".join(lines[self.first - 1 : self.last])

    def put(self, text: str, new: str) -> str:
        """The text with these lines in place of its own."""
        lines = text.splitlines(keepends=True)
        piece = new if new.endswith("\n") or not new else f"{new}\n"
        return "".join([*lines[: self.first - 1], piece, *lines[self.last :]])


def parts_of(text: str) -> tuple[Part, ...]:
    """In order; none where the text is no YAML or has no names."""
    try:
        root = composed(text)
    except yaml.YAMLError:
        return ()
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        return ()
    begins = list(_begins(root))
    if not begins:
        return ()
    ends = [line for _, line in begins[1:]] + [len(text.splitlines())]
    return tuple(
        Part(name=name, first=first + 1, last=last)
        for (name, first), last in zip(begins, ends, strict=True)
        if last > first and name not in _HOLDERS
    )


def _begins(root: yaml.MappingNode) -> Iterator[tuple[str, int]]:
    """Names and lines, from 0; a holder's own line begins a piece that is left out."""
    for key, value in _named(root):
        yield key.value, key.start_mark.line
        if key.value in _HOLDERS and isinstance(value, yaml.MappingNode) and not value.flow_style:
            for inner, _ in _named(value):
                yield f"{key.value}.{inner.value}", inner.start_mark.line


def _named(node: yaml.MappingNode) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    """Entries whose key is a word; a reader will complain of the others."""
    return ((key, value) for key, value in node.value if isinstance(key, yaml.ScalarNode))
