"""What the file of a business system may say."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ivr.call import Assurance
from ivr.errand import Task
from ivr.errors import BadActions
from ivr.serve.business import packaged_business, read_business
from ivr.serve.sender import Method

PAGE = Path(__file__).parents[3] / "docs" / "actions.md"
BUSINESSES = ("airline", "bank", "telecom", "retail")


def written(folder: Path, **action: Any) -> Path:
    file = folder / "shop.yaml"
    described = {
        "assurance": "voice",
        "parts": [{"do": {"path": "/customers/{customer_id}/orders"}}],
        **action,
    }
    content = {"business": "shop", "url": "https://shop.example", "actions": {"order": described}}
    file.write_text(yaml.safe_dump(content), "utf-8")
    return file


@pytest.mark.parametrize(
    ("action", "where"),
    [
        ({"assurance": "trust"}, "actions.order.assurance"),
        ({"surprise": 1}, "actions.order.surprise"),
        ({"parts": []}, "actions.order.parts"),
        ({"parts": [{"do": {"path": "orders"}}]}, "actions.order.parts.0.do.path"),
        ({"parts": [{"do": {"path": "/a?b={c}"}}]}, "actions.order.parts.0.do.path"),
        ({"parts": [{"do": {"path": "/a/{b?}"}}]}, "actions.order.parts.0.do.path"),
        ({"parts": [{"do": {"path": "//other.example/a"}}]}, "actions.order.parts.0.do.path"),
        ({"parts": [{"do": {"path": "/a/{number}"}}]}, "nothing fills in number"),
        (
            {"parts": [{"do": {"path": "/a", "method": "POST", "body": {"x": {"y": "{z}"}}}}]},
            "nothing fills in z",
        ),
        (
            {"parts": [{"do": {"path": "/a"}, "undo": {"path": "/b/{c}", "method": "DELETE"}}]},
            "nothing fills in c",
        ),
        (
            {"options": {"ask": {"path": "/o", "method": "POST"}, "entries": "o", "slots": {}}},
            "options are asked for by GET",
        ),
        (
            {"options": {"ask": {"path": "/o/{flight}"}, "entries": "o", "slots": {"flight": "n"}}},
            "nothing fills in flight of the options",
        ),
        ({"assurance": "open"}, "what is about a customer cannot be open"),
        ({"pages": ["picture"]}, "actions.order.pages"),
        ({"pages": ["options"]}, "a page of options would be empty"),
        ({"pages": ["form"], "needs": ["flight"]}, "what is chosen on a page is read back first"),
        ({"pages": ["form", "document"]}, "a page of document, form would be empty"),
        (
            {"document": {"ask": {"path": "/a", "method": "POST"}, "facts": {}}},
            "papers are asked for by GET",
        ),
        (
            {"document": {"ask": {"path": "/a/{flight}"}, "facts": {}}},
            "nothing fills in flight of the document",
        ),
        (
            {"parts": [{"do": {"path": "/a"}, "facts": {"x": {"at": "y", "shape": "EUR"}}}]},
            "a shape holds",
        ),
        ({"timeout_ms": 60_000}, "actions.order.timeout_ms"),
        ({"declined": {"no": "Not a code"}}, "actions.order.declined.no"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_its_place_is_told(
    tmp_path: Path, action: dict[str, Any], where: str
) -> None:
    with pytest.raises(BadActions) as refused:
        read_business(written(tmp_path, **action))

    assert "shop.yaml" in refused.value.sentence
    assert where in refused.value.sentence


def test_a_token_in_the_file_is_refused_and_not_repeated(tmp_path: Path) -> None:
    file = written(tmp_path)
    content = yaml.safe_load(file.read_text("utf-8"))
    content["authorization"] = {"token_from": "s3cret-token"}
    file.write_text(yaml.safe_dump(content), "utf-8")

    with pytest.raises(BadActions) as refused:
        read_business(file)

    assert "s3cret" not in refused.value.sentence


@pytest.mark.parametrize("name", ["hotel", "../bank", "bank.yaml", ""])
def test_a_business_that_does_not_come_with_the_product_is_refused(name: str) -> None:
    with pytest.raises(BadActions, match="IVR_SERVE__BUSINESS_FILE"):
        packaged_business(name)


def test_what_an_action_is_follows_from_its_requests(tmp_path: Path) -> None:
    undo = {"method": "DELETE", "path": "/changes/{key}"}
    order = {"method": "POST", "path": "/customers/{customer_id}/orders", "body": {"n": "{size}"}}
    options = {"ask": {"path": "/sizes"}, "entries": "sizes", "slots": {"size": "s"}}
    file = written(
        tmp_path,
        is_confirmed=True,
        options=options,
        parts=[{"do": order, "undo": undo}],
        declined={"sold_out": "sold_out", 404: {"code": "gone", "facts": {"why": "reason"}}},
    )

    action = read_business(file).actions["order"]

    assert action.task == Task(is_confirmed=True, has_options=True, can_be_undone=True)
    assert action.codes == {"sold_out", "gone"}
    assert (action.changes, action.is_about_a_customer) == (True, True)


@pytest.mark.parametrize("name", BUSINESSES)
def test_the_files_that_come_along_are_sound(name: str) -> None:
    business = read_business(packaged_business(name))

    assert business.business == name
    assert business.honours_idempotency_key
    assert business.authorization is not None
    assert len(business.actions) >= 5


@pytest.mark.parametrize("name", BUSINESSES)
def test_whatever_changes_something_needs_more_than_an_open_line(name: str) -> None:
    actions = read_business(packaged_business(name)).actions
    changing = {intent: action for intent, action in actions.items() if action.changes}

    assert changing
    assert [n for n, action in changing.items() if action.assurance is Assurance.OPEN] == []


@pytest.mark.parametrize("name", BUSINESSES)
def test_what_is_told_about_a_customer_needs_the_voice(name: str) -> None:
    """Whoever has the telephone of another learns nothing of theirs."""
    actions = read_business(packaged_business(name)).actions
    telling = {
        intent: action.assurance
        for intent, action in actions.items()
        if action.is_about_a_customer and not action.changes
    }

    assert {n for n, needs in telling.items() if needs is Assurance.CALLER_ID} == set()


@pytest.mark.parametrize(
    "intent", ["replace_card", "unblock_card", "transfer_money", "change_address"]
)
def test_what_a_thief_would_want_needs_a_second_factor(intent: str) -> None:
    action = read_business(packaged_business("bank")).actions[intent]

    assert action.assurance is Assurance.VOICE_AND_SECOND_FACTOR


def test_a_blocked_card_is_not_freed_by_taking_the_block_back() -> None:
    assert not read_business(packaged_business("bank")).actions["block_card"].can_be_undone


@pytest.mark.parametrize("method", Method)
def test_only_posts_and_patches_must_not_be_sent_twice(method: Method) -> None:
    assert method.is_repeatable == (method not in (Method.POST, Method.PATCH))


def test_the_page_about_actions_shows_a_file_that_can_be_used(tmp_path: Path) -> None:
    (shown,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    (tmp_path / "shown.yaml").write_text(shown, "utf-8")

    assert set(read_business(tmp_path / "shown.yaml").actions) == {"replace_card"}


def test_the_page_about_actions_tells_every_one_that_comes_along() -> None:
    rows = re.findall(
        r"^\| (\w*) ?\| (\w+) \| (\w+) \| (\w*) ?\| (\w*) ?\| (\w*) ?\|$",
        PAGE.read_text("utf-8"),
        re.MULTILINE,
    )
    told, business = {}, ""
    for named, intent, *what in rows:
        business = named or business
        told[business, intent] = [what[0], *(bool(cell) for cell in what[1:])]

    assert told == {
        (name, intent): [
            action.assurance.value,
            action.is_confirmed,
            action.options is not None,
            action.can_be_undone and action.changes,
        ]
        for name in BUSINESSES
        for intent, action in read_business(packaged_business(name)).actions.items()
    }
