"""Every package that is pinned, the licence it comes under, and what that lets us do.

`scripts/audit` prints them. Known weaknesses cannot be looked up without the internet: a machine
that has it runs pip-audit over constraints.txt.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]

FREE = re.compile(
    r"(MIT(-0)?|(0|[23]-Clause )?BSD([- ][23][- ]Clause)?|0BSD|Apache([- ]2\.0)?|ISC|ISCL|PSF-2\.0"
    r"|Python Software Foundation"
    r"|Zlib|CC0-1\.0|BSL-1\.0|LLVM-exception)"
    r"( License| Software License)?( \(ISCL\))?"
)
"""May be used and passed on by anybody, with their notices."""

UNCHANGED = re.compile(r"(MPL-2\.0|LGPL.*|.*\((MPL 2\.0|LGPL|LGPLv2\+)\))")
"""Used as they are, never changed nor copied into our code; whoever gets them may replace them."""

BY_FILE = {"axe-playwright-python": "MIT", "promql-parser": "MIT", "py-nanotts": "Apache-2.0"}
"""Metadata tell nothing: read in the licence file that the package brings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """One line of constraints.txt."""

    name: str
    version: str
    installed: str | None
    licences: tuple[str, ...]

    @property
    def is_allowed(self) -> bool:
        return bool(self.licences) and all(
            FREE.fullmatch(one) or UNCHANGED.fullmatch(one) for one in self.licences
        )


def canonical(name: str) -> str:
    """As PEP 503 compares names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(text: str) -> dict[str, str]:
    """Versions by names; whatever pins nothing has none."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    split = (line.partition("==") for line in lines if line)
    return {canonical(name): version for name, _, version in split}


def installed() -> dict[str, metadata.Distribution]:
    return {canonical(one.metadata["Name"]): one for one in metadata.distributions()}


def pinned() -> Iterator[Pinned]:
    here = installed()
    for name, version in pins((ROOT / "constraints.txt").read_text()).items():
        found = here.get(name)
        yield Pinned(
            name=name,
            version=version,
            installed=found.version.partition("+")[0] if found else None,
            licences=licences_of(name, found) if found else (),
        )


def licences_of(name: str, found: metadata.Distribution) -> tuple[str, ...]:
    """Its own expression, else its classifiers, else the first line of its text."""
    told = found.metadata
    classified = [
        one.rpartition(" :: ")[2]
        for one in told.get_all("Classifier") or ()
        if one.startswith("License ::") and not one.endswith("OSI Approved")
    ]
    written = (told.get("License") or "").strip().partition("\n")[0]
    expression = told.get("License-Expression") or BY_FILE.get(name, "")
    if not expression and classified:
        return tuple(classified)
    return (
        tuple(re.split(r" AND | OR | WITH ", expression or written))
        if expression or written
        else ()
    )


def main() -> None:
    found = sorted(pinned(), key=lambda one: (one.is_allowed, one.name))
    for one in found:
        mark = "" if one.is_allowed else "  <- not allowed"
        sys.stdout.write(f"{one.name:<28}{one.version:<16}{', '.join(one.licences)}{mark}\n")
    sys.stdout.write(f"{len(found)} packages; weaknesses were not looked up.\n")


if __name__ == "__main__":
    main()
