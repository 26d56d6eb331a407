"""The OpenAPI document and the service it is about: the real one, with databases of its own.

A few hundred made-up requests; `scripts/fuzz-api` sends thousands.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from ivr.service.api_keys import Scope
from ivr.service.doors import needed
from ivr.service.problems import PROBLEM_TYPE

from .reference import SECRETS, TOKEN, real_service


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address, as the document has it."""

    path: str
    method: str
    told: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"{self.method.upper()} {self.path}"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SECRETS.items():
            patch.setenv(name, value)
        with real_service(tmp_path_factory.mktemp("openapi")) as service:
            yield TestClient(service, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def document(client: TestClient) -> dict[str, Any]:
    told: dict[str, Any] = client.get("/openapi.json", headers=shown()).json()
    return told


def shown() -> dict[str, str]:
    return {"Authorization": f"Bearer {TOKEN}"}


def operations(document: Mapping[str, Any]) -> list[Operation]:
    return [
        Operation(path, method, told)
        for path, methods in document["paths"].items()
        for method, told in methods.items()
    ]


def test_the_document_is_shown_to_operators_only(client: TestClient) -> None:
    assert client.get("/openapi.json").status_code == 401
    assert needed("GET", "/openapi.json") == {Scope.OPERATOR}


def test_every_operation_that_asks_for_a_key_says_so(document: dict[str, Any]) -> None:
    found = operations(document)

    assert len(found) > 40
    for one in found:
        is_guarded = needed(one.method.upper(), one.path) is not None
        assert ("security" in one.told) == is_guarded, one
        assert ("401" in one.told["responses"]) >= is_guarded, one


def test_without_a_token_nothing_that_is_guarded_answers(
    client: TestClient, document: dict[str, Any]
) -> None:
    guarded = [one for one in operations(document) if "security" in one.told]

    assert len(guarded) > 20
    assert {client.request(one.method, one.path).status_code for one in guarded} == {401}


def test_every_refusal_in_the_document_is_a_problem(document: dict[str, Any]) -> None:
    refusals = [
        (one, set(answer["content"]))
        for one in operations(document)
        for status, answer in one.told["responses"].items()
        if status >= "400" and (one.path, status) != ("/ready", "503")
    ]

    assert len(refusals) > 300
    assert [one for one, types in refusals if types != {PROBLEM_TYPE}] == []


def test_a_wrong_method_is_told_the_right_ones(client: TestClient) -> None:
    answer = client.request("PATCH", "/v1/asterisk/calls/7", headers=shown())

    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, POST")


REQUESTS = 400
TEXTS = (
    "", "0", "de", "en-GB", "+4989123456", "anonymous", "recognition", "s-7f3a", "0123456789abcdef",
    "a" * 200, "%00", "\x00", "../x", "'--", "\u202e\U0001f600", "true", "mulaw", "12#",
)  # fmt: skip
BYTES = (b"", b"\x00" * 50, b"RIFF\xff\xff\xff\xffWAVEfmt ", b"ID3", bytes(range(256)))
VALUES = (None, True, 0, -1, 2**63, 1e300, [], {}, [[[]]], {"a": {"b": [None]}}, *TEXTS)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_asked_is_answered_as_the_document_says(
    client: TestClient, document: dict[str, Any], seed: int
) -> None:
    dice = Random(seed)  # noqa: S311 - always alike for the same seed
    for one in dice.choices(operations(document), k=REQUESTS // 4):
        answer = client.request(
            one.method,
            _address(one, dice),
            params=_named(one, "query", dice),
            headers={**shown(), "Accept": dice.choice(["", "*/*", "application/json"])},
            **_body(one, document, dice),
        )

        told = one.told["responses"]
        assert answer.status_code < 500 or one.path == "/ready", answer.text
        assert str(answer.status_code) in told, (one, answer.text)
        types = set(told[str(answer.status_code)].get("content", {}))
        assert not answer.content or answer.headers["content-type"].partition(";")[0] in types


def _address(one: Operation, dice: Random) -> str:
    path = one.path
    for name, value in _named(one, "path", dice).items():
        path = path.replace(f"{{{name}}}", quote(value, safe="") or "x")
    return path


def _named(one: Operation, where: str, dice: Random) -> dict[str, str]:
    """Parameters of this kind: what the schema allows, or any text."""
    told = [each for each in one.told.get("parameters", []) if each["in"] == where]
    return {
        each["name"]: dice.choice([*map(str, each["schema"].get("enum", ())), *TEXTS])
        for each in told
    }


def _body(one: Operation, document: Mapping[str, Any], dice: Random) -> dict[str, Any]:
    """A form or JSON with the fields that are known, or anything at all."""
    content = one.told.get("requestBody", {}).get("content", {})
    if not content:
        return {}
    kind, told = next(iter(content.items()))
    names = _fields(told["schema"], document)
    fields = {name: dice.choice(TEXTS) for name in names if name != "audio"}
    if kind == "application/json":
        made = {name: dice.choice(VALUES) for name in names}
        return {"json": dice.choice([made, fields, dice.choice(VALUES)])}
    if "audio" in names:
        return {"data": fields, "files": {"audio": ("a.wav", dice.choice(BYTES))}}
    return {"data": fields}


def _fields(schema: Mapping[str, Any], document: Mapping[str, Any]) -> list[str]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found = document["components"]["schemas"][name] if name else schema
    return list(found.get("properties", {}))
