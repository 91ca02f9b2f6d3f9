"""Enrolling a desk with its work: one of its own, or one that was cloned, put back or forgotten."""

import json
from dataclasses import replace

from trafficdesk.joining import Invitation
from trafficdesk.security.device import Device, coming_device, put_coming_in_place
from trafficdesk.services import auditing
from trafficdesk.services.session import Session
from trafficdesk.store import facts, officers, rehoming
from trafficdesk.store.upkeep import recount
from trafficdesk.sync import link
from trafficdesk.sync.enrolling import Enrolment, Work, enrol
from trafficdesk.sync.line import Line, ServerAddress
from trafficdesk.sync.reenrolling import put_home, take_place
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
    renewed = coming_device(session.profile, session.key)
    brought = _enrol(invitation, renewed, Work(former=session.device))
    if brought.link.tenant_id != before.tenant_id:
        session.profile.coming_device.unlink(missing_ok=True)
        raise RejoinError("other_agency")
    former = session.device
    with session.store.writing() as connection:
        take_place(connection, brought)
        auditing.note_replaced(replace(session, device=renewed), connection, former)
    session.device = renewed
    put_coming_in_place(session.profile)


def _enrol(invitation: Invitation, device: Device, work: Work) -> Enrolment:
    line = Line(invitation.address)
    sign_in = SignInRequest(login=invitation.login, password=invitation.password)
    try:
        return enrol(line, device, invitation.token, sign_in, work)
    finally:
        line.close()


def join(session: Session, invitation: Invitation) -> dict[str, str]:
    """Join a desk of its own to a server, with all that was done here and whoever did it.

    Its city and station become those of the token. Its officers become users of the server, with
    the logins that are returned by their names; they open this desk as before, and can sign in to
    the server once their passwords are set there. May be tried again.

    Raises:
        RejoinError: the desk has a server already.
        RefusedError: ``not_permitted`` for the token, or with the detail ``NEEDS_MANAGER`` for
            somebody who may not add officers; ``sign_in_needed`` for the password.
        LineError: there was no answer that can be believed.
        StoreError: the store cannot be written.
    """
    with session.store.reading() as connection:
        if link.find_link(connection) is not None:
            raise RejoinError("joined")
        people = [officers.get(connection, each) for each in rehoming.find_actors(connection)]
        before = facts.calendar(connection)
    brought = _enrol(invitation, session.device, Work(officers=tuple(people)))
    with session.store.writing() as connection:
        rehoming.move(connection, brought.city, brought.station)
        for name, value in link.as_facts(brought.link, brought.marks).items():
            facts.put(connection, name, value)
        put_home(connection, brought)
        auditing.append(session, connection, _joined(session, brought))
        session.officer = officers.get(connection, session.officer.id)
        is_same_day = facts.calendar(connection) == before
    if not is_same_day:
        recount(session.store)
    names = {str(each.id): each.name for each in people}
    return {names[officer_id]: login for officer_id, login in brought.logins.items()}


def _joined(session: Session, brought: Enrolment) -> auditing.Audited:
    detail = json.dumps({"server": brought.link.base_url})
    return auditing.Audited("desk.joined", "desk", str(session.device_id), detail)
