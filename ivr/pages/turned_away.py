"""Why somebody sees another page than they asked for."""

from enum import StrEnum


class Why(StrEnum):
    """Each has its words: problem.<why>."""

    SIGN_IN = "sign_in"
    """Nobody signed in, or the session is over."""

    NOT_YOURS = "not_yours"
    """The role does not allow it."""

    OTHER_PAGE = "other_page"
    """The form is of another page than ours, or of an earlier session."""

    NEEDS_TLS = "needs_tls"
    NOT_FOUND = "not_found"
    GONE = "gone"
    """Somebody else was quicker, or it is over."""

    BAD_FORM = "bad_form"
    UNAVAILABLE = "unavailable"
    """Something that must be written or read cannot be."""


STATUS = {
    Why.SIGN_IN: 401,
    Why.NOT_YOURS: 403,
    Why.OTHER_PAGE: 403,
    Why.NEEDS_TLS: 403,
    Why.NOT_FOUND: 404,
    Why.GONE: 409,
    Why.BAD_FORM: 422,
    Why.UNAVAILABLE: 503,
}


class TurnedAway(Exception):  # noqa: N818 - an error is named after what happened
    """Not this page."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why
