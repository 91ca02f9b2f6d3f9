"""Conflicts settled against a real server: for others, offline, of areas, of citations."""

import json

from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk
from trafficdesk.domain.conflicts import Side
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.records import Geofence, Report
from trafficdesk.domain.vocabulary import GeofenceKind, ReportStatus, Role
from trafficdesk.services import areas, conflicts, undo
from trafficdesk.services.conflicts import Settling
from trafficdesk.services.outcomes import Outcome, Refusal
from trafficdesk.store import citations


def settle(desk: SyncedDesk, side: Side, note: str = "") -> Outcome:
    """Settle the one open conflict whole."""
    (found,) = conflicts.find_open(desk.session)
    conflict = found.conflict
    choices = conflicts.keep_side(conflict, side)
    return conflicts.settle(desk.session, [Settling(conflict.id, conflict.revision, choices, note)])


def exchange(*desks: SyncedDesk) -> None:
    """Let every desk send, and then hear of everything."""
    for desk in (*desks, *desks):
        desk.sync()


def test_a_supervisor_settles_for_the_officers_of_the_station_offline_too(
    add_desk: AddDesk,
) -> None:
    one, two = add_desk(), add_desk()
    boss = add_desk(Role.SUPERVISOR, "Anitha R")
    report = one.file()
    exchange(one, two, boss)
    one.step(report.id, Move.APPROVE, "helmet missing")
    two.step(report.id, Move.REJECT, "a turban")
    exchange(one, two, boss)
    (seen,) = conflicts.find_open(boss.session)
    assert seen.conflict.device_id == two.session.device_id
    assert conflicts.may_settle(boss.session, seen.conflict)
    refused = settle(one, Side.THEIRS)
    assert [each.code for each in refused.refused] == [Refusal.NOT_PERMITTED]
    assert settle(boss, Side.MINE, "seen on camera").is_done  # nothing was exchanged since
    assert boss.report(report.id).status is ReportStatus.REJECTED
    exchange(boss, one, two)
    for desk in (one, two, boss):
        assert desk.report(report.id).status is ReportStatus.REJECTED
        assert desk.counts() == (0, 0, 0, 0)
        (settled,) = conflicts.find_settled(desk.session)
        assert settled.conflict.settled_by == boss.session.officer.id
        assert settled.conflict.settle_note == "seen on camera"
    assert undo.undo_last(boss.session).is_done
    exchange(boss, one, two)
    for desk in (one, two, boss):
        assert desk.report(report.id).status is ReportStatus.APPROVED
        assert conflicts.count_open(desk.session) == 1


def shape(reach: float) -> str:
    """Return a three-cornered area whose second corner lies at this longitude."""
    ring = [[76.9, 11.0], [reach, 11.0], [76.91, 11.01], [76.9, 11.0]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


def draw(desk: SyncedDesk) -> None:
    drawn = areas.draw(desk.session, "School", GeofenceKind.GEOFENCE, shape(76.91))
    assert drawn.is_done


def area_of(desk: SyncedDesk) -> Geofence:
    (found,) = areas.find_all(desk.session)
    return found


def rename(desk: SyncedDesk, name: str) -> None:
    area = area_of(desk)
    assert areas.rename(desk.session, area.id, area.revision, name).is_done


def test_a_dispatcher_settles_an_areas_conflict(add_desk: AddDesk) -> None:
    one, two = add_desk(), add_desk(Role.DISPATCHER, "Devi P")
    draw(one)
    exchange(one, two)
    rename(one, "School road")
    rename(two, "School gate")
    exchange(one, two)
    assert area_of(two).name == "School road"
    assert settle(two, Side.MINE).is_done
    exchange(two, one)
    assert [area_of(desk).name for desk in (one, two)] == ["School gate", "School gate"]
    assert two.counts() == (0, 0, 0, 0)


def reshape(desk: SyncedDesk, reach: float) -> None:
    area = area_of(desk)
    assert areas.reshape(desk.session, area.id, area.revision, shape(reach)).is_done


def reach_of(desk: SyncedDesk) -> float:
    corners: list[list[float]] = json.loads(area_of(desk).geometry)["coordinates"][0]
    return corners[1][0]


def test_a_shape_goes_to_every_desk_and_two_shapes_are_asked_about(add_desk: AddDesk) -> None:
    one, two = add_desk(Role.DISPATCHER, "Devi P"), add_desk(Role.DISPATCHER, "Anu R")
    draw(one)
    exchange(one, two)
    reshape(one, 76.92)
    rename(two, "School gate")
    exchange(one, two, one)
    for desk in (one, two):
        assert (area_of(desk).name, reach_of(desk)) == ("School gate", 76.92)
    reshape(one, 76.93)
    reshape(two, 76.94)
    exchange(one, two)
    assert reach_of(two) == 76.93
    assert settle(two, Side.MINE).is_done
    exchange(two, one)
    assert [reach_of(desk) for desk in (one, two)] == [76.94, 76.94]
    assert one.counts() == two.counts() == (0, 0, 0, 0)


def test_a_removed_area_comes_back_by_settling(add_desk: AddDesk) -> None:
    one, two = add_desk(), add_desk(Role.DISPATCHER, "Devi P")
    draw(one)
    exchange(one, two)
    area = area_of(one)
    assert areas.remove(one.session, area.id, area.revision).is_done
    rename(two, "School gate")
    exchange(one, two)
    assert areas.find_all(two.session) == []
    assert settle(two, Side.MINE).is_done
    exchange(two, one)
    assert [area_of(desk).name for desk in (one, two)] == ["School gate", "School gate"]
    assert two.counts() == one.counts() == (0, 0, 0, 0)


def standing(desk: SyncedDesk, report: Report) -> list[str]:
    """Return the numbers of a report's citations that stand."""
    with desk.session.store.reading() as connection:
        found = citations.find_of_report(connection, desk.report(report.id).pk)
    return [each.number for each in found if each.status == "issued"]


def approved(*desks: SyncedDesk) -> Report:
    report = desks[0].file()
    desks[0].step(report.id, Move.APPROVE)
    exchange(*desks)
    return report


def test_a_report_that_two_desks_cite_offline_has_one_citation(add_desk: AddDesk) -> None:
    one, two = add_desk(), add_desk()
    report = approved(one, two)
    one.step(report.id, Move.CITE)
    two.step(report.id, Move.CITE)
    (first,) = standing(one, report)
    assert standing(two, report) != [first]
    exchange(one, two)
    assert standing(one, report) == standing(two, report) == [first]
    assert undo.undo_last(two.session).is_done
    exchange(two, one)
    for desk in (one, two):
        assert desk.report(report.id).status is ReportStatus.APPROVED
        assert standing(desk, report) == []
        assert desk.counts() == (0, 0, 0, 0)


def test_a_citing_that_met_another_decision_stands_when_it_is_settled_so(
    add_desk: AddDesk,
) -> None:
    boss, two = add_desk(Role.SUPERVISOR, "Anitha R"), add_desk()
    report = approved(boss, two)
    boss.step(report.id, Move.REOPEN)
    two.step(report.id, Move.CITE)
    exchange(boss, two)
    assert standing(two, report) == []
    assert two.report(report.id).status is ReportStatus.PENDING
    assert settle(two, Side.MINE).is_done
    exchange(two, boss)
    for desk in (boss, two):
        assert desk.report(report.id).status is ReportStatus.CITED
        assert len(standing(desk, report)) == 1
        assert desk.counts() == (0, 0, 0, 0)
