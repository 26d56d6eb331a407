"""Calls that come in over SIP: who is answered, and how."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from functools import partial

from ivr.errors import CallProblem
from ivr.gateways.sip.address import tag_of
from ivr.gateways.sip.call import Call
from ivr.gateways.sip.calls import Calls, in_uri, reached_at
from ivr.gateways.sip.dialog import ALLOW, Dialog, caller_of, respond
from ivr.gateways.sip.exchange import Address, Answered, Asked, Send
from ivr.gateways.sip.media import Media
from ivr.gateways.sip.message import Headers, Message, Request
from ivr.gateways.sip.sdp import NotAcceptable, read_offer
from ivr.gateways.sip.transfer import redirect
from ivr.live.reception import Reception
from ivr.live.wire import Incoming, LiveCall
from ivr.result import new_call_id
from ivr.trace import trace

log = logging.getLogger(__name__)

_CLOSE_S = 2


class Desk:
    """Takes requests of addresses that may call, and responses to ours."""

    def __init__(
        self,
        reception: Reception,
        send: Send,
        own: Address,
        *,
        may_connect: Callable[[str], bool],
        transfer: str,
    ) -> None:
        self._reception = reception
        self._own = own
        self._may_connect = may_connect
        self._transfer = transfer
        self._asked = Asked(send)
        self._answered = Answered(send)
        self._calls = Calls()
        self._tasks: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """Say goodbye to everybody."""
        self._calls.hang_up()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=_CLOSE_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def take(self, message: Message, address: Address) -> None:
        """One message; a request may have been sent before."""
        if not isinstance(message, Request):
            self._asked.take(message)
            return
        call = self._calls.of(message)
        if message.method == "ACK":
            if call is not None:
                call.acknowledge()
        elif self._answered.is_new(message, address):
            if message.method == "INVITE" and not tag_of(message.get("to")):
                self._begin(self._invited(message, address))
            else:
                self._reply(message, address, call)

    def _reply(self, request: Request, address: Address, call: Call | None) -> None:
        """Everything but the INVITE that begins a call."""
        answer = partial(self._answer, request, address)
        match request.method, call:
            case "OPTIONS", _:
                answer(200, (("allow", ALLOW), ("accept", "application/sdp")))
            case "CANCEL", _:
                # The call was answered at once; who still cancels it will say BYE.
                answer(200 if self._answered.is_known(request, address) else 481)
            case "INVITE" | "BYE" | "INFO" | "NOTIFY", None:
                answer(481)
            case "INVITE", Call() as known:
                self._invited_again(request, address, known)
            case "BYE", Call() as known:
                answer(200)
                known.bye()
            case "INFO", Call() as known:
                answer(200)
                known.informed(request)
            case "NOTIFY", Call() as known:
                answer(200)
                known.notified(request)
            case _:
                answer(405, (("allow", ALLOW),))

    async def _invited(self, invite: Request, address: Address) -> None:
        """Answer a call, or say why not."""
        refuse = partial(self._answer, invite, address)
        if needed := invite.get("require"):
            refuse(420, (("unsupported", needed),))
        elif self._calls.has_other(invite):
            refuse(482)
        else:
            try:
                await self._connected(invite, address)
            except NotAcceptable:
                refuse(488)
            except CallProblem as err:
                log.warning("sip refused", extra={"code": err.code})
                self._sent_on(refuse)
            except Exception as err:  # noqa: BLE001 - one call must not end the others
                log.error("sip failed", extra=trace(err))  # noqa: TRY400 - messages hold words
                refuse(500)

    def _sent_on(self, refuse: Callable[..., None]) -> None:
        """To people, where it is known how they are reached; else nothing but "busy" is left."""
        if self._transfer:
            refuse(302, redirect(self._reception.fallback, self._transfer))
        else:
            refuse(486)

    async def _connected(self, invite: Request, address: Address) -> None:
        """Sound and house are there; from here on there is a call to be ended.

        Raises:
            NotAcceptable: nothing was offered that we can talk in.
            CallProblem: no more calls are taken.
            OSError: there is no port for the sound.
        """
        offer = read_offer(invite.body)
        own, port = self._own
        host = reached_at(own, address)
        call = Call(
            invite,
            Dialog.of(invite, in_uri(host, port)),
            lambda request: self._asked.ask(request, address),
            self._transfer,
        )
        media = await Media.open(offer, call, host=own, may_send=self._may_connect)
        try:
            live = self._reception.answer(_incoming(invite), call)
        except BaseException:
            media.close()
            raise
        accepted = call.dialog.accept(invite, media.answer(host))
        self._calls.put(call)
        self._begin(
            self._serve(
                call, media, live, partial(self._answered.answer, invite, accepted, address)
            )
        )

    async def _serve(
        self, call: Call, media: Media, live: LiveCall, accept: Callable[[], object]
    ) -> None:
        try:
            await call.serve(media, live, accept)
        except Exception as err:  # noqa: BLE001 - one call must not end the others
            log.error("sip failed", extra=trace(err))  # noqa: TRY400 - messages hold words
        finally:
            self._calls.forget(call)

    def _invited_again(self, invite: Request, address: Address, call: Call) -> None:
        """The caller is held, or talks from elsewhere."""
        try:
            sdp = call.agree(read_offer(invite.body), reached_at(self._own[0], address))
        except NotAcceptable:
            self._answer(invite, address, 488)
        else:
            self._answered.answer(invite, call.dialog.accept(invite, sdp), address)

    def _answer(
        self, request: Request, address: Address, status: int, headers: Headers = ()
    ) -> None:
        self._answered.answer(request, respond(request, status, headers=headers), address)

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _incoming(invite: Request) -> Incoming:
    return Incoming(call_id=new_call_id(), caller_id=caller_of(invite), source="sip", gateway="sip")
