"""Setting a desk up whole or not at all, and whom a slot file that went back lets in."""

import json
from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from tests.conftest import HOME, LIGHT_KDF, officer_of
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.vocabulary import Role
from trafficdesk.profile import Profile
from trafficdesk.security.enrolment import SetUp, add_officer, set_up
from trafficdesk.security.errors import DeviceDamaged, OfficerUnknown
from trafficdesk.security.key_slots import Holder
from trafficdesk.security.keys import SecretKey
from trafficdesk.security.rekeying import begin_rekey
from trafficdesk.services import administration, auditing, desk
from trafficdesk.services.administration import OfficerDone
from trafficdesk.store import officers
from trafficdesk.store.errors import StoreMissingError

BOSS = Holder(new_id(), "Admin A", "AA", "Inspector", Role.ADMIN)
SECOND = Holder(new_id(), "Meena K", "MK", "SI", Role.OFFICER)


@pytest.fixture
def key(profile: Profile) -> SecretKey:
    made = set_up(profile, BOSS, "a long password", kdf=LIGHT_KDF)
    assert isinstance(made, SetUp)
    return made.key


def _again(key: SecretKey) -> SecretKey:
    """Return the key as an unlocking gives it: a session wipes the one it gets."""
    return SecretKey(key.reveal())


def test_a_store_that_could_not_be_filled_is_not_there(profile: Profile, key: SecretKey) -> None:
    homeless = replace(HOME, station=replace(HOME.station, city_id=new_id()))
    with pytest.raises(IntegrityError):
        desk.create_store(profile, key, homeless, officer_of(BOSS))
    assert [path.name for path in profile.folder.glob("desk.db*")] == []
    desk.create_store(profile, key, HOME, officer_of(BOSS))
    desk.open_session(profile, key, BOSS).close()


def test_what_a_killed_founding_left_does_not_stand_in_the_way(
    profile: Profile, key: SecretKey
) -> None:
    profile.database.with_name("desk.db.new").write_bytes(b"half a database")
    desk.create_store(profile, key, HOME, officer_of(BOSS))
    assert [path.name for path in profile.folder.glob("desk.db*")] == ["desk.db"]
    desk.open_session(profile, key, BOSS).close()


def test_a_removed_officer_does_not_come_back_with_an_old_slot_file(
    profile: Profile, key: SecretKey
) -> None:
    desk.create_store(profile, key, HOME, officer_of(BOSS))
    add_officer(profile, key, SECOND, "another password")
    boss = desk.open_session(profile, _again(key), BOSS)
    with boss.store.writing() as connection:
        officers.put(connection, officer_of(SECOND))
    boss.close()
    desk.open_session(profile, _again(key), SECOND).close()
    old_slots = profile.key_slots.read_bytes()
    session = desk.open_session(profile, _again(key), BOSS)
    assert isinstance(administration.remove_officer(session, SECOND.officer_id), OfficerDone)
    session.close()
    profile.key_slots.write_bytes(old_slots)
    with pytest.raises(OfficerUnknown):
        desk.open_session(profile, _again(key), SECOND)


def test_an_older_slot_file_is_told_in_the_audit_chain(profile: Profile, key: SecretKey) -> None:
    old_slots = profile.key_slots.read_bytes()
    desk.create_store(profile, key, HOME, officer_of(BOSS))
    add_officer(profile, key, SECOND, "another password")
    desk.open_session(profile, _again(key), BOSS).close()
    profile.key_slots.write_bytes(old_slots)
    session = desk.open_session(profile, _again(key), BOSS)
    with session.store.reading() as connection:
        last = list(auditing.entries(connection))[-1]
    session.close()
    assert last.action == "desk.key_slots_older"
    assert json.loads(last.detail) == {"found": 1, "seen": 2}


def test_a_key_that_opens_no_session_is_wiped(profile: Profile, key: SecretKey) -> None:
    with pytest.raises(DeviceDamaged):
        desk.open_session(profile, key, BOSS)
    assert key.is_wiped


def test_what_a_killed_rekey_left_gives_its_room_back(profile: Profile, key: SecretKey) -> None:
    desk.create_store(profile, key, HOME, officer_of(BOSS))
    begin_rekey(profile, key).wipe()
    profile.database.with_name("desk.db.rekeyed").write_bytes(b"half a copy")
    desk.open_session(profile, key, BOSS).close()
    assert [path.name for path in profile.folder.glob("desk.db*")] == ["desk.db"]


def test_a_missing_database_is_not_made_by_looking_for_it(profile: Profile, key: SecretKey) -> None:
    desk.create_store(profile, key, HOME, officer_of(BOSS))
    begin_rekey(profile, key).wipe()
    profile.database.unlink()
    with pytest.raises(StoreMissingError):
        desk.open_session(profile, key, BOSS)
    assert not profile.database.exists()
