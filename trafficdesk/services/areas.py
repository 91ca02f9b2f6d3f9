"""Geofences and patrol areas: drawn, renamed, removed."""

import json
from dataclasses import replace
from uuid import UUID

from trafficdesk.domain.identity import new_id
from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.records import FieldChange, Geofence
from trafficdesk.domain.texts import clean_line
from trafficdesk.domain.vocabulary import Entity, GeofenceKind
from trafficdesk.services.changes import Changed
from trafficdesk.services.intent import Recorded, intent
from trafficdesk.services.outcomes import Outcome, Refusal, refusal
from trafficdesk.services.session import Session
from trafficdesk.store import facts, geofences

_CHANGED = Changed(kinds=frozenset({Entity.GEOFENCE}))


def draw(session: Session, name: str, kind: GeofenceKind, geometry: str) -> Outcome:
    """Keep a drawn polygon (GeoJSON text of the geometry, WGS 84) under a name."""
    action = "draw"
    if not session.may(Permission.GEOFENCE_EDIT):
        return refusal(action, Refusal.NOT_PERMITTED)
    tidy = clean_line(name)
    if not tidy:
        return refusal(action, Refusal.NAME_MISSING)
    with intent(session, action) as doing:
        if not _is_json(geometry) or not geofences.is_polygon(doing.connection, geometry):
            return refusal(action, Refusal.NOT_A_POLYGON)
        area = Geofence(new_id(), 1, tidy, kind, geometry)
        geofences.insert(doing.connection, area)
        changes = (
            FieldChange("name", None, tidy),
            FieldChange("kind", None, str(kind)),
            FieldChange("geometry", None, json.loads(geometry)),
            FieldChange("city_id", None, str(facts.home_city_id(doing.connection))),
            FieldChange("station_id", None, str(facts.home_station_id(doing.connection))),
        )
        doing.record(Entity.GEOFENCE, area.id, action, Recorded(0, 1, changes))
        doing.note_changed(_CHANGED)
        return doing.outcome()


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def rename(session: Session, geofence_id: UUID, revision: int, name: str) -> Outcome:
    """Give an area another name."""
    return _change(session, "rename", geofence_id, revision, clean_line(name))


def remove(session: Session, geofence_id: UUID, revision: int) -> Outcome:
    """Take an area off the map; its history stays."""
    return _change(session, "remove", geofence_id, revision, None)


def _change(
    session: Session, action: str, geofence_id: UUID, revision: int, name: str | None
) -> Outcome:
    """Rename an area, or with no name remove it, if it still stands at the revision."""
    if not session.may(Permission.GEOFENCE_EDIT):
        return refusal(action, Refusal.NOT_PERMITTED)
    if name == "":
        return refusal(action, Refusal.NAME_MISSING)
    with intent(session, action) as doing:
        kept = geofences.find(doing.connection, geofence_id)
        if kept is None or kept.area.revision != revision:
            return refusal(action, Refusal.MOVED_ON)
        area = kept.area
        if name == area.name:
            return refusal(action, Refusal.NOTHING_TO_CHANGE)
        after = replace(area, name=area.name if name is None else name)
        deleted_ms = doing.at_ms if name is None else None
        geofences.update(
            doing.connection,
            geofences.GeofenceUpdate(
                area.id, revision, after.name, after.kind, after.geometry, deleted_ms
            ),
        )
        change = (
            FieldChange("deleted_ms", None, deleted_ms)
            if name is None
            else FieldChange("name", area.name, after.name)
        )
        what = Recorded(kept.version, revision + 1, (change,))
        doing.record(Entity.GEOFENCE, area.id, action, what)
        doing.note_changed(_CHANGED)
        return doing.outcome()


def find_all(session: Session) -> list[Geofence]:
    """Return every area, by name."""
    with session.store.reading() as connection:
        return geofences.find_all(connection)
