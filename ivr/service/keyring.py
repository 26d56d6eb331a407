"""What opens the service: its one token, and the keys that are kept."""

import base64
import binascii
import hashlib
import hmac
import logging
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from starlette.types import Scope as AsgiScope

from biometrics import StoreUnavailable
from ivr.service.api_keys import ApiKey, ApiKeys, Scope
from ivr.service.making_api_keys import digest_of

log = logging.getLogger(__name__)

_LONGEST_HEADER = 1_024


class Judged(StrEnum):
    """What becomes of something that was shown."""

    ENTERS = "enters"
    UNKNOWN = "unknown"
    WRONG_SCOPE = "wrong_scope"


class Keyring:
    """Judges what is shown. One per process; every thread may use it."""

    def __init__(
        self, token: str | None, keys: ApiKeys | None, *, clock: Callable[[], datetime]
    ) -> None:
        self._token = None if token is None else _digest(token.encode())
        self._keys = keys
        self._clock = clock

    @property
    def may_be_open(self) -> bool:
        """Without a token it is open to this machine as long as no key is kept."""
        return self._token is None

    @property
    def keeps_keys(self) -> bool:
        """Whether there is anything to look up."""
        return self._keys is not None

    def is_open(self) -> bool:
        """Whether nothing need be shown.

        Raises:
            StoreUnavailable: nobody knows.
        """
        return self._token is None and (self._keys is None or not self._keys.all())

    def is_token(self, shown: bytes) -> bool:
        """In the same time whatever is shown; the token opens everything."""
        return self._token is not None and hmac.compare_digest(_digest(shown), self._token)

    def judge(self, shown: bytes, needed: frozenset[Scope]) -> Judged:
        """What a key opens; its use is noted.

        Raises:
            StoreUnavailable: the keys cannot be read, so that nothing is opened.
        """
        digest = digest_of(shown)
        key = self._keys.find(digest) if self._keys is not None and digest is not None else None
        now = self._clock()
        if key is None or not key.is_valid(now):
            return Judged.UNKNOWN
        self._note_use(key, now)
        return Judged.ENTERS if key.scopes & needed else Judged.WRONG_SCOPE

    def _note_use(self, key: ApiKey, now: datetime) -> None:
        """A day that cannot be written keeps nobody out."""
        if self._keys is None or key.last_used == now.date():
            return
        try:
            self._keys.note_use(key.id, now.date())
        except StoreUnavailable:
            log.warning("use of a key not noted", extra={"key": key.id})


def shown_in(scope: AsgiScope) -> bytes | None:
    """What a request shows: a bearer token, or the password of Basic; None where it is neither.

    Gateways that cannot set a bearer token, such as Asterisk's websocket_client.conf, send Basic.
    """
    headers = [value for name, value in scope["headers"] if name == b"authorization"]
    if len(headers) != 1 or len(headers[0]) > _LONGEST_HEADER:
        return None
    scheme, _, rest = headers[0].partition(b" ")
    match scheme.lower():
        case b"bearer":
            return rest.strip() or None
        case b"basic":
            return _password(rest.strip())
        case _:
            return None


def _password(encoded: bytes) -> bytes | None:
    try:
        _, colon, password = base64.b64decode(encoded, validate=True).partition(b":")
    except (binascii.Error, ValueError):
        return None
    return password if colon and password else None


def _digest(shown: bytes) -> bytes:
    """Of one length whatever is shown: its length is compared in no time of its own."""
    return hashlib.sha256(shown).digest()
