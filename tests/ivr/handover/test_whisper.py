from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ivr.call import CustomerId, Language
from ivr.handover.context import Context, Customer, Evidence
from ivr.handover.whisper import whisper_lines
from ivr.speak.prompts import read_prompts

CONTEXT = Context(
    call_id="c-1",
    at=datetime(2026, 5, 20, tzinfo=UTC),
    language=Language.GERMAN,
    business="airline",
    number=None,
    customer=Customer(id=CustomerId("k-1"), name="Klaus"),
    evidence=Evidence(decision="accepted"),
    said=(),
    intent="rebook_flight",
    queue="agents",
    priority=50,
)


def keys(context: Context) -> list[str]:
    return [line.key for line in whisper_lines(context)]


@pytest.mark.parametrize(
    ("evidence", "warning"),
    [
        (Evidence(decision="rejected"), "whisper.somebody_else"),
        (Evidence(decision="spoof_suspected"), "whisper.sounds_made"),
        (Evidence(decision="accepted", signs=("exact_replay",)), "whisper.sounds_made"),
        (Evidence(decision="inconclusive"), "whisper.not_sure"),
        (Evidence(decision="not_enrolled"), "whisper.not_sure"),
    ],
)
def test_a_name_is_never_said_without_how_sure_we_are(evidence: Evidence, warning: str) -> None:
    assert keys(replace(CONTEXT, evidence=evidence))[:2] == ["whisper.name", warning]


def test_a_stranger_has_no_name_and_needs_no_proof() -> None:
    assert keys(replace(CONTEXT, customer=None)) == ["whisper.nobody", "whisper.about"]


def test_the_person_hears_who_how_sure_what_and_in_what_mood() -> None:
    assert keys(replace(CONTEXT, mood="upset")) == [
        "whisper.name",
        "whisper.sure",
        "whisper.about",
        "whisper.upset",
    ]


def test_without_a_request_that_is_said() -> None:
    assert keys(replace(CONTEXT, intent=""))[-1] == "whisper.about_unknown"


@pytest.mark.parametrize("language", list(Language))
def test_every_line_has_words(language: Language) -> None:
    prompts = read_prompts(language, "airline")
    contexts = [
        replace(CONTEXT, evidence=Evidence(decision=decision), mood="upset", customer=customer)
        for decision in ("accepted", "rejected", "inconclusive", "spoof_suspected")
        for customer in (CONTEXT.customer, None)
    ]
    said = {key for context in contexts for key in keys(context)} | {"whisper.about_unknown"}

    assert said <= set(prompts.templates)
