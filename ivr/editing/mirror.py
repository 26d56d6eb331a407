"""The texts in use under their plain names, for engineers and their git."""

import logging
import os
import shutil
import subprocess
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from ivr.editing.document import DocumentName
from ivr.editing.durable import write
from ivr.editing.version import Version

log = logging.getLogger(__name__)

_LONGEST_S = 20
_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirror:
    """A folder with what is in use. Calls never read it: it may be edited, branched and broken."""

    folder: Path

    def show(
        self, version: Version, texts: Mapping[DocumentName, str], gone: Collection[DocumentName]
    ) -> bool:
        """Write the texts; commit them where this is a git repository. Whether it was committed.

        `gone`: what may have been there and is not edited any more. Other files stay untouched.
        Never fails: what was published is in use whatever becomes of its mirror.
        """
        try:
            for name, text in texts.items():
                write(self.folder / name, text)
            for name in gone:
                (self.folder / name).unlink(missing_ok=True)
            return self._commit(version, [*texts], gone) if self._has_git else False
        except (OSError, subprocess.SubprocessError):
            log.warning("what was published is not mirrored", extra={"version": version.number})
            return False

    @property
    def _has_git(self) -> bool:
        return (self.folder / ".git").exists() and shutil.which("git") is not None

    def _commit(
        self, version: Version, names: list[DocumentName], gone: Collection[DocumentName]
    ) -> bool:
        """Only our own names: an engineer may be in the middle of something else."""
        known = [name for name in gone if self._git("ls-files", "--error-unmatch", "--", name)]
        done = self._git("add", "--", *names) if names else True
        author = f"{version.author} <{version.author}@rufwerk.invalid>"
        done = done and self._git(
            *("-c", f"user.name={version.author}", "-c", "user.email=rufwerk@rufwerk.invalid"),
            *("commit", "--quiet", "--allow-empty", f"--author={author}"),
            *(f"--message={version.message}\n\nVersion {version.number}", "--", *names, *known),
        )
        if not done:
            log.warning("what was published is not committed", extra={"version": version.number})
        return done

    def _git(self, *words: str) -> bool:
        found = shutil.which("git") or "git"
        done = subprocess.run(  # noqa: S603 - the words are ours, and no shell reads them
            [found, "-C", str(self.folder), *words],
            check=False,
            capture_output=True,
            timeout=_LONGEST_S,
            # What git is told by variables of a surrounding git would lead it elsewhere.
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
        )
        return done.returncode == 0
