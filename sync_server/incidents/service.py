"""What the server does with incidents: takes them in, tells of them, removes them.

It writes through ``sync.service.write`` alone, so that desks pull it like anything else.
"""

import hmac
from uuid import UUID

import msgspec

from sync_server.accounts.service import Caller
from sync_server.audit.reads import Read, What, cities_of, note_read
from sync_server.db.engine import Connection
from sync_server.incidents import queries
from sync_server.incidents.asked import Sighting, Wanted, wrong
from sync_server.incidents.intake import Intake
from sync_server.incidents.merging import Standing
from sync_server.incidents.told import Filed, ToldIncident, Verified, incident_told
from sync_server.problems import RefusedError
from sync_server.server import Server
from sync_server.sync import service as sync
from sync_server.sync.own import Act, Place
from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.wire.codes import Code
from trafficdesk.wire.exchange import FeedEvent
from trafficdesk.wire.operations import Operation


def file(server: Server, caller: Caller, sighting: Sighting) -> Filed:
    """Take a sighting in: as an incident, or as part of one near by and just before.

    Raises ``RefusedError``: it is none, or too many come from one citizen.
    """
    server.limits.count_filing(caller.user.id, caller.role)
    place = Place(caller.tenant_id, _city_of(caller, sighting.city))
    intake = Intake(place, caller, sighting)
    outcomes = sync.write(server.database, place, intake.make)
    if intake.filed is None:
        raise AssertionError("what was written was filed")
    server.metrics.intake.labels("created" if intake.filed.is_new else "merged").inc()
    # A desk may have had the number already: then the incident got one of its own.
    named = [str(each.record.row["reference"]) for each in outcomes if each.record is not None]
    return msgspec.structs.replace(
        intake.filed, reference=next(iter(named), intake.filed.reference)
    )


def _city_of(caller: Caller, named: UUID | None) -> UUID:
    if named is not None and named in caller.city_ids:
        return named
    if named is None and len(caller.city_ids) == 1:
        return caller.city_ids[0]
    if named is None:
        raise wrong("city", "Several cities are yours: name one.")
    raise RefusedError(Code.NOT_FOUND, "There is no such city.")


def list_incidents(server: Server, caller: Caller, wanted: Wanted) -> list[ToldIncident]:
    """Return a page of incidents, the newest first."""
    with server.database.reading(caller.tenant_id, caller.city_ids) as connection:
        found = [incident_told(each) for each in queries.find_incidents(connection, wanted)]
    asked = {**cities_of(caller), **wanted.told()}
    note_read(server, caller, Read(what=What.INCIDENTS, count=len(found), asked=asked))
    return found


def get_incident(server: Server, caller: Caller, incident_id: UUID) -> ToldIncident:
    """Return an incident. Raises ``RefusedError``."""
    with server.database.reading(caller.tenant_id, caller.city_ids) as connection:
        found = queries.find_one(connection, caller.city_ids, incident_id)
    if found is None:
        raise _unknown()
    note_read(server, caller, Read(what=What.INCIDENTS, count=1, subject=str(incident_id)))
    return incident_told(found)


def read_timeline(
    server: Server, caller: Caller, place: tuple[UUID, int], limit: int
) -> list[FeedEvent]:
    """Return what happened to an incident and its assignments after a number of the feed.

    Raises ``RefusedError``.
    """
    incident_id, after = place
    with server.database.reading(caller.tenant_id, caller.city_ids) as connection:
        found = queries.find_one(connection, caller.city_ids, incident_id)
        if found is None:
            raise _unknown()
        record = UUID(found["row"]["city_id"]), incident_id
        events = queries.find_events(connection, record, after, limit)
    read = Read(
        what=What.INCIDENTS,
        count=len(events),
        subject=str(incident_id),
        asked={"of": "timeline", "after": after},
    )
    note_read(server, caller, read)
    return msgspec.convert(events, list[FeedEvent])


def verify(server: Server, caller: Caller, incident_id: UUID) -> Verified:
    """Count that somebody says an incident is so, once each. Raises ``RefusedError``."""
    told = list[Verified]()

    def make(connection: Connection) -> list[Operation]:
        standing = _lock(connection, caller, incident_id)
        place = _place_of(caller, standing)
        person = _pseudonym(server, incident_id, caller.user.id)
        is_new = queries.add_verification(connection, place, incident_id, person)
        before = standing.row["verifications"]
        now = before + 1 if is_new else before
        told[:] = [Verified(id=incident_id, verifications=now, counted=is_new)]
        act = Act.of(None, to_ms(utc_now()))  # who says so is nobody's business
        record = Entity.INCIDENT, incident_id
        changes = {"verifications": (before, now)}
        return [act.operation(record, standing.version, "verify", changes)] if is_new else []

    sync.write(server.database, _home_of(server, caller, incident_id), make)
    return told[0]


def remove(server: Server, caller: Caller, incident_id: UUID) -> None:
    """Delete an incident softly: units on their way are called back. Raises ``RefusedError``."""

    def make(connection: Connection) -> list[Operation]:
        standing, now_ms = _lock(connection, caller, incident_id), to_ms(utc_now())
        act, record = Act.of(caller.user.id, now_ms), (Entity.INCIDENT, incident_id)
        operations = [
            act.operation(record, standing.version, "remove", {"deleted_ms": (None, now_ms)})
        ]
        for sent in queries.find_sent(connection, UUID(standing.row["city_id"]), incident_id):
            assignment = Entity.ASSIGNMENT, sent["id"]
            withdrawn = {"withdrawn_ms": (None, now_ms)}
            operations.append(act.operation(assignment, sent["version"], "withdraw", withdrawn))
            if sent["is_claimed"]:
                unit, freed = (Entity.UNIT, sent["unit_id"]), (str(sent["id"]), None)
                changes = {"assignment_id": freed}
                operations.append(act.operation(unit, sent["unit_version"], "free", changes))
        return operations

    sync.write(server.database, _home_of(server, caller, incident_id), make)


def _home_of(server: Server, caller: Caller, incident_id: UUID) -> Place:
    """Return whose an incident is. Raises ``RefusedError``."""
    with server.database.reading(caller.tenant_id, caller.city_ids) as connection:
        found = queries.find_one(connection, caller.city_ids, incident_id)
    if found is None:
        raise _unknown()
    return Place(caller.tenant_id, UUID(found["row"]["city_id"]))


def _lock(connection: Connection, caller: Caller, incident_id: UUID) -> Standing:
    standing = queries.lock_one(connection, caller.city_ids, incident_id)
    if standing is None:
        raise _unknown()
    return standing


def _place_of(caller: Caller, standing: Standing) -> Place:
    return Place(caller.tenant_id, UUID(standing.row["city_id"]))


def _pseudonym(server: Server, incident_id: UUID, user_id: UUID) -> bytes:
    """Return who somebody is to one incident, and to no other."""
    return hmac.digest(server.keys.persons, incident_id.bytes + user_id.bytes, "sha256")


def _unknown() -> RefusedError:
    return RefusedError(Code.NOT_FOUND, "There is no such incident.")
