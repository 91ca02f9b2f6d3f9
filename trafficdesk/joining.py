"""Joining a server: the device is made known there, and a desk founded with what comes back."""

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from trafficdesk.policy.schema import ServerRules
from trafficdesk.profile import Profile
from trafficdesk.security.device import new_device
from trafficdesk.security.password_kdf import KdfParameters
from trafficdesk.security.passwords import PasswordRefused, find_fault
from trafficdesk.services import founding
from trafficdesk.services.desk import Home, Joined
from trafficdesk.services.founding import JoinedDesk, Prepared
from trafficdesk.sync import link
from trafficdesk.sync.enrolling import enrol
from trafficdesk.sync.line import Line, ServerAddress
from trafficdesk.wire.accounts import SignInRequest

_MAX_CA_BYTES: Final = 1_000_000


class AddressError(ValueError):
    """A server's address, or the file of its authority, cannot be used; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Invitation:
    """What joins a desk: where to, with which token, and who will be its first officer.

    ``password`` is the officer's at the server; it opens this desk as well.
    """

    address: ServerAddress
    token: str
    login: str
    password: str


def ruled_address(
    rules: ServerRules | None, url: str, ca_pem: bytes = b"", proxy: str = ""
) -> ServerAddress:
    """Return the address that the machine's policy names, else the one that was typed.

    What was typed beside a policy must be the same server; its authority and proxy are IT's to say.

    Raises:
        AddressError: as ``server_address``, or ``address_ruled``: policy names another server.
        OSError: the file of the authority that policy names cannot be read.
    """
    if rules is None:
        return server_address(url, ca_pem, proxy)
    if url.strip() and url.strip().rstrip("/") != rules.address.rstrip("/"):
        raise AddressError("address_ruled")
    pem = Path(rules.ca_file).read_bytes() if rules.ca_file else b""
    return server_address(rules.address, pem, rules.proxy)


def server_address(url: str, ca_pem: bytes = b"", proxy: str = "") -> ServerAddress:
    """Return a server's address as typed, made tidy.

    Raises:
        AddressError: it is no address, would carry passwords in the clear, or the certificate
            is none.
    """
    parts = urlsplit(url.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
        raise AddressError("address_wrong")
    if parts.scheme == "http" and not _is_this_machine(parts.hostname):
        raise AddressError("address_open")
    pem = ca_pem.decode("ascii", "replace")
    if ca_pem and ("BEGIN CERTIFICATE" not in pem or len(pem) > _MAX_CA_BYTES or not pem.isascii()):
        raise AddressError("ca_wrong")
    return ServerAddress(url.strip().rstrip("/"), pem, proxy.strip() or None)


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Joining:
    """Joins one profile; may be tried again.

    The device stays the same from try to try: a token counts once, but the same device may show
    it again, so that a wrong password does not spend it.
    """

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._device = new_device()
        self._line: Line | None = None
        self._is_cut = False

    def cut(self) -> None:
        """Wait for the server no longer; from any thread, for good."""
        self._is_cut = True
        if self._line is not None:
            self._line.cut()

    def prepare(
        self, invitation: Invitation, kdf: KdfParameters | None = None
    ) -> Prepared | PasswordRefused:
        """Enrol and found the desk beside its place; ``founding.publish`` makes it exist.

        Raises:
            RefusedError: ``not_permitted`` for the token, ``sign_in_needed`` for the password.
            LineError: there was no answer that can be believed.
            SecurityError, StoreError, OSError: as ``founding.prepare``.
        """
        founding.settle(self._profile)
        founding.require_empty(self._profile)
        weak = find_fault(invitation.password, "", self._profile.policy.passwords)
        if weak is not None:
            return weak
        self._line = line = Line(invitation.address)
        if self._is_cut:
            line.cut()
        try:
            brought = enrol(
                line,
                self._device,
                invitation.token,
                SignInRequest(login=invitation.login, password=invitation.password),
            )
        finally:
            line.close()
        joined = JoinedDesk(
            brought.officer,
            invitation.password,
            Home(brought.city, brought.station, brought.desk_code),
            Joined(self._device, link.as_facts(brought.link, brought.marks)),
        )
        return founding.prepare(self._profile, joined, kdf)
