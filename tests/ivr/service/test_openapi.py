"""The OpenAPI document and the service it is about: the real one, with databases of its own.

A few hundred made-up requests; `scripts/fuzz-api` sends thousands.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

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


TEXT = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["", "0", "de", "+4989123456", "recognition", "a" * 200, "%00", "../x", "'--"]),
)
BYTES = st.one_of(st.binary(max_size=200), st.just(b"RIFF\xff\xff\xff\xffWAVEfmt "))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=400, derandomize=True, database=None, phases=[Phase.generate])
@given(data=st.data())
def test_whatever_is_asked_is_answered_as_the_document_says(
    client: TestClient, document: dict[str, Any], data: st.DataObject
) -> None:
    one = data.draw(st.sampled_from(operations(document)))
    answer = client.request(
        one.method, _address(one, data), **_body(one, document, data),
        params=data.draw(_named(one, "query")),
        headers={**shown(), "Accept": data.draw(st.sampled_from(["", "*/*", "application/json"]))},
    )  # fmt: skip

    told = one.told["responses"]
    assert answer.status_code < 500, answer.text
    assert str(answer.status_code) in told, answer.text
    types = set(told[str(answer.status_code)].get("content", {}))
    assert not answer.content or answer.headers["content-type"].partition(";")[0] in types


def _address(one: Operation, data: st.DataObject) -> str:
    path = one.path
    for name, value in data.draw(_named(one, "path")).items():
        path = path.replace(f"{{{name}}}", quote(value, safe="") or "x")
    return path


def _named(one: Operation, where: str) -> st.SearchStrategy[dict[str, str]]:
    """Parameters of this kind: those the schema allows, and any text."""
    return st.fixed_dictionaries(
        {
            each["name"]: _value(each["schema"])
            for each in one.told.get("parameters", [])
            if each["in"] == where
        }
    )


def _value(schema: Mapping[str, Any]) -> st.SearchStrategy[str]:
    match schema:
        case {"enum": [*allowed]}:
            return st.sampled_from(list(map(str, allowed))) | TEXT
        case {"pattern": pattern}:
            return st.from_regex(str(pattern), fullmatch=True) | TEXT
        case _:
            return TEXT


def _body(one: Operation, document: Mapping[str, Any], data: st.DataObject) -> dict[str, Any]:
    """A form or JSON with the fields that are known, or anything at all."""
    content = one.told.get("requestBody", {}).get("content", {})
    if not content:
        return {}
    kind, told = next(iter(content.items()))
    names = _fields(told["schema"], document)
    if kind == "multipart/form-data":
        is_file = {"audio"} & set(names)
        fields = {name: data.draw(TEXT) for name in names if name not in is_file}
        return {"data": fields, "files": {n: ("a.wav", data.draw(BYTES)) for n in is_file}}
    if kind == "application/json":
        return {"json": data.draw(st.fixed_dictionaries(dict.fromkeys(names, JSON)) | JSON)}
    return {"data": {name: data.draw(TEXT) for name in names}}


def _fields(schema: Mapping[str, Any], document: Mapping[str, Any]) -> list[str]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found = document["components"]["schemas"][name] if name else schema
    return list(found.get("properties", {}))
