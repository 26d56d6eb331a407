from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from ivr.call import Language
from ivr.decide.policy import BY_MACHINE
from ivr.errors import BadQueues
from ivr.queue.queues import Elsewhere, read_queues

QUEUE = {
    "name": {"de": "A", "en": "A"},
    "languages": ["de"],
    "service_level": {"percent": 80, "within_s": 20},
    "handling_s": 240,
}
GOOD = {"default": QUEUE, "queues": {"agents": {}}}

Write = Callable[[object], Path]


@pytest.fixture
def written(tmp_path: Path) -> Write:
    def write(content: object) -> Path:
        file = tmp_path / "queues.yaml"
        file.write_text(content if isinstance(content, str) else yaml.safe_dump(content), "utf-8")
        return file

    return write


def with_agents(**changes: object) -> dict[str, object]:
    return {**GOOD, "queues": {"agents": changes}}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("a: [", "is not valid YAML"),
        ("queues: {a: {}, a: {}}", "written twice"),
        ("- a", "must hold named entries"),
        ({"queues": {"agents": {}}}, "queues.agents.name"),
        ({**GOOD, "surprise": 1}, "surprise"),
        ({**GOOD, "queues": [1]}, "must hold named queues"),
        ({**GOOD, "hours": [1]}, "named opening hours"),
        ({**GOOD, "queues": {"Big Queue": {}}}, "Big Queue"),
        (with_agents(handling_s=0), "queues.agents.handling_s"),
        (with_agents(languages=["fr"]), "queues.agents.languages"),
        (with_agents(hours="office"), "no hours called 'office'; write them"),
        (with_agents(service_level={"percent": 101, "within_s": 20}), "percent"),
        (with_agents(closed="sing"), "queues.agents.closed"),
        (with_agents(skills=["a|b"]), "queues.agents.skills"),
        (
            {"queues": {"agents": {**QUEUE, "overflow": {"after_s": 60, "to": "no"}}}},
            "No rules for these queues, and no default: no. Write a section",
        ),
        (
            {
                **GOOD,
                "queues": {"a": {"closed": {"queue": "b"}}, "b": {"closed": {"queue": "a"}}},
            },
            "a: closed: leads in a circle",
        ),
        ({**GOOD, "hours": {"x": {"zone": "Nowhere"}}, "queues": {"a": {"hours": "x"}}}, "a.hours"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_what_to_do(
    written: Write, content: object, sentence: str
) -> None:
    with pytest.raises(BadQueues, match=sentence):
        read_queues(written(content))


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadQueues, match="no such file"):
        read_queues(tmp_path / "none.yaml")


def test_a_queue_says_only_what_is_different(written: Write) -> None:
    queues = read_queues(written({**GOOD, "queues": {"vip": {"handling_s": 60}}}))

    assert queues.of("vip") == queues.of("agents").model_copy(update={"handling_s": 60})
    assert queues.of("vip").languages == {Language.GERMAN}


def test_without_a_default_every_queue_that_is_named_needs_a_section(written: Write) -> None:
    queues = read_queues(written({"queues": {"agents": QUEUE}}))

    queues.check(["agents"])
    with pytest.raises(BadQueues, match="no default: care, vip"):
        queues.check(["vip", "agents", "care"])
    with pytest.raises(BadQueues, match="the queue vip"):
        queues.of("vip")


def test_the_packaged_queues_are_those_of_the_packaged_policy() -> None:
    """Each has a section; what the default says would be a guess."""
    import ivr.decide.policy  # noqa: PLC0415 - for its folder

    policy = yaml.safe_load(
        Path(ivr.decide.policy.__file__).with_name("policy.yaml").read_text("utf-8")
    )
    named = {rule["queue"] for rule in policy["priority_rules"] if "queue" in rule}
    named |= {policy["person"]["queue"], policy["helpless"]["queue"]}
    named |= {
        queue
        for business in policy["businesses"].values()
        for queue in business["requests"].values()
        if queue != BY_MACHINE
    }

    queues = read_queues(None)
    assert named <= set(queues.queues)
    assert queues.of("cards").hours is None
    assert queues.of("agents").closed == "call_back"


def test_a_closed_queue_may_name_another(written: Write) -> None:
    queues = read_queues(written(with_agents(closed={"queue": "night"})))

    assert queues.of("agents").closed == Elsewhere(queue="night")
