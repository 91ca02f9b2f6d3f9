"""A real mail server in a thread, with a private authority; it can refuse and break off."""

import asyncio
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from trafficdesk.delivery.mail_settings import MailSettings
from trafficdesk.policy.schema import MailRules
from trafficdesk.profile import Profile

HOST = "127.0.0.1"
LOGIN, PASSWORD = "desk", "let the desk in"


@dataclass
class Behaviour:
    """What the server answers; ``taken`` are the letters it took, with whom each is for."""

    refused: dict[str, str] = field(default_factory=dict)
    after_data: list[str] = field(default_factory=list)
    breaks_off: list[str] = field(default_factory=list)  # "before" or "after" it took a letter
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    signed_in: list[bool] = field(default_factory=list)

    async def _take_recipient(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        del server, session
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def _take_letter(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.signed_in.append(bool(session.authenticated))
        answer = self.after_data.pop(0) if self.after_data else "250 taken"
        broken = self.breaks_off.pop(0) if self.breaks_off else ""
        if broken != "before" and answer.startswith("2"):
            assert isinstance(envelope.content, bytes)
            letter = message_from_bytes(envelope.content, policy=default)
            self.taken += [(to, letter) for to in envelope.rcpt_tos]
        if broken:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return answer

    def hooks(self) -> object:
        """Return what the library asks, by its names."""
        asked = {"handle_RCPT": self._take_recipient, "handle_DATA": self._take_letter}
        return SimpleNamespace(**asked)


class Authority:
    """A private certificate authority and one certificate of its own."""

    def __init__(self, folder: Path) -> None:
        now = datetime.now(UTC)
        key, of = ec.generate_private_key(ec.SECP256R1()), _name("Station CA")
        until = now + timedelta(days=2)
        self.file, self.chain = folder / "ca.pem", folder / "server.pem"
        ca = _certificate(of, of, key.public_key(), until)
        ca = ca.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self.file.write_bytes(_pem(ca.sign(key, hashes.SHA256())))
        own = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))])
        signed = _certificate(_name(HOST), of, own.public_key(), until)
        signed = signed.add_extension(names, critical=False)
        private = own.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        self.chain.write_bytes(private + _pem(signed.sign(key, hashes.SHA256())))


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _pem(made: x509.Certificate) -> bytes:
    return made.public_bytes(serialization.Encoding.PEM)


def _certificate(
    of: x509.Name, by: x509.Name, key: ec.EllipticCurvePublicKey, until: datetime
) -> x509.CertificateBuilder:
    made = x509.CertificateBuilder().subject_name(of).issuer_name(by).public_key(key)
    made = made.serial_number(x509.random_serial_number())
    return made.not_valid_before(until - timedelta(days=9)).not_valid_after(until)


def _check(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, told: object
) -> AuthResult:
    known = LoginPassword(LOGIN.encode(), PASSWORD.encode())
    return AuthResult(success=told == known, handled=False)


@dataclass
class MailServer:
    """A running one: how it behaves, and how it is reached."""

    behaviour: Behaviour
    settings: MailSettings


@contextmanager
def running(folder: Path, *, is_tls: bool = False, speaks_tls: bool = True) -> Iterator[MailServer]:
    """Run a mail server on a free port until the block ends."""
    authority, behaviour = Authority(folder), Behaviour()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.chain)
    later: dict[str, Any] = {"tls_context": context} if speaks_tls and not is_tls else {}

    def protocol() -> SMTP:
        return SMTP(
            behaviour.hooks(),
            hostname="mail.example",
            authenticator=_check,
            auth_require_tls=not is_tls,
            **later,
        )

    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(
        loop.create_server(protocol, HOST, 0, ssl=context if is_tls else None)
    )
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    port = server.sockets[0].getsockname()[1]
    settings = MailSettings(HOST, port, "desk@station.example", is_tls, LOGIN, authority.file)
    try:
        yield MailServer(behaviour, settings)
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    rest = [each for each in asyncio.all_tasks() if each is not asyncio.current_task()]
    for each in rest:
        each.cancel()
    await asyncio.gather(*rest, return_exceptions=True)


def name_server(profile: Profile, server: MailServer, *, has_file: bool = True) -> None:
    """Have a profile send by a mail server, its password in a file or nowhere yet."""
    password = profile.folder / "mail-password"
    if has_file:
        password.write_text(f"{PASSWORD}\n", encoding="utf-8")
    named = server.settings
    rules = MailRules(
        host=named.host,
        port=named.port,
        sender=named.sender,
        login=named.login,
        password_file=str(password) if has_file else None,
        ca_file=str(named.ca_file),
    )
    profile.mail.write_bytes(msgspec.json.encode(rules))
