"""Every word of the pages stands in both languages, and none in a template."""

import re
from html.parser import HTMLParser
from pathlib import Path
from string import Template

import pytest

import ivr.pages
from ivr.call import Language
from ivr.pages.turned_away import Why
from ivr.pages.words import words
from ivr.people.person import Role

FOLDER = Path(ivr.pages.__file__).parent
TEMPLATES = sorted((FOLDER / "templates").glob("*.html"))
GERMAN, ENGLISH = words(Language.GERMAN), words(Language.ENGLISH)


def test_both_languages_have_the_same_words() -> None:
    assert len(GERMAN.lines) > 50
    assert GERMAN.lines.keys() ^ ENGLISH.lines.keys() == set()


def test_both_languages_name_the_same_facts() -> None:
    differing = [
        key
        for key, line in GERMAN.lines.items()
        if set(Template(line).get_identifiers())
        != set(Template(ENGLISH.lines[key]).get_identifiers())
    ]

    assert differing == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.name)
def test_a_template_names_only_words_that_there_are(template: Path) -> None:
    named = re.findall(r"""\bt\(["']([\w.]+)["'][,)]""", template.read_text("utf-8"))

    assert [key for key in named if not GERMAN.knows(key)] == []


CODE = r"\{% block width %\}.*?\{% endblock %\}|\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}"


class Bare(HTMLParser):
    """Collects text that a reader would see."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found += re.findall(r"[A-Za-zÄÖÜäöüß]{2,}", data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("aria-label", "title", "placeholder", "alt"):
                self.found += re.findall(r"[A-Za-zÄÖÜäöüß]{2,}", value or "")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.name)
def test_no_template_has_words_of_its_own(template: Path) -> None:
    text = re.sub(CODE, "", template.read_text("utf-8"), flags=re.DOTALL)
    bare = Bare()
    bare.feed(text)

    own = {"Rufwerk", "Deutsch", "English"}
    assert [word for word in bare.found if word not in own] == []


def test_every_role_and_problem_has_its_words() -> None:
    keys = [f"role.{role}" for role in Role]
    keys += [f"problem.{why}{end}" for why in Why for end in ("", "_hint")]

    assert [key for key in keys if not GERMAN.knows(key)] == []


def test_a_code_without_words_is_shown_as_it_is() -> None:
    assert GERMAN.of_code("role", "some_code") == "some code"
