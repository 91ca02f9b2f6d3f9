"""Incidents and units as the map shows them."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.records import Incident, Place, Unit
from trafficdesk.domain.times import from_ms, to_ms
from trafficdesk.domain.vocabulary import (
    IncidentStatus,
    IncidentType,
    LanesBlocked,
    Severity,
    UnitKind,
    UnitStatus,
)


class Jurisdiction(NamedTuple):
    """The city and station a record belongs to."""

    city_id: UUID
    station_id: UUID


def insert(connection: Connection, incident: Incident, owner: Jurisdiction) -> int:
    """Write an incident; return its number (the ``pk`` of the record given is not read)."""
    done = connection.exec_driver_sql(
        "INSERT INTO incidents (id, version, revision, reference, type, severity, severity_score, "
        "status, lon, lat, address, city_id, station_id, vehicle_count, injury_count, "
        "lanes_blocked, report_count, occurred_ms, cleared_ms, geom) VALUES (?1, ?2, ?3, ?4, ?5, "
        "?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, "
        "MakePoint(?9, ?10, 4326))",
        (
            incident.id.bytes,
            incident.version,
            incident.revision,
            incident.reference,
            incident.type,
            int(incident.severity),
            incident.severity_score,
            incident.status,
            *incident.place,
            incident.address,
            owner.city_id.bytes,
            owner.station_id.bytes,
            incident.vehicle_count,
            incident.injury_count,
            incident.lanes_blocked,
            incident.report_count,
            to_ms(incident.occurred_at),
            None if incident.cleared_at is None else to_ms(incident.cleared_at),
        ),
    )
    return int(done.lastrowid)


def find_open(connection: Connection) -> list[Incident]:
    """Return the incidents that are not cleared, the worst first."""
    rows = connection.exec_driver_sql(
        "SELECT pk, id, version, revision, reference, type, severity, severity_score, status, "
        "lon, lat, address, vehicle_count, injury_count, lanes_blocked, report_count, "
        "occurred_ms FROM incidents WHERE status <> 'cleared' AND deleted_ms IS NULL "
        "ORDER BY severity_score DESC, occurred_ms"
    )
    return [
        Incident(
            pk=row[0],
            id=UUID(bytes=row[1]),
            version=row[2],
            revision=row[3],
            reference=row[4],
            type=IncidentType(row[5]),
            severity=Severity(row[6]),
            severity_score=row[7],
            status=IncidentStatus(row[8]),
            place=Place(row[9], row[10]),
            address=row[11],
            vehicle_count=row[12],
            injury_count=row[13],
            lanes_blocked=LanesBlocked(row[14]),
            report_count=row[15],
            occurred_at=from_ms(row[16]),
            cleared_at=None,
        )
        for row in rows
    ]


def put_unit(connection: Connection, unit: Unit) -> None:
    """Write a unit, or what has changed of one."""
    place = unit.place or (None, None)
    connection.exec_driver_sql(
        "INSERT OR REPLACE INTO units VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            unit.id.bytes,
            unit.call_sign,
            unit.kind,
            unit.status,
            unit.station_id.bytes,
            unit.crew,
            *place,
            None if unit.seen_at is None else to_ms(unit.seen_at),
        ),
    )


def find_units(connection: Connection) -> list[Unit]:
    """Return every unit with its last known position, by call sign."""
    rows = connection.exec_driver_sql(
        "SELECT id, call_sign, kind, status, station_id, crew, lon, lat, seen_ms FROM units "
        "ORDER BY call_sign"
    )
    return [
        Unit(
            id=UUID(bytes=row[0]),
            call_sign=row[1],
            kind=UnitKind(row[2]),
            status=UnitStatus(row[3]),
            station_id=UUID(bytes=row[4]),
            crew=row[5],
            place=None if row[6] is None else Place(row[6], row[7]),
            seen_at=None if row[8] is None else from_ms(row[8]),
        )
        for row in rows
    ]
