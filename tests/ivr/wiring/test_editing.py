"""Edited texts of a whole house: refused where it could not take calls with them, else in use."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr.call import Language, Line
from ivr.editing.desk import Sheet
from ivr.editing.document import Kind
from ivr.editing.measuring import Done, Measuring
from ivr.errors import BadPrompts, EditedDamaged, EditRefused
from ivr.review.report import Judged, Trial
from ivr.review.sentence import Sentence
from ivr.settings import Settings
from ivr.understand.pack import Pack
from ivr.wiring import House
from ivr.wiring.desk import intent_words
from ivr.wiring.editing import Editing
from ivr.wiring.pack_judge import Tests
from ivr.wiring.samples import SAMPLES
from ivr.wiring.texts import texts_in_use

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
PACK, RULES = "packs/airline.yaml", "policy.yaml"
OWN, GENERAL = "prompts/airline.de.yaml", "prompts/de.yaml"
DE = Language.GERMAN


class FakeJudge:
    """Understands every sentence but those that are told."""

    def __init__(self) -> None:
        self.misread: str = ""

    def __call__(self, pack: Pack, ready: Sequence[Sentence], tests: Tests) -> Trial:
        spoilt = any(
            self.misread and self.misread in sentence
            for intent in pack.intents
            for sentence in intent.sentences[DE]
        )
        return Trial(
            own=tuple(
                Judged(text=text, language=DE, label=one.name, found="" if spoilt else one.name)
                for one in pack.intents
                for text in one.sentences[DE]
            ),
            labelled=(),
        )


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(Settings(home=tmp_path))
    yield house
    house.close()


@pytest.fixture
def judge() -> FakeJudge:
    return FakeJudge()


@pytest.fixture
def editing(house: House, judge: FakeJudge) -> Editing:
    return replace(house.editing, judge=judge, measuring=Measuring(start=lambda work: work()))


def edited(editing: Editing, name: str, old: str, new: str) -> Sheet:
    sheet = editing.desk.sheet("anna", name)
    assert old in sheet.text
    return editing.desk.save("anna", name, sheet.text.replace(old, new, 1), sheet.seen or "")


def test_everything_of_the_business_can_be_edited(editing: Editing) -> None:
    names = {one.name for one in editing.desk.documents}

    assert names == {
        *(PACK, RULES, OWN, GENERAL, "queues.yaml"),
        *("prompts/airline.en.yaml", "prompts/en.yaml"),
    }
    assert not any(editing.desk.troubles(one) for one in editing.desk.sheets("anna"))


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        (PACK, "name: airline", "name: bank", "must keep its name"),
        (PACK, "assurance: voice", "assurance: none_at_all", "is no assurance"),
        (PACK, "intents:", "intents: [", "not valid YAML"),
        (PACK, "  rebook_flight:", "  rebook:", "names intents the pack does not have"),
        (RULES, "priority: 90", "priority: 900", "less than or equal to 100"),
        (RULES, "says: tell.queue_vip", "says: tell.nothing", "lack 'tell.nothing'"),
        (RULES, "  airline:", "  airlines:", "no rules for the business"),
        (OWN, "    want: ", "    wants: ", "lack 'intent.rebook_flight.want'"),
        ("queues.yaml", "queues:", "queue:", "queue"),
        (GENERAL, "Hallo {name}.", "Hallo {name.", "braces"),
    ],
)
def test_what_the_house_could_not_start_with_is_not_published(
    editing: Editing, name: str, old: str, new: str, says: str
) -> None:
    sheet = edited(editing, name, old, new)

    (trouble,) = editing.desk.troubles(sheet)
    assert says in trouble.sentence
    with pytest.raises(EditRefused):
        editing.desk.publish("anna", name, "Because", NOW)
    assert texts_in_use(editing.settings).folder is None


def test_changed_intents_are_measured_before_they_are_published(
    editing: Editing, judge: FakeJudge
) -> None:
    sheet = edited(editing, PACK, "Ich muss meinen Flug umbuchen.", "Blabla umbuchen.")
    assert editing.needs_measuring(sheet)
    assert editing.measured(sheet) is None
    with pytest.raises(EditRefused, match="Measure"):
        editing.desk.publish("anna", PACK, "Because", NOW)

    judge.misread = "Blabla"
    editing.measure(sheet)
    with pytest.raises(EditRefused, match="would fall by 100"):
        editing.desk.publish("anna", PACK, "Because", NOW)

    better = edited(editing, PACK, "Blabla umbuchen.", "Umbuchen, bitte sehr.")
    assert editing.measured(better) is None
    editing.measure(better)
    assert isinstance(editing.measured(better), Done)
    editing.desk.publish("anna", PACK, "Better", NOW)
    assert "Umbuchen, bitte sehr." in texts_in_use(editing.settings).pack().intents[0].sentences[DE]


def test_what_is_not_said_for_an_intent_needs_no_measuring(editing: Editing) -> None:
    assert not editing.needs_measuring(edited(editing, PACK, "Take another", "Take one more"))
    assert not editing.needs_measuring(edited(editing, RULES, "priority: 90", "priority: 91"))


def test_only_what_fits_the_running_house_takes_effect_at_once(editing: Editing) -> None:
    assert editing.takes_effect_now(edited(editing, RULES, "priority: 90", "priority: 91"))
    assert editing.takes_effect_now(edited(editing, PACK, "Take another", "Take one more"))
    assert not editing.takes_effect_now(
        edited(editing, PACK, "assurance: voice", "assurance: voice_and_second_factor")
    )


def test_a_house_starts_with_what_was_published(editing: Editing, tmp_path: Path) -> None:
    edited(editing, RULES, "priority: 90", "priority: 91")
    editing.desk.publish("anna", RULES, "Because", NOW)
    edited(editing, GENERAL, "Hallo {name}.", "Servus {name}.")
    editing.desk.publish("anna", GENERAL, "Because", NOW)

    house = House(Settings(home=tmp_path))

    assert house.policy.priority_rules[0].priority == 91
    assert house.speaker.text((Line(key="greet.personal", facts={"name": "Klaus"}),), DE) == (
        "Servus Klaus."
    )
    house.close()


def test_a_running_house_takes_it_over(
    editing: Editing, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at_once(work: Callable[[], None]) -> None:
        work()

    hello = (Line(key="greet.personal", facts={"name": "Klaus"}),)
    assert house.policy.priority_rules[0].priority == 90
    assert house.speaker.text(hello, DE) == "Hallo Klaus."
    edited(editing, RULES, "priority: 90", "priority: 91")
    editing.desk.publish("anna", RULES, "Because", NOW)
    edited(editing, GENERAL, "Hallo {name}.", "Servus {name}.")
    editing.desk.publish("anna", GENERAL, "Because", NOW)
    edited(editing, OWN, "einen Flug umbuchen", "anders fliegen")
    editing.desk.publish("anna", OWN, "Because", NOW)

    monkeypatch.setattr(house.agreed, "_look_every_ms", 0)
    monkeypatch.setattr(house.agreed, "_start", at_once)

    assert house.policy.priority_rules[0].priority == 91
    assert house.speaker.text(hello, DE) == "Servus Klaus."
    assert intent_words(house.prompts)("rebook_flight", DE) == "anders fliegen"
    editing.desk.go_back("anna", 0, NOW)
    assert house.speaker.text(hello, DE) == "Hallo Klaus."


def test_a_house_does_not_start_with_damaged_texts(editing: Editing, tmp_path: Path) -> None:
    edited(editing, RULES, "priority: 90", "priority: 91")
    editing.desk.publish("anna", RULES, "Because", NOW)
    folder = texts_in_use(editing.settings).folder
    assert folder is not None
    (folder / RULES).write_text("priority_rules: []\n")

    with pytest.raises(EditedDamaged, match="go back"):
        _ = House(Settings(home=tmp_path)).policy


def test_a_draft_can_be_heard(editing: Editing) -> None:
    sheet = edited(editing, GENERAL, "Hallo {name}.", "Servus {name}.")

    heard = editing.hear(sheet, "greet.personal", DE, {})

    assert heard.text == "Servus Alex."
    assert heard.wav.startswith(b"RIFF")
    assert len(heard.wav) > 8_000
    with pytest.raises(BadPrompts):
        editing.hear(sheet, "greet.nobody", DE, {})


def test_there_are_facts_to_hear_every_prompt_with(editing: Editing) -> None:
    prompts = texts_in_use(editing.settings).prompts()
    for language, texts in prompts.items():
        named = {
            name for key in texts.templates for names in texts.placeholders(key) for name in names
        }
        assert named <= set(SAMPLES[language]) | {"company"}


def test_kinds_are_told_apart(editing: Editing) -> None:
    assert [one.kind for one in editing.desk.documents].count(Kind.PROMPTS) == 4
