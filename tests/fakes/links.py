"""A link of Klaus, and the page behind it, with a business system that does as it is told."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from fakes.pages import pages_of
from fakes.people import Office
from fastapi import FastAPI

from biometrics import MemoryAudit, SubjectId, Witness
from ivr.call import Assurance, CustomerId, Expected, Language, Line, SlotsTold
from ivr.errand import Done, Errand, Option, PageKind, Served, Step, Thread
from ivr.onward.codes import code_digest, name_of, token_of
from ivr.onward.content import Content
from ivr.onward.link import Link
from ivr.onward.memory_links import MemoryLinks
from ivr.onward.page import PageRoom
from ivr.pages.onward.routes import onward_routes
from ivr.pages.onward.written import Words
from ivr.pages.static_files import static_routes
from ivr.people.memory_tries import MemoryTries
from ivr.sending import Way
from ivr.settings import OnwardSettings
from ivr.speak.prompts import read_prompts

TOKEN = token_of(b"k" * 32, "r-1")
CODE, WRONG = "482137", "482138"
PATH = f"/go/{TOKEN}"
OPTIONS = (
    Option(slots={"flight": "LH453"}, facts={"departure": "2026-11-27T10:15"}),
    Option(slots={"flight": "LH457"}, facts={"departure": "2026-11-27T15:40"}),
)
CONTENT = Content(
    request="r-1",
    kind=PageKind.OPTIONS,
    customer=CustomerId("C-1001"),
    subject=SubjectId("s-7f3a"),
    language=Language.GERMAN,
    intent="rebook_flight",
    slots={"date": "2026-11-27"},
    options=OPTIONS,
    assurance=Assurance.VOICE,
    thread=Thread(name="t" * 64),
    way=Way.EMAIL,
    address="klaus@example.org",
)
FORM = replace(
    CONTENT, kind=PageKind.FORM, intent="return_item", needs=("order_number",), options=(), slots={}
)
PAPER = replace(FORM, kind=PageKind.DOCUMENT, slots={"order_number": "48213377"})
LABEL = {
    "order_number": "48213377",
    "label_number": "R48213377",
    "address": "Rücksendungen, Lagerstraße 1, 12345 Musterstadt",
    "date": "2026-12-10",
}
DONE = {"flight": "LH453", "departure": "2026-11-27T10:15", "booking_code": "K7P2QX"}


@dataclass
class LinkOffice:
    """Everything around one link; its clock is the office's."""

    content: Content = CONTENT
    business: str = "airline"
    free_guesses: int = 30
    office: Office = field(default_factory=Office)
    links: MemoryLinks = field(default_factory=MemoryLinks)
    served: Served = field(default_factory=lambda: Done(facts=DONE))
    ran: list[Errand] = field(default_factory=list)

    def __post_init__(self) -> None:
        settings = OnwardSettings(url="https://x.example", free_guesses=self.free_guesses)
        self.audit = MemoryAudit()
        self.room = PageRoom(
            links=self.links,
            run=self.run,
            witness=Witness(audit=self.audit, clock=self.office.clock, actor="link"),
            settings=settings,
        )
        self.links.replace(None, self.fresh())

    @property
    def now(self) -> datetime:
        return self.office.now.astimezone(UTC)

    def fresh(self) -> Link:
        name = name_of(TOKEN)
        assert name is not None
        return Link(
            name=name,
            code=code_digest(TOKEN, CODE),
            created_at=self.now,
            expires_at=self.now + timedelta(hours=24),
            mark="m-1",
            content=self.content,
        )

    def link(self) -> Link:
        found = self.links.find(self.fresh().name)
        assert found is not None
        return found

    def run(self, errand: Errand) -> Served:
        self.ran.append(errand)
        return Done(facts=LABEL) if errand.step is Step.DOCUMENT else self.served

    def app(self) -> FastAPI:
        prompts = {language: read_prompts(language, self.business) for language in Language}

        def write(lines: tuple[Line, ...], language: Language) -> str:
            return " ".join(prompts[language].text(line) for line in lines)

        pages = pages_of(self.office)
        words = Words(
            write=write,
            read=_eight_digits,
            declines={"rebook_flight": ("no_seats_left",)},
            company="Muster Air",
        )
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        app.include_router(static_routes(pages))
        app.include_router(onward_routes(pages, self.room, words, MemoryTries()))
        return app


def _eight_digits(expected: Expected, text: str, language: Language, today: date) -> SlotsTold:
    found = "".join(text.split())
    is_number = len(found) == 8 and found.isdecimal()
    return SlotsTold(slots={expected.slots[0]: found} if is_number else {})
