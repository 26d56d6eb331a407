"""A sentence that was not understood is labelled, added, understood, and taken back again."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from biometrics import Outcome, StoreUnavailable, SubjectId, Verdict
from biometrics.vault.vault import Vault
from ivr.call import (
    Ask,
    Caller,
    CustomerId,
    HangUp,
    Intent,
    Language,
    Mood,
    OutOfScope,
    Transcript,
)
from ivr.cli import app
from ivr.decide.dialogue import Choosing, Dialogue, Filling, Menu, Offered, Pending
from ivr.decide.moment import Moment, decided
from ivr.errors import AdditionsRefused, BadPack, UnknownSentence
from ivr.review.report import Judged, Shares, Trial
from ivr.review.sentence import Sentence, SentenceId
from ivr.settings import ReviewSettings, Settings, UnderstandSettings
from ivr.understand.additions import with_additions
from ivr.understand.logistic import TrainSettings
from ivr.understand.pack import Pack
from ivr.wiring import House
from ivr.wiring.pack_judge import PackJudge, Tests
from ivr.wiring.reviewing import Reviewing
from ivr.wiring.said import said_in

NOW = datetime.now(UTC)
ODD = "Das Plastikding von der Bank hat den Geist aufgegeben."
CALLER = Caller(customer_id=CustomerId("C-1"), subject=SubjectId("s-1"), name="Klaus")
BLOCK = Intent(name="block_card", confidence=0.9)
REPLACE = Intent(name="replace_card", confidence=0.9)

INTENT = """
  {name}:
    summary: "Something"
    assurance: open
    may_suggest: false
    de: [{de}]
    en: [{en}]
"""
SENTENCES = {
    "replace_card": (
        ["Ich brauche eine neue Karte.", "Meine Karte ist kaputt.", "Ersatzkarte bitte.",
         "Die Karte ist abgelaufen.", "Der Chip geht nicht mehr."],
        ["I need a new card.", "My card is broken.", "Replacement card please.",
         "The card has expired.", "The chip no longer works."],
    ),
    "order_statement": (
        ["Ich brauche einen Kontoauszug.", "Schicken Sie mir die Auszüge.", "Auszug vom März.",
         "Mir fehlt ein Kontoauszug.", "Ich möchte Auszüge auf Papier."],
        ["I need a bank statement.", "Send me my statements.", "A statement for March.",
         "One statement is missing.", "I want paper statements."],
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def pack_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    entries = [
        INTENT.format(name=name, de=", ".join(map(repr, de)), en=", ".join(map(repr, en)))
        for name, (de, en) in SENTENCES.items()
    ]
    file = tmp_path_factory.mktemp("pack") / "kiosk.yaml"
    file.write_text("name: kiosk\nintents:\n" + "".join(entries), "utf-8")
    return file


class FakeJudge:
    """Takes a sentence for what the pack says it is, and any other for nothing."""

    def __call__(self, pack: Pack, ready: Sequence[Sentence], tests: Tests) -> Trial:
        taught = {
            (language, text): intent.name
            for intent in pack.intents
            for language, texts in intent.sentences.items()
            for text in texts
        }
        own = [(language, text, label) for (language, text), label in taught.items()]
        asked = [(one.language, one.text, one.label) for one in ready]
        return Trial(own=_judged(own, taught), labelled=_judged(asked, taught))


def _judged(
    asked: list[tuple[Language, str, str]], taught: dict[tuple[Language, str], str]
) -> tuple[Judged, ...]:
    return tuple(
        Judged(text=text, language=language, label=label, found=taught.get((language, text), ""))
        for language, text, label in asked
    )


@pytest.fixture
def house(tmp_path: Path, pack_file: Path) -> Iterator[House]:
    settings = Settings(
        home=tmp_path,
        understand=UnderstandSettings(pack=str(pack_file)),
        review=ReviewSettings(collect="all"),
    )
    house = House(settings)
    yield house
    house.close()


@pytest.fixture
def reviewing(house: House) -> Reviewing:
    return Reviewing(voices=house.voices, sure_from=lambda: 0.5, judge=FakeJudge())


def heard(text: str = ODD) -> Transcript:
    return Transcript(text=text, language=Language.GERMAN, confidence=0.8, engine="whisper")


def moment(**more: Any) -> Moment:
    plain = Moment(
        caller=CALLER,
        verdict=Verdict(outcome=Outcome.ACCEPTED),
        heard=heard(),
        meaning=OutOfScope(confidence=0.1),
        mood=Mood.NEUTRAL,
        now=NOW,
        dialogue=Dialogue(),
        call_id="c-1",
    )
    return replace(plain, **more)


def after(pending: Pending | None, **more: Any) -> Moment:
    return moment(dialogue=Dialogue(pending=pending), **more)


def hear(reviewing: Reviewing, told: Moment, *, is_over: bool = False) -> None:
    decision = decided(told, (HangUp if is_over else Ask)(lines=()), "a test")
    decision = replace(decision, dialogue=replace(decision.dialogue, is_over=is_over))
    reviewing.note(told, decision)


def waiting(reviewing: Reviewing) -> SentenceId:
    ((group),) = reviewing.listed(NOW)
    return group.first.id


# what a turn tells


YES = Intent(name="affirm", confidence=0.9)
NO = Intent(name="deny", confidence=0.9)
A_CHOICE = Choosing(first=BLOCK, second=REPLACE)
A_GUESS = Offered(intent=BLOCK, is_personal=True)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (after(Filling(intent=REPLACE, slot="card_last4")), {"is_answer": True}),
        (after(Offered(intent=BLOCK), meaning=YES), {"settled": "block_card"}),
        (after(Offered(intent=BLOCK), meaning=NO), {"is_denied": True, "settled": ""}),
        (after(A_GUESS, meaning=NO), {"is_denied": False}),
        (after(A_CHOICE, heard=heard("Das zweite bitte.")), {"settled": "replace_card"}),
        (after(A_CHOICE, keys="1"), {"settled": "block_card"}),
        (after(A_CHOICE, meaning=NO), {"is_denied": True}),
        (after(Menu(intents=("a", "b")), keys="2"), {"settled": "b"}),
        (moment(), {"settled": "", "is_answer": False, "is_denied": False, "has_agreed": False}),
        (moment(), {"names": ("Klaus",)}),
    ],
)
def test_what_a_turn_tells(told: Moment, expected: dict[str, object]) -> None:
    said = said_in(told)

    assert {name: getattr(said, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("outcome", "preferences", "has_agreed"),
    [
        (Outcome.ACCEPTED, {"review": "yes"}, True),
        (Outcome.ACCEPTED, {"review": "no"}, False),
        (Outcome.ACCEPTED, {}, False),
        (Outcome.INCONCLUSIVE, {"review": "yes"}, False),
        (Outcome.REJECTED, {"review": "yes"}, False),
    ],
)
def test_only_a_proven_customer_has_agreed(
    outcome: Outcome, preferences: dict[str, str], has_agreed: bool
) -> None:
    caller = replace(CALLER, preferences=preferences)

    said = said_in(moment(caller=caller, verdict=Verdict(outcome=outcome)))

    assert said.has_agreed is has_agreed


# learning


def test_what_is_not_on_the_list_or_no_intent_is_refused(reviewing: Reviewing) -> None:
    hear(reviewing, moment())

    with pytest.raises(UnknownSentence):
        reviewing.label(SentenceId("00000000"), "replace_card")
    with pytest.raises(UnknownSentence):
        reviewing.drop(SentenceId("00000000"))
    with pytest.raises(AdditionsRefused, match="no intent of the pack kiosk"):
        reviewing.label(waiting(reviewing), "rebook_flight")
    with pytest.raises(AdditionsRefused, match="Nothing is no intent"):
        reviewing.label(waiting(reviewing), "")
    with pytest.raises(AdditionsRefused, match="No sentence is labelled"):
        reviewing.prepared({})
    with pytest.raises(BadPack):
        reviewing.undo()


def test_additions_that_do_harm_are_refused_unless_somebody_insists(reviewing: Reviewing) -> None:
    hear(reviewing, moment())
    reviewing.label(waiting(reviewing), "replace_card")
    prepared = reviewing.prepared({})
    fallen = Shares(before=0.9, after=0.88)
    harmful = replace(prepared, report=replace(prepared.report, own=fallen))

    with pytest.raises(AdditionsRefused, match=r"fall by 2\.0%, more than 1\.0%"):
        reviewing.apply(harmful)
    assert reviewing.shelf.current().version == 0
    assert reviewing.apply(harmful, is_forced=True).version == 1


def test_what_is_nearly_the_same_is_labelled_and_deleted_together(reviewing: Reviewing) -> None:
    for text in (ODD, f"Also, {ODD}", "Ganz was anderes, bitte."):
        hear(reviewing, moment(heard=heard(text)))
    odd, other = reviewing.listed(NOW)

    assert len(odd.sentences) == 2
    assert reviewing.drop(other.first.id, with_alike=True) == 1
    assert len(reviewing.label(odd.first.id, "replace_card", with_alike=True)) == 2
    assert reviewing.listed(NOW) == ()


def test_keys_that_cannot_be_had_fail_no_call(
    reviewing: Reviewing, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def gone(*_: object) -> None:
        raise StoreUnavailable("The keys are gone.")

    monkeypatch.setattr(Vault, "common_key", gone)
    hear(reviewing, moment())

    assert [record.message for record in caplog.records] == ["no sentence can be kept for review"]


def test_a_sentence_is_learned_and_can_be_forgotten(reviewing: Reviewing) -> None:
    hear(reviewing, moment())
    hear(
        reviewing,
        moment(heard=heard("Ich brauche eine neue Karte."), meaning=REPLACE),
        is_over=True,
    )
    (group,) = reviewing.listed(NOW)
    assert (group.first.text, group.suggested) == (ODD, "replace_card")

    reviewing.label(group.first.id, "")
    prepared = reviewing.prepared({})
    added = reviewing.apply(prepared)

    assert [one.text for one in prepared.report.mended] == [ODD]
    assert prepared.report.labelled is not None
    assert (prepared.report.labelled.before, prepared.report.labelled.after) == (0.0, 1.0)
    grown = with_additions(reviewing.pack, reviewing.shelf.current()).intent("replace_card")
    assert added.version == 1
    assert grown is not None
    assert grown.sentences[Language.GERMAN][-1] == ODD
    assert House(reviewing.settings).words.pack.intent("replace_card") == grown
    assert reviewing.listed(NOW) == ()
    with pytest.raises(AdditionsRefused):
        reviewing.prepared({})

    assert reviewing.undo().version == 0
    assert with_additions(reviewing.pack, reviewing.shelf.current()) == reviewing.pack
    assert [one.text for one in reviewing.prepared({}).report.mended] == [ODD]


def test_a_model_trained_on_an_added_sentence_understands_it(house: House) -> None:
    """Few folds: what is asked here is whether the parts fit, not how good the figures are."""
    judge = PackJudge(house.settings, sure_from=0.5, training=TrainSettings(folds=2))
    reviewing = Reviewing(voices=house.voices, sure_from=lambda: 0.5, judge=judge)
    hear(reviewing, moment())
    reviewing.label(waiting(reviewing), "replace_card")

    report = reviewing.prepared({}).report

    assert [one.text for one in report.mended] == [ODD]
    assert report.own is not None
    assert min(report.own.before, report.own.after) > 0.5


def test_the_commands_lead_from_a_sentence_to_a_version_and_back(
    reviewing: Reviewing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ivr.wiring.reviewing.open_reviewing", lambda pack: reviewing)
    hear(reviewing, moment())

    def run(*words: str) -> str:
        done = CliRunner().invoke(app, ["review", *words])
        assert done.exit_code == 0, done.exception
        return done.stdout

    shown = run("list")
    assert f"1 x  de  {ODD}" in shown
    assert "out of scope, taken for nothing" in shown
    assert "Labelled: 1." in run("label", shown.split()[0], "replace_card")
    assert "Understood only now:" in run("report")
    assert "Added as version 1." in run("apply")
    assert "No sentence waits" in run("list")
    assert "Nothing is added." in run("undo")

    hear(reviewing, moment(call_id="c-2"))
    assert "Deleted: 1." in run("drop", run("list").split()[0])
