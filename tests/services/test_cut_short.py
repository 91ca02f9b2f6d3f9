"""An officer half added, changed or removed does no harm, and doing it again finishes it."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.services.test_administration import PASSWORD, RAVI, actions, add
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.vocabulary import Role
from trafficdesk.profile import Profile
from trafficdesk.security import enrolment
from trafficdesk.security.errors import OfficerUnknown
from trafficdesk.security.key_slots import Holder, holders
from trafficdesk.security.unlock import Unlocked, unlock
from trafficdesk.services import administration, desk
from trafficdesk.services.administration import OfficerDone, OfficerFault, OfficerRefused
from trafficdesk.services.session import Session
from trafficdesk.store import officers


@pytest.fixture
def admin(make_session: Callable[..., Session], profile: Profile) -> Session:
    """Return the session of the administrator who set the desk up."""
    session = make_session(Role.ADMIN)
    boss = holders(profile)[0]
    with session.store.reading() as connection:
        return replace(session, officer=officers.get(connection, boss.officer_id))


@contextmanager
def full_disk_for_slots(profile: Profile, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the slot file be the one thing that cannot be written: as if killed just before it."""
    replace_really = os.replace

    def fail(source: str, target: str) -> None:
        if Path(target) == profile.key_slots:
            raise OSError(errno.ENOSPC, "No space left on device", str(target))
        replace_really(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", fail)
        with pytest.raises(OSError, match="No space"):
            yield


def test_an_officer_added_without_a_slot_is_listed_and_can_be_given_a_password(
    admin: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    with full_disk_for_slots(admin.profile, monkeypatch):
        administration.add_officer(admin, RAVI, PASSWORD)
    (ravi,) = [e for e in administration.list_enrolled(admin) if e.holder.name == RAVI.name]
    assert not ravi.has_password
    taken = administration.add_officer(admin, replace(RAVI, name="Rani C"), PASSWORD)
    assert taken == OfficerRefused(OfficerFault.INITIALS_TAKEN, RAVI.name)
    officer_id = ravi.holder.officer_id
    done = administration.set_password(admin, officer_id, "another four words now")
    assert done == ravi.holder
    opened = unlock(admin.profile, officer_id, "another four words now", admin.clock())
    assert isinstance(opened, Unlocked)
    assert opened.must_change_password
    session = desk.open_session(admin.profile, opened.key, opened.holder)
    session.close()
    assert session.officer.name == RAVI.name
    assert "officer.add" in actions(admin)


def test_a_slot_without_its_officer_in_the_store_opens_nothing(admin: Session) -> None:
    stranger = Holder(new_id(), "Nobody N", "NN", "SI", Role.ADMIN)
    enrolment.add_officer(admin.profile, admin.key, stranger, PASSWORD)
    opened = unlock(admin.profile, stranger.officer_id, PASSWORD, admin.clock())
    assert isinstance(opened, Unlocked)
    with pytest.raises(OfficerUnknown):
        desk.open_session(admin.profile, opened.key, opened.holder)
    assert opened.key.is_wiped


def test_a_change_that_did_not_reach_the_slot_holds_and_is_brought_there_by_unlocking(
    admin: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer_id = add(admin, replace(RAVI, role=Role.SUPERVISOR)).officer_id
    with full_disk_for_slots(admin.profile, monkeypatch):
        administration.change_officer(admin, officer_id, RAVI)
    opened = unlock(admin.profile, officer_id, PASSWORD, admin.clock())
    assert isinstance(opened, Unlocked)
    assert opened.holder.role is Role.SUPERVISOR, "the slot is the old one"
    session = desk.open_session(admin.profile, opened.key, opened.holder)
    assert session.officer.role is Role.OFFICER, "what the store says holds"
    session.close()
    (ravi,) = [each for each in holders(admin.profile) if each.officer_id == officer_id]
    assert ravi.role is Role.OFFICER


def test_a_removal_that_did_not_reach_the_store_opens_nothing_and_is_finished_by_doing_it_again(
    admin: Session,
) -> None:
    officer_id = add(admin).officer_id
    enrolment.remove_officer(admin.profile, admin.key, officer_id)
    (ravi,) = [e for e in administration.list_enrolled(admin) if e.holder.officer_id == officer_id]
    assert not ravi.has_password
    assert isinstance(administration.remove_officer(admin, officer_id), OfficerDone)
    assert officer_id not in {e.holder.officer_id for e in administration.list_enrolled(admin)}


def test_a_help_that_could_not_be_given_is_told_and_leaves_the_old_password(
    admin: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer_id = add(admin).officer_id
    with full_disk_for_slots(admin.profile, monkeypatch):
        administration.set_password(admin, officer_id, "another four words now")
    assert actions(admin)[-1] == "officer.set_password"
    opened = unlock(admin.profile, officer_id, PASSWORD, admin.clock())
    assert isinstance(opened, Unlocked)
    opened.key.wipe()
