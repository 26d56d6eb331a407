"""Pictures of figures, made here as SVG: nothing is drawn in the browser, nothing is fetched.

A picture holds no colour, font or style of its own. It names classes, and the page's style sheet
says how they look by day and by night; so the strictest content security policy lets it be seen.
It is as wide as there is room: places across are shares, places down are pixels, and so letters
keep their size on a telephone.
"""

import re
from dataclasses import dataclass
from html import escape

COLOURS = 6
"""The style sheet tells so many apart, by people who do not see red or green too."""

_SAFE = re.compile(r"[a-zA-Z][a-zA-Z0-9:-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A piece of a picture. Templates take it as it is; what came from outside is escaped."""

    markup: str

    def __html__(self) -> str:
        return self.markup

    def __str__(self) -> str:
        return self.markup


NOTHING = Drawing(markup="")


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a picture shows, for people who do not see it."""

    id: str
    """Letters, digits and hyphens; once on a page."""

    title: str
    text: str = ""
    """What is to be seen in it, in a sentence."""


def element(name: str, *inner: Drawing | str, **attributes: str | float) -> Drawing:
    """`class_` is the attribute class, `text_anchor` is text-anchor; a string is escaped text.

    Raises:
        ValueError: the attribute would carry a style or a script, which the policy forbids.
    """
    names = {key: key.rstrip("_").replace("_", "-") for key in attributes}
    for plain in names.values():
        if plain == "style" or plain.startswith("on") or not _SAFE.fullmatch(plain):
            raise ValueError(f"A picture has no attribute {plain}.")
    written = "".join(f' {names[key]}="{_value(value)}"' for key, value in attributes.items())
    content = "".join(one.markup if isinstance(one, Drawing) else escape(one) for one in inner)
    return Drawing(
        markup=f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"
    )


def together(*pieces: Drawing) -> Drawing:
    return Drawing(markup="".join(piece.markup for piece in pieces))


def picture(about: About, *inner: Drawing, height: int, class_: str = "chart") -> Drawing:
    """One whole picture, `height` pixels high."""
    title, text = f"{about.id}-title", f"{about.id}-text"
    return element(
        "svg",
        element("title", about.title, id=title),
        element("desc", about.text, id=text) if about.text else NOTHING,
        *inner,
        xmlns="http://www.w3.org/2000/svg",
        class_=class_,
        role="img",
        aria_labelledby=f"{title} {text}" if about.text else title,
        width="100%",
        height=height,
    )


def colour(index: int) -> str:
    """The class of the colour of so manieth series, from 0."""
    return f"c{index % COLOURS + 1}"


def short(text: str, *, most: int) -> str:
    """With so many letters at most."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def across(share: float) -> str:
    """A place or a width, 0 to 1, as SVG writes it."""
    return f"{100 * share:.2f}%"


def _value(value: str | float) -> str:
    return escape(value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip("."))
