"""The page about the API is made of the document as it is now."""

from pathlib import Path

import pytest

from ivr.service.reference import reference

from .reference import PAGE, SECRETS, real_service


def test_the_page_is_current(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a change of the API: scripts/api-reference."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    with real_service(tmp_path) as service:
        assert reference(service.openapi()) == PAGE.read_text("utf-8")


def test_an_operation_is_told_with_its_scope_its_input_and_its_answers() -> None:
    operation = {
        "tags": ["queue"],
        "description": "How many\n go first.",
        "parameters": [{"in": "path", "name": "token", "schema": {"pattern": "^a$"}}],
        "responses": {
            "200": {"content": {"application/json": {"schema": {"$ref": "#/x/Place"}}}},
            "429": {"content": {"application/problem+json": {}}},
        },
    }
    place = {"properties": {"queue": {"type": "string"}}, "required": ["queue"]}
    document = {
        "paths": {"/v1/queue/{token}": {"get": operation}},
        "components": {"schemas": {"Place": place}},
    }

    page = reference(document)

    assert "### GET /v1/queue/{token}\n\nHow many go first.\n\n- scope: `gateways`\n" in page
    assert "- path `token`: text like `^a$`\n" in page
    assert "- 200: `application/json`, [Place](#place)\n" in page
    assert "- 429" not in page
    assert "### Place\n\n- `queue`, required: text\n" in page
