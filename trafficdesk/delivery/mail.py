"""A report by mail: the letter it goes in, and one try to hand it to a mail server.

The line is always encrypted and the server's certificate checked: what is in a report, and the
password, are for nobody in between.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import PurePath
from typing import Final

from trafficdesk.delivery.errors import DeliveryError
from trafficdesk.delivery.mail_settings import MailSettings

TIMEOUT_S: Final = 20.0
_FINAL: Final = 500
_SIGN_IN_NEEDED: Final = frozenset({530, 534, 535, 538})
_TYPES: Final = {
    ".pdf": ("application", "pdf"),
    ".html": ("text", "html"),
    ".xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """A report's file, whom it goes to, and in what words. ``key`` is the letter's own for ever."""

    key: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    file: str
    content: bytes
    written_at: datetime


def compose(letter: Letter, sender: str) -> bytes:
    """Return a letter as it travels; one that is sent again has the Message-ID it had."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = letter.subject
    message["From"] = sender
    message["To"] = ", ".join(letter.recipients)
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = f"<{letter.key}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    maintype, subtype = _TYPES.get(PurePath(letter.file).suffix, ("application", "octet-stream"))
    message.add_attachment(letter.content, maintype=maintype, subtype=subtype, filename=letter.file)
    return message.as_bytes()


def send(settings: MailSettings, password: str, letter: Letter, recipient: str) -> None:
    """Hand a letter to the mail server for one of its recipients.

    Raises:
        DeliveryError: it was not taken, or the line broke off before the server said so.
    """
    told = compose(letter, settings.sender)
    with _faults_told():
        line = _connect(settings)
        try:
            if settings.login:
                line.login(settings.login, password)
            line.sendmail(settings.sender, [recipient], told)
            # The server has it: whatever becomes of the line now, it is delivered.
            with suppress(smtplib.SMTPException, OSError):
                line.quit()
        finally:
            line.close()


def _connect(settings: MailSettings) -> smtplib.SMTP:
    context = _context(settings)
    address = settings.host, settings.port
    if settings.is_tls:
        return smtplib.SMTP_SSL(*address, timeout=TIMEOUT_S, context=context)
    line = smtplib.SMTP(*address, timeout=TIMEOUT_S)
    try:
        line.starttls(context=context)
    except BaseException:
        line.close()
        raise
    return line


def _context(settings: MailSettings) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=settings.ca_file)
    except (OSError, ssl.SSLError) as error:
        raise DeliveryError("mail.authority", str(settings.ca_file)) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


@contextmanager
def _faults_told() -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        ((code, words),) = error.recipients.values()
        raise _answered(code, words) from error
    except smtplib.SMTPResponseException as error:
        raise _answered(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPNotSupportedError as error:
        raise DeliveryError("mail.not_supported", str(error)) from error
    except smtplib.SMTPException as error:
        raise DeliveryError("mail.broken_off", str(error)) from error
    except ssl.SSLCertVerificationError as error:
        raise DeliveryError("mail.not_trusted", error.verify_message) from error
    except ssl.SSLError as error:
        raise DeliveryError("mail.no_encryption", error.reason or str(error)) from error
    except OSError as error:
        raise DeliveryError("mail.unreachable", error.strerror or str(error)) from error


def _answered(code: int, words: bytes | str) -> DeliveryError:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    detail = f"{code} {said}"
    if code in _SIGN_IN_NEEDED:
        return DeliveryError("mail.sign_in", detail)
    if code >= _FINAL:
        return DeliveryError("mail.refused", detail, is_final=True)
    return DeliveryError("mail.later", detail)
