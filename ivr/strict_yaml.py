"""YAML as people write it by hand, read so that no slip passes silently."""

from importlib.resources.abc import Traversable
from typing import Any

import yaml

from ivr.errors import CallProblem

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The loader in C, where PyYAML was built with it, reads a pack ten times as fast."""


class _WrittenTwice(Exception):  # noqa: N818 - an error is named after what happened
    """A key stands twice in one mapping."""


class _StrictLoader(_LOADER):  # type: ignore[misc]  # known only at run time
    """YAML keeps the last of two equal keys; an intent must not vanish that way."""


def _unique_mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[str] = set()
    for key, _ in node.value:
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
        content = yaml.load(file.read_text("utf-8"), _StrictLoader)  # noqa: S506 - a SafeLoader
    except FileNotFoundError as err:
        raise problem(f"{file.name}: there is no such file.") from err
    except (OSError, UnicodeDecodeError) as err:
        raise problem(f"{file.name}: cannot be read as UTF-8 text.") from err
    except yaml.YAMLError as err:
        raise problem(f"{file.name}: is not valid YAML{_line_of(err)}.") from err
    except _WrittenTwice as err:
        raise problem(f"{file.name}: {err}") from err
    if not isinstance(content, dict):
        raise problem(f"{file.name}: must hold named entries.")
    return content


def _line_of(err: yaml.YAMLError) -> str:
    mark = getattr(err, "problem_mark", None)
    return f" (line {mark.line + 1})" if mark else ""
