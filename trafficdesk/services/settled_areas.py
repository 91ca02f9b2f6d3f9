"""What settling a conflict makes of an area, and taking that back."""

import json
from collections.abc import Mapping
from uuid import UUID

from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.records import FieldChange
from trafficdesk.domain.vocabulary import Entity, GeofenceKind
from trafficdesk.services.changes import Changed
from trafficdesk.services.intent import Intent, Recorded
from trafficdesk.services.outcomes import Refusal, Refused
from trafficdesk.store import geofences, history

SETTLE = "settle"


def change(doing: Intent, area_id: UUID, values: Mapping[str, object], note: str) -> Refusal | None:
    """Write chosen values into an area; why not, if that can't be done.

    One that the other side removed comes back where mine is chosen.
    """
    if not doing.session.may(Permission.GEOFENCE_EDIT):
        return Refusal.NOT_PERMITTED
    kept = geofences.find_any(doing.connection, area_id)
    if kept is None:
        return Refusal.MOVED_ON
    _write(doing, kept, values, (SETTLE, note))
    return None


def take_back(doing: Intent, area_id: UUID) -> None:
    """Put an area back to where a settlement found it, unless it has changed since."""
    events = history.events_of(doing.connection, area_id)
    if not events or events[-1].action != SETTLE:
        return
    kept = geofences.find_any(doing.connection, area_id)
    if kept is None:
        doing.refuse(Refused(0, Refusal.NOTHING_TO_UNDO))
        return
    before = {each.field: each.old for each in events[-1].changes}
    _write(doing, kept, before, (f"undo_{SETTLE}", ""))


def _write(
    doing: Intent,
    kept: geofences.KeptGeofence,
    values: Mapping[str, object],
    what: tuple[str, str],
) -> None:
    area, (action, note) = kept.area, what
    before = _as_json(kept)
    after = {name: values.get(name, old) for name, old in before.items()}
    changes = tuple(
        FieldChange(name, before[name], after[name])
        for name in before
        if before[name] != after[name]
    )
    if not changes:
        return
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
    doing.note_changed(Changed(kinds=frozenset({Entity.GEOFENCE})))


def _as_json(kept: geofences.KeptGeofence) -> dict[str, object]:
    area = kept.area
    return {
        "name": area.name,
        "kind": str(area.kind),
        "geometry": json.loads(area.geometry),
        "deleted_ms": kept.deleted_ms,
    }
