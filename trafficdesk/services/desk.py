"""Setting a desk's store up and opening it for an officer who has unlocked it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.records import City, Officer, Station
from trafficdesk.domain.times import utc_now
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.profile import Profile
from trafficdesk.security import enrolment, key_slots
from trafficdesk.security.device import (
    Device,
    coming_device,
    create_device,
    load_device,
    put_coming_in_place,
    save_device,
)
from trafficdesk.security.errors import OfficerUnknown
from trafficdesk.security.key_slots import Holder
from trafficdesk.security.keys import SecretKey
from trafficdesk.services import auditing, trial_backups, tries_told
from trafficdesk.services.importing import batches
from trafficdesk.services.rekeying import settled_key
from trafficdesk.services.session import Session
from trafficdesk.store import facts, officers, places, sync_marks
from trafficdesk.store.engine import Store
from trafficdesk.store.founding import founding

_SLOTS_REVISION = "key_slots_revision"


@dataclass(frozen=True, slots=True)
class Home:
    """Where a desk stands; ``code`` is its short name in provisional references (``D1``)."""

    city: City
    station: Station
    code: str


@dataclass(frozen=True, slots=True)
class Joined:
    """What a desk has from the server it joined: its device, and facts that the sync reads."""

    device: Device
    facts: Mapping[str, str]


def create_store(
    profile: Profile, key: SecretKey, home: Home, first: Officer, joined: Joined | None = None
) -> None:
    """Make the store and the device key of a desk whose slots were just set up, whole or not.

    Raises:
        StoreError: the folder cannot be written, a store exists, or SpatiaLite is missing.
    """
    with founding(profile.database, key.hex()) as connection:
        if joined is None:
            create_device(profile, key)
        else:
            save_device(profile, key, joined.device)
            for name, value in joined.facts.items():
                facts.put(connection, name, value)
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

    The chain hears as well what happened at the unlock screen since.

    A rekey or an import that was killed half way is brought to its end first. The session owns
    ``key``; it is wiped when the desk does not open.

    Raises:
        StoreError: one of its kinds.
        DeviceDamaged: the desk's device key cannot be read.
        OfficerUnknown: the store does not know the officer, or no longer; a slot alone is no
            way in.
    """
    return _open(profile, key, holder, is_sitting=True)


def _open(profile: Profile, key: SecretKey, holder: Holder, *, is_sitting: bool) -> Session:
    try:
        key = settled_key(profile, key)
        return _opened(profile, key, holder, is_sitting=is_sitting)
    except BaseException:
        key.wipe()  # nobody has a session to wipe it with
        raise


def _opened(profile: Profile, key: SecretKey, holder: Holder, *, is_sitting: bool) -> Session:
    slots_revision = _proved_revision(profile, key)
    device = load_device(profile, key)
    is_on_trial = trial_backups.keep_before_upgrade(profile, key)
    store = Store.open(profile.database, key.hex())
    try:
        with store.reading() as connection:
            officer = _present(connection, holder)
            data_key = SecretKey(facts.data_key(connection))
            skew = timedelta(milliseconds=sync_marks.find_skew_ms(connection))
            device = _settled_device(profile, key, facts.find_device(connection)) or device
        session = Session(profile, store, key, data_key, device, officer, utc_now(), skew=skew)
        with store.writing() as connection:
            deed_number = tries_told.tell(session, connection)
            if is_sitting:
                who = auditing.Audited("desk.unlock", Entity.OFFICER, str(officer.id))
                auditing.append(session, connection, who)
            _note_revision(session, connection, slots_revision)
        if not is_on_trial:  # a store that is put back has to hear of them once more
            tries_told.forget(session, deed_number)
        _settle_slot(session, holder)
        batches.end_begun(session)
    except BaseException:
        store.close()
        raise
    return session


def _settled_device(profile: Profile, key: SecretKey, wanted: UUID | None) -> Device | None:
    """Bring an enrolment anew that was killed to its end: the store has the say."""
    if wanted is None or not profile.coming_device.exists():
        return None
    if coming_device(profile, key).device_id != wanted:
        return None
    put_coming_in_place(profile)
    return load_device(profile, key)


def _proved_revision(profile: Profile, key: SecretKey) -> int:
    loaded = key_slots.load(profile)
    loaded.prove(key)
    return loaded.slots.revision


def _note_revision(session: Session, connection: Connection, revision: int) -> None:
    """Write to the audit chain when the slot file is older than one this desk has seen.

    It opens all the same: putting that file back from a backup is what a damaged one asks for.
    """
    seen = int(facts.find(connection, _SLOTS_REVISION) or 0)
    if revision < seen:
        detail = json.dumps({"found": revision, "seen": seen})
        older = auditing.Audited("desk.key_slots_older", "desk", str(session.device_id), detail)
        auditing.append(session, connection, older)
    if revision != seen:
        facts.put(connection, _SLOTS_REVISION, str(revision))


def _present(connection: Connection, holder: Holder) -> Officer:
    """Return the officer of a key slot as the store knows them: it decides about name and role.

    Raises:
        OfficerUnknown: the officer was removed from this desk, or was never added whole.
    """
    for officer in officers.find_present(connection):
        if officer.id == holder.officer_id:
            return officer
    raise OfficerUnknown(officer_id=holder.officer_id)


def _settle_slot(session: Session, holder: Holder) -> None:
    """Bring a slot after its officer: it is older, or a change of them was killed half way."""
    officer = session.officer
    right = Holder(officer.id, officer.name, officer.initials, officer.rank, officer.role)
    if holder != right:
        enrolment.rename_officer(session.profile, session.key, right)


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


def note_help(profile: Profile, key: SecretKey, helper: Holder) -> None:
    """Have the audit chain hear at once that somebody was given a new password; wipe the key.

    Raises what ``open_session`` raises.
    """
    session = _open(profile, key, helper, is_sitting=False)
    try:
        auditing.keep_head(session)
    finally:
        session.close()
