"""What both sides of a call know of each other (RFC 3261, section 12)."""

import secrets
from dataclasses import dataclass, field

from ivr.gateways.sip.address import parts_of, tag_of, uri_of, user_of
from ivr.gateways.sip.message import Headers, Request, Response

AGENT = "Rufwerk"
ALLOW = "INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, NOTIFY"

REASONS = {
    200: "OK",
    302: "Moved Temporarily",
    405: "Method Not Allowed",
    420: "Bad Extension",
    481: "Call/Transaction Does Not Exist",
    482: "Loop Detected",
    486: "Busy Here",
    488: "Not Acceptable Here",
    500: "Server Internal Error",
}

_COPIED = ("via", "from", "to", "call-id", "cseq")


@dataclass(slots=True, kw_only=True)
class Dialog:
    """One call's. Never shared."""

    call_id: str = field(repr=False)
    local: str = field(repr=False)
    """What To says, with our tag."""

    remote: str = field(repr=False)
    """What From says."""

    target: str = field(repr=False)
    """Where the other side wants requests."""

    route: tuple[str, ...] = field(repr=False)
    here: str
    """Our host and port, as the other side reaches them."""

    tag: str
    sequence: int = 0

    @classmethod
    def of(cls, invite: Request, here: str) -> "Dialog":
        """The one that an INVITE begins."""
        tag = secrets.token_hex(8)
        contact = next(iter(parts_of((invite.get("contact"),))), "")
        return cls(
            call_id=invite.get("call-id"),
            local=f"{invite.get('to')};tag={tag}",
            remote=invite.get("from"),
            target=uri_of(contact) or uri_of(invite.get("from")),
            route=parts_of(invite.all("record-route")),
            here=here,
            tag=tag,
        )

    @property
    def contact(self) -> str:
        return f"<sip:rufwerk@{self.here}>"

    def is_of(self, request: Request) -> bool:
        """The request comes from the other side of this dialog."""
        return tag_of(request.get("from")) == tag_of(self.remote)

    def request(self, method: str, headers: Headers = ()) -> Request:
        """A new one of ours."""
        self.sequence += 1
        branch = f"z9hG4bK{secrets.token_hex(12)}"
        return Request(
            method=method,
            uri=self.target,
            headers=(
                ("via", f"SIP/2.0/UDP {self.here};branch={branch};rport"),
                ("max-forwards", "70"),
                ("from", self.local),
                ("to", self.remote),
                ("call-id", self.call_id),
                ("cseq", f"{self.sequence} {method}"),
                *(("route", one) for one in self.route),
                ("contact", self.contact),
                ("user-agent", AGENT),
                *headers,
            ),
        )

    def accept(self, invite: Request, sdp: bytes) -> Response:
        """The other side talks with us from now on, in this way."""
        headers = (
            *(("record-route", one) for one in invite.all("record-route")),
            ("contact", self.contact),
            ("allow", ALLOW),
            ("content-type", "application/sdp"),
        )
        return respond(invite, 200, tag=self.tag, headers=headers, body=sdp)


def respond(
    request: Request, status: int, *, tag: str = "", headers: Headers = (), body: bytes = b""
) -> Response:
    """What came of a request. `tag` is ours, where the request has none yet."""
    copied = [(name, value) for name, value in request.headers if name in _COPIED]
    if not tag_of(request.get("to")):
        end = f";tag={tag or secrets.token_hex(8)}"
        copied = [(name, value + end if name == "to" else value) for name, value in copied]
    return Response(
        status=status,
        reason=REASONS[status],
        headers=(*copied, ("server", AGENT), *headers),
        body=body,
    )


def caller_of(invite: Request) -> str | None:
    """The number that the other side shows; None where it withholds it."""
    if "id" in invite.get("privacy").lower().split(";"):
        return None
    asserted = next(iter(parts_of((invite.get("p-asserted-identity"),))), "")
    user = user_of(uri_of(asserted or invite.get("from")))
    return None if user.lower() in ("", "anonymous", "unknown", "restricted") else user
