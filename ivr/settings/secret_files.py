"""Secrets that lie in files: docker's and systemd's way, so that no environment shows them."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_type_hints

from ivr.errors import BadSettings

_MOST_BYTES = 64 * 1024

Way = tuple[str, ...]
"""The names on the way to a setting, such as service, token."""


def secrets_of(settings: type[Any], above: Way = ()) -> Iterator[Way]:
    """The ways to all settings that are not printed."""
    kinds = get_type_hints(settings)
    for field in fields(settings):
        way, kind = (*above, field.name), kinds[field.name]
        if isinstance(kind, type) and is_dataclass(kind):
            yield from secrets_of(kind, way)
        elif not field.repr:
            yield way


def variable(way: Way) -> str:
    """The environment's name of a setting."""
    return "IVR_" + "__".join(way).upper()


def read_secrets(settings: type[Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """What the files hold that variables ending in `_FILE` name, nested as the settings are.

    Raises:
        BadSettings: a file cannot be read or is empty, or the secret itself is set too.
    """
    found: dict[str, Any] = {}
    for way in secrets_of(settings):
        name = variable(way)
        file = environment.get(f"{name}_FILE")
        if file is None:
            continue
        if name in environment:
            raise BadSettings(f"{name} and {name}_FILE are both set; unset one.")
        group = found
        for step in way[:-1]:
            group = group.setdefault(step, {})
        group[way[-1]] = _content(Path(file), name)
    return found


def _content(file: Path, name: str) -> str:
    """Without the end of the line that editors leave."""
    try:
        with file.open("rb") as opened:
            text = opened.read(_MOST_BYTES + 1).decode()
    except (OSError, UnicodeDecodeError) as err:
        raise BadSettings(f"The file that {name}_FILE names cannot be read.") from err
    if len(text) > _MOST_BYTES or not text.strip():
        raise BadSettings(f"The file that {name}_FILE names is empty, or too large for a secret.")
    return text.strip()
