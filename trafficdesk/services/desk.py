"""Setting a desk's store up and opening it for an officer who has unlocked it."""

import json
from dataclasses import dataclass

from sqlalchemy import Connection

from trafficdesk.domain.records import City, Officer, Station
from trafficdesk.domain.times import utc_now
from trafficdesk.profile import Profile
from trafficdesk.security import key_slots
from trafficdesk.security.device import create_device, load_device
from trafficdesk.security.errors import OfficerUnknown
from trafficdesk.security.key_slots import Holder
from trafficdesk.security.keys import SecretKey
from trafficdesk.services import auditing
from trafficdesk.services.importing import batches
from trafficdesk.services.rekeying import settled_key
from trafficdesk.services.session import Session
from trafficdesk.store import facts, officers, places
from trafficdesk.store.engine import Store
from trafficdesk.store.founding import founding

_SLOTS_REVISION = "key_slots_revision"


@dataclass(frozen=True, slots=True)
class Home:
    """Where a desk stands; ``code`` is its short name in provisional references (``D1``)."""

    city: City
    station: Station
    code: str


def create_store(profile: Profile, key: SecretKey, home: Home, first: Officer) -> None:
    """Make the store and the device key of a desk whose slots were just set up, whole or not.

    Raises:
        StoreError: the folder cannot be written, a store exists, or SpatiaLite is missing.
    """
    with founding(profile.database, key.hex()) as connection:
        create_device(profile, key)
        places.put_city(connection, home.city)
        places.put_station(connection, home.station)
        facts.put_home(
            connection,
            city_id=home.city.id,
            station_id=home.station.id,
            desk_code=home.code,
            time_zone=home.city.time_zone,
        )
        with SecretKey.random() as data_key:
            facts.put_data_key(connection, data_key.reveal())
        officers.put(connection, first)


def open_session(profile: Profile, key: SecretKey, holder: Holder) -> Session:
    """Open the store for the officer who unlocked it and write that to the audit chain.

    A rekey or an import that was killed half way is brought to its end first. The session owns
    ``key``; it is wiped when the desk does not open.

    Raises:
        StoreError: one of its kinds.
        DeviceDamaged: the desk's device key cannot be read.
        OfficerUnknown: the officer was removed from this desk; an old slot file let them in.
    """
    try:
        key = settled_key(profile, key)
        return _opened(profile, key, holder)
    except BaseException:
        key.wipe()  # nobody has a session to wipe it with
        raise


def _opened(profile: Profile, key: SecretKey, holder: Holder) -> Session:
    slots_revision = _proved_revision(profile, key)
    device = load_device(profile, key)
    store = Store.open(profile.database, key.hex())
    try:
        with store.writing() as connection:
            officer = _present(connection, holder)
            data_key = SecretKey(facts.data_key(connection))
        session = Session(profile, store, key, data_key, device, officer, utc_now())
        auditing.note(session, auditing.Audited("desk.unlock", "officer", str(officer.id)))
        _note_revision(session, slots_revision)
        batches.end_begun(session)
    except BaseException:
        store.close()
        raise
    return session


def _proved_revision(profile: Profile, key: SecretKey) -> int:
    loaded = key_slots.load(profile)
    loaded.prove(key)
    return loaded.slots.revision


def _note_revision(session: Session, revision: int) -> None:
    """Write to the audit chain when the slot file is older than one this desk has seen.

    It opens all the same: putting that file back from a backup is what a damaged one asks for.
    """
    with session.store.writing() as connection:
        seen = int(facts.find(connection, _SLOTS_REVISION) or 0)
        if revision < seen:
            detail = json.dumps({"found": revision, "seen": seen})
            older = auditing.Audited("desk.key_slots_older", "desk", str(session.device_id), detail)
            auditing.append(session, connection, older)
        if revision != seen:
            facts.put(connection, _SLOTS_REVISION, str(revision))


def _present(connection: Connection, holder: Holder) -> Officer:
    """Return the officer of a key slot; the slots decide about name, rank and role.

    Raises:
        OfficerUnknown: the officer was removed from this desk.
    """
    if officers.is_removed(connection, holder.officer_id):
        raise OfficerUnknown(officer_id=holder.officer_id)
    known = {officer.id: officer for officer in officers.find_present(connection)}
    station_id = facts.home_station_id(connection)
    if (found := known.get(holder.officer_id)) is not None:
        station_id = found.station_id
    officer = Officer(
        holder.officer_id, holder.name, holder.initials, holder.rank, holder.role, station_id
    )
    if officer != found:
        officers.put(connection, officer)
    return officer


def close_session(session: Session, why: str) -> None:
    """Write the locking to the audit chain, keep the chain's head, shut the store, wipe the key.

    A desk whose keys were destroyed has no store left to write to: its session only ends.
    """
    if session.key.is_wiped:
        session.close()
        return
    try:
        auditing.note(session, auditing.Audited(f"desk.{why}", "officer", str(session.officer.id)))
        auditing.keep_head(session)
        session.store.checkpoint()
    finally:
        session.close()


def note_help(profile: Profile, key: SecretKey, helper: Holder, action: str, whom: Holder) -> None:
    """Write to the audit chain that somebody gave another officer a new password; wipe the key.

    Raises what ``open_session`` raises.
    """
    session = open_session(profile, key, helper)
    try:
        auditing.note(session, auditing.Audited(action, "officer", str(whom.officer_id)))
        auditing.keep_head(session)
    finally:
        session.close()
