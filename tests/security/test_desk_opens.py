"""From a password to an encrypted database and back to nothing, with SQLCipher itself."""

from datetime import datetime
from typing import Any

import pytest

from trafficdesk.profile import Profile
from trafficdesk.security.enrolment import SetUp, set_up
from trafficdesk.security.errors import DatabaseOrphaned, KeySlotsMissing
from trafficdesk.security.key_slots import Holder
from trafficdesk.security.keys import SecretKey
from trafficdesk.security.password_kdf import KdfParameters
from trafficdesk.security.shredding import shred
from trafficdesk.security.unlock import Unlocked, unlock
from trafficdesk.store.driver import dbapi2


def _connect(profile: Profile, key: SecretKey) -> Any:  # noqa: ANN401 - the driver has no types
    connection = dbapi2.connect(str(profile.database))
    connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
    return connection


def _read(profile: Profile, key: SecretKey) -> list[tuple[str]]:
    connection = _connect(profile, key)
    try:
        found: list[tuple[str]] = connection.execute("SELECT plate FROM report").fetchall()
        return found
    finally:
        connection.close()


def test_the_unlocked_key_opens_the_database_until_the_desk_is_shredded(
    desk: SetUp, profile: Profile, admin: Holder, now: datetime, light: KdfParameters
) -> None:
    connection = _connect(profile, desk.key)
    connection.execute("CREATE TABLE report (plate TEXT)")
    connection.execute("INSERT INTO report VALUES ('TN 38 AB 1234')")
    connection.commit()
    connection.close()
    assert not profile.database.read_bytes().startswith(b"SQLite format 3")

    opened = unlock(profile, admin.officer_id, "admin-pass-1", now)
    assert isinstance(opened, Unlocked)
    assert _read(profile, opened.key) == [("TN 38 AB 1234",)]
    with SecretKey.random() as other, pytest.raises(dbapi2.DatabaseError):
        _read(profile, other)

    shred(profile, opened.key)
    with pytest.raises(KeySlotsMissing):
        unlock(profile, admin.officer_id, "admin-pass-1", now)
    with pytest.raises(DatabaseOrphaned):
        set_up(profile, admin, "admin-pass-1", kdf=light)
