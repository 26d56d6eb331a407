"""What the OpenAPI document says of webhooks: they read bodies that the framework does not."""

from typing import Any

from ivr.errors import PROBLEM_TYPE

_REFUSED = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}

Answers = dict[int | str, dict[str, Any]]


def answering(*media_types: str, refusing: tuple[int, ...] = ()) -> Answers:
    """A text of one of these types, or a problem with one of these statuses."""
    told: dict[str, object] = {media_type: {} for media_type in media_types}
    return {200: {"content": told}, **{status: {"content": _REFUSED} for status in refusing}}


def reading(media_type: str) -> dict[str, Any]:
    """A body that the gateway's own reader looks at once its signature holds."""
    schema = {"type": "object", "additionalProperties": True}
    return {"requestBody": {"content": {media_type: {"schema": schema}}}}
