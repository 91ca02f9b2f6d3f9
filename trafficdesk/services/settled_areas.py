"""What settling a conflict makes of an area, and taking that back."""

from collections.abc import Mapping
from uuid import UUID

from trafficdesk.domain.permissions import Permission
from trafficdesk.services import areas
from trafficdesk.services.intent import Intent
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
    areas.write(doing, kept, values, (SETTLE, note))
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
    areas.write(doing, kept, before, (f"undo_{SETTLE}", ""))
