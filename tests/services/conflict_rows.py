"""Conflicts on a desk, as the server's pages bring them: the report as theirs, the row beside it.

No server runs here: rows are written by what writes a pulled page, in the shape of PROTOCOL.md.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Geofence, Media, Officer, Report
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Entity, Role
from trafficdesk.services.intent import field_value
from trafficdesk.services.session import Session
from trafficdesk.store import arriving, facts, media, officers, outbox, reports
from trafficdesk.store.arriving import Arrival
from trafficdesk.store.outbox import Settled

Values = Mapping[str, object]


@dataclass
class Met:
    """Two sides of one report: what each made of it, who and when."""

    report: Report
    mine: Values
    theirs: Values
    theirs_by: UUID
    action: str = "correct"
    note: str = ""
    mine_by: UUID | None = None
    device_id: UUID | None = None
    at: datetime | None = None
    beside: Values = field(default_factory=dict)
    station_id: UUID | None = None


@dataclass
class Opened:
    """A conflict that arrived, and its row."""

    id: UUID
    row: Values


def add_officer(session: Session, name: str) -> Officer:
    """Let another desk's officer be known here."""
    made = Officer(new_id(), name, name[:2].upper(), "SI", Role.OFFICER, session.officer.station_id)
    with session.store.writing() as connection:
        officers.put(connection, made)
    return made


def _facts(photo: Media) -> dict[str, object]:
    facts = {name: getattr(photo, name) for name in ("sha256", "kind", "mime", "size_bytes")}
    facts |= {name: getattr(photo, name) for name in ("width", "height", "sharpness", "brightness")}
    return facts | {"id": str(photo.id), "taken_ms": None, "lon": None, "lat": None}


def report_row(report: Report, photos: list[Media], theirs: Values) -> dict[str, object]:
    """Return a report as a page holds it, with their values."""
    row: dict[str, object] = {
        "city_id": str(report.city_id),
        "station_id": str(report.station_id),
        "reference": report.reference,
        "violations": list(report.violations),
        "media": [_facts(photo) for photo in photos],
        "accuracy_m": report.accuracy_m,
        "occurred_ms": to_ms(report.occurred_at),
        "reported_ms": to_ms(report.reported_at),
        "source": str(report.source),
        "reporter_id": None,
        "created_ms": to_ms(report.created_at),
        "updated_ms": to_ms(report.updated_at),
    }
    row |= {name: field_value(report, name) for name in reports.CHANGEABLE if name not in row}
    return row | dict(theirs)


def _bases(met: Met) -> dict[str, object]:
    names = {*met.mine, *met.theirs, *met.beside}
    return {name: field_value(met.report, name) for name in names}


def _operation(session: Session, met: Met, at_ms: int) -> dict[str, object]:
    """Return the operation that a conflict holds."""
    bases = _bases(met)
    return {
        "op_id": str(new_id()),
        "action_id": str(new_id()),
        "entity": "report",
        "entity_id": str(met.report.id),
        "action": met.action,
        "base_version": 1,
        "revision": met.report.revision + 1,
        "changes": {n: [bases[n], v] for n, v in {**met.mine, **met.beside}.items()},
        "note": met.note,
        "actor_id": str(met.mine_by or session.officer.id),
        "device_id": str(met.device_id or session.device_id),
        "at_ms": at_ms - 600_000,
    }


def _clash(name: str, base: object, mine: object, theirs: object) -> dict[str, object]:
    return {"field": name, "base": base, "mine": mine, "theirs": theirs}


def _row(session: Session, met: Met) -> dict[str, Any]:
    report, at_ms, bases = met.report, to_ms(met.at or session.clock()), _bases(met)
    operation = _operation(session, met, at_ms)
    return {
        "city_id": str(report.city_id),
        "station_id": str(met.station_id or report.station_id),
        "record_entity": "report",
        "record_id": str(report.id),
        "device_id": operation["device_id"],
        "actor_id": operation["actor_id"],
        "status": "open",
        "fields": [
            _clash(name, bases[name], mine, met.theirs.get(name, bases[name]))
            for name, mine in met.mine.items()
        ],
        "operations": [operation],
        "theirs_version": 2,
        "theirs_actor_id": str(met.theirs_by),
        "theirs_at_ms": at_ms - 300_000,
        "opened_ms": at_ms,
        "choices": None,
        "settle_note": "",
        "settled_by": None,
        "settled_ms": None,
    }


def open_conflict(session: Session, met: Met) -> Opened:
    """Write a conflict and its report as they arrive."""
    report, opened = met.report, Opened(new_id(), _row(session, met))
    with session.store.writing() as connection:
        photos = media.find_of_report(connection, report.pk)
        arrived = report_row(report, photos, met.theirs)
        arriving.put(connection, Arrival(Entity.REPORT, report.id, 2, arrived))
        arriving.put(connection, Arrival(Entity.CONFLICT, opened.id, 1, opened.row))
    return opened


def open_area_conflict(
    session: Session, area_id: UUID, theirs_by: UUID, names: tuple[str, str, str]
) -> Opened:
    """Write a conflict about an area's name: as it was, mine and theirs."""
    return _open_of_area(session, area_id, theirs_by, [_clash("name", *names)])


def open_removed_area_conflict(
    session: Session, area: Geofence, theirs_by: UUID, name: str
) -> Opened:
    """Let the removal of an area arrive, and the conflict with what it was called here."""
    at_ms = to_ms(session.clock())
    row: dict[str, Any] = {"name": area.name, "kind": str(area.kind), "deleted_ms": at_ms}
    row["geometry"] = json.loads(area.geometry)
    with session.store.writing() as connection:
        row["city_id"] = str(facts.home_city_id(connection))
        arriving.put(connection, Arrival(Entity.GEOFENCE, area.id, 2, row))
    renaming = {
        "op_id": str(new_id()),
        "action": "rename",
        "changes": {"name": [area.name, name]},
        "note": "",
        "actor_id": str(session.officer.id),
        "at_ms": at_ms,
    }
    clash = _clash("deleted_ms", None, None, at_ms)
    return _open_of_area(session, area.id, theirs_by, [clash], [renaming])


def _open_of_area(
    session: Session,
    area_id: UUID,
    theirs_by: UUID,
    fields: list[dict[str, object]],
    operations: Sequence[dict[str, object]] = (),
) -> Opened:
    at_ms = to_ms(session.clock())
    row: dict[str, Any] = {
        "record_entity": "geofence",
        "record_id": str(area_id),
        "device_id": str(session.device_id),
        "actor_id": str(session.officer.id),
        "status": "open",
        "fields": fields,
        "operations": list(operations),
        "theirs_version": 2,
        "theirs_actor_id": str(theirs_by),
        "theirs_at_ms": at_ms,
        "opened_ms": at_ms,
        "settle_note": "",
    }
    opened = Opened(new_id(), row)
    with session.store.writing() as connection:
        arriving.put(connection, Arrival(Entity.CONFLICT, opened.id, 1, row))
    return opened


def settle_elsewhere(session: Session, opened: Opened, by: UUID, choices: Values) -> None:
    """Let the settlement of another desk arrive."""
    settled = {
        "status": "settled",
        "choices": dict(choices),
        "settle_note": "seen on camera",
        "settled_by": str(by),
        "settled_ms": to_ms(session.clock()),
    }
    with session.store.writing() as connection:
        row = {**opened.row, **settled}
        arriving.put(connection, Arrival(Entity.CONFLICT, opened.id, 2, row))


def confirm(session: Session, opened: Opened) -> None:
    """Let the server's answer to this desk's own settlement arrive."""
    with session.store.writing() as connection:
        operations = outbox.find_unsettled_of(connection, opened.id)
        settled = [Settled(each.op_id, outbox.SETTLED, "applied") for each in operations]
        outbox.settle(connection, settled, to_ms(session.clock()))
        arriving.confirm(connection, Entity.CONFLICT, [(opened.id, 2)], None)
