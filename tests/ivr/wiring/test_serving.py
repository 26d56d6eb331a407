"""Every action of every business, done for real in the demo back end."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from fakes.log_lines import logged

from biometrics.storage.database import open_engine
from ivr.call import Assurance, CustomerId, Language, Line
from ivr.errand import Choices, Declined, Done, Errand, Served, Step, Unavailable
from ivr.errors import BadActions, BadPrompts, BadSettings, NoBusinessSystem
from ivr.serve.demo.backend import Conduct, Fault
from ivr.settings import ServeSettings, Settings
from ivr.speak.prompts import read_prompts
from ivr.speak.template import read_template
from ivr.understand.pack import read_pack
from ivr.wiring.places import Places
from ivr.wiring.serving import Serving

BUSINESSES = ("airline", "bank", "telecom", "retail")
KLAUS, EMILY, NOBODY = CustomerId("C-1001"), CustomerId("C-1004"), CustomerId("C-9999")
TOMORROW = (date.today() + timedelta(days=1)).isoformat()  # noqa: DTZ011 - as the back end counts

Open = Callable[..., Serving]
pack_of = cache(read_pack)


@pytest.fixture(scope="module")
def open_serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """Opens the actions of a business, on a database of its own."""
    opened: list[Places] = []

    def of(business: str, **settings: object) -> Serving:
        serve = ServeSettings(**({"demo": True} | settings))  # type: ignore[arg-type]
        places = Places(Settings(serve=serve))
        engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('serving') / 'house.db'}")
        places.closing.callback(engine.dispose)
        opened.append(places)
        return Serving(places, lambda: pack_of(business), lambda: engine)

    yield of
    for places in opened:
        places.closing.close()


@dataclass
class Desk:
    """Runs errands of one business, as sure as can be, and says what comes of them."""

    serving: Serving
    business: str
    number: int = 0

    def run(self, intent: str, customer: CustomerId | None = KLAUS, **slots: str) -> Served:
        served = self.serving.run(self.errand(intent, customer, **slots))
        if isinstance(served, Done):
            self.say(f"intent.{intent}.done", {**slots, **served.facts})
        if isinstance(served, Declined):
            self.say(f"intent.{intent}.declined.{served.code}", {**slots, **served.facts})
        return served

    def say(self, key: str, facts: Mapping[str, str]) -> None:
        for language in Language:
            assert read_prompts(language, self.business).spoken(Line(key=key, facts=facts))

    def errand(self, intent: str, customer: CustomerId | None = KLAUS, **slots: str) -> Errand:
        self.number += 1
        return Errand(
            intent=intent,
            slots=slots,
            customer_id=customer,
            assurance=Assurance.VOICE_AND_SECOND_FACTOR,
            key=f"errand-{self.number:05d}",
        )

    def options(self, intent: str, customer: CustomerId = KLAUS) -> Choices:
        choices = self.serving.run(replace(self.errand(intent, customer), step=Step.OPTIONS))
        assert isinstance(choices, Choices)
        for option in choices.options:
            self.say(f"intent.{intent}.option", {**option.slots, **option.facts})
        return choices

    @property
    def done(self) -> list[str]:
        return [one["action"] for one in self.serving.demo.done()]


@pytest.fixture
def desk(open_serving: Open, request: pytest.FixtureRequest) -> Desk:
    return Desk(open_serving(request.param), request.param)


def at(business: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("desk", [business], indirect=True)


def test_without_a_business_system_there_is_nothing_to_do(open_serving: Open) -> None:
    serving = open_serving("bank", demo=False)

    assert (serving.is_on, dict(serving.tasks), dict(serving.declines)) == (False, {}, {})
    assert serving.assurance("tell_iban", Assurance.VOICE) is Assurance.VOICE
    with pytest.raises(NoBusinessSystem):
        _ = serving.counter


@pytest.mark.parametrize("token", [None, "", "  ", "new\nline"])
def test_a_token_that_is_not_set_is_asked_for(
    open_serving: Open, monkeypatch: pytest.MonkeyPatch, token: str | None
) -> None:
    monkeypatch.delenv("BACKEND_TOKEN", raising=False)
    if token is not None:
        monkeypatch.setenv("BACKEND_TOKEN", token)

    serving = open_serving("bank", demo=False, url="https://bank.example")

    with pytest.raises(BadSettings, match="BACKEND_TOKEN"):
        _ = serving.tasks
    with pytest.raises(BadSettings, match="BACKEND_TOKEN"):
        _ = serving.counter


def test_an_address_that_others_could_read_is_refused(open_serving: Open) -> None:
    with pytest.raises(BadActions):
        _ = open_serving("bank", demo=False, url="http://bank.example").tasks


def test_an_operators_own_file_is_read(open_serving: Open, tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(
        "business: bank\nurl: https://bank.example\nactions:\n"
        "  tell_iban: {assurance: voice, parts: [{do: {path: /iban}}]}\n"
        "  sing: {assurance: open, parts: [{do: {path: /song}}]}\n",
        "utf-8",
    )

    assert set(open_serving("bank", demo=False, business_file=file).tasks) == {"tell_iban"}


@pytest.mark.parametrize("business", BUSINESSES)
def test_every_action_belongs_to_an_intent_of_the_pack(open_serving: Open, business: str) -> None:
    serving = open_serving(business)

    assert serving.business is not None
    assert set(serving.business.actions) == set(serving.actions)


def test_the_stricter_of_pack_and_action_is_needed(open_serving: Open) -> None:
    serving = open_serving("bank")

    assert serving.assurance("appointment", Assurance.OPEN) is Assurance.CALLER_ID
    assert (
        serving.assurance("block_card", Assurance.VOICE_AND_SECOND_FACTOR)
        is Assurance.VOICE_AND_SECOND_FACTOR
    )


@at("airline")
def test_flights(desk: Desk) -> None:
    assert desk.run("flight_status", None, flight="XX1") == Declined(code="no_such_flight")
    assert desk.run("refund") == Declined(code="no_refund")
    assert desk.run("rebook_flight", EMILY, flight="LH453", date=TOMORROW) == Declined(
        code="nothing_to_rebook"
    )

    status = desk.run("flight_status", None, flight="BA902")
    assert isinstance(status, Done)
    assert status.facts["status_key"] == "word.delayed"
    options = desk.options("rebook_flight").options
    assert [one.slots["flight"] for one in options] == ["LH453", "LH457", "UA962"]
    rebooked = desk.run("rebook_flight", **options[1].slots)
    assert isinstance(rebooked, Done)
    assert rebooked.facts == {
        "flight": "LH457",
        "departure": f"{TOMORROW}T15:40",
        "booking_code": "K7P2QX",
    }
    seat = desk.options("seat_or_upgrade").options[0]
    assert desk.run("seat_or_upgrade", **seat.slots) == Done(
        facts={"flight": "LH457", "amount": "28.00 EUR"}
    )
    assert isinstance(desk.run("refund", EMILY), Done)
    assert desk.run("cancel_flight", flight="LH457") == Done(facts={"amount": "742.00 EUR"})
    assert desk.done == ["rebook_flight", "seat_or_upgrade", "cancel_flight"]


@at("bank")
def test_cards_and_accounts(desk: Desk) -> None:
    assert desk.run("replace_card", card_last4="1111") == Declined(code="no_such_card_last4")
    assert desk.run("tell_iban", NOBODY) == Declined(code="no_account")

    assert desk.run("block_card", card_last4="4417") == Done()
    assert desk.run("unblock_card", card_last4="4417") == Done()
    assert desk.run("replace_card", card_last4="4417") == Done(facts={"days": "5"})
    assert desk.run("order_statement") == Done(facts={"days": "3"})
    assert desk.run("tell_iban") == Done(facts={"iban": "DE34100000000000410017"})
    assert desk.run("transfer_money", amount="50 EUR", iban="DE1") == Done(
        facts={"amount": "50.00 EUR"}
    )
    assert desk.run("account_balance") == Done(facts={"amount": "2431.17 EUR"})
    slots = desk.options("appointment").options[0].slots
    assert desk.run("appointment", **slots) == Done(facts=slots)
    address = "Bergstraße 5, 80331 München"
    assert desk.run("change_address", address=address) == Done(facts={"address": address})
    assert desk.done == [
        *("block_card", "unblock_card", "replace_card", "order_statement"),
        *("transfer_money", "appointment", "change_address"),
    ]


@at("telecom")
def test_lines_and_tariffs(desk: Desk) -> None:
    assert desk.run("fault_status") == Declined(code="no_fault")
    assert desk.run("report_fault", NOBODY) == Declined(code="no_contract")

    reported = desk.run("report_fault")
    assert isinstance(reported, Done)
    assert reported.facts == {"ticket_number": "100101", "until": f"{TOMORROW}T18:00"}
    assert desk.run("report_fault") == Declined(
        code="already_reported", facts={"until": f"{TOMORROW}T18:00"}
    )
    status = desk.run("fault_status")
    assert isinstance(status, Done)
    assert status.facts["status_key"] == "word.fault_reported"
    invoice = desk.run("explain_invoice")
    assert isinstance(invoice, Done)
    assert invoice.facts["why_key"] == "word.roaming"
    tariffs = desk.options("change_tariff").options
    assert [one.slots["tariff"] for one in tariffs] == ["Mobil L", "Mobil M"]
    changed = desk.run("change_tariff", **tariffs[1].slots)
    assert isinstance(changed, Done)
    assert changed.facts["amount"] == "24.99 EUR"
    slots = desk.options("technician_appointment").options[0].slots
    assert desk.run("technician_appointment", **slots) == Done(facts=slots)
    assert isinstance(desk.run("change_address", address="Bergstraße 5"), Done)
    assert desk.done == [
        *("report_fault", "change_tariff", "technician_appointment", "change_address"),
    ]


@at("retail")
def test_orders(desk: Desk) -> None:
    assert desk.run("return_item", order_number="1") == Declined(code="no_such_order_number")
    assert desk.run("order_status", NOBODY) == Declined(code="no_order")

    newest = desk.run("order_status")
    assert isinstance(newest, Done)
    assert newest.facts["status_key"] == "word.order_packed"
    assert desk.run("price_adjustment", order_number="48213377", amount="70 EUR") == Done(
        facts={"refund_amount": "9.90 EUR"}
    )
    label = replace(desk.errand("return_item", order_number="48213377"), step=Step.DOCUMENT)
    assert desk.serving.run(label) == Declined(code="other")
    assert desk.run("return_item", order_number="48213377") == Done(facts={"days": "2"})
    printed = desk.serving.run(label)
    assert isinstance(printed, Done)
    assert printed.facts["label_number"] == "R48213377"
    assert desk.run("cancel_order", order_number="48219054") == Done(facts={"amount": "34.50 EUR"})
    assert isinstance(desk.run("change_address", address="Bergstraße 5"), Done)
    assert desk.done == ["price_adjustment", "return_item", "cancel_order", "change_address"]


@at("retail")
@pytest.mark.parametrize(
    ("intent", "number", "told"),
    [
        ("cancel_order", "48219054", "Your order 48219054 is cancelled."),
        ("return_item", "48213377", "Your order 48213377 is on its way back to us."),
    ],
)
def test_of_an_order_that_does_not_come_no_day_of_delivery_is_told(
    desk: Desk, intent: str, number: str, told: str
) -> None:
    assert isinstance(desk.run(intent, order_number=number), Done)

    status = desk.run("order_status", order_number=number)

    assert isinstance(status, Done)
    line = Line(key="intent.order_status.done", facts=status.facts)
    assert read_prompts(Language.ENGLISH, "retail").text(line) == told


@at("airline")
def test_what_was_done_is_taken_back_and_done_anew(desk: Desk) -> None:
    errand = desk.errand("rebook_flight", flight="LH453", date=TOMORROW)

    assert isinstance(desk.serving.run(errand), Done)
    assert desk.serving.run(replace(errand, step=Step.UNDO)) == Done()
    assert desk.done == []
    assert isinstance(desk.serving.run(errand), Done)
    assert desk.done == ["rebook_flight"]


@at("bank")
def test_a_back_end_that_is_down_or_slow_is_told_and_nothing_is_done(desk: Desk) -> None:
    desk.serving.demo.conduct = Conduct(fault=Fault.DOWN)
    assert not desk.serving.answers()
    assert desk.run("account_balance") == Unavailable()
    assert desk.done == []

    desk.serving.demo.conduct = Conduct()
    assert desk.serving.answers()


@at("bank")
def test_a_lost_answer_is_asked_for_again_and_the_work_is_done_once(desk: Desk) -> None:
    errand = desk.errand("replace_card", card_last4="4417")
    desk.serving.demo.conduct = Conduct(fault=Fault.LOSES_ANSWERS)
    assert desk.serving.run(errand) == Unavailable(may_be_done=True)

    desk.serving.demo.conduct = Conduct()
    assert desk.serving.run(errand) == Done(facts={"days": "5"})
    assert desk.done == ["replace_card"]


def test_where_a_later_part_is_declined_the_earlier_is_really_taken_back(
    open_serving: Open, tmp_path: Path
) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(
        """
        business: bank
        honours_idempotency_key: true
        actions:
          replace_card:
            assurance: voice
            needs: [card_last4]
            parts:
              - do: {method: POST, path: "/customers/{customer_id}/cards/{card_last4}/block"}
                undo: {method: DELETE, path: "/customers/{customer_id}/changes/{key}"}
              - do:
                  method: POST
                  path: "/customers/{customer_id}/statements"
                  body: {date: "{date?}"}
                undo: {method: DELETE, path: "/customers/{customer_id}/changes/{key}"}
            declined: {no_statement_yet: already_ordered}
        """,
        "utf-8",
    )
    desk = Desk(open_serving("bank", business_file=file), "bank")
    errand = desk.errand("replace_card", card_last4="4417", date="2099-01-01")

    assert desk.serving.run(errand) == Declined(code="already_ordered")
    assert desk.done == []
    assert desk.serving.run(replace(errand, slots={"card_last4": "4417"})) == Done()
    assert desk.done == ["block_card", "order_statement"]


@at("bank")
def test_nothing_of_an_errand_is_logged(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    desk.run("block_card", card_last4="4417")
    desk.run("tell_iban")

    shown = logged(caplog.records)
    assert len(shown) > 0
    secrets = ("4417", "C-1001", "DE34", desk.serving.demo.token)
    assert [text for text in shown if any(secret in text for secret in secrets)] == []


# what is said about it


@pytest.mark.parametrize(
    ("prompt", "changed"),
    [
        ("intent.replace_card.done", ()),
        ("intent.replace_card.declined.already_ordered", ()),
        ("ask.slot.card_last4", ()),
        ("intent.replace_card.done", ("Fertig, {name}.",)),
        ("intent.block_card.confirm", ("In {days} Tagen?",)),
    ],
)
def test_an_outcome_that_could_not_be_told_is_refused_at_the_start(
    open_serving: Open, prompt: str, changed: tuple[str, ...]
) -> None:
    prompts = read_prompts(Language.GERMAN, "bank")
    templates = dict(prompts.templates)
    del templates[prompt]
    if changed:
        templates[prompt] = tuple(read_template(prompt, text) for text in changed)

    with pytest.raises(BadPrompts, match=prompt):
        open_serving("bank").check_words(replace(prompts, templates=templates))


@pytest.mark.parametrize(("fact", "is_told"), [("ticket_number", False), ("date", True)])
def test_words_of_a_status_name_only_facts_of_the_same_answer(
    open_serving: Open, fact: str, is_told: bool
) -> None:
    prompts = read_prompts(Language.GERMAN, "retail")
    key = "word.order_cancelled"
    told = {**prompts.templates, key: (read_template(key, f"storniert {{{fact}}}"),)}
    changed = replace(prompts, templates=told)

    if is_told:
        open_serving("retail").check_words(changed)
    else:
        with pytest.raises(BadPrompts, match=key):
            open_serving("retail").check_words(changed)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("business", BUSINESSES)
def test_there_are_words_for_every_outcome(
    open_serving: Open, business: str, language: Language
) -> None:
    serving, prompts = open_serving(business), read_prompts(language, business)

    serving.check_words(prompts)
    slots = {slot for action in serving.actions.values() for slot in action.needs}
    assert [slot for slot in slots if len(prompts.placeholders(f"ask.slot.{slot}")) < 2] == []
    assert "declined.other" in prompts.templates


@pytest.mark.parametrize(
    ("business", "line", "text"),
    [
        (
            "airline",
            Line(
                key="intent.flight_status.done",
                facts={
                    "flight": "BA902",
                    "departure": "2026-11-25T19:30",
                    "status_key": "word.delayed",
                },
            ),
            (
                "Der BA Flug 902 ist verspätet. Im Flugplan steht der Abflug am 25. November um "
                "19:30 Uhr."
            ),
        ),
        (
            "telecom",
            Line(
                key="intent.explain_invoice.done",
                facts={
                    "date": "2026-11-19",
                    "amount": "31.48 EUR",
                    "usual_amount": "14.99 EUR",
                    "why_key": "word.roaming",
                },
            ),
            (
                "Ihre Rechnung vom 19. November beträgt 31,48 Euro, sonst sind es 14,99 Euro. "
                "Der Unterschied kommt vom Telefonieren und Surfen im Ausland."
            ),
        ),
        (
            "bank",
            Line(key="intent.replace_card.done", facts={"days": "5", "card_last4": "4417"}),
            (
                "Ihre neue Karte ist bestellt. Sie ist in 5 Werktagen bei Ihnen, und die alte ist "
                "ab sofort gesperrt."
            ),
        ),
    ],
)
def test_what_came_of_it_is_told_in_whole_sentences(business: str, line: Line, text: str) -> None:
    assert read_prompts(Language.GERMAN, business).text(line) == text
