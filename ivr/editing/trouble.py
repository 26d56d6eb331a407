"""What is wrong with a text, and in which line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import yaml

from ivr.strict_yaml import composed

_LINE = re.compile(r"\bline (\d+)")
_PATH = re.compile(r"^[\w.-]+\.ya?ml: ([\w-]+(?:\.[\w-]+)*): ")
"""As readers that name an entry write it: policy.yaml: priority_rules.0.queue: ..."""

_ENTRY = re.compile(r"^[\w.-]+\.ya?ml, ([\w.-]+): ")
"""As readers of packs write it: airline.yaml, rebook_flight: ..."""

_QUOTED = re.compile(r"'([\w.-]+)'|\bprompt ([\w-]+(?:\.[\w-]+)+)")
"""As readers of prompts write keys: The braces of the prompt greet.personal do not match."""

_PARENTS = ("intents", "offers", "prompts", "businesses")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why a text cannot be used."""

    sentence: str = field(repr=False)
    line: int | None = None
    """From 1; None where it belongs to no line."""


def trouble_of(sentence: str, text: str) -> Trouble:
    """Find the line that a reader's sentence speaks of."""
    if named := _LINE.search(sentence):
        return Trouble(sentence=sentence, line=int(named.group(1)))
    try:
        root = composed(text)
    except yaml.YAMLError:
        return Trouble(sentence=sentence)
    return Trouble(sentence=sentence, line=_line(sentence, root))


def _line(sentence: str, root: yaml.Node | None) -> int | None:
    for path in _paths(sentence):
        found = _node(root, path)
        if found is not None:
            return found
    return None


def _paths(sentence: str) -> list[Sequence[str]]:
    """Where it may be, the likeliest first."""
    paths: list[Sequence[str]] = []
    if named := _PATH.match(sentence):
        steps = named.group(1).split(".")
        paths += [steps[:length] for length in range(len(steps), 0, -1)]
    names = [named.group(1)] if (named := _ENTRY.match(sentence)) else []
    quoted = [one or other for one, other in _QUOTED.findall(sentence)]
    for name in [*names, *quoted]:
        steps = name.split(".")
        inner = [[parent, *steps] for parent in _PARENTS]
        more = [[*one, key] for one in inner for key in quoted if key != name]
        paths += [*more, *inner, steps]
        if steps[0] in ("intent", "offer"):
            paths.append([f"{steps[0]}s", *steps[1:]])
    return paths


def _node(node: yaml.Node | None, path: Sequence[str]) -> int | None:
    """The line in which the entry at `path` begins, from 1."""
    line = None
    for step in path:
        found = _child(node, step)
        if found is None:
            return None
        line, node = found
    return line


def _child(node: yaml.Node | None, step: str) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and step.isdigit() and int(step) < len(node.value):
        item = node.value[int(step)]
        return item.start_mark.line + 1, item
    return None
