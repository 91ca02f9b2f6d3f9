"""Settling what two desks made of one report, alone and in bulk, and taking it back."""

import json
from collections.abc import Callable
from dataclasses import replace

from tests.services.conflict_rows import (
    Met,
    add_officer,
    confirm,
    open_area_conflict,
    open_conflict,
    open_removed_area_conflict,
    settle_elsewhere,
)
from tests.services.conftest import FileReport
from trafficdesk.domain.conflicts import Choice, ConflictStatus, Side
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.records import Geofence, Report
from trafficdesk.domain.vocabulary import Entity, GeofenceKind, ReportStatus, Role, SyncState
from trafficdesk.services import areas, conflicts, review, undo
from trafficdesk.services.conflicts import Settling
from trafficdesk.services.outcomes import Outcome, Refusal
from trafficdesk.services.session import Session
from trafficdesk.store import arriving, citations
from trafficdesk.store.arriving import Arrival

Reread = Callable[[Report], Report]


def settle(session: Session, note: str = "", **choices: Choice) -> Outcome:
    (found,) = conflicts.find_open(session)
    conflict = found.conflict
    settling = Settling(conflict.id, conflict.revision, choices, note)
    return conflicts.settle(session, [settling])


def test_mine_is_written_and_taken_back(session: Session, file: FileReport, reread: Reread) -> None:
    report, kumar = file(), add_officer(session, "Kumar S")
    open_conflict(session, Met(report, {"plate": "TN37A1"}, {"plate": "TN37A2"}, kumar.id))
    assert reread(report).plate == "TN37A2"
    assert settle(session, plate=Choice(Side.MINE)).is_done
    assert reread(report).plate == "TN37A1"
    assert conflicts.progress(session) == conflicts.Progress(0, 1)
    assert undo.undo_last(session).is_done
    assert reread(report).plate == "TN37A2"
    assert conflicts.progress(session) == conflicts.Progress(1, 0)


def test_what_was_written_anew_is_the_result_and_theirs_changes_nothing(
    session: Session, file: FileReport, reread: Reread
) -> None:
    report, kumar = file(), add_officer(session, "Kumar S")
    mine = {"plate": "TN37A1", "address": "Cross Cut Road"}
    theirs = {"plate": "TN37A2", "address": "Bus stand"}
    open_conflict(session, Met(report, mine, theirs, kumar.id))
    done = settle(session, plate=Choice(Side.EDITED, "TN37A3"), address=Choice(Side.THEIRS))
    assert done.is_done
    after = reread(report)
    assert (after.plate, after.address) == ("TN37A3", "Bus stand")


def test_a_rejection_that_gives_way_takes_its_reason_along(
    session: Session, file: FileReport, reread: Reread
) -> None:
    report, kumar = file(), add_officer(session, "Kumar S")
    theirs = {"status": "rejected", "rejection_reason": "no_offence", "decision_note": "a turban"}
    open_conflict(
        session,
        Met(report, {"status": "approved"}, theirs, kumar.id, action="approve"),
    )
    assert settle(session, status=Choice(Side.MINE)).is_done
    after = reread(report)
    assert (after.status, after.rejection_reason) == (ReportStatus.APPROVED, None)
    assert undo.undo_last(session).is_done
    assert reread(report).rejection_reason == "no_offence"


def test_many_are_settled_at_once_and_taken_back_by_one_undo(
    session: Session, file: FileReport, reread: Reread
) -> None:
    kumar = add_officer(session, "Kumar S")
    filed = [file(plate=f"TN37AA{i:04d}") for i in range(4)]
    for report in filed:
        open_conflict(session, Met(report, {"plate": "TN1"}, {"plate": "TN2"}, kumar.id))
    many = [
        Settling(d.conflict.id, d.conflict.revision, conflicts.keep_side(d.conflict, Side.MINE))
        for d in conflicts.find_open(session)
    ]
    assert conflicts.settle(session, many).is_done
    assert {reread(report).plate for report in filed} == {"TN1"}
    assert undo.undo_last(session).is_done
    assert {reread(report).plate for report in filed} == {"TN2"}
    assert conflicts.count_open(session) == 4


def test_who_settles_second_changes_nothing(
    session: Session, file: FileReport, reread: Reread
) -> None:
    report, kumar = file(), add_officer(session, "Kumar S")
    met = Met(report, {"plate": "TN37A1"}, {"plate": "TN37A2"}, kumar.id)
    opened = open_conflict(session, met)
    (seen,) = conflicts.find_open(session)
    settle_elsewhere(session, opened, kumar.id, {"plate": "theirs"})
    choices = {"plate": Choice(Side.MINE)}
    outcome = conflicts.settle(session, [Settling(opened.id, seen.conflict.revision, choices)])
    assert [each.code for each in outcome.refused] == [Refusal.MOVED_ON]
    assert reread(report).plate == "TN37A2"
    found = conflicts.find(session, opened.id)
    assert found is not None
    assert found.conflict.settled_by == kumar.id
    assert found.conflict.choices == {"plate": Side.THEIRS}


def test_what_is_told_once_more_as_it_is_has_not_moved_on(
    session: Session, file: FileReport
) -> None:
    report, kumar = file(), add_officer(session, "Kumar S")
    opened = open_conflict(session, Met(report, {"plate": "TN1"}, {"plate": "TN2"}, kumar.id))
    (looked_at,) = conflicts.find_open(session)
    # A push's answer brings a conflict, and the next page brings it again.
    with session.store.writing() as connection:
        arriving.put(connection, Arrival(Entity.CONFLICT, opened.id, 1, opened.row))
    (found,) = conflicts.find_open(session)
    assert found.conflict == looked_at.conflict
    changed = {**opened.row, "theirs_version": 3}
    with session.store.writing() as connection:
        arriving.put(connection, Arrival(Entity.CONFLICT, opened.id, 1, changed))
    (found,) = conflicts.find_open(session)
    assert found.conflict.revision == looked_at.conflict.revision + 1


def test_a_settlement_is_not_sent_until_the_server_has_confirmed_it(
    session: Session, file: FileReport
) -> None:
    report, kumar = file(), add_officer(session, "Kumar S")
    opened = open_conflict(session, Met(report, {"plate": "A"}, {"plate": "B"}, kumar.id))
    assert settle(session, plate=Choice(Side.THEIRS)).is_done
    (settled,) = conflicts.find_settled(session)
    assert settled.conflict.sync_state is SyncState.NOT_SENT
    confirm(session, opened)
    (settled,) = conflicts.find_settled(session)
    assert settled.conflict.sync_state is SyncState.CONFIRMED


def test_an_officer_settles_this_desks_conflicts_and_a_supervisor_everybodys(
    session: Session, make_session: Callable[..., Session], file: FileReport
) -> None:
    report, kumar = file(), add_officer(session, "Kumar S")
    elsewhere = Met(
        report,
        {"plate": "A"},
        {"plate": "B"},
        session.officer.id,
        mine_by=kumar.id,
        device_id=new_id(),
    )
    open_conflict(session, elsewhere)
    refused = settle(session, plate=Choice(Side.MINE))
    assert [each.code for each in refused.refused] == [Refusal.NOT_PERMITTED]
    supervisor = make_session(Role.SUPERVISOR, "Anitha R")
    assert settle(supervisor, plate=Choice(Side.MINE)).is_done


def test_whoever_may_settle_opens_a_settlement_again(
    session: Session, make_session: Callable[..., Session], file: FileReport, reread: Reread
) -> None:
    report, kumar = file(), add_officer(session, "Kumar S")
    opened = open_conflict(session, Met(report, {"plate": "A"}, {"plate": "B"}, kumar.id))
    assert settle(session, plate=Choice(Side.MINE)).is_done
    (settled,) = conflicts.find_settled(session)
    supervisor = make_session(Role.SUPERVISOR, "Anitha R")
    assert undo.reopen_conflict(supervisor, opened.id, settled.conflict.revision).is_done
    assert reread(report).plate == "B"
    (found,) = conflicts.find_open(session)
    assert found.conflict.status is ConflictStatus.OPEN
    assert found.conflict.choices == {}
    moved_on = undo.reopen_conflict(supervisor, opened.id, settled.conflict.revision)
    assert [each.code for each in moved_on.refused] == [Refusal.MOVED_ON]


def test_a_report_deleted_by_them_comes_back_with_mine(
    session: Session, file: FileReport, reread: Reread
) -> None:
    report, kumar = file(), add_officer(session, "Kumar S")
    deletion = Met(
        report,
        {"deleted_ms": None},
        {"deleted_ms": 5},
        kumar.id,
        action="approve",
        beside={"status": "approved"},
    )
    open_conflict(session, deletion)
    assert reread(report).deleted_at is not None
    assert settle(session, deleted_ms=Choice(Side.MINE)).is_done
    after = reread(report)
    assert (after.deleted_at, after.status) == (None, ReportStatus.APPROVED)


def test_what_helps_to_choose_names_the_original_of_a_duplicate(
    session: Session, file: FileReport
) -> None:
    report, original, kumar = file(), file(), add_officer(session, "Kumar S")
    mine = {"duplicate_of": str(original.id)}
    open_conflict(session, Met(report, mine, {"duplicate_of": None}, kumar.id))
    (found,) = conflicts.find_open(session)
    around = conflicts.look_around(session, found)
    assert around.words == {str(original.id): original.reference}
    assert [event.action for event in around.events] == ["file"]
    assert replace(found, report=None).report is None


def draw_area(session: Session) -> Geofence:
    ring = [[76.9, 11.0], [76.91, 11.0], [76.91, 11.01], [76.9, 11.0]]
    shape = json.dumps({"type": "Polygon", "coordinates": [ring]})
    assert areas.draw(session, "School", GeofenceKind.GEOFENCE, shape).is_done
    return areas.find_all(session)[0]


def test_an_area_keeps_the_name_that_was_chosen_and_gets_the_other_back(
    session: Session, make_session: Callable[..., Session]
) -> None:
    supervisor, kumar = make_session(Role.SUPERVISOR, "Anitha R"), add_officer(session, "Kumar S")
    area = draw_area(supervisor)
    open_area_conflict(supervisor, area.id, kumar.id, ("School", "School road", "School gate"))
    assert settle(supervisor, name=Choice(Side.MINE)).is_done
    assert [each.name for each in areas.find_all(supervisor)] == ["School road"]
    (settled,) = conflicts.find_settled(supervisor)
    reopened = undo.reopen_conflict(supervisor, settled.conflict.id, settled.conflict.revision)
    assert reopened.is_done
    assert [each.name for each in areas.find_all(supervisor)] == ["School"]


def test_a_dispatcher_settles_areas_and_no_reports(
    session: Session, make_session: Callable[..., Session], file: FileReport
) -> None:
    dispatcher, kumar = make_session(Role.DISPATCHER, "Devi P"), add_officer(session, "Kumar S")
    area = draw_area(dispatcher)
    open_area_conflict(dispatcher, area.id, kumar.id, ("School", "School road", "School gate"))
    assert settle(dispatcher, name=Choice(Side.MINE)).is_done
    open_conflict(session, Met(file(), {"plate": "A"}, {"plate": "B"}, kumar.id))
    refused = settle(dispatcher, plate=Choice(Side.MINE))
    assert [each.code for each in refused.refused] == [Refusal.NOT_PERMITTED]


def test_an_area_removed_by_them_comes_back_with_mine_and_goes_again(session: Session) -> None:
    area, kumar = draw_area(session), add_officer(session, "Kumar S")
    open_removed_area_conflict(session, area, kumar.id, "School road")
    assert areas.find_all(session) == []
    assert settle(session, deleted_ms=Choice(Side.MINE)).is_done
    assert [each.name for each in areas.find_all(session)] == ["School road"]
    (settled,) = conflicts.find_settled(session)
    conflict = settled.conflict
    assert undo.reopen_conflict(session, conflict.id, conflict.revision).is_done
    assert areas.find_all(session) == []


def statuses(session: Session, report: Report) -> list[str]:
    """Return what became of a report's citations, the latest first."""
    with session.store.reading() as connection:
        return [each.status for each in citations.find_of_report(connection, report.pk)]


def test_a_report_settled_as_cited_has_a_citation_and_one_settled_otherwise_has_none(
    session: Session, file: FileReport
) -> None:
    report, kumar = file(), add_officer(session, "Kumar S")
    cited = Met(report, {"status": "cited"}, {"status": "pending"}, kumar.id, action="cite")
    open_conflict(session, cited)
    assert settle(session, status=Choice(Side.MINE)).is_done
    assert statuses(session, report) == ["issued"]
    assert undo.undo_last(session).is_done
    assert statuses(session, report) == ["cancelled"]
    (found,) = conflicts.find_open(session)
    assert conflicts.settle(
        session,
        [Settling(found.conflict.id, found.conflict.revision, {"status": Choice(Side.MINE)})],
    ).is_done
    assert statuses(session, report).count("issued") == 1


def test_taking_a_citing_back_leaves_no_citation_of_another_desk_standing(
    session: Session, file: FileReport, reread: Reread
) -> None:
    report = file()
    for move in (Move.APPROVE, Move.CITE):
        at = reread(report)
        target = review.Target(at.pk, at.revision)
        assert review.take_step(session, (target,), review.Step(move)).is_done
    theirs = {
        "report_id": str(report.id),
        "number": "D2-C2026-00001",
        "offence": "177",
        "amount_minor": 50_000,
        "currency": "INR",
        "status": "issued",
        "issued_ms": 5,
    }
    with session.store.writing() as connection:
        (own,) = citations.find_of_report(connection, report.pk)
        citations.set_status(connection, own.id, "cancelled")  # as the server kept it
        arriving.put(connection, Arrival(Entity.CITATION, new_id(), 1, theirs))
    assert sorted(statuses(session, report)) == ["cancelled", "issued"]
    assert undo.undo_last(session).is_done
    assert reread(report).status is ReportStatus.APPROVED
    assert statuses(session, report) == ["cancelled", "cancelled"]
