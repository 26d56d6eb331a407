"""Messages as plain e-mail, through the operator's mail server."""

import logging
import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP

from ivr.reach.mail_address import is_mail_address
from ivr.reach.messenger import Delivery, Message
from ivr.settings import ReachSettings

log = logging.getLogger(__name__)

_TAKEN = range(200, 300)
_PASSING = range(400, 500)
"""Answers that ask to try again later (RFC 5321, 4.2.1)."""


class Mail:
    """Hands each message to the mail server over a connection of its own.

    A message that the server did not answer to is neither sent nor unsent: nobody tries it again.
    """

    is_idempotent = False

    def __init__(
        self,
        settings: ReachSettings,
        tls: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    ) -> None:
        self._settings = settings
        self._tls = tls

    def send(self, message: Message) -> Delivery:
        if not is_mail_address(message.address):
            return Delivery.REFUSED
        mail = written(message, sender=self._settings.mail_from)
        try:
            server = self._connected()
        except smtplib.SMTPAuthenticationError:
            log.warning("mail server refused our name")
            return Delivery.LATER
        except (smtplib.SMTPException, OSError):
            log.warning("mail server not reached")
            return Delivery.LATER
        try:
            return _handed_over(server, mail)
        finally:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        """Greeted, encrypted where that is set, and logged in."""
        settings = self._settings
        host, port, timeout_s = settings.mail_host, settings.mail_port, settings.timeout_s
        if settings.mail_security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, timeout=timeout_s, context=self._tls()
            )
        else:
            server = smtplib.SMTP(host, port, timeout=timeout_s)
        try:
            if settings.mail_security == "starttls":
                server.starttls(context=self._tls())
            server.ehlo_or_helo_if_needed()
            if settings.mail_user:
                server.login(settings.mail_user, settings.mail_password or "")
        except (smtplib.SMTPException, OSError):
            server.close()
            raise
        return server


def written(message: Message, *, sender: str) -> EmailMessage:
    """The e-mail: no markup, nothing that is loaded, and out-of-office replies not asked for."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = message.address
    mail["Subject"] = " ".join(message.subject.split())
    mail["Message-ID"] = f"<{message.key}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834
    mail["Content-Language"] = message.language.value
    # Seven bits go through every server (RFC 5321, 2.4).
    mail.set_content(message.text, cte="quoted-printable")
    return mail


def _handed_over(server: smtplib.SMTP, mail: EmailMessage) -> Delivery:
    """Up to the first line of the message nothing is sent; from then on only an answer tells."""
    try:
        for ask, whom in ((server.mail, mail["From"]), (server.rcpt, mail["To"])):
            code, _ = ask(whom)
            if code not in _TAKEN:
                return _refused(code)
    except (smtplib.SMTPException, OSError):
        log.warning("mail server fell silent before the message")
        return Delivery.LATER
    try:
        code, _ = server.data(mail.as_bytes())
    except smtplib.SMTPDataError as err:
        return _refused(err.smtp_code)
    except (smtplib.SMTPException, OSError):
        log.warning("mail server fell silent")
        return Delivery.UNSURE
    return Delivery.SENT if code in _TAKEN else _refused(code)


def _refused(code: int) -> Delivery:
    log.warning("mail refused", extra={"status": code})
    return Delivery.LATER if code in _PASSING else Delivery.REFUSED
