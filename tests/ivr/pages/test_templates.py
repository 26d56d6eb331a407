"""Templates escape what they are given, and are told when they name what nobody gave."""

from pathlib import Path

import jinja2
import pytest

from ivr.pages.templates import Templates, plain


def templates(folder: Path, text: str) -> Templates:
    (folder / "page.html").write_text(text, "utf-8")
    return Templates(folder)


def test_a_value_that_nobody_gave_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(jinja2.UndefinedError):
        templates(tmp_path, "{{ name }}").render("page.html")


@pytest.mark.parametrize("text", ["<script>x</script>", "\"'><b>", "&lt;"])
def test_every_value_is_escaped(tmp_path: Path, text: str) -> None:
    page = templates(tmp_path, '<p title="{{ said }}">{{ said | plain }}</p>').render(
        "page.html", said=text
    )

    assert text not in page
    assert page.count("<") == page.count(">") == 2


def test_what_is_given_is_no_template(tmp_path: Path) -> None:
    assert (
        templates(tmp_path, "{{ said }}").render("page.html", said="{{ 7 * 7 }}") == "{{ 7 * 7 }}"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Grüße,\nKlaus 👋\t€", "Grüße,\nKlaus 👋\t€"),
        ("\u202egap\u202c", "gap"),
        ("\u2066a\u2069\u200f\u200b\ufeff", "a"),
        ("a\x00b\x1b[31mc\r", "ab[31mc"),
        (7, "7"),
    ],
)
def test_signs_that_turn_text_about_are_taken_out(text: object, shown: str) -> None:
    assert plain(text) == shown
