"""Makes the store file that each schema leaves behind: ``python -m tests.store.schema_fixture``.

Run once when a schema is released; the file is then kept for ever, so that every later program is
shown to open what this one wrote. Before the first release it is made anew with every change.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Bounds, City, FieldChange, Officer, Place, Station
from trafficdesk.domain.vocabulary import Entity, Role
from trafficdesk.services.intake import creation
from trafficdesk.store import (
    copying,
    facts,
    history,
    migrations,
    officers,
    places,
    report_counts,
    reports,
)
from trafficdesk.store.engine import Store
from trafficdesk.store.rows import run

FOLDER = Path(__file__).parent / "fixtures"
KEY_HEX = "0123456789abcdef" * 4  # of a file without anybody's data
REPORTS = 3
# What waits: each report's filing and its correction, and one more correction that was refused.
QUEUED, SENT, PARKED = 5, 1, 1
AT_MS = 1_790_000_000_000


def make(target: Path, schema: int) -> None:
    """Write a store of a schema with a few of every record a desk starts with."""
    with tempfile.TemporaryDirectory() as folder, _known(schema):
        store = Store.create(Path(folder) / "desk.db", KEY_HEX)
        try:
            _fill(store)
            target.unlink(missing_ok=True)
            copying.copy_to(store, target)
        finally:
            store.close()


@contextmanager
def _known(schema: int) -> Iterator[None]:
    """Let the program know no later schema than this."""
    with (
        patch.object(migrations, "STEPS", migrations.STEPS[:schema]),
        patch.object(migrations, "SCHEMA_VERSION", schema),
    ):
        yield


def _fill(store: Store) -> None:
    centre = Place(76.9558, 11.0168)
    city = City(
        new_id(), "CBE", "Coimbatore", "Asia/Kolkata", centre, Bounds(76.8, 10.8, 77.2, 11.2)
    )
    station = Station(new_id(), city.id, "Gandhipuram", centre)
    officer = Officer(new_id(), "Meena K", "MK", "SI", Role.OFFICER, station.id)
    with store.writing() as connection:
        places.put_city(connection, city)
        places.put_station(connection, station)
        officers.put(connection, officer)
        facts.put_home(
            connection,
            city_id=city.id,
            station_id=station.id,
            desk_code="D1",
            time_zone=city.time_zone,
        )
        _file(connection, _placed(city, station), officer)


def _placed(city: City, station: Station) -> list[reports.ReportInsert]:
    return [_row(i, city, station) for i in range(REPORTS)]


def _file(connection: Connection, rows: list[reports.ReportInsert], officer: Officer) -> None:
    """Write reports with an outbox in which something stands everywhere it can."""
    by = (officer, new_id())
    for row in rows:
        pk = reports.insert(connection, row, (row.violation,))
        report_counts.recount(connection, facts.calendar(connection), report_counts.NOT_COUNTED, pk)
        filed = creation(row._replace(address="Cross Cut Road"), (row.violation,), ())
        history.append(connection, _operation(row, by, "file", 1, filed))
        moved = (FieldChange("address", "Cross Cut Road", row.address),)
        history.append(connection, _operation(row, by, "correct", 2, moved))
    run(connection, "UPDATE reports SET revision = 2")
    refused = (FieldChange("plate", rows[-1].plate, "TN37BZ4413"),)
    history.append(connection, _operation(rows[-1], by, "correct", 2, refused))
    run(
        connection,
        "UPDATE outbox SET state = 'parked', reason = 'not_permitted' "
        "WHERE seq = (SELECT max(seq) FROM outbox)",
    )
    # A batch whose answer was lost.
    run(connection, "UPDATE outbox SET state = 'sent' WHERE seq = (SELECT min(seq) FROM outbox)")


def _row(i: int, city: City, station: Station) -> reports.ReportInsert:
    return reports.ReportInsert(
        id=new_id().bytes,
        version=0,
        reference=f"CBE-2026-D1-{i + 1:05d}",
        status="pending",
        severity=1 + i,
        violation="no_helmet",
        more_violations=0,
        lon=76.95 + i / 100,
        lat=11.01,
        accuracy_m=12.0,
        address="North Street",
        area="Gandhipuram",
        ward_id=None,
        city_id=city.id.bytes,
        station_id=station.id.bytes,
        occurred_ms=AT_MS + i,
        reported_ms=AT_MS + i,
        plate="TN37BZ4412",
        vehicle_type="two_wheeler",
        vehicle_text="",
        description="Rider without a helmet",
        source="officer",
        reporter_id=None,
        score=30 + i,
        created_ms=AT_MS,
        updated_ms=AT_MS,
    )


def _operation(
    row: reports.ReportInsert,
    by: tuple[Officer, UUID],
    action: str,
    revision: int,
    changes: tuple[FieldChange, ...],
) -> history.Operation:
    return history.Operation(
        op_id=new_id(),
        action_id=new_id(),
        entity=Entity.REPORT,
        entity_id=UUID(bytes=row.id),
        action=action,
        base_version=0,
        revision=revision,
        changes=changes,
        note="",
        actor_id=by[0].id,
        device_id=by[1],
        at_ms=AT_MS,
    )


if __name__ == "__main__":
    for number in range(1, migrations.SCHEMA_VERSION + 1):
        make(FOLDER / f"schema_{number:04d}.db", number)
