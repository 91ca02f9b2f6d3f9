"""An encrypted store with a city, and reports of any kind to put into it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Bounds, City, Officer, Place, Station
from trafficdesk.domain.times import from_ms, to_ms
from trafficdesk.domain.vocabulary import Role
from trafficdesk.services.demo.city import load_city
from trafficdesk.services.demo.scale import ScaleCast, scale_rows
from trafficdesk.store import bulk, facts, officers, places, report_counts, reports
from trafficdesk.store.engine import Store

KEY_HEX = "5a" * 32
CITY = City(
    new_id(),
    "CBE",
    "Coimbatore",
    "Asia/Kolkata",
    Place(76.9558, 11.0168),
    Bounds(76.8, 10.8, 77.2, 11.2),
)
STATION = Station(new_id(), CITY.id, "Gandhipuram", Place(76.966, 11.018))
OFFICER = Officer(new_id(), "Meena K", "MK", "SI", Role.OFFICER, STATION.id)

LAST_MS = to_ms(datetime(2026, 11, 20, tzinfo=UTC))

InsertReport = Callable[..., int]
MakeCityStore = Callable[[int], Store]


def set_home(store: Store) -> None:
    with store.writing() as connection:
        places.put_city(connection, CITY)
        places.put_station(connection, STATION)
        facts.put_home(
            connection,
            city_id=CITY.id,
            station_id=STATION.id,
            desk_code="D1",
            time_zone=CITY.time_zone,
        )
        officers.put(connection, OFFICER)


@pytest.fixture
def key_hex() -> str:
    return KEY_HEX


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store.create(tmp_path / "desk.db", KEY_HEX)
    set_home(made)
    yield made
    made.close()


@pytest.fixture(scope="module")
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for many examples; each works in a transaction that is rolled back."""
    made = Store.create(tmp_path_factory.mktemp("store") / "desk.db", KEY_HEX)
    set_home(made)
    yield made
    made.close()


@pytest.fixture(scope="module")
def make_city_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeCityStore]:
    """Make a store with so many reports along the roads of the demo's city, the last of LAST_MS."""
    made: list[Store] = []

    def make(rows: int) -> Store:
        store = Store.create(tmp_path_factory.mktemp("city") / "desk.db", KEY_HEX)
        made.append(store)
        set_home(store)
        streets = load_city()
        nowhere = (None,) * len(streets.spots)
        cast = ScaleCast(CITY.id, (STATION.id,) * 3, (OFFICER.id,), (), nowhere)
        with store.writing() as connection:
            bulk.load(connection, scale_rows(streets, cast, from_ms(LAST_MS), rows))
        return store

    yield make
    for store in made:
        store.close()


@pytest.fixture(scope="session")
def officer_id() -> bytes:
    return OFFICER.id.bytes


@pytest.fixture(scope="session")
def new_row() -> Callable[..., reports.ReportInsert]:
    """Return a report's row, with any of its values given."""

    def make(**values: Any) -> reports.ReportInsert:  # noqa: ANN401 - any column
        given: dict[str, Any] = {
            "id": new_id().bytes,
            "version": 0,
            "reference": f"CBE-{new_id().hex}",
            "status": "pending",
            "severity": 2,
            "violation": "signal_jump",
            "more_violations": 0,
            "lon": 76.96,
            "lat": 11.01,
            "accuracy_m": None,
            "address": "Cross Cut Road",
            "area": "Gandhipuram",
            "ward_id": None,
            "city_id": CITY.id.bytes,
            "station_id": STATION.id.bytes,
            "occurred_ms": 1_790_000_000_000,
            "reported_ms": 1_790_000_060_000,
            "plate": "",
            "vehicle_type": "car",
            "vehicle_text": "",
            "description": "",
            "source": "officer",
            "reporter_id": None,
            "score": 40,
            "created_ms": 1_790_000_060_000,
            "updated_ms": 1_790_000_060_000,
        }
        return reports.ReportInsert(**(given | values))

    return make


@pytest.fixture(scope="session")
def insert_report(new_row: Callable[..., reports.ReportInsert]) -> InsertReport:
    """Write a report as the desk does, counted in; return its number."""

    def insert(connection: Connection, **values: Any) -> int:  # noqa: ANN401 - any column
        row = new_row(**values)
        pk = reports.insert(connection, row, (row.violation,))
        report_counts.recount(connection, facts.calendar(connection), report_counts.NOT_COUNTED, pk)
        return pk

    return insert
