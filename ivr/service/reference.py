"""The OpenAPI document as a page for people."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ivr.service.doors import needed

Document = Mapping[str, Any]

_COMMON = ("400", "413", "429", "500", "503")
_FORM = "Body_"
"""How FastAPI calls the fields of a form."""

_FORMATS = {"binary": "bytes", "date-time": "time", "date": "date", "uuid": "UUID"}

_HEAD = """\
# The API

Written by `scripts/api-reference` from the OpenAPI document, which
operators get at `/openapi.json`.

Refusals are problems, whose codes [rest.md](gateways/rest.md#errors) lists. Every address may
answer 400, 413, 429, 500 and 503 beside those named here. The scope is what a key must open
([security.md](security.md#keys-and-scopes)).
"""


def reference(document: Document) -> str:
    """The whole page, in Markdown."""
    by_tag: dict[str, list[str]] = {}
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            tag = (told.get("tags") or ["other"])[0]
            lines = _operation(document, path, method.upper(), told)
            by_tag.setdefault(tag, []).append("\n".join(lines))
    parts = [_HEAD]
    for tag, operations in by_tag.items():
        parts += [f"## {tag.capitalize()}\n", *operations]
    parts += ["## Objects\n", *_objects(document)]
    return "\n".join(parts).rstrip() + "\n"


def _operation(document: Document, path: str, method: str, told: Document) -> Iterator[str]:
    yield f"### {method} {path}\n"
    if what := told.get("description"):
        yield f"{_flat(what)}\n"
    scopes = needed(method, path)
    guard = " or ".join(sorted(f"`{one}`" for one in scopes)) if scopes else "none; see security.md"
    yield f"- scope: {guard}"
    for each in told.get("parameters", ()):
        if each["name"] != "accept":
            yield f"- {each['in']} `{each['name']}`: {_described(each['schema'], each)}"
    yield from _body(document, told.get("requestBody", {}).get("content", {}))
    answers = told["responses"]
    for status, answer in answers.items():
        if status < "400":
            yield f"- {status}: {_answer(answer)}"
    refused = [status for status in answers if status >= "400" and status not in _COMMON]
    yield f"- refused: {', '.join(refused)}\n" if refused else ""


def _body(document: Document, content: Document) -> Iterator[str]:
    for kind, told in content.items():
        name = _name(told["schema"])
        if not name.startswith(_FORM):
            yield f"- body: `{kind}`, {_kind(told['schema'])}"
            continue
        yield f"- body: `{kind}`"
        form = document["components"]["schemas"][name]
        yield from (f"  {line}" for line in _fields(form))


def _answer(answer: Document) -> str:
    content = answer.get("content", {})
    kinds = ", ".join(f"`{kind}`" for kind in content)
    shapes = {_kind(one["schema"]) for one in content.values() if one.get("schema")}
    shown = ", ".join(sorted(shapes - {"text", "object", "anything"}))
    return f"{kinds}{f', {shown}' if shown else ''}" if kinds else "nothing"


def _objects(document: Document) -> Iterator[str]:
    for name, schema in sorted(document["components"]["schemas"].items()):
        if name.startswith(_FORM):
            continue
        yield f"### {name}\n"
        if what := schema.get("description"):
            yield f"{_flat(what)}\n"
        if "enum" in schema:
            yield "one of " + ", ".join(f"`{one}`" for one in schema["enum"]) + "\n"
        yield from _fields(schema)
        yield ""


def _fields(schema: Document) -> Iterator[str]:
    required = schema.get("required", ())
    for field, told in schema.get("properties", {}).items():
        needs = ", required" if field in required else ""
        yield f"- `{field}`{needs}: {_described(told, told)}"


def _described(schema: Document, told: Document) -> str:
    what = _flat(told.get("description", ""))
    return _kind(schema) + (f". {what}" if what else "")


def _kind(schema: Document) -> str:
    match schema:
        case {"$ref": _}:
            return f"[{_name(schema)}](#{_name(schema).lower()})"
        case {"anyOf": [*kinds]} | {"oneOf": [*kinds]}:
            return " or ".join(map(_kind, kinds))
        case {"enum": [*values]}:
            return "one of " + ", ".join(f"`{value}`" for value in values)
        case {"type": "array", "items": items}:
            return f"list of {_kind(items)}"
        case {"pattern": pattern}:
            return f"text like `{pattern}`"
        case {"type": str() as kind}:
            return _plain(kind, schema)
        case _:
            return "anything"


def _plain(kind: str, schema: Document) -> str:
    if "contentMediaType" in schema:
        return "file"
    return _FORMATS.get(schema.get("format", ""), "text") if kind == "string" else kind


def _name(schema: Document) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
