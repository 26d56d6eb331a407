"""Secrets of sources: in the environment or in files of their own, never where they are named."""

import os
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ivr.errors import BadSources


class Secret(BaseModel):
    """Where a secret stands."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    begins: str = ""
    """Put before it, such as 'Bearer '."""

    secret_env: str | None = Field(default=None, pattern=r"^[A-Z][A-Z0-9_]*$")
    secret_file: Path | None = None

    @model_validator(mode="after")
    def _stands_in_one_place(self) -> Self:
        if (self.secret_env is None) == (self.secret_file is None):
            raise ValueError("name either secret_env (a variable) or secret_file (a file)")
        return self

    def read(self) -> str:
        """The secret, with what begins it.

        Raises:
            BadSources: it is not there, or no line of printable ASCII.
        """
        where = self.secret_env or f"the file {self.secret_file}"
        secret = self._found().strip()
        if not secret or not secret.isprintable() or not secret.isascii():
            raise BadSources(f"{where} must hold a source's secret, in one line of plain text.")
        return f"{self.begins}{secret}"

    def _found(self) -> str:
        if self.secret_file is None:
            return os.environ.get(self.secret_env or "", "")
        try:
            return self.secret_file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as err:
            raise BadSources(f"The file {self.secret_file} with a secret cannot be read.") from err
