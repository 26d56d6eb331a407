"""What a reader complains about is found in the text."""

from pathlib import Path

import pytest

from ivr.call import Assurance
from ivr.decide.policy import Need, read_policy
from ivr.editing.trouble import Trouble, trouble_of
from ivr.errors import BadPack, BadPolicy
from ivr.understand.pack import read_pack

PACK = """name: kiosk
intents:
  buy:
    summary: "Buy"
    assurance: open
    may_suggest: false
    de: [a, b, c, d, e]
    en: [f, g, h, i, j]
  sell:
    summary: "Sell"
    assurance: open
    may_suggest: false
    de: [k, l]
    en: [m, n, o, p, q]
"""
POLICY = """priority_rules:
  - reason: VIP
    when: {tier: vip}
    queue: vip
    priority: 850
    says: tell.queue_vip
person: {queue: agents, priority: 50}
failures_until_person: 3
least_hearing: 0.35
confirm_below: 0.65
businesses:
  kiosk: {events: {}, requests: {}}
"""


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("    de: [k, l]", "    de: [k, l", 14),
        ("assurance: open", "assurance: shut", 3),
        ("de: [k, l]", "de: [k, l]", 13),
        ("  sell:", "  buy:", 9),
    ],
)
def test_troubles_of_packs_are_at_their_line(tmp_path: Path, old: str, new: str, line: int) -> None:
    text = PACK.replace(old, new)
    file = tmp_path / "kiosk.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(BadPack) as refused:
        read_pack(file)

    assert trouble_of(refused.value.sentence, text).line == line


def test_troubles_of_rules_are_at_their_line(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(POLICY, "utf-8")
    needs = {"buy": Need(assurance=Assurance.OPEN, may_suggest=False)}
    with pytest.raises(BadPolicy) as refused:
        read_policy(file, business="kiosk", needs=needs)

    assert trouble_of(refused.value.sentence, POLICY).line == 5


def test_a_prompt_that_is_named_is_found() -> None:
    text = "ask:\n  request: 'What?'\nintents:\n  buy:\n    want: '{a b}'\n"

    assert trouble_of("The prompt 'ask.request' is bad.", text).line == 2
    assert trouble_of("The prompt 'intent.buy.want' is bad.", text).line == 5
    assert trouble_of("The braces of the prompt ask.request do not match.", text).line == 2


@pytest.mark.parametrize("text", ["", "a: [", "- x\n- y\n", "\x00"])
def test_where_no_line_is_found_the_sentence_stands_alone(text: str) -> None:
    assert trouble_of("It is wrong.", text) == Trouble(sentence="It is wrong.")
