"""Prompts: keys, facts, attempts, and files that must agree."""

import re
from pathlib import Path

import pytest

from ivr.call import Language, Line
from ivr.errors import BadPrompts
from ivr.speak.prompts import Prompts, is_personal, read_prompts
from ivr.speak.template import read_template

DE, EN = Language.GERMAN, Language.ENGLISH
PROMPTS = Path(__file__).parents[3] / "ivr" / "speak" / "prompts"
PACKS = sorted({path.name.split(".")[0] for path in PROMPTS.glob("*.*.yaml")})
DIALOGUE = frozenset(
    {
        "greet.personal",
        "greet.neutral",
        "greet.known_unverified",
        "notice.machine",
        "notice.voice",
        "ask.request",
        "ask.repeat",
        "ask.rephrase",
        "ask.confirm",
        "ask.which_of_two",
        "ask.more_speech",
        "ask.anything_else",
        "tell.cannot_serve",
        "tell.queue",
        "tell.queue_priority",
        "tell.queue_senior",
        "tell.queue_vip",
        "tell.queue_upset",
        "tell.queue_vulnerable",
        "tell.queue_wait",
        "tell.queue_position",
        "tell.not_proven",
        "tell.needs_second_factor",
        "tell.alternatives",
        "tell.done",
        "tell.goodbye",
        "tell.apology",
        "tell.opted_out",
        "tell.too_long",
        "help.what_i_can",
        "poor.too_little_speech",
        "poor.too_quiet",
        "poor.too_loud",
        "poor.clipped",
        "poor.noisy",
        "poor.muffled",
        "poor.several_voices",
        "poor.tones",
        "poor.music",
        "poor.echo",
    }
)
FLIGHT = {"flight": "LH815", "origin": "München", "destination": "Los Angeles"}


def prompts_of(language: Language = DE, **texts: str) -> Prompts:
    templates = {key: (read_template(key, text),) for key, text in texts.items()}
    return Prompts(language=language, templates=templates)


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(BadPrompts, match="no de prompt 'hello'"):
        prompts_of().text(Line(key="hello"))


def test_a_missing_fact_is_refused() -> None:
    with pytest.raises(BadPrompts, match="hello needs the fact name"):
        prompts_of(hello="Hallo {name}.").text(Line(key="hello"))


def test_a_count_that_is_no_number_is_refused_without_repeating_it() -> None:
    with pytest.raises(BadPrompts) as refusal:
        prompts_of(wait="{minutes:eine|#}").text(Line(key="wait", facts={"minutes": "secret"}))
    assert "secret" not in refusal.value.sentence


@pytest.mark.parametrize(
    "text", ["", "{", "{}", "{name!r}", "{name.real}", "{name[0]}", "{n:a|b|c}", "{n:>5}", "{N}"]
)
def test_braces_that_name_no_fact_are_refused(text: str) -> None:
    with pytest.raises(BadPrompts):
        read_template("key", text)


@pytest.mark.parametrize("pack", ["none_such", "../bank", "/etc/passwd", "missing.yaml"])
def test_a_pack_without_prompts_is_refused(pack: str) -> None:
    with pytest.raises(BadPrompts):
        read_prompts(DE, pack)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "- a",
        "offers: {no: x}",
        "offers: {a: [1]}",
        "offers: {a: []}",
        "offers: 3",
        "[",
        "x: {}",
    ],
)
def test_a_file_that_holds_no_prompts_is_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "dentist.de.yaml").write_text(content, encoding="utf-8")

    with pytest.raises(BadPrompts):
        read_prompts(DE, str(tmp_path / "dentist.yaml"))


def test_a_fact_cannot_bring_its_own_slots() -> None:
    prompts = prompts_of(hello="Hallo {name}.")

    assert prompts.text(Line(key="hello", facts={"name": "{flight}"})) == "Hallo flight."


def test_a_prompt_inside_a_prompt_inside_itself_is_refused() -> None:
    prompts = prompts_of(a="Und {b}")

    with pytest.raises(BadPrompts):
        prompts.text(Line(key="a", facts={"b_key": "a"}))


def test_the_sentence_of_the_mission_comes_out() -> None:
    prompts = read_prompts(DE, "airline")
    lines = (
        Line(key="greet.personal", facts={"name": "Klaus"}),
        Line(key="offer.flight_cancelled", facts=FLIGHT),
    )

    assert " ".join(prompts.text(line) for line in lines) == (
        "Hallo Klaus. Rufen Sie wegen dem LH Flug 815 von München nach Los Angeles an? "
        "Ich kann Ihnen alternative Flüge anbieten."
    )
    assert " ".join(prompts.spoken(line) for line in lines) == (
        "Hallo Klaus. Rufen Sie wegen dem L H Flug acht eins fünf von München nach Los Angeles an? "
        "Ich kann Ihnen alternative Flüge anbieten."
    )


def test_a_fact_ending_in_key_is_a_prompt_itself() -> None:
    line = Line(key="ask.confirm", facts={"want_key": "intent.rebook_flight.want"})

    assert read_prompts(DE, "airline").text(line) == "Möchten Sie einen Flug umbuchen?"
    assert not is_personal(line)


def test_every_attempt_has_its_wording_and_the_last_goes_on() -> None:
    prompts = read_prompts(EN, "airline")
    first, second, third, fourth = (prompts.text(Line(key="ask.repeat"), n) for n in range(4))

    assert first == "I'm sorry, I didn't hear you. Could you say that again?"
    assert len({first, second, third}) == 3
    assert fourth == third


def test_a_count_bends_its_noun() -> None:
    prompts = read_prompts(DE, "airline")

    def wait(minutes: str) -> str:
        return prompts.spoken(Line(key="tell.queue_wait", facts={"minutes": minutes}))

    assert wait("1") == "Die Wartezeit beträgt voraussichtlich eine Minute."
    assert wait("12") == "Die Wartezeit beträgt voraussichtlich zwölf Minuten."


def test_a_pack_may_reword_general_prompts(tmp_path: Path) -> None:
    (tmp_path / "dentist.de.yaml").write_text(
        "prompts: {greet: {neutral: Praxis Müller.}}\nintents: {visit: {want: kommen}}",
        encoding="utf-8",
    )
    prompts = read_prompts(DE, str(tmp_path / "dentist.yaml"))

    assert prompts.text(Line(key="greet.neutral")) == "Praxis Müller."
    assert prompts.text(Line(key="intent.visit.want")) == "kommen"
    assert prompts.text(Line(key="tell.done")) == "Das ist erledigt."


@pytest.mark.parametrize("pack", PACKS)
def test_german_and_english_say_the_same_things_with_the_same_facts(pack: str) -> None:
    german, english = read_prompts(DE, pack), read_prompts(EN, pack)

    assert sorted(german.templates) == sorted(english.templates)
    assert {key: german.placeholders(key) for key in german.templates} == {
        key: english.placeholders(key) for key in english.templates
    }


@pytest.mark.parametrize("path", sorted(PROMPTS.glob("*.yaml")), ids=lambda path: path.name)
def test_no_prompt_repeats_the_word_that_a_fact_brings(path: Path) -> None:
    doubled = r"(Flug|flight) \{\w*flight\}|time\} Uhr|time\} o'clock|amount\} ?(Euro|EUR|euros?|€)"

    assert re.findall(doubled, path.read_text(encoding="utf-8"), re.IGNORECASE) == []


@pytest.mark.parametrize("language", [DE, EN])
def test_every_key_of_the_dialogue_is_there(language: Language) -> None:
    keys = set(read_prompts(language, "airline").templates)

    assert keys >= DIALOGUE
