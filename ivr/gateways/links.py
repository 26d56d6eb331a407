"""Addresses of ours, as gateways that ask over webhooks are to use them."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request

from biometrics import Waveform
from ivr.call import Language
from ivr.decide.dialogue import Dialogue
from ivr.live.patience import Patience
from ivr.live.reception import Reception
from ivr.live.wire import Ending
from ivr.settings import LiveSettings
from ivr.turn import Awaited

_SOUND = re.compile(r"[A-Za-z0-9_-]{16,64}\.wav")


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Those of one gateway."""

    gateway: str
    """How its addresses begin, such as jambonz."""

    public_url: str
    """Empty leaves them relative: the gateway asks where it asked first."""

    is_last: bool = False
    """What fails now is not followed by another try."""

    def hook(self, name: str, language: Language, **query: str) -> str:
        """A webhook; it carries the call's language, as not every hook's body tells the call."""
        asked = {"lang": language.value, **query, **({"last": "1"} if self.is_last else {})}
        return f"{self._base}/{self.gateway}/{name}?{urlencode(asked)}"

    async def whisper(self, reception: Reception, ending: Ending) -> str | None:
        """The hook that tells a person whom they get; None where there is nothing to tell.

        It names the sound, which nobody can guess, and not the call: a signature that covers no
        address would let whoever saw one hook hear of any other call.
        """
        sound = await reception.whisper(ending.call_id) if self._base else None
        if sound is None:
            return None
        path = await reception.publish(sound)
        return self.hook("whisper", ending.language, sound=path.rpartition("/")[2])

    def published(self, name: str) -> str | None:
        """The address of a sound by the name that `whisper` gave; None where it is no such name."""
        return f"{self._base}/prompts/{name}" if _SOUND.fullmatch(name) else None

    @property
    def stream(self) -> str:
        """A WebSocket."""
        return re.sub("^http", "ws", self._base) + f"/ws/{self.gateway}"

    async def prompt(self, reception: Reception, sound: Waveform) -> str | None:
        """Where a prompt is fetched from now on; None where nobody could, or nothing is said."""
        if not self._base or not len(sound.samples):
            return None
        return self._base + await reception.publish(sound)

    @property
    def _base(self) -> str:
        return self.public_url.rstrip("/")


def patience_in(
    dialogue: Dialogue, settings: LiveSettings, names: tuple[str, ...] = ()
) -> Patience:
    """How long a gateway that listens by itself is to wait for an answer, and what for."""
    awaited = Awaited(language=None, names=names, dialogue=dialogue, needs_time=dialogue.is_slow)
    return Patience(settings, awaited)


async def body_of(request: Request, *, most_bytes: int) -> bytes:
    """Read no further than a webhook may be long, whatever length it declares.

    Raises:
        HTTPException: 413, it is longer.
    """
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most_bytes:
            raise HTTPException(413, f"A webhook has at most {most_bytes // 1024} KiB.")
    return bytes(body)
