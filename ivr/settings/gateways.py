"""How gateways reach us, and how they prove who they are. What has no secret is off."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSettings:
    """Calls whose sound is streamed."""

    most_calls: int = 60
    """Calls at the same time; one more is refused, and its gateway sends it to people."""

    pacing: Literal["clock", "lockstep"] = "clock"
    """The clock is for telephones. In lockstep one frame is played for each that comes, and time
    stands still while we think: rehearsals run as fast as the machine can, and always alike."""

    quiet_ms: int = 700
    """Quiet that ends a turn of which it is not clear whether it is over."""

    quiet_after_sentence_ms: int = 260
    """The same where the words so far are a whole answer or a request that was understood."""

    quiet_after_words_ms: int = 420
    """The same where they are a whole sentence that was not understood."""

    quiet_after_greeting_ms: int = 1_000
    """The same where nothing but a greeting was said: most go on."""

    quiet_after_answer_ms: int = 230
    """The same behind a plain yes or no where one was asked for."""

    quiet_while_spelling_ms: int = 1_500
    """The same while a number, an IBAN or an address is being read out and is not whole yet."""

    slow_factor: float = 1.5
    """All these, for callers who need time."""

    try_after_ms: int = 60
    """Quiet after which the turn is recognised on trial, if the recognisers are not all at work."""

    lead_ms: int = 60
    """Prompts are sent so much ahead, so that a busy moment of this machine is not heard."""

    no_input_ms: int = 5_000
    """Silence after a question, until the caller is asked again."""

    slow_no_input_ms: int = 8_000
    """The same for callers who need time."""

    least_speech_ms: int = 90
    """Shorter sounds are clicks: they neither begin a turn nor keep it open."""

    barge_in_ms: int = 500
    """Speech that certainly interrupts a prompt; two words or a key do so earlier."""

    longest_turn_ms: int = 120_000
    """From the first word on; then the turn ends, whoever still speaks."""

    longest_think_ms: int = 20_000
    """An answer that takes longer is not waited for: a person takes the call."""

    slow_from_age: int = 65
    """Customers from this age on are given longer pauses, and vulnerable ones."""

    filler_ms: int = 800
    """An answer that takes longer is announced."""

    between_keys_ms: int = 3_000
    """Pause that ends a row of keys."""

    record_into: str = ""
    """A folder for recordings of calls that both sides agreed to; empty records nothing."""

    recordings_days: Annotated[int, Field(ge=1)] = 30
    """How long they are kept; `ivr daily` deletes older ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioSocketSettings:
    """Asterisk's AudioSocket.

    It carries no secret: it listens to this machine only, or to the addresses that are named.
    """

    port: int = 0
    """0 switches it off; 9092 is usual."""

    host: str = "127.0.0.1"
    allow: str = ""
    """Addresses or networks that may connect from elsewhere, separated by commas."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JambonzSettings:
    """jambonz webhooks and its streams."""

    secrets: str = field(default="", repr=False)
    """Webhook secrets, separated by commas: two while one is exchanged."""

    speech_key: str = field(default="", repr=False)
    """What jambonz shows to use our recognition as a custom speech vendor."""

    mode: Literal["stream", "gather"] = "stream"
    """Stream the sound, so that the voice is verified; or let jambonz listen by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TwilioSettings:
    """Twilio, and who speaks its dialect."""

    tokens: str = field(default="", repr=False)
    """Auth tokens, separated by commas: two while one is exchanged. They need `public_url`, which
    is part of what is signed."""

    telnyx_keys: str = ""
    """Public keys of Telnyx accounts, as its portal shows them, separated by commas."""

    mode: Literal["stream", "gather"] = "stream"
    """Stream the sound, so that the voice is verified; or let Twilio listen by itself."""

    workflow: str = ""
    """A TaskRouter workflow (WW...) that takes priorities; plain queues know none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeSwitchSettings:
    """mod_httapi, mod_audio_stream and mod_audio_fork."""

    secret: str = field(default="", repr=False)
    """What the addresses in FreeSWITCH's configuration show as password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoskServerSettings:
    """Our recognition for those who speak the protocol of vosk-server, which carries no secret."""

    port: int = 0
    """0 switches it off; 2700 is usual."""

    host: str = "127.0.0.1"
    allow: str = ""
    """Addresses or networks that may connect from elsewhere, separated by commas."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SipSettings:
    """Softphones and PBXes that call over SIP.

    Nobody is asked for a password, and a caller id is whatever the other side says: it listens to
    this machine only, or to the addresses that are named.
    """

    port: int = 0
    """0 switches it off; 5060 is usual."""

    host: str = "127.0.0.1"
    allow: str = ""
    """Addresses or networks that may call from elsewhere, separated by commas."""

    transfer: str = ""
    """Where callers go who are to reach people, such as sip:{queue}@pbx.example.com; {priority}
    and {token} can stand in it too. Where it is empty, or the other side cannot transfer, the call
    ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneSettings:
    """A telephone in the browser, for trying: whoever uses it may claim any caller id."""

    enabled: bool = False
    token: str = field(default="", repr=False)
    """Lets in browsers of other machines that show it. Without one, only this machine is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySettings:
    """How gateways reach us."""

    public_url: str = ""
    """How they address us, such as https://ivr.example.com: behind a proxy nothing else tells."""

    live: LiveSettings = field(default_factory=LiveSettings)
    audiosocket: AudioSocketSettings = field(default_factory=AudioSocketSettings)
    jambonz: JambonzSettings = field(default_factory=JambonzSettings)
    twilio: TwilioSettings = field(default_factory=TwilioSettings)
    freeswitch: FreeSwitchSettings = field(default_factory=FreeSwitchSettings)
    vosk_server: VoskServerSettings = field(default_factory=VoskServerSettings)
    phone: PhoneSettings = field(default_factory=PhoneSettings)
    sip: SipSettings = field(default_factory=SipSettings)
