"""Asking the server who somebody is: they prove it with their login and password, on this desk."""

import msgspec

from trafficdesk.domain.records import Officer
from trafficdesk.security.device import Device
from trafficdesk.store import outbox
from trafficdesk.store.engine import Store
from trafficdesk.store.replaying import put_again
from trafficdesk.sync.enrolling import SIGN_IN, officer_of
from trafficdesk.sync.line import Call, Line, ServerAddress
from trafficdesk.sync.link import find_link
from trafficdesk.sync.signatures import sign
from trafficdesk.wire.accounts import SignInRequest, Tokens


def ask_for_officer(store: Store, device: Device, login: str, password: str) -> Officer:
    """Return the officer behind a login, whom the server takes for a user of this desk then.

    Whoever sends for this desk stays the same.

    Raises:
        LookupError: this desk is not enrolled.
        RefusedError: the login or the password is wrong.
        LineError: there was no answer that can be believed.
    """
    with store.reading() as connection:
        link = find_link(connection)
    if link is None:
        raise LookupError("this desk is not enrolled with any server")
    line = Line(ServerAddress(link.base_url, link.ca_pem, link.proxy))
    body = msgspec.json.encode(SignInRequest(login=login, password=password))
    try:
        officer = officer_of(line.ask(sign(device, Call("POST", SIGN_IN, body)), Tokens))
    finally:
        line.close()
    with store.writing() as connection:
        put_again(connection, outbox.requeue_of_stranger(connection, officer.id))
    return officer
