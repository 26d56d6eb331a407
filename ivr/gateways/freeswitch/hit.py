"""What mod_httapi sends, as a form or in the address."""

import hashlib
import hmac
import io
import wave
from dataclasses import dataclass, field
from enum import StrEnum

from fastapi import Request
from starlette.datastructures import FormData, QueryParams, UploadFile

from ivr.call import Language
from ivr.gateways.freeswitch.document import KEYS, TURN

ALL_KEYS = "0123456789*#"

_MOST_FIELDS = 1_000
"""With extended data on, FreeSWITCH sends everything it knows of a channel."""

_MOST_STEPS_DIGITS = 5
_MARK_LENGTH = 16


class At(StrEnum):
    """What FreeSWITCH was doing before it came."""

    BEGINNING = ""
    PROMPT = "prompt"
    TURN = "turn"
    ROW = "row"
    """It waited for one more key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One of a call's, whoever sent it known."""

    session: str
    caller: str = field(repr=False)
    called: str
    language: Language | None
    at: At
    step: int
    is_exiting: bool
    key: str = field(default="", repr=False)
    audio: bytes = field(default=b"", repr=False)
    """A WAV file."""


def mark_of(key: str, session: str, step: int, secret: str) -> str:
    """Stands for a key in an address: what is typed must not be read in anybody's log."""
    told = f"{session}|{step}|{key}".encode()
    return hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()[:_MARK_LENGTH]


def length_ms(audio: bytes) -> int | None:
    """Of a recording; None where it is no WAV file."""
    try:
        with wave.open(io.BytesIO(audio), "rb") as recording:
            return recording.getnframes() * 1_000 // max(recording.getframerate(), 1)
    except (wave.Error, EOFError, RuntimeError):  # the last: a chunk that ends beyond the file
        return None


async def read_hit(request: Request, secret: str) -> Hit:
    if request.method != "POST":
        return await _read(FormData(), request.query_params, secret)
    async with request.form(max_files=2, max_fields=_MOST_FIELDS) as form:
        return await _read(form, request.query_params, secret)


async def _read(form: FormData, query: QueryParams, secret: str) -> Hit:
    def text(name: str) -> str:
        value = form.get(name)
        return value if isinstance(value, str) else query.get(name, "")

    lang, at, upload = query.get("lang", ""), query.get("at", ""), form.get(TURN)
    session, step = text("session_id")[:128], _number(query.get("step", ""))
    return Hit(
        session=session,
        caller=text("Caller-Caller-ID-Number"),
        called=text("Caller-Destination-Number"),
        language=Language(lang) if lang in set(Language) else None,
        at=At(at) if at in set(At) else At.BEGINNING,
        step=step,
        is_exiting=text("exiting") == "true",
        key=_key(text(KEYS)) or _marked(query.get("mark", ""), session, step, secret),
        audio=await upload.read() if isinstance(upload, UploadFile) else b"",
    )


def _number(text: str) -> int:
    is_one = text.isascii() and text.isdigit() and len(text) <= _MOST_STEPS_DIGITS
    return int(text) if is_one else 0


def _key(text: str) -> str:
    return text if len(text) == 1 and text in ALL_KEYS else ""


def _marked(mark: str, session: str, step: int, secret: str) -> str:
    if not mark:
        return ""
    return next((key for key in ALL_KEYS if mark == mark_of(key, session, step, secret)), "")
