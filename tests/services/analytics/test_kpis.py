"""The overview's KPIs and the trends, from reports that officers decided on a real desk."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from trafficdesk.domain.analytics.metrics import MetricId
from trafficdesk.domain.analytics.periods import Period, last_days
from trafficdesk.domain.analytics.scope import Part, Scope, scope_of
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.records import Report, Ward
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import RejectionReason, Role, Severity
from trafficdesk.services import undo
from trafficdesk.services.analytics.comparing import (
    compare_officers,
    compare_stations,
    compare_wards,
)
from trafficdesk.services.analytics.overview import (
    KpiValue,
    find_overview,
    find_repeat_vehicles,
)
from trafficdesk.services.analytics.trends import find_trends
from trafficdesk.services.review import Step, Target, take_step
from trafficdesk.services.session import Session
from trafficdesk.store import facts, places, queues

FileReport = Callable[..., Report]
MakeSession = Callable[..., Session]
REJECT = Step(Move.REJECT, reason=RejectionReason.NO_OFFENCE)
HOUR_MS = 3_600_000
AROUND = (
    '{"type": "Polygon", "coordinates": '
    "[[[76.9, 11.0], [77.0, 11.0], [77.0, 11.1], [76.9, 11.1], [76.9, 11.0]]]}"
)


def this_week(session: Session) -> Scope:
    """Return the seven days that end with today."""
    with session.store.reading() as connection:
        today = facts.calendar(connection).day_of(to_ms(session.clock()))
    return Scope(last_days(today, 7))


def kpis(session: Session, scope: Scope) -> dict[MetricId, KpiValue]:
    """Return the KPIs of a scope by name."""
    return {each.metric_id: each for each in find_overview(session, scope).kpis}


def later(session: Session, hours: float) -> Session:
    """Return the session some hours later."""
    clock = session.clock
    return replace(session, clock=lambda: clock() + timedelta(hours=hours))


def target(report: Report) -> list[Target]:
    """Return a report as it was seen."""
    return [Target(report.pk, report.revision)]


def test_decisions_are_counted_with_their_shares_and_times(
    session: Session, file: FileReport
) -> None:
    filed = [file(reported_at=session.clock() - timedelta(hours=3)) for _ in range(4)]
    file()
    take_step(session, target(filed[0]), Step(Move.APPROVE))
    take_step(session, target(filed[1]), Step(Move.APPROVE))
    take_step(session, target(filed[2]), REJECT)
    duplicate = Step(Move.MARK_DUPLICATE, duplicate_of=filed[0].id)
    take_step(session, target(filed[3]), duplicate)
    found = kpis(session, this_week(session))
    assert (found[MetricId.RECEIVED].value, found[MetricId.HANDLED].value) == (5, 4)
    assert found[MetricId.APPROVED_SHARE].value == 0.5
    assert found[MetricId.REJECTED_SHARE].value == found[MetricId.DUPLICATE_SHARE].value == 0.25
    assert found[MetricId.DECISION_TIME].value == pytest.approx(3 * HOUR_MS, rel=0.06)
    assert found[MetricId.WITHIN_A_DAY].value == 1
    assert found[MetricId.BACKLOG].value == 1
    assert found[MetricId.BACKLOG_AGE].value == 0
    assert found[MetricId.PER_OFFICER_DAY].value == 4


def test_what_is_undone_was_not_decided(session: Session, file: FileReport) -> None:
    report = file()
    done = take_step(session, target(report), Step(Move.APPROVE))
    assert done.action_id is not None
    assert undo.undo(session, done.action_id).is_done
    found = kpis(session, this_week(session))
    assert (found[MetricId.HANDLED].value, found[MetricId.BACKLOG].value) == (0, 1)
    assert found[MetricId.DECISION_TIME].value is None


def test_a_decision_that_a_supervisor_reopened_counts_as_overturned(
    session: Session, file: FileReport, make_session: MakeSession
) -> None:
    boss = make_session(Role.SUPERVISOR, "Latha R")
    report, other = file(), file()
    take_step(session, target(other), Step(Move.APPROVE))
    take_step(session, target(report), Step(Move.APPROVE))
    assert take_step(boss, [Target(report.pk, report.revision + 1)], Step(Move.REOPEN)).is_done
    week = this_week(session)
    for scope in (week, replace(week, officer_id=session.officer.id)):
        found = kpis(boss, scope)[MetricId.REOPENED_SHARE]
        assert (found.value, found.n) == (0.5, 2)
    assert kpis(boss, replace(week, officer_id=boss.officer.id))[MetricId.REOPENED_SHARE].n == 0


def test_every_kpi_of_reports_names_the_rows_behind_it(session: Session, file: FileReport) -> None:
    filed = [file(severity=each) for each in Severity]
    take_step(session, target(filed[0]), Step(Move.APPROVE))
    take_step(session, target(filed[1]), REJECT)
    found = kpis(session, this_week(session))
    expected = {
        MetricId.RECEIVED: 4,
        MetricId.HANDLED: 2,
        MetricId.REJECTED_SHARE: 1,
        MetricId.BACKLOG: 2,
        MetricId.SEVERE_SHARE: 2,
    }
    with session.store.reading() as connection:
        for name, n in expected.items():
            rows = found[name].rows
            assert rows is not None
            assert queues.count_live(connection, rows) == n, name


def test_figures_are_compared_with_the_period_before(session: Session, file: FileReport) -> None:
    now = session.clock()
    for days in (1, 8, 9):
        at = now - timedelta(days=days)
        file(reported_at=at, occurred_at=at)
    received = kpis(session, this_week(session))[MetricId.RECEIVED]
    assert (received.value, received.before) == (1, 2)
    assert received.change is not None
    assert received.change.share == -0.5
    assert sum(each or 0 for each in received.spark) == 1


def test_a_day_that_runs_is_compared_up_to_the_same_time_of_the_day_before(
    session: Session, file: FileReport
) -> None:
    yesterday = session.clock() - timedelta(days=1)  # nothing is filed before it happens
    noon = yesterday.replace(hour=6, minute=30)  # on the clocks of the city
    asking = replace(session, clock=lambda: noon)
    for hours in (-2, -25, -26, -23):  # the last one came after noon of yesterday
        at = noon + timedelta(hours=hours)
        report = file(reported_at=at, occurred_at=at, plate="TN37A1")
        decided = later(asking, hours + 0.1)
        assert take_step(decided, target(report), REJECT).is_done
    today = this_week(asking).period.past_day - 1
    for period, n, before in (
        (Period(today, today + 1), 1, 2),
        (Period(today - 1, today + 1), 4, 0),
        (Period(today - 1, today), 3, 0),
    ):
        scope = Scope(period)
        of = *find_overview(asking, scope).kpis, *find_repeat_vehicles(asking, scope)
        found = {each.metric_id: each for each in of}
        for name in (MetricId.RECEIVED, MetricId.HANDLED):
            assert (found[name].value, found[name].before) == (n, before), (name, period)
        assert found[MetricId.PER_OFFICER_DAY].before == (before or None)
        assert found[MetricId.REPEAT_VEHICLES].before == (1 if before > 1 else 0)
    assert find_overview(asking, Scope(Period(today, today + 1))).parts == ()
    assert len(find_overview(asking, Scope(last_days(today, 7))).parts) == 6


def test_a_vehicle_that_was_reported_again_is_told_apart(
    session: Session, file: FileReport
) -> None:
    for plate in ("TN37A1", "TN37A1", "TN38B2", ""):
        file(plate=plate)
    count, share = find_repeat_vehicles(session, this_week(session))
    assert (count.value, share.value, share.n) == (1, 0.5, 2)


def test_stations_wards_and_officers_stand_side_by_side_and_add_up_to_the_city(
    session: Session, file: FileReport, make_session: MakeSession
) -> None:
    boss = make_session(Role.SUPERVISOR, "Latha R")
    for acting, filed in ((session, file()), (session, file()), (boss, file())):
        take_step(acting, target(filed), Step(Move.APPROVE))
    period = this_week(session).period
    for compare in (compare_stations, compare_wards, compare_officers):
        found = compare(boss, period)
        handled = [row.figures[MetricId.HANDLED].value or 0 for row in found.rows]
        assert found.city[MetricId.HANDLED].value == 3
        assert sum(handled) == (0 if compare is compare_wards else 3)  # this city has no wards
        for row in found.rows:
            alone = kpis(boss, scope_of(period, found.part, row.part_id))
            for name, figure in row.figures.items():
                if name not in {MetricId.BACKLOG_AGE, MetricId.BACKLOG_OLDEST}:
                    assert alone[name].value == figure.value, name


def test_an_officer_sees_no_other_officers_figures(
    session: Session, file: FileReport, make_session: MakeSession
) -> None:
    boss = make_session(Role.SUPERVISOR, "Latha R")
    for acting in (session, boss):
        take_step(acting, target(file()), Step(Move.APPROVE))
    period = this_week(session).period
    assert [row.part_id for row in compare_officers(session, period).rows] == [session.officer.id]
    assert len(compare_officers(boss, period).rows) == 2
    of_boss = Scope(period, officer_id=boss.officer.id)
    assert find_overview(session, of_boss).kpis == ()
    assert find_overview(boss, of_boss).kpis


def test_a_desk_without_reports_has_figures_of_nothing(session: Session) -> None:
    found = kpis(session, this_week(session))
    assert found[MetricId.RECEIVED].value == 0
    assert found[MetricId.APPROVED_SHARE].value is None
    trends = find_trends(session, Scope(Period(0, 1)))
    assert [each.n for each in trends.by_month] == [0]
    assert trends.by_type == ()


def test_an_officers_trends_are_those_of_their_decisions(
    session: Session, file: FileReport, make_session: MakeSession
) -> None:
    boss = make_session(Role.SUPERVISOR, "Latha R")
    for number in range(3):
        take_step(session, target(file()), REJECT if number else Step(Move.APPROVE))
    take_step(boss, target(file()), Step(Move.APPROVE))
    trends = find_trends(boss, replace(this_week(boss), officer_id=session.officer.id))
    assert sum(map(sum, trends.hour_by_weekday)) == sum(each.n for each in trends.by_month) == 3
    assert [each.n for each in trends.by_type] == [3]
    assert sum(each.n for each in trends.by_severity) == sum(each.n for each in trends.by_ward) == 3
    assert trends.by_weather == ()  # no incident is an officer's


def test_trends_add_up_to_what_was_received(session: Session, file: FileReport) -> None:
    now = session.clock()
    for days in (1, 2, 2, 6):
        at = now - timedelta(days=days)
        file(reported_at=at, occurred_at=at)
    trends = find_trends(session, this_week(session))
    assert sum(each.n for each in trends.by_month) == 4
    assert sum(map(sum, trends.hour_by_weekday)) == 4
    assert [each.n for each in trends.by_type] == [4]
    with session.store.reading() as connection:
        for each, rows in zip(trends.by_month, trends.month_rows, strict=True):
            assert queues.count_live(connection, rows) == each.n
        for slice_ in (*trends.by_type, *trends.by_severity, *trends.by_ward):
            if slice_.rows is not None:
                assert queues.count_live(connection, slice_.rows) == slice_.n


def test_city_station_ward_and_officer_have_fifteen_kpis_that_run(
    session: Session, file: FileReport
) -> None:
    with session.store.writing() as connection:
        ward = Ward(new_id(), facts.home_city_id(connection), "Gandhipuram", AROUND)
        places.put_ward(connection, ward)
        station_id = facts.home_station_id(connection)
    for verdict in (Step(Move.APPROVE), REJECT):
        report = file(reported_at=session.clock() - timedelta(days=2))
        assert report.ward_id == ward.id
        assert take_step(session, target(report), verdict).is_done
    week, tomorrow = this_week(session).period, later(session, 24)
    for part, part_id in (
        (Part.CITY, None),
        (Part.STATION, station_id),
        (Part.WARD, ward.id),
        (Part.OFFICER, session.officer.id),
    ):
        found = kpis(tomorrow, scope_of(week, part, part_id))
        assert len(found) >= 15, part
        told = {name for name, kpi in found.items() if kpi.value is not None}
        ran = {name for name, kpi in found.items() if kpi.spark}
        assert told - ran <= {MetricId.BACKLOG_AGE, MetricId.BACKLOG_OLDEST}, part
        assert {len(found[name].spark) for name in ran} == {7}
        assert sum(each or 0 for each in found[MetricId.HANDLED].spark) == 2
