"""Everything that reads what others wrote: with a good example, and its own refusals."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from biometrics import EncoderId, VoiceProblem
from biometrics.calibration.calibration_file import read_calibration
from biometrics.records.audit_chain import read_checkpoint
from biometrics.vault.key_file import FileKeys
from biometrics.vault.master_keys import printed, read_keys
from ivr.call import Language
from ivr.decide.policy import businesses_of
from ivr.editing.version import read_manifest as read_version
from ivr.errors import (
    BadActions,
    BadDirectory,
    BadEnrolmentList,
    BadOrder,
    BadPack,
    BadPolicy,
    BadPrompts,
    BadQueues,
    BadSources,
    BadTestSet,
    EditedDamaged,
    RefusedRecording,
)
from ivr.gateways.asterisk.control import read_event
from ivr.gateways.freeswitch.hit import length_ms
from ivr.gateways.jambonz.frames import told
from ivr.gateways.jambonz.hook import read_hook
from ivr.gateways.phone.order import read_order
from ivr.gateways.sip.message import BadMessage, read_message
from ivr.gateways.sip.rtp import read_packet
from ivr.gateways.sip.sdp import NotAcceptable, read_offer
from ivr.identify.callers_file import read_callers
from ivr.identify.csv_file import read_table
from ivr.identify.csv_import import columns_of, plan_import
from ivr.identify.number import read_number
from ivr.identify.sources_file import read_sources
from ivr.listen.wav import read_wav
from ivr.models.catalogue import read_catalogue
from ivr.models.receipt import NAME, read_receipt
from ivr.queue.queues import read_queues
from ivr.rehearsal import read_script
from ivr.serve.business import read_business
from ivr.settings import ListenSettings
from ivr.speak.prompts import read_prompt_files
from ivr.studio import read_manifest as read_studio
from ivr.understand.additions import read_additions
from ivr.understand.pack import read_pack
from ivr.verify.enrolment_list import read_enrolment_list, stream_enrolment_list

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 10, tzinfo=UTC)
TODAY = date(2026, 3, 10)

Read = Callable[[bytes, Path], object]
"""Of what is to be read, and a folder to put it into where a file is needed."""


@dataclass(frozen=True, slots=True)
class Parser:
    """One way in."""

    name: str
    read: Read
    example: bytes
    """Something that it takes."""

    refusals: tuple[type[Exception], ...]
    """What may come out; nothing else may."""

    def __repr__(self) -> str:
        return self.name


def _in_file(name: str, read: Callable[[Path], object]) -> Read:
    def reading(data: bytes, folder: Path) -> object:
        file = folder / name
        file.write_bytes(data)
        file.chmod(0o600)
        return read(file)

    return reading


def _csv(file: Path) -> object:
    table = read_table(file)
    columns = columns_of(table, {})
    return plan_import(table, columns, [], region="DE", today=TODAY, tell=lambda _rows: None)


def _text(read: Callable[[str], object]) -> Read:
    return lambda data, _folder: read(data.decode("utf-8", "surrogateescape"))


def _file(path: str) -> bytes:
    return (ROOT / path).read_bytes()


_KEY = printed(bytes(range(32)))
_MANIFEST = _file("audio_fixtures/manifest.toml")
_CALIBRATION = _file("biometrics/weights/telephone-ecapa-1/calibration.json")
_WEIGHTS = json.loads(_CALIBRATION)["weights_sha256"]


def yaml_parsers() -> Iterator[Parser]:
    pack = _file("ivr/understand/packs/airline.yaml")[:4_000].rpartition(b"\n")[0] + b"\n"
    yield Parser("pack", _in_file("a.yaml", read_pack), pack, (BadPack,))
    added = (
        b"pack: airline\nversion: 1\nfollows: 0\n"
        b"additions: {rebook_flight: {de: [Bitte umbuchen]}}\n"
    )
    yield Parser(
        "additions", _in_file("a.yaml", lambda f: read_additions(f, pack="airline")), added,
        (BadPack,),
    )  # fmt: skip
    policy = _file("ivr/decide/policy.yaml")
    yield Parser("policy", _in_file("a.yaml", businesses_of), policy, (BadPolicy,))
    queues = _file("ivr/queue/queues.yaml")
    yield Parser("queues", _in_file("a.yaml", read_queues), queues, (BadQueues,))
    sources = _file("ivr/identify/sources.example.yaml")
    yield Parser("sources", _in_file("a.yaml", read_sources), sources, (BadSources,))
    business = _file("ivr/serve/businesses/bank.yaml")
    yield Parser("business", _in_file("a.yaml", read_business), business, (BadActions,))
    prompts = ROOT / "ivr/speak/prompts/airline.de.yaml"
    general = _file("ivr/speak/prompts/de.yaml")
    yield Parser(
        "prompts",
        _in_file("a.yaml", lambda file: read_prompt_files(Language.GERMAN, file, prompts)),
        general,
        (BadPrompts,),
    )


def table_parsers() -> Iterator[Parser]:
    customers = "customer_id;subject;name;numbers;language\n1;s-1;Jürgen;+4989123456;de\n".encode()
    yield Parser("callers, CSV", _in_file("a.csv", _csv), customers, (BadDirectory,))
    yield Parser(
        "callers, TOML",
        _in_file("a.toml", lambda file: read_callers(file, region="DE", now=NOW)),
        _MANIFEST[:3_000].rpartition(b"\n[[")[0],
        (BadDirectory,),
    )
    people = b"subject,file\ns-1,a.wav\ns-1,b.wav\n"
    yield Parser(
        "enrolment list", _in_file("a.csv", read_enrolment_list), people, (BadEnrolmentList,)
    )
    yield Parser(
        "enrolment list, row by row",
        _in_file("a.csv", lambda file: list(stream_enrolment_list(file))),
        people,
        (BadEnrolmentList,),
    )
    yield Parser(
        "script", _in_file("manifest.toml", lambda file: read_script(file.parent)), _MANIFEST,
        (BadTestSet,),
    )  # fmt: skip
    yield Parser(
        "recordings", _in_file("manifest.toml", lambda file: read_studio(file.parent)), _MANIFEST,
        (BadTestSet,),
    )  # fmt: skip
    yield Parser(
        "catalogue",
        _text(read_catalogue),
        _file("ivr/models/catalogue.toml").partition(b'\n[[model]]\nname = "vosk-de-0.21')[0],
        (ValueError,),
    )
    receipt = b'{"edition": "a", "source": "b", "archive": "", "files": []}'
    yield Parser("receipt", _in_file(NAME, lambda file: read_receipt(file.parent)), receipt, ())


def key_parsers() -> Iterator[Parser]:
    keys = f"# Master keys\n{_KEY}\n".encode()
    yield Parser(
        "key file", _in_file("a.key", lambda f: FileKeys(f).current), keys, (VoiceProblem,)
    )
    yield Parser("keys", _text(read_keys), f"{_KEY},{_KEY}".encode(), (VoiceProblem,))
    yield Parser(
        "calibration",
        _in_file(
            "a.json",
            lambda file: read_calibration(
                file,
                encoder=EncoderId("telephone-ecapa-1"),
                weights_sha256=_WEIGHTS,
            ),
        ),
        _CALIBRATION,
        (VoiceProblem,),
    )
    checkpoint = b'{"sequence": 7, "digest": "ab", "at": "2026-03-10T00:00:00+00:00", "seal": "c"}'
    yield Parser("checkpoint", _text(read_checkpoint), checkpoint, (ValueError,))
    version = (
        b'{"number": 3, "follows": 2, "again": 0, "at": "2026-03-10T00:00:00+00:00",'
        b' "author": "anna", "message": "", "files": {"policy": "ab"}}'
    )
    yield Parser(
        "version", _text(lambda text: read_version(text, number=3)), version, (EditedDamaged,)
    )


def wire_parsers() -> Iterator[Parser]:
    wav = _file("audio_fixtures/klaus-one-second.wav")
    yield Parser(
        "WAV", lambda data, _folder: read_wav(data, ListenSettings()), wav, (RefusedRecording,)
    )
    yield Parser("httapi's WAV", lambda data, _folder: length_ms(data), wav, ())
    yield Parser("number", _text(lambda text: read_number(text, region="DE")), b"+4989123456", ())
    event = b'{"event": "MEDIA_START", "channel_id": "7", "channel_variables": {"a": "b"}}'
    yield Parser("chan_websocket", _text(read_event), event, ())
    yield Parser("jambonz frame", _text(lambda text: told({"text": text})), event, ())
    hook = b'{"call_sid": "1", "reason": "speechDetected", "speech": {"alternatives": [{}]}}'
    yield Parser(
        "jambonz hook", lambda data, _folder: read_hook(data, "t=1", {}).message(), hook, ()
    )
    yield Parser("phone", _text(read_order), b'{"type": "dial", "from": "+49"}', (BadOrder,))
    sip = (
        b"INVITE sip:ivr@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK1\r\n"
        b"From: <sip:a@b>;tag=1\r\nTo: <sip:ivr@b>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n"
        b"Content-Length: 0\r\n\r\n"
    )
    yield Parser("SIP", lambda data, _folder: read_message(data), sip, (BadMessage,))
    sdp = (
        b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        b"m=audio 4000 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n"
    )
    yield Parser("SDP", lambda data, _folder: read_offer(data), sdp, (NotAcceptable,))
    rtp = bytes.fromhex("8000000100000000deadbeef") + bytes(160)
    yield Parser("RTP", lambda data, _folder: read_packet(data), rtp, ())


PARSERS = (*yaml_parsers(), *table_parsers(), *key_parsers(), *wire_parsers())
