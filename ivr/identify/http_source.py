"""A CRM that is asked over HTTP and answers JSON, through httpx2."""

import json
import logging
import ssl
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial

import httpx2

from ivr.call import PhoneNumber
from ivr.identify.described import HttpSource as Described
from ivr.identify.fact import Answer, Failed, Nobody, Why
from ivr.identify.number import read_number
from ivr.identify.placeholders import By, filled_address, filled_body, values_of
from ivr.identify.pointer import at
from ivr.identify.reading import Read, records_of, told_of

# The library logs the address of every request, and numbers stand in it.
for _name in ("httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.WARNING)

_CONNECT_S = 1.0
_LARGEST_ANSWER = 256 * 1024
"""Bytes; what is known of one customer fits into far fewer."""

_NOT_US = frozenset({401, 403, 407})


class _Refused(Exception):  # noqa: N818 - an error is named after what happened
    """There is no document to read."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


class HttpSource:
    """One address. Redirects are not followed: nobody else may learn who calls."""

    def __init__(
        self,
        name: str,
        described: Described,
        *,
        headers: Mapping[str, str],
        region: str,
        clock: Callable[[], float],
    ) -> None:
        """`headers` with their secrets. `clock` runs evenly, in seconds."""
        self._name = name
        self._described = described
        self._region = region
        self._clock = clock
        limits = httpx2.Limits(max_connections=described.at_once)
        self._client = httpx2.Client(
            # What is packed may be far larger than it looks.
            headers={"Accept": "application/json", "Accept-Encoding": "identity", **headers},
            # The authorities that this machine trusts, the operator's own among them.
            verify=ssl.create_default_context(),
            limits=limits,
            follow_redirects=False,
            # Proxies of the environment are for other programs.
            trust_env=False,
        )

    def ask(self, key: str) -> Answer:
        if not key.strip("."):
            # An id of dots would lead to another place.
            return Nobody()
        until = self._clock() + self._described.timeout_ms / 1_000
        try:
            document = self._document(key, until)
        except _Refused as err:
            return err.answer
        except httpx2.TimeoutException:
            return Failed(why=Why.TIMED_OUT)
        except (httpx2.HTTPError, httpx2.InvalidURL):
            return Failed(why=Why.DOWN)
        return self._told(key, document)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _document(self, key: str, until: float) -> object:
        left_s = self._described.timeout_ms / 1_000
        values = values_of(self._described.by, key)
        body = self._described.body
        request = self._client.build_request(
            self._described.method,
            filled_address(self._described.url, values),
            json=None if body is None else filled_body(body, values),
            timeout=httpx2.Timeout(left_s, connect=min(_CONNECT_S, left_s)),
        )
        answer = self._client.send(request, stream=True)
        try:
            self._check(answer.status_code)
            return _json(self._read(answer, until))
        finally:
            answer.close()

    def _check(self, status: int) -> None:
        if status in self._described.nobody:
            raise _Refused(Nobody())
        if 200 <= status < 300:  # noqa: PLR2004 - RFC 9110, 15.3
            return
        if 300 <= status < 400:  # noqa: PLR2004 - as above, 15.4
            raise _Refused(Failed(why=Why.REDIRECTED))
        raise _Refused(Failed(why=Why.REFUSED if status in _NOT_US else Why.FAILED))

    def _read(self, answer: httpx2.Response, until: float) -> bytes:
        """The time limit of the library is for each piece; this one is for all of them."""
        read = b""
        for piece in answer.iter_raw():
            read += piece
            if len(read) > _LARGEST_ANSWER:
                raise _Refused(Failed(why=Why.TOO_LARGE))
            if self._clock() > until:
                raise _Refused(Failed(why=Why.TIMED_OUT))
        return read

    def _told(self, key: str, document: object) -> Answer:
        described = self._described
        found = [one for one in records_of(at(document, described.record)) if self._is_of(key, one)]
        if not found:
            return Nobody()
        if len(found) > 1:
            return Failed(why=Why.AMBIGUOUS)
        if not isinstance(found[0], dict):
            return Failed(why=Why.NOT_AS_DESCRIBED)
        entries = at(found[0], described.events.entries) if described.events else None
        read = Read(
            record=partial(at, found[0]),
            events=tuple(partial(at, entry) for entry in records_of(entries)),
            at=datetime.now(UTC),
        )
        return told_of(self._name, described, read)

    def _is_of(self, key: str, record: object) -> bool:
        """Whether a record that was found by a number has that number."""
        if self._described.own_numbers is None or self._described.by is not By.NUMBER:
            return True
        numbers = records_of(at(record, self._described.own_numbers))
        read = (read_number(str(one), region=self._region) for one in numbers)
        return PhoneNumber(e164=key) in read


def _json(content: bytes) -> object:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as err:
        raise _Refused(Failed(why=Why.NOT_AS_DESCRIBED)) from err
