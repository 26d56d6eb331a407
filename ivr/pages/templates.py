"""Templates of the pages, through Jinja2. Nothing else imports it."""

import unicodedata
from pathlib import Path

import jinja2

_FOLDER = Path(__file__).parent / "templates"


class Templates:
    """Every value is escaped, and a name that nobody gave is an error. Every thread may use it."""

    def __init__(self, folder: Path = _FOLDER) -> None:
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(folder),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["plain"] = plain

    def render(self, name: str, **values: object) -> str:
        return self._environment.get_template(name).render(values)


def plain(text: object) -> str:
    """What strangers said or wrote, without signs that turn the text around them about."""
    return "".join(one for one in str(text) if one in "\n\t" or not _is_control(one))


def _is_control(sign: str) -> bool:
    """Cc and Cf, which hold overrides of the direction too (Unicode TR 9)."""
    return unicodedata.category(sign) in ("Cc", "Cf")
