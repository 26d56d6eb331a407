"""One link of Klaus, who was offered two flights."""

from datetime import UTC, datetime, timedelta

import pytest

from biometrics import SubjectId
from ivr.call import Assurance, Caller, CustomerId, Language
from ivr.errand import Option, PageKind, Thread
from ivr.onward.codes import code_digest, name_of, token_of
from ivr.onward.content import Content
from ivr.onward.link import Link
from ivr.sending import Sending, Way

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
KEY = b"k" * 32
REQUEST = "r-1"
TOKEN = token_of(KEY, REQUEST)
CODE = "482137"
VISIT = timedelta(minutes=15)
OPTIONS = (
    Option(slots={"flight": "LH453"}, facts={"departure": "2026-11-27T10:15"}),
    Option(slots={"flight": "LH457"}, facts={"departure": "2026-11-27T15:40"}),
)
KLAUS = Caller(
    customer_id=CustomerId("C-1001"),
    subject=SubjectId("s-7f3a"),
    name="Klaus",
    language=Language.GERMAN,
    preferences={"channel": "email", "email": "klaus@example.org"},
)
SENDING = Sending(
    request=REQUEST,
    kind=PageKind.OPTIONS,
    caller=KLAUS,
    intent="rebook_flight",
    options=OPTIONS,
    assurance=Assurance.VOICE,
    thread=Thread(name="t" * 64),
)
CONTENT = Content(
    request=REQUEST,
    kind=PageKind.OPTIONS,
    customer=KLAUS.customer_id,
    subject=KLAUS.subject,
    language=Language.GERMAN,
    intent="rebook_flight",
    options=OPTIONS,
    assurance=Assurance.VOICE,
    thread=SENDING.thread,
    way=Way.EMAIL,
    address="klaus@example.org",
)


@pytest.fixture
def link() -> Link:
    name = name_of(TOKEN)
    assert name is not None
    return Link(
        name=name,
        code=code_digest(TOKEN, CODE),
        created_at=NOON,
        expires_at=NOON + timedelta(hours=24),
        due_at=NOON,
        mark="m-1",
        content=CONTENT,
    )
