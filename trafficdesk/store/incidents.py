"""Incidents: reading them, and keeping what follows from their facts and their assignments."""

import dataclasses
import json
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from trafficdesk.domain.dispatch import incident_status, response_of, severity_score
from trafficdesk.domain.records import Account, Assignment, Incident, Media, Place
from trafficdesk.domain.times import from_ms, to_ms
from trafficdesk.domain.vocabulary import (
    IncidentStatus,
    IncidentType,
    LanesBlocked,
    Service,
    Severity,
    Source,
    SyncState,
)
from trafficdesk.store import assignments, media
from trafficdesk.store.rows import fetch_all, run
from trafficdesk.wire.incidents import AccountFacts


def _column(field: str) -> str:
    """Return the column a field of an incident is read from; its place is two."""
    if field == "place":
        return "lon, lat"
    if field == "photo_count":
        return "json_array_length(media)"
    return f"{field.removesuffix('_at')}_ms" if field.endswith("_at") else field


_FIELDS: Final = tuple(each.name for each in dataclasses.fields(Incident))
_SELECT: Final = f"SELECT {', '.join(map(_column, _FIELDS))} FROM incidents"
_IS_OPEN: Final = "status <> 'cleared' AND deleted_ms IS NULL"
_UNIT_IS_OUT: Final = (
    "SELECT incident_id FROM assignments WHERE cleared_ms IS NULL AND withdrawn_ms IS NULL"
)
_WORST_FIRST: Final = "ORDER BY severity_score DESC, occurred_ms"


class Derived(NamedTuple):
    """What follows from an incident's facts and its assignments, as its row keeps it."""

    status: str
    severity_score: int
    report_count: int
    dispatched_ms: int | None
    arrived_ms: int | None


def find_open(connection: Connection) -> list[Incident]:
    """Return the incidents that are not cleared, the worst first."""
    return _find(connection, f"WHERE {_IS_OPEN} {_WORST_FIRST}")


def find_standing(connection: Connection) -> list[Incident]:
    """Return the incidents that are not cleared, and after them the removed ones with a unit out.

    Another desk removed them while the unit was sent.
    """
    removed = f"WHERE id IN ({_UNIT_IS_OUT}) AND deleted_ms IS NOT NULL ORDER BY id"
    return find_open(connection) + _find(connection, removed)


def find_cleared_since(connection: Connection, at_ms: int) -> list[Incident]:
    """Return the incidents that were cleared at an instant or later, the latest first.

    Those that were merged away are none: the one that stays is shown.
    """
    return _find(
        connection,
        "WHERE cleared_ms >= ? AND status = 'cleared' AND merged_into IS NULL "
        "AND deleted_ms IS NULL "
        "ORDER BY cleared_ms DESC",
        at_ms,
    )


def find_reported_between(connection: Connection, begin_ms: int, end_ms: int) -> list[Incident]:
    """Return the incidents that were reported in a span (its end left out), the first first."""
    return _find(
        connection,
        "WHERE reported_ms >= ? AND reported_ms < ? AND deleted_ms IS NULL ORDER BY reported_ms",
        begin_ms,
        end_ms,
    )


def find(connection: Connection, incident_id: UUID) -> Incident | None:
    """Return an incident, deleted or not."""
    found = _find(connection, "WHERE id = ?", incident_id.bytes)
    return found[0] if found else None


def count_open(connection: Connection) -> int:
    """Return how many incidents are not cleared."""
    return int(fetch_all(connection, f"SELECT count(*) FROM incidents WHERE {_IS_OPEN}")[0][0])


def _find(connection: Connection, where: str, *values: object) -> list[Incident]:
    return [_incident(row) for row in fetch_all(connection, f"{_SELECT} {where}", values)]


def _incident(row: tuple[Any, ...]) -> Incident:
    at = _FIELDS.index("place")
    found = (*row[:at], Place(row[at], row[at + 1]), *row[at + 2 :])
    return Incident(
        **{
            name: value if (read := _READERS.get(name)) is None or value is None else read(value)
            for name, value in zip(_FIELDS, found, strict=True)
        }
    )


@lru_cache(maxsize=4096)  # the same cities and stations again and again
def _id(raw: bytes) -> UUID:
    return UUID(bytes=raw)


def _needs(text: str) -> dict[Service, int]:
    return {Service(name): int(n) for name, n in json.loads(text).items()}


def _accounts(text: str) -> tuple[Account, ...]:
    if text == "[]":
        return ()
    return tuple(
        Account(
            each.id, from_ms(each.at_ms), Source(each.source), each.text, Place(each.lon, each.lat)
        )
        for each in msgspec.json.decode(text, type=list[AccountFacts])
    )


_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    **{name: from_ms for name in _FIELDS if name.endswith("_at")},
    **{name: _id for name in _FIELDS if name == "id" or name.endswith("_id")},
    "merged_into": _id,
    "acknowledged_by": _id,
    "type": IncidentType,
    "severity": Severity,
    "status": IncidentStatus,
    "injuries": bool,
    "lanes_blocked": LanesBlocked,
    "needs": _needs,
    "accounts": _accounts,
    "source": Source,
    "sync_state": SyncState,
}


def account_facts(account: Account) -> dict[str, object]:
    """Return what travels of a further sighting."""
    return {
        "id": str(account.id),
        "at_ms": to_ms(account.at),
        "source": str(account.source),
        "text": account.text,
        "lon": account.place.lon,
        "lat": account.place.lat,
    }


def derived(incident: Incident, sent: Iterable[Assignment]) -> Derived:
    """Return what follows from an incident's facts and its assignments."""
    of_incident = list(sent)
    response = response_of(incident.reported_at, incident.cleared_at, of_incident)
    score = severity_score(
        vehicles=incident.vehicle_count,
        injuries=incident.injuries,
        lanes=incident.lanes_blocked,
        merged_reports=len(incident.accounts),
        calls_for_help=incident.unit_id is not None,
    )
    return Derived(
        str(incident_status(incident.cleared_at, of_incident)),
        score,
        1 + len(incident.accounts),
        None if response.dispatched_at is None else to_ms(response.dispatched_at),
        None if response.arrived_at is None else to_ms(response.arrived_at),
    )


def _kept(incident: Incident) -> Derived:
    dispatched, arrived = incident.dispatched_at, incident.arrived_at
    return Derived(
        str(incident.status),
        incident.severity_score,
        incident.report_count,
        None if dispatched is None else to_ms(dispatched),
        None if arrived is None else to_ms(arrived),
    )


_REFRESH: Final = (
    f"UPDATE incidents SET {', '.join(f'{name} = ?' for name in Derived._fields)} WHERE id = ?"
)


def refresh(connection: Connection, incident_id: UUID) -> None:
    """Keep what follows from an incident and its assignments; whoever changes either calls it."""
    incident = find(connection, incident_id)
    if incident is None:  # its assignment came first
        return
    now = derived(incident, assignments.find_of_incident(connection, incident_id))
    if now != _kept(incident):
        run(connection, _REFRESH, (*now, incident_id.bytes))


_MEDIA_OF: Final = "SELECT pk, media FROM incidents"


def refresh_media(connection: Connection, incident_id: UUID) -> None:
    """Keep the files that an incident names beside those of reports."""
    query = f"{_MEDIA_OF} WHERE id = ?"
    for pk, text in fetch_all(connection, query, (incident_id.bytes,)):
        media.replace_all(connection, media.of_incident(pk), json.loads(text))


def find_media(connection: Connection, incident_id: UUID) -> list[Media]:
    """Return the files of an incident in their order."""
    rows = fetch_all(connection, "SELECT pk FROM incidents WHERE id = ?", (incident_id.bytes,))
    return [each for (pk,) in rows for each in media.find_of(connection, media.of_incident(pk))]


def drop_media(connection: Connection, incident_id: UUID) -> None:
    """Forget the files of an incident that is about to go."""
    run(
        connection,
        "DELETE FROM media WHERE incident_pk = (SELECT pk FROM incidents WHERE id = ?)",
        (incident_id.bytes,),
    )


def refresh_all(connection: Connection) -> None:
    """Make anew what is kept of every incident."""
    for (raw,) in fetch_all(connection, "SELECT id FROM incidents"):
        refresh_media(connection, UUID(bytes=raw))
        refresh(connection, UUID(bytes=raw))


def faults(connection: Connection, limit: int) -> tuple[str, ...]:
    """Name the first incidents of which something else is kept than follows."""
    found = list[str]()
    sent = assignments.find_by_incident(connection)
    for incident in _find(connection, ""):
        kept, now = _kept(incident), derived(incident, sent.get(incident.id, ()))
        if kept != now:
            found.append(f"incident {incident.reference} keeps {tuple(kept)}, not {tuple(now)}")
        if len(found) == limit:
            break
    return (*found, *_media_faults(connection))[:limit]


def _media_faults(connection: Connection) -> list[str]:
    """Name incidents of which other files are kept than they name."""
    found = list[str]()
    for pk, text in fetch_all(connection, f"{_MEDIA_OF} WHERE media <> '[]'"):
        named = [each["sha256"] for each in json.loads(text)]
        kept = [each.sha256 for each in media.find_of(connection, media.of_incident(pk))]
        if kept != named:
            found.append(f"incident {pk} keeps the files {kept}, not {named}")
    return found
