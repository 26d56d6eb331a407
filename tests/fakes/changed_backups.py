"""Backups that somebody changed, on purpose or not."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

Change = Callable[[dict[str, bytes]], None]
"""Of an archive's entries by name."""

_PEOPLE, _MANIFEST = "people.jsonl", "manifest.json"


def changed(path: Path, change: Change) -> None:
    """The same archive with other entries; its own checksums are right again."""
    with ZipFile(path) as file:
        entries = {name: file.read(name) for name in file.namelist()}
    change(entries)
    with ZipFile(path, "w", ZIP_DEFLATED) as file:
        for name, data in entries.items():
            file.writestr(name, data)


def lose_a_line(entries: dict[str, bytes]) -> None:
    entries[_PEOPLE] = entries[_PEOPLE].split(b"\n", 1)[1]


def change_a_word(entries: dict[str, bytes]) -> None:
    entries[_PEOPLE] = entries[_PEOPLE].replace(b"0", b"1", 1)


def lose_a_table(entries: dict[str, bytes]) -> None:
    del entries[_PEOPLE]


def bring_another(entries: dict[str, bytes]) -> None:
    entries["../evil"] = b""


def lose_the_manifest(entries: dict[str, bytes]) -> None:
    del entries[_MANIFEST]


def saying(**what: object) -> Change:
    """Something else in the manifest."""

    def change(entries: dict[str, bytes]) -> None:
        entries[_MANIFEST] = json.dumps(json.loads(entries[_MANIFEST]) | what).encode()

    return change


def with_people(lines: bytes) -> Change:
    """Other rows, which the manifest knows of."""

    def change(entries: dict[str, bytes]) -> None:
        manifest = json.loads(entries[_MANIFEST])
        told = {"rows": lines.count(b"\n"), "sha256": hashlib.sha256(lines).hexdigest()}
        manifest["tables"]["people"] |= told
        entries |= {_PEOPLE: lines, _MANIFEST: json.dumps(manifest).encode()}

    return change


def twice(entries: dict[str, bytes]) -> None:
    """The same key in two rows."""
    first = entries[_PEOPLE].split(b"\n", 1)[0] + b"\n"
    with_people(first * 2)(entries)
