"""The words people agree to, each version in a file that is never changed."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from biometrics.errors import ConsentTextUnknown
from biometrics.records.consent import Purpose

OURS = Path(__file__).parents[1] / "consent_texts"

_NAME = re.compile(r"(?P<version>(?P<purpose>[a-z]+)-[a-z0-9.]+)\.(?P<language>[a-z]{2})\.txt")
"""Such as recognition-1.de.txt: purpose and version, then the language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentText:
    """One version of the words, in one language."""

    version: str
    purpose: Purpose
    language: str
    sha256: str
    words: str


def consent_texts(folder: Path = OURS) -> tuple[ConsentText, ...]:
    """Every text in a folder, by name.

    Raises:
        ConsentTextUnknown: a file cannot be read, or there is none.
    """
    try:
        found = tuple(
            _text(path, name)
            for path in sorted(folder.iterdir())
            if (name := _NAME.fullmatch(path.name))
        )
    except (OSError, ValueError) as err:
        raise ConsentTextUnknown(f"The consent texts in {folder} cannot be read.") from err
    if not found:
        raise ConsentTextUnknown(f"{folder} holds no consent text such as recognition-1.de.txt.")
    return found


def consent_text(version: str, language: str, folder: Path = OURS) -> ConsentText:
    """One text.

    Raises:
        ConsentTextUnknown: there is no such version in this language.
    """
    for text in consent_texts(folder):
        if (text.version, text.language) == (version, language):
            return text
    raise ConsentTextUnknown(
        "There is no consent text of this version and language; "
        "ivr voiceprint consent-texts lists them."
    )


def _text(path: Path, name: re.Match[str]) -> ConsentText:
    data = path.read_bytes()
    return ConsentText(
        version=name["version"],
        purpose=Purpose(name["purpose"]),
        language=name["language"],
        sha256=hashlib.sha256(data).hexdigest(),
        words=data.decode("utf-8"),
    )
