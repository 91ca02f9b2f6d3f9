"""Who may open the desk: each change is in the slots, the store and the audit chain at once."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.records import Report
from trafficdesk.domain.vocabulary import ReportStatus, Role
from trafficdesk.profile import Profile
from trafficdesk.security.enrolment import LastOfficerWhoMay
from trafficdesk.security.errors import KeySlotsMissing
from trafficdesk.security.key_slots import Holder, holders
from trafficdesk.security.keyring_slot import KeyringFault
from trafficdesk.security.passwords import PasswordFault, PasswordRefused
from trafficdesk.security.tries import LockedOut
from trafficdesk.security.unlock import PasswordChanged, Unlocked, WrongPassword, unlock
from trafficdesk.services import (
    administration,
    audit_log,
    auditing,
    crash_reports,
    desk,
    desk_care,
    own_account,
    review,
    undo,
)
from trafficdesk.services.administration import (
    OfficerDetails,
    OfficerDone,
    OfficerFault,
    OfficerRefused,
)
from trafficdesk.services.desk_care import Shredded, ShredFault, TypeFault, TypeKept
from trafficdesk.services.outcomes import Refusal
from trafficdesk.services.session import Session
from trafficdesk.store import facts, officers, sync_marks

RAVI = OfficerDetails("Ravi Chandran", "rc", "SI", Role.OFFICER)
PASSWORD = "four plain words here"


@pytest.fixture
def admin(make_session: Callable[..., Session], profile: Profile) -> Session:
    """Return the session of the administrator who set the desk up."""
    session = make_session(Role.ADMIN)
    boss = holders(profile)[0]
    with session.store.reading() as connection:
        return replace(session, officer=officers.get(connection, boss.officer_id))


def actions(session: Session) -> list[str]:
    with session.store.reading() as connection:
        return [entry.action for entry in auditing.entries(connection)]


def add(session: Session, details: OfficerDetails = RAVI) -> OfficerDone:
    done = administration.add_officer(session, details, PASSWORD)
    assert isinstance(done, OfficerDone), done
    return done


def test_an_added_officer_unlocks_with_a_password_to_be_changed_and_can_be_given_work(
    admin: Session, file: Callable[..., Report]
) -> None:
    done = add(admin)
    opened = unlock(admin.profile, done.officer_id, PASSWORD, admin.clock())
    assert isinstance(opened, Unlocked)
    assert opened.must_change_password
    assert opened.holder.initials == "RC"
    opened.key.wipe()
    report = file()
    target = review.Target(report.pk, report.revision)
    assert review.assign(admin, [target], done.officer_id).is_done
    assert "officer.add" in actions(admin)


@pytest.mark.parametrize(
    ("details", "fault"),
    [
        (replace(RAVI, name="  "), OfficerFault.NAME_MISSING),
        (replace(RAVI, initials="R"), OfficerFault.INITIALS_WRONG),
        (replace(RAVI, initials="R2"), OfficerFault.INITIALS_WRONG),
        (replace(RAVI, initials="aa"), OfficerFault.INITIALS_TAKEN),
        (replace(RAVI, role=Role.CITIZEN), OfficerFault.ROLE_WITHOUT_DESK),
    ],
)
def test_an_officer_who_could_not_be_told_apart_is_refused_and_nothing_changes(
    admin: Session, details: OfficerDetails, fault: OfficerFault
) -> None:
    before = (holders(admin.profile), actions(admin))
    done = administration.add_officer(admin, details, PASSWORD)
    assert isinstance(done, OfficerRefused)
    assert done.fault is fault
    assert (holders(admin.profile), actions(admin)) == before


def test_a_weak_password_is_refused(admin: Session) -> None:
    done = administration.add_officer(admin, RAVI, "short")
    assert isinstance(done, PasswordRefused)
    assert done.fault is PasswordFault.TOO_SHORT
    assert len(holders(admin.profile)) == 1


def test_only_an_administrator_manages_officers(make_session: Callable[..., Session]) -> None:
    session = make_session(Role.SUPERVISOR)
    boss = holders(session.profile)[0].officer_id
    refused = OfficerRefused(OfficerFault.NOT_PERMITTED)
    assert administration.add_officer(session, RAVI, PASSWORD) == refused
    assert administration.change_officer(session, boss, RAVI) == refused
    assert administration.remove_officer(session, boss) == refused
    assert administration.set_password(session, boss, PASSWORD) == refused


def test_a_changed_officer_is_the_same_in_slots_and_store(admin: Session) -> None:
    officer_id = add(admin).officer_id
    promoted = OfficerDetails("Ravi Chandran", "RCN", "Inspector", Role.SUPERVISOR)
    assert isinstance(administration.change_officer(admin, officer_id, promoted), OfficerDone)
    opened = unlock(admin.profile, officer_id, PASSWORD, admin.clock())
    assert isinstance(opened, Unlocked)
    opened.key.wipe()
    with admin.store.reading() as connection:
        kept = officers.get(connection, officer_id)
    assert (kept.initials, kept.rank, kept.role) == ("RCN", "Inspector", Role.SUPERVISOR)
    assert opened.holder.role is Role.SUPERVISOR
    again = administration.change_officer(admin, officer_id, promoted)
    assert again == OfficerRefused(OfficerFault.NOTHING_TO_CHANGE)


def test_who_works_at_a_joined_desk_is_the_servers_to_say(admin: Session) -> None:
    officer_id = add(admin).officer_id
    with admin.store.writing() as connection:
        facts.put(connection, sync_marks.LINK, "{}")
    before = (holders(admin.profile), actions(admin))
    refused = OfficerRefused(OfficerFault.SERVER_RULES)
    promoted = OfficerDetails("Ravi Chandran", "RCN", "Inspector", Role.SUPERVISOR)
    assert administration.change_officer(admin, officer_id, promoted) == refused
    assert administration.add_officer(admin, replace(RAVI, initials="rx"), PASSWORD) == refused
    assert (holders(admin.profile), actions(admin)) == before
    # What concerns this desk alone stays its own: passwords, and who opens it.
    assert isinstance(administration.set_password(admin, officer_id, "other plain words"), Holder)
    assert isinstance(administration.remove_officer(admin, officer_id), OfficerDone)


def test_the_last_administrator_cannot_step_down(admin: Session) -> None:
    me = admin.officer
    details = OfficerDetails(me.name, me.initials, me.rank, Role.OFFICER)
    done = administration.change_officer(admin, me.id, details)
    assert isinstance(done, LastOfficerWhoMay)
    with admin.store.reading() as connection:
        assert officers.get(connection, me.id).role is Role.ADMIN


def test_removing_an_officer_ends_their_ways_in_and_puts_their_reports_back(
    admin: Session, file: Callable[..., Report], reread: Callable[[Report], Report]
) -> None:
    officer_id = add(admin).officer_id
    held, given = file(), file()
    with admin.store.reading() as connection:
        ravi = replace(admin, officer=officers.get(connection, officer_id))
    claim = review.Step(Move.CLAIM)
    assert review.take_step(ravi, [review.Target(held.pk, held.revision)], claim).is_done
    assert review.assign(admin, [review.Target(given.pk, given.revision)], officer_id).is_done
    done = administration.remove_officer(admin, officer_id)
    assert isinstance(done, OfficerDone)
    assert done.released == 2
    assert done.changed.reports == {held.pk, given.pk}
    for report in (reread(held), reread(given)):
        assert (report.status, report.assignee_id, report.lease) == (
            ReportStatus.PENDING,
            None,
            None,
        )
    assert officer_id not in {each.officer_id for each in holders(admin.profile)}
    with admin.store.reading() as connection:
        assert officer_id not in {each.id for each in officers.find_present(connection)}
        assert officers.get(connection, officer_id).name == "Ravi Chandran"
    assert administration.remove_officer(admin, officer_id) == OfficerRefused(OfficerFault.UNKNOWN)


def test_nobody_removes_themselves(admin: Session) -> None:
    done = administration.remove_officer(admin, admin.officer.id)
    assert done == OfficerRefused(OfficerFault.ONESELF)


def test_undo_never_reaches_who_may_open_the_desk(admin: Session) -> None:
    officer_id = add(admin).officer_id
    assert isinstance(administration.remove_officer(admin, officer_id), OfficerDone)
    assert undo.find_undoable(admin) == []


def test_a_supervisor_ends_a_lock_out_with_a_temporary_password(
    admin: Session, make_session: Callable[..., Session]
) -> None:
    officer_id = add(admin).officer_id
    for _ in range(5):
        unlock(admin.profile, officer_id, "wrong", admin.clock())
    assert isinstance(unlock(admin.profile, officer_id, PASSWORD, admin.clock()), LockedOut)
    locked = {e.holder.officer_id for e in administration.list_enrolled(admin) if e.is_locked}
    assert locked == {officer_id}
    supervisor = make_session(Role.SUPERVISOR)
    administration.set_password(supervisor, officer_id, "another four words now")
    opened = unlock(admin.profile, officer_id, "another four words now", admin.clock())
    assert isinstance(opened, Unlocked)
    assert opened.must_change_password
    opened.key.wipe()
    assert "officer.set_password" in actions(admin)


def test_an_administrator_who_steps_down_has_no_rights_from_that_moment_on(
    admin: Session,
) -> None:
    add(admin, replace(RAVI, role=Role.ADMIN))
    me = admin.officer
    details = OfficerDetails(me.name, me.initials, me.rank, Role.OFFICER)
    assert isinstance(administration.change_officer(admin, me.id, details), OfficerDone)
    assert admin.officer.role is Role.OFFICER
    assert not admin.may(Permission.OFFICER_MANAGE)
    again = OfficerDetails(me.name, me.initials, me.rank, Role.ADMIN)
    refused = OfficerRefused(OfficerFault.NOT_PERMITTED)
    assert administration.change_officer(admin, me.id, again) == refused
    assert desk_care.shred_desk(admin, "D1") is ShredFault.NOT_PERMITTED
    assert audit_log.find_log_page(admin) is Refusal.NOT_PERMITTED


def test_ones_own_password_is_changed_with_the_present_one(admin: Session) -> None:
    wrong = own_account.change_own_password(admin, "not this", "a new password")
    assert isinstance(wrong, WrongPassword)
    done = own_account.change_own_password(admin, "a long password", "a new password")
    assert isinstance(done, PasswordChanged)
    opened = unlock(admin.profile, admin.officer.id, "a new password", admin.clock())
    assert isinstance(opened, Unlocked)
    assert not opened.must_change_password
    opened.key.wipe()
    assert actions(admin)[-2:] == ["officer.wrong_password", "officer.change_password"]


def test_the_keyring_says_why_it_does_not_serve(admin: Session) -> None:
    state = own_account.load_keyring_state(admin, allowed=False)
    assert not state.is_on
    assert state.refused is not None
    assert state.refused.fault is KeyringFault.POLICY
    assert own_account.enable_keyring(admin, allowed=False) == state.refused


def test_an_own_violation_type_gets_a_code_once_and_keeps_it(admin: Session) -> None:
    kept = desk_care.add_violation_type(admin, "Horn in silence zone")
    assert isinstance(kept, TypeKept)
    assert kept.code == "horn_in_silence_zone"
    tamil = desk_care.add_violation_type(admin, "ஒலி மாசு")
    assert isinstance(tamil, TypeKept)
    assert tamil.code == "own_type"
    assert desk_care.add_violation_type(admin, "horn in SILENCE zone") is TypeFault.NAME_TAKEN
    assert desk_care.add_violation_type(admin, " ") is TypeFault.NAME_MISSING
    desk_care.rename_violation_type(admin, kept.code, "Horn near a hospital")
    assert desk_care.find_violation_types(admin) == {
        "horn_in_silence_zone": "Horn near a hospital",
        "own_type": "ஒலி மாசு",
    }


def test_a_built_in_code_is_never_taken_by_an_own_type(admin: Session) -> None:
    kept = desk_care.add_violation_type(admin, "Speed")
    assert isinstance(kept, TypeKept)
    assert kept.code == "speed_2"


def test_officers_change_neither_violation_types_nor_base_maps(session: Session) -> None:
    assert desk_care.add_violation_type(session, "Horn") is TypeFault.NOT_PERMITTED
    assert desk_care.begin_base_map_change(session, "import", "x") is Refusal.NOT_PERMITTED


def test_the_exported_audit_can_be_checked_without_the_desk(admin: Session) -> None:
    add(admin)
    path = admin.profile.folder / "audit.jsonl"
    done = audit_log.export_log(admin, path)
    assert isinstance(done, audit_log.Exported)
    head, *lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert head["public_key"] == admin.device.public_key.hex()
    assert len(lines) == done.count
    assert lines[-1]["action"] == "audit.export"
    with admin.store.reading() as connection:
        assert lines == [audit_log.entry_as_json(e) for e in auditing.entries(connection)]


def test_the_audit_names_reports_by_their_reference(
    admin: Session, file: Callable[..., Report]
) -> None:
    report = file()
    page = audit_log.find_log_page(admin)
    assert isinstance(page, list)
    assert (page[0].action, page[0].subject) == ("report.file", report.reference)


def test_the_audit_is_read_newest_first_and_checked(admin: Session) -> None:
    add(admin)
    page = audit_log.find_log_page(admin)
    assert isinstance(page, list)
    assert [line.seq for line in page] == sorted((line.seq for line in page), reverse=True)
    assert page[0].action == "officer.add"
    assert (page[0].actor, page[0].subject) == (admin.officer.name, "Ravi Chandran")
    assert audit_log.find_log_page(admin, page[-1].seq) == []
    verdict = audit_log.verify_log(admin)
    assert not isinstance(verdict, Refusal)
    assert verdict.ok


def test_an_entry_changed_behind_the_desks_back_is_found(admin: Session) -> None:
    add(admin)
    with admin.store.writing() as connection:
        triggers = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"
        )
        for (name,) in triggers.all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("UPDATE audit SET action = 'nothing' WHERE seq = 2")
    verdict = audit_log.verify_log(admin)
    assert not isinstance(verdict, Refusal)
    assert verdict.first_bad_seq == 2
    assert actions(admin)[-1] == "audit.verify_failed"


def test_an_officer_reads_no_audit(session: Session, tmp_path: Path) -> None:
    assert audit_log.find_log_page(session) is Refusal.NOT_PERMITTED
    assert audit_log.verify_log(session) is Refusal.NOT_PERMITTED
    assert audit_log.export_log(session, tmp_path / "a.jsonl") is Refusal.NOT_PERMITTED
    assert not (tmp_path / "a.jsonl").exists()


def test_a_desk_is_shredded_only_by_its_code_and_then_opens_for_nobody(admin: Session) -> None:
    assert desk_care.shred_desk(admin, "yes") is ShredFault.NOT_CONFIRMED
    assert holders(admin.profile)
    assert desk_care.shred_desk(admin, "D1") == Shredded()
    desk.close_session(admin, "lock")
    assert admin.data_key.is_wiped
    with pytest.raises(KeySlotsMissing):
        holders(admin.profile)


def test_a_supervisor_cannot_shred(make_session: Callable[..., Session]) -> None:
    session = make_session(Role.SUPERVISOR)
    assert desk_care.shred_desk(session, "D1") is ShredFault.NOT_PERMITTED


def test_crash_reports_are_listed_with_their_error_and_removed(profile: Profile) -> None:
    assert crash_reports.list_crash_reports(profile) == []
    profile.crash_reports.mkdir()
    text = "TrafficDesk 0.1.0\nLinux\n\nbuiltins.ValueError: no such tile\n  trafficdesk/x.py:1 f\n"
    (profile.crash_reports / "1.txt").write_text(text, encoding="utf-8")
    found = crash_reports.list_crash_reports(profile)
    assert [report.summary for report in found] == ["builtins.ValueError: no such tile"]
    assert crash_reports.load_crash_report(found[0].path) == text
    assert crash_reports.remove_crash_reports(profile) == 1
    assert crash_reports.list_crash_reports(profile) == []
