"""The words of the pages, in every language; `area.key` is the line `key` of the file `area`."""

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from string import Template

from ivr.call import Language
from ivr.errors import BadWords
from ivr.strict_yaml import read_yaml

_FOLDER = files("ivr.pages") / "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one language. Templates call it: t("desk.waits", minutes=3)."""

    language: Language
    lines: dict[str, str] = field(repr=False)

    def __call__(self, key: str, **facts: object) -> str:
        """The line, with facts in the place of $names.

        Raises:
            KeyError: there is no such line, or a fact is missing.
        """
        line = self.lines[key]
        return Template(line).substitute(facts) if "$" in line else line

    def knows(self, key: str) -> bool:
        return key in self.lines

    def of_code(self, area: str, code: str) -> str:
        """The words for a code that another room wrote; where there are none, the code itself."""
        return self.lines.get(f"{area}.{code}") or code.replace("_", " ")


@cache
def words(language: Language) -> Words:
    """The words of a language, read once.

    Raises:
        BadWords: a file cannot be used.
    """
    lines: dict[str, str] = {}
    for file in (_FOLDER / language).iterdir():
        if file.name.endswith(".yaml"):
            area = file.name.removesuffix(".yaml")
            lines |= {f"{area}.{key}": line for key, line in read_yaml(file, BadWords).items()}
    wrong = [key for key, line in lines.items() if not isinstance(line, str)]
    if wrong:
        raise BadWords(f"Words of pages are text; these are not: {', '.join(sorted(wrong))}.")
    return Words(language=language, lines=lines)
