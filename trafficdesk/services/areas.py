"""Geofences and patrol areas: drawn, renamed, given another shape, removed."""

import json
from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from trafficdesk.domain.identity import new_id
from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.records import FieldChange, Geofence
from trafficdesk.domain.texts import clean_line
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Entity, GeofenceKind
from trafficdesk.services.changes import Changed
from trafficdesk.services.intent import Intent, Recorded, intent
from trafficdesk.services.outcomes import Outcome, Refusal, refusal
from trafficdesk.services.session import Session
from trafficdesk.store import facts, geofences

_CHANGED = Changed(kinds=frozenset({Entity.GEOFENCE}))


class Target(NamedTuple):
    """An area as it was seen."""

    geofence_id: UUID
    revision: int


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
    tidy = clean_line(name)
    if not tidy:
        return refusal("rename", Refusal.NAME_MISSING)
    return _change(session, "rename", Target(geofence_id, revision), "name", tidy)


def reshape(session: Session, geofence_id: UUID, revision: int, geometry: str) -> Outcome:
    """Give an area another polygon (GeoJSON text of the geometry, WGS 84)."""
    action = "reshape"
    with session.store.reading() as connection:
        if not _is_json(geometry) or not geofences.is_polygon(connection, geometry):
            return refusal(action, Refusal.NOT_A_POLYGON)
    target = Target(geofence_id, revision)
    return _change(session, action, target, "geometry", json.loads(geometry))


def remove(session: Session, geofence_id: UUID, revision: int) -> Outcome:
    """Take an area off the map; its history stays."""
    removed_ms = to_ms(session.clock())
    return _change(session, "remove", Target(geofence_id, revision), "deleted_ms", removed_ms)


def _change(session: Session, action: str, target: Target, field: str, new: object) -> Outcome:
    """Change one field of an area, if it still stands as it was seen."""
    if not session.may(Permission.GEOFENCE_EDIT):
        return refusal(action, Refusal.NOT_PERMITTED)
    with intent(session, action) as doing:
        kept = geofences.find(doing.connection, target.geofence_id)
        if kept is None or kept.area.revision != target.revision:
            return refusal(action, Refusal.MOVED_ON)
        if not write(doing, kept, {field: new}, (action, "")):
            return refusal(action, Refusal.NOTHING_TO_CHANGE)
        return doing.outcome()


def write(
    doing: Intent,
    kept: geofences.KeptGeofence,
    values: Mapping[str, object],
    what: tuple[str, str],
) -> bool:
    """Write fields of an area, JSON values by name, as an action with its note.

    False when all of them stand so already.
    """
    area, (action, note) = kept.area, what
    before = _as_json(kept)
    after = {name: values.get(name, old) for name, old in before.items()}
    changes = tuple(
        FieldChange(name, before[name], after[name])
        for name in before
        if before[name] != after[name]
    )
    if not changes:
        return False
    deleted_ms = after["deleted_ms"]
    geofences.update(
        doing.connection,
        geofences.GeofenceUpdate(
            area.id,
            area.revision,
            str(after["name"]),
            GeofenceKind(str(after["kind"])),
            json.dumps(after["geometry"]),
            deleted_ms if isinstance(deleted_ms, int) else None,
        ),
    )
    recorded = Recorded(kept.version, area.revision + 1, changes, note)
    doing.record(Entity.GEOFENCE, area.id, action, recorded)
    doing.note_changed(_CHANGED)
    return True


def _as_json(kept: geofences.KeptGeofence) -> dict[str, object]:
    area = kept.area
    return {
        "name": area.name,
        "kind": str(area.kind),
        "geometry": json.loads(area.geometry),
        "deleted_ms": kept.deleted_ms,
    }


def find_all(session: Session) -> list[Geofence]:
    """Return every area, by name."""
    with session.store.reading() as connection:
        return geofences.find_all(connection)
