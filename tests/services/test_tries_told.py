"""What happened at the unlock screen is in the audit chain after the next unlocking, once."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import HOME, LIGHT_KDF, officer_of
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.domain.vocabulary import Role
from trafficdesk.profile import Profile
from trafficdesk.security.audit import AuditEntry
from trafficdesk.security.enrolment import SetUp, add_officer, set_up
from trafficdesk.security.key_slots import Holder
from trafficdesk.security.recovery import Recovered, recover
from trafficdesk.security.unlock import (
    OfficerUnlocked,
    PasswordChanged,
    Unlocked,
    change_password,
    supervisor_unlock,
    unlock,
)
from trafficdesk.services import audit_log, auditing, desk, own_account
from trafficdesk.services.session import Session
from trafficdesk.store import officers

ROOT = Path(__file__).parent.parent.parent
BOSS = Holder(new_id(), "Admin A", "AA", "Inspector", Role.ADMIN)
HEAD = Holder(new_id(), "Karthik V", "KV", "SI", Role.SUPERVISOR)
CONSTABLE = Holder(new_id(), "Meena K", "MK", "Constable", Role.OFFICER)
PASSWORD = "a long password"


@pytest.fixture
def made(profile: Profile) -> Iterator[SetUp]:
    """Return a desk of three that was locked after it had been set up."""
    made = set_up(profile, BOSS, PASSWORD, kdf=LIGHT_KDF)
    assert isinstance(made, SetUp)
    desk.create_store(profile, made.key, HOME, officer_of(BOSS))
    for each in (HEAD, CONSTABLE):
        add_officer(profile, made.key, each, PASSWORD)
    opened = unlock(profile, BOSS.officer_id, PASSWORD, utc_now())
    assert isinstance(opened, Unlocked)
    session = desk.open_session(profile, opened.key, BOSS)
    with session.store.writing() as connection:
        for each in (HEAD, CONSTABLE):
            officers.put(connection, officer_of(each))
    desk.close_session(session, "lock")
    yield made
    made.key.wipe()


def _unlock(profile: Profile, holder: Holder = BOSS, at: timedelta = timedelta(0)) -> Session:
    opened = unlock(profile, holder.officer_id, PASSWORD, utc_now() + at)
    assert isinstance(opened, Unlocked), opened
    return desk.open_session(profile, opened.key, opened.holder)


def _fresh(profile: Profile, holder: Holder = BOSS) -> list[AuditEntry]:
    """Unlock, lock, and return what the unlocking wrote before its own entry."""
    session = _unlock(profile, holder)
    with session.store.reading() as connection:
        entries = list(auditing.entries(connection))
    desk.close_session(session, "lock")
    assert entries.pop().action == "desk.unlock"
    last = max(i for i, each in enumerate(entries) if each.action.startswith("desk.lock"))
    return entries[last + 1 :]


def _guess(profile: Profile, holder: Holder, times: int) -> None:
    for _ in range(times):
        unlock(profile, holder.officer_id, "wrong-pass", utc_now())


@pytest.mark.usefixtures("made")
def test_wrong_tries_and_lock_outs_are_told_with_their_time_once(profile: Profile) -> None:
    before_ms = to_ms(utc_now())
    _guess(profile, CONSTABLE, 6)  # five, and one that the lock-out refuses
    _guess(profile, BOSS, 2)
    told = {each.entity_id: each for each in _fresh(profile)}
    assert {each.action for each in told.values()} == {"officer.wrong_tries"}
    assert {each.actor_id for each in told.values()} == {auditing.NOBODY}
    detail = json.loads(told[str(CONSTABLE.officer_id)].detail)
    assert (detail["tries"], detail["lock_outs"]) == (5, 1)
    assert 0 < detail["since_ms"] <= before_ms
    assert len(detail["times_ms"]) == 5
    assert before_ms <= min(detail["times_ms"])
    detail = json.loads(told[str(BOSS.officer_id)].detail)
    assert (detail["tries"], detail["lock_outs"]) == (2, 0)
    assert _fresh(profile) == []


@pytest.mark.usefixtures("made")
def test_the_audit_log_lists_how_many_wrong_passwords_there_were(profile: Profile) -> None:
    _guess(profile, CONSTABLE, 3)
    session = _unlock(profile)
    page = audit_log.find_log_page(session)
    desk.close_session(session, "lock")
    assert isinstance(page, list)
    (line,) = [each for each in page if each.action == "officer.wrong_tries"]
    assert (line.count, line.subject, line.actor) == (3, CONSTABLE.name, "")


@pytest.mark.usefixtures("made")
def test_a_supervisors_help_is_told_although_the_program_ended_before(profile: Profile) -> None:
    _guess(profile, CONSTABLE, 5)
    helped = supervisor_unlock(
        profile, HEAD.officer_id, PASSWORD, CONSTABLE.officer_id, "tempo-pass-1", utc_now()
    )
    assert isinstance(helped, OfficerUnlocked)
    helped.key.wipe()
    changed = change_password(
        profile, CONSTABLE.officer_id, "tempo-pass-1", "brand-new-5", utc_now()
    )
    assert isinstance(changed, PasswordChanged)
    reset, own, tries = _fresh(profile)
    whom = str(CONSTABLE.officer_id)
    assert (reset.action, reset.actor_id, reset.entity_id) == (
        "officer.password_reset",
        HEAD.officer_id,
        whom,
    )
    assert (own.action, own.actor_id) == ("officer.change_password", CONSTABLE.officer_id)
    assert json.loads(tries.detail)["lock_outs"] == 1
    assert _fresh(profile) == []


def test_a_used_recovery_code_is_told_at_once(profile: Profile, made: SetUp) -> None:
    assert made.recovery_code is not None
    done = recover(profile, made.recovery_code, CONSTABLE.officer_id, "tempo-pass-1")
    assert isinstance(done, Recovered)
    desk.note_help(profile, done.key, done.holder)
    session = _unlock(profile)
    with session.store.reading() as connection:
        told = [each for each in auditing.entries(connection) if each.action == "officer.recovered"]
    desk.close_session(session, "lock")
    assert [each.actor_id for each in told] == [CONSTABLE.officer_id]
    assert done.key.is_wiped


@pytest.mark.usefixtures("made")
def test_a_counter_set_back_or_lost_is_told(profile: Profile) -> None:
    old = profile.tries.read_bytes()
    _guess(profile, CONSTABLE, 3)
    assert len(_fresh(profile)) == 1
    profile.tries.write_bytes(old)
    (back,) = _fresh(profile)
    assert (back.action, json.loads(back.detail)["tries"]) == ("desk.tries_set_back", -3)
    profile.tries.unlink()
    assert not isinstance(unlock(profile, BOSS.officer_id, PASSWORD, utc_now()), Unlocked)
    session = _unlock(profile, at=timedelta(minutes=11))
    with session.store.reading() as connection:
        entries = [each.action for each in auditing.entries(connection)]
    desk.close_session(session, "lock")
    assert entries[-2:] == ["desk.tries_lost", "desk.unlock"]
    assert _fresh(profile) == []


@pytest.mark.usefixtures("made")
def test_a_wrong_present_password_is_told_where_it_was_typed_and_not_again(
    profile: Profile,
) -> None:
    session = _unlock(profile)
    own_account.change_own_password(session, "not-the-one", "brand-new-5")
    with session.store.reading() as connection:
        assert list(auditing.entries(connection))[-1].action == "officer.wrong_password"
    desk.close_session(session, "lock")
    assert _fresh(profile) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from uuid import UUID
from trafficdesk.domain.times import utc_now
from trafficdesk.profile import Profile
from trafficdesk.security.unlock import unlock
from trafficdesk.services import desk, tries_told

def killed(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

where, name = {"before": (desk, "_note_revision"), "after": (tries_told, "forget")}[sys.argv[3]]
setattr(where, name, killed)
profile = Profile(Path(sys.argv[1]))
opened = unlock(profile, UUID(sys.argv[2]), "a long password", utc_now())
desk.open_session(profile, opened.key, opened.holder)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 is a signal of Unix")
@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_while_it_is_told_tells_nothing_twice_and_leaves_nothing_out(
    profile: Profile, when: str
) -> None:
    _guess(profile, CONSTABLE, 4)
    helped = supervisor_unlock(
        profile, HEAD.officer_id, PASSWORD, CONSTABLE.officer_id, "tempo-pass-1", utc_now()
    )
    assert isinstance(helped, OfficerUnlocked)
    helped.key.wipe()
    run = subprocess.run(
        [sys.executable, "-c", KILLED, str(profile.folder), str(BOSS.officer_id), when],
        check=False,
        cwd=ROOT,
        timeout=60,
    )
    assert run.returncode == -9
    session = _unlock(profile)
    with session.store.reading() as connection:
        actions = [each.action for each in auditing.entries(connection)]
    desk.close_session(session, "lock")
    assert actions.count("officer.wrong_tries") == 1
    assert actions.count("officer.password_reset") == 1
