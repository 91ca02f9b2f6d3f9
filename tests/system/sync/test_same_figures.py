"""The same figures on every desk and on the server, from the same reports, after they have met."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from sync_server.db.engine import Crossing
from sync_server.sync import directory
from tests.server.world import World
from tests.services.dispatching import crash, enlist, file, send
from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk
from trafficdesk.domain.analytics.metrics import OF_VEHICLES, Figure
from trafficdesk.domain.analytics.periods import Period, last_days, last_months
from trafficdesk.domain.analytics.place_forecasting import Unit
from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.geometry import centre_of
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.records import Place
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Entity, ReportStatus, Role, Severity
from trafficdesk.domain.vocabulary import Step as Taken
from trafficdesk.services import dispatch, review, undo
from trafficdesk.services.analytics.comparing import (
    compare_officers,
    compare_stations,
    compare_wards,
)
from trafficdesk.services.analytics.forecasts import forecast_counts
from trafficdesk.services.analytics.hotspots import find_hotspots
from trafficdesk.services.analytics.overview import find_overview, find_repeat_vehicles
from trafficdesk.services.analytics.place_forecasts import forecast_places
from trafficdesk.services.analytics.second_looks import find_second_looks
from trafficdesk.services.analytics.trends import find_trends
from trafficdesk.services.review import Target
from trafficdesk.services.second_looks import draw_sample, give_opinion
from trafficdesk.store import facts

FILED = 14
WARDS = {"West": (76.9, 77.0), "East": (77.0, 77.1), "Quiet": (77.1, 77.15), "Empty": (77.15, 77.2)}
# In the first two wards and outside them all; and in one that has nothing any more.
PLACES = (Place(76.97, 11.02), Place(77.05, 11.02), Place(76.85, 11.02))
QUIET = Place(77.12, 11.02)


def live_a_month(one: SyncedDesk, two: SyncedDesk) -> None:
    """File over a month, decide, cite, undo, reopen, let go and look twice, on two desks."""
    now = one.session.clock()
    filed = list[UUID]()
    for number in range(FILED):
        at = now - timedelta(days=2 * number + 1, hours=number)
        report = one.file(
            occurred_at=at,
            reported_at=at,
            place=PLACES[number % 3],
            severity=Severity(1 + number % 4),
            plate=f"TN37A{number % 5}",
        )
        filed.append(report.id)
    for number, report_id in enumerate(filed[:9]):
        one.step(report_id, Move.REJECT if number % 3 == 0 else Move.APPROVE, "seen")
    one.step(filed[1], Move.CITE)
    one.step(filed[2], Move.CITE)
    taken_back = one.step(filed[4], Move.CITE)
    assert taken_back.action_id is not None
    assert undo.undo(one.session, taken_back.action_id).is_done
    crash_in_the_rain(one)
    decide_long_ago(one, now - timedelta(days=45))
    one.step(filed[9], Move.CLAIM)
    one.step(filed[9], Move.RELEASE)
    one.sync()
    two.sync()
    assert draw_sample(two.session, month(two), 0.7).is_done
    for number, report_id in enumerate(filed):
        drawn = two.report(report_id)
        if drawn.second_look:
            verdict = ReportStatus.APPROVED if number % 4 else ReportStatus.REJECTED
            target = Target(drawn.pk, drawn.revision)
            assert give_opinion(two.session, target, verdict).is_done
    two.step(filed[2], Move.REOPEN)
    for desk in (two, one, two):
        desk.sync()
    two.engine.recall()  # what happened before it was enrolled


def decide_long_ago(desk: SyncedDesk, at: datetime) -> None:
    """Decide on a report of a month that is over, in a ward that has nothing since."""
    old = desk.file(occurred_at=at, reported_at=at, place=QUIET)
    then = replace(desk.session, clock=lambda: at + timedelta(hours=1))
    target = Target(old.pk, old.revision)
    assert review.take_step(then, (target,), review.Step(Move.APPROVE)).is_done


def crash_in_the_rain(desk: SyncedDesk) -> None:
    """Have two crashes, one of them in the rain, to which a unit is sent and comes."""
    session = desk.session
    made = replace(crash(session), place=Place(76.97, 11.02))
    filed = file(session, replace(made, weather="rain", injuries=True, injury_count=1))
    file(session, made)
    (sent,) = send(session, filed, enlist(session, "P1"))
    for taken in (Taken.EN_ROUTE, Taken.ARRIVED, Taken.CLEARED):
        assert dispatch.step(session, sent.id, taken).is_done


def month(desk: SyncedDesk) -> Scope:
    """Return the forty days that end with today."""
    with desk.session.store.reading() as connection:
        today = facts.calendar(connection).day_of(to_ms(desk.session.lease_clock()))
    return Scope(last_days(today, 40))


def on_desk(desk: SyncedDesk, scope: Scope) -> dict[str, tuple[Figure, Figure]]:
    """Return the KPIs of a scope, and of before, by name."""
    found = (*find_overview(desk.session, scope).kpis, *find_repeat_vehicles(desk.session, scope))
    return {
        each.metric_id: (Figure(each.value, each.n), Figure(each.before, each.n_before))
        for each in found
    }


class OnServer:
    """Asks a server for the figures of a period."""

    def __init__(self, world: World) -> None:
        self._client = world.sign_in(world.person(Role.SUPERVISOR))

    def told(self, what: str, scope: Scope) -> dict[str, Any]:
        """Return what the server tells of a scope."""
        period = f"from={day(scope.period.first_day)}&to={day(scope.period.past_day - 1)}"
        name = scope.part.name.lower()
        part = "" if scope.part_id is None else f"&{name}={scope.part_id}"
        path, _, more = what.partition("&")
        answer = self._client.get(f"/analytics/{path}?{period}{part}&{more}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json()["data"])

    def kpis(self, scope: Scope) -> dict[str, tuple[Figure, Figure]]:
        """Return the KPIs of a scope, and of before, by name."""
        return kpis_in(self.told("overview", scope))


def kpis_in(told: dict[str, Any]) -> dict[str, tuple[Figure, Figure]]:
    """Return the KPIs of an overview, and of before, by name."""
    return {
        each["id"]: (Figure(each["value"], each["n"]), Figure(each["before"], each["n_before"]))
        for each in told["kpis"]
    }


def day(number: int) -> str:
    """Return a day as a date."""
    return (date(1970, 1, 1) + timedelta(days=number)).isoformat()


def expect_same_trends(one: SyncedDesk, server: OnServer, scope: Scope) -> None:
    """Compare what a desk and the server tell of how reports run."""
    here, there = find_trends(one.session, scope), server.told("trends", scope)
    assert [list(row) for row in here.hour_by_weekday] == there["hour_by_weekday"]
    assert [each.n for each in here.by_month] == [each["n"] for each in there["by_month"]]
    for mine, theirs in (
        (here.by_type, there["by_type"]),
        (here.by_severity, there["by_severity"]),
        (here.by_ward, there["by_ward"]),
        (here.by_weather, there["by_weather"]),
    ):
        assert {each.key: each.n for each in mine if each.n} == {
            each["key"]: each["n"] for each in theirs
        }


def expect_same_tables(one: SyncedDesk, server: OnServer, scope: Scope) -> None:
    """Compare what a desk and the server tell of stations, wards and officers side by side."""
    for by, compare in (
        ("station", compare_stations),
        ("ward", compare_wards),
        ("officer", compare_officers),
    ):
        here, there = compare(one.session, scope.period), server.told(f"kpis&by={by}", scope)
        mine = {str(row.part_id): row.figures for row in here.rows}
        assert mine == {row["id"]: figures_in(row["kpis"]) for row in there["rows"]}, by
        assert here.city == figures_in(there["city"])
        assert mine


def figures_in(kpis: list[dict[str, Any]]) -> dict[str, Figure]:
    """Return KPIs that the server tells, by name."""
    return {each["id"]: Figure(each["value"], each["n"]) for each in kpis}


def expect_same_places(one: SyncedDesk, server: OnServer, scope: Scope) -> int:
    """Compare the gravest places, and how many reports a heat map holds; return how many places."""
    here = find_hotspots(one.session, scope, by_weight=True)
    assert [
        (each.disc.n, each.disc.weight, each.disc.before, *each.disc.place) for each in here.discs
    ] == [
        (each["n"], each["weight"], each["before"], each["lon"], each["lat"])
        for each in server.told("locations", scope)["locations"]
    ]
    assert here.total == sum(each["n"] for each in server.told("heatmap", scope)["cells"])
    return len(here.discs)


def expect_same_forecast(one: SyncedDesk, server: OnServer, scope: Scope) -> int:
    """Compare months so far and to come, and what both methods are worth; return how many come."""
    here, there = forecast_counts(one.session, scope), server.told("forecast", scope)
    assert list(here.counts) == [each["n"] for each in there["months"]]
    assert [(each.expected, each.plain, each.low, each.high) for each in here.ahead] == [
        (each["expected"], each["plain"], each["low"], each["high"]) for each in there["ahead"]
    ]
    assert (here.method, here.is_model) == (there["method"], there["is_model"])
    assert (here.backtest is None) is (there["model"] is None)
    for unit in Unit:
        expect_same_squares(one, server, scope, unit)
    return len(here.ahead)


def expect_same_squares(one: SyncedDesk, server: OnServer, scope: Scope, unit: Unit) -> None:
    """Compare the squares of the next week or month, and whether they could be tried."""
    here = forecast_places(one.session, scope, unit, at_most=20)
    there = server.told(f"forecast/squares&unit={unit}", scope)
    assert here.squares or scope.part is not Part.CITY
    assert [
        (*centre_of(each.bounds), each.expected, each.low, each.high) for each in here.squares
    ] == [
        (each["lon"], each["lat"], each["expected"], each["low"], each["high"])
        for each in there["squares"]
    ]
    assert (here.method, here.backtest is None) == (there["method"], there["backtest"] is None)


@pytest.fixture
def wards(world: World) -> dict[str, UUID]:
    """The city's wards, side by side from the west to the east."""
    ids = {name: new_id() for name in WARDS}
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        for name, (west, east) in WARDS.items():
            ring = [[west, 10.9], [east, 10.9], [east, 11.1], [west, 11.1], [west, 10.9]]
            connection.execute(
                "INSERT INTO wards (tenant_id, city_id, id, name, geometry) "
                "VALUES (%s, %s, %s, %s, %s)",
                [
                    *(world.tenant_id, world.city_id, ids[name], name),
                    msgspec.json.encode({"type": "Polygon", "coordinates": [ring]}).decode(),
                ],
            )
            change = directory.Change(
                tenant_id=world.tenant_id,
                entity=Entity.WARD,
                record_id=ids[name],
                action="change",
            )
            directory.announce(connection, change)
    return ids


@pytest.fixture
def desks(add_desk: AddDesk, wards: dict[str, UUID]) -> tuple[SyncedDesk, SyncedDesk]:
    """Two desks of supervisors that have lived a month in a city of wards and met."""
    one, two = add_desk(Role.SUPERVISOR), add_desk(Role.SUPERVISOR, "Latha R")
    assert wards
    for desk in (one, two):
        desk.sync()
    live_a_month(one, two)
    return one, two


def test_desks_and_server_tell_the_same_figures(
    world: World, desks: tuple[SyncedDesk, SyncedDesk], wards: dict[str, UUID]
) -> None:
    one, two = desks
    server, whole = OnServer(world), month(one)
    scopes = (
        *(Scope(whole.period, ward_id=each) for each in wards.values()),
        whole,
        whole.over(Period(whole.period.first_day + 10, whole.period.past_day - 3)),
        Scope(whole.period, station_id=world.station_id),
        Scope(whole.period, officer_id=one.session.officer.id),
        Scope(whole.period, officer_id=two.session.officer.id),
    )
    for scope in scopes:
        told = server.kpis(scope)
        assert on_desk(one, scope) == on_desk(two, scope) == told, scope
        expect_same_trends(one, server, scope)
        is_city = scope.part is Part.CITY  # of a part there may be too little
        assert expect_same_places(one, server, scope) or not is_city
        assert expect_same_forecast(one, server, scope) or not is_city
    expect_same_tables(one, server, whole)
    by_ward = {row.name for row in compare_wards(one.session, whole.period).rows}
    assert by_ward == {"West", "East"}
    report = server.told("report", whole)
    for part in ("overview", "trends", "locations"):
        assert without_age(report[part]) == without_age(server.told(part, whole))
    kept = server.kpis(whole)
    assert kept["received"][0] == Figure(FILED, FILED)
    assert kept["citations"][0] == Figure(1, 1)
    assert kept["second_looks"][0].n > 3
    assert kept["reopened_share"][0].value
    assert kept["let_go_share"][0].value
    assert kept["incidents"][0] == Figure(2, 2)
    assert kept["to_arrival"][0].n == 1
    assert {each["key"]: each["n"] for each in report["trends"]["by_weather"]} == {"": 1, "rain": 1}


def test_of_periods_that_run_both_sides_compare_the_same_part(
    world: World, desks: tuple[SyncedDesk, SyncedDesk], wards: dict[str, UUID]
) -> None:
    one, two = desks
    server, today = OnServer(world), month(one).period.past_day - 1
    periods = (
        last_days(today, 1),
        last_days(today, 7),
        last_days(today, 31),
        last_months(today, 1),
        last_months(today, 12),
    )
    scopes = (
        *map(Scope, periods),
        Scope(last_days(today, 31), station_id=world.station_id),
        Scope(last_days(today, 31), ward_id=wards["West"]),
        Scope(last_days(today, 31), officer_id=one.session.officer.id),
    )
    for scope in scopes:
        told, locations = server.told("overview", scope), server.told("locations", scope)
        here = find_overview(one.session, scope)
        assert on_desk(one, scope) == on_desk(two, scope) == kpis_in(told), scope
        assert [list(each.spark) for each in here.kpis] == [
            each["spark"] for each in told["kpis"] if each["id"] not in OF_VEHICLES
        ]
        expect_same_trends(one, server, scope)
        expect_same_places(one, server, scope)
        before = here.before
        assert before.past_day <= scope.period.first_day
        days = day(before.first_day), day(before.past_day - 1)
        for each in (told["before"], locations["before"]):
            assert (each["first"], each["last"]) == days
            assert (each["until_ms"] is None) is (before.part_day is None)


def without_age(told: dict[str, Any]) -> dict[str, Any]:
    """Return what is told but for when."""
    return {name: value for name, value in told.items() if name != "as_of_ms"}


def test_figures_are_as_old_as_the_last_time_the_desk_was_in_step(add_desk: AddDesk) -> None:
    one = add_desk()
    before = datetime.now(UTC)
    one.file()
    one.sync()
    heard = find_overview(one.session, month(one)).as_of
    assert abs(heard - before) < timedelta(minutes=1)
    one.set_clock(timedelta(hours=5))  # a desk five hours later that has met nobody since
    one.file()
    for told in (find_overview, find_trends, find_hotspots, find_second_looks):
        assert told(one.session, month(one)).as_of == heard, told
