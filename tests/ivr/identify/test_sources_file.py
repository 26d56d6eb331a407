"""What may stand in a file of sources, and what is said about the rest."""

from pathlib import Path

import pytest

from ivr.errors import BadSources
from ivr.identify.fact import DIRECTORY
from ivr.identify.placeholders import By
from ivr.identify.rules import Rule
from ivr.identify.sources_file import SourcesFile, example, read_sources

CRM = """
sources:
  crm:
    kind: http
    url: "https://crm.example/{number}"
    facts: {tier: /tier}
"""
BILLING = """
sources:
  billing:
    kind: sql
    database: sqlite:///billing.db
    query: SELECT tier FROM t WHERE id = :customer_id
    facts: {tier: tier}
"""


def read(tmp_path: Path, text: str) -> SourcesFile:
    file = tmp_path / "sources.yaml"
    file.write_text(text, "utf-8")
    return read_sources(file)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sources: {}", "sources: "),
        ("other: 1", "sources: Field required"),
        ("[1]", "must hold named entries"),
        ("sources: {a: {kind: ftp}}", "sources.a"),
        (CRM + "    colour: red\n", "sources.crm.colour"),
        (CRM + "  directory:\n    kind: http\n    url: '{number}'\n", "sources.directory"),
        (CRM + "order: [crm, nobody]\n", "order: name each"),
        (CRM + "order: [crm, crm]\n", "order: name each"),
        (CRM + "rules: {is_vulnerable: newest}\n", "is_vulnerable is always strictest"),
        (CRM + "rules: {subject: newest}\n", "goes by the directory"),
        (CRM + "rules: {tier: strictest}\n", "true or false"),
        (CRM + "rules: {tier: loudest}\n", "rules.tier"),
        (CRM.replace("/tier", "tier"), "tier is no JSON pointer"),
        (CRM.replace("/tier}", "/tier, subject: /voice}"), "identifies: true"),
        (CRM.replace("{number}", ""), "ask by {number} or {customer_id}"),
        (CRM.replace("{number}", "{name}"), "nothing fills in name"),
        (CRM.replace("crm.example/{number}", "{number}/"), "never in the host"),
        (CRM.replace("https://", "https://u:geheim@"), "a password belongs"),
        (CRM.replace("https://", "ftp://"), "whole web address"),
        (CRM + "    headers: {Authorization: Bearer geheim}\n", "secret_env: A_VARIABLE"),
        (CRM + "    headers: {X-Api-Key: geheim}\n", "secret_env: A_VARIABLE"),
        (CRM + "    headers: {'X: y': z}\n", "letters, digits and hyphens"),
        (CRM + "    body: {a: b}\n", "method: POST"),
        (CRM + "    identifies: true\n", "tells customer_id, subject and name"),
        (CRM.replace("{tier: /tier}", "{}"), "at least one fact"),
        (CRM.replace("tier: /tier", "events: /events"), "beside facts"),
        (CRM.replace("tier: /tier", "Tier: /tier"), "sources.crm.facts"),
        (CRM + "    timeout_ms: 1\n", "sources.crm.timeout_ms"),
        (BILLING.replace("SELECT", "DELETE"), "one SELECT"),
        (BILLING.replace("= :customer_id", "= :customer_id; DROP TABLE t"), "one SELECT"),
        (BILLING.replace(":customer_id", "1"), "ask by :number or :customer_id"),
        (BILLING.replace("sqlite:///billing.db", "postgresql://u:geheim@h/d"), "secret_env"),
    ],
)
def test_a_slip_is_refused_with_its_place_and_no_secret(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(BadSources) as refusal:
        read(tmp_path, text)

    assert said in refusal.value.sentence
    assert "geheim" not in refusal.value.sentence


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSources, match=r"none\.yaml: there is no such file"):
        read_sources(tmp_path / "none.yaml")


def test_the_directory_is_trusted_last_unless_it_is_placed(tmp_path: Path) -> None:
    both = CRM + BILLING.removeprefix("\nsources:\n")

    assert read(tmp_path, both).weighing.order == ("crm", "billing", DIRECTORY)
    placed = read(tmp_path, both + "order: [directory, billing]\n").weighing
    assert placed.order == (DIRECTORY, "billing", "crm")


def test_yaml_reads_some_words_as_truths(tmp_path: Path) -> None:
    text = CRM.replace("/tier", "{at: /tier, words: {yes: vip, no: standard, 2: gold}}")

    words = read(tmp_path, text).sources["crm"].facts["tier"].words

    assert words == {"true": "vip", "false": "standard", "2": "gold"}


def test_the_example_can_be_used_as_it_is() -> None:
    described = read_sources(example())

    assert {name: one.by for name, one in described.sources.items()} == {
        "crm": By.NUMBER,
        "billing": By.CUSTOMER,
    }
    assert described.weighing.of("tier") is Rule.NEWEST
