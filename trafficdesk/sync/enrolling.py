"""Joining a server: a one-time token makes this device known, an officer signs in on it."""

from dataclasses import dataclass, field
from typing import Final

import msgspec

from trafficdesk import __version__
from trafficdesk.domain.records import City, Officer, Station
from trafficdesk.domain.vocabulary import Entity, Role
from trafficdesk.security.device import Device
from trafficdesk.store.arriving import Arrival, directory
from trafficdesk.sync.errors import Fault, LineError
from trafficdesk.sync.line import Call, Line, target_of
from trafficdesk.sync.link import Link, Marks
from trafficdesk.sync.pulling import SNAPSHOT
from trafficdesk.sync.signatures import sign
from trafficdesk.wire.accounts import (
    Brought,
    Enrolled,
    EnrolRequest,
    Replaced,
    SignInRequest,
    Tokens,
)
from trafficdesk.wire.exchange import Record, SnapshotPage
from trafficdesk.wire.signing import replacing_bytes

ENROL: Final = "/api/v1/devices/enrol"
SIGN_IN: Final = "/api/v1/auth/sign-in"
_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Enrolment:
    """All that a new desk is founded with."""

    officer: Officer
    city: City
    station: Station
    desk_code: str
    link: Link
    marks: Marks
    logins: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Work:
    """What a desk is that does not begin anew: the device that it was, or the people it brings."""

    former: Device | None = None
    officers: tuple[Officer, ...] = ()


_NONE: Final = Work()


def enrol(
    line: Line, device: Device, token: str, sign_in: SignInRequest, work: Work = _NONE
) -> Enrolment:
    """Make a device known to the server and bring back what its desk is founded with.

    The token counts once, and only with a right password; the same device may repeat its request
    until it first pushes.

    Raises:
        RefusedError: the token or the password is wrong, or spent.
        LineError: there was no answer that can be believed.
    """
    request = EnrolRequest(
        token=token.replace("-", "").strip(),
        device_id=device.device_id,
        public_key=device.public_key,
        name=f"desk {device.device_id.hex[-6:]}",
        program=__version__,
        sign_in=sign_in,
        replaces=msgspec.UNSET if work.former is None else _replaced(work.former, device),
        officers=[_brought(each) for each in work.officers] or msgspec.UNSET,
    )
    enrolled = line.ask(sign(device, Call("POST", ENROL, msgspec.json.encode(request))), Enrolled)
    body = msgspec.json.encode(sign_in)
    tokens = line.ask(sign(device, Call("POST", SIGN_IN, body)), Tokens)
    city = _fetch(line, device, tokens, enrolled, Entity.CITY, str(enrolled.home_city_id))
    station = _fetch(line, device, tokens, enrolled, Entity.STATION, str(enrolled.home_station_id))
    return Enrolment(
        officer_of(tokens),
        directory.city_of(city),
        directory.station_of(station),
        enrolled.desk_code,
        _link(line, enrolled),
        Marks(
            turn=enrolled.turn,
            refresh_token=tokens.refresh_token,
            user_id=tokens.user.id,
        ),
        enrolled.logins or {},
    )


def _replaced(former: Device, device: Device) -> Replaced:
    signature = former.sign(replacing_bytes(device.device_id, device.public_key))
    return Replaced(device_id=former.device_id, signature=signature)


def _brought(officer: Officer) -> Brought:
    return Brought(
        id=officer.id,
        name=officer.name,
        initials=officer.initials,
        rank=officer.rank,
        role=str(officer.role),
    )


def _fetch(
    line: Line, device: Device, tokens: Tokens, enrolled: Enrolled, entity: Entity, wanted: str
) -> Arrival:
    """Return one record of the directory from the snapshot."""
    after = None
    while True:
        target = target_of(
            SNAPSHOT, city=enrolled.home_city_id, entity=entity, after=after, limit=_PAGE
        )
        call = sign(device, Call("GET", target), token=tokens.access_token, turn=enrolled.turn)
        page = line.ask(call, SnapshotPage)
        for record in page.records:
            if str(record.id) == wanted:
                return _arrival(record)
        after = page.next_after
        if after is None:
            raise LineError(Fault.GARBLED, f"the server does not show the desk's own {entity}")


def _arrival(record: Record) -> Arrival:
    return Arrival(Entity(record.entity), record.id, record.version, record.row)


def officer_of(tokens: Tokens) -> Officer:
    """Return who signed in, as a desk keeps them."""
    user = tokens.user
    return Officer(user.id, user.name, user.initials, user.rank, Role(user.role), user.station_id)


def _link(line: Line, enrolled: Enrolled) -> Link:
    return Link(
        base_url=line.address.base_url,
        device_id=enrolled.device_id,
        tenant_id=enrolled.tenant_id,
        home_city_id=enrolled.home_city_id,
        home_station_id=enrolled.home_station_id,
        server_public_key=enrolled.server_public_key,
        server_sealing_key=enrolled.server_sealing_key or b"",
        ca_pem=line.address.ca_pem,
        proxy=line.address.proxy,
    )
