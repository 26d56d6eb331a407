"""YAML as people write it by hand, read so that no slip passes silently."""

from collections.abc import Iterator
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from ivr.errors import CallProblem

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The loader in C, where PyYAML was built with it, reads a pack ten times as fast."""

_DEEPEST = 24
"""Collections inside one another. Ours have a third of that; the loader in C has no limit, and
some ten thousand end the process."""

_MOST_ALIASES = 16
"""Each may double what is read: with a hundred, a few lines fill any memory."""


_LARGEST = 2 * 1024 * 1024
"""Characters; what is read takes up to a hundred times as many bytes."""


class TooInvolved(yaml.MarkedYAMLError):
    """It lies too deep, or stands for too much."""


class _WrittenTwice(Exception):  # noqa: N818 - an error is named after what happened
    """A key stands twice in one mapping."""


class _StrictLoader(_LOADER):  # type: ignore[misc]  # known only at run time
    """YAML keeps the last of two equal keys; an intent must not vanish that way."""


def _unique_mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[str] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise yaml.MarkedYAMLError(problem_mark=key.start_mark)
        if key.value in seen:
            line = key.start_mark.line + 1
            raise _WrittenTwice(f"'{key.value}' is written twice, the second time in line {line}.")
        seen.add(key.value)
    content: dict[Any, Any] = loader.construct_mapping(node, deep=True)
    return content


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _unique_mapping)


def read_yaml(file: Traversable, problem: type[CallProblem]) -> dict[Any, Any]:
    """The named entries of a file.

    Raises:
        CallProblem: as `problem`: the file is missing, unreadable, no YAML, or names an entry
            twice.
    """
    try:
        content = _loaded(file.read_text("utf-8"))
    except FileNotFoundError as err:
        raise problem(f"{file.name}: there is no such file.") from err
    except (OSError, UnicodeDecodeError) as err:
        raise problem(f"{file.name}: cannot be read as UTF-8 text.") from err
    except TooInvolved as err:
        raise problem(
            f"{file.name}: is too long, too deep or too repetitive{_line_of(err)}."
        ) from err
    except yaml.YAMLError as err:
        raise problem(f"{file.name}: is not valid YAML{_line_of(err)}.") from err
    except _WrittenTwice as err:
        raise problem(f"{file.name}: {err}") from err
    except (AttributeError, ArithmeticError, LookupError, TypeError, ValueError) as err:
        # PyYAML's own constructors, of a date such as 2026-99-99.
        raise problem(f"{file.name}: holds a value that is none of its kind.") from err
    if not isinstance(content, dict) or not all(isinstance(name, str) for name in content):
        raise problem(f"{file.name}: must hold named entries.")
    return content


def composed(text: str) -> yaml.Node | None:
    """The nodes of a text that anybody may have written; None where it is empty.

    Raises:
        yaml.YAMLError: it is no YAML, or TooInvolved.
    """
    _check_size(text)
    node: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    return node


def _loaded(text: str) -> object:
    _check_size(text)
    return yaml.load(text, _StrictLoader)  # noqa: S506 - a SafeLoader


def _check_size(text: str) -> None:
    """Event by event, which takes no stack and no memory, whatever is written there."""
    if len(text) > _LARGEST:
        raise TooInvolved
    depth = aliases = 0
    events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)
    for event in events:
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        aliases += isinstance(event, yaml.AliasEvent)
        if depth > _DEEPEST or aliases > _MOST_ALIASES:
            mark: Any = event.start_mark  # of one of two kinds, by whether libyaml is there
            raise TooInvolved(problem_mark=mark)


def _line_of(err: yaml.YAMLError) -> str:
    mark = getattr(err, "problem_mark", None)
    return f" (line {mark.line + 1})" if mark else ""
