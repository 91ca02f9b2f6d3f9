"""The boards of dispatch as files: incidents and units, in the order in which they stand there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from trafficdesk.domain.dispatch import is_open
from trafficdesk.domain.records import Incident
from trafficdesk.exports.table import Kind, Row, Tick
from trafficdesk.services.dispatch_board import IncidentRow, UnitRow
from trafficdesk.services.exporting import Exported, ExportFault, ListFile
from trafficdesk.services.list_exports import Listed, Shape, export_list, hidden, must_mask
from trafficdesk.services.session import Session
from trafficdesk.store import incidents, places, units

_T, _W, _N, _AT = Kind.TEXT, Kind.WHOLE, Kind.NUMBER, Kind.TIME


INCIDENTS: Final = Shape(
    "incidents",
    (
        ("reference", _T),
        ("standing", _T),
        ("status", _T),
        ("severity", _W),
        ("severity_score", _W),
        ("kind", _T),
        ("occurred_at", _AT),
        ("reported_at", _AT),
        ("acknowledged_at", _AT),
        ("dispatched_at", _AT),
        ("arrived_at", _AT),
        ("cleared_at", _AT),
        ("longitude", _N),
        ("latitude", _N),
        ("address", _T),
        ("area", _T),
        ("ward", _T),
        ("station", _T),
        ("units", _T),
        ("needs", _T),
        ("vehicles", _W),
        ("injuries", Kind.FLAG),
        ("injured", _W),
        ("lanes", _T),
        ("weather", _T),
        ("traffic", _T),
        ("description", _T),
        ("accounts", _T),
        ("reports", _W),
        ("source", _T),
    ),
)
UNITS: Final = Shape(
    "units",
    (
        ("call_sign", _T),
        ("kind", _T),
        ("status", _T),
        ("duty", _T),
        ("station", _T),
        ("crew", _T),
        ("skills", _T),
        ("incident", _T),
        ("sent_at", _AT),
        ("well_due_at", _AT),
        ("longitude", _N),
        ("latitude", _N),
        ("accuracy_m", _N),
        ("position_at", _AT),
        ("position_age_s", _W),
    ),
)


def export_incidents(
    session: Session, rows: Sequence[IncidentRow], file: ListFile, tick: Tick
) -> Exported | ExportFault:
    """Write incidents as the board lists them; raises as ``export_list``."""
    is_masked = must_mask(session)

    def told() -> Iterator[Row]:
        names = _names(session)
        return (_incident(each, names, is_masked=is_masked) for each in rows)

    return export_list(session, Listed(INCIDENTS, told, is_masked), file, tick)


def export_units(
    session: Session, rows: Sequence[UnitRow], file: ListFile, tick: Tick
) -> Exported | ExportFault:
    """Write units as the board lists them; raises as ``export_list``."""
    is_masked = must_mask(session)

    def told() -> Iterator[Row]:
        names = _names(session, rows)
        now = session.lease_clock()
        return (_unit(each, names, now, is_masked=is_masked) for each in rows)

    return export_list(session, Listed(UNITS, told, is_masked), file, tick)


@dataclass(frozen=True, slots=True)
class _Names:
    """What ids stand for: stations, wards, call signs and references."""

    stations: Mapping[UUID, str]
    wards: Mapping[UUID, str]
    call_signs: Mapping[UUID, str]
    references: Mapping[UUID, str]


def _names(session: Session, sent: Sequence[UnitRow] = ()) -> _Names:
    held = {each.assignment.assignment.incident_id for each in sent if each.assignment}
    with session.store.reading() as connection:
        found = [incidents.find(connection, each) for each in sorted(held)]
        return _Names(
            {each.id: each.name for each in places.find_stations(connection)},
            dict(places.find_ward_names(connection)),
            {each.unit.id: each.unit.call_sign for each in units.find_now(connection)},
            {each.id: each.reference for each in found if each is not None},
        )


def _incident(row: IncidentRow, names: _Names, *, is_masked: bool) -> Row:
    it = row.incident
    sent = [each.assignment for each in row.assignments if is_open(each.assignment)]
    ward = None if it.ward_id is None else names.wards.get(it.ward_id)
    accounts = "\n".join(each.text for each in it.accounts if each.text)
    return (
        it.reference,
        row.group.name.lower(),
        str(it.status),
        int(it.severity),
        it.severity_score,
        str(it.type),
        *_times(it),
        it.place.lon,
        it.place.lat,
        it.address,
        it.area,
        ward or "",
        names.stations.get(it.station_id, ""),
        " ".join(names.call_signs.get(each.unit_id, "") for each in sent),
        " ".join(f"{count} {service}" for service, count in it.needs.items()),
        it.vehicle_count,
        it.injuries,
        it.injury_count,
        str(it.lanes_blocked),
        it.weather,
        it.traffic_volume,
        hidden(it.description, is_masked=is_masked),
        hidden(accounts, is_masked=is_masked),
        it.report_count,
        str(it.source),
    )


def _times(it: Incident) -> tuple[datetime | None, ...]:
    called = (it.occurred_at, it.reported_at, it.acknowledged_at)
    return (*called, it.dispatched_at, it.arrived_at, it.cleared_at)


def _unit(row: UnitRow, names: _Names, now: datetime, *, is_masked: bool) -> Row:
    it, seen = row.unit, row.position
    held = None if row.assignment is None else row.assignment.assignment
    place = None if seen is None else seen.place
    return (
        it.call_sign,
        str(it.kind),
        str(row.status),
        str(it.duty),
        names.stations.get(it.station_id, ""),
        hidden(it.crew, is_masked=is_masked),
        " ".join(it.skills),
        "" if held is None else names.references.get(held.incident_id, ""),
        None if held is None else held.assigned_at,
        row.welfare_due_at,
        None if place is None else place.lon,
        None if place is None else place.lat,
        None if seen is None else seen.accuracy_m,
        None if seen is None else seen.at,
        None if seen is None else max(0, round((now - seen.at).total_seconds())),
    )
