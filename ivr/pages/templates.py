"""Templates of the pages, through Jinja2. Nothing else imports it."""

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

    def render(self, name: str, **values: object) -> str:
        return self._environment.get_template(name).render(values)

    def render_part(self, name: str, block: str, **values: object) -> str:
        """One block of a template, for what changes while a page is open."""
        template = self._environment.get_template(name)
        context = template.new_context(values)
        return "".join(template.blocks[block](context))
