"""Enrolling a desk anew with its work: its disk was cloned or restored, or its server forgot it."""

from dataclasses import replace

from trafficdesk.joining import Invitation
from trafficdesk.security.device import coming_device, put_coming_in_place
from trafficdesk.services import auditing
from trafficdesk.services.session import Session
from trafficdesk.sync import link
from trafficdesk.sync.enrolling import Enrolment, enrol
from trafficdesk.sync.line import Line, ServerAddress
from trafficdesk.sync.reenrolling import take_place
from trafficdesk.wire.accounts import SignInRequest


class RejoinError(Exception):
    """A desk cannot be enrolled anew in this way; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def present_address(session: Session) -> ServerAddress:
    """Return where the desk's server is. Raises ``RejoinError``: it has none."""
    with session.store.reading() as connection:
        found = link.find_link(connection)
    if found is None:
        raise RejoinError("not_joined")
    return ServerAddress(found.base_url, found.ca_pem, found.proxy)


def rejoin(session: Session, invitation: Invitation) -> None:
    """Give the desk a new device that takes the former one's place; its work stays, sent or not.

    May be tried again: the new device stays the same until it is in its place. Nothing of the sync
    may run meanwhile.

    Raises:
        RejoinError: the desk has no server, or the token is another agency's.
        RefusedError: ``not_permitted`` for the token, ``sign_in_needed`` for the password.
        LineError: there was no answer that can be believed.
        OSError, StoreError: the profile cannot be written.
    """
    with session.store.reading() as connection:
        before = link.find_link(connection)
    if before is None:
        raise RejoinError("not_joined")
    brought = _enrol(session, invitation)
    if brought.link.tenant_id != before.tenant_id:
        session.profile.coming_device.unlink(missing_ok=True)
        raise RejoinError("other_agency")
    former, renewed = session.device, coming_device(session.profile, session.key)
    with session.store.writing() as connection:
        take_place(connection, brought)
        auditing.note_replaced(replace(session, device=renewed), connection, former)
    session.device = renewed
    put_coming_in_place(session.profile)


def _enrol(session: Session, invitation: Invitation) -> Enrolment:
    device = coming_device(session.profile, session.key)
    line = Line(invitation.address)
    sign_in = SignInRequest(login=invitation.login, password=invitation.password)
    try:
        return enrol(line, device, invitation.token, sign_in, former=session.device)
    finally:
        line.close()
