"""Which text is an address that e-mail is sent to."""

import re

_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@"
    r"(?=.{4,253}\Z)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+"
)
"""What HTML takes as an address, with a dot in the domain: no names, quotes, lists or spaces."""


def is_mail_address(text: str) -> bool:
    """Whether it is one plain address that cannot carry a second one or a header."""
    return _ADDRESS.fullmatch(text) is not None
