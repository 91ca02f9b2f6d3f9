"""Figures over the server's rows: counted by the desk's definitions, behind the city's walls."""

from collections import Counter
from dataclasses import asdict
from typing import Any
from uuid import UUID

import pytest

from sync_server.db.engine import Crossing
from tests.server.dispatching import Desk, desk_in
from tests.server.live import Live
from tests.server.world import Client, World, code_of
from trafficdesk.domain.analytics.periods import month_of_day, month_period
from trafficdesk.domain.analytics.place_forecasting import Square, Squares, Unit
from trafficdesk.domain.analytics.places_ahead import squares_ahead
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Place
from trafficdesk.domain.vocabulary import Role

DAYS = "from=2026-10-01&to=2026-10-31"
OCTOBER_MS = 1_790_793_000_000  # midnight of 1 October in Coimbatore
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
OCTOBER_DAY = month_period(2026 * 12 + 9).first_day


@pytest.fixture
def world(live: Live) -> World:
    """An agency of this test alone."""
    return World(live)


@pytest.fixture
def desk(world: World) -> Desk:
    """A supervisor's desk."""
    return desk_in(world, Role.SUPERVISOR)


def report(desk: Desk, day: int = 0, values: dict[str, object] | None = None) -> None:
    """Put a report of a day of October there, with any of its values given."""
    world = desk.world
    row: dict[str, object] = {
        "tenant_id": world.tenant_id,
        "city_id": world.city_id,
        "station_id": world.station_id,
        "id": new_id(),
        "version": 1,
        "reference": new_id().hex,
        "status": "pending",
        "severity": 3,
        "violations": '["speed"]',
        "lon": 76.96,
        "lat": 11.02,
        "occurred_ms": OCTOBER_MS + day * DAY_MS + HOUR_MS,
        "reported_ms": OCTOBER_MS + day * DAY_MS + HOUR_MS,
        "source": "app",
        "score": 60,
        "created_ms": 1,
        "updated_ms": 1,
    }
    row |= values or {}
    names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        connection.execute(
            f"INSERT INTO reports ({names}) VALUES ({marks})".encode(), list(row.values())
        )


def decided(desk: Desk, verdict: str, hours: int) -> dict[str, object]:
    """Return what a decision so many hours after the first of October's report writes."""
    at_ms = OCTOBER_MS + (hours + 1) * HOUR_MS
    return {"status": verdict, "reviewer_id": desk.actor_id, "decided_ms": at_ms}


def told(client: Client, path: str) -> dict[str, Any]:
    """Return the data of an answer."""
    answer = client.get(f"/analytics/{path}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["data"])


def figures(data: dict[str, Any]) -> dict[str, Any]:
    """Return the values of KPIs by name."""
    return {each["id"]: each["value"] for each in data["kpis"]}


def test_kpis_are_counted_with_the_period_before_and_their_run(desk: Desk) -> None:
    report(desk, day=-3)
    report(desk, values=decided(desk, "approved", 3))
    report(desk, values=decided(desk, "rejected", 3))
    report(desk, day=4)
    data = told(desk.client, f"overview?{DAYS}")
    found = figures(data)
    assert (found["received"], found["handled"], found["approved_share"]) == (3, 2, 0.5)
    assert found["decision_time"] == pytest.approx(3 * HOUR_MS, rel=0.06)
    assert found["backlog"] == 2
    received = next(each for each in data["kpis"] if each["id"] == "received")
    assert (received["before"], sum(received["spark"])) == (1, 3)
    assert data["before"] == {"first": "2026-09-01", "last": "2026-09-30", "until_ms": None}


def test_stations_and_officers_stand_side_by_side(desk: Desk) -> None:
    report(desk, values=decided(desk, "approved", 3))
    report(desk)
    for by in ("station", "officer", "ward"):
        data = told(desk.client, f"kpis?{DAYS}&by={by}")
        handled = [figures(row)["handled"] for row in data["rows"]]
        assert figures({"kpis": data["city"]})["handled"] == 1
        assert sum(handled) == (0 if by == "ward" else 1)


def test_trends_heat_and_places_tell_where_and_when(desk: Desk) -> None:
    for day in (0, 0, 7, 9):
        report(desk, day=day)
    trends = told(desk.client, f"trends?{DAYS}")
    assert [each["n"] for each in trends["by_month"]] == [4]
    assert trends["hour_by_weekday"][3][1] == 3  # three Thursdays at one
    assert trends["by_type"] == [{"key": "speed", "n": 4, "name": ""}]
    cells = told(desk.client, f"heatmap?{DAYS}")["cells"]
    assert [each["n"] for each in cells] == [4]
    (place,) = told(desk.client, f"locations?{DAYS}")["locations"]
    assert (place["n"], place["weight"]) == (4, 12)
    assert told(desk.client, f"forecast?{DAYS}")["ahead"]
    whole = told(desk.client, f"report?{DAYS}")
    assert whole["trends"] == {**trends, "as_of_ms": whole["trends"]["as_of_ms"]}


@pytest.mark.parametrize("unit", Unit)
def test_squares_to_come_stand_beside_what_naming_them_was_worth(desk: Desk, unit: Unit) -> None:
    few = told(desk.client, f"forecast/squares?{DAYS}&unit={unit}")
    assert (few["squares"], few["backtest"], few["is_model"]) == ([], None, False)
    grid, counts = Squares(Place(76.97, 11.0)), dict[Square, Counter[int]]()
    past_day = OCTOBER_DAY + 31
    at = 0 if unit is Unit.WEEK else month_of_day(past_day)
    for day in range(-520, 31, 3):
        place = Place(76.96 + 0.02 * (day % 4 == 0), 11.02)
        report(desk, day=day, values={"lon": place.lon, "lat": place.lat})
        at_day = OCTOBER_DAY + day
        time = (at_day - past_day) // 7 if unit is Unit.WEEK else month_of_day(at_day)
        counts.setdefault(grid.square_of(place), Counter())[time] += 1
    found = told(desk.client, f"forecast/squares?{DAYS}&unit={unit}")
    known = squares_ahead(counts, at, unit)
    assert found["first"] == "2026-11-01"
    assert [each["expected"] for each in found["squares"]] == pytest.approx(
        [each.expected for each in known.rows]
    )
    worth, tried = known.backtest, found["backtest"]
    assert worth is not None
    assert (tried["folds"], tried["is_better"]) == (worth.folds, worth.is_better)
    assert found["is_model"] is worth.is_better
    for way, score in (("model", worth.model), ("plain", worth.plain)):
        areas = [pytest.approx(asdict(each)) for each in score.areas]
        assert tried[way]["areas"] == areas
        assert (tried[way]["wape"], tried[way]["top_precision"]) == pytest.approx(
            (score.wape, score.top_precision)
        )


def test_a_city_without_reports_has_figures_of_nothing(desk: Desk) -> None:
    assert figures(told(desk.client, "overview"))["received"] == 0
    for path in (
        "kpis",
        "trends",
        "heatmap",
        "locations",
        "forecast",
        "forecast/squares",
        "report",
    ):
        assert told(desk.client, path)


@pytest.mark.parametrize(
    "asked",
    [
        "from=2026-10-02&to=2026-10-01",
        "from=1900-01-01&to=1900-02-01",
        "from=1990-01-01&to=2026-01-01",
        "from=tomorrow",
        f"station={UUID(int=1)}&ward={UUID(int=2)}",
    ],
)
def test_a_question_that_makes_no_sense_is_refused(desk: Desk, asked: str) -> None:
    answer = desk.client.get(f"/analytics/overview?{asked}")
    assert (answer.status_code, code_of(answer)) == (400, "bad_request")


def test_an_officer_sees_their_own_figures_and_nobody_elses(world: World, desk: Desk) -> None:
    officer = desk_in(world, Role.OFFICER)
    report(desk, values=decided(officer, "approved", 3))
    own = told(officer.client, f"overview?{DAYS}&officer={officer.actor_id}")
    assert figures(own)["handled"] == 1
    other = officer.client.get(f"/analytics/overview?officer={desk.actor_id}")
    assert (other.status_code, code_of(other)) == (403, "not_permitted")
    rows = told(officer.client, f"kpis?{DAYS}&by=officer")["rows"]
    assert [row["id"] for row in rows] == [str(officer.actor_id)]


def test_no_figure_crosses_the_walls_of_a_city(desk: Desk, live: Live) -> None:
    report(desk)
    other = desk_in(World(live), Role.SUPERVISOR)
    assert figures(told(other.client, f"overview?{DAYS}"))["received"] == 0
    assert figures(told(other.client, f"overview?station={desk.world.station_id}"))["received"] == 0
    refused = other.client.get(f"/analytics/overview?city={desk.world.city_id}")
    assert (refused.status_code, code_of(refused)) == (404, "not_found")
