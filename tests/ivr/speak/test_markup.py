"""What a voice may be given to read."""

import pytest

from ivr.speak.markup import without_markup


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<spell>LH</spell>", "spell LH spell"),
        ('<volume level="200"/>Klaus', "volume level 200 Klaus"),
        ("[Klaus](/x/)", "Klaus x"),
        ("&lt;break/&gt;", "&lt;break &gt;"),
        ("Klaus\x00\x1b[31m", "Klaus 31m"),
        ("Klaus 中文 😀", "Klaus"),
        ("＜spell＞", "spell"),  # noqa: RUF001 - full-width brackets are meant
    ],
)
def test_nothing_that_commands_is_left(text: str, left: str) -> None:
    assert without_markup(text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Köln, Straße – ja?", "Köln, Straße , ja?"),  # noqa: RUF001 - the dash is meant
        ("Łukasz Wałęsa", "Lukasz Walesa"),
        ("Nguyễn Dvořák Őry", "Nguyen Dvorák Öry"),
        ("Mu\u0308ller", "Müller"),
    ],
)
def test_names_keep_letters_that_the_voices_know(text: str, left: str) -> None:
    assert without_markup(text) == left


def test_an_endless_word_is_broken_and_ends() -> None:
    words = without_markup("a" * 5_000).split()

    assert max(len(word) for word in words) == 80
    assert sum(len(word) for word in words) == 1_000
